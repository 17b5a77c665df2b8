"""What sources say of a fact, and which of them counts: the most trusted, and of that the latest.

A claim is `{"value", "source", "date", "roster"}`; a firm's facts are `{name or name@period: [claims]}`. Claims
of other sources stay, so that a disagreement is seen and settled, never overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).parent / "trust.yaml"
Claim = Mapping[str, Any]
LIST_SOURCE = "list:"
"""What the source of a membership begins with; the list's kind follows."""


@cache
def trust() -> Mapping[str, tuple[str, ...]]:
    """Return the order of trust by who knows a fact."""
    return {
        name: tuple(order) for name, order in yaml.load(_FILE.read_text("utf-8"), yaml.CSafeLoader).items()
    }


def sources() -> frozenset[str]:
    """Return every source that the order of trust names."""
    return frozenset(source for order in trust().values() for source in order)


def counting(claims: Iterable[Claim], known_by: str) -> Claim | None:
    """Return the claim that counts; None where nobody says anything."""
    rank = _ranks(known_by)
    best: Claim | None = None
    settled: Claim | None = None
    for claim in claims:
        if claim.get("settled"):
            settled = claim
        elif best is None or _key(claim, rank) > _key(best, rank):
            best = claim
    # What the office settled after a contest holds until a source says something later.
    if settled is not None and (best is None or str(best["date"]) <= str(settled["date"])):
        return settled
    return best


@cache
def _ranks(known_by: str) -> Mapping[str, int]:
    order = trust().get(known_by, trust()["default"])
    return {source: place for place, source in enumerate(order)}


def disagree(claims: Iterable[Claim]) -> bool:
    """Whether the sources' latest words differ."""
    return len({str(claim["value"]) for claim in claims}) > 1


def with_claim(claims: Iterable[Claim], new: Claim) -> list[Claim]:
    """Return the claims with a source's newer word in place of its older one; an older word changes nothing."""
    kept = [each for each in claims if each["source"] != new["source"]]
    own = next((each for each in claims if each["source"] == new["source"]), None)
    chosen = own if own is not None and str(own["date"]) > str(new["date"]) else new
    return sorted([*kept, chosen], key=lambda each: str(each["source"]))


def _key(claim: Claim, rank: Mapping[str, int]) -> tuple[int, str]:
    source = str(claim["source"])
    # A list is the office's own decision of the matter, by a person who proposed it and others who agreed.
    place = -1 if source.startswith(LIST_SOURCE) else rank.get(source, len(rank))
    return -place, str(claim["date"])
