"""A measure on one subject: verdicts, amounts, caps, and what is lacking."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.rules.judge import Judge
from huiqi.rules.reasons import MissingFact

D = datetime.date
SOFT = "when: [honest, {if: insured, declared: yes}]"


@pytest.mark.parametrize(
    ("honest", "insured", "verdict"),
    [
        (True, True, "eligible"),
        (True, None, "likely"),
        (None, True, "undetermined"),
        (None, None, "undetermined"),
        (False, None, "ineligible"),
        (None, False, "ineligible"),
        (True, False, "ineligible"),
    ],
)
def test_conditions_make_the_verdict(house, honest, insured, verdict):
    measure = house.measure(SOFT)
    assert house.judged(measure, honest=honest, insured=insured).verdict == verdict
    discretion = house.measure(SOFT.replace("declared", "discretion"))
    assert house.judged(discretion, honest=honest, insured=insured).verdict == verdict


def test_without_conditions_all_of_the_subject_are_eligible(house):
    assert house.judged(house.measure("when: []")).verdict == "eligible"


def test_another_subject_is_ineligible_and_another_day_not_in_force(house):
    measure = house.measure()
    other = house.judged(measure, kind="person", honest=True)
    assert (other.verdict, other.subject_fails, other.amount) == ("ineligible", True, None)
    late = house.judged(measure, as_of=D(2023, 1, 1), kind="person", honest=True)
    assert (late.verdict, late.amount, late.claims) == ("not_in_force", None, ())


def test_an_amount_that_lacks_a_fact_is_null_and_says_which(house):
    measure = house.measure("amount: assets * share")
    judgement = house.judged(measure, honest=True, assets=100)
    assert (judgement.verdict, judgement.amount) == ("eligible", None)
    assert judgement.needs == {MissingFact("subject", "share")}
    assert house.judged(measure, honest=None, assets=100).needs == frozenset()


def test_an_amount_below_nought_counts_as_nought(house):
    measure = house.measure("amount: assets - 5")
    assert house.judged(measure, honest=True, assets=100).amount == 0


@given(st.integers(0, 10**12), st.integers(1, 10**6))
def test_a_half_fen_goes_up_and_less_goes_down(shared_house, fen: int, parts: int):
    measure = shared_house.measure(f"parameters: {{n: {{value: {parts}, words: x}}}}", "amount: assets / n")
    amount = shared_house.judged(measure, honest=True, assets=fen).amount
    assert type(amount) is int
    assert 2 * fen - parts < 2 * parts * amount <= 2 * fen + parts


def loans(*rows: dict) -> dict:
    return {"records": {"loan": tuple(rows)}}


LOAN = ("per: loan", "amount: principal", "when: [honest, agreed]")


@pytest.mark.parametrize(
    ("rows", "verdict", "amount"),
    [
        ([], "ineligible", None),
        ([{"agreed": False}], "ineligible", None),
        ([{"agreed": True, "principal": 5}], "eligible", 5),
        ([{"agreed": True, "principal": 5}, {"agreed": False}], "eligible", 5),
        ([{"agreed": True, "principal": 5}, {"principal": 7}], "eligible", 5),
        ([{"agreed": True, "principal": 5}, {"agreed": True}], "eligible", None),
        ([{"principal": 7}, {"agreed": False}], "undetermined", None),
        ([{"agreed": True, "principal": 5}, {"agreed": True, "principal": 7}], "eligible", 12),
    ],
)
def test_a_measure_over_records_takes_the_best_of_them(house, rows, verdict, amount):
    judgement = house.judged(house.measure(*LOAN), honest=True, **loans(*rows))
    assert (judgement.verdict, judgement.amount) == (verdict, amount)
    assert [each.index for each in judgement.claims] == [*range(len(rows))] or not rows


def test_an_absent_list_is_undetermined_unless_the_subject_fails(house):
    measure = house.measure(*LOAN)
    assert house.judged(measure, honest=True).missing == {MissingFact("subject", "loan")}
    assert house.judged(measure).missing == {MissingFact("subject", "loan"), MissingFact("subject", "honest")}
    assert house.judged(measure, honest=False).verdict == "ineligible"
    assert house.judged(measure, honest=False, **loans()).verdict == "ineligible"


def test_a_condition_of_the_subject_is_judged_once_and_of_the_record_for_each(house):
    judgement = house.judged(house.measure(*LOAN), honest=True, **loans({"agreed": True}, {"agreed": False}))
    assert [(each.index, each.result) for each in judgement.results] == [(None, True), (0, True), (1, False)]


def test_likely_amounts_count_where_nothing_is_eligible(house):
    measure = house.measure("per: loan", "amount: principal", "when: [{if: agreed, discretion: yes}]")
    likely = house.judged(measure, **loans({"principal": 5}, {"principal": 7}))
    assert (likely.verdict, likely.amount, likely.amount_if_declared) == ("likely", 12, 12)
    both = house.judged(measure, **loans({"principal": 5}, {"principal": 7, "agreed": True}))
    assert (both.verdict, both.amount, both.amount_if_declared) == ("eligible", 7, 12)
    assert [len(each.open) for each in both.claims] == [1, 0]


def capped(house, cap: str, *rows: dict, **facts):
    measure = house.measure("per: loan", "amount: principal", "when: []", f"cap: [{cap}]")
    return house.judged(measure, **loans(*rows), **facts)


def test_a_cap_per_record_cuts_each(house):
    rows = ({"principal": 9}, {"principal": 3})
    assert capped(house, "{amount: 0.05, per: [record]}", *rows).amount == 8


def test_a_cap_per_firm_cuts_the_sum(house):
    rows = ({"principal": 9}, {"principal": 3})
    assert capped(house, "{amount: 0.10, per: [firm]}", *rows).amount == 10
    assert capped(house, "{amount: 0.10, per: [programme]}", *rows).amount == 10
    assert capped(house, "{amount: assets, per: [firm]}", *rows, assets=2).amount == 2


def test_a_cap_that_is_not_known_leaves_the_amount_open_and_says_what_it_lacks(house):
    judgement = capped(house, "{amount: assets, per: [firm]}", {"principal": 9})
    assert (judgement.verdict, judgement.amount) == ("eligible", None)
    assert judgement.needs == {MissingFact("subject", "assets")}


def test_a_cap_per_year_counts_each_year_by_the_date_it_names(house):
    rows = [{"principal": 9, "drawn": D(year, 5, 1)} for year in (2021, 2022, 2022)]
    assert capped(house, "{amount: 0.10, per: [firm, year], by: drawn}", *rows).amount == 9 + 10
    assert capped(house, "{amount: 0.10, per: [firm, year]}", *rows).amount == 10


PERSON = "{amount: 0.10, per: [person], whose: person_id}"


def test_a_cap_per_person_counts_each_person(house):
    rows = [{"principal": 7, "person_id": who} for who in ("甲", "乙", "甲")]
    assert capped(house, PERSON, *rows).amount == 10 + 7


def test_who_it_is_matters_only_where_it_could_change_the_sum(house):
    two = [{"principal": 7, "person_id": "甲"}, {"principal": 7}]
    judgement = capped(house, PERSON, *two)
    assert (judgement.verdict, judgement.amount) == ("eligible", None)
    assert judgement.needs == {MissingFact("loan", "person_id")}
    assert capped(house, PERSON, {"principal": 12}).amount == 10
    assert capped(house, PERSON, {"principal": 7, "person_id": "甲"}, {"principal": 3}).amount == 10
    assert capped(house, PERSON, {"principal": 5}, {"principal": 5}).amount == 10
    assert capped(house, PERSON, {"principal": 0, "person_id": "甲"}, {"principal": 12}).amount == 10


def test_the_year_matters_only_where_it_could_change_the_sum(house):
    cap = "{amount: 0.10, per: [firm, year], by: drawn}"
    dated = {"principal": 7, "drawn": D(2022, 5, 1)}
    judgement = capped(house, cap, dated, {"principal": 7})
    assert (judgement.amount, judgement.needs) == (None, {MissingFact("loan", "drawn")})
    assert capped(house, cap, dated, {"principal": 3}).amount == 10


PEOPLE = st.lists(
    st.tuples(st.sampled_from([None, "甲", "乙"]), st.sampled_from([None, 2021, 2022]), st.integers(0, 12)),
    max_size=5,
)


@given(PEOPLE, st.integers(0, 15), st.randoms(use_true_random=False))
def test_a_figure_under_a_cap_stays_when_who_and_when_become_known(shared_house, rows, limit, random):
    cap = f"{{amount: 0.{limit:02d}, per: [person, year], whose: person_id, by: drawn}}"
    open_rows, known_rows = [], []
    for who, year, amount in rows:
        known = {
            "principal": amount,
            "person_id": who or random.choice(["甲", "乙", "丙"]),
            "drawn": D(year or random.choice([2021, 2022, 2023]), 1, 1),
        }
        known_rows.append(known)
        open_rows.append(
            {"principal": amount}
            | ({"person_id": who} if who else {})
            | ({"drawn": known["drawn"]} if year else {})
        )
    before = capped(shared_house, cap, *open_rows).amount
    after = capped(shared_house, cap, *known_rows).amount
    assert before is None or before == after
    groups: dict = {}
    for row in known_rows:
        key = (row["person_id"], row["drawn"])
        groups[key] = groups.get(key, 0) + row["principal"]
    assert (after or 0) == sum(min(limit, each) for each in groups.values())


@given(st.lists(st.integers(0, 20), max_size=6), *[st.integers(0, 30)] * 3)
def test_no_sum_is_above_any_of_its_caps(shared_house, amounts, record, person, of_firm):
    caps = (
        f"{{amount: 0.{of_firm:02d}, per: [firm]}}, {{amount: 0.{record:02d}, per: [record]}},"
        f" {{amount: 0.{person:02d}, per: [person], whose: person_id}}"
    )
    rows = [{"principal": each, "person_id": "甲乙"[place % 2]} for place, each in enumerate(amounts)]
    judgement = capped(shared_house, caps, *rows)
    people = [sum(min(record, each) for each in amounts[start::2]) for start in (0, 1)]
    assert (judgement.amount or 0) == min(of_firm, sum(min(person, each) for each in people))


def test_the_situation_is_left_as_it_was(house):
    situation = house.situation(honest=True, **loans({"agreed": True, "principal": 5}))
    judge = Judge(house.evaluator)
    first = judge.judge(house.measure(*LOAN), situation)
    assert situation.record == {}
    assert judge.judge(house.measure(*LOAN), situation).amount == first.amount == 5


def test_a_judge_remembers_nodes_and_not_their_addresses(house):
    """Rules come and go, as mutants do; another node may come to bear the address of one that is gone."""
    judge = Judge(house.evaluator)
    for _ in range(300):
        assert judge.reads_record(house.typed("agreed", record="loan"))
        assert not judge.reads_record(house.typed("insured"))
