"""Cells of each kind as rosters write them, and the same values by columns as one by one."""

import datetime
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.policies.shipped import shipped_policies
from huiqi.reference.credit_codes import ALPHABET, is_credit_code, make_credit_code
from huiqi.rules.values import BadValue, parse_value
from huiqi.screening.roster.cells import parse_cell, stored
from huiqi.screening.roster.column_readers import reader_of
from huiqi.screening.roster.credit_code_columns import surely_good
from huiqi.screening.roster.headings import Column, fact_of
from huiqi.screening.roster.tables import Cells

LIBRARY = load_library(shipped_policies())


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        ("zombie", "是", True),
        ("zombie", "√", True),
        ("zombie", "0", False),
        ("zombie", "无", False),
        ("zombie", "不详", None),
        ("ending_credit", "无", None),
        ("ending_credit", "N/A", None),
        ("ending_credit", "——", None),
        ("ending_credit", "￥１，２３４．５０元", 123_450),
        ("ending_credit", "三十万元", 30_000_000),
        ("employees", "1,234人", 1234),
        ("output_growth", "３．５％", Fraction(7, 200)),
        ("established", "2021/3/5", datetime.date(2021, 3, 5)),
        ("established", "2021.03.05", datetime.date(2021, 3, 5)),
        ("established", "20210305", datetime.date(2021, 3, 5)),
        ("established", "2021年3月5日", datetime.date(2021, 3, 5)),
        ("established", "2021-03-05 00:00:00", datetime.date(2021, 3, 5)),
        ("region", "蒙自市", "532503"),
        ("region", "蒙自县", "532503"),
        ("region", "云南省红河哈尼族彝族自治州蒙自市", "532503"),
        ("region", "532503 蒙自市", "532503"),
        ("region", "5325", "532500"),
        ("industry", "62", "H62"),
        ("industry", "餐饮业", "H62"),
        ("industry", "H62 餐饮业", "H62"),
        ("industry", "餐饮业（H62）", "H62"),
        ("size", "小型", "small"),
        ("size", "小型企业", "small"),
        ("size", "SMALL", "small"),
        ("tax_credit_grade", "Ａ级", "grade_a"),
        ("name", "=1+1", "=1+1"),
        ("name", "@某公司", "@某公司"),
    ],
)
def test_a_cell_has_its_value(fact: str, text: str, value: object) -> None:
    found = fact_of(LIBRARY, "subject", fact)
    assert found is not None
    assert parse_cell(text, found, LIBRARY) == value


def test_a_measure_already_received_may_be_named_by_its_title() -> None:
    fact = LIBRARY.facts.records["receipt"].facts["measure"]
    measure = LIBRARY.by_id["rent-waiver"][0]
    assert parse_cell(measure.title, fact, LIBRARY) == "rent-waiver"


def read_column(
    name: str, texts: list[str | None], scale: int = 1, numeric: bool = False
) -> tuple[list[object], dict[int, str]]:
    """Values and the codes of faults by row."""
    column = Column(name, fact_of(LIBRARY, "subject", name), Fraction(scale))
    marks = np.ones(len(texts), dtype=bool) if numeric else None
    made, faults = reader_of(column, LIBRARY).read(Cells(pa.array(texts, pa.string()), marks))
    return made.to_pylist(), {int(row): error.code for rows, error in faults for row in rows}


written = st.one_of(
    st.from_regex(r"-?[0-9]{1,13}(\.[0-9]{1,8})?", fullmatch=True),
    st.from_regex(r"[0-9]{1,3}(,[0-9]{3}){1,3}(\.[0-9]{1,3})?", fullmatch=True),
    st.sampled_from(["", "12人", "3万元", "５", "+5", "1e3", "一百", "٣", "1.", ".5", "1,23"]),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(written, min_size=1, max_size=30),
    st.sampled_from(["revenue", "employees", "output_growth", "vehicle_length"]),
)
def test_numbers_by_columns_are_the_numbers_of_case_files(texts: list[str], name: str) -> None:
    fact = LIBRARY.facts.subject[name]
    wanted: list[int | None] = []
    wrong: set[int] = set()
    for row, text in enumerate(texts):
        try:
            wanted.append(stored(parse_value(text.replace("５", "5"), fact), fact) if text else None)
        except BadValue:
            wanted.append(None)
            wrong.add(row)
    made, faults = read_column(name, [text or None for text in texts])
    assert made == wanted
    assert set(faults) == wrong


@settings(max_examples=40, deadline=None)
@given(st.lists(st.from_regex(r"[0-9]{1,9}(\.[0-9]{1,8})?", fullmatch=True), min_size=1, max_size=20))
def test_a_heading_in_ten_thousand_yuan_multiplies_exactly(texts: list[str]) -> None:
    made, faults = read_column("revenue", texts, 10_000)
    most = LIBRARY.facts.subject["revenue"].most
    for row, text in enumerate(texts):
        fen = Fraction(text) * 10_000 * 100
        assert made[row] == (fen if fen.denominator == 1 and fen <= most * 100 else None)
        assert (row in faults) == (made[row] is None)


def test_a_cell_with_its_own_unit_means_that_unit() -> None:
    assert read_column("revenue", ["120", "120万元", "120元", "¥120"], 10_000)[0] == [
        120_000_000,
        120_000_000,
        12_000,
        120_000_000,
    ]


body = st.text(ALPHABET + "IO", min_size=8, max_size=8)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(body, st.integers(0, 17), st.sampled_from(ALPHABET)), min_size=1, max_size=20))
def test_codes_by_columns_are_good_exactly_when_one_by_one(drawn: list[tuple[str, int, str]]) -> None:
    codes = []
    for each, place, char in drawn:
        code = make_credit_code("532503", each) if set(each) <= set(ALPHABET) else f"91532503{each}0X"
        codes += [code, code[:place] + char + code[place + 1 :]]
    assert surely_good(pa.array(codes)).tolist() == [is_credit_code(code) for code in codes]


def test_codes_of_every_register_are_good_by_columns_too(code: Callable[[int], str]) -> None:
    codes = [
        make_credit_code("532503", "MA000001", register=r, kind=k)
        for r, k in (("9", "2"), ("1", "2"), ("5", "1"))
    ]
    assert surely_good(pa.array([*codes, None, code(1), code(1).lower()])).tolist() == [True] * 3 + [
        False,
        True,
        False,
    ]


def test_numbers_in_cells_of_codes_are_refused_since_digits_are_lost() -> None:
    assert read_column("credit_code", ["915325030000000000"], numeric=True)[1] == {0: "numeric-cell"}
    assert read_column("industry", ["111", "26", "2611"], numeric=True) == (
        [None, None, "C2611"],
        {0: "numeric-cell", 1: "numeric-cell"},
    )
    assert read_column("region", ["532503"], numeric=True) == (["532503"], {})


def test_the_words_of_nothing_are_unknown(library: PolicyLibrary) -> None:
    texts: list[str | None] = [None, "—", "无", "不详", "n/a", "NULL", "－"]
    for name in ("revenue", "employees", "established", "region", "industry", "name", "credit_code", "size"):
        assert read_column(name, texts) == ([None] * len(texts), {}), name
