"""The size class as a rule says what the table of the size standard says, for all that is known and unknown."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.policies.shipped import shipped_policies
from huiqi.policies.size import CLASSES, SIZE, size_definition
from huiqi.reference.industries import listed
from huiqi.reference.size_classes import classify, size_rows
from huiqi.rules.situation import Situation

LIBRARY: PolicyLibrary = load_library(shipped_policies())
ROWS = [row for row in size_rows() if row.bounds]
# A class below every code that a row names, so that the industry is known precisely, and some of no row.
PRECISE = sorted(
    {code.ljust(5, "9") for row in size_rows() for code in row.codes if len(code) > 1}
    | {"J6629", "P8331", "S9199"}
)
COARSE = [each.code for each in listed("section")] + [each.code for each in listed("division")]
BOUNDS = {
    name: sorted({bound + step for row in ROWS for bound in row.bounds.get(name, ()) for step in (-1, 0, 1)})
    for name in ("employees", "revenue", "assets")
}


def by_rule(kind: str = "enterprise", **facts: object) -> set[str]:
    known = {name: value for name, value in facts.items() if value is not None}
    value = LIBRARY.evaluator.definition_reading(SIZE)(Situation(date(2022, 7, 31), kind, known))
    return set(value) if isinstance(value, frozenset) else {value}


def number(name: str):
    return st.one_of(st.none(), st.sampled_from(BOUNDS[name]), st.just(0), st.just(10**13))


FACTS = st.fixed_dictionaries({name: number(name) for name in BOUNDS})


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(PRECISE), FACTS)
def test_with_the_industry_known_both_readings_leave_the_same_classes_open(industry: str, facts: dict):
    assert by_rule(industry=industry, **facts) == set(classify(industry, **facts).possible)


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.none(), st.sampled_from(COARSE)), FACTS)
def test_with_the_industry_known_in_part_the_rule_never_leaves_out_a_possible_class(industry, facts: dict):
    possible = by_rule(industry=industry, **facts)
    assert possible >= set(classify(industry, **facts).possible)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_at_every_threshold_both_turn_together(row):
    code = row.codes[0]
    for name, bounds in row.bounds.items():
        for bound in bounds:
            for value in (bound - 1, bound, bound + 1):
                facts = {**dict.fromkeys(BOUNDS, 10**15), name: value}
                assert by_rule(industry=code, **facts) == {classify(code, **facts).size}


def test_who_is_no_enterprise_has_no_class_of_the_standard():
    assert by_rule("self_employed", industry="H6210", employees=5) == {"self_employed"}
    assert by_rule("institution", industry="H6210") == {"not_covered"}
    assert by_rule("person") == {"not_covered"}
    assert by_rule(industry="P8331") == {"not_covered"}


def test_the_classes_have_their_names():
    definition = size_definition(None)
    assert definition.type.choices == CLASSES
    assert definition.cases == ()
    assert [case.value for case in size_definition(LIBRARY.facts).cases] == [value for value, _ in CLASSES]


def test_each_reading_of_the_rule_agrees_with_the_case_that_gives_it():
    given_size = Situation(date(2022, 7, 31), "enterprise", {}, given={"size": "micro"})
    node = next(each for each in LIBRARY.definitions.values() if each.id == "service_small_micro").test
    assert node is not None
    assert LIBRARY.evaluator.value(node, given_size) is None
    given_size.subject["industry"] = "H6210"
    assert (
        LIBRARY.evaluator.value(
            node, Situation(date(2022, 7, 31), "enterprise", {"industry": "H6210"}, given={"size": "micro"})
        )
        is True
    )
