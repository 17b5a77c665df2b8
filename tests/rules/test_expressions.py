"""From text to typed form: what is read, what is refused, and that a refusal says how to mend it."""

import datetime
import time
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from huiqi.rules.expressions import ExpressionError, typed_expression
from huiqi.rules.positions import Position, Scalar
from huiqi.rules.typed import And, Compare, If, InIndustries, Literal, Named, Not, Or, Over, walk
from huiqi.rules.types import TRUTH, number
from huiqi.rules.units import PERSON, YUAN, parse_unit

AMOUNT = number(YUAN)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("assets", "yuan"),
        ("revenue[2021]", "yuan"),
        ("wage * employees * months_open", "yuan"),
        ("assets / months_open", "yuan/month"),
        ("assets / max(1, employees)", "yuan/person"),
        ("assets / max(1, assets)", "ratio"),
        ("assets * share", "yuan"),
        ("assets * 2", "yuan"),
        ("assets + 5", "yuan"),
        ("5 if honest else assets", "yuan"),
        ("min(3, assets, revenue)", "yuan"),
        ("floor(assets)", "yuan"),
        ("-assets", "yuan"),
        ("count(hires)", "person"),
        ("count(loans, rate < 0.05)", "item"),
        ("total(loans, principal * rate)", "yuan"),
        ("months_between(established, as_of)", "month"),
        ("days_between(established, '2022-01-01')", "day"),
        ("year(as_of)", "year"),
    ],
)
def test_a_number_has_the_unit_that_its_parts_make(house, text: str, unit: str):
    assert house.typed(text).type == number(parse_unit(unit))


def test_a_bare_number_takes_the_unit_of_what_it_stands_beside(house):
    node = house.typed("assets >= 3_000.55", TRUTH)
    assert isinstance(node, Compare)
    assert isinstance(node.right, Literal)
    assert (node.right.value, node.right.type) == (300_055, AMOUNT)
    node = house.typed("employees > 30", TRUTH)
    assert isinstance(node, Compare)
    assert isinstance(node.right, Literal)
    assert (node.right.value, node.right.type) == (30, number(PERSON))


def test_in_a_product_a_bare_number_is_pure_and_in_a_sum_of_products_it_becomes_yuan_once(house):
    assert house.value("assets * 2", assets=100) == 200
    assert house.value("2 * 3 + assets", assets=100) == 700
    assert house.value("assets + (1 + 2) * 3", assets=0) == 900
    assert house.value("assets + min(1, 2)", assets=0) == 100
    assert house.value("assets + (5 if honest else 6)", assets=0, honest=False) == 600


def test_chains_and_sets_become_ands_and_ors(house):
    assert isinstance(house.typed("5 <= employees < 10"), And)
    assert isinstance(house.typed("employees in {1, 2}"), Or)
    assert isinstance(house.typed("employees not in {1, 2}"), Not)
    assert isinstance(house.typed("honest == no"), Not)
    assert house.typed("trade == shop") == house.typed("trade in {shop}")
    assert house.typed("trade != shop") == house.typed("not trade in {shop}")


def test_groups_and_codes_of_industries_mix(house):
    node = house.typed("industry in {hardest_hit_5, '26', 'C13'}")
    assert isinstance(node, InIndustries)
    assert node.names == ("hardest_hit_5", "C26", "C13")
    assert {"C26", "C13"} < set(node.members)
    one = house.typed("industry in hardest_hit_5")
    assert isinstance(one, InIndustries)
    assert one.names == ("hardest_hit_5",)


def test_inside_a_list_its_facts_are_names(house):
    node = house.typed("exists(loans, principal > 5 and exists(hires, agreed))")
    assert isinstance(node, Over)
    records = {each.record for each in walk(node) if hasattr(each, "name")}
    assert records == {"loan", "hire"}


def test_places_count_in_the_file(house):
    finding = house.refused("honest and 企业")
    assert (finding.line, finding.cell) == (7, "when (column 21)")
    finding = house.refused("trade == shop or\nemployes > 3")
    assert "column 27" in finding.cell


