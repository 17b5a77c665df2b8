"""What a token stands for: one capacity of its owner as it is on the day, narrowed to what the token names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.models import Appointment, User
from huiqi.portal.acts.actors import Actor, Capacity
from huiqi.portal.api.models import APPOINTMENT, FIRM, PERSON, Token
from huiqi.portal.firms.bound import bound_firms

VIA = "api"


def capacity_of(
    user: User, stands_for: str, appointment: Appointment | None, firm: int | None, day: date
) -> Capacity | None:
    """Return the user's capacity that a token would stand for on a day, whole; None where the user has it not."""
    for each in actor_of(user, day, firms=bound_firms(user)).capacities:
        if each.principal:
            # Standing in for somebody is personal and short: no program does it.
            continue
        if stands_for == APPOINTMENT and appointment is not None and appointment.holds(day):
            if (each.role, each.agency) == (appointment.role, appointment.agency_id):
                return each
        elif stands_for == FIRM and each.firms is not None and firm in each.firms:
            return replace(each, firms=frozenset({firm}))
        elif stands_for == PERSON and each.person is not None:
            return each
    return None


def actor_by(token: Token, day: date) -> Actor | None:
    """Return who acts by a token on a day, None where its owner no longer has the capacity."""
    capacity = capacity_of(token.user, token.stands_for, token.appointment, token.firm_id, day)
    if capacity is None:
        return None
    narrowed = replace(
        capacity, acts=capacity.acts & frozenset(token.acts), pages=capacity.pages & frozenset(token.pages)
    )
    return Actor(f"user:{token.user_id}", token.user.name, (narrowed,), VIA, token.pk)
