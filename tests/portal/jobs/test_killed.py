"""A job whose process is killed in mid-work goes on where it was: nothing twice, nothing lost, one event."""

import pytest
from own_sites import new_site

FIRMS = 400
HAND_IN = """
from django.core.files.uploadedfile import SimpleUploadedFile
from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.acts.performing import perform
from huiqi.portal.firms.files import keep
from huiqi.portal.firms.models import Roster
from huiqi.portal.jobs.running import run_due
from huiqi.reference.credit_codes import make_credit_code

TODAY = datetime.date(2022, 8, 1)
NOW = datetime.datetime(2022, 8, 1, 2, 0, tzinfo=datetime.UTC)
agency = Agency.objects.create(code="532503-office", name="蒙自市", region="532503")
user = User.objects.create_user("clerk", password="a long password", name="经办")
Appointment.objects.create(user=user, agency=agency, role="county_officer", begins=TODAY)
actor = actor_of(user, TODAY)
rows = ["统一社会信用代码,企业名称,地区,从业人员"]
for number in range(int(sys.argv[1])):
    rows.append(f"{make_credit_code('532503', f'MA6K{number:04}')},虚构企业{number},532503,{number + 1}")
ticket = keep("名册.csv", ["\\n".join(rows).encode()], actor)
values = {"source": "statistics", "dated": "2022-06-30", "ticket": ticket}
roster = perform("roster.hand_in", actor, None, values, now=NOW, today=TODAY, key="hand in").subject
run_due(lambda: NOW)
perform("roster.take", actor, roster.pk, {}, now=NOW, today=TODAY, key="take")
"""
# The work itself, in smaller steps; it says how far it is, and waits where it is told to.
WORK = """
import functools
from huiqi.portal.firms import taking, work
from huiqi.portal.jobs.running import run_due

NOW = datetime.datetime(2022, 8, 1, 2, 0, tzinfo=datetime.UTC)
later = datetime.timedelta(minutes=int(sys.argv[1]))
real = taking.take

def in_steps(roster, library, now, report):
    def told(done, total):
        report(done, total)
        print(done)
    return real(roster, library, now, told, batch=20)

work.take = in_steps
import django.utils.timezone
print(json.dumps(run_due(lambda: NOW, pulse=lambda: django.utils.timezone.now() + later)))
"""


@pytest.fixture
def site(tmp_path):
    made = new_site(tmp_path)
    made.python(HAND_IN, FIRMS)
    return made


def test_a_roster_is_taken_whole_though_its_worker_was_killed_twice(site):
    reached = 0
    for restart in range(2):
        worker = site.start(WORK, 3 * restart)
        for line in worker.stdout:
            assert int(line) > reached or reached == 0
            reached = int(line)
            if reached >= 100 * (restart + 1):
                worker.kill()
                break
        worker.communicate()
        assert worker.returncode == -9
        [(state, attempts)] = site.sql("SELECT state, attempts FROM jobs_job WHERE kind = 'roster-take'")
        assert (state, attempts) == ("running", restart + 1)
        [(written, firms)] = site.sql("SELECT written, (SELECT count(*) FROM firms_firm) FROM firms_roster")
        assert reached <= written == firms < FIRMS
        assert site.sql("SELECT state FROM firms_roster") == [("taking",)]

    last = site.start(WORK, 9)
    out, errors = last.communicate(timeout=90)
    assert last.returncode == 0, errors
    steps = [int(line) for line in out.splitlines()]
    assert steps[0] > reached
    assert steps[-2:] == [FIRMS, 1]

    assert site.sql("SELECT count(*), count(DISTINCT credit_code) FROM firms_firm") == [(FIRMS, FIRMS)]
    assert site.sql("SELECT count(*), count(DISTINCT firm_id) FROM firms_factchange") == [(FIRMS, FIRMS)]
    assert site.sql("SELECT state, written FROM firms_roster") == [("taken", FIRMS)]
    assert site.sql("SELECT state, attempts, done FROM jobs_job WHERE kind = 'roster-take'") == [
        ("done", 3, FIRMS)
    ]
    assert site.sql("SELECT count(*) FROM acts_event WHERE act = 'roster.finish'") == [(1,)]
    assert site.answer("audit", "verify")["sound"]


def test_a_dead_workers_job_is_not_taken_before_it_was_silent_long_enough(site):
    worker = site.start(WORK, 0)
    assert int(worker.stdout.readline())
    worker.kill()
    worker.communicate()
    answer = site.answer("jobs", "run", "--today", "2022-08-01", "--once")
    assert "publish-head:2022-08-01" in answer["asked"]
    assert [each["state"] for each in answer["ran"]] == ["done"]
    assert answer["ran"][0]["kind"] != "roster-take"
    assert site.sql("SELECT state FROM jobs_job WHERE kind = 'roster-take'") == [("running",)]
