"""What being on a list opens: the measures that read it, found from the policies themselves."""

from __future__ import annotations

from collections.abc import Iterator

from huiqi.policies.library import PolicyLibrary
from huiqi.portal.lists.kinds import ListKind
from huiqi.rules.facts import SUBJECT
from huiqi.rules.measure import Measure
from huiqi.rules.typed import Defined, FactOf, Listed, Typed, walk


def opened_by(kind: ListKind, library: PolicyLibrary) -> tuple[Measure, ...]:
    """Return the measures that read membership in a condition or an amount, also through a definition."""
    if not kind.says:
        return ()
    return tuple(
        measure for measure in library.measures if any(_reads(node, kind, library) for node in parts(measure))
    )


def parts(measure: Measure) -> Iterator[Typed]:
    """Yield the expressions of a measure: its conditions and its amount, with the names they use inside them."""
    yield from (condition.test for condition in measure.when)
    if measure.amount is not None:
        yield measure.amount
    yield from (each.body for each in measure.let)


def _reads(root: Typed, kind: ListKind, library: PolicyLibrary) -> bool:
    waiting, seen = [root], set()
    while waiting:
        for node in walk(waiting.pop()):
            if isinstance(node, Listed) and node.list_id == kind.says_list:
                return True
            if isinstance(node, FactOf) and node.record == SUBJECT and node.name == kind.says_fact:
                return True
            if isinstance(node, Defined) and node.name not in seen:
                seen.add(node.name)
                definition = library.definitions[node.name]
                tests = [definition.test, *(case.test for case in definition.cases)]
                waiting += [each for each in tests if each is not None]
    return False
