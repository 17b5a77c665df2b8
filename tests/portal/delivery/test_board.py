"""The board: who is entitled, received and was missed by measure, each office's own firms alone; days against promises."""

import datetime

import pytest
from delivering_office import lines_of
from django.urls import reverse
from offices import GEJIU, HONGHE, MENGZI
from read_sheets import rows_of
from screened_office import officer, screened

from huiqi.portal.acts.models import Event
from huiqi.portal.clock.models import Deadline
from huiqi.portal.delivery.board import Narrowing, by_measure, by_run, measures_of
from huiqi.portal.delivery.models import LeftOut, Line, Run
from huiqi.portal.delivery.step_days import by_level, deadlines_of

REFUND = "job-retention-refund"
TODAY = datetime.date(2022, 8, 1)


@pytest.fixture
def honghe(office):
    return officer("honghe", "leading_group", HONGHE)


@pytest.fixture
def both(office, honghe):
    """A prefecture's run: of three firms of Mengzi one was paid and one the bank sent back, one of Gejiu was paid."""
    firms = [office.entitled(number) for number in range(1, 4)]
    gejiu = office.entitled(4)
    type(gejiu).objects.for_site("test").filter(pk=gejiu.pk).update(region=GEJIU)
    gejiu.refresh_from_db()
    screened(honghe)
    run = office.run(firms[0], firms[1], gejiu, region=HONGHE, state="paying")
    first, second, third = lines_of(run)
    rows = Line.objects.for_site("test")
    rows.filter(pk__in=[first.pk, third.pk]).update(state="paid", paid_on=TODAY)
    rows.filter(pk=second.pk).update(state="rejected", reason="账号有误")
    return run


def row_for(person, **asked):
    narrowed = Narrowing(**asked)
    found = measures_of(person.actor, narrowed, TODAY)
    return next(each for each in by_measure(person.actor, narrowed, found, TODAY) if each.measure == REFUND)


def shown(client, name, query="", status=200, **where):
    answer = client.get(reverse(name, kwargs=where) + query)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_measure_says_who_is_entitled_who_received_and_who_was_missed(both, honghe):
    row = row_for(honghe)
    assert (row.runs, row.entitled, row.lines, row.reached, row.missed) == (1, 4, 3, 2, 2)
    assert (row.entitled_fen, row.paid, row.missed_fen) == (3_600_00, 1_800_00, 1_800_00)


def test_a_county_is_shown_its_own_firms_and_not_the_prefectures_totals(both, office):
    gejiu = officer("gejiu", "county_officer", GEJIU)
    row = row_for(gejiu)
    assert (row.runs, row.entitled, row.reached, row.paid, row.missed) == (1, 1, 1, 900_00, 0)
    (run,) = by_run(gejiu.actor, Narrowing(), [both], TODAY)
    assert (run.lines, run.reached, run.paid) == (1, 1, 900_00)
    mengzi = row_for(office.county_officer)
    assert (mengzi.entitled, mengzi.reached, mengzi.paid, mengzi.missed) == (3, 1, 900_00, 2)


def test_the_county_asked_for_narrows_all_figures(both, honghe):
    row = row_for(honghe, county=GEJIU)
    assert (row.entitled, row.reached, row.paid, row.missed) == (1, 1, 900_00, 0)


def test_who_was_missed_is_named_with_what_stands_in_between(both, office):
    text = shown(office.county_officer.client, "delivery-missed", measure=REFUND)
    assert "虚构企业2" in text
    assert "银行退回：账号有误" in text
    assert "虚构企业3" in text
    assert "还没有列入兑现" in text
    assert "虚构企业1" not in text
    third = lines_of(both)[0].firm_id + 2
    LeftOut.objects.create(run=both, firm_id=third, county=MENGZI, why="unknown", amount=900_00)
    assert "现缺少信息" in shown(office.county_officer.client, "delivery-missed", measure=REFUND)
    assert "虚构企业2" not in shown(
        officer("gejiu", "county_officer", GEJIU).client, "delivery-missed", measure=REFUND
    )
    shown(office.county_officer.client, "delivery-missed", status=404, measure="none-such")


def test_who_was_missed_is_taken_out_and_who_took_it_is_noted(both, office):
    where = reverse("delivery-missed-export", kwargs={"measure": REFUND})
    rows = rows_of(office.county_officer.client.post(where, {"key": "a"}))
    assert [row[1] for row in rows] == ["企业", "虚构企业2", "虚构企业3"]
    event = Event.objects.filter(act="screening.export").get()
    assert (event.body["rows"], event.body["asked"]) == (2, {"missed": REFUND, "county": ""})
    assert office.approver.client.post(where, {"key": "b"}).status_code == 404


