"""Lines take what they are to have: one entitlement once, one of excluding measures, caps over years; and let go of it."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.portal.delivery.claims import claim, release
from huiqi.portal.delivery.models import CapShare, CapUse, Claimed, ExcludedBy, Line, Run
from huiqi.portal.firms.models import Firm

MENGZI = "532503"
NOW = datetime.datetime(2022, 8, 1, 2, 0, tzinfo=datetime.UTC)
RENT, LOAN = "rent-waiver", "loan-interest"
BOTH = {"group": f"{LOAN}|{RENT}", "subject": "", "with": LOAN}

pytestmark = pytest.mark.django_db


def firm(code="91532503MA6K0001XY"):
    standing = Firm.objects.for_site("the test's own firm").filter(credit_code=code).first()
    return standing or Firm.objects.create(
        credit_code=code, name="虚构的过桥米线店", region=MENGZI, updated_at=NOW
    )


def run(measure=RENT, period="2022", as_of=datetime.date(2022, 8, 1)):
    values = {"variant": MENGZI, "rule_digest": "0" * 64, "region": MENGZI, "way": "automatic"}
    return Run.objects.create(
        measure=measure, period=period, as_of=as_of, began_at=NOW, state="done", **values
    )


def line(of, whose=None, record="", amount=100_00, caps=(), excludes=()):
    derivation = {"caps": list(caps), "excludes": list(excludes)}
    return Line.objects.create(
        run=of,
        firm=whose or firm(),
        county=MENGZI,
        record=record,
        period=of.period,
        amount=amount,
        rule_digest="0" * 64,
        derivation=derivation,
        state="listed",
    )


def cap(limit, span="2022", holder="91532503MA6K0001XY"):
    return {"cap": f"{RENT}#0", "holder": holder, "span": span, "limit": limit, "level": "firm"}


def test_an_entitlement_that_another_run_has_is_not_had_again():
    first, again = line(run()), line(run())
    assert claim([first]) == []
    assert claim([again]) == [again]
    again = Line.objects.for_site("as it was saved").get(pk=again.pk)
    assert (again.state, again.taken_by) == ("taken_elsewhere", first)
    assert "同一事项" in again.reason


def test_two_lines_of_one_run_for_the_same_are_one():
    of, other = run(), run()
    first, again = line(of), line(other)
    assert claim([first, again]) == [again]


def test_other_records_and_other_periods_are_other_entitlements():
    mine = [line(run(), record="a"), line(run(), record="b"), line(run(period="2023"), record="a")]
    assert claim(mine) == []


def test_of_excluding_measures_the_first_stays_and_names_itself():
    rent = line(run(), excludes=[BOTH])
    loan = line(run(LOAN), excludes=[BOTH | {"with": RENT}])
    assert claim([rent]) == []
    assert claim([loan]) == [loan]
    assert loan.taken_by == rent
    # What it had taken before the exclusion refused it is let go.
    assert not Claimed.objects.filter(line=loan).exists()


def test_measures_exclude_each_other_within_a_year_however_often_they_are_had():
    claim([line(run(period="2022Q3"), excludes=[BOTH])])
    assert claim([line(run(LOAN, period=""), excludes=[BOTH])])
    later = run(LOAN, period="", as_of=datetime.date(2023, 2, 1))
    assert claim([line(later, excludes=[BOTH])]) == []


def test_an_exclusion_passes_to_the_next_line_of_the_measure_and_is_gone_with_the_last():
    first, second = line(run(), record="a", excludes=[BOTH]), line(run(), record="b", excludes=[BOTH])
    assert claim([first, second]) == []
    release([first])
    assert ExcludedBy.objects.get().line == second
    assert claim([line(run(LOAN), excludes=[BOTH])])
    release([second])
    assert claim([line(run(LOAN), excludes=[BOTH])]) == []


def test_a_cap_over_the_year_is_used_up_and_given_back():
    first, second = line(run(), record="a", caps=[cap(150_00)]), line(run(), record="b", caps=[cap(150_00)])
    assert claim([first]) == []
    assert claim([second]) == [second]
    assert second.reason == "已达上限：上限150.00元，已享受100.00元，本次100.00元"
    release([first])
    assert CapUse.objects.get().used == 0
    assert not CapShare.objects.exists()
    assert claim([line(run(), record="c", caps=[cap(150_00)])]) == []


def test_another_year_has_its_own_cap():
    assert claim([line(run(), record="a", caps=[cap(100_00)])]) == []
    assert claim([line(run(period="2023"), record="b", caps=[cap(100_00, span="2023")])]) == []


def test_a_cap_that_the_rule_lowered_is_never_below_what_is_used():
    claim([line(run(), record="a", caps=[cap(200_00)])])
    assert claim([line(run(), record="b", caps=[cap(50_00)])])
    assert (CapUse.objects.get().limit, CapUse.objects.get().used) == (100_00, 100_00)


_ACTIONS = st.lists(st.tuples(st.sampled_from("cr"), st.integers(0, 5)), max_size=14)


@given(_ACTIONS)
def test_whatever_is_claimed_and_let_go_nothing_is_had_twice(actions):
    for model in (CapShare, CapUse, ExcludedBy, Claimed):
        model.objects.all().delete()
    lines = [
        line(run(measure), record=record, amount=60_00, caps=[cap(130_00)], excludes=[BOTH])
        for measure, record in ((RENT, "a"), (RENT, "a"), (RENT, "b"), (RENT, "c"), (LOAN, "a"), (LOAN, "b"))
    ]
    has = set()
    for what, place in actions:
        one = lines[place]
        if what == "r":
            release([one])
            has.discard(place)
        elif place not in has and claim([one]) == []:
            has.add(place)
    held = [lines[place] for place in has]
    assert {each.line_id for each in Claimed.objects.all()} == {each.pk for each in held}
    assert len({(each.run.measure, each.record) for each in held}) == len(held)
    assert len({each.run.measure for each in held}) <= 1
    assert sum(each.amount for each in held) <= 130_00
    assert sum(each.used for each in CapUse.objects.all()) == sum(each.amount for each in held)
