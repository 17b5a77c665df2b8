"""Jobs: one open job for a purpose, tried again after a pause, taken up again when a worker falls silent."""

import datetime

import pytest

from huiqi.findings import BadInput, Finding
from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.acts.models import PublishedHead
from huiqi.portal.acts.performing import perform
from huiqi.portal.jobs import registry
from huiqi.portal.jobs.models import DONE, FAILED, RUNNING, WAITING, Job
from huiqi.portal.jobs.running import SILENCE, ask, ask_daily, run_due

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2022, 8, 1, 1, 0, tzinfo=datetime.UTC)


@pytest.fixture
def kind(monkeypatch):
    """Registers a kind of job for one test."""
    monkeypatch.setattr(registry, "_KINDS", dict(registry.kinds()))

    def registered(work, **more):
        return registry.job("test", zh="试", en="Test", **more)(work)

    return registered


@pytest.fixture
def administrator_acts():
    """Gives one appointment at each of some moments; their events."""
    agency = Agency.objects.create(code="532500-finance", name="红河州", region="532500")
    chief = User.objects.create_user("chief", password="a long password", name="管理员")
    Appointment.objects.create(user=chief, agency=agency, role="administrator", begins="2022-01-01")

    def done(*moments):
        for number, moment in enumerate(moments):
            clerk = User.objects.create_user(f"clerk{number}", password="a long password", name="经办")
            values = {"user": clerk.pk, "role": "reviewer", "agency": agency.pk, "begins": NOW.date()}
            made = perform(
                "appointment.give",
                actor_of(chief, NOW.date()),
                None,
                values,
                now=moment,
                today=NOW.date(),
                key=f"k{number}",
            )
            yield made.event

    return done


def at(moment):
    return lambda: moment


def test_asking_twice_for_a_purpose_is_asking_once(kind):
    kind(lambda working: None)
    first = ask("test", "one", {}, by="user:1", now=NOW)
    assert ask("test", "one", {}, by="user:2", now=NOW) == first
    assert run_due(at(NOW)) == 1
    assert ask("test", "one", {}, by="user:2", now=NOW) != first


def test_a_job_gets_its_arguments_and_leaves_its_result(kind):
    kind(lambda working: {"sum": sum(working.arguments["parts"]), "day": working.today.isoformat()})
    ask("test", "one", {"parts": [1, 2]}, by="user:1", now=NOW)
    run_due(at(NOW))
    job = Job.objects.get()
    assert (job.state, job.result, job.attempts) == (DONE, {"sum": 3, "day": "2022-08-01"}, 1)


def test_what_fails_is_tried_again_later_and_gives_up_at_last(kind):
    def work(working):
        raise registry.TryLater("the bank does not answer")

    kind(work, attempts=2)
    ask("test", "one", {}, by="user:1", now=NOW)
    run_due(at(NOW))
    job = Job.objects.get()
    assert (job.state, job.attempts, job.run_after) == (WAITING, 1, NOW + datetime.timedelta(seconds=30))
    assert run_due(at(NOW)) == 0
    run_due(at(NOW + datetime.timedelta(minutes=1)))
    job.refresh_from_db()
    assert (job.state, job.error) == (FAILED, "the bank does not answer")


def test_bad_input_is_not_tried_again(kind):
    def work(working):
        raise BadInput([Finding("roster.csv", 3, "B", "bad-code", "no credit code", "", "mend it")])

    kind(work)
    ask("test", "one", {}, by="user:1", now=NOW)
    run_due(at(NOW))
    job = Job.objects.get()
    assert (job.state, job.attempts) == (FAILED, 1)
    assert "roster.csv:3:B" in job.error


def test_a_job_whose_worker_fell_silent_is_taken_up_again(kind):
    kind(lambda working: {"attempt": working.attempt})
    job = ask("test", "one", {}, by="user:1", now=NOW)
    Job.objects.filter(pk=job.pk).update(state=RUNNING, worker="dead:1", attempts=1, heard_at=NOW)
    assert run_due(at(NOW), pulse=at(NOW + SILENCE)) == 0
    assert run_due(at(NOW), pulse=at(NOW + SILENCE + datetime.timedelta(seconds=1))) == 1
    job.refresh_from_db()
    assert (job.state, job.result) == (DONE, {"attempt": 2})


def test_a_worker_taken_for_dead_writes_nothing_over_its_successor(kind):
    def work(working):
        if working.attempt == 1:
            # While the first attempt hangs, another worker finishes the job.
            assert run_due(at(NOW), worker="second", pulse=at(NOW + 2 * SILENCE)) == 1
            working.report(1, 10)
        return {"attempt": working.attempt}

    kind(work)
    job = ask("test", "one", {}, by="user:1", now=NOW)
    run_due(at(NOW), most=1, worker="first", pulse=at(NOW))
    job.refresh_from_db()
    assert (job.state, job.result, job.done) == (DONE, {"attempt": 2}, 0)


def test_the_head_of_the_chain_is_published_once_a_day():
    assert len(ask_daily(NOW.date(), NOW)) >= 1
    assert ask_daily(NOW.date(), NOW) == []
    run_due(at(NOW))
    assert [str(each.day) for each in PublishedHead.objects.all()] == ["2022-07-31"]


def test_the_head_of_a_day_is_the_last_event_of_that_day(administrator_acts):
    early, late = administrator_acts(NOW - datetime.timedelta(hours=12), NOW + datetime.timedelta(minutes=5))
    for days in (0, 1):
        day = (NOW + datetime.timedelta(days)).date().isoformat()
        ask("publish-head", f"publish-head:{day}", {"day": day}, by="schedule", now=NOW)
        run_due(at(NOW))
    heads = PublishedHead.objects.order_by("day").values_list("digest", flat=True)
    assert list(heads) == [early.digest, late.digest]


def test_a_day_that_is_simulated_takes_nothing_from_a_worker_that_lives(kind):
    kind(lambda working: None)
    job = ask("test", "one", {}, by="user:1", now=NOW)
    Job.objects.filter(pk=job.pk).update(state=RUNNING, worker="alive:1", attempts=1, heard_at=NOW)
    next_year = NOW + datetime.timedelta(365)
    assert run_due(at(next_year), pulse=at(NOW + SILENCE / 2)) == 0


def test_a_kind_that_this_version_does_not_know_holds_nothing_else_up(kind):
    kind(lambda working: None)
    job = ask("test", "old", {}, by="user:1", now=NOW)
    Job.objects.filter(pk=job.pk).update(kind="of-an-earlier-version")
    ask("test", "one", {}, by="user:1", now=NOW)
    ran = []
    assert run_due(at(NOW), told=ran.append) == 1
    assert [each.purpose for each in ran] == ["one"]
    job.refresh_from_db()
    assert (job.state, "of-an-earlier-version" in job.error) == (FAILED, True)
