"""Monthly heads: frozen once, chained, reckoned anew from the ledger, checked without the site."""

import datetime
import json

import pytest
from django.db import DatabaseError, connection, transaction
from ledgers import HONGHE, MENGZI, PROVINCE
from watched_funds import day

from huiqi.portal.acts.models import Event
from huiqi.portal.acts.stored import events
from huiqi.portal.fund_watch.checked_heads import HeadsCheck, fund_head_line, read_fund_heads
from huiqi.portal.fund_watch.heads import BEGINNING, ends_of_months
from huiqi.portal.fund_watch.models import FundHead, FundHeadLine
from huiqi.portal.fund_watch.stored_heads import read_heads, stored_findings


@pytest.fixture
def two_months(watched):
    watched.appropriate(500_000, day("05-10"))
    watched.pass_down(PROVINCE, HONGHE, 300_000, day("05-31"))
    watched.pass_down(HONGHE, MENGZI, 100_000, day("06-01"))
    watched.freeze(day("07-01"))
    return watched


def codes(found):
    return [each.code for each in found]


def test_months_end():
    february = datetime.date(2024, 2, 29)
    assert list(ends_of_months(datetime.date(2023, 12, 31), datetime.date(2024, 3, 1))) == [
        datetime.date(2024, 1, 31),
        february,
    ]
    assert list(ends_of_months(february, february)) == []


def test_each_month_that_is_over_is_frozen_once(two_months):
    assert [each.day for each in two_months.heads()] == [day("05-31"), day("06-30")]
    may, june = two_months.heads()
    assert (may.previous, june.previous) == (BEGINNING, may.digest)
    assert two_months.freeze(day("07-31")) == []
    assert two_months.freeze(day("08-01")) == ["2022-07-31"]


def test_a_head_holds_what_counts_for_its_days(two_months):
    def free(head, region):
        account = two_months.number("available", region)
        line = FundHeadLine.objects.for_site("test").get(head=head, account=account)
        return line.credits_posted - line.debits_posted

    may, june = two_months.heads()
    assert (free(may, PROVINCE), free(may, HONGHE)) == (200_000, 300_000)
    assert (free(june, HONGHE), free(june, MENGZI)) == (200_000, 100_000)


def test_what_is_held_at_the_end_of_a_month(watched):
    watched.appropriate(500_000, day("05-10"))
    held = watched.move(
        "allocate", ("available", PROVINCE), ("available", HONGHE), 70, day("05-11"), stage="pending"
    )
    more = {"stage": "post", "resolves": held.key}
    watched.move("allocate", ("available", PROVINCE), ("available", HONGHE), 70, day("06-02"), **more)
    watched.freeze(day("07-01"))
    may, june = (
        FundHeadLine.objects.for_site("test").get(head=head, account=watched.number("available", PROVINCE))
        for head in watched.heads()
    )
    assert (may.debits_posted, may.debits_pending) == (0, 70)
    assert (june.debits_posted, june.debits_pending) == (70, 0)


def test_what_is_posted_late_does_not_change_a_head(two_months):
    two_months.pass_down(PROVINCE, HONGHE, 50_000, day("05-30"))
    assert list(stored_findings()) == []
    two_months.freeze(day("08-01"))
    assert list(stored_findings()) == []


def test_nothing_is_frozen_of_an_empty_ledger(watched):
    assert watched.freeze(day("07-01")) == []


def test_the_database_keeps_heads(two_months):
    for sql in ("UPDATE fund_watch_fundhead SET last = 0", "DELETE FROM fund_watch_fundheadline"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def exported(path):
    path.write_bytes(b"".join(map(fund_head_line, read_heads())))
    return path


def checked(path, heard=True):
    check = HeadsCheck(str(path))
    if heard:
        list(check.heard(events(1, Event.objects.order_by("-sequence").first().sequence)))
    with path.open("rb") as file:
        return codes(check.findings(read_fund_heads(path, file)))


def test_an_export_is_checked_without_the_site(two_months, tmp_path):
    path = exported(tmp_path / "funds.jsonl")
    assert checked(path) == checked(path, heard=False) == []


def test_each_break_of_an_export_is_found(two_months, tmp_path):
    path = exported(tmp_path / "funds.jsonl")
    may, june = (json.loads(line) for line in path.read_text("utf-8").splitlines())

    def of(*heads):
        lines = [each if isinstance(each, str) else json.dumps(each) for each in heads]
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return checked(path)

    assert of(may) == ["fund-head-missing"]
    assert of(june) == ["fund-head-unlinked", "fund-head-missing"]
    changed = {**may, "lines": [[*may["lines"][0][:-1], 1], *may["lines"][1:]]}
    assert of(changed, june) == ["fund-head-changed"]
    assert of(may, june, june) == ["fund-head-order", "fund-head-unlinked", "fund-head-without-event"]
    assert of(may, {**june, "last": 0.5}) == ["fund-head-unreadable", "fund-head-missing"]
    assert of(may, "[]") == ["fund-head-unreadable", "fund-head-missing"]
    assert of(may, {**june, "lines": [["x"]]}) == ["fund-head-unreadable", "fund-head-missing"]


def test_a_chain_rewritten_as_a_whole_does_not_fit_the_events(two_months, tmp_path):
    from huiqi.portal.fund_watch.heads import head_digest

    path = exported(tmp_path / "funds.jsonl")
    previous, lines = BEGINNING, []
    for line in path.read_text("utf-8").splitlines():
        head = json.loads(line)
        head["lines"][0][-1] += 1
        head["previous"] = previous
        head["digest"] = previous = head_digest(previous, head["day"], head["last"], head["lines"])
        lines.append(json.dumps(head))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    assert checked(path, heard=False) == []
    assert checked(path) == ["fund-head-without-event"] * 2


def test_a_ledger_that_was_changed_behind_its_heads_is_found(two_months):
    guard = "funds_transfer_keeps_rows"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER {guard}")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE funds_transfer DISABLE TRIGGER {guard}")
        cursor.execute("UPDATE funds_transfer SET amount = amount + 1 WHERE purpose = 'appropriate'")
    assert codes(stored_findings()) == ["fund-head-not-the-ledger"] * 2


def test_the_event_says_the_digest(two_months):
    said = {each.subject: each.body["digest"] for each in Event.objects.filter(act="fund.freeze")}
    assert said == {each.day.isoformat(): each.digest for each in FundHead.objects.for_site("test").all()}
