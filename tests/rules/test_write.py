"""A rule written to its file form and read again is the same rule."""

import datetime
from fractions import Fraction
from functools import cache

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from huiqi.policies.library import PolicyLibrary, read_library
from huiqi.policies.shipped import shipped_policies
from huiqi.reference.industries import GROUPS
from huiqi.rules.expressions import MOST_CHARACTERS, ExpressionError, typed_expression
from huiqi.rules.facts import FactDictionary, read_facts
from huiqi.rules.measure import Definition, Measure
from huiqi.rules.positions import Position, Scalar, read_text
from huiqi.rules.read_measure import MEASURE_KEYS, read_definition, read_measure
from huiqi.rules.scope import DefinedName, Scope
from huiqi.rules.typed import (
    And,
    Arithmetic,
    AsOf,
    Calendar,
    Compare,
    Defined,
    FactOf,
    Greatest,
    If,
    InChoices,
    InIndustries,
    InRegions,
    Least,
    Listed,
    Literal,
    Not,
    Or,
    Over,
    SubjectIs,
    Typed,
    Whole,
    exact,
    truth,
)
from huiqi.rules.types import BARE, DATE, TRUTH, number
from huiqi.rules.units import MONTH, PERSON, YEAR, YUAN, Unit, parse_unit
from huiqi.rules.unparse import decimal_text, unparse
from huiqi.rules.write import definition_file, measure_file, scalar_text

FACTS = """
record: subject
label: 主体
facts:
  - {name: revenue, label: 营业收入, type: yuan, known_by: tax, period: year}
  - {name: wages, label: 工资, type: yuan, known_by: firm}
  - {name: staff, label: 职工, type: person, known_by: firm}
  - {name: wage, label: 月工资, type: yuan/person/month, known_by: firm}
  - {name: months, label: 月数, type: month, known_by: firm}
  - {name: growth, label: 增速, type: ratio, known_by: statistics}
  - {name: opened, label: 成立日期, type: date, known_by: firm}
  - {name: industry, label: 所属行业, type: industry, known_by: firm}
  - {name: region, label: 所在地, type: region, known_by: firm}
  - {name: insured, label: 参保, type: yes_no, known_by: firm}
  - {name: grade, label: 等级, type: choice, known_by: tax, choices: {a: 甲, b: 乙, c: 丙}}
"""
LOANS = """
record: loan
list: loans
label: 贷款
facts:
  - {name: principal, label: 本金, type: yuan, known_by: bank}
  - {name: drawn, label: 发放日期, type: date, known_by: bank}
  - {name: extended, label: 已展期, type: yes_no, known_by: bank}
"""


def dictionary() -> FactDictionary:
    facts, findings = read_facts([read_text(FACTS, "facts.yaml"), read_text(LOANS, "loans.yaml")])
    assert not findings
    return facts


FACT = dictionary()
SCOPE = Scope(FACT, {"small": DefinedName("small", TRUTH)}, frozenset({"risk-list"}), frozenset(GROUPS))
LISTS = {record.name: record.list_name for record in FACT.records.values()}


def read_back(node: Typed, record: str = "") -> Typed:
    text = unparse(node, LISTS)
    scalar = Scalar(text, Position("rule.yaml", 1, 1))
    return typed_expression(scalar, SCOPE.within(record), "when", node.type)


def fact(name: str, record: str = "subject", period: str = "") -> FactOf:
    found = FACT.fact(record, name)
    assert found is not None
    return FactOf(type=found.type, record=record, name=name, period=period)


BY_UNIT: dict[Unit, list[Typed]] = {
    YUAN: [fact("wages"), fact("revenue"), fact("revenue", period="2021"), fact("revenue", period="2021Q3")],
    PERSON: [fact("staff")],
    MONTH: [fact("months")],
    parse_unit("ratio"): [fact("growth")],
}


def literals(unit: Unit) -> st.SearchStrategy[Typed]:
    places = 0 if unit in (MONTH, PERSON, YEAR) else 2
    figures = st.integers(0, 10**9).map(lambda n: exact(Fraction(n, 10**places) * unit.scale))
    return figures.map(lambda value: Literal(type=number(unit), value=value, digits=places))


