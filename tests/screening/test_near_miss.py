"""What would have to change for a measure to be granted: little, near, and truly enough."""

import datetime
import random
from fractions import Fraction

import pytest

from huiqi.policies.check.domains import step_of
from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.policies.shipped import shipped_policies
from huiqi.rules.positions import read_text
from huiqi.rules.situation import Situation
from huiqi.screening.branch_firms import BranchFirms
from huiqi.screening.branch_values import BranchValues
from huiqi.screening.near_miss import DEFINITION, TODAY, Change, NearMiss, NearMisses, Way
from huiqi.screening.near_miss_answer import NearMissAnswerer
from huiqi.screening.open_facts import RECORDS, copied, plain_periods

DAY = datetime.date(2022, 8, 15)
KINDS = ("enterprise", "enterprise", "self_employed", "person", "institution")


@pytest.fixture(scope="module")
def library() -> PolicyLibrary:
    return load_library(shipped_policies())


@pytest.fixture(scope="module")
def house(library: PolicyLibrary) -> NearMisses:
    return NearMisses(library)


def misses(house: NearMisses, name: str, text: str, day: datetime.date = DAY) -> tuple[NearMiss, ...]:
    situation = house.library.cases.read(read_text(text, "firm"), day)
    return tuple(each for each in house.of(situation) if each.measure.id == name)


def said(way: Way) -> dict[str, object]:
    return {each.place.name: each.after for each in way.changes}


def applied(library: PolicyLibrary, situation: Situation, changes: tuple[Change, ...]) -> Situation:
    """The situation with the changes made, built anew and not by the code under test."""
    made = copied(situation)
    for each in changes:
        place = each.place
        if place.record == TODAY:
            made.as_of = each.after  # type: ignore[assignment]
        elif place.record == RECORDS:
            rows = made.records.get(place.name, ())
            template = dict(rows[0]) if rows else {}
            more = int(each.after) - len(rows)  # type: ignore[arg-type]
            made.records = {**made.records, place.name: (*rows, *[dict(template) for _ in range(more)])}
        elif place.record == DEFINITION:
            made.given = {**made.given, place.name: each.after}
        elif place.record == "list":
            made.lists = {**made.lists, place.name: each.after is True}
        else:
            row = made.subject if place.record == "subject" else made.records[place.record][place.index]
            for key in plain_periods(place, library.facts, situation.as_of):
                row[key] = each.after
    return made


def granted(library: PolicyLibrary, miss: NearMiss, situation: Situation) -> bool:
    judgement = library.judge.judge(miss.measure, situation)
    if judgement.verdict == "not_in_force":
        return False
    if miss.index is None and miss.measure.per and not situation.records.get(miss.measure.per):
        return False
    place = miss.index or 0
    if not judgement.claims:
        return judgement.verdict != "ineligible"
    return judgement.claims[place].verdict != "ineligible"


@pytest.fixture(scope="module")
def found(library: PolicyLibrary, house: NearMisses) -> list[tuple[Situation, tuple[NearMiss, ...]]]:
    chance = random.Random(11)
    firms = BranchFirms(library, BranchValues(library))
    drawn = [firms.draw(chance, DAY, KINDS[n % len(KINDS)]) for n in range(40)]
    return [(firm, house.of(firm)) for firm in drawn]


def _copies(way: Way) -> bool:
    """A longer list is filled with copies of a record that counts, which this test does not know."""
    return any(each.place.record == RECORDS and each.before for each in way.changes)


def test_every_way_leads_there(
    library: PolicyLibrary, found: list[tuple[Situation, tuple[NearMiss, ...]]]
) -> None:
    checked = 0
    for firm, all_misses in found:
        for miss in all_misses:
            assert not granted(library, miss, copied(firm)), miss.measure.id
            for way in miss.ways:
                if not _copies(way):
                    assert granted(library, miss, applied(library, firm, way.changes)), (miss.measure.id, way)
                    checked += 1
    assert checked > 1000


