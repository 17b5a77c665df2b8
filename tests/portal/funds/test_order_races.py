"""Two real connections confirm orders of money at the same moment: the last fen is given once, an order posted once."""

import json

import pytest
from own_sites import new_site

SET_UP = """
from fund_office import HONGHE, KUNMING, PROVINCE, FundOffice
office = FundOffice()
office.appoint("approver", PROVINCE, "one")
office.appoint("approver", PROVINCE, "two")
office.funded("0.30")
orders = [office.draft("allocate", {each: "0.01"}, document=f"{each} {number}").pk
          for number in range(25) for each in (HONGHE, KUNMING)]
print(json.dumps(orders))
"""
RACE = """
from offices import NOW, TODAY
from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.models import User
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused

me, orders = sys.argv[1], json.loads(sys.argv[2])
actor = actor_of(User.objects.get(username=me), TODAY)
print("ready")
sys.stdin.readline()
told = {}
for number in orders:
    try:
        perform("fund.confirm", actor, number, {}, now=NOW, today=TODAY, key=f"confirm {number}")
        told["confirmed"] = told.get("confirmed", 0) + 1
    except Refused as refused:
        code = refused.findings[0].code
        told[code] = told.get(code, 0) + 1
print(json.dumps(told))
"""
SUMS = (
    "SELECT kind, credits_posted, debits_posted FROM funds_account WHERE region = '530000' ORDER BY kind",
    "SELECT count(*), sum(amount) FROM funds_transfer WHERE purpose = 'allocate'",
    "SELECT count(*) FROM funds_fundorder WHERE state = 'confirmed' AND kind = 'allocate'",
)


@pytest.fixture
def site(tmp_path):
    made = new_site(tmp_path)
    made.orders = made.python(SET_UP)
    return made


def raced(site, *orders):
    racers = [
        site.start(RACE, name, json.dumps(its)) for name, its in zip(("one", "two"), orders, strict=True)
    ]
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
    return told


def test_two_approvers_who_race_for_the_last_fen_give_it_once(site):
    told = raced(site, site.orders[::2], site.orders[1::2])
    assert sum(each.get("confirmed", 0) for each in told) == 30
    assert sum(each.get("not-enough", 0) for each in told) == 20
    assert site.sql(SUMS[0]) == [("available", 30, 30), ("budget", 0, 30)]
    assert site.sql(SUMS[1]) == [(30, 30)]
    assert site.sql(SUMS[2]) == [(30,)]


def test_two_approvers_who_confirm_the_same_orders_post_each_once(site):
    same = site.orders[:20]
    told = raced(site, same, same)
    assert sum(each.get("confirmed", 0) for each in told) == 20
    assert sum(each.get("not-in-this-state", 0) for each in told) == 20
    assert site.sql(SUMS[1]) == [(20, 20)]
