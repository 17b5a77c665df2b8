"""Times counted from a day: 自印发之日起30日内, 印发7个工作日内, 收到申请之日起3个工作日内."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from huiqi.documents.deadlines.model import Deadline, Flag
from huiqi.reference.numerals import NumeralError, parse_number
from huiqi.reference.working_days import Calendar, CalendarNotPublished

_MOST = 999
_NUMBER = r"(?<![0-9][.．])(?<![0-9])(?P<number>[0-9]{1,4}|[一二两三四五六七八九十百]{1,5})"
_UNIT = r"(?P<unit>个?工作日|个?自然日|日|天|个?小时|个?星期|周|个月|年)"
_OF_DOCUMENT = r"(?:本|该|此|上述)?(?:实施)?(?:方案|通知|意见|措施|办法|政策|文件|规定|细则|计划|清单|行动|条例|公告|决定)?"
_ISSUE = (
    rf"(?P<issue>(?:自|从|在)?\s*{_OF_DOCUMENT}(?:正式)?(?:印发|发布|公布|下发|施行|出台|颁布|实施)"
    r"(?:之日|之后|以后|后)?(?:起|开始|算起)?(?:的)?[,，]?\s*)"
)
_LIMIT = rf"{_NUMBER}\s*{_UNIT}(?:时间)?(?:之|以)?内"
_FROM_ISSUE = re.compile(_ISSUE + _LIMIT)
_LIMITS = re.compile(_LIMIT)
_EVENT_BEFORE = re.compile(
    r"(?:自|从|在|于|应当?在?)?(?P<event>[^,，。;；:：\n\t()（）自从]{1,24}?)(?:(?:之日|当日|次日)起?(?:的)?|(?:之后|以后|后)(?:的|起)?)[,，]?\s*\Z"
)
_COMES_INTO_FORCE = re.compile(
    rf"(?:自|从)\s*{_OF_DOCUMENT}(?:正式)?(?:印发|发布|公布|下发|颁布|施行)之日(?:起|开始)?(?:正式)?(?:施行|实施|执行|生效|起)?"
)
# 审批时间压减至60个工作日以内: a figure that a case's time is brought to.
_MEASURED = re.compile(r"(?:控制在|[压缩减短]至|[压缩减短]到|不超过|降至)\s*\Z")
_FORCE_LATER = re.compile(_ISSUE + rf"(?:满)?{_NUMBER}\s*{_UNIT}(?:之|以)?后")
_MARK = re.compile(r"(?:自|从|应当?在?|须在?|要在|在|于)(?=[^自从在于]+\Z)")
_ENGLISH_LIMIT = re.compile(
    r"\bwithin\s+(?P<number>[0-9]{1,3})\s+(?P<unit>working days?|business days?|days?|weeks?|months?)"
    r"(?P<issue>\s+(?:of|from|after)\s+(?:the\s+)?(?:date of\s+)?(?:formal\s+)?(?:issu|print|publi|promulgat)\w*)?",
    re.IGNORECASE,
)
_ENGLISH_UNITS = {"working": "个工作日", "business": "个工作日", "day": "日", "week": "周", "month": "个月"}
_YEARS_AHEAD = re.compile(
    r"(?:力争|争取|计划|决定|确保|通过|用|再用|经过|未来|今后|利用)\s*(?:在|用|的)?(?:未来)?\s*"
    r"(?P<number>[0-9]{1,2}|[一二两三四五六七八九十]{1,2})(?P<unit>年|个月)(?:左右)?(?:的?时间)?(?:之|以)?内?"
)
_IN_FORCE_FOR = re.compile(
    r"有效期(?:限)?(?:为|是|至少)?\s*(?P<number>[0-9]{1,2}|[一二两三四五六七八九十]{1,2})\s*(?P<unit>年|个月)"
)


def counted_from_issue(folded: str, issued: date | None, calendar: Calendar) -> Iterator[Deadline]:
    """Yield limits counted from the document's issue, and its coming into force on that day."""
    for match in _FROM_ISSUE.finditer(folded):
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        yield _counted(folded, start, match.end(), match["number"], match["unit"], issued, calendar)
    for match in _ENGLISH_LIMIT.finditer(folded):
        if match["issue"]:
            unit = _ENGLISH_UNITS[match["unit"].lower().split()[0].rstrip("s")]
            yield _counted(folded, *match.span(), match["number"], unit, issued, calendar)
    for match in _FORCE_LATER.finditer(folded):
        later = _counted(folded, *match.span(), match["number"], match["unit"], issued, calendar)
        begins = later.date + timedelta(days=1) if later.date else None
        explanation = f"{later.explanation}，次日{begins}起" if begins else later.explanation
        yield replace(later, kind="since", date=None, begins=begins, explanation=explanation)
    for match in _COMES_INTO_FORCE.finditer(folded):
        yield Deadline(
            match.group(),
            *match.span(),
            "since",
            begins=issued,
            flag=None if issued else "issue-unknown",
            explanation=f"自印发之日{issued}起" if issued else "自印发之日起：文件印发日未知",
        )
    for match in _YEARS_AHEAD.finditer(folded):
        yield _years_ahead(match, issued)