def test_paid_for_another_year_is_still_missed(both, honghe):
    Line.objects.for_site("test").filter(run=both).update(period="2021")
    assert row_for(honghe).missed == 4


def test_a_measure_without_a_run_is_on_the_board(both, honghe):
    Run.objects.for_site("test").update(state="cancelled")
    row = row_for(honghe)
    assert (row.runs, row.entitled, row.reached, row.missed) == (0, 4, 0, 2)


def test_the_board_is_a_page_and_a_sheet(both, office):
    client = office.county_officer.client
    text = shown(client, "delivery-board")
    assert reverse("delivery-missed", kwargs={"measure": REFUND}) in text
    assert "虚构" not in text
    assert "2,700.00" in text
    by_each = shown(client, "delivery-board", "?by=run")
    assert reverse("delivery-run", kwargs={"number": both.pk}) in by_each
    rows = rows_of(client.get(reverse("delivery-board-export")))
    (row,) = [each for each in rows if each[0] == REFUND]
    assert row[2:] == ["1", "0", "3", "2700.00", "2", "1", "900.00", "2", "1800.00"]


def test_what_the_address_asks_for_narrows_the_board(both, office):
    client = office.county_officer.client
    address = reverse("delivery-run", kwargs={"number": both.pk})
    for query, there in (
        ("state=paying", True),
        ("state=done", False),
        (f"measure={REFUND}", True),
        ("measure=rent-waiver", False),
        ("county=532503", True),
        ("county=110101", False),
        ("overdue=1", False),
    ):
        assert (address in shown(client, "delivery-board", f"?by=run&{query}")) is there, query
    assert "没有找到地区“火星”" in shown(client, "delivery-board", "?county=火星")


def test_a_run_whose_step_is_beyond_its_day_is_overdue(office):
    run = office.noticed(office.entitled(1))
    run2 = office.run(office.entitled(2), period="2021")
    Deadline.objects.for_site("test").create(
        rule="delivery-notice",
        subject_kind="delivery.run",
        subject=str(run2.pk),
        region=run2.region,
        begins=datetime.date(2022, 7, 4),
        due=datetime.date(2022, 7, 6),
    )
    text = shown(office.reviewer.client, "delivery-board", "?by=run&overdue=1")
    assert reverse("delivery-run", kwargs={"number": run2.pk}) in text
    assert reverse("delivery-run", kwargs={"number": run.pk}) not in text
    assert row_for(office.reviewer).late == 1


def test_days_used_stand_against_the_days_promised_level_by_level(office):
    runs = [office.run(office.entitled(number), period=f"20{number}") for number in (20, 21)]
    upper = office.run(office.entitled(22), region=HONGHE, period="2019")
    for run, ended in ((runs[0], 5), (runs[1], None), (upper, 6)):
        Deadline.objects.for_site("test").create(
            rule="delivery-notice",
            subject_kind="delivery.run",
            subject=str(run.pk),
            region=run.region,
            begins=datetime.date(2022, 7, 4),
            due=datetime.date(2022, 7, 6),
            ended=datetime.date(2022, 7, ended) if ended else None,
            state="met" if ended else "open",
        )
    prefecture, county = by_level(deadlines_of(Run.objects.for_site("test").all()), TODAY)
    assert (prefecture.level, prefecture.runs, prefecture.mean, prefecture.late) == ("州市级", 1, "2.0", 0)
    # One working day, and twenty from 4 July to 1 August.
    assert (county.promised, county.runs, county.mean, county.longest, county.late) == (2, 2, "10.5", 20, 1)


def test_the_cost_of_the_board_does_not_grow_with_its_rows(both, office, django_assert_max_num_queries):
    client = office.auditor.client
    missed = reverse("delivery-missed", kwargs={"measure": REFUND})
    for begin, end in ((11, 13), (14, 41)):
        for number in range(begin, end):
            office.run(office.entitled(number), period=str(2000 + number), measure=REFUND)
        for query in ("", "?by=run", f"?measure={REFUND}"):
            with django_assert_max_num_queries(24):
                shown(client, "delivery-board", query)
        with django_assert_max_num_queries(14):
            assert client.get(missed).status_code == 200


@pytest.mark.parametrize("name", ["delivery-board", "delivery-board-export"])
def test_hostile_words_find_nothing(office, name):
    hostile = "measure=%00&county=%00x&state=%00&overdue=%00&by=%00&page=-1&q=" + "x" * 9_000
    assert office.auditor.client.get(f"{reverse(name)}?{hostile}").status_code == 200
