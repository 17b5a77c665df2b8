"""A case file: what a firm may say, and the line of everything that is wrong with it."""

import datetime

import pytest

from huiqi.findings import BadInput
from huiqi.rules.positions import read_text
from huiqi.rules.situation import Situation

DAY = datetime.date(2022, 7, 31)


def read(house, text: str, as_of: datetime.date = DAY) -> Situation:
    return house.cases.read(read_text(text, "case.yaml"), as_of)


def faults(house, text: str) -> list[tuple[str, int]]:
    with pytest.raises(BadInput) as error:
        read(house, text)
    assert all(str(each).isprintable() for each in error.value.findings)
    return [(each.code, each.line) for each in error.value.findings]


def firm(*lines: str) -> str:
    return "enterprise:\n" + "".join(f"  {line}\n" for line in lines)


def test_a_case_is_facts_lists_and_memberships(house):
    situation = read(
        house, firm("employees: 5", "loans: [{principal: 10.5}, {}]", "hires: []", "lists: {good-firms: yes}")
    )
    assert situation.kind == "enterprise"
    assert situation.subject == {"employees": 5}
    assert situation.records == {"loan": ({"principal": 1050}, {}), "hire": ()}
    assert situation.lists == {"good-firms": True}
    assert situation.as_of == DAY


@pytest.mark.parametrize("nothing", ["", "null", "~", '""'])
def test_an_empty_fact_or_list_is_unknown(house, nothing: str):
    situation = read(
        house, firm(f"employees: {nothing}", f"loans: {nothing}", f"lists: {{good-firms: {nothing}}}")
    )
    assert (situation.subject, situation.records, situation.lists) == ({}, {}, {})


def test_a_fact_may_say_where_it_comes_from(house):
    situation = read(house, firm("employees: {value: 5, source: 统计年报, date: 2022-03-01}"))
    assert situation.subject == {"employees": 5}
    origin = situation.origins["subject", 0, "employees"]
    assert (origin.source, origin.date) == ("统计年报", "2022-03-01")


def test_the_subject_is_said_or_stands_as_the_only_key(house):
    assert read(house, "person: {}").kind == "person"
    assert read(house, "subject: institution\ninstitution: {beds: 3}").kind == "institution"
    assert read(house, "subject: enterprise\nenterprise: {}\nlists: {good-firms: no}").lists == {
        "good-firms": False
    }


def test_a_value_without_a_period_is_of_the_last_period_that_ended(house):
    situation = read(house, firm("revenue: 100"))
    assert situation.subject == {"revenue": 10_000, ("revenue", "2021"): 10_000}
    assert ("revenue", "2020") in read(house, firm("revenue: 100"), datetime.date(2021, 1, 1)).subject


def test_values_by_period(house):
    situation = read(house, firm("revenue: {2020: 1, 2021: 2, 2022-03: 3, 2022Q1: {value: 4, source: 账}}"))
    assert situation.subject["revenue"] == 200
    assert situation.subject["revenue", "2020"] == 100
    assert situation.subject["revenue", "2022-03"] == 300
    assert situation.subject["revenue", "2022Q1"] == 400
    assert "revenue" not in read(house, firm("revenue: {2019: 1}")).subject


def test_money_of_all_quarters_or_months_makes_a_year_and_of_some_does_not(house):
    months = ", ".join(f"2021-{n:02d}: {n}" for n in range(1, 13))
    assert read(house, firm(f"revenue: {{{months}}}")).subject["revenue"] == 78_00
    quarters = "2021Q1: 1, 2021Q2: 2, 2021Q3: 3"
    assert "revenue" not in read(house, firm(f"revenue: {{{quarters}}}")).subject
    assert read(house, firm(f"revenue: {{{quarters}, 2021Q4: 4}}")).subject["revenue", "2021"] == 10_00


def test_people_of_quarters_make_no_year(house):
    """Staff let go would be added up, staff insured would not: the year has to be said."""
    situation = read(house, firm("staff_let_go: {2021Q1: 5, 2021Q2: 0, 2021Q3: 0, 2021Q4: 0}"))
    assert "staff_let_go" not in situation.subject
    assert ("staff_let_go", "2021") not in situation.subject


