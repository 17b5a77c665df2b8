"""The measures of a run: all, or those that were chosen with all that they exclude or are excluded by."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace

from huiqi.policies.library import PolicyLibrary


def with_rivals(library: PolicyLibrary, chosen: Iterable[str]) -> tuple[str, ...]:
    """Return the chosen measures and those tied to them by exclusions, by id; () means all and stays so.

    Whether a firm is left a measure depends on what else it is owed and may not have with it: without its rivals a
    measure would come out as more than the firm is really owed.
    """
    tied: dict[str, set[str]] = {}
    for measure in library.measures:
        for each in measure.not_with:
            tied.setdefault(measure.id, set()).add(each.measure)
            tied.setdefault(each.measure, set()).add(measure.id)
    found: set[str] = set()
    waiting = list(chosen)
    while waiting:
        name = waiting.pop()
        if name not in found and name in library.by_id:
            found.add(name)
            waiting.extend(tied.get(name, ()))
    return tuple(sorted(found))


def narrowed(library: PolicyLibrary, chosen: Iterable[str]) -> PolicyLibrary:
    """Return the library with only the chosen measures and their rivals; with all where none is chosen."""
    names = set(with_rivals(library, chosen))
    if not names:
        return library
    kept = tuple(each for each in library.measures if each.id in names)
    return replace(library, measures=kept, _possible={})


def digest_of(region: str, as_of: datetime.date, chosen: Iterable[str]) -> str:
    """Return the digest by which two runs are known to ask for the same."""
    said = [region, as_of.isoformat(), sorted(set(chosen))]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
