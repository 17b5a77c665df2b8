"""Figures that do not agree: an announced count against its list, a sum against its parts, parts over 100%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from huiqi.documents.quantities.model import Quantity
from huiqi.documents.quantities.names import closed_places
from huiqi.documents.quantities.reading import read_quantities
from huiqi.reference.numerals import NumeralError, fold, parse_number

Kind = Literal["count", "sum", "percent"]

_NUMBER = r"(?P<number>[0-9]{1,3}|[一二两三四五六七八九十]{1,3})"
_COUNTER = r"(?P<counter>个方面|大类|个|项|类|种|条|大|家|户|县|市|州|省|区|部门|方面|点|件|步|款)"
# A、B、C等8个县市: the count closes its list, which goes back to the last comma, stop or other count.
_CLOSED = re.compile(
    rf"(?P<more>等)?(?:共|合计|这|以上|上述)?(?<![0-9一二三四五六七八九十第每]){_NUMBER}(?P<counter>个|项|类|种|家|户|县市?|市县?|州市?|省|区|部门|单位|方面|行业)(?![0-9年月日元])"
)
_LIST_OPENS = re.compile(rf"[,，。;；:：\n\t()（）]|\.(?![0-9])|{_NUMBER}(?:个|项|类|种|家|户|部门|单位)")
_LONGEST_LIST = 600
# 三项制度(即A、B、C), 以下八项措施:A;B;C: the count opens its list.
_OPENED = re.compile(
    rf"(?<![0-9第]){_NUMBER}{_COUNTER}[^。.;；:：\n()（）0-9,，]{{0,20}}(?:[(（](?:即|包括|分别为|分别是|指)[:：]?|[:：]|(?:即|包括|分别是|分别为)[:：]?)(?P<list>[^。\n()（）:：]{{2,600}})"
)
_ANNOUNCED = re.compile(
    rf"(?:以下|下列|如下|下面|采取|从|做好|抓好|实施|聚焦|围绕|制定|提出|现将|将)(?:的)?(?P<which>以下|如下|下列)?{_NUMBER}(?P<counter>个方面|方面|个|项|条|点|大|类)(?P<noun>[\u4e00-\u9fff]{{0,8}})"
)
_STEPS = re.compile(r"(?<![\u4e00-\u9fff])([一二三四五六七八九十]{1,2})是")
_OF_WHICH = re.compile(
    r"[^。;；\n0-9]{0,30}?(?:其中|分别为|分别是|包括|含)[:：,，]?\s*|\s*[(（](?:其中)?[:：]?"
)
_NAMED = re.compile(r"[“\"]?(?P<number>[一二三四五六七八九十]{1,3})大(?P<noun>[\u4e00-\u9fff]{2,6})[”\"]?")
_CLOSING_LIST = re.compile(r"等\s*\Z")
_AND = re.compile(r"和|及|与|以及")


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A figure that its own text contradicts; `text[start:end] == printed`.

    `kind`: count (a list has more or fewer than announced), sum (parts do not add up), percent (parts over
    100%). `certain` is False where the text may name only some of the parts (其中, 等).
    """

    kind: Kind
    printed: str
    start: int
    end: int
    announced: Fraction
    found: Fraction
    certain: bool
    explanation: str


def read_mismatches(text: str, quantities: Sequence[Quantity] | None = None) -> tuple[Mismatch, ...]:
    """Return what a text announces and its own lists, parts or shares contradict, in its order.

    A list counts as contradicting only where every way to divide it (、 ； 和) gives another number.
    `quantities` are those of the text, read here where not given.
    """
    folded = fold(text)
    figures = tuple(quantities) if quantities is not None else read_quantities(text, ())
    found = [*_closing_counts(text, folded), *_opening_counts(text, folded), *_sums(text, folded, figures)]
    return tuple(sorted(found, key=lambda each: (each.start, each.end)))


def read_list_mismatches(text: str, headings: Sequence[str]) -> tuple[Mismatch, ...]:
    """Return the counts of a clause's text that the clauses or plans below it contradict.

    以下八项措施 with nine clauses below; “十大专项行动” with nine headings that end in 专项行动.
    """
    folded = fold(text)
    found = []
    for match in _ANNOUNCED.finditer(folded):
        number = _value(match["number"])
        closes = match["which"] or match.group()[:2] in {"以下", "下列", "如下", "下面"}
        if number is None or len(headings) < 2 or not closes or number == len(headings):
            continue
        found.append(_count(text, match.span(), number, len(headings), certain=True))
    for match in _NAMED.finditer(folded):
        number = _value(match["number"])
        listed = sum(_ends_in(fold(heading), match["noun"]) for heading in headings)
        if number is not None and listed >= 2 and listed != number:
            found.append(_count(text, match.span(), number, listed, certain=True))
    return tuple(found)


def _ends_in(heading: str, noun: str) -> bool:
    return (
        re.search(rf"{re.escape(noun)}(?:实施方案|方案)?\W*(?:[一二三四五六七八九十]\W*)?\Z", heading[:80])
        is not None
    )


_COUNTED_ITEM = re.compile(r"\d+[户家个项名人件笔]")


