"""Each rule of orders and programmes, violated in SQL past the site: the database refuses."""

import pytest
from django.db import DatabaseError, connection, transaction
from fund_office import HONGHE, KUNMING


@pytest.fixture
def order(funds):
    funds.funded()
    return funds.draft("allocate", {HONGHE: "10", KUNMING: "20"})


def sql(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


ORDERS, LINES = "UPDATE funds_fundorder SET ", "UPDATE funds_fundorderline SET "
DRAFTED = " WHERE state = 'drafted'"
FIRST = " WHERE region = '532500'"
VIOLATIONS = {
    "an unknown kind": f"{ORDERS}kind = 'gift'{DRAFTED}",
    "no lines": f"{ORDERS}count = 0{DRAFTED}",
    "a settlement up to no day": f"{ORDERS}kind = 'settle'{DRAFTED}",
    "an allocation up to a day": f"{ORDERS}until = '2022-07-31'{DRAFTED}",
    "a final allocation": f"{ORDERS}final = (1 = 1){DRAFTED}",
    "confirmed on no day": f"{ORDERS}state = 'confirmed'{DRAFTED}",
    "drafted and decided": f"{ORDERS}decided_on = '2022-08-01'{DRAFTED}",
    "two lines of one number": f"{LINES}number = 1 WHERE region = '530100'",
    "two lines of one region": f"{LINES}region = '530100'{FIRST}",
    "a line of nothing": f"{LINES}amount = 0{FIRST}",
    "a line of less than nothing": f"{LINES}amount = -1{FIRST}",
    "a line that takes back": f"{LINES}back = 1{FIRST}",
    "a line that clears": f"{LINES}cleared = 1{FIRST}",
    "a settlement in part": f"{LINES}due = 10{FIRST}",
    "a settlement beyond the share": f"{LINES}spent = 100, due = 30, given = 0, amount = 31{FIRST}",
    "a settlement that gives and takes": f"{LINES}spent = 100, due = 30, given = 0, amount = 30, back = 1{FIRST}",
    "a share of less than nothing": f"{LINES}spent = 0, due = -1, given = 0, amount = 0{FIRST}",
    "a share beyond the whole": "UPDATE funds_programme SET share_numerator = 11",
    "a share of nothing": "UPDATE funds_programme SET share_denominator = 0, share_numerator = 0",
    "closed on no day": "UPDATE funds_programme SET state = 'closed'",
    "open and closed on a day": "UPDATE funds_programme SET closed_on = '2022-08-01'",
    "an unknown state": "UPDATE funds_programme SET state = 'paused'",
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_change_against_the_rules_is_refused(order, name):
    with pytest.raises(DatabaseError):
        sql(VIOLATIONS[name])


@pytest.mark.parametrize(
    "statement",
    [
        f"{ORDERS}state = 'confirmed', decided_on = '2022-08-01'{DRAFTED}",
        f"{LINES}spent = 100, due = 30, given = 0, amount = 30{FIRST}",
        f"{LINES}spent = 100, due = 30, given = 40, amount = 0, back = 10{FIRST}",
        "UPDATE funds_programme SET state = 'closed', closed_on = '2022-08-01'",
    ],
)
def test_what_the_rules_allow_is_taken(order, statement):
    assert sql(statement) == 1


def test_one_content_is_ordered_once(order):
    names = (
        "version, kind, year, direct, region, agency, document, final, state, count, total, digest, drafted_at,"
        " reason, programme_id"
    )
    with pytest.raises(DatabaseError):
        sql(f"INSERT INTO funds_fundorder ({names}) SELECT {names} FROM funds_fundorder{DRAFTED}")


PAST = {
    "another amount": f"{LINES}amount = 1{FIRST}",
    "a line taken out": f"DELETE FROM funds_fundorderline{FIRST}",
    "a line more": "INSERT INTO funds_fundorderline (order_id, number, region, amount, back, cleared) "
    "SELECT order_id, 9, '530300', 100, 0, 0 FROM funds_fundorderline WHERE region = '530100'",
    "another total": f"{ORDERS}total = 1 WHERE kind = 'allocate'",
    "drafted again": f"{ORDERS}state = 'drafted', decided_on = NULL WHERE kind = 'allocate'",
    "decided otherwise": f"{ORDERS}state = 'declined' WHERE kind = 'allocate'",
    "the order taken out": "DELETE FROM funds_fundorder WHERE kind = 'allocate'",
}


@pytest.mark.parametrize("name", PAST)
def test_a_decided_order_stays_as_it_was(order, funds, name):
    funds.do("approver@province", "fund.confirm", order.pk)
    with pytest.raises(DatabaseError, match="stays as it was"):
        sql(PAST[name])


def test_a_draft_may_be_taken_out(order):
    sql(f"DELETE FROM funds_fundorderline WHERE order_id = {order.pk}")
    assert sql(f"DELETE FROM funds_fundorder{DRAFTED}") == 1
