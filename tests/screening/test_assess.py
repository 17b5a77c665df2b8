"""What holds of every shipped measure and any firm: answers settle verdicts, and nothing unsettles them."""

import datetime
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiqi.findings import BadInput
from huiqi.policies.check.report import Notes
from huiqi.policies.check.situations import Situations
from huiqi.policies.library import PolicyLibrary, load_library, read_library
from huiqi.policies.shipped import shipped_policies
from huiqi.reference.industries import listed
from huiqi.reference.regions import chain, is_within
from huiqi.rules.case import latest_period
from huiqi.rules.facts import SUBJECT, Fact
from huiqi.rules.judge import Claim, Judgement
from huiqi.rules.positions import read_text
from huiqi.rules.situation import Record, Situation, Value
from huiqi.rules.typed import Compare, Defined, FactOf, InIndustries, Literal, Typed, walk
from huiqi.rules.types import Kind
from huiqi.screening.answer import Answerer
from huiqi.screening.assess import assess, judge_one

COUNTIES = ("532503", "530102", "140214", "110101", "532532", "530902", "532501")
DAY = datetime.timedelta(days=1)
SETTLED = {"eligible", "ineligible", "not_in_force", "not_here"}
NOTHING = {"not_in_force", "not_here"}
SEEDS = st.integers(0, 2**32)


@cache
def library() -> PolicyLibrary:
    return load_library(shipped_policies())


@cache
def read_again() -> PolicyLibrary:
    return load_library(shipped_policies())


def all_nodes() -> Iterator[Typed]:
    for definition in library().definitions.values():
        for test in (definition.test, *(case.test for case in definition.cases)):
            yield from walk(test) if test is not None else ()
    for measure in library().measures:
        tests = [each.test for each in measure.when]
        for test in (*tests, measure.amount, *(cap.amount for cap in measure.caps)):
            yield from walk(test) if test is not None else ()


@cache
def near_thresholds() -> dict[tuple[str, str], list[Value]]:
    """The values that rules compare each fact with, and their neighbours by the smallest unit."""
    found: dict[tuple[str, str], set[Value]] = {}
    for node in all_nodes():
        if isinstance(node, Compare) and isinstance(node.left, FactOf) and isinstance(node.right, Literal):
            bound = node.right.value
            step = DAY if isinstance(bound, datetime.date) else 1
            found.setdefault((node.left.record, node.left.name), set()).update(
                {bound - step, bound, bound + step}  # type: ignore[operator]
            )
    return {key: sorted(values) for key, values in found.items()}  # type: ignore[type-var]


@cache
def periods() -> dict[str, list[str]]:
    """The periods that rules ask a fact of."""
    found: dict[str, set[str]] = {}
    for node in all_nodes():
        if isinstance(node, FactOf) and node.period:
            found.setdefault(node.name, set()).add(node.period)
    return {name: sorted(each) for name, each in found.items()}


@cache
def industries() -> list[str]:
    """Classes of every industry that a rule names, and some others; a class need not be on record."""
    asked = {code for node in all_nodes() if isinstance(node, InIndustries) for code in node.members}
    divisions = {each.code for each in listed("division")}
    return sorted({each.ljust(5, "9") for each in asked | divisions if len(each) > 1})


def a_value(fact: Fact, random: Random) -> Value:
    kind = fact.type.kind
    if kind is Kind.TRUTH:
        return random.random() < 0.7
    if kind is Kind.CHOICE:
        return random.choice(sorted(fact.type.values))
    if kind is Kind.INDUSTRY:
        return random.choice(industries())
    if kind is Kind.REGION:
        return random.choice(COUNTIES)
    if kind is Kind.TEXT:
        return random.choice(sorted(library().by_id) if fact.name == "measure" else ["甲", "乙", "丙"])
    near = near_thresholds().get((fact.record, fact.name))
    if near and random.random() < 0.7:
        value = random.choice(near)
    elif kind is Kind.DATE:
        value = datetime.date(2021, 1, 1) + random.randrange(1000) * DAY
    elif fact.unit is not None and not fact.unit.powers:
        value = Fraction(random.randrange(120), 100)
    else:
        value = random.choice([0, 1, 7, 12, 100, 3_000_00, 1_000_000_00, 60_000_000_00])
    if isinstance(value, datetime.date):
        return value
    assert isinstance(value, (int, Fraction))
    return max(1 if fact.positive else 0, value)


