"""The demonstration's application that came through to money: handed in, granted, shown in a notice, paid."""

from __future__ import annotations

import datetime

from huiqi.portal.applications.models import GrantedLine
from huiqi.portal.delivery.models import Run
from huiqi.portal.demonstration import deliveries as do
from huiqi.portal.demonstration.applying import handed_in
from huiqi.portal.demonstration.doing import act
from huiqi.portal.demonstration.money import INTERNSHIP
from huiqi.portal.demonstration.people import OWNER


def internship_granted(day: datetime.date, decided: datetime.date) -> Run:
    """Let the owner apply for what an intern of the first half-year gives; another than who received it grants it.

    The run that gathers what was granted, in notice.
    """
    made = handed_in(OWNER, INTERNSHIP, day)
    act("mengzi-officer", "application.receive", made.pk, {}, day)
    reason = {"reason": "见习协议、考勤和留用合同齐全，见习6个月"}
    act("mengzi-reviewer", "application.grant", made.pk, reason, decided)
    rows = GrantedLine.objects.filter(application=made).select_related("line__run")
    return do.noticed(do.checked(rows.get().line.run, decided), decided)


def came_to_money(run: Run, day: datetime.date) -> None:
    """Approve what was noticed, pay it, and close the run."""
    do.finished(do.paid(do.approved(run, day), day, direct=False, bank=lambda _payment: do.GOOD), day)
