"""A measure file becomes a typed rule, or every finding at its line."""

import datetime
import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.rules.measure import NEVER
from huiqi.rules.positions import read_text
from huiqi.rules.read_measure import digest_of, name_of_definition, read_definition, read_measure
from huiqi.rules.typed import If, Literal, Named
from huiqi.rules.types import Kind

D = datetime.date


def test_a_plain_measure_is_read(house):
    measure = house.measure()
    assert (measure.id, measure.kind, measure.amount_is, measure.region) == ("grant", "pay", "paid", "530000")
    assert (measure.in_force.first, measure.in_force.to) == (D(2022, 1, 1), D(2023, 1, 1))
    assert isinstance(measure.amount, Literal)
    assert measure.amount.value == 1000_00
    assert [each.name for each in measure.agencies] == ["财政局"]
    assert (measure.at.file, measure.at.line) == ("grant.yaml", 1)


def test_in_force_is_half_open(house):
    in_force = house.measure().in_force
    assert [
        in_force.holds(day) for day in (D(2021, 12, 31), D(2022, 1, 1), D(2022, 12, 31), D(2023, 1, 1))
    ] == [*(False, True, True, False)]
    assert house.measure("in_force: {from: 2022-01-01}").in_force.to == NEVER


def test_a_parameter_keeps_its_unit_words_and_digits(house):
    measure = house.measure(
        "parameters: {each: {value: 500, unit: yuan/person, words: 每人500元}, rate: {value: 2.5%, words: 百分之二点五}}",
        "amount: each * employees * rate",
    )
    each, rate = measure.parameters
    assert (each.values[0].value, str(each.unit), each.words) == (500_00, "yuan/person", "每人500元")
    assert (rate.values[0].value, rate.values[0].digits, rate.values[0].percent) == (Fraction(1, 40), 3, True)
    assert house.judged(measure, honest=True, employees=3).amount == 37_50


def test_dated_values_change_on_their_day(house):
    measure = house.measure(
        "parameters: {rate: {value: [{from: 2022-01-01, value: 6%}, {from: 2022-07-01, value: 10%}], words: x}}",
        "amount: assets * rate",
    )
    amounts = [
        house.judged(measure, as_of=day, honest=True, assets=100_00).amount
        for day in (D(2022, 1, 1), D(2022, 6, 30), D(2022, 7, 1))
    ]
    assert amounts == [6_00, 6_00, 10_00]
    by = house.measure(
        "parameters: {rate: {value: [{from: 2022-01-01, value: 6%}, {from: 2022-07-01, value: 10%}], words: x, by: established}}",
        "amount: assets * rate",
    )
    assert house.judged(by, honest=True, assets=100_00, established=D(2022, 7, 1)).amount == 10_00
    assert house.judged(by, honest=True, assets=100_00).amount is None
    assert isinstance(measure.parameters[0].by, type(None))


def test_a_let_is_known_to_what_follows(house):
    measure = house.measure(
        "let: {base: {is: assets * 2, title: 基数}, part: base / 4}", "amount: part", "when: [base > 5]"
    )
    assert [(each.name, each.title) for each in measure.let] == [("base", "基数"), ("part", "")]
    assert isinstance(measure.amount, Named)