def a_record(facts: dict[str, Fact], random: Random, as_of: datetime.date) -> Record:
    row: Record = {}
    for fact in facts.values():
        row[fact.name] = a_value(fact, random)
        if fact.period:
            for period in periods().get(fact.name, []):
                row[(fact.name, period)] = a_value(fact, random)
            row[(fact.name, latest_period(fact.period, as_of))] = row[fact.name]
    return row


def a_day(random: Random) -> datetime.date:
    measure = random.choice(library().measures)
    day = random.choice([measure.in_force.first, measure.in_force.to, datetime.date(2022, 7, 31)])
    return min(day, datetime.date(2030, 1, 1)) + random.choice([-1, 0, 0, 1]) * DAY


def a_firm(random: Random) -> Situation:
    """Return a subject of whom everything is known."""
    house, as_of = library(), a_day(random)
    kind = random.choice(["enterprise", "enterprise", "self_employed", "person", "institution"])
    subject = a_record(house.facts.subject, random, as_of)
    records = {
        record.name: tuple(a_record(record.facts, random, as_of) for _ in range(random.randrange(4)))
        for record in house.facts.by_list.values()
    }
    lists = {name: random.random() < 0.6 for name in house.lists}
    return Situation(as_of, kind, subject, records, lists)


@cache
def examples() -> tuple[Situation, ...]:
    """The situations of every shipped example: firms that stand close to what the measures ask."""
    with_examples, _ = read_library(shipped_policies())
    building = Situations(with_examples, Notes())
    made = [
        building.situation(rule.examples, example, rule.subject)
        for rule in (*with_examples.measures, *with_examples.definitions.values())
        for example in rule.examples.cases
    ]
    return tuple(each for each in made if each is not None)


def a_firm_near_an_example(random: Random) -> Situation:
    """Return an example's firm with some facts changed and others added."""
    house, example = library(), random.choice(examples())
    names = {key if isinstance(key, str) else key[0] for key in example.subject}
    others = a_record(house.facts.subject, random, example.as_of)
    subject = {**example.subject}
    if random.random() < 0.7:
        known = {
            key: value
            for key, value in others.items()
            if (key if isinstance(key, str) else key[0]) not in names
        }
        subject.update(known)
    records = {
        name: tuple(
            {**a_record(house.facts.records[name].facts, random, example.as_of), **row} for row in rows
        )
        for name, rows in example.records.items()
    }
    if random.random() < 0.5 and subject:
        name = random.choice(sorted(names)) if names else "employees"
        for key in [key for key in subject if (key if isinstance(key, str) else key[0]) == name]:
            del subject[key]
        if random.random() < 0.5:
            subject.update(
                {key: others[key] for key in others if (key if isinstance(key, str) else key[0]) == name}
            )
    for rows in records.values():
        for row in rows:
            if random.random() < 0.3:
                changed = random.choice(sorted(key for key in row if isinstance(key, str)))
                record = next(name for name, each in records.items() if each is rows)
                row[changed] = a_value(house.facts.records[record].facts[changed], random)
    if random.random() < 0.8 and records:
        rows = random.choice(sorted(records))
        more = a_record(house.facts.records[rows].facts, random, example.as_of)
        records[rows] = (
            *records[rows],
            {**more, **(records[rows][0] if records[rows] and random.random() < 0.7 else {})},
        )
    firm = Situation(example.as_of, example.kind, subject, records, example.lists)
    agreeing: dict[str, Value] = {}
    for name, value in example.given.items():
        computed = library().evaluator.definition_reading(name)(firm)
        if computed in (None, value) or (isinstance(computed, frozenset) and value in computed):
            agreeing[name] = value
    return Situation(firm.as_of, firm.kind, subject, records, example.lists, agreeing)


def some_of(row: Record, random: Random, share: float) -> Record:
    kept: Record = {}
    for key, value in row.items():
        if random.random() < share:
            kept[key] = value
        elif key == "region" and random.random() < 0.7:
            kept[key] = random.choice(chain(str(value))).code
        elif key == "industry" and random.random() < 0.7:
            kept[key] = str(value)[: random.choice([1, 3, 4])]
    return kept


