"""The official tables: every line from the ledger, every sum tied to the transfers to the fen."""

import random

import pytest
from fund_office import YESTERDAY as BEFORE
from fund_office import FundOffice
from ledgers import GEJIU, HONGHE, MENGZI, PROVINCE
from offices import TODAY
from read_sheets import rows_of
from watched_funds import day

from huiqi.portal.fund_watch.moments import moment_of
from huiqi.portal.fund_watch.tables import matching_table, monitoring_table
from huiqi.portal.funds.posting import Entry, post


def table_of(watched, who="auditor@province", head="", on=""):
    moment = moment_of(head, on, TODAY)
    return monitoring_table(watched.people[who].actor, moment, 2022, None)


def lines(table):
    return {
        level.region: (level.area.funds, level.passed_down, level.area.paid, level.area.free)
        for block in table.blocks
        for level in block.levels
    }


@pytest.fixture
def passed(watched):
    watched.appropriate(900_000, day("05-10"))
    watched.pass_down(PROVINCE, HONGHE, 600_000, day("05-20"))
    watched.pass_down(HONGHE, MENGZI, 400_000, day("06-10"))
    watched.pay(MENGZI, 150_000, day("06-20"))
    watched.pay(MENGZI, 50_000, day("07-20"))
    return watched


def test_each_level_has_what_came_went_down_and_was_paid(passed):
    table = table_of(passed)
    assert lines(table) == {
        PROVINCE: (900_000, 600_000, 200_000, 700_000),
        HONGHE: (600_000, 400_000, 200_000, 400_000),
        MENGZI: (400_000, 0, 200_000, 200_000),
        GEJIU: (0, 0, 0, 0),
    }
    assert table.total.appropriated == 900_000
    assert {each.name: each.holds for each in table.ties} == {
        "appropriated": True,
        "paid": True,
        "lies": True,
    }


def test_a_day_that_is_over(passed):
    found = lines(table_of(passed, on="2022-05-31"))
    assert found == {PROVINCE: (900_000, 600_000, 0, 900_000), HONGHE: (600_000, 0, 0, 600_000)}


def test_a_frozen_head_is_what_the_day_was(passed):
    passed.freeze(day("08-01"))
    by_head, by_day = table_of(passed, head="2022-06-30"), table_of(passed, on="2022-06-30")
    assert lines(by_head) == lines(by_day)
    assert all(each.holds for each in (*by_head.ties, *by_day.ties))
    # What is posted late changes the day, and not the head.
    passed.pay(MENGZI, 7, day("06-30"))
    assert lines(table_of(passed, head="2022-06-30")) == lines(by_head)
    assert lines(table_of(passed, on="2022-06-30"))[MENGZI][2] == 150_007
    assert all(each.holds for each in table_of(passed, head="2022-06-30").ties)


def test_a_county_sees_its_own_lines_and_they_tie(passed):
    table = table_of(passed, who="finance@mengzi")
    assert lines(table) == {MENGZI: (400_000, 0, 200_000, 200_000)}
    assert all(each.holds for each in table.ties)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_moved_the_table_ties(watched, seed):
    chance = random.Random(seed)
    watched.appropriate(10**9, day("03-01"))
    ways = [
        ("allocate", ("available", PROVINCE), ("available", HONGHE)),
        ("allocate", ("available", HONGHE), ("available", MENGZI)),
        ("allocate", ("available", HONGHE), ("available", GEJIU)),
        ("recall", ("available", MENGZI), ("available", HONGHE)),
        ("pay", ("available", MENGZI), ("paid", MENGZI)),
        ("pay", ("available", GEJIU), ("paid", GEJIU)),
    ]
    held = []
    from huiqi.portal.acts.refusals import Refused

    for step in range(60):
        on = day("03-01").replace(month=3 + step // 15, day=1 + step % 15)
        purpose, source, target = chance.choice(ways)
        try:
            if chance.random() < 0.2:
                held.append(
                    watched.move(purpose, source, target, chance.randrange(1, 9_999), on, stage="pending")
                )
            elif held and chance.random() < 0.4:
                one = held.pop()
                stage = chance.choice(["post", "void"])
                entry = Entry(
                    f"end:{step}",
                    one.debit_id,
                    one.credit_id,
                    one.amount,
                    one.purpose,
                    stage=stage,
                    resolves=one.key,
                )
                post([entry], day=on, at=one.at)
            else:
                watched.move(purpose, source, target, chance.randrange(1, 99_999), on)
        except Refused:
            continue
    watched.freeze(day("07-01"))
    for moment in ({}, {"on": "2022-04-07"}, {"on": "2022-05-31"}, {"head": "2022-05-31"}):
        for who in ("auditor@province", "auditor@honghe", "finance@gejiu"):
            assert all(each.holds for each in table_of(watched, who=who, **moment).ties), (moment, who)


def test_the_settlement_of_matching_funds(db, tmp_path, monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "DATA", tmp_path)
    office = FundOffice()
    office.funded("1000.00")
    office.order("advance", {HONGHE: "60.00"})
    own = office.open("own", HONGHE)
    office.do(
        "finance@province",
        "programme.change",
        office.programme.pk,
        {"title": office.programme.title, "share": "3/10"},
    )
    own.matched_by = office.programme
    own.save()
    office.order("appropriate", {HONGHE: "500.00"}, region=HONGHE, programme=own)
    office.spend(HONGHE, 10_005, own)
    actor = office.people["auditor@province"].actor
    table = matching_table(actor, moment_of("", "", TODAY), 2022, None)
    line = table.lines[0]
    # Three tenths of 100.05 are 30.015: half up to the fen.
    assert (line.region, line.spent, line.due, line.given, line.advanced) == (
        HONGHE,
        10_005,
        3_002,
        6_000,
        6_000,
    )
    assert line.to_give == -2_998
    assert all(each.holds for each in table.ties)
    office.order("settle", [HONGHE], until=BEFORE.isoformat(), final=True)
    line = matching_table(actor, moment_of("", "", TODAY), 2022, None).lines[0]
    assert (line.given, line.to_give, line.advanced) == (3_002, 0, 0)


def test_the_page_and_its_sheet_say_the_same(passed):
    passed.freeze(day("08-01"))
    client = passed.people["leading_group@province"].client
    for query in ("", "?day=2022-06-30", "?head=2022-06-30", "?table=matching"):
        answer = client.get(f"/funds/tables/{query}")
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "不一致" not in text
        rows = rows_of(client.get(f"/funds/tables/export/{query}"))
        assert any(row[0].startswith("核对") and row[3] == "一致" for row in rows if row[0])
    assert "2,000.00" in client.get("/funds/tables/").content.decode()


@pytest.mark.parametrize(
    "query", ["?day=x", "?day=2022-13-01", "?head=%00", "?year=99999", "?direct=7", "?table=" + "x" * 5_000]
)
def test_hostile_queries_show_a_table(passed, query):
    client = passed.people["finance@honghe"].client
    assert client.get(f"/funds/tables/{query}").status_code == 200
