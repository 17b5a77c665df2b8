"""Dates and periods as official documents print them: 2022年底前, 2022年第一季度, 自2022年7月1日起, 年内.

Every result is a half-open range of days, with the printed words kept. A deadline has an end and no start;
"before" a day includes that day, as deadlines are meant. 2022年12月前 is by the letter before 1 December, but
nearly always means the year's end: the later reading is computed and flagged `confirm`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from huiqi.reference.numerals import fold, parse_number

Flag = Literal["", "confirm", "year_inferred", "needs_document_date", "before_document", "impossible"]

_DAY = timedelta(days=1)


class DateError(ValueError):
    """A text that is no date, or more than one."""


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from `start` (None: open) up to but excluding `end` (None: open); `text[span] == printed`.

    `flag` says what a person must look at: `confirm` (letter and meaning differ), `year_inferred` (no year
    printed, the document's taken), `needs_document_date` (no year printed and none given: both ends None),
    `before_document` (a deadline before the document's own date), `impossible` (no such day).
    """

    start: date | None
    end: date | None
    printed: str
    span: tuple[int, int]
    flag: Flag = ""

    @property
    def last_day(self) -> date | None:
        """The last day inside, None where the end is open."""
        return None if self.end is None else self.end - _DAY

    @property
    def is_deadline(self) -> bool:
        """Whether only an end is printed."""
        return self.start is None and self.end is not None


@dataclass(frozen=True, slots=True)
class _Point:
    """One printed date; the year, month and day it names, as far as it names them, and its part of them."""

    year: int | None
    month: int | None
    day: int | None
    part: str
    span: tuple[int, int]
    relative: bool = False
    years_on: int = 0


