"""Each rule of the ledger, violated in SQL past the site: the database refuses."""

import pytest
from django.db import DatabaseError, connection, transaction
from ledgers import DAY, GEJIU, MENGZI, NOW, PROVINCE

from huiqi.portal.funds.models import Transfer
from huiqi.portal.funds.posting import Entry, post

COLUMNS = ("key", "stage", "debit_id", "credit_id", "amount", "purpose", "resolves_id", "reverses_id")
MORE = ("linked", "until", "day", "event", "reason", "at")


def sql(statement, values=()):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def insert(**given):
    row = {
        "key": "sql",
        "stage": "posted",
        "amount": 1,
        "purpose": "pay",
        "resolves_id": None,
        "reverses_id": None,
        **given,
    }
    values = [row[name] for name in COLUMNS] + ["", row.get("until"), row.get("day", DAY), None, "", NOW]
    names = ", ".join((*COLUMNS, *MORE))
    sql(f"INSERT INTO funds_transfer ({names}) VALUES ({', '.join(['%s'] * len(values))})", values)


@pytest.fixture
def county(ledger):
    """A county with 100 yuan: 30 paid, 20 held until the tenth."""
    budget, province = ledger.number("budget", PROVINCE), ledger.number("available", PROVINCE)
    available, paid = ledger.number("available", MENGZI), ledger.number("paid", MENGZI)
    until = DAY.replace(day=10)
    made = post(
        [
            Entry("budget", budget, province, 100_00, "appropriate"),
            Entry("down", province, available, 100_00, "allocate"),
            Entry("paid", available, paid, 30_00, "pay"),
            Entry("held", available, paid, 20_00, "pay", stage="pending", until=until),
        ],
        day=DAY,
        at=NOW,
    )
    ledger.made = {each.key: each.pk for each in made}
    ledger.way = {"debit_id": available, "credit_id": paid}
    ledger.back = {"debit_id": paid, "credit_id": available}
    return ledger


def test_a_plain_transfer_in_sql_is_taken_and_moves_the_sums(county):
    insert(**county.way, amount=50_00)
    assert county.of("available", MENGZI).free == 0


VIOLATIONS = {
    "more than there is": lambda it: {**it.way, "amount": 50_01},
    "more held than there is": lambda it: {**it.way, "amount": 50_01, "stage": "pending"},
    "nothing": lambda it: {**it.way, "amount": 0},
    "less than nothing": lambda it: {**it.way, "amount": -1},
    "to itself": lambda it: {"debit_id": it.way["debit_id"], "credit_id": it.way["debit_id"]},
    "the same key": lambda it: {**it.way, "key": "paid"},
    "an unknown purpose": lambda it: {**it.way, "purpose": "gift"},
    "an unknown stage": lambda it: {**it.way, "stage": "maybe"},
    "a resolution of nothing": lambda it: {**it.way, "stage": "post"},
    "a posted one that resolves": lambda it: {**it.way, "resolves_id": it.made["held"], "amount": 20_00},
    "a resolution of a posted one": lambda it: {**it.way, "stage": "post", "resolves_id": it.made["paid"]},
    "a resolution beyond what is held": lambda it: {
        **it.way,
        "stage": "post",
        "resolves_id": it.made["held"],
        "amount": 20_01,
    },
    "a void of a part": lambda it: {**it.way, "stage": "void", "resolves_id": it.made["held"], "amount": 1},
    "a resolution the other way": lambda it: {
        **it.back,
        "stage": "post",
        "resolves_id": it.made["held"],
        "amount": 20_00,
    },
    "an expiry before its day": lambda it: {
        **it.way,
        "stage": "expire",
        "resolves_id": it.made["held"],
        "amount": 20_00,
    },
    "a post after its day": lambda it: {
        **it.way,
        "stage": "post",
        "resolves_id": it.made["held"],
        "amount": 20_00,
        "day": DAY.replace(day=10),
    },
    "a time limit on what is posted": lambda it: {**it.way, "until": DAY},
    "a reversal beyond what it takes back": lambda it: {
        **it.back,
        "reverses_id": it.made["paid"],
        "amount": 30_01,
        "purpose": "recover",
    },
    "a reversal the same way": lambda it: {**it.way, "reverses_id": it.made["paid"], "purpose": "recover"},
    "a reversal of what is only held": lambda it: {
        **it.back,
        "reverses_id": it.made["held"],
        "purpose": "recover",
    },
    "a reversal that is pending": lambda it: {
        **it.back,
        "reverses_id": it.made["paid"],
        "purpose": "recover",
        "stage": "pending",
    },
    "into another programme": lambda it: {
        "debit_id": it.way["debit_id"],
        "credit_id": it.open("available", GEJIU, "credits", it.other),
    },
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_transfer_against_the_rules_is_refused(county, name):
    wrong = VIOLATIONS[name](county)
    before = Transfer.objects.for_site("test").count()
    free = county.of("available", MENGZI).free
    with pytest.raises(DatabaseError):
        insert(**wrong)
    assert Transfer.objects.for_site("test").count() == before
    assert county.of("available", MENGZI).free == free


def test_what_is_held_is_resolved_once(county):
    resolved = {**county.way, "resolves_id": county.made["held"], "amount": 20_00}
    insert(**resolved, stage="void", key="void")
    with pytest.raises(DatabaseError):
        insert(**resolved, stage="post", key="post")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE funds_transfer SET amount = 1",
        "DELETE FROM funds_transfer",
        "UPDATE funds_account SET credits_posted = credits_posted + 1",
        "UPDATE funds_account SET debits_pending = 0",
        "UPDATE funds_account SET \"limit\" = ''",
        "UPDATE funds_account SET year = 2023",
        "UPDATE funds_account SET region = '530100'",
        "DELETE FROM funds_account",
        'INSERT INTO funds_account (programme_id, year, direct, region, kind, "limit", debits_posted,'
        " debits_pending, credits_posted, credits_pending)"
        " SELECT id, 2023, direct_, '530000', 'available', 'credits', 0, 0, 100, 0"
        " FROM (SELECT id, (1 = 1) AS direct_ FROM funds_programme) AS each_one",
    ],
)
def test_nothing_but_a_transfer_moves_money(county, statement):
    with pytest.raises(DatabaseError):
        sql(statement)
    assert county.of("available", MENGZI).free == 50_00