@cache
def numbers(unit: Unit, depth: int, record: str) -> st.SearchStrategy[Typed]:
    """Numbers that hold a fact, so that a bare figure beside them has a unit to take."""
    leaves = list(BY_UNIT[unit])
    if record and unit == YUAN:
        leaves.append(fact("principal", "loan"))
    leaf = st.sampled_from(leaves)
    if depth == 0:
        return leaf
    inner = numbers(unit, depth - 1, record)
    other = st.one_of(inner, literals(unit))
    typed = number(unit)
    factor = st.integers(1, 999).map(lambda n: Literal(type=BARE, value=exact(Fraction(n, 100)), digits=2))

    def calculated(draw: tuple[Typed, str, Typed]) -> Typed:
        return Arithmetic(type=typed, operator=draw[1], left=draw[0], right=draw[2])

    made = [
        st.tuples(inner, st.sampled_from("+-"), other).map(calculated),
        st.tuples(literals(unit), st.sampled_from("+-"), inner).map(calculated),
        st.tuples(inner, st.sampled_from("*/"), factor).map(calculated),
        st.tuples(truths(depth - 1, record), inner, other).map(
            lambda d: If(type=typed, condition=d[0], then=d[1], otherwise=d[2])
        ),
        st.tuples(st.sampled_from([Least, Greatest]), inner, other).map(lambda d: d[0](type=typed, of=d[1:])),
        st.tuples(st.booleans(), inner).map(lambda d: Whole(type=typed, up=d[0], of=d[1])),
    ]
    if unit == YUAN and not record:
        rows = st.tuples(numbers(YUAN, depth - 1, "loan"), st.none() | truths(depth - 1, "loan"))
        made.append(
            rows.map(lambda d: Over(type=typed, function="total", record="loan", amount=d[0], condition=d[1]))
        )
    if unit == MONTH:
        span = st.tuples(dates(depth - 1, record), dates(depth - 1, record))
        made.append(span.map(lambda d: Calendar(type=typed, function="months_between", of=d)))
    return st.one_of(made)


@cache
def dates(depth: int, record: str) -> st.SearchStrategy[Typed]:
    known: list[Typed] = [fact("opened"), AsOf(type=DATE)]
    if record:
        known.append(fact("drawn", "loan"))
    days = st.dates(datetime.date(2000, 1, 1), datetime.date(2030, 12, 31))
    leaf = st.one_of(st.sampled_from(known), days.map(lambda d: Literal(type=DATE, value=d)))
    if depth == 0:
        return leaf
    moved = st.tuples(dates(depth - 1, record), st.one_of(st.just(fact("months")), literals(MONTH)))
    return st.one_of(leaf, moved.map(lambda d: Calendar(type=DATE, function="add_months", of=d)))


@cache
def truths(depth: int, record: str) -> st.SearchStrategy[Typed]:
    grade, industry, region = fact("grade"), fact("industry"), fact("region")
    leaves: list[Typed] = [fact("insured"), truth(True), SubjectIs(type=TRUTH, subject="person")]
    leaves += [Listed(type=TRUTH, list_id="risk-list"), Defined(type=TRUTH, name="small")]
    if record:
        leaves.append(fact("extended", "loan"))
    subsets = st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True).map(tuple)
    trades = st.lists(st.sampled_from(["C", "H62", "manufacturing"]), min_size=1, max_size=3, unique=True)
    places = st.lists(st.sampled_from(["530000", "532503"]), min_size=1, max_size=2, unique=True)
    leaf: st.SearchStrategy[Typed] = st.one_of(
        st.sampled_from(leaves),
        subsets.map(lambda v: InChoices(type=TRUTH, of=grade, values=v)),
        trades.map(lambda v: InIndustries(type=TRUTH, of=industry, names=tuple(v), members=())),
        places.map(lambda v: InRegions(type=TRUTH, of=region, codes=tuple(v))),
    )
    if depth == 0:
        return leaf
    inner = truths(depth - 1, record)
    signs = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])

    def compared(draw: tuple[str, Typed, Typed]) -> Typed:
        return Compare(type=TRUTH, operator=draw[0], left=draw[1], right=draw[2])

    comparisons = [
        st.tuples(
            signs,
            numbers(unit, depth - 1, record),
            st.one_of(numbers(unit, depth - 1, record), literals(unit)),
        )
        for unit in BY_UNIT
    ]
    several = st.lists(inner, min_size=2, max_size=4).map(tuple)
    made = [
        *(each.map(compared) for each in comparisons),
        st.tuples(signs, dates(depth - 1, record), dates(depth - 1, record)).map(compared),
        inner.map(lambda d: Not(type=TRUTH, of=d)),
        several.map(lambda d: And(type=TRUTH, of=d)),
        several.map(lambda d: Or(type=TRUTH, of=d)),
    ]
    if not record:
        rows = st.none() | truths(depth - 1, "loan")
        made.append(rows.map(lambda d: Over(type=TRUTH, function="exists", record="loan", condition=d)))
    return st.one_of(made)


