"""Each rule finds what it should, says the numbers, and lets go by itself."""

import datetime

from ledgers import GEJIU, HONGHE, MENGZI, PROVINCE
from offices import TODAY
from paying_office import Treasury, order
from watched_funds import day

from huiqi.portal.fund_watch import needs
from huiqi.portal.fund_watch.models import FundFinding
from huiqi.portal.fund_watch.told import explained
from huiqi.portal.fund_watch.watching import watch


def test_money_that_lies_is_found_and_lets_go(watched):
    watched.appropriate(500_000, day("03-01"))
    watched.pass_down(PROVINCE, HONGHE, 500_000, day("03-02"))
    # Ten working days after 2 March are over on 16 March: that day is still in time.
    watched.watch(day("03-16"))
    assert watched.found("idle") == []
    watched.watch(day("03-17"))
    finding = watched.found("idle")[0]
    assert (finding.region, finding.state, finding.found_on) == (HONGHE, "found", day("03-17"))
    assert finding.figures == {"fen": 500_000, "since": "2022-03-02", "limit": 10, "free": 500_000}
    assert "5,000.00元" in explained(finding, day("03-17")) and "11个工作日" in explained(
        finding, day("03-17")
    )
    assert len(finding.transfers) == 1
    # What is passed on later leaves the oldest money first.
    watched.pass_down(HONGHE, MENGZI, 200_000, day("03-18"))
    watched.watch(day("03-21"))
    finding.refresh_from_db()
    assert finding.figures["fen"] == 300_000
    watched.pass_down(HONGHE, MENGZI, 300_000, day("03-21"))
    watched.watch(day("03-22"))
    finding.refresh_from_db()
    assert (finding.state, finding.cleared_on, finding.closed_on) == ("cleared", day("03-22"), day("03-22"))


def test_a_second_look_changes_nothing(watched):
    watched.appropriate(500_000, day("03-01"))
    watched.watch(day("04-01"))
    before = list(FundFinding.objects.for_site("test").values())
    assert watched.watch(day("04-02")) == {"blind": []}
    assert list(FundFinding.objects.for_site("test").values()) == before


def test_it_is_found_anew_after_it_ended(watched):
    watched.appropriate(500_000, day("03-01"))
    watched.watch(day("03-20"))
    watched.pass_down(PROVINCE, HONGHE, 500_000, day("03-20"))
    watched.watch(day("03-21"))
    watched.appropriate(500_000, day("03-21"))
    watched.watch(day("04-20"))
    at_province = [each for each in watched.found("idle") if each.region == PROVINCE]
    assert [each.state for each in at_province] == ["cleared", "found"]


def test_money_held_for_payments_does_not_lie(watched):
    watched.appropriate(500_000, day("03-01"))
    watched.pass_down(PROVINCE, MENGZI, 500_000, day("03-02"))
    watched.move("pay", ("available", MENGZI), ("paid", MENGZI), 500_000, day("03-03"), stage="pending")
    watched.watch(day("06-01"))
    assert watched.found("idle") == []


def test_what_sinks_is_to_be_recalled(watched):
    watched.appropriate(500_000, day("01-04"))
    watched.pass_down(PROVINCE, MENGZI, 500_000, day("01-04"))
    watched.watch(day("06-01"))
    assert [each.region for each in watched.found("sunk")] == [MENGZI]
    watched.pass_down(MENGZI, PROVINCE, 500_000, day("06-01"), purpose="recall")
    watched.watch(day("06-02"))
    assert watched.found("sunk")[0].state == "cleared"


def test_money_that_is_held_back_while_a_county_waits(watched):
    watched.appropriate(900_000, day("03-01"))
    watched.pass_down(PROVINCE, HONGHE, 900_000, day("03-01"))
    waits = {MENGZI: 400_000, GEJIU: 50_000}
    needs.needs_from("test", lambda programme, year, on: waits, of="ordered")
    try:
        watched.pass_down(HONGHE, GEJIU, 60_000, day("03-02"))
        watched.watch(day("03-08"))
        finding = watched.found("held-back")[0]
        # Gejiu has what it needs: only Mengzi waits.
        assert (finding.region, finding.figures["waiting"]) == (HONGHE, 400_000)
        assert finding.figures["where"] == [[MENGZI, 400_000]]
        assert "4,000.00元" in explained(finding, day("03-08"))
        watched.pass_down(HONGHE, MENGZI, 400_000, day("03-08"))
        watched.watch(day("03-09"))
        assert [each.state for each in watched.found("held-back")] == ["cleared"]
    finally:
        needs._SOURCES["ordered"].pop("test")


