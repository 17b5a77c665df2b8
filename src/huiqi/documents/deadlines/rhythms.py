"""Rhythms: 每周四下班前, 每月20日前, 按季度, 一周一报, every Thursday, on the 20th of each month."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import cast

from huiqi.documents.deadlines.model import Deadline, Rhythm
from huiqi.reference.numerals import NumeralError, parse_number

_WEEKDAYS = (
    dict(zip("一二三四五六日", range(7), strict=True)) | {"天": 6} | {str(n): n - 1 for n in range(1, 8)}
)
_WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS_ZH = "一二三四五六日"
_DAY = r"(?:[12][0-9]|3[01]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_BEFORE = r"(?:的?(?:下班|[0-9]{1,2}(?:时|点|[:：][0-9]{2}))?(?:之前|以前|前))?"
_ACT = r"调度|通报|小结|研判|会商|点评|例会|排名|报告|报送|总结|督查|督导|分析|监测|报(?!表|纸|销|价|名|考|废)|评估|汇总|更新|考核"
# What makes 每月 a measure of an amount (每人每月1000元) and no rhythm of work.
_NOT_OF_AMOUNT = r"(?![^,，。;；:：、\n0-9]{0,16}[0-9.,]+\s*(?:[万亿千百]?元|[%‰]))(?!(?:每|工资|收入|利息|租金|还款|缴费基数|最低工资))"
_NOT_EACH = r"(?<![人户家名个位吨亩次元/岗台辆车店批企])"
_NUMBERED = "0-9一二三四五六七八九十两几数半"

_FORMS: tuple[tuple[str, str], ...] = (
    ("weekly", rf"每个?(?:周|星期)(?P<weekday>[一二三四五六日天1-7](?![次报调会回期例场天]))?{_BEFORE}"),
    ("weekly", r"按周(?![岁期边转年])"),
    (
        "monthly",
        rf"(?:每个?月|逐月)(?:的?(?P<day>{_DAY})[日号]{_BEFORE}|(?:月?(?P<end>底|末)|(?P<tens>上旬|中旬|下旬)){_BEFORE})?",
    ),
    ("monthly", rf"(?:次月|下月|下个月)(?:的?(?P<day>{_DAY})[日号]{_BEFORE})"),
    ("monthly", r"按月(?!薪|租|均|末|份|利|计息|嫂)度?(?:[、和]?(?:按|\(|（)?季(?:度)?[)）]?)?"),
    (
        "quarterly",
        rf"(?:每个?季度?|逐季度?)(?:(?P<which>末月|首月|次月|第[一二三]个?月|最后一个月|结束后|后)的?(?:前)?(?P<day>{_DAY})(?:个?(?:日|天|工作日)(?:之|以)?内|[日号]{_BEFORE})|(?P<end>末|底){_BEFORE})?",
    ),
    ("quarterly", r"按季(?:度)?(?![节均末])|(?<![0-9一二三四第前两个本上下])季度末(?:之?前|以前)?"),
    ("half-yearly", r"每半年度?(?P<end>末|底)?(?:之?前)?|按半年度?|半年一[次报]"),
    (
        "yearly",
        rf"(?:每个?年(?![均轻级龄])度?|逐年(?=报|向|开展))(?:(?:的|于|在)?(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?(?:(?P<day>{_DAY})[日号]|(?P<end>底|末)|(?P<tens>上旬|中旬|下旬))?{_BEFORE}|年?(?P<year_end>底|末|终)(?:之?前)?)?",
    ),
    ("yearly", r"按年度?(?![均利份薪龄租化期])"),
    ("daily", rf"每(?:日|天)(?![报讯]社){_BEFORE}|按日(?=报|调度|更新|监测|通报|推送)"),
    ("real-time", r"实时(?=报|上报|更新|反馈|推送|通报|公布|公开|调度|跟踪)"),
    ("other", r"每(?:两|[2-9二三四五六])个?(?:周|月|年|天|日|季度)|每半个?月|每旬|每双月|按旬|双周"),
)
_SLOGAN = re.compile(rf"(?:一(?P<unit>日|天|周|月|季度?|年)|(?P<half>半年))一(?:次?(?:{_ACT})|例会)")
_SHORT = re.compile(
    rf"(?<![{_NUMBERED}每当本上下个同按逐这该末首周次隔全整])(?P<unit>日|周|月|季度?|半年)(?P<act>调度|通报|小结|研判|会商|点评|例会|排名|督查|报制度)(?!表)"
)
_UNIT_RHYTHM = {
    **{"日": "daily", "天": "daily", "周": "weekly", "月": "monthly", "季": "quarterly", "季度": "quarterly"},
    **{"半年": "half-yearly", "年": "yearly"},
}
_EN_WEEKDAY = "|".join(_WEEKDAY_NAMES)
_EN_DAY = r"(?P<day>3[01]|[12][0-9]|[1-9])(?:st|nd|rd|th)?"
_ENGLISH: tuple[tuple[str, str], ...] = (
    (
        "weekly",
        rf"\b(?:(?:by|before)\s+(?:the\s+)?(?:close|end)\s+of\s+(?:business|work)\s+(?:on\s+)?)?(?:every|each)\s+(?P<word>{_EN_WEEKDAY})\b",
    ),
    ("weekly", r"\b(?:every|each) week\b|\bweekly(?= (?:report|schedul|dispatch|meeting|notif))"),
    (
        "monthly",
        rf"\b(?:(?:on|by|before|no later than)\s+)?(?:the\s+)?{_EN_DAY}\s+(?:day\s+)?of\s+(?:each|every)\s+month\b",
    ),
    (
        "monthly",
        r"\b(?:every|each) month\b|\bmonthly(?= (?:report|schedul|dispatch|meeting|notif|rank|monitor|basis))",
    ),
    (
        "quarterly",
        r"\b(?:(?:by|before|at)\s+)?(?:the\s+)?(?P<end>end) of (?:each|every) quarter\b|\b(?:every|each) quarter\b|\bquarterly(?= (?:report|schedul|dispatch|meeting|notif|basis))",
    ),
    ("half-yearly", r"\b(?:every|each) (?:six months|half[- ]year|half a year)\b|\bsemi-?annually\b"),
    ("yearly", r"\b(?:every|each) year\b|\bannually\b"),
    ("daily", r"\b(?:every|each) day\b"),
)
_COMPILED = tuple(
    (rhythm, re.compile(rf"{_NOT_EACH}(?:{form}){_NOT_OF_AMOUNT}"))
    for rhythm, form in _FORMS
    if rhythm != "real-time"
) + tuple(
    (rhythm, re.compile(form, re.IGNORECASE))
    for rhythm, form in (*_FORMS, *_ENGLISH)
    if rhythm == "real-time"
)
_COMPILED_ENGLISH = tuple((rhythm, re.compile(form, re.IGNORECASE)) for rhythm, form in _ENGLISH)
_EVERY = {
    **{"real-time": "实时", "daily": "每日", "weekly": "每周", "monthly": "每月", "quarterly": "每季度"},
    **{"half-yearly": "每半年", "yearly": "每年", "other": "另有周期"},
}


def rhythms(folded: str) -> Iterator[Deadline]:
    """Yield every rhythm of a folded text, in no order; several may overlap."""
    for rhythm, pattern in (*_COMPILED, *_COMPILED_ENGLISH):
        for match in pattern.finditer(folded):
            yield _deadline(folded, match.span(), rhythm, _day_of(match.groupdict(), rhythm))
    for match in _SLOGAN.finditer(folded):
        unit = "半年" if match["half"] else match["unit"]
        yield _deadline(folded, match.span(), _UNIT_RHYTHM[unit], None)
    for match in _SHORT.finditer(folded):
        yield _deadline(folded, match.span(), _UNIT_RHYTHM[match["unit"]], None)


def _deadline(folded: str, span: tuple[int, int], rhythm: str, day: str | int | None) -> Deadline:
    end = span[0] + len(folded[span[0] : span[1]].rstrip())
    return Deadline(
        folded[span[0] : end],
        span[0],
        end,
        "rhythm",
        rhythm=cast(Rhythm, rhythm),
        rhythm_day=day,
        explanation=_explained(rhythm, day),
    )


def _day_of(named: dict[str, str | None], rhythm: str) -> str | int | None:
    """The day inside the rhythm: a weekday's name, a day of the month, end, 06-30, first-month-10."""
    reading: dict[str, Callable[[], str | int | None]] = {
        "weekly": lambda: _weekday(named),
        "monthly": lambda: _in_month(named),
        "quarterly": lambda: _in_quarter(named),
        "half-yearly": lambda: "end" if named.get("end") else None,
        "yearly": lambda: _in_year(named),
    }
    return reading[rhythm]() if rhythm in reading else None