@given(st.one_of(truths(5, ""), numbers(YUAN, 5, "")))
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow]
)
def test_an_expression_written_and_read_is_the_same(node: Typed) -> None:
    assume(len(unparse(node, LISTS)) <= MOST_CHARACTERS)
    try:
        again = read_back(node)
    except ExpressionError as error:
        assume(error.finding.code not in ("expression-too-large", "expression-too-deep"))
        raise
    assert again == node
    assert unparse(again, LISTS) == unparse(node, LISTS)


@pytest.mark.parametrize(
    "text",
    [
        "25_000 <= wages <= 50_000 and insured",
        "not (insured or staff > 3)",
        "grade != a and grade in {a, b} or grade not in {b, c}",
        "industry in manufacturing or industry in {'C', 'H62'}",
        "wage * staff * months if opened < add_months(as_of, 6) else 0",
        "(wages + 0.50) * 0.7 - (wages - revenue[2021]) / 3",
        "total(loans, principal, extended and drawn >= '2022-01-01') + min(wages, 5)",
        "insured and (insured and (staff > 1 or insured))",
    ],
)
def test_the_usual_spelling_is_kept(text: str) -> None:
    scalar = Scalar(text, Position("rule.yaml", 1, 1))
    assert unparse(typed_expression(scalar, SCOPE, "when"), LISTS) == text


def test_an_odd_spelling_becomes_the_usual_one() -> None:
    scalar = Scalar("(((staff))>=3)and grade in {a}", Position("rule.yaml", 1, 1))
    assert unparse(typed_expression(scalar, SCOPE, "when"), LISTS) == "staff >= 3 and grade == a"


def test_a_number_without_a_decimal_form_is_refused() -> None:
    assert decimal_text(Fraction(55, 1000), 2) == "0.055"
    with pytest.raises(ValueError, match="no finite decimal form"):
        decimal_text(Fraction(1, 3))


@pytest.fixture(scope="module")
def shipped() -> PolicyLibrary:
    library, findings = read_library(shipped_policies())
    assert findings == []
    return library


def written_again(
    library: PolicyLibrary, rule: Measure | Definition
) -> tuple[str, Measure | Definition | None]:
    if isinstance(rule, Measure):
        text = measure_file(rule, library.facts)
        return text, read_measure(read_text(text, "again.yaml"), library.scope)[0]
    text = definition_file(rule, library.facts)
    return text, read_definition(read_text(text, "again.yaml"), library.scope)[0]


def test_every_shipped_rule_is_kept_with_its_examples(shipped: PolicyLibrary) -> None:
    definitions = [each for each in shipped.definitions.values() if each.sources]
    for rule in (*shipped.measures, *definitions):
        text, again = written_again(shipped, rule)
        assert again == rule, f"{rule.id} changes when it is written and read"
        assert written_again(shipped, again)[0] == text, f"{rule.id} has two spellings"


def test_keys_stand_in_the_fixed_order(shipped: PolicyLibrary) -> None:
    for measure in shipped.measures:
        text = measure_file(measure, shipped.facts)
        keys = [line.split(":")[0] for line in text.splitlines() if line[:1].isalpha()]
        assert keys == sorted(keys, key=MEASURE_KEYS.index), measure.id
        assert text.endswith("\n")
        assert "\t" not in text


def test_texts_stay_texts_for_other_readers_of_yaml(shipped: PolicyLibrary) -> None:
    for measure in shipped.measures:
        plain = yaml.safe_load(measure_file(measure, shipped.facts))
        assert plain["title"] == measure.title
        assert plain["region"] == measure.region
        assert [each["words"] for each in plain["sources"]] == [each.words for each in measure.sources]


@given(st.text(min_size=1), st.booleans())
def test_any_text_survives_as_a_scalar(text: str, flow: bool) -> None:
    assume(text.isprintable() or all(ord(each) < 0xD800 or ord(each) > 0xDFFF for each in text))
    written = scalar_text(text, flow)
    whole = f"{{a: {written}, b: c}}" if flow else f"a: {written}\n"
    node = read_text(whole, "scalar.yaml")
    value = node.get("a")  # type: ignore[union-attr]
    assert isinstance(value, Scalar)
    assert value.text == text