_HAN = "〇○零一二三四五六七八九"
_YEAR = rf"(?:(?P<year>(?:19|20)[0-9]{{2}}|[一二][{_HAN}]{{3}})\s*年|(?P<this>当年|本年|今年|明年))"
_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s*月"
_DAY_OF = (
    r"(?P<day>3\s?[01]|[12]\s?[0-9]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
    r"\s*[日曰号]"
)
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_EN_MONTH = rf"(?P<word>{'|'.join(_MONTH_NAMES)})"
_RUN_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_RUN_QUARTER = r"第?[1-4一二三四]"
_THROUGH = r"\s*(?:-|—|–|―|−|~|至|到)+\s*"
# Months or quarters of which only the last bears its word: 4—6月, 4、5、6月, 第二、三季度, 第一至第三季度.
_RUNS = rf"(?P<run_months>{_RUN_MONTH}(?:{_THROUGH}{_RUN_MONTH}|(?:\s*、\s*{_RUN_MONTH})+)\s*月)(?:份)?(?!\s*[0-9]{{1,2}}\s*[日号]|[龄大子经薪底末])"
_QUARTERS = rf"(?P<run_quarters>{_RUN_QUARTER}(?:(?:{_THROUGH}|\s*[和及与]\s*){_RUN_QUARTER}|(?:\s*、\s*{_RUN_QUARTER})+)\s*季度(?![末底]))"
_FORMS = (
    rf"{_YEAR}\s*{_RUNS}",
    rf"(?<![0-9每个{_HAN}十第、.]){_RUNS}",
    rf"{_YEAR}\s*{_QUARTERS}",
    rf"(?<![每个0-9{_HAN}度、]){_QUARTERS}",
    rf"{_YEAR}\s*{_MONTH}(?:份)?\s*{_DAY_OF}",
    rf"{_YEAR}\s*{_MONTH}(?:份)?\s*(?P<part>底|末|初|上旬|中旬|下旬)?",
    rf"(?<![0-9每个]){_MONTH}(?:份)?\s*{_DAY_OF}",
    rf"(?<![0-9每个]){_MONTH}(?:份)?\s*(?P<part>底|末|初|上旬|中旬|下旬)",
    # A month alone is a date where 前 closes it or a range opens with it.
    rf"(?<![0-9每个]){_MONTH}(?:份)?(?=\s*(?:之前|以前|前(?![期后述]))|\s*[-—–~至到]+\s*[0-9一二三四五六七八九十]{{1,2}}\s*月)",
    rf"{_YEAR}\s*(?:度)?\s*(?:年)?(?P<part>底|末|初|上半年|下半年|前三个?季度|第?[1-4一二三四]季度(?:末|底)?)",
    rf"(?<![每个0-9{_HAN}度])(?P<part>第[1-4一二三四]季度(?:末|底)?|[1-4一二三四]季度(?:末|底)|[1-4一二三四]季度(?=前)"
    r"|上半年|下半年|年(?:底|末|内)(?=之?前|以?内|[完基实要达全力新建累再总培各还可将继争确]|$|[,.。,;；、)）])|年内)",
    rf"{_YEAR}(?:度|年?内)?",
    r"(?P<year>(?:19|20)[0-9]{2})(?P<sep>[-/.])(?P<month>1[0-2]|0?[1-9])(?P=sep)(?P<day>3[01]|[12][0-9]|0?[1-9])(?![0-9])",
    rf"\b{_EN_MONTH}\s+(?P<day>3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?(?:,?\s+(?P<year>(?:19|20)[0-9]{{2}}))?\b",
    rf"\b(?P<day>3[01]|[12][0-9]|0?[1-9])\s+{_EN_MONTH}\s+(?P<year>(?:19|20)[0-9]{{2}})\b",
    rf"\b(?:the )?(?P<part>end) of {_EN_MONTH}(?:,?\s+(?P<year>(?:19|20)[0-9]{{2}}))?\b",
    rf"\b{_EN_MONTH},?\s+(?P<year>(?:19|20)[0-9]{{2}})\b",
    r"\b(?:the )?(?P<part>end of (?:the|this) year|year[- ]end)\b",
    r"\b(?:the )?(?P<part>end) of (?P<year>(?:19|20)[0-9]{2})\b",
    r"\bin (?P<year>(?:19|20)[0-9]{2})\b",
)
_POINTS = tuple(re.compile(form, re.IGNORECASE) for form in _FORMS)
_PARTS = {
    **dict.fromkeys(("end", "年底", "年末", "末", "end of the year", "end of this year"), "底"),
    **dict.fromkeys(("year-end", "year end"), "底"),
}
# A day or month alone (至30日, 至6月) is a date only behind a range mark.
_BARE_DAY = re.compile(_DAY_OF)
_BARE_MONTH = re.compile(_MONTH)
_YEARS = re.compile(
    r"(?<![0-9])(?P<low>(?:19|20)[0-9]{2})\s*(?:年)?\s*[-—–―~至到]+\s*(?P<high>(?:19|20)[0-9]{2})\s*(?P<nian>年)?(?![0-9月])"
)
_JOIN = re.compile(r"\s*(?:起,?)?\s*(?:-|—|–|―|−|~|至|到|\bto\b|\buntil\b)+\s*", re.IGNORECASE)
_UNTIL_BEFORE = re.compile(
    r"(?:截至|截止(?:到|至|日期(?:为|是)?|时间(?:为|是)?)?|延(?:长|续)(?:到|至)|不(?:得)?(?:超过|晚于|迟于)|至|到|\b(?:by|until|before)\s)\s*$",
    re.IGNORECASE,
)
_FROM_BEFORE = re.compile(r"(?:自|从|\b(?:from|since)\s)\s*$", re.IGNORECASE)
_BY_AFTER = re.compile(r"\s*(?:之前|以前|前|为?止)(?!期|述|提|置)")
_FROM_AFTER = re.compile(r"\s*(?:起|以来|之后|以后|后(?!期|续))")


def find_dates(text: str, document_date: date | None = None) -> list[DateRange]:
    """Return every date and period of a text in its order.

    `document_date` gives the year of dates printed without one (6月30日前, 年内). Rhythms (每月20日, 每周四)
    are no dates and are passed over.
    """
    folded = fold(text)
    return [
        DateRange(found.start, found.end, text[found.span[0] : found.span[1]], found.span, found.flag)
        for found in _ranges(folded, document_date)
    ]


def parse_date_range(text: str, document_date: date | None = None) -> DateRange:
    """Return the one date or period that the whole text is.

    Raises:
        DateError: it is no date, holds more than one, or other words.
    """
    found = find_dates(text, document_date)
    if len(found) == 1 and found[0].printed == text.strip():
        return found[0]
    raise DateError(
        f"{text!r} is not one date or period; write it as 2022年6月30日, 2022年底前 or 2022-06-30"
    )


