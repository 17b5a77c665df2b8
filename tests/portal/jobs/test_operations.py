"""The operations page: jobs found, cancelled and put back by administrators; the offices' business stays as it is."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.acts.models import Event
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import NotNow, NotYours
from huiqi.portal.jobs import registry
from huiqi.portal.jobs.models import CANCELLED, DONE, FAILED, RUNNING, WAITING, Job
from huiqi.portal.jobs.running import ask, run_due

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2022, 8, 1, 1, 0, tzinfo=datetime.UTC)


def signed_in(name, role, region="532500"):
    agency, _ = Agency.objects.get_or_create(
        code=f"{region}-office", defaults={"name": f"{region} office", "region": region}
    )
    user = User.objects.create_user(name, password="a long password", name=name)
    Appointment.objects.create(user=user, agency=agency, role=role, begins="2022-01-01")
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def chief(monkeypatch):
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")
    return signed_in("chief", "administrator")


@pytest.fixture
def jobs(monkeypatch):
    """One job in each state."""
    monkeypatch.setattr(registry, "_KINDS", dict(registry.kinds()))
    registry.job("test", zh="试运行", en="Trial")(lambda working: None)
    made = {}
    for state in (WAITING, RUNNING, DONE, FAILED, CANCELLED):
        made[state] = ask("test", f"test:{state}", {}, by="user:1", now=NOW)
        error = "Traceback\nOSError: no room" if state == FAILED else ""
        Job.objects.filter(pk=made[state].pk).update(state=state, done=42, total=100, error=error)
    return made


def shown(client, **asked):
    return [each.state for each in client.get(reverse("operations"), asked).context["jobs"]]


def test_jobs_are_shown_newest_first_with_progress_and_reason(chief, jobs):
    assert shown(chief) == [CANCELLED, FAILED, DONE, RUNNING, WAITING]
    page = chief.get(reverse("operations")).content.decode()
    assert "试运行" in page
    assert 'value="42"' in page
    assert "OSError: no room" in page


@pytest.mark.parametrize(
    ("asked", "states"),
    [
        ({"state": FAILED}, [FAILED]),
        ({"purpose": "test:wait"}, [WAITING]),
        ({"kind": "publish-head"}, []),
        ({"kind": "no such kind"}, [CANCELLED, FAILED, DONE, RUNNING, WAITING]),
        (
            {"state": "'", "kind": "\0", "purpose": "\0" * 9, "page": "x" * 10_000},
            [CANCELLED, FAILED, DONE, RUNNING, WAITING],
        ),
    ],
)
def test_jobs_are_found(chief, jobs, asked, states):
    assert shown(chief, **asked) == states


def do(name, act, job, key="", **more):
    actor = actor_of(User.objects.get(username=name), NOW.date())
    values = {"reason": "机房检修", **more}
    return perform(act, actor, job.pk, values, now=NOW, today=NOW.date(), key=key or f"{name}:{act}:{job.pk}")


def test_who_asked_is_told_in_words_and_the_act_says_which_job_it_is(chief, jobs):
    user = User.objects.get()
    Job.objects.filter(pk=jobs[WAITING].pk).update(asked_by=f"user:{user.pk}")
    Job.objects.filter(pk=jobs[FAILED].pk).update(asked_by="schedule")
    listed = chief.get("/operations/").content.decode()
    assert user.name in listed
    assert "每日安排" in listed
    assert ">user:" not in listed
    asked = chief.get(f"/act/job.cancel/{jobs[WAITING].pk}/").content.decode()
    assert f"<p>{jobs[WAITING].told()}</p>" in asked
    for none in ("987654321", "x", "9" * 30):
        assert (
            "<p>"
            not in chief.get(f"/act/job.cancel/{none}/").content.decode().split("<form")[0].split("<main")[-1]
        )


@pytest.mark.parametrize(
    ("act", "allowed", "becomes"),
    [("job.retry", {FAILED, CANCELLED}, WAITING), ("job.cancel", {WAITING}, CANCELLED)],
)
def test_only_what_can_be_is_cancelled_or_put_back(chief, jobs, act, allowed, becomes):
    for state, job in jobs.items():
        if state in allowed:
            do("chief", act, job)
        else:
            with pytest.raises(NotNow):
                do("chief", act, job)
        job.refresh_from_db()
        assert job.state == (becomes if state in allowed else state)
        assert job.changed_by == (f"user:{User.objects.get().pk}" if state in allowed else "")
    events = Event.objects.filter(act=act)
    assert {(each.from_state, each.to_state) for each in events} == {(state, becomes) for state in allowed}
    assert {each.body["reason"] for each in events} == {"机房检修"}
    assert {each.body["purpose"] for each in events} == {f"test:{state}" for state in allowed}


def test_a_job_is_put_back_with_fresh_attempts_and_runs(chief, jobs):
    Job.objects.filter(pk=jobs[FAILED].pk).update(attempts=5)
    do("chief", "job.retry", jobs[FAILED])
    do("chief", "job.cancel", jobs[WAITING])
    run_due(lambda: NOW)
    states = dict(Job.objects.filter(kind="test").values_list("purpose", "state"))
    assert states["test:failed"] == DONE
    assert states["test:waiting"] == CANCELLED


def test_what_is_asked_for_anew_meanwhile_is_not_put_back_beside_it(chief, jobs):
    again = ask("test", "test:failed", {}, by="user:1", now=NOW)
    with pytest.raises(NotNow, match=f"第{again.pk}号"):
        do("chief", "job.retry", jobs[FAILED])
    assert Job.objects.filter(purpose="test:failed", state=WAITING).count() == 1


def test_an_administrator_sees_and_moves_what_lies_in_the_own_area(chief, jobs):
    county = signed_in("county", "administrator", "532503")
    signed_in("other", "administrator", "532501")
    for state in (FAILED, CANCELLED):
        Job.objects.filter(pk=jobs[state].pk).update(region="532503" if state == FAILED else "532501")
    # The whole site's jobs are seen by all who run it; they belong to the region that all offices lie in.
    assert shown(county) == [FAILED, DONE, RUNNING, WAITING]
    assert shown(chief) == [CANCELLED, FAILED, DONE, RUNNING, WAITING]
    assert jobs[WAITING].scope().region == "532500"
    for act, job in (("job.retry", CANCELLED), ("job.cancel", WAITING)):
        with pytest.raises(NotYours):
            do("county", act, jobs[job])
    with pytest.raises(NotYours):
        do("other", "job.retry", jobs[FAILED])
    page = county.get(reverse("operations")).content.decode()
    assert page.count("/act/job.retry/") == 1
    assert "/act/job.cancel/" not in page
    assert "/act/job.cancel/" in chief.get(reverse("operations")).content.decode()
    do("county", "job.retry", jobs[FAILED])
    assert Event.objects.get().region == "532503"
    do("chief", "job.cancel", jobs[WAITING])


def test_a_button_leads_to_the_act_and_back(chief, jobs):
    address = reverse("act", kwargs={"name": "job.cancel", "subject": jobs[WAITING].pk})
    asked = chief.get(address, {"next": "/operations/?state=waiting"})
    key = asked.context["hidden"]["key"]
    given = {"reason": "重复", "key": key, "next": "/operations/?state=waiting"}
    assert chief.post(address, given).url == "/operations/?state=waiting"
    jobs[WAITING].refresh_from_db()
    assert jobs[WAITING].state == CANCELLED


def test_whoever_is_no_administrator_finds_nothing(jobs):
    auditor = signed_in("auditor", "auditor")
    assert auditor.get(reverse("operations")).status_code == 404
    for act in ("job.retry", "job.cancel"):
        with pytest.raises(NotYours):
            do("auditor", act, jobs[WAITING])
    jobs[WAITING].refresh_from_db()
    assert jobs[WAITING].state == WAITING


def test_the_page_costs_the_same_however_many_jobs_there_are(chief, jobs, django_assert_max_num_queries):
    for number in range(30):
        ask("test", f"test:{number}", {}, by="user:1", now=NOW)
    with django_assert_max_num_queries(16):
        chief.get(reverse("operations"))
