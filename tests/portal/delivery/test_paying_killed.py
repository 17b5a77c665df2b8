"""Two who approve or pay at once; workers killed while a run is paid, reopened and told: nothing is lost, doubled or half done."""

import pytest
from own_sites import new_site
from races import BEGIN, WAIT, race

LINES, PIECE = 30, 5
OFFICE = """
from delivering_office import Delivery, account_for, lines_of, pay_into, says_now
from huiqi.portal.delivery.models import Line, Run
from huiqi.portal.jobs.running import run_due
from huiqi.portal.delivery import paying, reopening, telling
from huiqi.portal.payments import drawing, batch_acts

for module in (paying, reopening, telling, drawing, batch_acts):
    module.PIECE = 5

def do(name, act, subject, values=None, key=""):
    key = key or f"{act}:{subject}"
    return perform(act, actor(name), subject, values or {}, now=NOW, today=TODAY, key=key).subject
"""
RUNS = (
    BEGIN
    + OFFICE
    + """
office = Delivery(1_000_000_00)
for number in range(1, 9):
    firm = office.entitled(number)
    pay_into(firm, account_for(firm))
    office.run(firm, state=sys.argv[1], line_state=sys.argv[2])
"""
)
APPROVE = (
    BEGIN
    + OFFICE
    + """
name = {"first": "approver", "second": "approver2"}[sys.argv[1]]
runs = [each.pk for each in Run.objects.for_site("test").order_by("pk")]
"""
    + WAIT
    + """
told = []
for number in runs:
    try:
        do(name, "run.approve", number)
        told.append("approved")
    except Refused as refused:
        told.append(refused.findings[0].code)
print(json.dumps(told))
"""
)
PAY = (
    BEGIN
    + OFFICE
    + """
name = {"first": "finance", "second": "finance2"}[sys.argv[1]]
runs = [each.pk for each in Run.objects.for_site("test").order_by("pk")]
"""
    + WAIT
    + """
told = []
for number in runs:
    try:
        do(name, "run.pay", number, {"direct": True})
        run_due(lambda: NOW)
        told.append("paid")
    except Refused as refused:
        told.append(refused.findings[0].code)
run_due(lambda: NOW)
print(json.dumps(told))
"""
)


def site_with(tmp_path, *arguments):
    site = new_site(tmp_path)
    site.python(RUNS, *arguments)
    return site


def test_of_two_who_approve_at_once_one_gives_the_last_approval(tmp_path):
    site = site_with(tmp_path, "ended_notice", "listed")
    for both in race(site, APPROVE):
        assert sorted(both) == ["approved", "not-in-this-state"]
    assert site.sql("SELECT count(*), count(DISTINCT run_id) FROM delivery_approval") == [(8, 8)]
    assert site.sql("SELECT state, count(*) FROM delivery_line GROUP BY state") == [("approved", 8)]


def test_of_two_who_pay_at_once_each_line_is_paid_once(tmp_path):
    site = site_with(tmp_path, "approved", "approved")
    for both in race(site, PAY):
        assert "paid" in both
    assert site.sql("SELECT state, count(*) FROM delivery_line GROUP BY state") == [("paying", 8)]
    assert site.sql("SELECT count(*), count(DISTINCT key), sum(amount) FROM payments_payment") == [
        (8, 8, 8 * 900_00)
    ]
    batches = "SELECT count(*), sum(control_count) FROM payments_paymentbatch WHERE state = 'drafted'"
    assert site.sql(batches) == [(8, 8)]


SET_UP = (
    BEGIN
    + OFFICE
    + """
office = Delivery(1_000_000_00)
firms = [office.entitled(number, owner=f"owner{number}") for number in range(1, 31)]
for firm in firms[:-2]:
    pay_into(firm, account_for(firm))
run = office.run(*firms, state="approved", line_state="approved")
"""
)
# The work itself; it says after each act, or piece of notices, how far it is.
WORK = (
    BEGIN
    + OFFICE
    + """
import django.utils.timezone
later = datetime.timedelta(minutes=int(sys.argv[1]))
def telling_when_done(module, name, word=""):
    real = getattr(module, name)
    def told(*arguments, **named):
        done = real(*arguments, **named)
        print(word or arguments[0], flush=True)
        return done
    setattr(module, name, told)
telling_when_done(paying, "perform")
telling_when_done(reopening, "perform")
telling_when_done(telling, "_tell_piece", "told")
run_due(lambda: NOW, pulse=lambda: django.utils.timezone.now() + later)
print("end", flush=True)
"""
)


@pytest.fixture
def site(tmp_path):
    made = new_site(tmp_path)
    made.python(SET_UP)
    return made


def work_that_is_killed(site, piece):
    """Kill a worker after two pieces, the next after two more, and let a third one end."""
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


def events(site, act):
    return site.sql(f"SELECT count(*) FROM acts_event WHERE act = '{act}'")[0][0]


def test_a_run_whose_workers_are_killed_while_it_is_paid_has_one_batch_of_all_its_lines(site):
    site.python(
        BEGIN + OFFICE + 'do("finance", "run.pay", Run.objects.for_site("t").get().pk, {"direct": True})'
    )
    work_that_is_killed(site, "run.accounts")
    assert (events(site, "run.accounts"), events(site, "run.batched")) == (LINES // PIECE, 1)
    by_state = "SELECT state, account_missing, count(*) FROM delivery_line GROUP BY 1, 2 ORDER BY 1"
    assert [(state, bool(missing), count) for state, missing, count in site.sql(by_state)] == [
        ("approved", True, 2),
        ("paying", False, 28),
    ]
    batches = "SELECT state, control_count, drawn_count FROM payments_paymentbatch"
    assert site.sql(batches) == [("drafted", 28, 28)]
    assert site.sql("SELECT count(*), count(DISTINCT key) FROM payments_payment") == [(28, 28)]
    # The two firms that nothing reaches were told, once each.
    told = (
        "SELECT count(*), count(DISTINCT user_id) FROM notices_notice WHERE kind = 'delivery-account-missing'"
    )
    assert site.sql(told) == [(2, 2)]
    assert site.answer("audit", "verify")["sound"]


def test_firms_are_told_once_though_the_worker_that_tells_is_killed(site):
    site.python(
        BEGIN
        + OFFICE
        + """
from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.delivery.outcomes import Heard
telling.tell_run(Heard(NOW, TODAY), Run.objects.for_site("t").get(), "delivery-approved", ["approved"])
"""
    )
    work_that_is_killed(site, "told")
    told = "SELECT count(*), count(DISTINCT user_id), count(DISTINCT subject) FROM notices_notice"
    assert site.sql(told) == [(LINES, LINES, LINES)]


def test_changed_facts_reopen_each_line_once_though_the_worker_is_killed(site):
    site.python(
        BEGIN
        + OFFICE
        + """
from huiqi.portal.jobs.running import ask
for line in lines_of(Run.objects.for_site("t").get())[:20]:
    says_now(line.firm, "unemployment_premiums@2021", "500")
ask("delivery-reopen", "delivery-reopen:test", {}, by="test", now=NOW)
"""
    )
    work_that_is_killed(site, "run.reopen")
    states = "SELECT state, count(*) FROM delivery_line GROUP BY state ORDER BY state"
    assert site.sql(states) == [("approved", 10), ("reopened", 20)]
    # Four pieces of five, and the mark up to which was looked.
    assert events(site, "run.reopen") == 5
    told = "SELECT count(*), count(DISTINCT user_id) FROM notices_notice WHERE kind = 'delivery-reopened'"
    assert site.sql(told) == [(20, 20)]
