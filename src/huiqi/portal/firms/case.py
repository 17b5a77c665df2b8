"""A firm of the register as the situation that rules are judged in: of each fact the claim that counts.

What cannot be read (a value of another type, a name that the dictionary lacks) is left unknown and told, so that
one bad cell of a roster never hides what the other facts give.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from huiqi.findings import Finding
from huiqi.policies.library import PolicyLibrary
from huiqi.portal.firms.claims import Claim, counting
from huiqi.portal.firms.models import Firm
from huiqi.portal.firms.outside import Claims, outside_claims
from huiqi.rules.facts import RecordKind
from huiqi.rules.positions import Mapping as MappingNode
from huiqi.rules.positions import Node, Position, Scalar, Sequence
from huiqi.rules.reasons import LISTS
from huiqi.rules.situation import Origin, Situation
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


def case_of(
    firm: Firm,
    library: PolicyLibrary,
    as_of: datetime.date,
    only: Collection[str] | None = None,
    outside: Claims | None = None,
) -> FirmCase:
    """Return the firm's situation on a day, each value with its source and date.

    `only` names the facts of the firm itself that are wanted: the others, lists and records are left out. `outside`
    is what stands outside its row (`outside_claims`), where the caller has asked for many firms at once.
    """
    if outside is None:
        outside = outside_claims([firm], as_of, only).get(firm.pk, {})
    body: dict[str, Node] = {}
    facts = library.facts
    for name in _COLUMNS:
        if (only is None or name in only) and (text := str(getattr(firm, name) or "")):
            body[name] = Scalar(text, _AT)
    periods: dict[str, dict[str, Node]] = {}
    members: dict[str, Node] = {}
    origins: dict[tuple[str, int, str], Origin] = {}
    for key, claims in _with(firm.facts, outside).items():
        name, _, period = key.partition("@")
        if only is not None and name not in only:
            continue
        fact = facts.subject.get(name)
        counts = counting(claims, fact.known_by if fact is not None else "")
        if counts is None or counts.get("value") in (None, ""):
            continue
        if name in library.lists:
            members[name] = Scalar(_text(counts["value"]), _AT)
            origins[LISTS, 0, name] = Origin(str(counts.get("source", "")), str(counts.get("date", "")))
        elif period:
            periods.setdefault(name, {})[period] = _claimed(counts)
        else:
            body[name] = _claimed(counts)
    for name, values in periods.items():
        # A value without a period beside values by period is left out: nobody can tell of when it is.
        body[name] = MappingNode(values, _AT, _at(values))
    for list_name, claims in firm.records.items() if only is None else ():
        kind = facts.by_list.get(list_name)
        counts = counting(claims, known_by(Place(RECORDS, kind.name), facts)) if kind is not None else None
        if kind is not None and counts is not None:
            body[list_name] = _rows(counts, kind)
    if members:
        body["lists"] = MappingNode(members, _AT, _at(members))
    findings: list[Finding] = []
    situation = library.cases.situation(MappingNode(body, _AT, _at(body)), firm.subject, as_of, findings)
    if origins:
        situation = replace(situation, origins={**situation.origins, **origins})
    return FirmCase(situation, tuple(findings))


def _with(facts: Mapping[str, list[Claim]], outside: Claims) -> Mapping[str, list[Claim]]:
    """Return the claims of a row with those that stand outside it (the firm's memberships of lists)."""
    return {**facts, **{name: [*facts.get(name, ()), *said] for name, said in outside.items()}}


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
