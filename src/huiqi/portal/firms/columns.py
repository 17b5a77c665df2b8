"""The columns of a firm that lists are filtered by, made of the claims that count; the size class by its rule."""

from __future__ import annotations

import datetime

from huiqi.policies.library import PolicyLibrary
from huiqi.policies.size import SIZE
from huiqi.portal.firms.case import case_of
from huiqi.portal.firms.claims import counting
from huiqi.portal.firms.models import Firm
from huiqi.reference.bigrams import bigrams

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
    situation = case_of(firm, library, day).situation
    computed = library.evaluator.definition_reading(SIZE)(situation)
    found = computed if isinstance(computed, str) else situation.given.get(SIZE)
    return found if isinstance(found, str) else ""