def _ranges(folded: str, document_date: date | None) -> Iterator[DateRange]:
    points = _points(folded)
    reached = 0
    for index, point in enumerate(points):
        if point.span[0] < reached:
            continue
        before = points[index - 1] if index else None
        opened = _with_year_of(before, point, folded) if before is not None else point
        following = points[index + 1] if index + 1 < len(points) else None
        found = _period(folded, opened, following, document_date) or _single(
            folded, opened, reached, document_date
        )
        yield found
        reached = found.span[1]


def _points(folded: str) -> list[_Point]:
    """Collect what is printed as a date, the longest reading of each place, without overlaps."""
    spans = [
        (match.start(), -match.end(), form, match)
        for form, pattern in enumerate(_POINTS)
        for match in pattern.finditer(folded)
    ]
    years = [match for match in _YEARS.finditer(folded) if int(match["low"]) < int(match["high"])]
    spans += [(match.start(), -match.end(), -1, match) for match in years]
    points: list[_Point] = []
    reached = 0
    for start, negative_end, form, match in sorted(spans, key=lambda item: item[:3]):
        if start < reached or folded.endswith("每年", 0, start):
            continue
        if _is_broken_run(match):
            continue
        reached = -negative_end
        points.append(_point(match) if form >= 0 else _year_span(match))
    return points


def _is_broken_run(match: re.Match[str]) -> bool:
    """Whether months or quarters are named together that do not follow each other: they are no one period."""
    named = match.groupdict()
    run = named.get("run_months") or named.get("run_quarters")
    return run is not None and not _run(run, 1)


def _year_span(match: re.Match[str]) -> _Point:
    return _Point(int(match["low"]), None, None, f"to {match['high']}", match.span())


def _point(match: re.Match[str]) -> _Point:
    named = match.groupdict()
    year, month, day = named.get("year"), named.get("month"), named.get("day")
    word = named.get("word")
    part = (named.get("part") or "").lower()
    if run := named.get("run_months") or named.get("run_quarters"):
        part = _run(run, 3 if named.get("run_quarters") else 1)
    return _Point(
        year=_number(year) if year else None,
        month=_MONTH_NAMES.index(word.lower()) + 1 if word else _number(month) if month else None,
        day=_number(day) if day else None,
        part=_PARTS.get(part, part),
        span=match.span(),
        relative=bool(named.get("this")) or part == "年内",
        years_on=1 if named.get("this") == "明年" else 0,
    )


def _run(printed: str, months: int) -> str:
    """Return `months 4 6` for 4—6月 or 第二季度; empty where months or quarters are missing between, or run backwards."""
    numbers = [_number(each) for each in re.findall(rf"[0-9]+|[{_HAN}十]+", printed)]
    through = len(numbers) == 2 and not re.search("[、和及与]", printed)
    following = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    if not (numbers[0] < numbers[-1] if through else following):
        return ""
    return f"months {numbers[0] * months - months + 1} {numbers[-1] * months}"


def _number(printed: str) -> int:
    return int(parse_number("".join(printed.split())))


def _with_year_of(before: _Point, point: _Point, folded: str) -> _Point:
    """Give 第二季度 of 2022年第一季度、第二季度 its year."""
    between = folded[before.span[1] : point.span[0]].strip()
    if (
        point.year is None
        and not point.relative
        and before.year is not None
        and between in {"、", "和", "及", "与"}
    ):
        return replace(point, year=before.year)
    return point


def _period(
    folded: str, low: _Point, following: _Point | None, document_date: date | None
) -> DateRange | None:
    """Read A至B, where B may leave out what A has printed (2022年4月至6月, 1月1日—31日)."""
    join = _JOIN.match(folded, low.span[1])
    if join is None:
        return None
    opens = following is not None and following.span[0] == join.end()
    high = following if opens else _bare(folded, join.end(), low)
    if high is None:
        return None
    if high.year is None:
        high = replace(high, year=low.year)
    elif low.year is None:
        low = replace(low, year=high.year)
    first, inferred = _days(low, document_date)
    last, _ = _days(high, document_date)
    start, end = low.span[0], high.span[1]
    opening = _FROM_BEFORE.search(folded, max(0, start - 8), start)
    closing = _BY_AFTER.match(folded, end)
    span = (opening.start() if opening else start, closing.end() if closing else end)
    if first is None or last is None:
        return DateRange(None, None, "", span, inferred)
    if first[0] >= last[1]:
        return DateRange(None, None, "", span, "impossible")
    return DateRange(first[0], last[1], "", span, inferred)