def test_words_and_sources_are_bound(house):
    measure = house.measure(
        "sources: [{document: a, clause: 一, words: 给予一次性补助}, {document: b, clause: 二, words: 另有规定的除外}]",
        "when: [{if: honest, words: 信用良好, source: 2, declared: yes}, {if: insured, discretion: yes, title: 参保}]",
    )
    one, two = measure.when
    assert (one.words, one.source, one.declared, one.soft) == ("信用良好", 2, True, True)
    assert (two.title, two.source, two.discretion, two.declared) == ("参保", 1, True, False)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("-id", "missing-key"),
        ("-title", "missing-key"),
        ("-when", "missing-key"),
        ("-region", "missing-key"),
        ("-in_force", "missing-key"),
        ("-sources", "missing-key"),
        ("-subject", "missing-key"),
        ("-delivery", "missing-key"),
        ("-agencies", "missing-key"),
        ("-amount_is", "missing-key"),
        ("-amount", "no-amount"),
        ("amount_is: none", "amount-is-none"),
        ("amount_is: saved", "no-baseline"),
        ("information: 没有写明数额", "information-amount"),
        ("kind: gift", "unknown-word"),
        ("subject: [company]", "unknown-word"),
        ("region: 539999", "unknown-region"),
        ("rounding: up", "unknown-word"),
        ("sources: []", "no-source"),
        ("sources: [{document: a}]", "missing-key"),
        ("in_force: {from: 2022-01-01, to: 2022-01-01}", "empty-period"),
        ("in_force: {from: 2022-02-30}", "no-such-date"),
        ("in_force: {from: 20220101}", "no-such-date"),
        ("in_force: 2022", "not-a-mapping"),
        ("when: [employees]", "type-clash"),
        ("when: [employes > 3]", "unknown-name"),
        ("when: [{iff: honest}]", "unknown-key"),
        ("when: [{if: honest, declared: yes, discretion: yes}]", "declared-and-discretion"),
        ("when: [{if: honest, source: 2}]", "source-number"),
        ("when: [[honest]]", "not-a-mapping"),
        ("amount: employees * 5", "type-clash"),
        ("amount: assets + employees", "unit-clash"),
        ("per: lone", "unknown-record"),
        ("parameters: {each: {value: 5, unit: yen, words: x}}", "unknown-unit"),
        ("parameters: {each: {value: five, words: x}}", "not-a-number"),
        ("parameters: {each: {value: 1e9, words: x}}", "not-a-number"),
        ("parameters: {each: {value: NaN, words: x}}", "not-a-number"),
        ("parameters: {each: {value: 5%%, words: x}}", "not-a-number"),
        ("parameters: {each: {words: x}}", "missing-key"),
        ("parameters: {employees: {value: 5, words: x}}", "name-taken"),
        ("parameters: {yes: {value: 5, words: x}}", "name-taken"),
        ("parameters: {max: {value: 5, words: x}}", "name-taken"),
        ("parameters: {2nd: {value: 5, words: x}}", "bad-name"),
        ("parameters: {if: {value: 5, words: x}}", "name-taken"),
        (
            "parameters: {r: {value: [{from: 2022-02-01, value: 1}, {from: 2022-01-01, value: 2}], words: x}}",
            "dates-out-of-order",
        ),
        (
            "parameters: {r: {value: [{from: 2022-01-01, value: 1}, {from: 2022-01-01, value: 2}], words: x}}",
            "dates-out-of-order",
        ),
        (
            "parameters: {r: {value: [{from: 2022-01-01, value: 1}, {from: 2022-02-01, value: 2022-03-01}], words: x}}",
            "mixed-values",
        ),
        ("parameters: {r: {value: [{value: 1}], words: x}}", "missing-key"),
        ("parameters: {r: 5}", "not-a-mapping"),
        ("let: {employees: assets}", "name-taken"),
        ("let: {x: y}", "unknown-name"),
        ("cap: [{amount: 5, per: [year]}]", "cap-level"),
        ("cap: [{amount: 5, per: [firm, person]}]", "cap-level"),
        ("cap: [{amount: employees, per: [firm]}]", "type-clash"),
        ("cap: [{per: [firm]}]", "missing-key"),
        ("not_with: [{measure: x, level: town}]", "unknown-word"),
        ("not_with: [{level: firm}]", "missing-key"),
        ("agencies: [{name: 财政局, role: boss}]", "unknown-word"),
        ("colour: red", "unknown-key"),
        ("interpretation: [{instead: x}]", "missing-key"),
        ("examples: {base: 5, cases: []}", "not-a-mapping"),
    ],
)
def test_what_is_wrong_is_found(house, change: str, code: str):
    found = house.faults(change)
    assert code in [each.code for each in found]
    assert all(each.file == "grant.yaml" for each in found)
    assert all(each.line >= 1 for each in found)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("cap: [{amount: 5, per: [person]}]", "no-whose"),
        ("cap: [{amount: 5, per: [person], whose: nobody}]", "unknown-name"),
        ("cap: [{amount: principal, per: [firm]}]", "cap-of-a-record"),
        ("cap: [{amount: principal, per: [programme]}]", "cap-of-a-record"),
        ("not_with: [{measure: x, level: person}]", "no-whose"),
    ],
)
def test_of_a_measure_over_records(house, change: str, code: str):
    assert [each.code for each in house.faults("per: loan", "amount: principal", change)] == [code]
    assert (
        house.faults(
            "per: loan", "amount: principal", "cap: [{amount: 'total(loans, principal)', per: [firm]}]"
        )
        == []
    )