def _closing_counts(text: str, folded: str) -> Iterator[Mismatch]:
    """Compare A、B、C等8个县市 with its list; 和 inside an item may or may not divide it."""
    closed = closed_places(folded)
    for match in _CLOSED.finditer(folded):
        number = _value(match["number"])
        if number is None or number < 2 or closed.cover(*match.span("number")):
            continue
        start = _list_start(folded, match.start())
        items = folded[start : match.start()].split("、")
        most = len(items) + len(_AND.findall(items[-1])) + len(_AND.findall(items[0]))
        if len(items) < 2 or len(items) <= number <= most:
            continue
        if not items[0].strip() or any(_COUNTED_ITEM.search(each) for each in items[:-1]):
            # 甲业2户、乙业3户: each has a count of its own.
            continue
        runs_on = folded[start - 1 : start] in {",", "，"}
        if number > len(items) and (match["more"] or runs_on or number > most + 2):
            # Some of them only (纺织、医药等17个行业), or the list began before the comma.
            continue
        certain = bool(match["more"]) and number < len(items)
        yield _count(text, (start, match.end()), number, len(items), certain=certain)


def _list_start(folded: str, end: int) -> int:
    """Where the list that ends here began, as far as punctuation and other counts tell."""
    low = max(0, end - _LONGEST_LIST)
    last = low
    for match in _LIST_OPENS.finditer(folded, low, end):
        last = match.end()
    return last


def _opening_counts(text: str, folded: str) -> Iterator[Mismatch]:
    """Compare 三项制度(即A、B、C) with what follows; some sign of division must give the number."""
    for match in _OPENED.finditer(folded):
        number = _value(match["number"])
        if number is None or number < 2 or _CLOSING_LIST.search(match["list"]):
            continue
        listed = match["list"]
        steps = len(_STEPS.findall(folded[match.start("list") - 1 : match.start("list") + 3000]))
        counts = {sign: listed.count(sign) + 1 for sign in ("、", ";", "；", ",", "，") if sign in listed}
        both = counts.get("、", 1) + max(counts.get(",", 1), counts.get("，", 1)) - 1
        ways = {*counts.values(), both, counts.get("、", 1) + len(_AND.findall(listed))} | (
            {steps} if steps else set()
        )
        if not counts or number in ways or "等" in listed[-8:]:
            continue
        best = steps or counts.get(";") or counts.get("；") or counts.get("、") or 1
        if best >= 2:
            yield _count(text, match.span("number"), number, best, certain=False)


def _count(text: str, span: tuple[int, int], number: int, listed: int, *, certain: bool) -> Mismatch:
    return Mismatch(
        "count",
        text[span[0] : span[1]],
        *span,
        Fraction(number),
        Fraction(listed),
        certain,
        f"所称{number}项，列出{listed}项",
    )


def _sums(text: str, folded: str, figures: Sequence[Quantity]) -> Iterator[Mismatch]:
    """Compare a total with the parts that follow behind 其中 or in brackets, all in its unit."""
    for index, total in enumerate(figures):
        if total.value_to is not None or total.per or total.unit in {"年", "个月", "天", "个工作日", ""}:
            continue
        opening = _OF_WHICH.match(folded, total.end)
        if opening is None:
            continue
        parts = _parts(folded, total, opening.end(), figures[index + 1 : index + 41])
        if len(parts) < 2:
            continue
        added = sum((part.value for part in parts), Fraction(0))
        span = (total.start, parts[-1].end)
        said = f"各部分合计{_shown(added)}{total.unit}，总数{_shown(total.value)}{total.unit}"
        if added != total.value and not (total.unit == "%" and total.change):
            yield Mismatch("sum", text[slice(*span)], *span, total.value, added, added > total.value, said)
        elif added != total.value and total.unit == "%":
            yield Mismatch("sum", text[slice(*span)], *span, total.value, added, False, said)
    yield from _shares(text, folded, figures)


def _parts(folded: str, total: Quantity, at: int, following: Sequence[Quantity]) -> list[Quantity]:
    """The figures in the total's unit up to the sentence's end, one a piece between 、 or ，."""
    parts: list[Quantity] = []
    reached = at
    for each in following:
        between = folded[reached : each.start]
        if (
            len(between) > 40
            or re.search(r"[。;；\n]", between)
            or (parts and not re.search(r"[、,，和及]", between))
        ):
            break
        if each.unit != total.unit or each.value_to is not None or each.per or "其中" in between:
            break
        parts.append(each)
        reached = each.end
    return parts


def _shares(text: str, folded: str, figures: Sequence[Quantity]) -> Iterator[Mismatch]:
    """Compare with 100% the shares that one sentence says it is made of (A占60%、B占50%)."""
    run: list[Quantity] = []
    for each in (*figures, None):
        holds = (
            each is not None
            and each.unit == "%"
            and folded[max(0, each.start - 8) : each.start].find("占") >= 0
        )
        joined = (
            run and each is not None and not re.search(r"[。;；\n]", folded[run[-1].end : each.start][:200])
        )
        if holds and (joined or not run) and each is not None:
            run.append(each)
            continue
        added = sum((part.value for part in run), Fraction(0))
        if len(run) >= 2 and added > 100 and run[-1].end - run[0].start < 300:
            span = (run[0].start, run[-1].end)
            said = f"所占比例合计{_shown(added)}%，超过100%"
            yield Mismatch("percent", text[slice(*span)], *span, Fraction(100), added, False, said)
        run = [each] if holds and each is not None else []


def _shown(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else str(value)


def _value(printed: str) -> int | None:
    try:
        return int(parse_number(printed))
    except NumeralError:
        return None