def counted_from_events(folded: str) -> Iterator[Deadline]:
    """Yield limits that hang on a case's own event, or on none that is printed: 受理后3个工作日内办结."""
    for match in _LIMITS.finditer(folded):
        if match["unit"].endswith(("年", "月")) or _MEASURED.search(
            folded[max(0, match.start() - 6) : match.start()]
        ):
            continue
        before = _EVENT_BEFORE.search(folded, max(0, match.start() - 40), match.start())
        start = before.start() if before else match.start()
        mark = (
            _MARK.search(before.group().rstrip()[: before.end("event") - before.start()]) if before else None
        )
        if before and mark:
            start = before.start() + mark.start()
        event = ""
        if before:
            opens = before.start() + mark.end() if mark else before.start("event")
            event = folded[opens : before.end("event")].strip()
        yield Deadline(
            folded[start : match.end()],
            start,
            match.end(),
            "within",
            flag="from-event",
            event=event or None,
            explanation=(f"自“{event}”" if event else "自事项发生")
            + f"次日起算{match['number']}{match['unit']}内，无固定日期",
        )
    for match in _ENGLISH_LIMIT.finditer(folded):
        if not match["issue"] and not match["unit"].startswith("month"):
            yield Deadline(
                match.group(),
                *match.span(),
                "within",
                flag="from-event",
                explanation="自事项发生次日起算，无固定日期",
            )


def in_force_for(folded: str, begins: list[Deadline]) -> Iterator[Deadline]:
    """Yield 有效期两年 as an end counted from the coming into force that stands before it."""
    ends = [each.end for each in begins]
    for match in _IN_FORCE_FOR.finditer(folded):
        index = bisect_right(ends, match.start()) - 1
        near = index >= 0 and match.start() <= ends[index] + 60
        first = begins[index].begins if near else None
        number = _value(match["number"])
        if first is None or number is None:
            continue
        months = number * (12 if match["unit"] == "年" else 1)
        last = _months_on(first, months) - timedelta(days=1)
        yield Deadline(
            match.group(),
            *match.span(),
            "by",
            date=last,
            begins=first,
            explanation=f"自{first}起{match['number']}{match['unit']}，末日{last}",
        )


def _counted(
    folded: str,
    start: int,
    end: int,
    number: str,
    unit: str,
    issued: date | None,
    calendar: Calendar,
) -> Deadline:
    printed, count = folded[start:end], _value(number)
    if issued is None or count is None:
        return Deadline(
            printed, start, end, "within", flag="issue-unknown", explanation="自印发之日起算：文件印发日未知"
        )
    last, flag, explanation = _last_day(issued, count, unit, calendar)
    return Deadline(printed, start, end, "within", date=last, flag=flag, explanation=explanation)


def _last_day(
    issued: date, count: int, unit: str, calendar: Calendar
) -> tuple[date | None, Flag | None, str]:
    """The last day inside a limit from issue; the day of issue itself is not counted (民法典第二百零一条)."""
    begun = f"印发日{issued}不计，次日起算"
    if unit.endswith("工作日"):
        try:
            last = calendar.add_working_days(issued, count)
            off = [day for day in calendar.span(issued, last) if not day.working]
        except CalendarNotPublished as unpublished:
            return None, "calendar-unknown", f"{begun}{count}个工作日：{unpublished.year}年日历未公布，不推算"
        named = "、".join(f"{day.date.month}月{day.date.day}日{day.name}" for day in off if day.name)
        skipped = f"跳过休息日{len(off)}天" + (f"（含{named}）" if named else "") if off else "其间无休息日"
        return last, None, f"{begun}第{count}个工作日，{skipped}，末日{last}"
    if unit.endswith(("小时",)):
        return issued + timedelta(days=-(-count // 24)), None, f"{begun}{count}小时"
    if unit.endswith(("月", "年")):
        last = _months_on(issued, count * (12 if unit == "年" else 1))
        return last, None, f"自印发日{issued}起满{count}{unit}，末日{last}"
    days = count * (7 if unit.endswith(("周", "星期")) else 1)
    last = issued + timedelta(days=days)
    return last, None, f"{begun}第{days}日，末日{last}{_rest(last, calendar)}"


def _rest(last: date, calendar: Calendar) -> str:
    """Whether the last day is a day of rest: said, not shifted, since the office may be asked on it."""
    try:
        if calendar.is_working_day(last):
            return ""
        return f"，为休息日（期间顺延则为{calendar.next_working_day(last)}）"
    except CalendarNotPublished:
        return ""


def _years_ahead(match: re.Match[str], issued: date | None) -> Deadline:
    count = _value(match["number"])
    if issued is None or count is None:
        return Deadline(
            match.group(), *match.span(), "within", flag="issue-unknown", explanation="起算日未印明"
        )
    last = _months_on(issued, count * (12 if match["unit"] == "年" else 1))
    return Deadline(
        match.group(),
        *match.span(),
        "within",
        date=last,
        flag="confirm",
        explanation=f"起算日未印明，按印发日{issued}起{count}{match['unit']}计，末日{last}，请核对",
    )


def _months_on(day: date, months: int) -> date:
    """The same day so many months on, or the month's last where it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def _value(printed: str) -> int | None:
    """A count of at most 999: more days or years are a slip of the copy."""
    try:
        number = int(parse_number(printed))
    except NumeralError:
        return None
    return number if number <= _MOST else None