def test_no_part_of_a_way_is_enough(
    library: PolicyLibrary, found: list[tuple[Situation, tuple[NearMiss, ...]]]
) -> None:
    checked = 0
    for firm, all_misses in found:
        for miss in all_misses:
            for way in miss.ways:
                for left_out in way.changes if len(way.changes) > 1 and not _copies(way) else ():
                    rest = tuple(each for each in way.changes if each is not left_out)
                    if left_out.place.record == RECORDS:
                        continue  # the rest concerns a record that is not there
                    assert not granted(library, miss, applied(library, firm, rest)), (miss.measure.id, way)
                    checked += 1
    assert checked > 500


def test_a_figure_moves_no_further_than_it_must(
    library: PolicyLibrary, found: list[tuple[Situation, tuple[NearMiss, ...]]]
) -> None:
    checked = 0
    for firm, all_misses in found:
        for miss in all_misses:
            for way in miss.ways:
                for change in way.changes if len(way.changes) == 1 else ():
                    nearer = _one_step_back(library, change)
                    if nearer is not None:
                        assert not granted(library, miss, applied(library, firm, (nearer,))), way
                        checked += 1
    assert checked > 50


def _one_step_back(library: PolicyLibrary, change: Change) -> Change | None:
    before, after = change.before, change.after
    if isinstance(after, datetime.date) and isinstance(before, datetime.date):
        shift = datetime.timedelta(days=1 if after < before else -1)
        return Change(change.place, before, after + shift, change.by)
    fact = library.facts.fact(change.place.record, change.place.name)
    if fact is None or isinstance(after, bool) or not isinstance(after, (int, Fraction)):
        return None
    assert isinstance(before, (int, Fraction))
    step = step_of(fact) if after < before else -step_of(fact)
    return Change(change.place, before, after + step, change.by)


def test_who_can_make_the_changes(
    library: PolicyLibrary, found: list[tuple[Situation, tuple[NearMiss, ...]]]
) -> None:
    seen = set()
    for _, all_misses in found:
        for miss in all_misses:
            for way in miss.ways:
                by = {each.by for each in way.changes}
                assert way.by == ("never" if "never" in by else "time" if "time" in by else "firm")
                seen.add(way.by)
                for each in way.changes:
                    fact = library.facts.fact(each.place.record, each.place.name)
                    if fact is not None and each.by != fact.changes:
                        assert (fact.changes, each.by) == ("time", "never"), "a span does not shrink"
    assert seen == {"firm", "time", "never"}


def test_money_at_stake_is_what_the_judge_gives(
    library: PolicyLibrary, found: list[tuple[Situation, tuple[NearMiss, ...]]]
) -> None:
    checked = 0
    for firm, all_misses in found:
        for miss in all_misses:
            before = library.judge.judge(miss.measure, copied(firm)).amount_if_declared or 0
            for way in miss.ways:
                if way.amount is None or _copies(way):
                    continue
                after = library.judge.judge(miss.measure, applied(library, firm, way.changes))
                assert way.amount == (after.amount_if_declared or 0) - before
                checked += 1
    assert checked > 50


def test_the_last_day_holds_and_the_next_does_not(
    library: PolicyLibrary, found: list[tuple[Situation, tuple[NearMiss, ...]]]
) -> None:
    checked = 0
    for firm, all_misses in found:
        for miss in all_misses:
            for way in miss.ways:
                if way.last_day is None or _copies(way):
                    continue
                made = applied(library, firm, way.changes)
                for day, holds in ((way.last_day, True), (way.last_day + datetime.timedelta(days=1), False)):
                    made.as_of = day
                    made.memo.clear()
                    assert granted(library, miss, made) is holds, (miss.measure.id, way, day)
                checked += 1
    assert checked > 300


def test_the_firm_given_is_left_as_it_was(library: PolicyLibrary, house: NearMisses) -> None:
    firm = BranchFirms(library, BranchValues(library)).draw(random.Random(1), DAY)
    before = copied(firm)
    house.of(firm)
    assert (firm.subject, firm.records, firm.lists, firm.as_of) == (
        before.subject,
        before.records,
        before.lists,
        DAY,
    )


