"""Who is told what: within the act, once, only who may read it, by the channels chosen."""

import datetime

import pytest
from django.db import transaction
from offices import GEJIU, HONGHE, NOW, TODAY

from huiqi.portal.accounts.models import Appointment, Substitution
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.firms.models import Binding
from huiqi.portal.jobs.models import Job
from huiqi.portal.jobs.running import ask, run_due
from huiqi.portal.notices.models import Notice, Reach, Sending
from huiqi.portal.notices.telling import notify

pytestmark = pytest.mark.django_db


def told(office):
    return [each.kind for each in Notice.objects.for_site("test").filter(user=office.user).order_by("pk")]


def test_the_countys_officers_learn_of_a_binding_and_nobody_elses(officer, appointed, asked):
    gejiu, reviewer = appointed("gejiu", "county_officer", GEJIU), appointed("reviewer", "reviewer")
    assert told(officer) == ["binding-asked"]
    assert told(gejiu) == told(reviewer) == []
    notice = Notice.objects.for_site("test").get()
    assert notice.values == {"firm": "蒙自过桥米线店", "due": "2022-08-04"}


@pytest.mark.parametrize(
    ("act", "values", "kind"),
    [
        ("binding.confirm", {}, "binding-confirmed"),
        ("binding.refuse", {"reason": "身份不符"}, "binding-refused"),
    ],
)
def test_who_asked_learns_how_it_ended(officer, stranger, asked, act, values, kind):
    officer.do(act, asked.pk, values)
    assert told(stranger) == [kind]


def test_a_contest_is_told_to_the_office_and_its_answer_to_the_firm(owner, officer, restaurant):
    from huiqi.portal.accounts.capacities import actor_of
    from huiqi.portal.acts.performing import perform

    actor = actor_of(owner.user, TODAY, firms=[restaurant.pk])
    values = {"firm": restaurant.pk, "fact": "employees", "says": "15", "reason": "新招三人"}
    made = perform("fact.contest", actor, None, values, now=NOW, today=TODAY, key="c").subject
    assert told(officer) == ["contest-opened"]
    officer.do("contest.uphold", made.pk, {"answer": "属实"})
    assert told(owner) == ["contest-answered"]
    answered = Notice.objects.for_site("test").get(user=owner.user)
    assert answered.address == f"/my-firm/{restaurant.pk}/"
    assert "属实" not in str(answered.values)


def test_of_several_levels_only_the_nearest_is_told(appointed, owner, restaurant):
    from huiqi.portal.notices.whom import who_may

    honghe = appointed("honghe", "reviewer", HONGHE)
    assert who_may({"contest.uphold"}, restaurant.scope(), TODAY) == [honghe.user]
    county = appointed("county", "reviewer")
    assert who_may({"contest.uphold"}, restaurant.scope(), TODAY) == [county.user]


def test_a_substitute_is_told_too_and_of_the_substitution_itself(
    officer, administrator, appointed, restaurant
):
    second = appointed("second", "reviewer")
    appointment = Appointment.objects.get(user=officer.user)
    values = {
        "appointment": appointment.pk,
        "substitute": second.user.pk,
        "begins": "2022-08-01",
        "ends": "2022-08-15",
        "reason": "休假",
    }
    administrator.do("substitution.give", None, values)
    assert told(second) == told(officer) == ["substitution-given"]
    from huiqi.portal.notices.whom import who_may

    assert set(who_may({"binding.confirm"}, restaurant.scope(), TODAY)) == {officer.user, second.user}
    made = Substitution.objects.get()
    administrator.do("substitution.end", made.pk, {"ends": "2022-08-05", "reason": "提前返岗"})
    assert told(second)[-1] == "substitution-ended"


def test_a_roster_is_told_to_who_handed_it_in(officer):
    from offices import roster_of

    officer.take(roster_of("#5,第五号店,532503,3"))
    assert told(officer) == ["roster-checked", "roster-taken"]
    words = Notice.objects.for_site("test").first().values
    assert words["new"] == "1"


def test_nothing_is_told_of_an_act_that_is_not_done(doing, officer, stranger, restaurant):
    binding = Binding.objects.create(user=stranger.user, firm=restaurant, asked_at=NOW)
    with pytest.raises(Refused), transaction.atomic():
        notify(doing, "binding-confirmed", to=[stranger.user], subject=binding, values={"firm": "x"})
        raise Refused("no")
    assert not Notice.objects.for_site("test").exists()
    assert not Sending.objects.exists() and not Job.objects.exists()


def test_who_may_not_see_a_subject_is_not_told_of_it(doing, stranger, appointed, restaurant):
    binding = Binding.objects.create(user=stranger.user, firm=restaurant, asked_at=NOW)
    gejiu, closed = appointed("gejiu", "county_officer", GEJIU), appointed("closed", "county_officer")
    closed.user.is_active = False
    closed.user.save()
    to = [gejiu.user, closed.user]
    assert notify(doing, "binding-asked", to=to, subject=binding, values={"firm": "x", "due": "y"}) == []


