"""Workers that draw, fix and cancel are killed with SIGKILL and go on; two runs want the same entitlements at once."""

from own_sites import new_site
from races import BEGIN, WAIT, race

OFFICE = """
from screened_office import registered, claim
from offices import HONGHE, MENGZI
from huiqi.portal.delivery import drawing, checking, run_work
from huiqi.portal.delivery.models import Line, Run
from huiqi.portal.jobs.running import run_due
for module in (drawing, checking):
    module.piece_size = lambda: 5
def do(name, act, subject, values=None, key=""):
    return perform(act, actor(name), subject, values or {}, now=NOW, today=TODAY, key=key or f"{act}:{subject}").subject
def look(run):
    do("reviewer", "run.look", run, {"lines": list(Line.objects.for_site("t").filter(run=run).values_list("pk", flat=True))})
"""
SET_UP = (
    BEGIN
    + OFFICE
    + """
from screened_office import officer

officer("head", "leading_group", HONGHE)
officer("reviewer", "reviewer", HONGHE)
officer("reviewer2", "reviewer", HONGHE)
FACTS = {
    "months_premiums_paid": "12", "paying_premiums_now": "yes", "industrial_policy_kept": "yes",
    "gravely_dishonest": "no", "zombie": "no", "staff_let_go@2021": "0",
    "unemployment_premiums@2021": "6000", "employees": "5", "revenue": "1200000",
}
for number in range(1, 31):
    registered(number, MENGZI, facts=FACTS)
do("head", "screening.start", None, {"region": HONGHE, "as_of": "2022-08-01", "measures": ""})
run_due(lambda: NOW)
def a_run(key):
    made = do("head", "run.draw", None, {"measure": "job-retention-refund", "region": HONGHE}, key=key)
    return made.pk
"""
)
DRAW = SET_UP + 'a_run("a")'
WORK = (
    BEGIN
    + OFFICE
    + """
import django.utils.timezone
later = datetime.timedelta(minutes=int(sys.argv[1]))
real = run_work.perform
def told(*a, **n):
    done = real(*a, **n)
    print(a[0], flush=True)
    return done
run_work.perform = told
run_due(lambda: NOW, pulse=lambda: django.utils.timezone.now() + later)
print("end", flush=True)
"""
)


def killed(site, piece):
    """Kill two workers at their second piece; the third ends the work."""
    for restart in range(2):
        worker = site.start(WORK, 3 * restart)
        seen = 0
        for line in worker.stdout:
            seen += line.strip() == piece
            if seen >= 2:
                worker.kill()
                break
        worker.communicate()
        assert worker.returncode == -9
    last = site.start(WORK, 9)
    out, errors = last.communicate(timeout=90)
    assert last.returncode == 0, errors
    assert out.splitlines()[-1] == "end"


def one(site, sql):
    return site.sql(sql)[0][0]


def test_runs_whose_workers_are_killed_have_each_line_and_claim_once(tmp_path):
    site = new_site(tmp_path)
    site.python(DRAW)
    killed(site, "run.draw_lines")
    assert site.sql(
        "SELECT state, count(*), count(DISTINCT firm_id), sum(amount) FROM delivery_line GROUP BY 1"
    ) == [("drawn", 30, 30, 30 * 5_400_00)]
    assert one(site, "SELECT count(*) FROM acts_event WHERE act='run.draw_lines'") == 6
    assert one(site, "SELECT state FROM delivery_run") == "drawn"
    site.python(
        BEGIN
        + OFFICE
        + 'run = Run.objects.for_site("t").get().pk\nlook(run)\ndo("reviewer2", "run.check", run)'
    )
    killed(site, "run.fix_lines")
    assert site.sql("SELECT state, count(*) FROM delivery_line GROUP BY 1") == [("listed", 30)]
    assert site.sql("SELECT count(*), count(DISTINCT line_id) FROM delivery_claimed") == [(30, 30)]
    assert one(site, "SELECT state FROM delivery_run") == "checked"
    site.python(
        BEGIN + OFFICE + 'do("head", "run.cancel", Run.objects.for_site("t").get().pk, {"reason": "x y z"})'
    )
    killed(site, "run.let_go")
    assert site.sql("SELECT count(*) FROM delivery_claimed") == [(0,)]
    assert site.sql("SELECT count(*) FROM delivery_capshare") == [(0,)]
    assert one(site, "SELECT coalesce(sum(used),0) FROM delivery_capuse") == 0
    assert one(site, "SELECT state FROM delivery_run") == "cancelled"
    assert site.answer("audit", "verify")["sound"]