def test_a_year_that_its_quarters_do_not_make_is_refused(house):
    quarters = "2021Q1: 1, 2021Q2: 2, 2021Q3: 3, 2021Q4: 4"
    assert faults(house, firm(f"revenue: {{{quarters}, 2021: 11}}")) == [("periods-disagree", 2)]
    assert read(house, firm(f"revenue: {{{quarters}, 2021: 10}}")).subject["revenue"] == 10_00


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("employes: 5", "unknown-fact"),
        ("employees: 30元", "wrong-unit"),
        ("employees: -1", "impossible-value"),
        ("employees: 2000000", "impossible-value"),
        ("employees: 5.5", "impossible-value"),
        ("employees: [5]", "not-a-value"),
        ("employees: {value: [5]}", "not-a-value"),
        ("employees: {value: 5, sauce: x}", "unknown-key"),
        ("employees: {2021: 5}", "no-periods"),
        ("employees: {}", "no-periods"),
        ("revenue: {21: 5}", "period-form"),
        ("revenue: {2021Q5: 5}", "period-form"),
        ("revenue: {2021-13: 5}", "period-form"),
        ("revenue: {2021: x}", "not-money"),
        ("assets: 1.005", "not-money"),
        ("established: 2022-02-30", "not-a-date"),
        ("honest: perhaps", "not-yes-no"),
        ("trade: hotels", "unknown-choice"),
        ("beds: 5", "fact-of-other-subject"),
        ("principal: 5", "unknown-fact"),
        ("loan: {principal: 5}", "unknown-fact"),
        ("loans: {principal: 5}", "not-a-list"),
        ("loans: [5]", "not-a-mapping"),
        ("loans: [{principle: 5}]", "unknown-fact"),
        ("loans: [{principal: x}]", "not-money"),
        ("loans: [{employees: 5}]", "unknown-fact"),
        ("lists: {good-firm: yes}", "unknown-list"),
        ("lists: {good-firms: perhaps}", "not-yes-no"),
        ("lists: {good-firms: [yes]}", "not-yes-no"),
        ("lists: [good-firms]", "not-a-mapping"),
    ],
)
def test_a_bad_cell_is_named_with_its_line(house, line: str, code: str):
    assert faults(house, firm("region: 530000", line, "industry: C26")) == [(code, 3)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[]", "not-a-mapping"),
        ("enterprise", "not-a-mapping"),
        ("{}", "no-subject"),
        ("subject: company\nenterprise: {}", "unknown-word"),
        ("enterprise: [1]", "not-a-mapping"),
        ("subject: person\nenterprise: {}", "wrong-subject"),
        ("person: {}\ninstitution: {}", "wrong-subject"),
        ("firm: {}", "unknown-key"),
    ],
)
def test_a_case_of_another_shape_is_refused(house, text: str, code: str):
    assert code in [each for each, _ in faults(house, text)]


def test_everything_wrong_is_said_at_once(house):
    text = firm("employes: 5", "assets: x", "loans: [{rate: 2, agreed: perhaps}]")
    assert faults(house, text) == [("unknown-fact", 2), ("not-money", 3), ("not-yes-no", 4)]


def test_a_near_name_is_offered(house):
    with pytest.raises(BadInput, match="did you mean employees"):
        read(house, firm("employes: 5"))
    with pytest.raises(BadInput, match="did you mean principal"):
        read(house, firm("loans: [{principle: 5}]"))


def test_a_membership_beside_the_facts_is_told_where_it_belongs(house):
    with pytest.raises(BadInput, match=r"write lists: \{good-firms: yes\}"):
        read(house, firm("good-firms: yes"))


def test_a_key_twice_is_refused(house):
    assert faults(house, firm("employees: 5", "employees: 6")) == [("duplicate-key", 3)]


CLASS = """
id: scale
title: 规模
sources: [{document: d, clause: 一, words: 六个字的词}]
cases:
  - {value: big, title: 大, if: employees >= 100}
  - {value: little, title: 小}
"""


def test_a_definition_may_be_given_but_not_against_its_inputs(house):
    house.define(CLASS)
    assert read(house, firm("scale: big")).given == {"scale": "big"}
    assert read(house, firm("scale: {value: 大, source: 认定}")).given == {"scale": "big"}
    assert read(house, firm("scale: big", "employees: 100")).given == {"scale": "big"}
    assert faults(house, firm("employees: 99", "scale: big")) == [("given-and-computed", 3)]
    assert faults(house, firm("scale: huge")) == [("unknown-choice", 2)]
    assert faults(house, firm("scale: [big]")) == [("not-a-value", 2)]


def test_json_says_the_same_as_yaml(house):
    yaml = firm(
        "employees: 5", "revenue: {2021: 10.50}", "loans: [{principal: 3, agreed: true}]", "honest: null"
    )
    json = """{"enterprise": {"employees": 5, "revenue": {"2021": 10.50},
        "loans": [{"principal": 3, "agreed": true}], "honest": null}}"""
    one, other = read(house, yaml), read(house, json)
    assert (one.subject, one.records, one.lists, one.given) == (
        other.subject,
        other.records,
        other.lists,
        other.given,
    )


def test_a_list_of_very_many_records_is_refused(house):
    assert faults(house, firm("hires: [" + "{}, " * 10_001 + "]")) == [("too-many-records", 2)]


def test_a_very_long_name_is_shown_in_part(house):
    with pytest.raises(BadInput) as error:
        read(house, firm(f"{'x' * 900}: 1", f'"{"y" * 100_000}": 1'))
    assert len(str(error.value)) < 1000