def less_known(full: Situation, random: Random, share: float) -> Situation:
    """Return the same firm of whom less is said; some of its computed facts stand for their inputs."""
    records = {
        name: tuple(some_of(row, random, share) for row in rows)
        for name, rows in full.records.items()
        if random.random() < (1 + share) / 2
    }
    lists = {name: value for name, value in full.lists.items() if random.random() < share}
    given_too = {name: value for name, value in full.given.items() if random.random() < 0.8}
    return Situation(full.as_of, full.kind, some_of(full.subject, random, share), records, lists, given_too)


def with_computed_facts_given(full: Situation, random: Random) -> Situation:
    evaluator = library().evaluator
    made: dict[str, Value] = {}
    for name, definition in library().definitions.items():
        value = None if definition.per else evaluator.definition_reading(name)(full)
        if value is not None and not isinstance(value, frozenset) and random.random() < 0.3:
            made[name] = value
    return Situation(full.as_of, full.kind, full.subject, full.records, full.lists, made)


def same_text_applies(one: Judgement, other: Judgement) -> bool:
    return one.measure is other.measure and len(one.claims) == len(other.claims)


def unsettled(less: Claim, more: Claim) -> bool:
    """Whether knowing more has turned a settled claim, or its figure, into something else."""
    if less.index != more.index or less.verdict not in SETTLED:
        return False
    if less.verdict != more.verdict:
        return True
    return less.verdict == "eligible" and less.amount is not None and less.amount != more.amount


@settings(max_examples=200, deadline=None)
@given(SEEDS)
def test_answering_more_never_flips_a_settled_verdict(seed: int):
    random = Random(seed)
    near = random.random() < 0.75
    full = a_firm_near_an_example(random) if near else with_computed_facts_given(a_firm(random), random)
    half = less_known(full, random, 0.85)
    little = less_known(half, random, 0.6)
    for measure_id in library().by_id:
        judgements = [judge_one(library(), measure_id, each) for each in (little, half, full)]
        for less, more in pairwise(judgements):
            if less.verdict in SETTLED:
                assert more.verdict == less.verdict, measure_id
            if less.verdict in SETTLED and same_text_applies(less, more):
                wrong = [a for a, b in zip(less.claims, more.claims, strict=True) if unsettled(a, b)]
                assert wrong == [], measure_id
            if less.verdict == "eligible" and less.amount is not None:
                open_claims = [each for each in less.claims if each.verdict in ("likely", "undetermined")]
                assert open_claims or more.amount == less.amount, measure_id


@settings(max_examples=120, deadline=None)
@given(SEEDS)
def test_what_is_open_says_what_it_lacks_and_with_it_all_is_settled(seed: int):
    random = Random(seed)
    full = a_firm(random)
    for situation in (less_known(full, random, 0.7), full):
        for measure_id in library().by_id:
            judgement = judge_one(library(), measure_id, situation)
            if judgement.verdict in ("undetermined", "likely"):
                assert judgement.missing, measure_id
            if judgement.verdict == "eligible" and judgement.measure.amount is not None:
                assert judgement.amount is not None or judgement.needs, measure_id
    assert {judge_one(library(), each, full).verdict for each in library().by_id} <= SETTLED


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_outside_its_dates_or_its_region_a_measure_gives_nothing(seed: int):
    random = Random(seed)
    firm = a_firm(random)
    region = firm.region
    for measure_id, variants in library().by_id.items():
        judgement = judge_one(library(), measure_id, firm)
        here = [each for each in variants if is_within(region, each.region) is True]
        if not any(each.in_force.holds(firm.as_of) for each in here):
            assert judgement.verdict in NOTHING, measure_id
        if judgement.verdict in NOTHING:
            assert (judgement.amount, judgement.amount_if_declared, judgement.claims) == (None, None, ())


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_amounts_are_whole_fen_from_nought_up_and_under_their_caps(seed: int):
    random = Random(seed)
    firm = a_firm_near_an_example(random)
    for measure_id in library().by_id:
        judgement = judge_one(library(), measure_id, firm)
        for amount in (judgement.amount, *(each.amount for each in judgement.claims)):
            assert amount is None or (type(amount) is int and amount >= 0)
        for cap in judgement.measure.caps:
            limit = library().evaluator.value(cap.amount, firm)
            if cap.level in ("firm", "programme") and not cap.by and isinstance(limit, int):
                assert (judgement.amount or 0) <= limit


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_totals_count_each_chosen_measure_once(seed: int):
    random = Random(seed)
    assessment = assess(library(), less_known(a_firm_near_an_example(random), random, 0.97))
    eligible = {
        each.measure.id: each.judgement
        for each in assessment.measures
        if each.judgement.verdict == "eligible"
    }
    chosen = [(measure.id, measure.amount_is, amount) for measure, _, amount in assessment.bundle.chosen]
    assert len({each for each, _, _ in chosen}) == len(chosen)
    assert {each for each, _, _ in chosen} <= eligible.keys()
    counted = [amount or 0 for _, amount_is, amount in chosen if amount_is in ("paid", "saved")]
    assert assessment.total_certain == sum(counted)
    assert assessment.total_deferred == sum(amount or 0 for _, is_, amount in chosen if is_ == "deferred")
    assert assessment.total_certain <= sum(
        each.amount or 0 for each in eligible.values() if each.measure.amount_is in ("paid", "saved")
    )
    for measure_id, _, amount in chosen:
        assert amount is None or eligible[measure_id].amount is None or amount <= eligible[measure_id].amount


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_two_runs_answer_alike(seed: int):
    answers = []
    for fresh in (library(), read_again()):
        random = Random(seed)
        firm = less_known(a_firm_near_an_example(random), random, 0.9)
        answers.append(Answerer(fresh).answer(assess(fresh, firm)))
    assert answers[0] == answers[1]


