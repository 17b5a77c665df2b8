"""Who is told of a step of an application: the firm's members, or the officers who see to the next step."""

from __future__ import annotations

from collections.abc import Collection

from huiqi.portal.acts.registry import Doing
from huiqi.portal.applications.models import Application
from huiqi.portal.delivery.telling import measure_of
from huiqi.portal.notices.telling import notify
from huiqi.portal.notices.whom import members_of, who_may


def tell_firm(doing: Doing, application: Application, kind: str) -> None:
    """Tell the users bound to the firm."""
    notify(
        doing,
        kind,
        to=members_of(application.firm_id),
        subject=application,
        values={"measure": measure_of(application.measure)},
        address=application.own_address(),
    )


def tell_office(doing: Doing, application: Application, kind: str, acts: Collection[str]) -> None:
    """Tell the officers who may do one of the next acts."""
    notify(
        doing,
        kind,
        to=who_may(set(acts), application.scope(), doing.today),
        subject=application,
        values={"measure": measure_of(application.measure)},
    )
