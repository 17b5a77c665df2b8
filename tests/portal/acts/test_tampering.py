"""One event changed in SQL: the database refuses; whoever gets round that is found by `huiqi audit verify`."""

import json

import pytest
from own_sites import new_site

APPOINT = """
from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.acts.performing import perform
from huiqi.portal.jobs.running import ask, run_due

TODAY = datetime.date(2022, 8, 1)
NOW = datetime.datetime(2022, 8, 1, 2, 0, tzinfo=datetime.UTC)
agency = Agency.objects.create(code="532500-finance", name="红河州", region="532500")
chief = User.objects.create_user("chief", password="a long password", name="管理员")
Appointment.objects.create(user=chief, agency=agency, role="administrator", begins=TODAY)
for number in range(5):
    user = User.objects.create_user(f"clerk{number}", password="a long password", name="经办")
    values = {"user": user.pk, "role": "county_officer", "agency": "532500-finance", "begins": TODAY}
    values["role"] = "reviewer"
    perform("appointment.give", actor_of(chief, TODAY), None, values, now=NOW, today=TODAY, key=f"k{number}")
tomorrow = NOW + datetime.timedelta(1)
ask("publish-head", "publish-head:2022-08-02", {"day": "2022-08-02"}, by="schedule", now=tomorrow)
run_due(lambda: tomorrow)
"""
FORGED = "UPDATE acts_event SET actor = 'user:999' WHERE sequence = 3"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = new_site(tmp_path_factory.mktemp("tampering"))
    made.python(APPOINT)
    return made


def refused(site, statement):
    try:
        site.sql(statement)
    except Exception as error:
        return str(error)
    return ""


def without_trigger(site):
    place = " ON acts_event" if site.url else ""
    return f"DROP TRIGGER acts_event_keeps_rows{place}"


@pytest.mark.parametrize(
    "statement",
    [FORGED, "DELETE FROM acts_event WHERE sequence = 3", "UPDATE acts_publishedhead SET sequence = 1"],
)
def test_the_database_refuses(site, statement):
    assert "append-only" in refused(site, statement)


def test_who_drops_the_trigger_first_is_found(site):
    heads = site.sql("SELECT day, sequence FROM acts_publishedhead")
    assert [(str(day), number) for day, number in heads] == [("2022-08-01", 5)]
    status, out, errors = site.huiqi("audit", "export", "--out", site.data / "kept.jsonl", "--json")
    assert (status, json.loads(out)["events"]) == (0, 5), errors
    assert site.answer("audit", "verify")["sound"]

    site.sql(without_trigger(site), FORGED)

    status, out, _errors = site.huiqi("audit", "verify", "--language", "en")
    assert status == 1
    assert "event 3 was changed after it was written" in out
    assert "5 events, 1 published heads: 1 breaks" in out
    kept = ("--events", site.data / "kept.jsonl", "--heads", site.data / "kept.heads.jsonl")
    assert site.answer("audit", "verify", *kept)["sound"]


def test_an_export_never_takes_the_place_of_another(site):
    site.huiqi("audit", "export", "--out", site.data / "twice.jsonl")
    before = (site.data / "twice.jsonl").read_bytes()
    status, _out, errors = site.huiqi("audit", "export", "--out", site.data / "twice.jsonl")
    assert status == 2
    assert "file-exists" in errors
    assert (site.data / "twice.jsonl").read_bytes() == before
    assert not list(site.data.glob(".huiqi-*"))