def test_nobody_is_told_of_what_they_do_themselves(doing, officer, stranger, restaurant):
    binding = Binding.objects.create(user=stranger.user, firm=restaurant, asked_at=NOW)
    made = notify(
        doing, "binding-asked", to=[officer.user], subject=binding, values={"firm": "x", "due": "y"}
    )
    assert made == []


def test_values_that_the_text_does_not_ask_for_are_a_mistake_of_the_code(doing, stranger, restaurant):
    binding = Binding.objects.create(user=stranger.user, firm=restaurant, asked_at=NOW)
    with pytest.raises(ValueError, match="binding-confirmed takes"):
        notify(doing, "binding-confirmed", to=[stranger.user], subject=binding, values={"phone": "1"})


def test_what_is_told_once_is_told_once(doing, stranger, restaurant):
    binding = Binding.objects.create(user=stranger.user, firm=restaurant, asked_at=NOW)
    for _ in range(2):
        notify(
            doing,
            "binding-confirmed",
            to=[stranger.user],
            subject=binding,
            values={"firm": "x"},
            once="the first",
        )
    assert Notice.objects.for_site("test").count() == 1


@pytest.mark.parametrize(
    ("chosen", "in_site", "channels"),
    [
        (None, True, ["email", "sms"]),
        (["site"], True, []),
        (["site", "sms"], True, ["sms"]),
        (["email"], False, ["email"]),
        ([], None, []),
    ],
)
def test_a_reader_chooses_the_channels(
    doing, stranger, restaurant, by_phone, settings, chosen, in_site, channels
):
    settings.EMAIL_HOST, settings.SMS_GATEWAY = "127.0.0.1", {"url": "http://127.0.0.1/", "secret_file": "x"}
    if chosen is not None:
        Reach.objects.for_site("test").update(chosen={"binding-confirmed": chosen})
    binding = Binding.objects.create(user=stranger.user, firm=restaurant, asked_at=NOW)
    made = notify(doing, "binding-confirmed", to=[stranger.user], subject=binding, values={"firm": "x"})
    assert [each.in_site for each in made] == ([] if in_site is None else [in_site])
    assert sorted(each.channel for each in Sending.objects.all()) == channels
    assert Job.objects.filter(kind="notice-send").count() == len(channels)


def test_a_site_without_mail_and_sms_tells_in_the_site_alone(doing, stranger, restaurant, by_phone):
    binding = Binding.objects.create(user=stranger.user, firm=restaurant, asked_at=NOW)
    notify(doing, "binding-confirmed", to=[stranger.user], subject=binding, values={"firm": "x"})
    assert told(stranger) == ["binding-confirmed"] and not Sending.objects.exists()


def run_daily(day, hour=1):
    moment = datetime.datetime(day.year, day.month, day.day, hour, tzinfo=datetime.UTC)
    arguments = {"day": day.isoformat()}
    ask("deadlines-tell", f"deadlines-tell:{day}:{hour}", arguments, by="schedule", now=moment)
    run_due(lambda: moment)


def test_a_deadline_is_told_when_it_is_near_and_when_it_is_late_once_each(officer, asked, stranger):
    # Asked on a Monday, due on Thursday; Wednesday is the working day before.
    days = [datetime.date(2022, 8, day) for day in (2, 3, 3, 4, 5, 5, 8)]
    seen = []
    for hour, day in enumerate(days):
        run_daily(day, hour)
        seen.append(told(officer)[1:])
    near, late = "deadline-near", "deadline-overdue"
    assert seen == [[], [near], [near], [near], [near, late], [near, late], [near, late]]
    assert told(stranger) == []


def test_a_deadline_behind_a_holiday_is_told_on_the_last_working_day_before(officer, asked):
    from huiqi.portal.clock.models import Deadline

    # 2022-10-01 to 07 is a holiday, 8 and 9 October are make-up days.
    Deadline.objects.for_site("test").update(due="2022-10-08")
    run_daily(datetime.date(2022, 9, 29))
    assert told(officer) == ["binding-asked"]
    run_daily(datetime.date(2022, 9, 30))
    assert told(officer) == ["binding-asked", "deadline-near"]


def test_a_deadline_whose_subject_is_gone_stops_nobody(officer, asked):
    from huiqi.portal.clock.models import Deadline

    Deadline.objects.create(
        rule="binding-check",
        subject_kind="no.such",
        subject="1",
        region="532503",
        begins="2022-07-01",
        due="2022-07-05",
    )
    run_daily(datetime.date(2022, 8, 5))
    assert told(officer)[-1] == "deadline-overdue"
