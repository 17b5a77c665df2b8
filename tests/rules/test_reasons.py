"""Which facts a condition lacks, and which comparisons decided it, with their distance."""

import datetime

import pytest

from huiqi.rules.reasons import Decider, MissingFact, deciders, missing_facts, with_list_names

D = datetime.date
CLASS = """
id: scale
title: 规模
sources: [{document: d, clause: 一, words: 六个字的词}]
cases:
  - {value: big, title: 大, if: employees >= 100}
  - {value: little, title: 小, if: assets < 1000}
  - {value: middle, title: 中}
"""
FAIR = "{id: fair, title: 公平, sources: [{document: d, clause: 一, words: 六个字的词}], is: honest and share > 0.5}"


def lacking(house, text: str, record: str = "", **facts) -> set[str]:
    found = missing_facts(house.typed(text, record=record), house.situation(**facts), house.evaluator)
    return {f"{each.record}.{each.name}{each.period and '[' + each.period + ']'}" for each in found}


@pytest.mark.parametrize(
    ("text", "facts", "missing"),
    [
        ("honest", {"honest": True}, set()),
        ("honest and insured", {}, {"subject.honest", "subject.insured"}),
        ("honest and insured", {"honest": True}, {"subject.insured"}),
        ("honest and insured", {"honest": False}, set()),
        ("honest or employees > 5", {"honest": False}, {"subject.employees"}),
        ("revenue[2021] > 5", {}, {"subject.revenue[2021]"}),
        ("listed('good-firms')", {}, {"list.good-firms"}),
        ("5 if honest else assets", {}, {"subject.honest", "subject.assets"}),
        ("assets if honest else share * assets", {"honest": True}, {"subject.assets"}),
        ("industry in {'C26'}", {"industry": "C"}, {"subject.industry"}),
        ("region == '532503'", {"region": "530000"}, {"subject.region"}),
        ("count(loans) > 1", {}, {"subject.loan"}),
        ("exists(loans, agreed)", {"records": {"loan": ({}, {"agreed": False})}}, {"loan.agreed"}),
        (
            "total(loans, principal, agreed) > 1",
            {"records": {"loan": ({"agreed": True}, {"agreed": False})}},
            {"loan.principal"},
        ),
        ("min(assets, 5) > 1", {}, {"subject.assets"}),
        ("add_months(established, 3) > as_of", {}, {"subject.established"}),
    ],
)
def test_what_is_lacking(house, text, facts, missing):
    assert lacking(house, text, **facts) == missing


def test_of_a_definition_its_inputs_are_lacking(house):
    house.define(CLASS)
    house.define(FAIR)
    assert lacking(house, "scale == big") == {"subject.employees", "subject.assets"}
    assert lacking(house, "scale == little", employees=50) == {"subject.assets"}
    assert lacking(house, "scale in {little, middle}", employees=50) == set()
    assert lacking(house, "fair", honest=True) == {"subject.share"}
    assert lacking(house, "fair", given={"fair": True}) == set()


def test_behind_a_let_a_coarse_industry_is_lacking_too(house):
    measure = house.measure("let: {branch: industry}", "when: ['branch in {''C26''}']")
    judgement = house.judged(measure, industry="C")
    assert judgement.missing == {MissingFact("subject", "industry")}


def test_a_list_is_named_as_a_case_names_it():
    found = frozenset({MissingFact("subject", "loan"), MissingFact("loan", "rate")})
    assert with_list_names(found, {"loan": "loans"}) == {
        MissingFact("subject", "loans"),
        MissingFact("loan", "rate"),
    }


def decided(house, text: str, **facts) -> list[Decider]:
    return list(deciders(house.typed(text), house.situation(**facts), house.evaluator))


@pytest.mark.parametrize(
    ("text", "facts", "value", "threshold", "distance"),
    [
        ("employees >= 30", {"employees": 28}, 28, 30, -2),
        ("30 <= employees", {"employees": 28}, 28, 30, -2),
        ("assets < 5", {"assets": 700}, 700, 500, 200),
        ("established <= '2022-01-01'", {"established": D(2022, 1, 3)}, D(2022, 1, 3), D(2022, 1, 1), 2),
        ("trade in {shop}", {"trade": "farm"}, "farm", None, None),
        ("industry == 'C26'", {"industry": "F51"}, "F51", None, None),
    ],
)
def test_a_failed_comparison_says_by_how_much(house, text, facts, value, threshold, distance):
    (found,) = decided(house, text, **facts)
    assert (found.wanted, found.value, found.threshold, found.distance) == (True, value, threshold, distance)


def test_only_what_failed_is_named(house):
    found = decided(house, "honest and employees > 5 and insured", honest=True, employees=3, insured=False)
    assert [each.value for each in found] == [3, False]
    assert decided(house, "honest", honest=True) == []
    assert decided(house, "honest") == []
    both = decided(house, "employees > 5 or assets > 5", employees=1, assets=1)
    assert [each.value for each in both] == [1, 1]


def test_what_must_not_be_is_wanted_otherwise(house):
    (found,) = decided(house, "not (honest or insured)", honest=True, insured=False)
    assert (found.wanted, found.value) == (False, True)


def test_through_definitions_and_lets(house):
    house.define(FAIR)
    (found,) = decided(house, "fair", honest=True, share=0)
    assert (found.value, found.distance) == (0, -found.threshold)
    (given,) = decided(house, "fair", given={"fair": False})
    assert (given.node, given.value) == (house.typed("fair"), False)