@pytest.mark.parametrize(
    ("text", "both", "code"),
    [
        (
            "assets + employees",
            ("assets is a number in yuan", "employees is a number in person"),
            "unit-clash",
        ),
        (
            "assets > employees",
            ("assets is a number in yuan", "employees is a number in person"),
            "unit-clash",
        ),
        (
            "min(assets, wage) > 3",
            ("assets is a number in yuan", "wage is a number in yuan/person/month"),
            "unit-clash",
        ),
        ("assets if honest else share", ("assets is a number in yuan", "share is a ratio"), "unit-clash"),
        ("established > share", ("established is a date", "share is a ratio"), "type-clash"),
        ("established > 5", ("established is a date", "5 is a bare number"), "type-clash"),
        ("3 < established", ("3 is a bare number", "established is a date"), "type-clash"),
        ("honest if insured else 3", ("honest is yes or no", "3 is a bare number"), "type-clash"),
        ("employees < 5 < assets", None, None),
        ("months_open + year(as_of) > 3", ("a number in month", "a number in year"), "unit-clash"),
        ("count(loans) > employees", ("a number in item", "a number in person"), "unit-clash"),
    ],
)
def test_a_clash_of_units_names_both_sides_and_how_to_mend_it(house, text, both, code):
    if both is None:
        assert house.typed(text, TRUTH).type == TRUTH
        return
    finding = house.refused(text)
    assert finding.code == code
    assert all(side in finding.what for side in both)
    assert finding.mend


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("", "empty-expression", "write a condition"),
        ("employes > 3", "unknown-name", "did you mean employees"),
        ("principal > 3", "fact-of-a-record", "exists(loans, …)"),
        ("hotel", "choice-alone", "write trade == hotel"),
        ("trade == hote", "unknown-choice", "did you mean hotel"),
        ("trade in {}", "unknown-choice", "farm, hotel, shop"),
        ("trade > shop", "type-clash", "use == or in"),
        ("industry == 'C99'", "unknown-industry", "GB/T 4754"),
        ("industry == C26", "unknown-group", "in quotes: 'C26'"),
        ("industry in hardest_hit", "unknown-group", "did you mean hardest_hit_5"),
        ("region == '539999'", "unknown-region", "six-digit"),
        ("region in {532503}", "region-form", "in quotes"),
        ("established == '2022-02-30'", "no-such-date", "YYYY-MM-DD"),
        ("established < '20220201'", "text-in-expression", "without quotes"),
        ("employees > '5'", "text-in-expression", "without quotes"),
        ("True", "not-in-the-language", "write yes"),
        ("None == 3", "not-in-the-language", "a number or a date"),
        ("b'x' == 3", "not-in-the-language", "a number or a date"),
        ("1e5 > employees", "number-form", "0.05"),
        ("0x1F > employees", "number-form", "0.05"),
        ("5j > employees", "not-in-the-language", "a number"),
        ("employees > " + "9" * 30, "number-form", "digits"),
        ("revenue[21] > 3", "period-form", "[2021]"),
        ("assets[2021] > 3", "no-periods", "drop the brackets"),
        ("honest[2021:2022]", "no-periods", "period"),
        ("revenue[2021:2022] > 1", "period-form", "[2021]"),
        ("(employees + 1)[2021] > 3", "period-of-what", "fact[2021]"),
        ("loans", "list-as-value", "count(loans)"),
        ("count(loan) > 3", "unknown-list", "did you mean loans"),
        ("count(loans, rate) > 3", "type-clash", "compare it"),
        ("total(loans) > 3", "argument-count", "section 4"),
        ("total(loans, agreed) > 3", "type-clash", "a number"),
        ("listed('good-firm')", "unknown-list", "did you mean good-firms"),
        ("year(employees) > 3", "type-clash", "order of the arguments"),
        ("add_months(3, established) > as_of", "type-clash", "order of the arguments"),
        ("foo(3)", "unknown-function", "did you mean"),
        ("min(3) > employees", "argument-count", "section 4"),
        ("min(1, 2, key=3) > employees", "unknown-function", "plain arguments"),
        ("min(honest, insured)", "type-clash", "and, or"),
        ("assets * assets > 5", "unit-clash", "factors"),
        ("assets / employees > 3", "divisor-may-be-nought", "max(1, employees)"),
        ("assets / 0 > 3", "divisor-may-be-nought", "max(1, 0)"),
        ("assets / (months_open - 1) > 3", "divisor-may-be-nought", "nought"),
        ("as_of - established > 3", "type-clash", "days_between"),
        ("total(loans, 5) > assets", "unit-unclear", "as a parameter"),
        ("share > 50%", "expression-syntax", "0.5 for 50%"),
        ("assets > 300万", "expression-syntax", "3_000_000"),
        ("assets ≥ 3", "expression-syntax", ">="),
        ("employees = 3", "expression-syntax", "write =="),
        ("honest && insured", "expression-syntax", "and, or, not"),
        ("employees > 05", "expression-syntax", "does not begin with 0"),
        ("established > ‘2022-01-01’", "expression-syntax", "plain quotes"),
    ],
)
def test_what_is_wrong_is_refused_with_a_code_and_a_hint(house, text: str, code: str, says: str):
    finding = house.refused(text, TRUTH)
    assert finding.code == code
    assert says in f"{finding.why} {finding.mend}"
    assert (finding.file, finding.line) == ("rule.yaml", 7)


