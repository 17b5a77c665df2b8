"""A run is drawn from a screening: each line with its facts and derivation, the difference to the last run, what stands out."""

import datetime

import pytest
from django.db import connection
from offices import GEJIU, HONGHE, MENGZI, NOW, TODAY, Office, run_jobs
from screened_office import claim, officer, registered, renter, screened

from huiqi.portal.acts.refusals import NotNow, NotYours, Refused
from huiqi.portal.delivery.checking import next_line
from huiqi.portal.delivery.digests import digest_of
from huiqi.portal.delivery.making import Maker
from huiqi.portal.delivery.models import Claimed, LeftOut, Line, Run
from huiqi.portal.delivery.narrow_firms import narrow_firms
from huiqi.portal.firms.models import FactChange, Firm
from huiqi.portal.jobs.models import Job

pytestmark = pytest.mark.django_db
RENT, JOBS = "rent-waiver", "job-retention-refund"


@pytest.fixture
def honghe(own_folder) -> Office:
    return officer("honghe", "leading_group", HONGHE)


@pytest.fixture
def reviewer(own_folder) -> Office:
    return officer("reviewer", "reviewer", HONGHE)


def employer(number, premiums="6000", region=MENGZI, **facts):
    known = {
        "months_premiums_paid": "12",
        "paying_premiums_now": "yes",
        "industrial_policy_kept": "yes",
        "gravely_dishonest": "no",
        "zombie": "no",
        "staff_let_go@2021": "0",
        "unemployment_premiums@2021": premiums,
        "employees": "5",
        "revenue": "1200000",
        **facts,
    }
    return registered(number, region, facts=known)


def run_of(number) -> Run:
    return Run.objects.for_site("test").get(pk=number)


def lines_of(run):
    return list(Line.objects.for_site("test").filter(run=run).order_by("pk").select_related("firm"))


def drawn(office, measure=JOBS, region=HONGHE, **more) -> Run:
    run = office.do(
        "run.draw",
        None,
        {"measure": measure, "region": region, **more},
        key=f"{more}{measure}{region}{Run.objects.for_site('test').count()}",
    )
    run_jobs()
    found = run_of(run.pk)
    errors = Job.objects.exclude(error="").values_list("kind", "error")
    assert found.state == "drawn", (found.reason, list(errors))
    return found


def looked_at(office, run):
    numbers = [each.pk for each in lines_of(run)]
    office.do("run.look", run.pk, {"lines": numbers}, key=f"look:{run.pk}:{numbers}")


def checked(office, run) -> Run:
    looked_at(office, run)
    office.do("run.check", run.pk, {}, key=f"check:{run.pk}")
    run_jobs()
    return run_of(run.pk)


def test_who_is_entitled_gets_a_line_with_its_facts_and_how_it_came_about(honghe):
    employer(1)
    employer(2, gravely_dishonest="yes")
    screened(honghe)
    run = drawn(honghe)
    (line,) = lines_of(run)
    assert (line.firm.name, line.amount, line.county) == ("虚构企业1", 5_400_00, MENGZI)
    assert {
        "fact": "unemployment_premiums@2021",
        "value": "6000",
        "source": "tax",
        "date": "2022-06-30",
    } in line.facts
    assert line.derivation["variant"] == "532500"
    assert (run.figures["lines"], run.figures["fen"], run.figures["of"]) == (1, 5_400_00, 1)
    assert run.digest == digest_of(run, drawn=True)[0]
    assert not Claimed.objects.exists()


def test_the_screenings_amount_and_the_other_engines_are_one_line(honghe):
    for number in range(1, 8):
        employer(number, premiums=str(1000 * number))
    screened(honghe)
    run = drawn(honghe)
    maker = Maker(run)
    for line in lines_of(run):
        taken = maker.judge.as_screened(line.firm, {}, "532500", line.amount)
        (judged,) = maker.judge.judged(line.firm, {}).owed
        assert taken.amount == judged.amount == line.amount
        assert taken.facts == judged.facts == line.facts
    # One of so many is judged by both engines each time.
    assert (run.figures["judged"], run.figures["differ"]) == (1, 0)


def test_who_is_owed_nothing_has_no_line_by_either_engine(honghe):
    for number in range(1, 4):
        employer(number, premiums="0")
    screened(honghe)
    run = drawn(honghe)
    assert not lines_of(run)
    assert {each.why for each in LeftOut.objects.for_site("test").filter(run=run)} == {"nothing"}
    assert (run.figures["left_out"], run.figures["differ"]) == (3, 0)


