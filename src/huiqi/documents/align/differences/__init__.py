"""What two paired clauses say differently: figures, days and rhythms, offices, scope, the strength of promises."""

from __future__ import annotations

from collections.abc import Sequence

from huiqi.documents.align.differences.agencies import agency_differences
from huiqi.documents.align.differences.days import day_differences
from huiqi.documents.align.differences.figures import figure_differences
from huiqi.documents.align.differences.promises import promise_differences
from huiqi.documents.align.differences.scope import scope_differences
from huiqi.documents.align.differences.statements import Statements
from huiqi.documents.align.model import Difference
from huiqi.documents.align.views import ClauseView
from huiqi.documents.outline import Outline

__all__ = ["differences"]

_ORDER = ("figure", "date", "rhythm", "agency", "scope", "promise")


def differences(
    above: ClauseView,
    below: Sequence[ClauseView],
    sharers: Sequence[ClauseView],
    superior: Outline,
    subordinate: Outline,
) -> tuple[Difference, ...]:
    """The differences of a pair, by kind, then by place.

    `sharers` are all clauses above that have one of `below` in their pair, `above` among them: what any of them
    says was not added below.
    """
    said = Statements(above, below, sharers, superior.place, subordinate.place)
    found = [
        *figure_differences(said),
        *day_differences(said),
        *agency_differences(above, below, sharers),
    ]
    if not said.translated:
        found += [*scope_differences(said), *promise_differences(said)]
    return tuple(sorted(found, key=_place))


def _place(difference: Difference) -> tuple[int, bool, int]:
    passage = difference.superior or difference.subordinate
    return _ORDER.index(difference.kind), difference.superior is None, passage.start if passage else 0
