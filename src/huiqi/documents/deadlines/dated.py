"""Printed dates as deadlines: which of them ask for something, and which only name a day or a year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from huiqi.documents.deadlines.model import Deadline, Flag, Kind
from huiqi.documents.deadlines.places import Spans
from huiqi.reference.dates import DateRange, find_dates

# Before a date: it is compared with, or begins something that is no duty.
_COMPARED = re.compile(
    r"(?:较|比|同比|相比|相较|对比|以|按照?|根据|参照|对照|超过|高于|低于|不低于|than in|compared with|compared to)\s*\Z"
)
_YEARLY = re.compile(r"(?:次|翌|下一?|隔|第二)年\s*\Z")
_EACH_YEAR = re.compile(r"每年(?:度)?的?\s*\Z")
_AS_AT = re.compile(r"截[至止]")
_TERM_BEFORE = re.compile(
    r"(?:期限|有效期|执行|实施|时间|时限|政策|延续|延长|日期|任务|为|是|的)\s*[:：]?\s*\Z"
)
# After a date: it dates an event, a document, a figure or a person's case.
_PAST_AFTER = re.compile(
    r"\s*(?:以来|全国|第[0-9一二三四五六七八九十]+次|被列|底数|末数|初预算|版|届|级|以前|之前已|已经?|缴纳.{0,6}困难"
    r"|新发放|批准缓缴|部分税费|度?实际缴纳|度?未裁员|以后|之后|出生|毕业|注册|成立|新设|新开)"
)
# After a coarse period: words with which a sentence says what is to be done in it.
_DOING = re.compile(
    r"\s*(?:[,，]|度?(?:内|期间)|对|在(?![建职册校岗库])|将|继续|力争|全面|全部|基本|为|培育|完成|新增|实现|减免|面向|再|要|争取|确保|预计|计划|安排|组织|推动|建成"
    r"|建设|制定|出台|启动|开展|打造|支持|全[省市州县区域国]|达到?|免征|暂停|暂缓|适用|拟|开始|底|起草|培训|引进|扶持|投入|统筹|[^,，。;；\n]{0,20}(?:力争|达到|实现|完成|突破|净增|不低于|不少于))"
)
_DONE_AFTER = re.compile(r"[^,，。;；\n]{0,16}(?:已|曾)")
_COUNTED = re.compile(r"[0-9〇零一二两三四五六七八九十]\s*\Z")
_OPENS = re.compile(
    r"(?:\A|[,，。.．;；:：\n\t(（、\"“]|全[省市州县区国]|(?:自|在|于|到|至|确保|力争|争取|推动|实现|计划|拟|各地|其中|预计|按期|并|一是|二是|三是|四是|五是|六是|七是|八是|九是))\s*\Z"
)
_FINISHING = re.compile(
    r"\s*[^,，。;；\n]{0,24}?(?:完成|出台|制定|上报|报送|实现|建成|办结|落实|到位|印发|启动|形成|建立|清偿|覆盖|达到|培育|投产|开工|竣工|验收)"
)
_PLAIN_DAY_AFTER = re.compile(
    r"\s*(?:完成|开始|启动|截止|到期|失效|终止|下班|结束|前|止|[0-9]{1,2}[时点:：])"
)
_FIVE_YEARS = re.compile(
    r"(?:到|至|在)?[\"“”'‘]?(?P<which>十[二三四五六七])五[\"“”'’]?(?P<part>末期?|期末|期间|时期|规划期末|收官)(?:之?前|内)?"
)
_FIRST_YEAR_OF = dict(zip("二三四五六七", (2011, 2016, 2021, 2026, 2031, 2036), strict=True))
_THIS_PERIOD = re.compile(
    r"(?<![每各])(?:(?P<month>(?:本月|当月)(?:底|末)|(?<![0-9一二三四五六七八九十份])月(?:底|末)(?=前|之前))|(?P<quarter>本季度?(?:底|末|内)|本季度(?=完成))"
    r"|(?P<week>本周(?:内|末|五|[一二三四六日])))(?:之?前|以前)?"
)
_FESTIVAL = re.compile(
    r"(?:(?:20[0-9]{2}|今|明)年)?(?:春节|元旦|国庆节?|中秋节?|五一|劳动节|端午节?|清明节?|两节|双节)(?:假期)?(?:之前|以前|前(?!夕|后))"
)
_DAY = timedelta(days=1)


def dated(
    folded: str, names: Spans, fields: Spans, issued: date | None, year: int | None
) -> Iterator[Deadline]:
    """Yield the printed dates that ask for something, or that say when something ends or holds."""
    document = issued or (date(year, 1, 1) if year else None)
    for found in find_dates(folded, document):
        if names.cover(*found.span):
            continue
        in_field = fields.cover(*found.span)
        deadline = _read(folded, found, in_field, issued)
        if deadline is not None:
            yield deadline
    yield from _five_year_plans(folded, issued)
    yield from _this_period(folded, issued)
    for match in _FESTIVAL.finditer(folded):
        yield Deadline(
            match.group(),
            *match.span(),
            "by",
            flag="confirm",
            explanation="以节日计，日期随年份，未推算，请核对",
        )


def _read(folded: str, found: DateRange, in_field: bool, issued: date | None) -> Deadline | None:
    start, end = found.span
    before = folded[max(0, start - 14) : start]
    after = folded[end : end + 40]
    if _COMPARED.search(before) or _EACH_YEAR.search(before):
        return None
    if found.printed.startswith("年") and _COUNTED.search(before):
        # 离校 2 年内: a length of time.
        return None
    yearly = _YEARLY.search(before)
    if yearly:
        return _next_years(folded, start - len(yearly.group()), end)
    kind = _kind(found, before, after, in_field)
    if kind is None:
        return None
    last = found.last_day if kind != "since" else None
    begins = found.start if kind in {"within", "span", "since"} else None
    if _is_past(found, kind, last, after, in_field, issued):
        return None
    flag = _flag(found, last, issued)
    printed = found.printed.strip()
    start += len(found.printed) - len(found.printed.lstrip())
    return Deadline(
        printed,
        start,
        start + len(printed),
        kind,
        date=last,
        begins=begins,
        flag=flag,
        explanation=_explained(printed, kind, last, begins, flag, issued),
        field=in_field,
    )


def _kind(found: DateRange, before: str, after: str, in_field: bool) -> Kind | None:
    """What a printed date is, None where it asks for nothing."""
    printed = found.printed
    if found.flag in {"needs_document_date", "impossible"} and found.end is None:
        closes = re.search(r"(?:前|止|内|底|末)\s*\Z|\A(?:至|到|截|by|before|until)", printed)
        return "by" if closes or in_field else None
    if re.search(r"(?:以来|后)\s*\Z", printed):
        return None
    if found.end is None:
        return "since"
    if found.start is None:
        if _AS_AT.match(printed) and not in_field and not _TERM_BEFORE.search(before):
            # 截至2021年底,全市…: a figure's day, unless a term ends on it.
            return "by" if re.match(r"\s*[。;；)）\n]|\Z", after) and before else None
        return "by"
    if re.search(r"[-—–~至到]|\bto\b", printed) and (found.end - found.start).days > 1:
        return "span"
    if in_field:
        return "by"
    if _PAST_AFTER.match(after):
        return None
    return _kind_of_period(found, before, after)


def _kind_of_period(found: DateRange, before: str, after: str) -> Kind | None:
    """A single day, month end, month, quarter or year without 前, 至 or 起."""
    printed = found.printed
    if re.search(r"(?:底|末|年末|上旬|中旬|下旬)\s*\Z|\bend\b", printed):
        return "by" if not re.match(r"\s*(?:数|余额|存量|的|人口|总)", after) else None
    if re.search(r"年内\s*\Z", printed):
        return "within" if not re.match(r"(?:新|接待|设立)", after) else None
    if re.match(r"(?:当年|本年)", printed) or re.search(r"初\s*\Z", printed):
        return None
    if found.start is not None and found.end is not None and (found.end - found.start).days == 1:
        return "by" if _PLAIN_DAY_AFTER.match(after) else None
    english = re.match(r"in \d{4}", printed, re.IGNORECASE)
    if english:
        opens = re.search(r"(?:\A|[.;:。；：\n])\s*\Z", before)
        return "within" if opens and re.match(r",", after) else None
    if re.search(r"[A-Za-z]", printed):
        return None
    asks = _OPENS.search(before) and _DOING.match(after) and not _DONE_AFTER.match(after)
    return "within" if asks else None


def _is_past(
    found: DateRange, kind: Kind, last: date | None, after: str, in_field: bool, issued: date | None
) -> bool:
    """Whether a date of an earlier year only names a fact: 2021年底前已参保, 2021年1月1日至12月31日."""
    if issued is None or last is None or in_field or last >= issued:
        return False
    if kind == "within":
        return last.year < issued.year
    if last.year >= issued.year:
        return False
    return kind == "span" or not _FINISHING.match(after)


def _flag(found: DateRange, last: date | None, issued: date | None) -> Flag | None:
    if found.flag == "impossible":
        return "impossible"
    if found.flag == "needs_document_date":
        return "year-unknown"
    if issued is not None and last is not None and last < issued:
        return "before-issue"
    return "confirm" if found.flag == "confirm" else None


def _next_years(folded: str, start: int, end: int) -> Deadline:
    printed = folded[start:end]
    return Deadline(
        printed,
        start,
        end,
        "by",
        flag="from-event",
        event=printed[:2],
        explanation="以次年计，随每年事项而定",
    )


def _five_year_plans(folded: str, issued: date | None) -> Iterator[Deadline]:
    for match in _FIVE_YEARS.finditer(folded):
        first = _FIRST_YEAR_OF[match["which"][1]]
        last = date(first + 4, 12, 31)
        ends = "末" in match["part"] or match["part"] == "收官"
        if issued is not None and last < issued:
            continue
        yield Deadline(
            match.group(),
            *match.span(),
            "by" if ends else "within",
            date=last,
            begins=None if ends else date(first, 1, 1),
            explanation=f"{match['which']}五为{first}至{first + 4}年，末日{last}",
        )


def _this_period(folded: str, issued: date | None) -> Iterator[Deadline]:
    for match in _THIS_PERIOD.finditer(folded):
        if issued is None:
            yield Deadline(
                match.group(), *match.span(), "by", flag="issue-unknown", explanation="文件印发日未知"
            )
            continue
        if match["month"]:
            first, name = date(issued.year, issued.month, 1), "本月"
            following = date(issued.year + issued.month // 12, issued.month % 12 + 1, 1)
        elif match["quarter"]:
            opening = (issued.month - 1) // 3 * 3 + 1
            first, name = date(issued.year, opening, 1), "本季度"
            following = date(issued.year + (opening + 2) // 12, (opening + 2) % 12 + 1, 1)
        else:
            monday = issued - timedelta(days=issued.weekday())
            weekday = "一二三四五六日".find(match["week"][-1])
            first, name = monday, "本周"
            following = monday + timedelta(days=(weekday if weekday >= 0 else 6) + 1)
        last = following - _DAY
        yield Deadline(
            match.group(),
            *match.span(),
            "by",
            date=last,
            begins=None,
            flag="before-issue" if last < issued else None,
            explanation=f"按印发日{issued}所在{name}（{first}起）计，末日{last}",
        )


def _explained(
    printed: str, kind: Kind, last: date | None, begins: date | None, flag: Flag | None, issued: date | None
) -> str:
    if flag == "impossible":
        return f"“{printed}”没有这一天，或起止颠倒"
    if flag == "year-unknown":
        return f"“{printed}”未印年份，文件日期未知"
    if kind == "since":
        return f"自{begins}（含当日）起"
    said = f"{begins}至{last}" if kind in {"span", "within"} and begins else f"末日{last}（含当日）"
    if last is not None and str(last.year) not in printed and issued is not None and issued.year == last.year:
        said += f"，年份取自文件日期{issued}"
    if flag == "confirm":
        said += "；字面为月初之前，通行理解为该月底，请核对"
    if flag == "before-issue":
        said += f"；早于文件日期{issued}，请核对"
    return said
