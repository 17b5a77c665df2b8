"""What the entitled are still to be paid: by runs where there are any, else by the newest screening."""

import datetime

from delivering_office import lines_of
from offices import GEJIU, HONGHE, MENGZI, NOW
from screened_office import officer, screened

from huiqi.portal.delivery.models import Line, Run
from huiqi.portal.fund_watch import needs
from huiqi.portal.fund_watch.models import FundFinding
from huiqi.portal.fund_watch.watching import watch

TODAY = datetime.date(2022, 8, 1)


def wanted(office):
    return needs.entitled(office.programme, 2022, TODAY)


def test_without_a_run_the_screening_says_it(office):
    office.pays("job-retention-refund")
    office.entitled(1)
    office.entitled(2)
    screened(officer("honghe", "leading_group", HONGHE))
    assert wanted(office) == ("delivery", {MENGZI: 1_800_00})


def test_where_there_is_a_run_its_lines_say_it(office):
    office.pays("job-retention-refund")
    firms = [office.entitled(number) for number in (1, 2, 3)]
    screened(officer("honghe", "leading_group", HONGHE))
    run = office.run(firms[0], firms[1])
    assert wanted(office) == ("delivery", {MENGZI: 1_800_00})
    first, _second = lines_of(run)
    for state, still in (
        ("paid", 900_00),
        ("dropped", 900_00),
        ("rejected", 1_800_00),
        ("reopened", 1_800_00),
        ("paying", 1_800_00),
    ):
        Line.objects.for_site("test").filter(pk=first.pk).update(state=state)
        assert sum(wanted(office)[1].values()) == still, state
    Line.objects.for_site("test").update(state="paid")
    assert wanted(office) == ("delivery", {})
    Run.objects.for_site("test").update(state="cancelled")
    assert wanted(office) == ("delivery", {MENGZI: 2_700_00})


def test_a_prefectures_run_stands_for_all_its_counties_and_another_years_for_none(office):
    programme = office.programme
    type(programme).objects.for_site("test").filter(pk=programme.pk).update(region=HONGHE)
    programme.refresh_from_db()
    office.pays("job-retention-refund")
    first, gejiu = office.entitled(1), office.entitled(2)
    type(gejiu).objects.for_site("test").filter(pk=gejiu.pk).update(region=GEJIU)
    screened(officer("honghe", "leading_group", HONGHE))
    run = office.run(first)
    assert wanted(office)[1] == {MENGZI: 900_00, GEJIU: 900_00}
    Run.objects.for_site("test").filter(pk=run.pk).update(region=HONGHE)
    assert wanted(office)[1] == {MENGZI: 900_00}
    Run.objects.for_site("test").filter(pk=run.pk).update(period="2021")
    Line.objects.for_site("test").update(state="paid")
    assert wanted(office)[1] == {MENGZI: 900_00, GEJIU: 900_00}


def test_money_that_runs_out_before_a_runs_lines_are_paid_is_found(office):
    office.pays("job-retention-refund")
    short = [office.entitled(number, **{"unemployment_premiums@2021": "60000000"}) for number in (1, 2)]
    office.run(*short)
    watch(NOW, TODAY, lambda done, total: None)
    (found,) = FundFinding.objects.for_site("test").filter(rule="runs-out")
    need = sum(each.amount for each in Line.objects.for_site("test").all())
    assert (found.figures["by"], found.figures["need"]) == ("delivery", need)
    assert found.figures["short"] == need - found.figures["have"] > 0
