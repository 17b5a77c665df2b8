"""From a user and a day to an actor: the capacities that appointments, substitutions and bindings give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q

from huiqi.portal.accounts.models import Appointment, Substitution, User
from huiqi.portal.accounts.roles import Role, roles
from huiqi.portal.acts.actors import Actor, Capacity


def actor_of(user: User, day: date, *, firms: Iterable[int] = (), via: str = "page") -> Actor:
    """Return the user as an actor on a day; `firms` are those that the user is bound to.

    A closed account has no capacity at all.
    """
    capacities = tuple(_capacities(user, day, frozenset(firms))) if user.is_active else ()
    return Actor(f"user:{user.pk}", user.name, capacities, via)


def site_actor(job: str) -> Actor:
    """Return a kind of job as an actor that may do what roles.yaml leaves to the site itself, everywhere."""
    role = roles()["site"]
    whole_country = Capacity(role.id, role.zh, role.acts, role.pages, areas=("",))
    return Actor(f"job:{job}", role.zh, (whole_country,), via="job")


def visitor_actor() -> Actor:
    """Return who is not signed in as an actor that may do what roles.yaml leaves to visitors."""
    role = roles()["visitor"]
    return Actor("visitor", role.zh, (Capacity(role.id, role.zh, role.acts, role.pages, areas=("",)),))


def proven_actor(user: User) -> Actor:
    """Return a user who has just proved who they are, by a password, a code or a link, for acts on their own account.

    Only pages that took the proof make this actor: neither the page of any act nor a token gives these acts.
    """
    role = roles()["proven"]
    own = Capacity(role.id, role.zh, role.acts, role.pages, person=f"user:{user.pk}")
    return Actor(f"user:{user.pk}", user.name, (own,))


def _capacities(user: User, day: date, firms: frozenset[int]) -> Iterator[Capacity]:
    in_force = Q(begins__lte=day) & (Q(ends=None) | Q(ends__gt=day))
    own = list(Appointment.objects.filter(in_force, user=user).select_related("agency"))
    stood_in = Substitution.objects.filter(
        in_force, substitute=user, appointment__user__is_active=True
    ).select_related("appointment__agency", "appointment__user")
    held = {each.role for each in own}
    for each in own:
        yield _at_agency(roles()[each.role], each)
    for substitution in stood_in:
        appointment = substitution.appointment
        role = roles()[appointment.role]
        # A substitute never gains a role that is incompatible with one already held.
        if appointment.holds(day) and not role.apart_from & held:
            yield _at_agency(role, appointment, principal=f"user:{appointment.user_id}")
    if firms:
        role = roles()["firm"]
        yield Capacity(role.id, role.zh, role.acts, role.pages, firms=firms)
    member = roles()["member"]
    yield Capacity(member.id, member.zh, member.acts, member.pages, person=f"user:{user.pk}")


def _at_agency(role: Role, appointment: Appointment, principal: str = "") -> Capacity:
    return Capacity(
        role.id,
        role.zh,
        role.acts,
        role.pages,
        agency=appointment.agency_id,
        areas=appointment.agency.prefixes(),
        own_agency_only=role.area == "own",
        principal=principal,
    )
