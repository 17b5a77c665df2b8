"""Promises that became weaker or stronger: a benefit that is only encouraged below, or left out there."""

from __future__ import annotations

import re

from huiqi.documents.align.differences.statements import Statement, Statements
from huiqi.documents.align.model import Difference
from huiqi.documents.sentences import KINDS

_GIVES = frozenset({"benefit", "status"})
_WISHES = frozenset({"encouragement", "mechanism", "publicity"})
_LEAST = 45
_OWN_MONEY = re.compile(
    r"(?:中央|国家|[省州市县区])级?财政[^。；;]{0,20}(?:安排|统筹|筹集)|预算安排[^。；;]{0,12}(?:省|州|市|县|区)级"
)


def promise_differences(said: Statements) -> list[Difference]:
    """Sentences that answer one another in another class, and benefits without a counterpart."""
    found = []
    for one, other, points in said.answers:
        if points < _LEAST or one.kind == other.kind:
            continue
        if one.kind in _GIVES and other.kind in _WISHES:
            why = f"上级是{_class(one)}，下级只是{_class(other)}"
            found.append(Difference("promise", one.passage(), other.passage(), "weakened", why))
        elif one.kind in _WISHES and other.kind in _GIVES:
            why = f"上级是{_class(one)}，下级是{_class(other)}"
            found.append(Difference("promise", one.passage(), other.passage(), "strengthened", why))
    for each in said.upper:
        if each.kind == "benefit" and not said.has_answer(each) and not _stands(each, said.lower):
            # Money that the upper level spends itself is not for the lower one to promise.
            own = _OWN_MONEY.search(each.printed) is not None
            why = "下级没有这一惠企语句" + ("（上级本级财政安排）" if own else "")
            found.append(Difference("promise", each.passage(), None, "changed" if own else "weakened", why))
    for each in said.lower:
        if each.kind == "benefit" and not said.has_answer(each) and not _stands(each, said.upper):
            found.append(Difference("promise", None, each.passage(), "strengthened", "上级没有这一惠企语句"))
    return found


def _class(said: Statement) -> str:
    return KINDS[said.kind]  # type: ignore[index]


def _stands(said: Statement, others: list[Statement]) -> bool:
    """Whether most of the sentence's words stand in the other side, in one sentence or spread over several."""
    size = said.counted.total()
    if not size:
        return True
    every = sum((each.counted for each in others), start=type(said.counted)())
    return 100 * (said.counted & every).total() >= 60 * size
