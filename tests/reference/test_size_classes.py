from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.reference.industries import UnknownIndustry, listed, member
from huiqi.reference.size_classes import (
    CLASSES,
    FACTS,
    SizeInputError,
    SizeRow,
    classify,
    size_rows,
    vat_refund_class,
)

WAN = 10_000 * 100
ROWS = [row for row in size_rows() if row.bounds]


def _code(row: SizeRow) -> str:
    return row.codes[0]


def test_the_standard_has_sixteen_rows() -> None:
    assert len(ROWS) == 16


@pytest.mark.parametrize(
    ("industry", "facts", "size"),
    [
        ("C26", {"employees": 1000, "revenue": 40_000 * WAN}, "large"),
        ("C26", {"employees": 999, "revenue": 40_000 * WAN}, "medium"),
        ("C26", {"employees": 300, "revenue": 1999 * WAN}, "small"),
        ("26", {"employees": 19, "revenue": 50_000 * WAN}, "micro"),
        ("A01", {"revenue": 500 * WAN}, "medium"),
        ("E47", {"revenue": 80_000 * WAN, "assets": 79_999 * WAN}, "medium"),
        ("F5111", {"employees": 5, "revenue": 1000 * WAN}, "small"),
        ("F52", {"employees": 50, "revenue": 500 * WAN}, "medium"),
        ("I6510", {"employees": 10, "revenue": 50 * WAN}, "small"),
        ("I64", {"employees": 2000, "revenue": 100_000 * WAN}, "large"),
        ("K7010", {"revenue": 1000 * WAN, "assets": 5000 * WAN}, "medium"),
        ("K7020", {"employees": 100, "revenue": 500 * WAN}, "small"),
        ("L72", {"employees": 99, "assets": 8000 * WAN}, "small"),
        ("G5910", {"employees": 300, "revenue": 3000 * WAN}, "medium"),
        ("G5920", {"employees": 200, "revenue": 30_000 * WAN}, "large"),
        ("R90", {"employees": 9}, "micro"),
    ],
)
def test_a_firm_whose_facts_are_known_has_one_class(industry: str, facts: dict[str, int], size: str) -> None:
    verdict = classify(industry, **facts)
    assert verdict.size == size
    assert verdict.possible == {size}
    assert verdict.missing == ()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_every_threshold_turns_exactly_where_it_stands(row: SizeRow) -> None:
    huge = dict.fromkeys(row.bounds, 10**15)
    for fact, bounds in row.bounds.items():
        for level, bound in enumerate(bounds):
            at = classify(_code(row), **{**huge, fact: bound})
            below = classify(_code(row), **{**huge, fact: bound - 1})
            assert (at.size, below.size) == (CLASSES[level + 1], CLASSES[level])
            assert at.row is not None
            assert at.row.id == row.id


