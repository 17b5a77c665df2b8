"""Whom something concerns: who may do it nearest to it, who belongs to a firm, who may read about a subject."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q

from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.models import Appointment, Substitution, User
from huiqi.portal.accounts.roles import appointable
from huiqi.portal.acts.actors import Actor, Scope
from huiqi.portal.firms.bound import bound_firms
from huiqi.portal.firms.models import Binding


def who_may(acts: Collection[str], scope: Scope, day: date) -> list[User]:
    """Return the officers who may do one of the acts to what belongs there, and their substitutes.

    Of several levels only the nearest: what a county sees to is not told to the prefecture as well.
    """
    return _nearest({name for name, role in appointable().items() if role.acts & set(acts)}, scope, day)


def who_reads(page: str, scope: Scope, day: date) -> list[User]:
    """Return the officers whose role opens a page for what belongs there; of several levels only the nearest."""
    return _nearest({name for name, role in appointable().items() if page in role.pages}, scope, day)


def members_of(firm: int) -> list[User]:
    """Return the users bound to a firm."""
    rows = Binding.objects.for_site("whom a notice goes to").filter(firm=firm, state="bound")
    return [each.user for each in rows.select_related("user").order_by("user_id")]


def actor_on(user: User, day: date) -> Actor:
    """Return a user with all capacities of a day."""
    return actor_of(user, day, firms=bound_firms(user))


def may_read(actor: Actor, opens: str, about: Scope) -> bool:
    """Whether a notice about what belongs there is the actor's to read; "" opens to whom the subject names."""
    if not opens:
        return bool(actor.capacities)
    return any(opens in each.pages and each.reaches(about) for each in actor.capacities)


def _nearest(roles: Collection[str], scope: Scope, day: date) -> list[User]:
    if scope.region is None:
        return []
    in_force = Q(begins__lte=day) & (Q(ends=None) | Q(ends__gt=day))
    rows = Appointment.objects.filter(in_force, role__in=roles, user__is_active=True)
    reaching: dict[int, list[Appointment]] = {}
    for each in rows.select_related("agency", "user"):
        if appointable()[each.role].area == "own" and each.agency_id != scope.agency:
            continue
        within = [len(area) for area in each.agency.prefixes() if scope.region.startswith(area)]
        if within:
            reaching.setdefault(max(within), []).append(each)
    if not reaching:
        return []
    near = reaching[max(reaching)]
    standing_in = Substitution.objects.filter(in_force, appointment__in=near, substitute__is_active=True)
    return _once([*(each.user for each in near), *(each.substitute for each in standing_in)])


def _once(users: Iterable[User]) -> list[User]:
    return list({each.pk: each for each in users}.values())
