"""One act: permission, lock, state, guard, change, event, request key, in one transaction."""

import datetime

import pytest
from django.db import DatabaseError, transaction

from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.acts.chain import canonical, sm3
from huiqi.portal.acts.checking import ChainCheck, ChainEvent
from huiqi.portal.acts.models import AnsweredRequest, Event, Head
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Changed, KeyTaken, NotYours, Refused
from huiqi.portal.acts.registry import acts
from huiqi.portal.secrets.fields import digest_of

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2022, 8, 1)
NOW = datetime.datetime(2022, 8, 1, 9, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))


@pytest.fixture
def honghe() -> Agency:
    return Agency.objects.create(code="532500-finance", name="红河哈尼族彝族自治州财政局", region="532500")


@pytest.fixture
def mengzi() -> Agency:
    return Agency.objects.create(code="532503-finance", name="蒙自市财政局", region="532503")


@pytest.fixture
def administrator(honghe):
    user = User.objects.create_user("admin", password="a long password", name="管理员")
    Appointment.objects.create(
        user=user, agency=honghe, role="administrator", begins=datetime.date(2022, 1, 1)
    )
    return actor_of(user, TODAY)


@pytest.fixture
def clerk() -> User:
    return User.objects.create_user("clerk", password="a long password", name="张经办")


def breaks(lines):
    return [each.code for each in ChainCheck().findings(ChainEvent(0, line) for line in lines)]


def appoint(actor, clerk, agency, role="county_officer", key="k1", **more):
    values = {"user": clerk.pk, "role": role, "agency": agency.code, "begins": TODAY, **more}
    return perform("appointment.give", actor, None, values, now=NOW, today=TODAY, key=key)


def test_an_act_changes_and_leaves_one_event_in_the_chain(administrator, clerk, mengzi):
    done = appoint(administrator, clerk, mengzi)
    event = Event.objects.get()
    assert (event.act, event.actor, event.subject) == (
        "appointment.give",
        administrator.id,
        str(done.subject.pk),
    )
    assert (event.region, event.agency, event.acting_as) == (
        "532503",
        mengzi.code,
        "administrator@532500-finance",
    )
    assert Appointment.objects.get(pk=done.subject.pk).version == 1
    assert Head.objects.get().digest == event.digest
    assert breaks([event.content()]) == []


def test_repeating_a_request_repeats_the_answer_not_the_act(administrator, clerk, mengzi):
    first = appoint(administrator, clerk, mengzi)
    again = appoint(administrator, clerk, mengzi)
    assert again.repeated
    assert again.event == first.event
    assert Appointment.objects.filter(user=clerk).count() == 1


def test_a_request_key_serves_one_content_only(administrator, clerk, mengzi):
    appoint(administrator, clerk, mengzi)
    with pytest.raises(KeyTaken):
        appoint(administrator, clerk, mengzi, role="auditor")


def test_who_holds_no_role_for_the_act_is_told_that_nothing_was_found(clerk, mengzi):
    with pytest.raises(NotYours):
        appoint(actor_of(clerk, TODAY), clerk, mengzi)
    assert not Event.objects.exists()


def test_an_act_does_not_reach_beyond_the_area(administrator, clerk):
    elsewhere = Agency.objects.create(code="140200-finance", name="大同市财政局", region="140200")
    with pytest.raises(NotYours):
        appoint(administrator, clerk, elsewhere, role="reviewer")
    assert not Appointment.objects.filter(user=clerk).exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize("subject", ["999999", "abc", None, "1 OR 1=1", "9" * 40])
def test_a_forged_id_finds_nothing(administrator, subject):
    with pytest.raises(NotYours):
        perform(
            "appointment.end",
            administrator,
            subject,
            {"ends": "2022-09-01", "reason": "调离"},
            now=NOW,
            today=TODAY,
            key="k",
        )


def test_incompatible_roles_are_not_given_to_one_person(administrator, clerk, mengzi):
    appoint(administrator, clerk, mengzi, role="reviewer")
    with pytest.raises(Refused) as refused:
        appoint(administrator, clerk, mengzi, role="approver", key="k2")
    assert refused.value.findings[0].code == "incompatible-role"
    assert Event.objects.count() == 1


def test_an_appointment_that_begins_when_the_other_has_ended_is_compatible(administrator, clerk, mengzi):
    appoint(administrator, clerk, mengzi, role="reviewer", ends="2022-09-01")
    appoint(administrator, clerk, mengzi, role="approver", key="k2", begins="2022-09-01")
    assert Event.objects.count() == 2


def test_nobody_acts_on_what_they_have_not_seen(administrator, clerk, mengzi):
    appointment = appoint(administrator, clerk, mengzi).subject
    end = {"ends": "2022-09-01", "reason": "调离"}
    perform("appointment.end", administrator, appointment.pk, end, now=NOW, today=TODAY, key="k2", seen=1)
    with pytest.raises(Changed) as changed:
        perform(
            "appointment.end",
            administrator,
            appointment.pk,
            {"ends": "2022-08-15", "reason": "调离"},
            now=NOW,
            today=TODAY,
            key="k3",
            seen=1,
        )
    assert [each["title"] for each in changed.value.changes] == ["解除岗位"]
    assert Event.objects.count() == 2


def test_bad_values_are_named_by_field(administrator, clerk, mengzi):
    with pytest.raises(Refused) as refused:
        appoint(administrator, clerk, mengzi, begins="yesterday", extra="1")
    assert {each.cell for each in refused.value.findings} == {"begins", "extra"}


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_an_event(administrator, clerk, mengzi, change):
    appoint(administrator, clerk, mengzi)
    with pytest.raises(DatabaseError), transaction.atomic():
        if change == "update":
            Event.objects.update(actor="user:0")
        else:
            Event.objects.all().delete()
    assert Event.objects.get().actor == administrator.id


def test_a_changed_event_and_a_lost_one_break_the_chain(administrator, clerk, mengzi):
    for number in range(3):
        appoint(administrator, clerk, mengzi, role="auditor", key=f"k{number}", begins=TODAY)
    lines = [each.content() for each in Event.objects.order_by("sequence")]
    assert breaks(lines) == []
    assert breaks([{**lines[0], "actor": "user:0"}, *lines[1:]]) == ["chain-event-changed"]
    assert breaks([lines[0], lines[2]]) == ["chain-event-missing"]


def test_what_was_asked_is_kept_as_a_digest_that_nobody_makes_without_the_key(administrator, clerk, mengzi):
    appoint(administrator, clerk, mengzi)
    kept = AnsweredRequest.objects.get(key="k1").content
    given = acts()["appointment.give"].takes.model_validate(
        {"user": clerk.pk, "role": "county_officer", "agency": mengzi.code, "begins": TODAY}
    )
    said = canonical(["appointment.give", "None", given.model_dump(mode="json")])
    assert kept not in {sm3(said), sm3(sm3(said).encode())}
    assert kept == digest_of("request", sm3(said))