def test_a_firm_too_large_by_one_person(house: NearMisses) -> None:
    text = "enterprise: {region: 532503, taxable_income: 100, restricted_industry: no, average_employees: 301, average_assets: 100}"
    (miss,) = misses(house, "cit-small-low-profit", text)
    (way,) = miss.ways
    assert said(way) == {"average_employees": 300}
    assert way.by == "firm"
    assert way.verdict == "eligible"
    assert way.amount == 22_50
    assert way.last_day == datetime.date(2024, 12, 31)


def test_a_class_that_the_case_gives_is_what_changes(house: NearMisses) -> None:
    text = "enterprise: {region: 532503, industry: H6210, size: medium, leases: [{landlord: government, monthly_rent: 100, months_leased: 12}], lists: {risk-county-2022: no}}"
    (miss,) = misses(house, "rent-waiver", text)
    assert said(miss.ways[0]) == {"size": "small"}
    assert miss.ways[0].amount == 30000


def test_a_size_computed_changes_by_its_figures(house: NearMisses) -> None:
    text = "enterprise: {region: 532503, industry: H6210, employees: 100, revenue: 20000000, leases: [{landlord: government}]}"
    (miss,) = misses(house, "rent-waiver", text)
    assert [said(way) for way in miss.ways[:2]] == [{"employees": 99}, {"revenue": 19999999_99}]
    assert [way.by for way in miss.ways[:2]] == ["firm", "never"]


def test_time_brings_the_workers_their_three_months(house: NearMisses) -> None:
    """Four have worked for a month or more; the fifth has just begun."""
    row = "{lifted_from_poverty: yes, months_employed: 6, wages_paid: 10000}"
    last = "{lifted_from_poverty: yes, months_employed: 0, wages_paid: 10000}"
    text = f"enterprise: {{region: 532503, poverty_workshop: yes, hires: [{last}, {', '.join([row] * 4)}]}}"
    (miss,) = misses(house, "poverty-workshop-award", text)
    ways = {way.by: way for way in miss.ways}
    assert {place.name for place in (each.place for each in ways["time"].changes)} == {"months_employed"}
    assert ways["time"].day == datetime.date(2022, 9, 15)


def test_a_measure_that_has_not_begun_is_waited_for(house: NearMisses) -> None:
    text = "self_employed: {region: 532503, uses_expressway: yes}"
    (miss,) = misses(house, "differential-toll", text, datetime.date(2022, 5, 1))
    (way,) = miss.ways
    assert way.by == "time"
    assert way.day == datetime.date(2022, 6, 8)
    assert way.verdict == "eligible"


def test_a_measure_that_is_over_is_no_near_miss(house: NearMisses) -> None:
    text = "self_employed: {region: 532503, industry: H6210, leases: [{landlord: other}]}"
    assert misses(house, "rent-waiver", text, datetime.date(2023, 1, 1)) == ()


def test_no_lease_at_all(house: NearMisses) -> None:
    text = "self_employed: {region: 532503, industry: H6210, leases: []}"
    (miss,) = misses(house, "rent-waiver", text)
    assert said(miss.ways[0]) == {"lease": 1}
    assert miss.ways[0].verdict == "undetermined"


def test_each_failing_record_is_told_apart(house: NearMisses) -> None:
    text = "self_employed: {region: 532503, industry: H6210, leases: [{landlord: government}, {landlord: other}, {}]}"
    assert [each.index for each in misses(house, "rent-waiver", text)] == [1]


def test_words_and_json(library: PolicyLibrary, house: NearMisses) -> None:
    text = "enterprise: {region: 532503, taxable_income: 1000000, restricted_industry: no, average_employees: 301, average_assets: 100}"
    found = misses(house, "cit-small-low-profit", text)
    (entry,) = NearMissAnswerer(library).answer(found)
    way = entry["ways"][0]
    assert way["changes"] == [
        {
            "record": "subject",
            "name": "average_employees",
            "label": "从业人数（全年季度平均值）",
            "from": 301,
            "to": 300,
            "by": "firm",
        }
    ]
    assert way["text"] == "从业人数（全年季度平均值）：301人 → 300人"
    assert way["last_day"] == "2024-12-31"
    (line,) = NearMissAnswerer(library, "en").lines(found)
    assert line[1] == "employees by quarterly average: 301 person -> 300 person (firm)"
