"""Jobs: one open job for a purpose, tried again after a pause, taken up again when a worker falls silent."""

import datetime

import pytest

from huiqi.findings import BadInput, Finding
from huiqi.portal.acts.models import PublishedHead
from huiqi.portal.jobs import registry
from huiqi.portal.jobs.models import DONE, FAILED, RUNNING, WAITING, Job
from huiqi.portal.jobs.running import SILENCE, ask, ask_daily, retry, run_due

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2022, 8, 1, 1, 0, tzinfo=datetime.UTC)


@pytest.fixture
def kind(monkeypatch):
    """Registers a kind of job for one test."""
    monkeypatch.setattr(registry, "_KINDS", dict(registry.kinds()))

    def registered(work, **more):
        return registry.job("test", zh="试", en="Test", **more)(work)

    return registered


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
    retry(job, NOW)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (WAITING, 0)


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
    assert run_due(at(NOW + SILENCE)) == 0
    assert run_due(at(NOW + SILENCE + datetime.timedelta(seconds=1))) == 1
    job.refresh_from_db()
    assert (job.state, job.result) == (DONE, {"attempt": 2})


def test_a_worker_taken_for_dead_writes_nothing_over_its_successor(kind):
    def work(working):
        if working.attempt == 1:
            # While the first attempt hangs, another worker finishes the job.
            assert run_due(at(NOW + 2 * SILENCE), worker="second") == 1
            working.report(1, 10)
        return {"attempt": working.attempt}

    kind(work)
    job = ask("test", "one", {}, by="user:1", now=NOW)
    run_due(at(NOW), most=1, worker="first")
    job.refresh_from_db()
    assert (job.state, job.result, job.done) == (DONE, {"attempt": 2}, 0)


def test_the_head_of_the_chain_is_published_once_a_day():
    assert len(ask_daily(NOW.date(), NOW)) >= 1
    assert ask_daily(NOW.date(), NOW) == []
    run_due(at(NOW))
    assert [str(each.day) for each in PublishedHead.objects.all()] == ["2022-07-31"]
