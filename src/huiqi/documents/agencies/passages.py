"""Where a text attributes: closing brackets, unit lines, sentences that open with 由…负责."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from huiqi.documents.agencies import wording
from huiqi.documents.agencies.attribution import Passage, PassageReader
from huiqi.documents.agencies.columns import column_names
from huiqi.documents.agencies.english import read_english
from huiqi.documents.agencies.view import View
from huiqi.reference.agencies import Place

_HAN = re.compile(r"[\u3400-\u9fff]")
_SENTENCE_END = "。.;!?:\n"
_LABEL_LINE = re.compile(
    rf"(?:(?<=[\n。;.!?\t)])|^)[ *—▲★●■◆□-]*[【\[]?(?={wording.LABEL.pattern}[】\]]?(?:[:\t]|[】\]]|\n))"
)
_RUNNING = re.compile(
    r"(?:(?<=[\n。;!?])|^)(?P<by>(?:(?:本|该|此|各|上述|以上)?项?(?:工作|任务|措施|项目|事项|行动)*(?:任务)?)?(?:具体|原则上|统一|主要)?由)?(?P<names>[^,。;!?:\n由]{3,90}?)"
    r"(?P<verb>(?:具体|分别|共同)?负责牵头|(?:分别|共同)?牵头(?:负责|抓总|落实|推进|实施|组织|办理)*|(?:具体|分别|共同|按(?:照)?职责(?:分工)?)?负责)(?!人|同志|制(?!定))"
)
_MORE = re.compile(
    r",(?P<names>[^,。;!?:\n]{3,90}?)(?:(?:密切|积极|协同)?配合|协助|参与|按(?:照)?职责(?:分工)?(?:负责|落实)"
    r"|(?:具体|分别|共同)?负责(?:落实)?|(?:抓好?)?落实)(?=[,。;\n]|$)"
)
_MATTER = re.compile("解释|人$")
_OF_A_TIER = re.compile(
    "[省市州县区旗](?:级|直)?[\u3400-\u9fff]{2,16}(?:[局委办厅部]|中心|公司|银行|办公室|管委会)"
)
"""The form of an office that no registry need know: 县国资中心."""
_SHORTEST_UNKNOWN = 4
_LONGEST_OTHERS = 10
_LONGEST_OPENING = 6
"""Words before the first office of a bracket: 由, 具体由, 其中, 此项工作由."""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with what it says; offsets in the view, marks included."""

    start: int
    end: int
    passage: Passage


def find_passages(view: View, place: Place, *, first_leads: bool) -> list[Found]:
    """All passages of the text in printed order, none inside another."""
    found = list(_brackets(view, place, first_leads))
    found += _lines(view, place, first_leads, found)
    found += _columns(view, place, found)
    if not found:
        found = list(_sentences(view, place))
    return sorted(found, key=lambda each: each.start)


def _brackets(view: View, place: Place, first_leads: bool) -> Iterator[Found]:
    reached = -1
    for start, end in view.brackets:
        if start < reached:
            continue
        passage = _bracket(view, start, end, place, first_leads)
        if passage is not None:
            reached = end
            yield Found(start, end + 1, passage)


def _bracket(view: View, start: int, end: int, place: Place, first_leads: bool) -> Passage | None:
    text = view.text
    if end - start < 4:
        return None
    words = text[start + 1 : end]
    if _HAN.search(words) is None:
        passage = read_english(text, start + 1, end, place)
        return passage if passage.names else None
    if wording.LABEL.fullmatch(words):
        # 【责任单位】 opens a unit line, it is none itself.
        return None
    passage = PassageReader(text, place, first_leads=first_leads).read(start + 1, end)
    if not passage.names:
        return None
    first = passage.names[0][0]
    opening = text[start + 1 : first.start]
    if passage.attributes:
        if wording.LABEL.match(words):
            return passage
        fits = first.is_office or first.end - first.start >= _SHORTEST_UNKNOWN
        near = len(opening) <= _LONGEST_OPENING or wording.ASIDE.search(opening) is not None
        return passage if fits and near and _could_close(view, start, end) else None
    names = [name for name, _ in passage.names]
    known = first.is_office and 2 * sum(name.is_office for name in names) >= len(names)
    known = known or all(_OF_A_TIER.fullmatch(text, name.start, name.end) for name in names)
    general = wording.FIRST_LEADS.search(words) or wording.GENERAL.search(words)
    own = words[: general.start()] if general else words
    covered = sum(name.end - name.start + 1 for name in names) >= len(own) - 8
    stands = start == 0 or text[start - 1] in _SENTENCE_END + "!"
    return passage if known and covered and stands and _ends(text, end + 1) else None


