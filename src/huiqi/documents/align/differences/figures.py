"""Figures that differ, compared as values: 200万元 and 2,000,000元 are one, 1307户 and 88户 are two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from huiqi.documents.align.differences.statements import MOST_PAIRS, Statement, Statements, dice
from huiqi.documents.align.model import Change, Difference, Passage
from huiqi.documents.align.views import ClauseView
from huiqi.documents.comparison import normalise
from huiqi.documents.quantities import Quantity
from huiqi.reference.amounts import numbers_in

_FIRMS, _PERSONS = frozenset({"户", "家"}), frozenset({"名", "人"})
_PRINTED_NUMBER = re.compile(r"[0-9０-９二三四五六七八九十百千万两]")
_ENGLISH_NUMBERS = {
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9},
    **{"ten": 10, "eleven": 11, "twelve": 12, "half": 50, "twenty": 20, "hundred": 100},
}
_SCALES = (1, 100, 10_000, 1_000_000, 100_000_000)
_CORE = re.compile(r"(?P<digits>\d[\d,.]*)(?P<scale>[万亿千百]*)")
_PAIRED = 30
_ANSWERING = 25
"""Points for standing in sentences that answer one another."""
_FUND = re.compile(r"安排|统筹|专项资金|预算|财政.{0,6}资金|筹集|下达|规模")
_GRANT = re.compile(r"奖励|补助|补贴|奖补|返还|贴息|减免|减征|资助|支持|给予|扣除|授信|额度|免收|优惠|扶持")
_COST = re.compile(r"(?:利率|费率|税率|收费|保证金|首付|门槛|担保费)[^。；，,;]{0,8}$")
_CONDITION = re.compile(
    r"^(?:以上|及以上|以下|及以下)?[（(]?(?:含[^）)]{0,6}[）)])?(?:以上|以下)?(?:的|且|并|、且)"
)


@dataclass(frozen=True, slots=True)
class _Figure:
    view: ClauseView
    quantity: Quantity


def figure_differences(said: Statements) -> list[Difference]:
    """Figures of one side that the other does not print anywhere, paired where they stand for the same."""
    above = _figures([said.above])
    below = _figures(said.below)
    sharers = _figures(said.sharers)
    left = [each for each in above if not _has(each, below) and not _printed(each, said.lower_text, said)]
    more = [each for each in below if not _has(each, sharers) and not _printed(each, said.upper_text, said)]
    found = []
    for one, other in _paired(said, left, more):
        left.remove(one)
        more.remove(other)
        found.append(_difference(said, one, other))
    found += [_difference(said, each, None) for each in left]
    found += [_difference(said, None, each) for each in more]
    return found


def _figures(views: Iterable[ClauseView]) -> list[_Figure]:
    made = []
    for view in views:
        for quantity in view.clause.quantities:
            if quantity.value in (1, 100) and not _PRINTED_NUMBER.search(quantity.printed):
                continue
            made.append(_Figure(view, quantity))
    return made


def unit_class(unit: str) -> str:
    """Firms by any word, persons by any word; other units as they are."""
    return "户" if unit in _FIRMS else "人" if unit in _PERSONS else unit


def _has(one: _Figure, others: Sequence[_Figure]) -> bool:
    mine = one.quantity
    for other in others:
        its = other.quantity
        if mine.value != its.value or (mine.value_to or mine.value) != (its.value_to or its.value):
            continue
        if one.view.english or other.view.english or unit_class(mine.unit) == unit_class(its.unit):
            return True
    return False


def _printed(one: _Figure, text: str, said: Statements) -> bool:
    """Whether the number stands in the other text in some form, even where it was not read as a figure."""
    value, unit = one.quantity.value, one.quantity.unit
    if said.translated:
        words = text.casefold()
        if any(value == number and word in words for word, number in _ENGLISH_NUMBERS.items()):
            return True
        return bool(_numbers(text) & {value / scale for scale in _SCALES})
    core = _CORE.search(normalise(one.quantity.printed))
    if core is None:
        return False
    behind = "" if core["scale"] or unit not in {"元", "%"} else unit
    written = re.escape(core["digits"] + core["scale"]) + (
        behind or (re.escape(unit) if not core["scale"] else "")
    )
    return re.search(rf"(?<![0-9.]){written}", text) is not None


@lru_cache(maxsize=8)
def _numbers(text: str) -> frozenset[Fraction]:
    return frozenset(numbers_in(text, dates=False))


def _paired(
    said: Statements, left: Sequence[_Figure], more: Sequence[_Figure]
) -> list[tuple[_Figure, _Figure]]:
    if len(left) * len(more) > MOST_PAIRS:
        return []
    scored = []
    for row, one in enumerate(left):
        for column, other in enumerate(more):
            first, second = unit_class(one.quantity.unit), unit_class(other.quantity.unit)
            if first != second and not (said.translated and "" in (first, second)):
                continue
            points = _alike(said, one, other)
            if points >= _PAIRED:
                scored.append((points, -row, -column))
    pairs = []
    used: tuple[set[int], set[int]] = (set(), set())
    for _, row, column in sorted(scored, reverse=True):
        if row not in used[0] and column not in used[1]:
            used[0].add(row)
            used[1].add(column)
            pairs.append((left[-row], more[-column]))
    return pairs


def _alike(said: Statements, one: _Figure, other: _Figure) -> int:
    first, second = one.quantity, other.quantity
    if said.translated:
        alone = len(one.view.clause.quantities) == 1 and len(other.view.clause.quantities) == 1
        return _PAIRED if alone and first.unit == second.unit else 0
    points = dice(
        said.around(one.view, first.start, first.end), said.around(other.view, second.start, second.end)
    )
    if said.answered(said.at(one.view, first.start), said.at(other.view, second.start)):
        points += _ANSWERING
    if first.of and second.of and (first.of in second.of or second.of in first.of):
        points += 15
    if _is_fund(one) and _is_fund(other):
        points += 20
    return points


def _is_fund(figure: _Figure) -> bool:
    """Whether the figure is a sum that a level sets aside, not what one recipient gets."""
    text = figure.view.clause.clause.text
    return _FUND.search(text[max(figure.quantity.start - 20, 0) : figure.quantity.start]) is not None


def _difference(said: Statements, one: _Figure | None, other: _Figure | None) -> Difference:
    shown = [_passage(each) for each in (one, other)]
    if one is not None and other is not None:
        why = f"同一事项的数字由{one.quantity.printed}变为{other.quantity.printed}"
    elif one is not None:
        why = f"下级未写{one.quantity.printed}"
    else:
        assert other is not None
        why = f"下级增加{other.quantity.printed}"
    return Difference("figure", shown[0], shown[1], _change(said, one, other), why)


def _passage(figure: _Figure | None) -> Passage | None:
    if figure is None:
        return None
    quantity = figure.quantity
    return Passage(figure.view.path, quantity.printed, quantity.start, quantity.end)


def _change(said: Statements, one: _Figure | None, other: _Figure | None) -> Change:
    figure = other or one
    assert figure is not None
    if said.translated:
        return "changed"
    sentence = said.at(figure.view, figure.quantity.start)
    if sentence is None or sentence.kind != "benefit":
        return "changed"
    better = _higher_is_better(figure, sentence)
    if better == 0 or (better < 0 and (one is None or other is None)):
        return "changed"
    if one is None or other is None:
        return "strengthened" if one is None else "weakened"
    rise = _top(other) - _top(one)
    return "strengthened" if rise * better > 0 else "weakened" if rise * better < 0 else "changed"


def _top(figure: _Figure) -> Fraction:
    return figure.quantity.value_to or figure.quantity.value


def _higher_is_better(figure: _Figure, sentence: Statement) -> int:
    """1 where those who receive gain by a higher figure, -1 where they lose (a condition, a cost), else 0."""
    text = figure.view.clause.clause.text
    quantity = figure.quantity
    before = text[max(sentence.start, quantity.start - 16) : quantity.start]
    after = text[quantity.end : min(sentence.end, quantity.end + 10)]
    if _COST.search(before) and not _GRANT.search(before):
        return -1
    if quantity.direction in {"at_least", "above"} and not _GRANT.search(before[-6:]):
        return -1
    if _CONDITION.match(after):
        return 0
    if _FUND.search(before[-10:]):
        return 0
    return 1 if _GRANT.search(before) or _GRANT.search(after[:6]) else 0