def test_a_firm_read_narrowly_is_judged_as_the_whole_of_it(honghe):
    full = employer(1, **{"unemployment_premiums@2020": "7000", "patents": "3"})
    gone = employer(2)
    Firm.objects.for_site("test").filter(pk=gone.pk).update(listed=False)
    screened(honghe)
    run = drawn(honghe)
    judge = Maker(run).judge
    found = narrow_firms([full.pk, gone.pk], judge.reads.facts | judge.reads.lists, judge.reads.records)
    assert list(found) == [full.pk]
    narrow = found[full.pk]
    assert narrow.facts["unemployment_premiums@2020"] == full.facts["unemployment_premiums@2020"]
    assert ("patents" in narrow.facts) == (connection.vendor == "sqlite")
    assert judge.judged(narrow, {}) == judge.judged(full, {})
    assert judge.as_screened(narrow, {}, "532500", 1) == judge.as_screened(full, {}, "532500", 1)


@pytest.mark.parametrize(
    ("measure", "is_taken"), [(RENT, True), (JOBS, False), ("", False), ("what nobody knows", False)]
)
def test_only_a_receipt_that_may_bear_on_the_measure_takes_a_judgement(honghe, measure, is_taken):
    firm = employer(1)
    screened(honghe)
    rows = [{"measure": measure, "received_amount": "100.00", "received_on": "2022-07-01"}]
    firm.records["receipts"] = [{"source": "tax", "date": "2022-07-31", "rows": rows}]
    firm.save()
    judge = Maker(drawn(honghe)).judge
    taken = judge.as_screened(firm, {}, "532500", 5_400_00)
    assert (taken is not None) == is_taken
    (owed,) = judge.judged(firm, {}).owed
    assert owed.amount == (5_300_00 if measure == JOBS else 5_400_00)
    assert taken is None or (taken.amount, taken.facts) == (owed.amount, owed.facts)


def test_records_are_lines_of_their_own_and_are_judged_one_by_one(honghe):
    renter(1)
    screened(honghe)
    run = drawn(honghe, RENT)
    (line,) = lines_of(run)
    assert line.record
    assert line.amount == 3_000_00
    assert run.way == "third_party"


def test_a_fact_that_changed_after_the_screening_is_judged_anew(honghe):
    employer(1)
    employer(2)
    screened(honghe)
    for number, fact, value in ((1, "unemployment_premiums@2021", "8000"), (2, "zombie", "yes")):
        firm = Firm.objects.for_site("test").get(name=f"虚构企业{number}")
        before, after = firm.facts[fact], [claim(value)]
        firm.facts[fact] = after
        firm.save()
        FactChange.objects.create(
            firm=firm, fact=fact, source="tax", dated=TODAY, before=before, after=after, at=NOW
        )
    run = drawn(honghe)
    (line,) = lines_of(run)
    assert (line.amount, line.marks) == (7_200_00, "top,differs")
    out = LeftOut.objects.for_site("test").get(run=run)
    assert (out.firm.name, out.why, out.amount) == ("虚构企业2", "changed", 5_400_00)
    assert out.details["failed"]


def test_a_firm_that_left_the_register_is_named(honghe):
    firm = employer(1)
    screened(honghe)
    Firm.objects.for_site("test").filter(pk=firm.pk).update(listed=False)
    run = drawn(honghe)
    assert LeftOut.objects.for_site("test").get(run=run).why == "gone"


def test_a_run_tells_its_difference_to_the_last(honghe, reviewer):
    employer(1)
    employer(2)
    employer(3)
    screened(honghe)
    last = checked(reviewer, drawn(honghe))
    assert last.state == "checked"
    employer(4)
    for number, fact, value in ((2, "zombie", "yes"), (3, "unemployment_premiums@2021", "60000")):
        firm = Firm.objects.for_site("test").get(name=f"虚构企业{number}")
        firm.facts[fact] = [claim(value)]
        firm.save()
    screened(honghe, as_of="2022-08-02")
    run = drawn(honghe, period="")
    assert run.before_id == last.pk
    said = {each.firm.name: (each.before, each.change) for each in lines_of(run)}
    assert said == {
        "虚构企业1": (5_400_00, "same"),
        "虚构企业3": (5_400_00, "more"),
        "虚构企业4": (None, "begun"),
    }
    assert LeftOut.objects.for_site("test").get(run=run, why="ended").firm.name == "虚构企业2"
    assert {name: run.figures[name] for name in ("begun", "same", "more", "less", "ended")} == {
        "begun": 1,
        "same": 1,
        "more": 1,
        "less": 0,
        "ended": 1,
    }
    assert "jump" in next(each.marks for each in lines_of(run) if each.change == "more")


