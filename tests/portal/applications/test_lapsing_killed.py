"""Workers that end applications not mended in time are killed with SIGKILL; the next goes on, nothing lost or doubled."""

from own_sites import new_site
from races import BEGIN

LATE = 8
OFFICE = (
    BEGIN
    + """
import huiqi.portal.applications.firm_acts
from offices import MENGZI
from screened_office import registered
from huiqi.portal.firms.models import Binding
from huiqi.portal.jobs.running import ask, run_due
from huiqi.portal.notices.whom import actor_on

# Files have tests of their own; here nothing is wanted.
huiqi.portal.applications.firm_acts.lacking = lambda slots: []
LATER = datetime.datetime(2022, 9, 1, 2, 0, tzinfo=datetime.UTC)

def do(name, act, subject, values, key):
    who = actor_on(User.objects.get(username=name), TODAY)
    return perform(act, who, subject, values, now=NOW, today=TODAY, key=key).subject
"""
)
# One more than are late is sent back too, and mended in time. Each firm has two members, who are told both.
SET_UP = (
    OFFICE
    + """
agency = Agency.objects.create(code=MENGZI, name="蒙自市", region=MENGZI)
for name in ("county", "owner", "second"):
    User.objects.create_user(name, password="a long password", name=name)
Appointment.objects.create(user=User.objects.get(username="county"), agency=agency, role="county_officer", begins=TODAY)
late = int(sys.argv[1])
for number in range(late + 1):
    firm = registered(number, MENGZI)
    for name in ("owner", "second"):
        Binding.objects.create(user=User.objects.get(username=name), firm=firm, state="bound", asked_at=NOW)
    made = do("owner", "application.begin", None, {"firm": firm.pk, "measure": "guesthouse-award"}, f"b{number}")
    do("owner", "application.hand_in", made.pk, {}, f"h{number}")
    do("county", "application.return", made.pk, {"mend": "请填评定日期"}, f"r{number}")
do("owner", "application.hand_in", made.pk, {}, "mended")
day = LATER.date().isoformat()
ask("applications-lapse", f"applications-lapse:{day}", {"day": day}, by="schedule", now=LATER)
"""
)
WORK = (
    OFFICE
    + """
import time
import django.utils.timezone
from huiqi.portal.applications import lapsing, office_acts

where, times, later = sys.argv[1], int(sys.argv[2]), datetime.timedelta(minutes=int(sys.argv[3]))
if where:
    home = {"perform": lapsing, "tell_firm": office_acts}[where]
    real, calls = getattr(home, where), []

    def watched(*arguments, **named):
        done = real(*arguments, **named)
        calls.append(1)
        if len(calls) == times:
            print("there", flush=True)
            time.sleep(80)
        return done

    setattr(home, where, watched)
run_due(lambda: LATER, pulse=lambda: django.utils.timezone.now() + later)
print("end", flush=True)
"""
)
# Where a worker is killed, at which time of doing so, and how many have ended by then: after an act, and in the midst of
# one, whose transaction is open with everything but its event written.
KILLED = (("perform", 3, 3), ("tell_firm", 2, 4), ("tell_firm", 1, 4), ("perform", 1, 5))
STATES = "SELECT state, count(*) FROM applications_application GROUP BY state ORDER BY state"


def test_each_application_not_mended_in_time_ends_once_though_workers_are_killed(tmp_path):
    site = new_site(tmp_path)
    site.python(SET_UP, LATE)
    assert site.sql(STATES) == [("handed_in", 1), ("returned", LATE)]
    for restart, (where, times, ended) in enumerate(KILLED):
        worker = site.start(WORK, where, times, 3 * restart)
        said = worker.stdout.readline()
        assert said == "there\n", (where, said, worker.communicate())
        worker.kill()
        worker.communicate()
        assert worker.returncode == -9
        assert site.sql("SELECT state, attempts FROM jobs_job WHERE kind = 'applications-lapse'") == [
            ("running", restart + 1)
        ]
        assert site.sql(STATES) == [("handed_in", 1), ("lapsed", ended), ("returned", LATE - ended)]
        each_once(site, ended)

    last = site.start(WORK, "", 0, 3 * len(KILLED))
    out, errors = last.communicate(timeout=90)
    assert (last.returncode, out) == (0, "end\n"), errors
    assert site.sql("SELECT state, attempts FROM jobs_job WHERE kind = 'applications-lapse'") == [
        ("done", len(KILLED) + 1)
    ]
    assert site.sql(STATES) == [("handed_in", 1), ("lapsed", LATE)]
    each_once(site, LATE)
    assert site.answer("audit", "verify")["sound"]


def each_once(site, ended):
    """Of so many applications each has one event and one notice to each member, a day on which it ended, no deadline."""
    assert site.sql(
        "SELECT count(*), count(DISTINCT subject) FROM acts_event WHERE act = 'application.lapse'"
    ) == [(ended, ended)]
    assert site.sql(
        "SELECT count(*), count(DISTINCT subject), count(DISTINCT user_id) FROM notices_notice"
        " WHERE kind = 'application-lapsed'"
    ) == [(2 * ended, ended, 2)]
    lapsed = "SELECT count(*) FROM applications_application WHERE state = 'lapsed'"
    assert site.sql(f"{lapsed} AND decided_on = '2022-09-01'") == [(ended,)]
    assert site.sql(
        "SELECT count(*) FROM clock_deadline WHERE rule = 'application-mend' AND state = 'open'"
    ) == [(LATE - ended,)]