def firm_of(text: str, as_of: str = "2022-07-31") -> Situation:
    return library().cases.read(read_text(text, "case.yaml"), datetime.date.fromisoformat(as_of))


SHOP = """
self_employed:
  region: 532503
  industry: H6210
  leases: [{landlord: government, monthly_rent: 3000, months_leased: 12}]
  lists: {risk-county-2022: no}
"""


def rent(text: str, as_of: str = "2022-07-31") -> tuple[str, int | None, int | None]:
    (found,) = assess(library(), firm_of(text, as_of), "rent-waiver").measures
    return found.judgement.verdict, found.judgement.amount, found.remains


def test_what_was_received_is_taken_off_what_remains():
    assert rent(SHOP) == ("eligible", 9000_00, None)
    receipts = "  receipts: [{measure: rent-waiver, received_amount: 4000.50}]\n"
    assert rent(SHOP + receipts) == ("eligible", 9000_00, 4999_50)
    assert rent(SHOP + "  receipts: []\n") == ("eligible", 9000_00, 9000_00)


@pytest.mark.parametrize("receipt", ["{received_amount: 4000}", "{measure: rent-waiver}"])
def test_a_receipt_that_does_not_say_enough_leaves_open_what_remains(receipt: str):
    assert rent(SHOP + f"  receipts: [{receipt}]\n") == ("eligible", 9000_00, None)


def test_a_measure_in_force_nowhere_is_not_in_force_wherever_the_firm_is():
    for region in ("", "  region: 53\n", "  region: 110101\n", "  region: 532503\n"):
        for name in ("rent-waiver", "incubator-award"):
            situation = firm_of(f"enterprise:\n  employees: 3\n{region}", "2035-01-01")
            assert judge_one(library(), name, situation).verdict == "not_in_force"


def test_elsewhere_a_measure_is_not_here():
    situation = firm_of("enterprise: {region: 110101}")
    assert judge_one(library(), "incubator-award", situation).verdict == "not_here"
    assert "incubator-award" not in {each.measure.id for each in assess(library(), situation).measures}


def test_while_the_region_is_open_a_local_measure_is_undetermined_and_asks_for_it():
    judgement = judge_one(library(), "incubator-award", firm_of("institution: {region: 53}"))
    assert judgement.verdict == "undetermined"
    assert "region" in {each.name for each in judgement.missing}


def test_an_unknown_measure_is_named_with_a_near_one():
    with pytest.raises(BadInput, match="did you mean rent-waiver"):
        assess(library(), firm_of("enterprise: {region: 53}"), "rent-waver")


def test_every_definition_is_used_or_given_only_with_a_value_it_can_have():
    for definition in library().definitions.values():
        assert definition.type.kind in (Kind.TRUTH, Kind.CHOICE)
    used = {each.name for each in all_nodes() if isinstance(each, Defined)}
    assert used <= library().definitions.keys()
    assert {fact.record for fact in library().facts} >= {SUBJECT, "lease", "hire"}