def test_a_comma_without_quotes_is_explained(house):
    found = house.faults("cap: [{amount: total(loans, assets), per: [firm]}]")
    assert "unquoted-comma" in [each.code for each in found]


def test_a_key_behind_the_examples_is_found(house):
    text = "examples: {base: {}, cases: []}"
    assert [each.code for each in house.faults("-delivery", text, "delivery: automatic")] == ["key-order"]


def test_everything_wrong_is_found_in_one_run(house):
    found = house.faults("kind: gift", "amount: assets + employees", "when: [employes > 3]", "region: 99")
    assert {each.code for each in found} == {"unknown-word", "unit-clash", "unknown-name", "unknown-region"}


def test_a_file_of_another_shape_is_one_finding(house):
    for text in ("[]", "5", "- id: x"):
        measure, found = read_measure(read_text(text, "x.yaml"), house.scope)
        assert measure is None
        assert [each.code for each in found] == ["not-a-mapping"]


DEFINITION = """
id: fair
title: 公平
sources: [{document: d, clause: 一, words: 六个字的词}]
"""


def test_a_definition_is_a_test_or_an_ordered_class(house):
    yes = house.define(DEFINITION + "is: honest and insured\n")
    assert (yes.type.kind, yes.cases) == (Kind.TRUTH, ())
    cases = "cases: [{value: a, title: 甲, if: honest}, {value: b, title: 乙}]\n"
    of_class = house.define(DEFINITION.replace("fair", "grade") + cases)
    assert of_class.type.choices == (("a", "甲"), ("b", "乙"))
    assert [each.test is None for each in of_class.cases] == [False, True]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "is-or-cases"),
        ("is: honest\ncases: [{value: a, title: 甲}]", "is-or-cases"),
        ("is: employees", "type-clash"),
        ("cases: [{value: a, title: 甲, if: honest}]", "no-last-case"),
        ("cases: [{value: a, title: 甲}, {value: b, title: 乙}]", "missing-key"),
        ("cases: [{value: a}]", "missing-key"),
        ("cases: [{value: a, title: 甲, if: honest}, {value: a, title: 乙}]", "duplicate-case"),
        ("amount: 5\nis: honest", "unknown-key"),
    ],
)
def test_a_wrong_definition_is_found(house, text: str, code: str):
    node = read_text(DEFINITION + text, "fair.yaml")
    definition, found = read_definition(node, house.scope)
    assert definition is None
    assert code in [each.code for each in found]


def test_a_definition_is_known_by_name_before_it_is_read():
    name = name_of_definition(read_text(DEFINITION + "per: loan\nis: broken (", "fair.yaml"))
    assert name is not None
    assert (name.name, name.type.kind, name.record) == ("fair", Kind.TRUTH, "loan")
    assert name_of_definition(read_text("[1]", "x.yaml")) is None
    assert name_of_definition(read_text("is: honest", "x.yaml")) is None


def test_the_digest_is_of_the_words_and_not_of_the_layout():
    one = read_text("a: [1, {b: 2, c: x}]\nd: 'e'\n", "one.yaml")
    other = read_text('d: "e"\na:\n  - 1\n  - c: x\n    b: 2\n', "other.yaml")
    assert digest_of(one) == digest_of(other)
    assert digest_of(one) != digest_of(read_text("a: [1, {b: 2, c: x}]\nd: 'f'\n", "one.yaml"))


WORDS = st.lists(st.text("ab1:l", max_size=3), max_size=3)


@given(WORDS, WORDS)
def test_two_lists_of_words_share_a_digest_only_if_they_are_alike(one: list[str], other: list[str]):
    digests = [digest_of(read_text(json.dumps(each), "x.json")) for each in (one, other)]
    assert (digests[0] == digests[1]) == (one == other)


def test_a_dated_parameter_is_a_choice_by_day(house):
    measure = house.measure(
        "parameters: {day: {value: [{from: 2022-01-01, value: 2021-01-01}, {from: 2022-07-01, value: 2021-07-01}], words: x}}",
        "when: [established < day]",
    )
    body = measure.when[0].test.right.body  # type: ignore[attr-defined]
    assert isinstance(body, If)
    assert isinstance(body.then, Literal)
    assert body.then.value == D(2021, 7, 1)
