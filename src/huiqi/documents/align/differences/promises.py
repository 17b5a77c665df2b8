"""Promises that became weaker or stronger: a benefit that is only encouraged below, or left out there."""

from __future__ import annotations

import re

from huiqi.documents.align.differences.statements import Statement, Statements
from huiqi.documents.align.model import Difference
from huiqi.documents.sentences import KINDS

_GIVES = frozenset({"benefit", "status"})
_WISHES = frozenset({"encouragement", "mechanism", "publicity"})
_OPEN = re.compile(r"(?:[一二三四五六七八九十]是)?(?:鼓励|倡导|提倡|积极争取|争取|有条件的)")
_LEAST = 45
_CORE = 55
_OWN_MONEY = re.compile(
    r"(?:中央|国家|[省州市县区])级?财政[^。；;]{0,20}(?:安排|统筹|筹集)|预算安排[^。；;]{0,12}(?:省|州|市|县|区)级"
)


def promise_differences(said: Statements) -> list[Difference]:
    """Sentences that answer one another in another class, and benefits without a counterpart."""
    found = []
    for one, other, points in said.answers:
        if points < _LEAST and not _is_core(one, other):
            continue
        if _gives(one) and _wishes(other):
            why = f"上级是{_class(one)}，下级只是{_class(other)}"
            found.append(Difference("promise", one.passage(), other.passage(), "weakened", why))
        elif _wishes(one) and _gives(other):
            why = f"上级只是{_class(one)}，下级是{_class(other)}"
            found.append(Difference("promise", one.passage(), other.passage(), "strengthened", why))
    for each in said.upper:
        if each.kind == "benefit" and not said.has_answer(each) and not _stands(each, said.lower):
            # Money that the upper level spends itself is not for the lower one to promise.
            own = _OWN_MONEY.search(each.printed) is not None
            why = "下级没有这一惠企语句" + ("（上级本级财政安排）" if own else "")
            found.append(Difference("promise", each.passage(), None, "changed" if own else "weakened", why))
    for each in said.lower:
        if each.kind == "benefit" and not said.has_answer(each) and not _stands(each, said.sharing):
            found.append(Difference("promise", None, each.passage(), "strengthened", "上级没有这一惠企语句"))
    return found


def _is_core(one: Statement, other: Statement) -> bool:
    """Whether the shorter sentence is mostly a part of the longer one."""
    smaller = min(one.counted.total(), other.counted.total())
    return smaller > 0 and 100 * (one.counted & other.counted).total() >= _CORE * smaller


def _gives(said: Statement) -> bool:
    return said.kind in _GIVES and not _leaves_open(said)


def _wishes(said: Statement) -> bool:
    return said.kind in _WISHES or (said.kind in _GIVES and _leaves_open(said))


def _leaves_open(said: Statement) -> bool:
    """Whether a benefit is only left to others: 鼓励各县…给予补贴, 积极争取…."""
    return _OPEN.match(said.printed) is not None


def _class(said: Statement) -> str:
    return "鼓励争取" if _leaves_open(said) else KINDS[said.kind]


def _stands(said: Statement, others: list[Statement]) -> bool:
    """Whether most of the sentence's words stand in the other side, in one sentence or spread over several."""
    size = said.counted.total()
    if not size:
        return True
    every = sum((each.counted for each in others), start=type(said.counted)())
    return 100 * (said.counted & every).total() >= 60 * size
