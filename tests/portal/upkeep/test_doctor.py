"""The doctor finds what is wrong with an installation and says how to mend it; a healthy site has nothing."""

import datetime
import json
import os

import pytest
from own_sites import new_site, on_sqlite

from huiqi.portal.upkeep import installation, machine
from huiqi.portal.upkeep.demonstration import mark_demonstration

TODAY = datetime.date(2022, 8, 1)


@pytest.fixture
def data(settings, tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    settings.DATA = tmp_path
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.HTTPS = False
    settings.SECURE_PROXY_SSL_HEADER = None
    for name in ("HUIQI_NOW", "HUIQI_KEYS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def levels(today=TODAY):
    return {each.check: each.level for each in installation.installation_signs(today)}


def said(check, today=TODAY):
    return next(each for each in installation.installation_signs(today) if each.check == check)


def test_a_new_installation_has_nothing_wrong(data):
    assert set(levels().values()) == {"ok"}
    assert {each.level for each in machine.machine_signs(data) if each.check != "fonts"} == {"ok"}


@pytest.mark.parametrize(
    ("hosts", "https", "proxy", "level"),
    [
        (["localhost", "127.0.0.1"], False, None, "ok"),
        (["huiqi.example"], True, ("HTTP_X_FORWARDED_PROTO", "https"), "ok"),
        (["huiqi.example"], True, None, "warning"),
        (["huiqi.example"], False, None, "warning"),
        (["localhost"], True, ("HTTP_X_FORWARDED_PROTO", "https"), "warning"),
        (["*"], True, None, "error"),
    ],
)
def test_addresses_are_those_of_the_site_and_go_by_https(data, settings, hosts, https, proxy, level):
    settings.ALLOWED_HOSTS, settings.HTTPS, settings.SECURE_PROXY_SSL_HEADER = hosts, https, proxy
    sign = said("addresses")
    assert sign.level == level
    assert (sign.mend is None) == (level == "ok")


def test_a_demonstration_is_never_served_to_others(data, settings):
    mark_demonstration(data)
    assert said("demonstration").level == "ok"
    settings.ALLOWED_HOSTS = ["huiqi.example"]
    assert said("demonstration").level == "error"


def test_a_held_clock_is_told_but_not_of_a_demonstration(data, monkeypatch):
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")
    assert said("clock").level == "error"
    mark_demonstration(data)
    assert said("clock").level == "ok"


@pytest.mark.parametrize(
    ("content", "mode", "level"),
    [
        ({"1": "0" * 32, "lookup": "1" * 64}, 0o600, "ok"),
        ({"1": "0" * 32, "lookup": "1" * 64}, 0o644, "error"),
        ({"1": "0" * 32}, 0o600, "error"),
        ({"1": "no hex", "lookup": "1" * 64}, 0o600, "error"),
        ([], 0o600, "error"),
    ],
)
def test_keys_are_whole_and_nobody_elses(data, content, mode, level):
    (data / "keys.json").write_text(json.dumps(content))
    (data / "keys.json").chmod(mode)
    assert said("keys").level == level


def test_a_folder_that_is_open_to_others_is_told_with_the_command_that_closes_it(data):
    data.chmod(0o755)
    sign = said("data")
    assert sign.level == "warning"
    assert sign.mend.zh == f"chmod 700 {data}"


@pytest.mark.parametrize(
    ("today", "level"),
    [
        (datetime.date(2022, 8, 1), "ok"),
        (datetime.date(2026, 11, 30), "ok"),
        (datetime.date(2026, 12, 1), "warning"),
        (datetime.date(2031, 1, 1), "error"),
    ],
)
def test_the_calendar_covers_this_year_and_from_december_on_the_next(data, today, level):
    assert said("calendar", today).level == level


def test_a_wrong_calendar_table_is_told_by_its_line(data):
    (data / "working_days.csv").write_text("date,kind,name,notice\n2027-13-01,holiday,x,y\n", "utf-8")
    sign = said("calendar")
    assert sign.level == "error"
    assert "working_days.csv" in sign.said.zh


def test_policies_that_do_not_load_are_told(data, settings, tmp_path):
    settings.POLICIES = str(tmp_path / "none")
    sign = said("policies")
    assert sign.level == "error"
    assert "huiqi check" in sign.mend.en


# What is wrong with a site's database, jobs and chain: each is done to it, and looked at.
LOOK = """
from huiqi.portal.jobs.models import Job
from huiqi.portal.jobs.running import ask, ask_daily, run_due
from huiqi.portal.upkeep.backup import back_up
from huiqi.portal.upkeep.running_site import site_signs
from pathlib import Path

NOW = datetime.datetime(2022, 8, 3, 2, 0, tzinfo=datetime.UTC)
told = {}

def look(what, now=NOW):
    told[what] = {each.check: each.level for each in site_signs(now)}

look("new")
from busy_office import SET_UP
sys.argv[1:] = ["3", sys.argv[1]]
exec(SET_UP)
NOW = datetime.datetime(2022, 8, 3, 2, 0, tzinfo=datetime.UTC)
look("never backed up")
back_up(Path(sys.argv[2]), NOW)
look("backed up")
look("backed up long ago", NOW + datetime.timedelta(days=5))
waiting = ask("publish-head", "publish-head:x", {"day": "2022-08-03"}, by="test", now=NOW)
look("just asked")
look("nobody runs jobs", NOW + datetime.timedelta(hours=1))
Job.objects.filter(pk=waiting.pk).update(state="running", heard_at=datetime.datetime(2022, 8, 3, tzinfo=datetime.UTC))
look("worker silent")
Job.objects.filter(pk=waiting.pk).update(state="failed", ended_at=NOW, heard_at=None)
look("a job failed")
Job.objects.filter(pk=waiting.pk).delete()

from huiqi.portal.accounts.models import User
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.screenings.models import Screening

rules = {f"{each.id}@{each.region}": each.digest for each in library().measures}

def screened(rules, state):
    manifest, by = {"rules": rules}, User.objects.first()
    Screening.objects.create(
        region="532503", as_of=NOW.date(), choice=state, state=state, started_by=by, started_at=NOW, manifest=manifest
    )

screened(rules, "finished")
screened({}, "stopped")
look("screened by the rules of today")
screened({**rules, next(iter(rules)): "0" * 64}, "finished")
look("a rule changed since")
print(json.dumps(told))
"""


def test_a_site_is_looked_through(tmp_path):
    site = new_site(tmp_path)
    told = site.python(LOOK, tmp_path / "site.huiqi")
    fine = dict.fromkeys(("database", "jobs", "backup", "chain", "screenings"), "ok")
    assert told == {
        "new": fine,
        "never backed up": {**fine, "backup": "warning"},
        "backed up": fine,
        "backed up long ago": {**fine, "backup": "warning", "jobs": "warning"},
        "just asked": fine,
        "nobody runs jobs": {**fine, "jobs": "error"},
        "worker silent": {**fine, "jobs": "error"},
        "a job failed": {**fine, "jobs": "warning"},
        "screened by the rules of today": fine,
        "a rule changed since": {**fine, "screenings": "warning"},
    }


def test_the_command_ends_with_1_and_says_how_to_mend(tmp_path):
    site = new_site(tmp_path)
    site.data.chmod(0o700)
    site.now = ""
    status, out, errors = site.huiqi("doctor", "--json")
    checks = {each["check"]: each["level"] for each in json.loads(out)["checks"]}
    assert {name for name, level in checks.items() if level != "ok"} <= {"fonts", "calendar"}, out
    os.truncate(site.data / "secret.key", 10)
    place = " ON acts_event" if site.url else ""
    site.sql(
        "INSERT INTO acts_event (sequence, at, act, actor, acting_as, via, region, agency, subject_kind, subject,"
        " version, from_state, to_state, body, previous, digest)"
        " VALUES (1, '2022-08-01 00:00:00', 'x', 'x', '', 'x', '', '', 'x', 'x', 0, '', '', '{}', '', '')",
        f"DROP TRIGGER acts_event_keeps_rows{place}",
    )
    status, out, errors = site.huiqi("doctor", "--language", "en")
    assert status == 1, errors
    assert "chain of events" in out
    assert "to mend: run huiqi audit verify" in out


def test_a_site_that_cannot_begin_is_told_too(tmp_path):
    site = on_sqlite(tmp_path, empty=True)
    assert {each["check"]: each["level"] for each in site.answer("doctor")["checks"]}["database"] == "error"
    assert not site.file.exists()
    site.url = "mysql://nowhere"
    status, out, errors = site.afresh("doctor", "--json")
    last = json.loads(out)["checks"][-1]
    assert (status, last["check"], "postgresql://" in last["mend"]) == (1, "settings", True), errors
    site.url = "postgresql://nobody@127.0.0.1:1/none"
    assert site.answer("doctor")["checks"][-1]["check"] == "database"
