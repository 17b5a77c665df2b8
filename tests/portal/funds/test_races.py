"""Two connections race for the last fen, and for one key; a program killed in the middle leaves nothing half done."""

import json

import pytest
from own_sites import new_site

LEDGER = """
from ledgers import DAY, GEJIU, HONGHE, MENGZI, NOW, PROVINCE, Ledger
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.funds.models import Account, Programme, Transfer
from huiqi.portal.funds.posting import Entry, post

def number(kind, region):
    return Account.objects.for_site("test").get(kind=kind, region=region, programme__code="relief").pk
def make(*entries):
    return post(entries, day=DAY, at=NOW)
"""
SET_UP = (
    LEDGER
    + """
ledger = Ledger()
make(
    Entry("budget", number("budget", PROVINCE), number("available", PROVINCE), 100, "appropriate"),
    Entry("down", number("available", PROVINCE), number("available", MENGZI), 100, "allocate"),
)
"""
)
RACE = (
    LEDGER
    + """
me = sys.argv[1]
available, paid = number("available", MENGZI), number("paid", MENGZI)
print("ready")
sys.stdin.readline()
told = {"paid": 0, "refused": 0}
for turn in range(150):
    key = f"shared-{turn}" if turn % 3 == 0 else f"{me}-{turn}"
    try:
        make(Entry(key, available, paid, 1, "pay"))
        told["paid"] += 1
    except Refused as refused:
        assert refused.findings[0].code == "not-enough", refused
        told["refused"] += 1
print(json.dumps(told))
"""
)
KILLED = (
    LEDGER
    + """
from django.db import transaction
available, paid = number("available", MENGZI), number("paid", MENGZI)
with transaction.atomic():
    make(*(Entry(f"batch-{each}", available, paid, 1, "pay") for each in range(50)))
    print("in the middle")
    sys.stdin.readline()
"""
)
AGAIN = (
    LEDGER
    + """
available, paid = number("available", MENGZI), number("paid", MENGZI)
make(*(Entry(f"batch-{each}", available, paid, 1, "pay") for each in range(50)))
print(json.dumps(Account.objects.for_site("test").get(pk=available).free))
"""
)
SUMS = (
    "SELECT a.credits_posted, a.debits_posted, (SELECT coalesce(sum(amount), 0) FROM funds_transfer t"
    " WHERE t.debit_id = a.id) FROM funds_account a WHERE a.kind = 'available' AND a.region = '532503'"
)


@pytest.fixture
def site(tmp_path):
    made = new_site(tmp_path)
    made.python(SET_UP)
    return made


def test_two_connections_that_race_for_the_last_fen_pay_it_once(site):
    racers = [site.start(RACE, name) for name in ("one", "two")]
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
    assert site.sql(SUMS) == [(100, 100, 100)]
    assert all(each["paid"] + each["refused"] == 150 for each in told)
    assert all(each["refused"] for each in told)


def test_a_batch_that_is_killed_in_the_middle_is_done_once_when_it_is_sent_again(site):
    killed = site.start(KILLED)
    assert killed.stdout.readline() == "in the middle\n"
    killed.kill()
    killed.wait(30)
    assert site.sql(SUMS)[0][1:] == (0, 0)
    assert site.python(AGAIN) == 50
    assert site.python(AGAIN) == 50
