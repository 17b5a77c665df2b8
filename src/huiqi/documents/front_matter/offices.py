"""Who issues a document, to whom, and to whom copies go."""

from __future__ import annotations

import re
from collections.abc import Sequence

from huiqi.documents.lines import Line, is_foreign
from huiqi.documents.margin_lines import is_number, is_office
from huiqi.documents.printed_days import read_date, signing_office

_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_ACTING = re.compile(r"\s*[（(][^）)]{0,30}(?:代章|盖章|章)[^）)]{0,4}[）)]\s*$")
_MASTHEAD = re.compile(r"(.{2,60}?)\s*文\s*件$")
_TITLED = re.compile(r"(.{3,60}?)\s*(?:关于|印发|转发)")
_PRINTER = re.compile(
    r"(.{3,60}?)(?:秘书[一二三四]?[科处室])?\s*(?:\d{4}|[〇○零一二三四五六七八九]{4})\s*年.{2,12}日\s*印"
)
_PRINTING_ROOM = re.compile(r"(?<=[厅局委会院])办公室$")
_OWN_OFFICE = re.compile(r"(?:政府|党委|小组|县委|市委|州委|省委|区委|指挥部)办公室$")
_ENDS_OFFICE = re.compile(
    r"(?:政府|厅|局|委|办|办公室|办公厅|委员会|管委会|单位|部门|机构|公司|集团|银行|行|处|院|会|中心|组|队|校|企业|街道|乡镇|镇|站|所|社|室|厂|科|部)$"
)
_SPACED = re.compile(r"[\s　]{2,}|(?<=[厅局委会行府办社])[\s　]+(?=\S{3})")
_COPIES = re.compile(r"(?:抄\s*[送报发]|[主分]\s*送)\s*[:：]\s*")
_ADDRESSED = re.compile(r"(?:各|有关|市|县|区|州|省|中央|驻|全|The |All |To )")


def addressee_line(lines: Sequence[Line], first: int) -> int:
    """Behind the last line of the addressees, which begin at `first` and end with a colon; `first` for none."""
    for index in range(first, min(first + 6, len(lines))):
        line = lines[index]
        if line.label or line.in_table or re.search("[。；]", line.text):
            return first
        if line.text.endswith(("：", ":")):
            words = "".join(each.text for each in lines[first : index + 1]).rstrip("：: ")
            ends = _ENDS_OFFICE.search(re.sub(r"[（(][^）)]*[）)]$", "", words))
            known = ends or _ADDRESSED.match(words)
            return index + 1 if known and not words.endswith(("如下", "通知", "以下", "下列")) else first
    return first


def split_offices(printed: str) -> tuple[str, ...]:
    """The offices of a list; 各州、市人民政府 and 各委、办、局 stay whole."""
    words = _BETWEEN_HAN.sub("", printed).strip("：:。.，, \t　")
    if is_foreign(words):
        return (words,)
    offices: list[str] = []
    for group in _outside_brackets(words, "，,；;。"):
        offices.extend(_split_group(group))
    return tuple(each for each in offices if each)


def _split_group(group: str) -> list[str]:
    pieces: list[str] = []
    for piece in _outside_brackets(group, "、"):
        bare = re.sub(r"[（(][^）)]*[）)]$", "", pieces[-1]) if pieces else ""
        if pieces and not (len(bare) > 2 and _ENDS_OFFICE.search(bare) and len(piece) > 2):
            pieces[-1] += "、" + piece
        else:
            pieces.append(piece)
    return pieces


def _outside_brackets(words: str, marks: str) -> list[str]:
    depth, start, out = 0, 0, []
    for index, char in enumerate(words):
        depth += (char in "（(") - (char in "）)")
        if char in marks and depth <= 0:
            out.append(words[start:index].strip())
            start = index + 1
    return [*out, words[start:].strip()]


def read_copies(closing: Sequence[Line]) -> tuple[str, ...]:
    """To whom copies go, from the lines below a text."""
    for index, line in enumerate(closing):
        begins = _COPIES.match(line.text)
        if begins is None:
            continue
        words = line.text[begins.end() :]
        for following in closing[index + 1 :]:
            if words.endswith(("。", ".")) or _PRINTER.match(following.text) or read_date(following):
                break
            words += following.text
        return split_offices(words)
    return ()


def signatories(lines: Sequence[Line], date_index: int) -> tuple[str, ...]:
    """The offices that sign above the date at `date_index`."""
    offices: list[str] = _names(signing_office(lines[date_index]))
    if offices:
        return tuple(offices)
    for index in range(date_index - 1, max(date_index - 12, -1), -1):
        line = lines[index]
        text = line.text
        acting = _ACTING.search(text)
        if acting and acting.start() == 0:
            continue
        name = text[: acting.start()] if acting else text
        if not (is_office(line) or (line.is_foreign and line.is_bare)) or (line.ends_sentence and not acting):
            break
        offices[:0] = _names(name)
    return tuple(offices)


def _names(line: str) -> list[str]:
    return [_BETWEEN_HAN.sub("", each) for each in _SPACED.split(line.strip()) if len(each) > 2]


def masthead_offices(masthead: Sequence[Line]) -> tuple[str, ...]:
    """The offices of the red head: 某市财政局 某市税务局文件."""
    for index, line in enumerate(masthead):
        if not re.fullmatch(r"(?:.{2,60}?)?\s*文\s*件", line.text):
            continue
        found = _MASTHEAD.fullmatch(line.text)
        names = _names(found[1]) if found else []
        for above in reversed(masthead[max(0, index - 10) : index]):
            if not is_office(above) or is_number(above):
                break
            names[:0] = _names(above.text)
        return tuple(names)
    return ()


def title_offices(title: str | None) -> tuple[str, ...]:
    """The offices that a title names before 关于."""
    found = _TITLED.match(title or "")
    if not found or not _ENDS_OFFICE.search(found[1]):
        return ()
    cut = re.sub(
        r"(?<=[厅局府行])(?!办公)(?=[\u3400-\u9fff]{2,12}(?:厅|局|委员会|分行)(?:[\u3400-\u9fff]|$))",
        "\t",
        found[1],
    )
    return tuple(_BETWEEN_HAN.sub("", each.strip()) for each in cut.split("\t") if len(each.strip()) > 2)


def printing_office(closing: Sequence[Line]) -> tuple[str, ...]:
    """The office that printed it, without the room of a department that does the printing."""
    for index, line in enumerate(closing):
        found = _PRINTER.match(line.text)
        name = found[1].strip() if found else ""
        if (
            re.fullmatch(r"(?:\d{4}年.{2,12}日)\s*印发?", line.text)
            and index
            and is_office(closing[index - 1])
        ):
            name = closing[index - 1].text
        name = _BETWEEN_HAN.sub("", name)
        if name:
            return (name if _OWN_OFFICE.search(name) else _PRINTING_ROOM.sub("", name),)
    return ()
