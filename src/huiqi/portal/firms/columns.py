"""The columns of a firm that lists are filtered by, made of the claims that count; the size class by its rule."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from huiqi.policies.library import PolicyLibrary
from huiqi.policies.size import SIZE
from huiqi.portal.firms.case import case_of
from huiqi.portal.firms.claims import counting
from huiqi.portal.firms.models import Firm
from huiqi.reference.bigrams import bigrams
from huiqi.rules.typed import FactOf, walk

COLUMNS = ("name", "region", "industry", "size", "bigrams")


def settle(firm: Firm, library: PolicyLibrary, day: datetime.date) -> None:
    """Set the columns of a firm from its facts; where nobody says anything they stay. Nothing is saved."""
    for name in ("name", "region", "industry"):
        claims = firm.facts.get(name)
        counts = counting(claims, library.facts.subject[name].known_by) if claims else None
        if counts is not None:
            setattr(firm, name, str(counts["value"]))
    firm.bigrams = bigrams(firm.name)
    firm.size = size_of(firm, library, day)


def size_of(firm: Firm, library: PolicyLibrary, day: datetime.date) -> str:
    """Return the size class: by the rule, else as a source gives it, "" where neither settles it."""
    situation = case_of(firm, library, day, _facts_of_size(library)).situation
    computed = library.evaluator.definition_reading(SIZE)(situation)
    found = computed if isinstance(computed, str) else situation.given.get(SIZE)
    return found if isinstance(found, str) else ""


@dataclass(slots=True)
class _Remembered:
    """What the size class of one library reads: a site has one library, and thousands of firms to settle."""

    library: PolicyLibrary | None = None
    facts: frozenset[str] = frozenset()


_remembered = _Remembered()


def _facts_of_size(library: PolicyLibrary) -> frozenset[str]:
    """Return the facts that the size class is made of, and the class itself where a source gives it."""
    if _remembered.library is not library:
        tests = [case.test for case in library.definitions[SIZE].cases if case.test is not None]
        read = {node.name for test in tests for node in walk(test) if isinstance(node, FactOf)}
        _remembered.facts, _remembered.library = frozenset({SIZE, *read}), library
    return _remembered.facts
