"""Days as official texts print them: 二〇二二年六月八日, 2022.6.8, June 8, 2022."""

from __future__ import annotations

import datetime
import re
import unicodedata

from huiqi.documents.lines import Line
from huiqi.documents.margin_lines import OFFICE_NAME, is_imprint
from huiqi.documents.numerals import han_number

_DATE = re.compile(
    r"[（(]?(?P<year>\d{4}|[〇零○Ｏo0一二三四五六七八九]{4})年\s*(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})月"
    r"\s*(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})日[）)]?"
)
_PLAIN_DATE = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})")
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
_DATE_NOTE = re.compile(r"[（(]\s*((?:[12１２]\d{3}|[二一][〇零○一二三四五六七八九]{3})\s*年.{3,80})[）)]")
_LONGEST_DATE_LINE = 120
_SIGNED = re.compile(rf"(?P<office>{OFFICE_NAME})\s+(?=[\d一二〇])")


def read_date(line: Line) -> datetime.date | None:
    """The date, where the line is nothing but a date."""
    if len(line.text) > _LONGEST_DATE_LINE:
        return None
    text = unicodedata.normalize("NFKC", line.text)
    bare = re.sub(r"\s", "", text).removesuffix("公布").removesuffix("发布")
    found = _DATE.fullmatch(bare) or _PLAIN_DATE.fullmatch(bare) or _FOREIGN_DATE.fullmatch(text)
    if found is None and (signed := _SIGNED.match(text)):
        # Office and day in one line.
        found = _DATE.fullmatch(re.sub(r"\s", "", text[signed.end() :]))
    return _date(found) if found else None


def signing_office(line: Line) -> str:
    """The office that stands before the date in the line, or nothing."""
    found = _SIGNED.match(line.text) if read_date(line) else None
    return found["office"] if found else ""


def read_imprint_date(line: Line) -> datetime.date | None:
    """The date of printing, where the line says 印发."""
    if len(line.text) > _LONGEST_DATE_LINE:
        return None
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", line.text))
    found = re.search(_DATE.pattern + "(?:印发|印)$", text)
    return _date(found) if found else None


def is_date_note(line: Line) -> bool:
    """Whether the line in brackets below a title says when the text was made: （2022年5月30日…通过）."""
    inside = _DATE_NOTE.fullmatch(line.text)
    return line.label is None and inside is not None and first_date(inside[1]) is not None


def first_date(text: str) -> datetime.date | None:
    """The date with which `text` begins: 2022年5月31日, 2022-05-31, 2022/5/31, 2022.5.31."""
    form = unicodedata.normalize("NFKC", text).strip()
    found = _DATE.match(re.sub(r"\s", "", form)) or _PLAIN_DATE.match(form)
    return _date(found) if found else None


def _date(found: re.Match[str]) -> datetime.date | None:
    year, month, day = found["year"], found["month"], found["day"]
    try:
        return datetime.date(
            int(year)
            if year.isdecimal()
            else int("".join(str("〇一二三四五六七八九".index(c)) for c in re.sub("[零○Oo0]", "〇", year))),
            _MONTHS.index(month) + 1 if month in _MONTHS else _ordinal(month),
            _ordinal(day),
        )
    except ValueError:
        return None


def _ordinal(printed: str) -> int:
    return int(printed) if printed.isdecimal() else han_number(printed) or 0


def is_closing(line: Line) -> bool:
    """Whether the line is printed below a document: an imprint, or a bare date."""
    return is_imprint(line) or (line.label is None and read_date(line) is not None)