# Where a worker is killed, its piece done and not yet committed: what, and at which time of doing so.
DRAWING = (("drawing.write", 1), ("drawing.write", 2), ("drawing.digest_of", 1), ("outliers.mark", 1))
FIXING = (("checking.claim", 1), ("checking.claim", 3), ("checking.digest_of", 1))
CANCELLING = (("checking.release", 1), ("checking.release", 4))
HALF_DONE = (
    BEGIN
    + OFFICE
    + """
import time
import django.utils.timezone
from huiqi.portal.delivery import outliers

where, times, later = sys.argv[1], int(sys.argv[2]), datetime.timedelta(minutes=int(sys.argv[3]))
home, name = where.split(".")
home = {"drawing": drawing, "outliers": outliers, "checking": checking}[home]
real, calls = getattr(home, name), []

def watched(*arguments, **named):
    done = real(*arguments, **named)
    calls.append(1)
    if len(calls) == times:
        print("there", flush=True)
        time.sleep(80)
    return done

setattr(home, name, watched)
run_due(lambda: NOW, pulse=lambda: django.utils.timezone.now() + later)
"""
)
GO_ON = (
    BEGIN
    + OFFICE
    + """
import django.utils.timezone
run_due(lambda: NOW, pulse=lambda: django.utils.timezone.now() + datetime.timedelta(minutes=90))
"""
)
CHECK = """
run = Run.objects.for_site("t").get(state="drawn").pk
look(run)
do("reviewer2", "run.check", run)
"""
CANCEL = """
do("head", "run.cancel", Run.objects.for_site("t").get(state="checked").pk, {"reason": "x y z"})
"""
TELL = (
    BEGIN
    + OFFICE
    + """
from huiqi.portal.delivery.models import CapShare, Claimed
run = Run.objects.for_site("t").order_by("pk").last()
lines = Line.objects.for_site("t").filter(run=run).order_by("pk")
said = ("firm_id", "record", "period", "amount", "facts", "derivation", "state", "marks")
print(json.dumps({
    "state": run.state, "figures": run.figures, "digest": run.digest, "lines": list(lines.values_list(*said)),
    "claims": sorted(Claimed.objects.filter(line__run=run).values_list("payee", "measure", "record", "period")),
    "shares": CapShare.objects.filter(line__run=run).count(),
}))
"""
)


def killed_half_done(site, places):
    """Kill a worker at each place, its transaction open: of the piece that it was in nothing stays. The last goes on."""
    for number, (place, times) in enumerate(places):
        site.sql("UPDATE jobs_job SET attempts = 0")
        worker = site.start(HALF_DONE, place, times, 3 * number)
        said = worker.stdout.readline()
        assert said == "there\n", (place, said, worker.communicate())
        worker.kill()
        worker.communicate()
        assert worker.returncode == -9
        stands = site.python(TELL)
        assert len(stands["lines"]) == stands["figures"]["lines"], place
        assert len(stands["lines"]) % 5 == 0, place
        assert len(stands["claims"]) == sum(each[6] == "listed" for each in stands["lines"]), place
    site.sql("UPDATE jobs_job SET attempts = 0")
    site.python(GO_ON)


def test_a_run_whose_workers_are_killed_in_the_midst_of_a_piece_is_as_one_that_nobody_disturbed(tmp_path):
    site = new_site(tmp_path)
    ran = "\nrun_due(lambda: NOW)\n"
    site.python(DRAW + ran + CHECK + ran)
    alone = site.python(TELL)
    assert (alone["state"], len(alone["claims"])) == ("checked", 30)
    site.python(BEGIN + OFFICE + CANCEL + ran)
    cancelled = site.python(TELL)
    assert (cancelled["state"], cancelled["claims"]) == ("cancelled", [])

    values = '{"measure": "job-retention-refund", "region": HONGHE}'
    site.python(BEGIN + OFFICE + f'do("head", "run.draw", None, {values}, key="again")')
    killed_half_done(site, DRAWING)
    site.python(BEGIN + OFFICE + CHECK)
    killed_half_done(site, FIXING)
    told = site.python(TELL)
    # The sample is drawn by the run's own number: which lines stand out and how many are looked at is the same.
    assert told == alone
    site.python(BEGIN + OFFICE + CANCEL)
    killed_half_done(site, CANCELLING)
    assert site.python(TELL) == cancelled
    assert site.answer("audit", "verify")["sound"]


RACE = (
    BEGIN
    + OFFICE
    + """
from huiqi.portal.delivery.claims import claim as claim_lines
from django.db import transaction
runs = [each.pk for each in Run.objects.for_site("t").order_by("pk")]
mine = runs[0] if sys.argv[1] == "first" else runs[1]
lines = list(Line.objects.for_site("t").filter(run=mine).select_related("run", "firm").order_by("pk" if sys.argv[1] == "first" else "-pk"))
"""
    + WAIT
    + """
told = []
for begin in range(0, len(lines), 5):
    with transaction.atomic():
        piece = lines[begin:begin+5]
        Line.objects.for_site("t").filter(pk__in=[e.pk for e in piece]).update(state="listed")
        told.append(len(claim_lines(piece)))
print(json.dumps(told))
"""
)


def test_of_two_runs_at_once_each_entitlement_goes_to_one(tmp_path):
    site = new_site(tmp_path)
    site.python(
        SET_UP
        + """
first = a_run("a"); run_due(lambda: NOW)
Run.objects.for_site("t").filter(pk=first).update(state="checking")
second = a_run("b"); run_due(lambda: NOW)
assert Run.objects.for_site("t").get(pk=second).state == "drawn"
"""
    )
    race(site, RACE)
    assert site.sql("SELECT state, count(*) FROM delivery_line GROUP BY 1 ORDER BY 1") == [
        ("listed", 30),
        ("taken_elsewhere", 30),
    ]
    assert site.sql("SELECT count(*), count(DISTINCT payee) FROM delivery_claimed") == [(30, 30)]
    assert (
        one(site, "SELECT count(*) FROM delivery_line WHERE state='taken_elsewhere' AND taken_by_id IS NULL")
        == 0
    )
