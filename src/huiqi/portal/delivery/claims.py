"""Entitlements, exclusions and caps, taken by lines and let go: the database's constraints decide who has them.

Rows are taken in the order of their keys, so that two runs at once wait for each other and never in a circle; the
later one finds what the earlier has, and its line says whose it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection

from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.delivery.models import HOLDING, CapShare, CapUse, Claimed, ExcludedBy, Line
from huiqi.reference.money import format_yuan

_PIECE = 500
"""Rows of a statement: SQLite takes no more than 32,766 values in one."""
_Thing = TypeVar("_Thing")
TAKEN = "taken_elsewhere"
Key = tuple[str, str, str, str]


def claim(lines: Sequence[Line]) -> list[Line]:
    """Take what saved lines are to have; return those that could not have it, each saved as taken_elsewhere with why.

    To be called inside the transaction of an act, with `run` and `firm` of the lines at hand. A line has all that it
    needs or nothing: what it took is let go where a cap leaves no room for the whole of it.
    """
    lost = _entitlements(lines)
    left = _without(lines, lost)
    excluded = _exclusions(left)
    left = _without(left, excluded)
    beyond = _caps(left)
    release([*excluded, *beyond])
    refused = [*lost, *excluded, *beyond]
    for each in refused:
        each.state = TAKEN
    _rows().bulk_update(refused, ["state", "reason", "taken_by"], batch_size=_PIECE)
    return refused


def release(lines: Sequence[Line]) -> None:
    """Let go all that lines have: entitlements, exclusions that no other line of the measure holds, shares of caps."""
    for some in _pieces(lines):
        _give_back(some)
        _let_exclusions_go(some)
        Claimed.objects.filter(line__in=some).delete()


def _rows() -> ScopedQuerySet:
    return Line.objects.for_site("lines that claim what they are to have")


def _without(lines: Sequence[Line], lost: Sequence[Line]) -> list[Line]:
    gone = {each.pk for each in lost}
    return [each for each in lines if each.pk not in gone]


def _pieces(things: Sequence[_Thing]) -> Iterable[Sequence[_Thing]]:
    return (things[begin : begin + _PIECE] for begin in range(0, len(things), _PIECE))


def _entitlement(line: Line) -> Key:
    return line.firm.credit_code, line.run.measure, line.record, line.period


def _entitlements(lines: Sequence[Line]) -> list[Line]:
    """Take each line's entitlement; return the lines whose entitlement another has."""
    lost = []
    for some in _pieces(sorted(lines, key=_entitlement)):
        has = _owners_of_entitlements(some)
        while any(_entitlement(each) not in has for each in some):
            # Who had it let it go between the two statements.
            has = _owners_of_entitlements(some)
        for line in some:
            owner = has[_entitlement(line)]
            if owner != line.pk:
                line.taken_by_id = owner
                line.reason = "同一事项已在另一次兑现中享受"
                lost.append(line)
    return lost


def _owners_of_entitlements(lines: Sequence[Line]) -> dict[Key, int]:
    wanted = []
    for line in lines:
        payee, measure, record, period = _entitlement(line)
        wanted.append(Claimed(payee=payee, measure=measure, record=record, period=period, line=line))
    Claimed.objects.bulk_create(wanted, ignore_conflicts=True)
    own = frozenset(Claimed.objects.filter(line__in=lines).values_list("line_id", flat=True))
    has = {_entitlement(each): each.pk for each in lines if each.pk in own}
    others = [each for each in wanted if each.line_id not in own]
    if others:
        rows = Claimed.objects.filter(
            payee__in={each.payee for each in others}, measure__in={each.measure for each in others}
        )
        named = rows.values_list("payee", "measure", "record", "period", "line_id")
        has |= {(payee, measure, record, period): line for payee, measure, record, period, line in named}
    return has


@dataclass(frozen=True, slots=True, order=True)
class _Exclusion:
    payee: str
    group: str
    subject: str
    period: str


def _exclusions_of(line: Line) -> list[_Exclusion]:
    # Measures are had by year, quarter or once: what excludes each other is compared by year.
    year = line.period[:4] or str(line.run.as_of.year)
    said = line.derivation.get("excludes", ())
    return [_Exclusion(line.firm.credit_code, each["group"], each["subject"], year) for each in said]


def _exclusions(lines: Sequence[Line]) -> list[Line]:
    """Take the exclusions that lines fall under; return the lines whose payee has a measure that excludes theirs."""
    wanted = sorted(((each, line) for line in lines for each in _exclusions_of(line)), key=_by_key)
    lost: dict[int, Line] = {}
    for some in _pieces(wanted):
        has = _owners_of_exclusions(some)
        while any(each not in has for each, _ in some):
            has = _owners_of_exclusions(some)
        for each, line in some:
            measure, owner = has[each]
            if measure != line.run.measure:
                line.taken_by_id = owner
                line.reason = "已享受不得同时享受的另一项措施"
                lost[line.pk] = line
    return list(lost.values())