@pytest.mark.parametrize("text", ["employees", "wage * employees", "count(loans) * 500", "honest", "share"])
def test_an_amount_must_be_yuan(house, text: str):
    finding = house.refused(text, AMOUNT)
    assert (finding.code, "in yuan" in finding.what) == ("type-clash", True)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "().__class__.__bases__[0].__subclasses__()",
        "honest.__class__",
        "lambda: honest",
        "[x for x in loans]",
        "{x for x in loans}",
        "{x: 1 for x in loans}",
        "(x for x in loans)",
        "f'{employees}'",
        "f'{__import__(\"os\")}' == 1",
        "(x := 3) > 2",
        "max(*loans) > 3",
        "min(**loans) > 3",
        "{*loans}",
        "trade in {*loans}",
        "await honest",
        "(yield honest)",
        "print(1)",
        "eval('1')",
        "open('x')",
        "employees ** 99999999 > 3",
        "employees << 9999 > 3",
        "'a' * 999999999 == 3",
        "honest; insured",
        "import os",
        "honest\x00",
        "honest\tand",
        "honest\x0c and",
        "`honest`",
        "honest if",
        "employees is 3",
        "...",
        "{1, 2}",
        "{}",
        "[]",
        "honest,",
        "*honest",
        "еmployees > 3",  # the first letter is Cyrillic
        "企业 > 3",
        "\\",
        "'" * 3,
        "'\\ud800' == established",
    ],
)
def test_hostile_text_is_one_finding(house, text: str):
    finding = house.refused(text, TRUTH)
    assert finding.code
    assert str(finding).isprintable()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("honest and " * 400 + "honest", "expression-too-long"),
        ("(" * 500 + "honest" + ")" * 500, "expression-too-deep"),
        ("[" * 1999, "expression-too-deep"),
        ("not " * 300 + "honest", "expression-too-large"),
        ("not " * 150 + "honest", "expression-too-deep"),
        ("-" * 100 + "employees > 1", "expression-too-deep"),
        ("+".join(["employees"] * 190) + " > 1", "expression-too-large"),
        ("honest if honest else " * 80 + "honest", "expression-too-large"),
        ("employees" + "[1]" * 60, "expression-too-deep"),
        ("employees" + ".x" * 60, "expression-too-deep"),
        ("1 < " * 250 + "employees", "expression-too-large"),
    ],
)
def test_what_is_too_big_is_refused_in_no_time(house, text: str, code: str):
    start = time.perf_counter()
    assert house.refused(text, TRUTH).code == code
    assert time.perf_counter() - start < 1


def test_a_long_sum_is_not_deep(house):
    assert house.value("+".join(["employees"] * 40) + " > 39", employees=1) is True


def test_a_let_of_another_record_is_not_read_inside_a_list(house):
    body = house.typed("principal * 2", record="loan")
    scope = house.scope.within("loan").with_name(Named(type=body.type, name="double", body=body))

    def typed(text: str):
        return typed_expression(Scalar(text, Position("rule.yaml", 1, 1)), scope, "when")

    with pytest.raises(ExpressionError, match=r"reads principal, a fact of a loan.*other-record"):
        typed("exists(hires, agreed and double > 5)")
    with pytest.raises(ExpressionError, match="other-record"):
        typed("total(hires, pay * (double / max(1, double))) > 5")
    assert typed("count(loans, double > 5) > 1").type == TRUTH
    assert typed("exists(hires, agreed) and double > 5").type == TRUTH


PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "employees",
                "assets",
                "honest",
                "trade",
                "shop",
                "industry",
                "established",
                "loans",
                "principal",
            ),
            *(
                "and",
                "or",
                "not",
                "in",
                "if",
                "else",
                "is",
                "==",
                "<",
                ">=",
                "+",
                "-",
                "*",
                "/",
                "(",
                ")",
                "{",
                "}",
            ),
            *(
                "[",
                "]",
                ",",
                ":",
                ".",
                "count",
                "min",
                "max",
                "listed",
                "1",
                "0.5",
                "'2022-01-01'",
                "'C26'",
                "\\",
                "'",
            ),
            *(
                ":=",
                "lambda",
                "yield",
                "*",
                "%",
                "企",
                "\n",
                "\t",
                "\x00",
                "`",
                "#",
                "2021",
                "as_of",
                "yes",
                "f'",
                "@",
            ),
        ]
    ),
    max_size=14,
)


@settings(max_examples=1500, deadline=None)
@given(PIECES)
@example(["honest", "\\"])
@example(["#"])
def test_any_text_is_a_typed_form_or_one_finding(shared_house, pieces: list[str]):
    text = " ".join(pieces)
    try:
        node = shared_house.typed(text)
    except ExpressionError as error:
        assert error.finding.code
        assert str(error.finding).isprintable()
    else:
        assert all(each.type is not None for each in walk(node))
        shared_house.evaluator.value(node, shared_house.situation())


@given(st.integers(0, 10**12), st.integers(0, 2))
def test_a_number_is_exact_to_the_last_digit(shared_house, whole: int, places: int):
    text = f"{whole // 10**places}.{str(whole % 10**places).rjust(places, '0')}" if places else str(whole)
    node = shared_house.typed(f"assets >= {text}")
    assert isinstance(node, Compare)
    assert isinstance(node.right, Literal)
    assert node.right.value == Fraction(text) * 100
    assert node.right.digits == places


def test_a_date_is_a_date(house):
    node = house.typed("established if honest else '2022-06-30'")
    assert isinstance(node, If)
    assert isinstance(node.otherwise, Literal)
    assert node.otherwise.value == datetime.date(2022, 6, 30)
