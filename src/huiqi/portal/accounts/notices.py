"""Who is told what of substitutes; called inside the acts."""

from __future__ import annotations

from huiqi.portal.accounts.models import Substitution
from huiqi.portal.accounts.roles import roles
from huiqi.portal.acts.registry import Doing
from huiqi.portal.notices.kinds import Values, kinds
from huiqi.portal.notices.telling import notify


def tell_substitution(doing: Doing, substitution: Substitution, kind: str) -> None:
    """Tell the substitute, and for whom they stand in."""
    appointment = substitution.appointment
    role = roles()[appointment.role]
    told: Values = {
        "begins": substitution.begins.isoformat(),
        "ends": substitution.ends.isoformat(),
        "substitute": str(substitution.substitute),
        "agency": appointment.agency.name,
        "role": {"zh": role.zh, "en": role.en},
    }
    values = {name: value for name, value in told.items() if name in kinds()[kind].values}
    notify(
        doing,
        kind,
        to=[substitution.substitute, appointment.user],
        subject=substitution,
        values=values,
        address="",
    )