def test_what_was_had_already_is_not_had_again(honghe, reviewer):
    employer(1)
    screened(honghe)
    first = checked(reviewer, drawn(honghe))
    again = checked(reviewer, drawn(honghe))
    (line,), (other,) = lines_of(first), lines_of(again)
    assert (line.state, other.state, other.taken_by) == ("listed", "taken_elsewhere", line)
    assert (again.figures["listed"], again.figures["taken_elsewhere"]) == (0, 1)


def test_a_county_draws_only_its_own(honghe):
    employer(1)
    employer(2, region=GEJIU)
    screened(honghe)
    mengzi = officer("mengzi", "county_officer", MENGZI)
    run = drawn(mengzi, region=MENGZI)
    assert [each.county for each in lines_of(run)] == [MENGZI]
    with pytest.raises(NotYours):
        mengzi.do("run.draw", None, {"measure": JOBS, "region": GEJIU})


def test_a_line_behind_the_last_piece_is_not_passed_by(honghe):
    for number in (1, 2, 3):
        employer(number)
    screened(honghe)
    run = drawn(honghe)
    first, _second, last = [each.pk for each in lines_of(run)]
    assert next_line(run, ("drawn",)) == first
    assert next_line(run, ("drawn",), first) == first + 1
    assert next_line(run, ("drawn",), last) == first
    assert next_line(run, ("listed",), last) is None


def test_a_run_is_checked_by_another_once_the_sample_was_looked_at(honghe, reviewer):
    employer(1)
    screened(honghe)
    run = drawn(honghe)
    with pytest.raises(NotYours):
        honghe.do("run.check", run.pk)
    with pytest.raises(NotNow, match="还有1条"):
        reviewer.do("run.check", run.pk)
    run = checked(reviewer, run)
    assert run.state == "checked"
    assert [each.looked_by for each in lines_of(run)] == [reviewer.actor.id]
    assert Claimed.objects.get().line == lines_of(run)[0]


def test_a_cancelled_run_has_nothing_any_more(honghe, reviewer):
    employer(1)
    screened(honghe)
    early = drawn(honghe)
    honghe.do("run.cancel", early.pk, {"reason": "筛查日期有误"})
    assert run_of(early.pk).state == "cancelled"
    run = checked(reviewer, drawn(honghe))
    honghe.do("run.cancel", run.pk, {"reason": "政策停止执行"})
    assert run_of(run.pk).state == "cancelling"
    run_jobs()
    assert run_of(run.pk).state == "cancelled"
    assert not Claimed.objects.exists()
    assert {each.state for each in lines_of(run)} == {"dropped"}
    assert checked(reviewer, drawn(honghe)).figures["listed"] == 1


def test_what_cannot_be_drawn_is_refused_with_the_reason(honghe):
    with pytest.raises(Refused, match="没有可用的筛查结果"):
        honghe.do("run.draw", None, {"measure": JOBS, "region": HONGHE}, key="1")
    employer(1)
    screened(honghe)
    for values, why in (
        ({"measure": "none-such"}, "没有这项措施"),
        ({"measure": JOBS, "region": "999999"}, "没有这个地区"),
        ({"measure": "start-up-help"}, "由企业申请"),
        ({"measure": JOBS, "period": "2022Q1"}, "所属期"),
    ):
        with pytest.raises(Refused, match=why):
            honghe.do("run.draw", None, {"region": HONGHE, **values}, key=str(values))
    drawn(honghe)
    with pytest.raises(Refused, match="正在测算或待核对"):
        honghe.do("run.draw", None, {"measure": JOBS, "region": HONGHE}, key="twice")


def test_more_firms_than_one_piece_takes_are_drawn_and_fixed_piece_by_piece(honghe, reviewer, monkeypatch):
    for module in ("drawing", "checking"):
        monkeypatch.setattr(f"huiqi.portal.delivery.{module}.piece_size", lambda: 2)
    for number in range(1, 6):
        employer(number)
    screened(honghe)
    run = checked(reviewer, drawn(honghe))
    assert (run.state, run.figures["listed"], run.figures["listed_fen"]) == ("checked", 5, 5 * 5_400_00)
    assert run.as_of == datetime.date(2022, 8, 1)