def _bare(folded: str, at: int, low: _Point) -> _Point | None:
    match = _BARE_DAY.match(folded, at)
    if match is not None and low.day is not None:
        return _Point(low.year, low.month, _number(match["day"]), "", match.span())
    match = _BARE_MONTH.match(folded, at)
    if match is not None and low.month is not None:
        ending = folded[match.end() : match.end() + 1]
        end = match.end() + (ending in {"底", "末"} and bool(ending))
        return _Point(low.year, _number(match["month"]), None, "", (match.start(), end))
    return None


def _single(folded: str, point: _Point, reached: int, document_date: date | None) -> DateRange:
    """Read one date with the words that make it a deadline (…前, 截至…) or a beginning (自…起)."""
    days, flag = _days(point, document_date)
    start, end = point.span
    until = _UNTIL_BEFORE.search(folded, max(reached, start - 12), start)
    since = _FROM_BEFORE.search(folded, max(reached, start - 8), start)
    by, onward = _BY_AFTER.match(folded, end), _FROM_AFTER.match(folded, end)
    opening, closing = until or since, by or onward
    span = (opening.start() if opening else start, closing.end() if closing else end)
    if days is None:
        return DateRange(None, None, "", span, flag)
    if until or by:
        coarse = by is not None and point.day is None and point.part[-1:] not in {"底", "末", "内"}
        if coarse:
            flag = "confirm"
        elif document_date is not None and days[1] <= document_date:
            flag = "before_document"
        return DateRange(None, days[1], "", span, flag)
    if onward is not None and "后" in onward.group():
        return DateRange(days[1], None, "", span, flag)
    if since or onward:
        return DateRange(days[0], None, "", span, flag)
    return DateRange(*days, "", span, flag)


def _days(point: _Point, document_date: date | None) -> tuple[tuple[date, date] | None, Flag]:
    """Return the days a printed date names, half-open, and what is to be looked at."""
    flag: Flag = ""
    year = point.year
    if year is None:
        if document_date is None:
            return None, "needs_document_date"
        year, flag = document_date.year + point.years_on, "year_inferred"
    try:
        if point.day is not None:
            first = date(year, point.month or 1, point.day)
            return (first, first + _DAY), flag
    except ValueError:
        return None, "impossible"
    if point.part.startswith("to "):
        return (date(year, 1, 1), date(int(point.part[3:]) + 1, 1, 1)), flag
    if point.month is None:
        return _part_of(_months(year, *_months_of_part(point.part)), point.part, flag)
    return _part_of(_months(year, point.month, point.month), point.part, flag)


def _months_of_part(part: str) -> tuple[int, int]:
    if part in {"上半年", "下半年"}:
        return (1, 6) if part == "上半年" else (7, 12)
    if part.startswith("months "):
        first, last = part.split()[1:]
        return int(first), int(last)
    if part.startswith("前三"):
        return 1, 9
    if "季度" in part:
        quarter = _number(part.removeprefix("第")[:1])
        return 3 * quarter - 2, 3 * quarter
    return 1, 12


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year + last // 12, last % 12 + 1, 1)


def _part_of(days: tuple[date, date], part: str, flag: Flag) -> tuple[tuple[date, date], Flag]:
    start, end = days
    if part == "底" or part.endswith(("季度末", "季度底")):
        return (end - _DAY, end), flag
    if part == "初":
        # How long a beginning lasts is nowhere said: its first day, for a person to confirm.
        return (start, start + _DAY), "confirm"
    tens = {"上旬": (0, 10), "中旬": (10, 20)}.get(part)
    if tens is not None:
        return (start + tens[0] * _DAY, start + tens[1] * _DAY), flag
    if part == "下旬":
        return (start + 20 * _DAY, end), flag
    return days, flag