def _by_key(each: tuple[_Exclusion, Line]) -> tuple[_Exclusion, int]:
    return each[0], each[1].pk


def _owners_of_exclusions(
    wanted: Sequence[tuple[_Exclusion, Line]],
) -> dict[_Exclusion, tuple[str, int]]:
    rows = [
        ExcludedBy(
            group=each.group,
            payee=each.payee,
            subject=each.subject,
            period=each.period,
            measure=line.run.measure,
            line=line,
        )
        for each, line in wanted
    ]
    ExcludedBy.objects.bulk_create(rows, ignore_conflicts=True)
    standing = ExcludedBy.objects.filter(
        payee__in={each.payee for each in rows}, group__in={each.group for each in rows}
    )
    return {
        _Exclusion(payee, group, subject, period): (measure, line)
        for payee, group, subject, period, measure, line in standing.values_list(
            "payee", "group", "subject", "period", "measure", "line_id"
        )
    }


def _caps(lines: Sequence[Line]) -> list[Line]:
    """Take each line's share of its caps; return the lines for which a cap leaves too little for the whole of them."""
    limits = {_cap(each): int(each["limit"]) for line in lines for each in _caps_of(line)}
    uses = _uses(limits)
    lost: list[Line] = []
    shares: list[CapShare] = []
    changed: dict[int, CapUse] = {}
    for key, limit in limits.items():
        use = uses[key]
        # Where the rule changed its cap, what it says now holds, though never less than is used already.
        if use.limit != max(limit, use.used):
            use.limit = max(limit, use.used)
            changed[use.pk] = use
    for line in lines:
        own = [uses[key] for key in sorted({_cap(each) for each in _caps_of(line)})]
        full = next((each for each in own if each.used + line.amount > each.limit), None)
        if full is not None:
            line.reason = (
                f"已达上限：上限{format_yuan(full.limit)}元，已享受{format_yuan(full.used)}元，"
                f"本次{format_yuan(line.amount)}元"
            )
            lost.append(line)
            continue
        for use in own if line.amount else ():
            use.used += line.amount
            changed[use.pk] = use
            shares.append(CapShare(line=line, use=use, amount=line.amount))
    with connection.cursor() as cursor:
        cursor.executemany(
            'UPDATE delivery_capuse SET used = %s, "limit" = %s WHERE id = %s',
            [(each.used, each.limit, number) for number, each in sorted(changed.items())],
        )
    CapShare.objects.bulk_create(shares, batch_size=_PIECE)
    return lost


def _caps_of(line: Line) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = line.derivation.get("caps", ())
    return found


def _cap(said: Mapping[str, Any]) -> tuple[str, str, str]:
    return said["holder"], said["cap"], said["span"]


def _uses(limits: Mapping[tuple[str, str, str], int]) -> dict[tuple[str, str, str], CapUse]:
    """Return the row of each cap, made where there is none, and locked."""
    found: dict[tuple[str, str, str], CapUse] = {}
    for some in _pieces(sorted(limits)):
        CapUse.objects.bulk_create(
            [
                CapUse(holder=holder, cap=cap, span=span, limit=limits[holder, cap, span])
                for holder, cap, span in some
            ],
            ignore_conflicts=True,
        )
        rows = CapUse.objects.filter(
            holder__in={each[0] for each in some}, cap__in={each[1] for each in some}
        )
        for use in rows.order_by("pk").select_for_update():
            if (use.holder, use.cap, use.span) in limits:
                found[use.holder, use.cap, use.span] = use
    return found


def _give_back(lines: Sequence[Line]) -> None:
    shares = CapShare.objects.filter(line__in=lines)
    back: dict[int, int] = {}
    for use, amount in shares.values_list("use_id", "amount"):
        back[use] = back.get(use, 0) + amount
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE delivery_capuse SET used = used - %s WHERE id = %s",
            [(amount, use) for use, amount in sorted(back.items())],
        )
    shares.delete()


def _let_exclusions_go(lines: Sequence[Line]) -> None:
    """Let exclusions go; those that another line of the same measure rests on pass to it."""
    gone = {each.pk for each in lines}
    for held in ExcludedBy.objects.filter(line__in=lines).select_related("line__firm").order_by("pk"):
        rows = _rows().filter(
            firm=held.line.firm_id, run__measure=held.measure, state__in=HOLDING, claimed__isnull=False
        )
        wanted = _Exclusion(held.payee, held.group, held.subject, held.period)
        others = rows.exclude(pk__in=gone).select_related("run", "firm").order_by("pk")
        heir = next((each for each in others if wanted in _exclusions_of(each)), None)
        if heir is None:
            held.delete()
        else:
            held.line = heir
            held.save()
