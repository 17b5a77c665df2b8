"""A firm of the register as the situation that rules are judged in: of each fact the claim that counts.

What cannot be read (a value of another type, a name that the dictionary lacks) is left unknown and told, so that
one bad cell of a roster never hides what the other facts give.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from huiqi.findings import Finding
from huiqi.policies.library import PolicyLibrary
from huiqi.portal.firms.claims import Claim, counting
from huiqi.portal.firms.models import Firm
from huiqi.rules.facts import RecordKind
from huiqi.rules.positions import Mapping as MappingNode
from huiqi.rules.positions import Node, Position, Scalar, Sequence
from huiqi.rules.situation import Situation
from huiqi.screening.interview import known_by
from huiqi.screening.open_facts import RECORDS, Place

_AT = Position("register", 0, 0)
_COLUMNS = ("name", "credit_code", "region", "industry")
"""Facts that have a column of their own; the column speaks where no claim does."""


@dataclass(frozen=True, slots=True)
class FirmCase:
    """A firm as a situation, and what of the register could not be read."""

    situation: Situation
    unread: tuple[Finding, ...]


def case_of(firm: Firm, library: PolicyLibrary, as_of: datetime.date) -> FirmCase:
    """Return the firm's situation on a day, each value with its source and date."""
    body: dict[str, Node] = {}
    facts = library.facts
    for name in _COLUMNS:
        if text := str(getattr(firm, name) or ""):
            body[name] = Scalar(text, _AT)
    periods: dict[str, dict[str, Node]] = {}
    members: dict[str, Node] = {}
    for key, claims in firm.facts.items():
        name, _, period = key.partition("@")
        fact = facts.subject.get(name)
        counts = counting(claims, fact.known_by if fact is not None else "")
        if counts is None or counts.get("value") in (None, ""):
            continue
        if name in library.lists:
            members[name] = Scalar(_text(counts["value"]), _AT)
        elif period:
            periods.setdefault(name, {})[period] = _claimed(counts)
        else:
            body[name] = _claimed(counts)
    for name, values in periods.items():
        # A value without a period beside values by period is left out: nobody can tell of when it is.
        body[name] = MappingNode(values, _AT, _at(values))
    for list_name, claims in firm.records.items():
        kind = facts.by_list.get(list_name)
        counts = counting(claims, known_by(Place(RECORDS, kind.name), facts)) if kind is not None else None
        if kind is not None and counts is not None:
            body[list_name] = _rows(counts, kind)
    if members:
        body["lists"] = MappingNode(members, _AT, _at(members))
    findings: list[Finding] = []
    situation = library.cases.situation(MappingNode(body, _AT, _at(body)), firm.subject, as_of, findings)
    return FirmCase(situation, tuple(findings))


def _rows(claim: Claim, kind: RecordKind) -> Sequence:
    items: list[Node] = []
    for row in claim.get("rows", ()):
        values = {
            name: _sourced(value, claim)
            for name, value in row.items()
            if name in kind.facts and value not in (None, "")
        }
        items.append(MappingNode(values, _AT, _at(values)))
    return Sequence(tuple(items), _AT)


def _claimed(claim: Claim) -> Node:
    return _sourced(claim["value"], claim)


def _sourced(value: Any, claim: Claim) -> Node:
    entries: dict[str, Node] = {"value": Scalar(_text(value), _AT)}
    for key in ("source", "date"):
        if claim.get(key):
            entries[key] = Scalar(str(claim[key]), _AT)
    return MappingNode(entries, _AT, _at(entries))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _at(entries: Iterable[str]) -> dict[str, Position]:
    return dict.fromkeys(entries, _AT)
