"""The demonstration's applications: a draft, one that waits, a filing confirmed, one refused that may still be appealed."""

from __future__ import annotations

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
}
"""What the firms answer, by fact; what is not here they leave open."""


def apply() -> None:
    """Let the two owners apply, and the county decide what has been decided by now."""
    filed = _handed_in(OWNER, TITLE)
    act("mengzi-officer", "application.receive", filed.pk)
    found = {"fact": f"subject|{_STANDARD}||-1", "value": "yes", "reason": "科技部门评价结果"}
    act("mengzi-officer", "application.find", filed.pk, found)
    act("mengzi-reviewer", "application.confirm", filed.pk)
    refused = _handed_in(SECOND_OWNER, WORKSHOP)
    act("mengzi-officer", "application.receive", refused.pk)
    act(
        "mengzi-reviewer",
        "application.refuse",
        refused.pk,
        {"reason": "花名册中就业满1个月的脱贫劳动力不足5人"},
    )
    _handed_in(OWNER, VOUCHER)
    _filled(OWNER, INVESTMENT)
    run_jobs()


def _handed_in(user: str, measure: str) -> Application:
    made = _filled(user, measure)
    found: Application = act(user, "application.hand_in", made.pk)
    return found


def _filled(user: str, measure: str) -> Application:
    """Begin an application, answer what is asked, and attach what is wanted."""
    bound = Binding.objects.for_site("the demonstration's own firm").get(user__username=user, state="bound")
    made: Application = act(user, "application.begin", None, {"firm": bound.firm_id, "measure": measure})
    answers: list[list[object]] = []
    while more := _answers(made, _SAID, len(answers)):
        answers = more
        made = act(user, "application.save", made.pk, {"answers": answers})
    for each in needed_for(measure):
        if each.required:
            ticket = files.keep(f"{each.zh[:12]}.png", [_picture()], actor(user))
            act(user, "application.attach", made.pk, {"slot": each.id, "ticket": ticket})
    return made


def _answers(made: Application, said: Mapping[str, str], so_far: int) -> list[list[object]]:
    """Return all answers that can be given by now; none where they are no more than before."""
    found: list[list[object]] = []
    for each in asked_facts(made, SET_UP):
        place, text = each.place, said.get(each.place.name)
        if text is not None:
            found.append([place.record, place.name, place.period, place.index, text])
    return found if len(found) > so_far else []


def _picture() -> bytes:
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (420, 594), "white").save(made, "PNG")
    return made.getvalue()
