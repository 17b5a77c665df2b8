"""Reads every figure of a text that counts something."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import cast

from huiqi.documents.deadlines import Deadline, read_deadlines
from huiqi.documents.deadlines.places import Spans, merged
from huiqi.documents.quantities.model import Change, Direction, Quantity
from huiqi.documents.quantities.names import closed_places
from huiqi.documents.quantities.wording import (
    bound_before,
    changes_by,
    is_from,
    measured,
    reaches,
    rises_near,
)
from huiqi.reference import amounts
from huiqi.reference.numerals import fold, parse_number

_DIRECTIONS: dict[str, Direction] = {"more_than": "above", "less_than": "below"}
_PER = {
    **{"person": "人", "household": "户", "firm": "家", "month": "月", "year": "年", "quarter": "季度"},
    **{"day": "天", "time": "次", "visit": "人次", "square_metre": "平方米", "tonne": "吨", "mu": "亩"},
    **{"kilowatt_hour": "千瓦时", "vehicle": "车"},
}
_UNITS = {
    **{
        "yuan": "元",
        "percent": "%",
        "per cent": "%",
        "percentage point": "个百分点",
        "working day": "个工作日",
    },
    **{
        "month": "个月",
        "year": "年",
        "day": "天",
        "week": "周",
        "hour": "小时",
        "people": "人",
        "person": "人",
    },
    **{"employee": "人", "household": "户", "enterprise": "家", "time": "次", "rmb": "元"},
    **{"百分点": "个百分点", "基点": "个基点", "bp": "个基点", "工作日": "个工作日", "名": "人", "位": "人"},
}
_ENGLISH_NOUN = re.compile(
    r"\s+(?:[a-z\"',“”-]+\s+){0,8}?(?P<noun>enterprises?|households?|persons?|people|projects?|bases|platforms?|spaces|incubators?|measures|states|industries|departments)\b",
    re.IGNORECASE,
)
_ENGLISH_NOUNS = {"enterpri": "家", "househol": "户", "person": "人", "persons": "人", "people": "人"}
_ENGLISH_COUNT = re.compile(
    r"(?<![0-9A-Za-z,.])(?P<number>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,6})(?=\s+[a-z\"“])"
)
_RATIO = re.compile(
    r"(?:(?P<least>不低于|不少于)|(?P<most>不超过|不高于))?(?<![0-9:：.])(?P<a>[0-9]{1,3}(?:\.[0-9]{1,3})?)\s*[:：]\s*(?P<b>[0-9]{1,3}(?:\.[0-9]{1,3})?)(?![0-9:：])(?=\s*(?:的?(?:比例|配套|配比|配备|给予|以上|分担|标准|安排|匹配)|[,，。;；)]|\Z))"
)
_RATIO_BEFORE = re.compile(r"(?:按照?|比例|配套|不低于|不超过|不少于|不高于|为|达到?|比)\s*\Z")
_GOODS = "千瓦时|度|立方米|吨公里|吨|公斤|斤|升"
_FEN = re.compile(
    rf"(?:每(?:{_GOODS})[^,，。;；0-9]{{0,14}}(?P<price>(?P<number>[0-9]{{1,2}}(?:\.[0-9]{{1,3}})?)\s*分(?:钱)?)(?![之钟别批期年值])"
    rf"|(?P<price2>(?P<number2>[0-9]{{1,2}}(?:\.[0-9]{{1,3}})?)\s*分(?:钱)?)(?=\s*/\s*(?:{_GOODS})))"
)
_WHOLE = re.compile(
    r"全额(?=返还|退还|退税|留抵|贴息|补助|补贴|承担|资助|免除|保障|缴纳|扣除|退付|给予|奖励|拨付|减免|兑现)|翻(?P<times>一|两|1|2)番|过半(?!数)"
)
_SENTENCE = re.compile(r"[。;；\n]|\.(?![0-9])")
_PIECE = re.compile(r"[,，。;；\n]|\.(?![0-9])")
_LENGTHS_OF_TIME = frozenset(("年", "个月", "天", "日", "个工作日", "小时", "周", "个季度"))
_DIGIT = re.compile(r"[0-9〇零一二两三四五六七八九十百千万半过减对双加翻]")
_TARGETS: frozenset[Direction] = frozenset(("reach", "at_least", "increase", "decrease", "at_most"))


def read_quantities(
    text: str,
    deadlines: Sequence[Deadline] | None = None,
    *,
    issued: date | None = None,
    year: int | None = None,
) -> tuple[Quantity, ...]:
    """Return the figures of a text in their order, without overlaps.

    `deadlines` are those of the same text, read here by `issued` and `year` where they are not given: what
    lies in one (印发7个工作日内, 2022年底前) is no figure, and a figure is due until the one it stands under.

    A number that only names is none: dates, document numbers, titles, clause labels, slogans in quotes
    (“一窗通办”), groups and plans called by their number (十大专项行动, 三年行动计划), one of something (一个机制).
    """
    due = tuple(deadlines) if deadlines is not None else read_deadlines(text, issued, year)
    folded = fold(text)
    closed = merged([*closed_places(folded).spans, *((each.start, each.end) for each in due)])
    found = [
        _quantity(folded, each)
        for each in amounts.find_quantities(text)
        if not _is_closed(closed, each, folded)
    ]
    found = _wholes(folded) + _ratios(folded) + _fen(folded) + found
    found += _english_counts(folded, found)
    kept = _with_bases(folded, _apart(found))
    return _due(text, folded, kept, due)


def _is_closed(spans: Spans, found: amounts.Quantity, folded: str) -> bool:
    """Whether all its digits lie in closed places; limit words and notes may reach into one (一次性奖励5万元)."""
    digits = _DIGIT.finditer(folded, found.start, found.end)
    return all(spans.cover(match.start(), match.end()) for match in digits)


def _quantity(folded: str, found: amounts.Quantity) -> Quantity:
    unit, value, top = _in_print(folded, found)
    start, end = found.start, found.end
    before = folded[max(0, start - 28) : start]
    after = folded[end : end + 28]
    direction, change = _direction(found.direction, before, after)
    return Quantity(
        folded[start:end],
        start,
        end,
        value,
        top,
        unit,
        direction,
        of=measured(before, after, unit),
        change=change,
        per=tuple(_PER.get(name, name) for name in found.per),
    )


def _in_print(folded: str, found: amounts.Quantity) -> tuple[str, Fraction, Fraction | None]:
    """The unit as printed and the value in it: shares in hundredths, points in points, money in yuan."""
    noun = re.sub(r"(?<=[a-z])s$", "", found.noun.lower()) if found.noun.isascii() else found.noun
    unit, scale = _UNITS.get(noun, noun), Fraction(1)
    if found.unit == "ratio" and noun != "‰":
        unit, scale = "%", Fraction(100)
    elif noun == "‰":
        scale = Fraction(1000)
    elif unit == "个基点":
        scale = Fraction(10000)
    elif found.unit == "percentage_point":
        scale = Fraction(100)
    elif found.unit == "yuan":
        unit = "元"
    elif found.unit == "multiple" and not noun:
        unit = "倍"
    elif found.unit == "number":
        unit = _english_unit(folded, found.end)
    elif found.unit == "year" and not noun:
        unit = "年"
    return unit, found.value * scale, None if found.high is None else found.high * scale


def _direction(plain: str, before: str, after: str) -> tuple[Direction, Change | None]:
    if plain != "exactly":
        reached, change = reaches(before)
        return _DIRECTIONS.get(plain, cast(Direction, plain)), change or (
            None if reached else rises_near(before)
        )
    reached, change = reaches(before)
    bound = bound_before(before)
    if bound:
        return bound, change
    if reached:
        return "reach", change
    by = changes_by(before, after)
    return (by, by) if by else ("exactly", None)


def _ratios(folded: str) -> list[Quantity]:
    """Ratios such as 按1:1配套: the first part divided by the second."""
    found = []
    for match in _RATIO.finditer(folded):
        low = parse_number(match["b"])
        if not low or not (
            match["least"] or match["most"] or _RATIO_BEFORE.search(folded[: match.start()][-8:])
        ):
            continue
        direction: Direction = "at_least" if match["least"] else "at_most" if match["most"] else "exactly"
        value = parse_number(match["a"]) / low
        found.append(Quantity(match.group(), *match.span(), value, None, "比", direction))
    return found


def _fen(folded: str) -> list[Quantity]:
    """Prices in hundredths of a yuan, where a measure of goods tells them from marks: 每千瓦时下调2.5分."""
    found = []
    for match in _FEN.finditer(folded):
        which = "" if match["price"] else "2"
        start, end = match.span(f"price{which}")
        direction, change = _direction("exactly", folded[max(0, start - 28) : start], "")
        value = parse_number(match[f"number{which}"]) / 100
        found.append(Quantity(folded[start:end], start, end, value, None, "元", direction, change=change))
    return found


def _wholes(folded: str) -> list[Quantity]:
    found = []
    for match in _WHOLE.finditer(folded):
        printed, span = match.group(), match.span()
        if match["times"]:
            times = Fraction(2 if match["times"] in "一1" else 4)
            found.append(Quantity(printed, *span, times, None, "倍", "reach", change="increase"))
        elif printed == "过半":
            found.append(Quantity(printed, *span, Fraction(50), None, "%", "above"))
        else:
            after = folded[span[1] : span[1] + 28]
            found.append(
                Quantity(printed, *span, Fraction(100), None, "%", "exactly", of=measured("", after, "项"))
            )
    return found


def _english_counts(folded: str, found: Sequence[Quantity]) -> list[Quantity]:
    """Counts of English copies that print no unit: cultivate 1,000 provincial-level enterprises."""
    taken = merged([(each.start, each.end) for each in found])
    counts = []
    for match in _ENGLISH_COUNT.finditer(folded):
        unit = _english_unit(folded, match.end())
        if unit and not taken.cover(*match.span()):
            value = parse_number(match["number"])
            counts.append(Quantity(match.group(), *match.span(), value, None, unit, "exactly"))
    return counts


def _english_unit(folded: str, at: int) -> str:
    noun = _ENGLISH_NOUN.match(folded, at, at + 160)
    return _ENGLISH_NOUNS.get(noun["noun"].lower()[:8], "个") if noun else ""


def _apart(found: list[Quantity]) -> list[Quantity]:
    """In their order, the longer where two overlap."""
    kept: list[Quantity] = []
    for each in sorted(found, key=lambda quantity: (quantity.start, -quantity.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def _with_bases(folded: str, found: list[Quantity]) -> list[Quantity]:
    """Mark 由A提高至B: A is what was, B has A beside it as its base."""
    marked = list(found)
    for index in range(len(found) - 1):
        old, new = found[index], found[index + 1]
        if new.start - old.end > 24 or old.unit != new.unit:
            continue
        before = folded[max(0, old.start - 20) : old.start]
        change = is_from(before, folded[old.end : new.start])
        if change is not None:
            marked[index + 1] = replace(new, change=change, base=old.value)
    return marked


def _due(
    text: str, folded: str, found: list[Quantity], deadlines: Sequence[Deadline]
) -> tuple[Quantity, ...]:
    """Give each figure its printed words and the day until which it is due."""
    days = [each for each in deadlines if each.date is not None and each.kind in {"by", "within"}]
    limits = {each.date for each in days if each.field}
    limit = next(iter(limits)) if len(limits) == 1 else None
    breaks = _Breaks(folded)
    ends = [each.end for each in days]
    given = []
    for each in found:
        until = _until(each, days, ends, breaks)
        if until is None and each.direction in _TARGETS and not each.per and each.unit != "元":
            until = limit
        given.append(replace(each, printed=text[each.start : each.end], until=until))
    return tuple(given)


class _Breaks:
    """Where sentences and their pieces end, to ask what stands in one with what."""

    def __init__(self, folded: str) -> None:
        self._sentences = [match.start() for match in _SENTENCE.finditer(folded)]
        self._pieces = [match.start() for match in _PIECE.finditer(folded)]

    def one_sentence(self, left: int, right: int) -> bool:
        """Whether both places stand in one sentence."""
        return bisect_right(self._sentences, left) == bisect_right(self._sentences, right)

    def one_piece(self, left: int, right: int) -> bool:
        """Whether no comma or stop stands between both places."""
        return bisect_right(self._pieces, left) == bisect_right(self._pieces, right)


def _until(quantity: Quantity, days: list[Deadline], ends: list[int], breaks: _Breaks) -> date | None:
    """The day of the deadline in the same piece, else of the last before it in the sentence."""
    after = bisect_right(ends, quantity.start)
    before = days[after - 1] if after else None
    following = days[after] if after < len(days) else None
    if before is not None and breaks.one_piece(before.start, quantity.start):
        return before.date
    if following is not None and breaks.one_piece(quantity.end, following.start):
        return following.date
    if before is None or not breaks.one_sentence(before.start, quantity.start):
        return None
    if quantity.unit in _LENGTHS_OF_TIME and before.kind != "within":
        # 期限到2022年底,…缓缴期限不超过1年: another's end.
        return None
    return before.date