def test_the_thresholds_in_ten_thousand_yuan_are_those_of_the_standard() -> None:
    printed = {
        (row.id, fact): tuple(bound if fact == "employees" else bound // WAN for bound in bounds)
        for row in ROWS
        for fact, bounds in row.bounds.items()
    }
    assert printed == {
        ("agriculture", "revenue"): (50, 500, 20000),
        ("industry", "employees"): (20, 300, 1000),
        ("industry", "revenue"): (300, 2000, 40000),
        ("construction", "revenue"): (300, 6000, 80000),
        ("construction", "assets"): (300, 5000, 80000),
        ("wholesale", "employees"): (5, 20, 200),
        ("wholesale", "revenue"): (1000, 5000, 40000),
        ("retail", "employees"): (10, 50, 300),
        ("retail", "revenue"): (100, 500, 20000),
        ("transport", "employees"): (20, 300, 1000),
        ("transport", "revenue"): (200, 3000, 30000),
        ("storage", "employees"): (20, 100, 200),
        ("storage", "revenue"): (100, 1000, 30000),
        ("post", "employees"): (20, 300, 1000),
        ("post", "revenue"): (100, 2000, 30000),
        ("accommodation", "employees"): (10, 100, 300),
        ("accommodation", "revenue"): (100, 2000, 10000),
        ("catering", "employees"): (10, 100, 300),
        ("catering", "revenue"): (100, 2000, 10000),
        ("information_transmission", "employees"): (10, 100, 2000),
        ("information_transmission", "revenue"): (100, 1000, 100000),
        ("software", "employees"): (10, 100, 300),
        ("software", "revenue"): (50, 1000, 10000),
        ("real_estate_development", "revenue"): (100, 1000, 200000),
        ("real_estate_development", "assets"): (2000, 5000, 10000),
        ("property_management", "employees"): (100, 300, 1000),
        ("property_management", "revenue"): (500, 1000, 5000),
        ("leasing_and_business_services", "employees"): (10, 100, 300),
        ("leasing_and_business_services", "assets"): (100, 8000, 120000),
        ("other", "employees"): (10, 100, 300),
    }


def test_every_group_of_the_industry_standard_lies_in_exactly_one_row() -> None:
    for edition in ("2011", "2017"):
        for each in listed("group"):
            rows = [row.id for row in size_rows() if member(each.code, row.codes_in(edition))]
            assert len(rows) == 1, f"{each.code} {each.name} lies in {rows}"


@pytest.mark.parametrize("industry", ["J66", "P83", "Q84", "S91", "T97", "G53"])
def test_an_industry_outside_the_standard_has_no_class(industry: str) -> None:
    verdict = classify(industry, employees=5, revenue=1, assets=1)
    assert verdict.size == "not_covered"
    assert verdict.missing == ()


def test_the_editions_differ_in_real_estate_leasing_only() -> None:
    assert classify("K7040", employees=9, edition="2017").size == "not_covered"
    assert classify("K7040", employees=9, edition="2011").size == "micro"
    assert [row.id for row in size_rows() if row.codes != row.codes_2011] == ["other", "not_covered"]


def test_ten_employees_in_industry_are_micro_whatever_the_revenue() -> None:
    verdict = classify("C13", employees=10)
    assert (verdict.size, verdict.missing) == ("micro", ())


def test_two_hundred_employees_in_industry_wait_for_the_revenue() -> None:
    verdict = classify("C13", employees=200)
    assert verdict.size is None
    assert verdict.possible == {"small", "micro"}
    assert verdict.missing == ("revenue",)


def test_a_coarse_industry_leaves_several_rows_open() -> None:
    verdict = classify("F", employees=4)
    assert (verdict.size, verdict.row) == ("micro", None)
    verdict = classify("F", employees=7, revenue=2000 * WAN)
    assert verdict.possible == {"small", "micro"}
    assert verdict.missing == ("industry",)


def test_without_an_industry_nothing_is_settled() -> None:
    verdict = classify(None, employees=1, revenue=1, assets=1)
    assert verdict.possible == {"micro", "not_covered"}
    assert verdict.missing == ("industry",)


def test_a_self_employed_household_is_a_class_of_its_own() -> None:
    assert classify("F52", employees=3, self_employed=True).size == "self_employed"
    assert classify(None, self_employed=True).size == "self_employed"


@pytest.mark.parametrize("employees", [-1, 1.5, True, "10"])
def test_a_number_no_firm_can_have_is_refused(employees: object) -> None:
    with pytest.raises(SizeInputError, match="employees"):
        classify("C", employees=employees)  # type: ignore[arg-type]


def test_an_unknown_edition_and_an_unknown_industry_are_refused() -> None:
    with pytest.raises(SizeInputError, match="edition"):
        classify("C", edition="2003")  # type: ignore[arg-type]
    with pytest.raises(UnknownIndustry):
        classify("Z99")


def _samples(bounds: tuple[int, int, int] | None) -> list[int]:
    return [0, *(bound + step for bound in bounds for step in (-1, 0))] if bounds else [0]


@given(st.sampled_from(ROWS), st.data())
def test_partial_knowledge_is_what_brute_force_over_the_unknown_says(
    row: SizeRow, data: st.DataObject
) -> None:
    known = {
        fact: data.draw(st.sampled_from(_samples(bounds)), label=fact)
        for fact, bounds in row.bounds.items()
        if data.draw(st.booleans(), label=f"knows {fact}")
    }
    unknown = [fact for fact in row.bounds if fact not in known]
    completions = [
        classify(_code(row), **known, **dict(zip(unknown, values, strict=True))).size
        for values in product(*(_samples(row.bounds[fact]) for fact in unknown))
    ]
    verdict = classify(_code(row), **known)
    assert verdict.possible == set(completions)
    assert verdict.missing == (tuple(unknown) if len(set(completions)) > 1 else ())


@given(
    st.sampled_from(["C", "F", "G", "K", "Q", "A01", "L7211", "I65", None]),
    st.dictionaries(st.sampled_from(FACTS), st.integers(0, 10**13), max_size=3),
    st.sampled_from(FACTS),
    st.integers(0, 10**13),
)
def test_answering_more_never_widens_what_is_possible(
    industry: str | None, known: dict[str, int], fact: str, value: int
) -> None:
    before = classify(industry, **known)
    after = classify(industry, **{fact: value, **known})
    assert after.possible <= before.possible


def test_the_json_shape() -> None:
    assert classify("C13", employees=10, revenue=None).to_json() == {
        "class": "micro",
        "possible": ["micro"],
        "industry_row": "industry",
        "industry_row_name": "工业",
        "criteria": [
            {"fact": "employees", "class": "small", "threshold": 20, "value": 10, "met": False},
            {"fact": "employees", "class": "medium", "threshold": 300, "value": 10, "met": False},
            {"fact": "employees", "class": "large", "threshold": 1000, "value": 10, "met": False},
            {"fact": "revenue", "class": "small", "threshold": "3000000.00", "value": None, "met": None},
            {"fact": "revenue", "class": "medium", "threshold": "20000000.00", "value": None, "met": None},
            {"fact": "revenue", "class": "large", "threshold": "400000000.00", "value": None, "met": None},
        ],
        "missing": [],
        "note": "",
    }
    assert classify("C13").to_json()["class"] == "undetermined"


@pytest.mark.parametrize(
    ("industry", "sales", "assets", "size"),
    [
        ("C26", 300 * WAN, None, "small"),
        ("C26", 300 * WAN - 1, None, "micro"),
        ("C26", 2000 * WAN, None, "medium"),
        ("C26", 40_000 * WAN, None, "large"),
        ("E47", 6000 * WAN, 4999 * WAN, "small"),
        ("L71", None, 8000 * WAN, "medium"),
        ("M73", 100 * WAN - 1, None, "micro"),
        ("M73", 100 * WAN, None, "small"),
        ("P83", 2000 * WAN - 1, None, "small"),
        ("Q84", 2000 * WAN, None, "medium"),
        ("Q84", 10_000 * WAN - 1, None, "medium"),
        ("S91", 10_000 * WAN, None, "large"),
        ("J66", 1, 1, "not_covered"),
    ],
)
def test_the_vat_refund_sizes_by_sales_and_assets_only(
    industry: str, sales: int | None, assets: int | None, size: str
) -> None:
    assert vat_refund_class(industry, sales, assets).size == size


def test_the_vat_refund_waits_for_the_fact_its_row_asks() -> None:
    assert vat_refund_class("L71", 10**12, None).missing == ("assets",)
    assert vat_refund_class("C26", None, 10**12).missing == ("revenue",)


def test_the_vat_refund_of_an_unknown_industry_may_be_finance() -> None:
    assert vat_refund_class(None, 1, 1).possible == {"micro", "not_covered"}