def test_what_was_advanced_is_to_be_settled(watched):
    watched.open("advanced", HONGHE, "credits")
    watched.open("advances", PROVINCE, "")
    watched.move("advance", ("advances", PROVINCE), ("advanced", HONGHE), 300_000, day("02-07"))
    watched.watch(day("04-01"))
    assert watched.found("not-settled") == []
    watched.move("settle", ("advanced", HONGHE), ("advances", PROVINCE), 100_000, day("04-02"))
    watched.watch(day("06-01"))
    finding = watched.found("not-settled")[0]
    assert (finding.figures["fen"], finding.figures["standing"]) == (200_000, 200_000)
    watched.move("settle", ("advanced", HONGHE), ("advances", PROVINCE), 200_000, day("06-02"))
    watched.watch(day("06-03"))
    assert watched.found("not-settled")[0].state == "cleared"


def test_money_that_will_run_out(watched):
    watched.appropriate(100_000, TODAY)
    needs.needs_from(
        "test",
        lambda programme, year, on: {MENGZI: 80_000, GEJIU: 70_000} if programme == watched.programme else {},
    )
    try:
        watched.watch()
        finding = watched.found("runs-out")[0]
        assert finding.figures == {
            "need": 150_000,
            "have": 100_000,
            "short": 50_000,
            "by": "test",
            "where": [[MENGZI, 80_000], [GEJIU, 70_000]],
        }
        assert (finding.region, finding.direct) == (PROVINCE, None)
        watched.appropriate(50_000, TODAY)
        watched.watch()
        assert watched.found("runs-out")[0].state == "cleared"
    finally:
        needs._SOURCES["entitled"].pop("test")


def test_the_rate_of_execution_is_promised_at_a_day(watched):
    watched.appropriate(100_000, day("03-01"))
    watched.pass_down(PROVINCE, MENGZI, 100_000, day("03-01"))
    watched.pay(MENGZI, 49_900, day("03-02"))
    watched.watch(day("06-30"))
    assert watched.found("execution") == []
    watched.watch(day("07-01"))
    found = {each.region: each.figures for each in watched.found("execution")}
    assert found[MENGZI] == {"paid": 49_900, "funds": 100_000, "promised": "50%", "by": "2022-06-30"}
    assert found.keys() == {PROVINCE, HONGHE, MENGZI}
    watched.pay(MENGZI, 100, day("07-01"))
    watched.watch(day("07-02"))
    assert {each.state for each in watched.found("execution")} == {"cleared"}


def test_money_that_takes_long_to_pass(watched):
    watched.appropriate(100_000, day("03-01"))
    watched.pass_down(PROVINCE, HONGHE, 100_000, day("03-31"))
    watched.watch(day("04-01"))
    finding = watched.found("slow")[0]
    assert (finding.region, finding.figures) == (PROVINCE, {"average": "22.0", "fen": 100_000, "limit": 10})
    watched.watch(day("06-15"))
    assert watched.found("slow")[0].state == "cleared"


def test_nothing_is_counted_in_a_year_without_a_calendar(watched):
    watched.appropriate(500_000, day("03-01"))
    watched.watch(day("04-01"))
    standing = watched.found("idle")[0]
    outcome = watched.watch(datetime.date(2031, 4, 1))
    assert "idle" in outcome["blind"]
    standing.refresh_from_db()
    assert standing.state == "found"


def test_payments_outside_the_programme_or_the_area(db, tmp_path, monkeypatch):
    from django.conf import settings
    from screened_office import renter

    monkeypatch.setattr(settings, "DATA", tmp_path)
    treasury = Treasury()
    near, far = renter(1), renter(2, GEJIU)
    batch = treasury.drafted(order(1, 700, firm=near.pk), order(2, 300, firm=far.pk))
    watch_now()
    found = {each.rule: each for each in FundFinding.objects.for_site("test").all()}
    assert found["payee-elsewhere"].figures == {"fen": 300, "count": 1, "where": [[GEJIU, 300]]}
    # A programme that does not say what it pays tells nothing.
    assert "other-measure" not in found
    treasury.programme.measures = ["job-retention-refund"]
    treasury.programme.save()
    watch_now()
    finding = FundFinding.objects.for_site("test").get(rule="other-measure")
    assert finding.about == f"batch:{batch.pk}"
    assert finding.figures == {"fen": 1_000, "count": 2, "measures": ["rent-waiver"]}
    assert "10.00元" in explained(finding, TODAY)


def watch_now():
    watch(datetime.datetime(2022, 8, 1, 2, 0, tzinfo=datetime.UTC), TODAY, lambda done, total: None)
