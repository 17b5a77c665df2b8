"""Titles, numbers, dates and closing matter: the lines of a document that are no clause."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Sequence

from huiqi.documents.labels import Level
from huiqi.documents.lines import Line
from huiqi.documents.numerals import han_number

_PLAN_TITLE = re.compile(r".{0,40}(方案|计划|措施|意见|办法|细则|规定|规划)(\s*[（(][^）)]{1,8}[）)]){0,2}$")
_FOREIGN_PLAN_TITLE = re.compile(r"(the )?(implementation|work|action) plan\b.*", re.IGNORECASE)
_ANY_TITLE = re.compile(
    r".*(方案|计划|措施|意见|办法|细则|规定|规划|要点|通知|决定|条例|公告|通告|批复|函)(\s*[（(][^）)]{1,8}[）)]){0,2}$"
)
_NUMBER = re.compile(r"\S{2,20}[〔［\[【（(]\s*(19|20)\d{2}\s*[〕］\]】）)]\s*第?\s*\d{1,5}\s*号")
_DATE = re.compile(
    r"[（(]?(?P<year>\d{4}|[〇零○一二三四五六七八九]{4})年\s*(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})月"
    r"\s*(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})日[）)]?"
)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_FOREIGN_DATE = re.compile(rf"(?P<month>{'|'.join(_MONTHS)}) (?P<day>\d{{1,2}}), (?P<year>\d{{4}})")
_CLOSING = re.compile(
    r"抄\s*[送报]\s*[:：].*|[（(]?此件.{0,6}公开.{0,8}[)）]?|\(This item is public\)|.{0,60}日\s*印发"
)
_OFFICE = re.compile(r".{2,40}(办公室|办公厅|厅|局|政府|委员会|领导小组|委|行)([（(].{0,12}[）)])?")
_LONGEST_TITLE = 4
_LONGEST_DATE_LINE = 120
_ATTACHMENT = re.compile(r"附\s*件\s*[\d一二三四五六七八九十]*\s*[:：]?.*")


def is_plan_title(line: Line) -> bool:
    """Whether the line could be the (last line of the) title of a plan."""
    if not line.is_bare:
        return False
    if line.is_foreign:
        return bool(_FOREIGN_PLAN_TITLE.fullmatch(line.text))
    return bool(_PLAN_TITLE.fullmatch(line.text)) and not _ATTACHMENT.fullmatch(line.text)


def is_title(line: Line) -> bool:
    """Whether the line could be the (last line of the) title of any official text."""
    return is_plan_title(line) or (line.is_bare and bool(_ANY_TITLE.fullmatch(line.text)))


def is_number(line: Line) -> bool:
    """Whether the line is the document's number, 云政办发〔2022〕1号."""
    return bool(_NUMBER.fullmatch(line.text))


def may_begin_title(line: Line) -> bool:
    """Whether the line could be an earlier line of a title that was broken."""
    return (
        line.is_bare
        and not is_number(line)
        and read_date(line) is None
        and not _ATTACHMENT.fullmatch(line.text)
        and not line.text.endswith(("文件", "）", ")"))
    )


def is_closing(line: Line) -> bool:
    """Whether the line is printed below a document: copies to, published, printed on, or a bare date."""
    return line.label is None and (bool(_CLOSING.fullmatch(line.text)) or read_date(line) is not None)


def is_office(line: Line) -> bool:
    """Whether the line is the name of an office alone, such as a signature."""
    return line.is_bare and bool(_OFFICE.fullmatch(line.text))


def read_date(line: Line) -> datetime.date | None:
    """The date, where the line is nothing but a date."""
    if len(line.text) > _LONGEST_DATE_LINE:
        return None
    text = unicodedata.normalize("NFKC", line.text)
    found = _DATE.fullmatch(re.sub(r"\s", "", text)) or _FOREIGN_DATE.fullmatch(text)
    return _date(found) if found else None


def read_imprint_date(line: Line) -> datetime.date | None:
    """The date of printing, where the line says 印发."""
    if len(line.text) > _LONGEST_DATE_LINE:
        return None
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", line.text))
    found = re.search(_DATE.pattern + "印发$", text)
    return _date(found) if found else None


def _date(found: re.Match[str]) -> datetime.date | None:
    year, month, day = found["year"], found["month"], found["day"]
    try:
        return datetime.date(
            int(year)
            if year.isdecimal()
            else int(
                "".join(
                    str("〇一二三四五六七八九".index(c)) for c in year.replace("零", "〇").replace("○", "〇")
                )
            ),
            _MONTHS.index(month) + 1 if month in _MONTHS else _ordinal(month),
            _ordinal(day),
        )
    except ValueError:
        return None


def _ordinal(printed: str) -> int:
    return int(printed) if printed.isdecimal() else han_number(printed) or 0


def find_title(lines: Sequence[Line]) -> int:
    """The index of the last line of the first title among `lines`, before any label; -1 for none."""
    for index, line in enumerate(lines):
        if line.label:
            break
        if is_title(line) and not _goes_on(lines, index):
            return index
    return -1


def title_top(lines: Sequence[Line], last: int) -> int:
    """The index of the first line of the title that ends at `last`."""
    top = last
    while top and last - top < _LONGEST_TITLE and may_begin_title(lines[top - 1]):
        if is_plan_title(lines[top - 1]) and not _goes_on(lines, top - 1):
            break
        top -= 1
    return top


def plan_starts(lines: Sequence[Line]) -> list[int]:
    """Indices of the last title line of each plan: a title behind which the numbering begins anew."""
    starts: list[int] = []
    outermost: Level | None = None
    last_part = 0
    pending: int | None = None
    for index, line in enumerate(lines):
        if is_plan_title(line) and not _goes_on(lines, index) and not _is_running_text(lines, index):
            pending = index
        if line.label is None:
            continue
        level, number = line.label.levels[0], line.label.number
        # The number of part one may be lost in the copy.
        anew = number == 1 or (level == Level.PART and number == 2 and last_part != 1)
        if pending is not None and anew and (outermost is None or level <= outermost):
            starts.append(pending)
            outermost, last_part = level, 0
        pending = None
        outermost = level if outermost is None else min(level, outermost)
        last_part = number if level == Level.PART else last_part
    return starts


def _goes_on(lines: Sequence[Line], index: int) -> bool:
    """Whether the next line goes on with the same title: 实施方案 | 的通知."""
    return index + 1 < len(lines) and lines[index + 1].text.startswith("的")


def _is_running_text(lines: Sequence[Line], index: int) -> bool:
    """Whether what looks like a title is the last line of a sentence that the copy broke."""
    top = title_top(lines, index)
    first = lines[top].text
    if re.match(r"(为|根据|按照)", first) and re.search("[，,]", first):
        return True
    if top == 0:
        return False
    above = lines[top - 1]
    known = above.ends_sentence or is_number(above) or is_closing(above) or above.label is not None
    return not known and not above.text.endswith("文件")
