"""A worker killed at each step of a batch: drawing, holding, the statement; the next goes on, nothing lost or doubled.

And two batches that race for the last fen: one of them gets it.
"""

import json

import pytest
from own_sites import new_site

PAYMENTS, PIECE = 60, 10
OFFICE = """
from offices import NOW, TODAY
from paying_office import Treasury, order, answer_file, payments
from huiqi.portal.accounts.models import User
from huiqi.portal.jobs.running import run_due
from huiqi.portal.payments import batch_acts, drawing, previewing, statement_acts
from huiqi.portal.payments.batches import open_from_source
from huiqi.portal.payments.models import BankStatement, PaymentBatch
from huiqi.portal.payments.orders import orders_from
from offices import Office
from huiqi.portal.acts.performing import perform
from huiqi.portal.accounts.capacities import actor_of

for module in (batch_acts, drawing, previewing, statement_acts):
    module.PIECE = 10

def source(argument, after, most):
    begin = int(after.partition(":")[2] or 0)
    return [order(each, 5) for each in range(begin + 1, min(begin + most, 60) + 1)]

orders_from("test", source)

def do(name, act, subject, values=None):
    actor = actor_of(User.objects.get(username=name), TODAY)
    return perform(act, actor, subject, values or {}, now=NOW, today=TODAY, key=f"{act}:{subject}").subject

def the_batch():
    return PaymentBatch.objects.for_site("test").order_by("pk").first()
"""
SET_UP = (
    OFFICE
    + """
treasury = Treasury(300)
open_from_source(
    treasury.doing(), programme=treasury.programme, region="532503", year=2022, direct=True,
    title="补助", domain="test", argument="run", count=60, total=300,
)
"""
)
# The work itself; it says after each piece how far it is.
WORK = (
    OFFICE
    + """
import django.utils.timezone
from huiqi.portal.payments import work
later = datetime.timedelta(minutes=int(sys.argv[1]))
real = work.perform
def told(*arguments, **named):
    done = real(*arguments, **named)
    print(arguments[0], flush=True)
    return done
work.perform = told
run_due(lambda: NOW, pulse=lambda: django.utils.timezone.now() + later)
print("end", flush=True)
"""
)
HOLD = OFFICE + 'do("holder", "payment.hold", the_batch().pk)'
SEND = OFFICE + 'do("sender", "payment.send", the_batch().pk)'
HAND_IN = (
    OFFICE
    + """
from huiqi.portal.payments.statement_files import keep
rows = payments(the_batch())
content, controls = answer_file(*((each, "成功" if each.number % 3 else "失败") for each in rows))
holder = actor_of(User.objects.get(username="holder"), TODAY)
ticket = keep("回单.csv", [content.encode()], holder)
do("holder", "statement.hand_in", None, {**controls, "ticket": ticket})
"""
)
TAKE = OFFICE + 'do("holder", "statement.take", BankStatement.objects.for_site("test").get().pk)'
SUMS = (
    "SELECT a.credits_posted, a.debits_posted, a.debits_pending FROM funds_account a"
    " WHERE a.kind = 'available' AND a.region = '532503' ORDER BY a.id LIMIT 1"
)


@pytest.fixture
def site(tmp_path):
    made = new_site(tmp_path)
    made.python(SET_UP)
    return made


def work_that_is_killed(site, piece, pieces):
    """Kill a worker after 2 pieces, the next one after 2 more, and let a third one end."""
    seen = 0
    for restart in range(2):
        worker = site.start(WORK, 3 * restart)
        for line in worker.stdout:
            seen += line.strip() == piece
            if seen >= 2 * (restart + 1):
                worker.kill()
                break
        worker.communicate()
        assert worker.returncode == -9
    last = site.start(WORK, 9)
    out, errors = last.communicate(timeout=90)
    assert last.returncode == 0, errors
    assert out.splitlines()[-1] == "end"
    # What was in the middle when it was killed may have been committed, or done by the next.
    assert pieces - 6 <= out.splitlines().count(piece) < pieces
    assert site.sql(f"SELECT count(*) FROM acts_event WHERE act = '{piece}'") == [(pieces,)]


def test_a_batch_whose_workers_are_killed_at_each_step_pays_each_once(site):
    pieces = PAYMENTS // PIECE
    work_that_is_killed(site, "payment.draw", pieces)
    drawn = "SELECT count(*), count(DISTINCT key), sum(amount) FROM payments_payment"
    assert site.sql(drawn) == [(PAYMENTS, PAYMENTS, 300)]

    site.python(HOLD)
    assert site.sql(SUMS) == [(300, 0, 300)]
    work_that_is_killed(site, "payment.hold_lines", pieces)
    assert site.sql(SUMS) == [(300, 0, 300)]
    standing = (
        "SELECT count(*), sum(p.amount) FROM funds_transfer p WHERE p.stage = 'pending'"
        " AND NOT EXISTS (SELECT 1 FROM funds_transfer r WHERE r.resolves_id = p.id)"
    )
    assert site.sql(standing) == [(PAYMENTS, 300)]

    site.python(SEND)
    site.python(HAND_IN)
    site.start(WORK, 0).communicate()
    site.python(TAKE)
    work_that_is_killed(site, "statement.take_lines", pieces)
    assert site.sql("SELECT state, paid_count, rejected_count FROM payments_paymentbatch") == [
        ("closed", 40, 20)
    ]
    assert site.sql("SELECT state, count(*) FROM payments_payment GROUP BY state ORDER BY state") == [
        ("paid", 40),
        ("rejected", 20),
    ]
    assert site.sql(SUMS) == [(300, 200, 0)]
    assert site.sql(
        "SELECT stage, count(*) FROM funds_transfer WHERE key LIKE '%:resolved' GROUP BY stage ORDER BY stage"
    ) == [
        ("post", 40),
        ("void", 20),
    ]
    assert site.answer("audit", "verify")["sound"]
    assert not list((site.data / "statements").glob(".reading-*"))


RACE_SET_UP = (
    OFFICE
    + """
treasury = Treasury(100)
for number in range(1, 31):
    treasury.drafted(order(number, 7))
"""
)
RACE = (
    OFFICE
    + """
from huiqi.portal.acts.refusals import Refused
name = sys.argv[1]
mine = [each.pk for each in PaymentBatch.objects.for_site("test").order_by("pk")][int(sys.argv[2])::2]
print("ready", flush=True)
sys.stdin.readline()
told = {"held": 0, "refused": 0}
for number in mine:
    try:
        do(name, "payment.hold", number)
        told["held"] += 1
    except Refused as refused:
        assert refused.findings[0].code == "not-enough", refused
        told["refused"] += 1
print(json.dumps(told), flush=True)
"""
)


def test_two_people_who_hold_batches_at_once_hold_no_fen_twice(tmp_path):
    site = new_site(tmp_path)
    site.python(RACE_SET_UP)
    racers = [site.start(RACE, *each) for each in (("holder", 0), ("sender", 1))]
    for each in racers:
        assert each.stdout.readline() == "ready\n"
    for each in racers:
        each.stdin.write("go\n")
        each.stdin.flush()
    told = []
    for each in racers:
        out, errors = each.communicate(timeout=90)
        assert each.returncode == 0, errors
        told.append(json.loads(out))
    # 100 fen are enough for 14 batches of 7.
    assert sum(each["held"] for each in told) == 14
    assert sum(each["refused"] for each in told) == 16
    assert site.sql(SUMS) == [(100, 0, 98)]