def _could_close(view: View, start: int, end: int) -> bool:
    """Whether a sentence, or a part of one, ends before or behind the bracket."""
    text = view.text
    return start == 0 or text[start - 1] in _SENTENCE_END or _ends(text, end + 1) or text[end + 1] in ",、"


def _ends(text: str, at: int) -> bool:
    return at >= len(text) or text[at] in _SENTENCE_END + "([【〔"


def _lines(view: View, place: Place, first_leads: bool, taken: list[Found]) -> Iterator[Found]:
    text = view.text
    reached = -1
    for opening in _LABEL_LINE.finditer(text):
        start = opening.end()
        if opening[0].endswith(("【", "[")):
            start -= 1
        if text[start - 1 : start] == "\t" and _heads_column(text, start):
            # The head of a table's column.
            continue
        if start < reached or any(each.start <= start < each.end for each in taken):
            continue
        end = min([_line_end(text, start), *(each.start for each in taken if each.start >= start)])
        passage = PassageReader(text, place, first_leads=first_leads).read(start, end)
        reached = end
        if passage.names:
            yield Found(start, end, passage)


def _columns(view: View, place: Place, taken: list[Found]) -> Iterator[Found]:
    for names, others in column_names(view.text, place):
        start, end = names[0][0].start, names[-1][0].end
        if not any(each.start < end and start < each.end for each in taken):
            yield Found(start, end, Passage(names, others, attributes=True))


def _heads_column(text: str, start: int) -> bool:
    label = wording.LABEL.match(text, start)
    return label is not None and text[label.end() : label.end() + 1] == "\n"


def _line_end(text: str, start: int) -> int:
    """Where a unit line ends: at its line's end, unless that breaks a list, or at a full stop before."""
    at = start
    while True:
        newline = text.find("\n", at)
        newline = len(text) if newline < 0 else newline
        stop = text.find("。", at, newline)
        if stop >= 0:
            return stop + 1
        if newline == len(text) or (
            text[newline - 1] not in "、,:】]" and not _bare_label(text, start, newline)
        ):
            return newline
        at = newline + 1


def _bare_label(text: str, start: int, end: int) -> bool:
    return wording.LABEL.fullmatch(text[start:end].strip(" 【[】]")) is not None


def _sentences(view: View, place: Place) -> Iterator[Found]:
    text = view.text
    for opening in _RUNNING.finditer(text):
        if _MATTER.match(text, opening.end()):
            continue
        passage = _all_offices(text, opening.start("names"), opening.end(), place)
        if passage is None:
            continue
        end = opening.end()
        while more := _MORE.match(text, end):
            longer = _all_offices(text, opening.start("names"), more.end(), place)
            if longer is None:
                break
            passage, end = longer, more.end()
        yield Found(opening.start(), end, passage)


def _all_offices(text: str, start: int, end: int, place: Place) -> Passage | None:
    """What text[start:end] attributes, None where anything but names of offices and roles stands in it."""
    passage = PassageReader(text, place).read(start, end)
    names = passage.names
    if not names or not all(name.is_office for name, _ in names):
        return None
    covered = sum(name.end - name.start + 1 for name, _ in names)
    verbs = sum(found.end() - found.start() for found in wording.VERB.finditer(text, start, end))
    others = _LONGEST_OTHERS if passage.and_others else _LONGEST_OPENING
    return passage if covered + verbs + others >= end - start else None
