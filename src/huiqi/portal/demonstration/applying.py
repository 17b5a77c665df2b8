"""The demonstration's applications: a draft, one that waits, a filing confirmed, one refused that may still be appealed."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping

from huiqi.portal.applications import files
from huiqi.portal.applications.models import Application
from huiqi.portal.applications.needed import needed_for
from huiqi.portal.applications.previewing import asked_facts
from huiqi.portal.demonstration.doing import SET_UP, act, actor, run_jobs
from huiqi.portal.demonstration.people import OWNER, SECOND_OWNER
from huiqi.portal.firms.models import Binding

VOUCHER, WORKSHOP, INVESTMENT = "innovation-voucher", "poverty-workshop-award", "agri-investment-award"
TITLE = "title-technology-sme"
_STANDARD = "technology_sme_standard_met"
_SAID = {
    "technology_sme": "yes",
    "deal_kind": "opened_resources",
    "deal_amount": "20000",
    "deal_made": "2022-07-04",
    "service_deal": "1",
    "intern": "1",
    "graduate_of": "higher_education",
    "graduated": "2021-06-30",
    "without_work": "yes",
    "started": "2022-01-01",
    "agreed_end": "2022-06-30",
    "agreed_months": "6",
    "served_months": "6",
    "signed_early": "no",
    "stayed": "yes",
}
"""What the firms answer, by fact; what is not here they leave open."""


def apply() -> None:
    """Let the two owners apply, and the county decide what has been decided by now."""
    filed = handed_in(OWNER, TITLE)
    act("mengzi-officer", "application.receive", filed.pk)
    found = {"fact": f"subject|{_STANDARD}||-1", "value": "yes", "reason": "科技部门评价结果"}
    act("mengzi-officer", "application.find", filed.pk, found)
    act("mengzi-reviewer", "application.confirm", filed.pk)
    refused = handed_in(SECOND_OWNER, WORKSHOP)
    act("mengzi-officer", "application.receive", refused.pk)
    act(
        "mengzi-reviewer",
        "application.refuse",
        refused.pk,
        {"reason": "花名册中就业满1个月的脱贫劳动力不足5人"},
    )
    handed_in(OWNER, VOUCHER)
    _filled(OWNER, INVESTMENT, SET_UP)
    run_jobs()


def handed_in(user: str, measure: str, day: datetime.date = SET_UP) -> Application:
    """Let a user apply for a measure, with all that is asked."""
    made = _filled(user, measure, day)
    found: Application = act(user, "application.hand_in", made.pk, {}, day)
    return found


def _filled(user: str, measure: str, day: datetime.date) -> Application:
    """Begin an application, answer what is asked, and attach what is wanted."""
    bound = Binding.objects.for_site("the demonstration's own firm").get(user__username=user, state="bound")
    begun = {"firm": bound.firm_id, "measure": measure}
    made: Application = act(user, "application.begin", None, begun, day)
    answers: list[list[object]] = []
    while more := _answers(made, _SAID, len(answers), day):
        answers = more
        made = act(user, "application.save", made.pk, {"answers": answers}, day)
    for each in needed_for(measure):
        if each.required:
            ticket = files.keep(f"{each.zh[:12]}.png", [_picture()], actor(user, day))
            act(user, "application.attach", made.pk, {"slot": each.id, "ticket": ticket}, day)
    return made


def _answers(
    made: Application, said: Mapping[str, str], so_far: int, day: datetime.date
) -> list[list[object]]:
    """Return all answers that can be given by now; none where they are no more than before."""
    found: list[list[object]] = []
    for each in asked_facts(made, day):
        place, text = each.place, said.get(each.place.name)
        if text is not None:
            found.append([place.record, place.name, place.period, place.index, text])
    return found if len(found) > so_far else []


def _picture() -> bytes:
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (420, 594), "white").save(made, "PNG")
    return made.getvalue()
