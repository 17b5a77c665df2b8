"""Firms judged by a list's rule: met, not met, or not known and for want of which facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db.models import Q

from huiqi.policies.library import PolicyLibrary
from huiqi.portal.firms.case import case_of
from huiqi.portal.firms.models import Firm
from huiqi.portal.firms.outside import outside_claims
from huiqi.portal.lists.kinds import ListRule
from huiqi.rules.reasons import missing_facts
from huiqi.rules.situation import Situation
from huiqi.rules.typed import And, FactOf, InIndustries, SubjectIs, Typed

TOGETHER = 500
"""Firms whose lists are asked for at once."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a rule is met; None where it is not known, `missing` names what would settle it: [record, name, period]."""

    met: bool | None
    missing: tuple[tuple[str, str, str], ...] = ()


def judged(
    rule: ListRule, firms: Iterable[Firm], library: PolicyLibrary, day: date
) -> Iterator[tuple[Firm, Verdict]]:
    """Judge firms on a day, one after another; what their lists say is asked for many at once."""
    for some in batched(firms, TOGETHER):
        outside = outside_claims(some, day)
        for firm in some:
            yield (
                firm,
                _judge(
                    rule, case_of(firm, library, day, outside=outside.get(firm.pk, {})).situation, library
                ),
            )


def _judge(rule: ListRule, situation: Situation, library: PolicyLibrary) -> Verdict:
    value = library.evaluator.value(rule.node, situation)
    if value is None:
        lacking = missing_facts(rule.node, situation, library.evaluator)
        return Verdict(None, tuple((each.record, each.name, each.period) for each in sorted(lacking)))
    return Verdict(value is True)


def batched(firms: Iterable[Firm], size: int) -> Iterator[list[Firm]]:
    """Yield firms so many at a time."""
    waiting = iter(firms)
    while some := list(islice(waiting, size)):
        yield some


def perhaps(rule: ListRule) -> Q:
    """Return what the database can already rule out: other kinds of subject, other industries. The rest is judged."""
    wanted = Q()
    for part in _parts(rule.node):
        if isinstance(part, SubjectIs):
            wanted &= Q(subject=part.subject)
        elif isinstance(part, InIndustries) and isinstance(part.of, FactOf) and part.of.name == "industry":
            # A firm whose industry is not known, or known by its section only, may be one.
            within = Q(industry="") | Q(
                industry__in=sorted({code[:n] for code in part.members for n in (1, 3, 4)})
            )
            for code in part.members:
                within |= Q(industry__startswith=code)
            wanted &= within
    return wanted


def _parts(node: Typed) -> Iterator[Typed]:
    if isinstance(node, And):
        for part in node.of:
            yield from _parts(part)
    else:
        yield node