def _weekday(named: dict[str, str | None]) -> str | None:
    printed, word = named.get("weekday"), named.get("word")
    return _WEEKDAY_NAMES[_WEEKDAYS[printed]] if printed else word.lower() if word else None


def _in_month(named: dict[str, str | None]) -> str | int | None:
    day = named.get("day")
    tens: dict[str, str | int] = {"上旬": 10, "中旬": 20, "下旬": "end"}
    if day:
        return _number(day)
    return "end" if named.get("end") else tens.get(named.get("tens") or "")


def _in_quarter(named: dict[str, str | None]) -> str | None:
    day, which = named.get("day"), named.get("which") or ""
    if day:
        month = {
            "末月": "last",
            "最后一个月": "last",
            "第三个月": "last",
            "首月": "first",
            "第一个月": "first",
        }
        place = month.get(which, "second" if "第二" in which else "next")
        return f"{place}-month-{_number(day):02d}" if place != "next" else f"next-{_number(day):02d}"
    return "end" if named.get("end") else None


def _in_year(named: dict[str, str | None]) -> str | None:
    month, day = named.get("month"), named.get("day")
    if named.get("year_end"):
        return "12-31"
    if not month:
        return None
    number = _number(month)
    tens = {"上旬": 10, "中旬": 20}.get(named.get("tens") or "")
    last = 28 if number == 2 else 30 if number in {4, 6, 9, 11} else 31
    return f"{number:02d}-{_number(day) if day else tens or last:02d}"


def _number(printed: str) -> int:
    try:
        return int(parse_number(printed))
    except NumeralError:  # pragma: no cover - the patterns admit only numbers
        return 1


def _explained(rhythm: str, day: str | int | None) -> str:
    every = _EVERY[rhythm]
    if isinstance(day, int):
        return f"{every}{day}日（含当日）前"
    if rhythm == "weekly" and day:
        return f"每周{_WEEKDAYS_ZH[_WEEKDAY_NAMES.index(day)]}（含当日）前"
    if day == "end":
        return f"{every}末日（含当日）前"
    return f"{every}（{day}）" if day else every
