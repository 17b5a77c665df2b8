"""A situation and a row of a block say the same, whatever the facts are."""

import datetime
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.policies.shipped import shipped_policies
from huiqi.rules.case import latest_period
from huiqi.rules.facts import SUBJECT, SUBJECTS, Fact
from huiqi.rules.situation import FactKey, Record, Situation, Value
from huiqi.rules.types import Kind, Type
from huiqi.screening.prepared import PreparedWriter, read_blocks, schema_of
from huiqi.screening.situations import BeyondColumns, block_of, completed, situation_of, situations_of

AS_OF = datetime.date(2022, 7, 31)
LIBRARY = load_library(shipped_policies())


def values(type_: Type, fact: Fact | None = None) -> st.SearchStrategy[Value]:
    if type_.kind is Kind.TRUTH:
        return st.booleans()
    if type_.kind is Kind.DATE:
        return st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1))
    if type_.kind is Kind.CHOICE:
        return st.sampled_from(sorted(type_.values))
    if type_.kind is Kind.INDUSTRY:
        return st.sampled_from(["A", "C26", "H6210", "I65", "O"])
    if type_.kind is Kind.REGION:
        return st.sampled_from(["530000", "532500", "532503"])
    if type_.kind is Kind.TEXT:
        return st.text(min_size=1, max_size=8)
    assert fact is not None
    if fact.unit is not None and fact.unit.power("yuan") == 1:
        return st.integers(0, fact.most * 100)
    scale = 10**fact.decimals
    return st.integers(0, fact.most * scale).map(
        lambda n: n // scale if n % scale == 0 else Fraction(n, scale)
    )


@st.composite
def records(draw: st.DrawFn, record: str) -> Record:
    facts = LIBRARY.facts.records[record].facts
    made: Record = {}
    for name in draw(st.lists(st.sampled_from(sorted(facts)), max_size=12, unique=True)):
        fact = facts[name]
        value = draw(values(fact.type, fact))
        key: FactKey = name
        if fact.period:
            key = (name, draw(st.sampled_from(["2020", "2021"])))
        made[key] = value
        if key == (name, latest_period("year", AS_OF)):
            made[name] = value
    return made


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    kinds = [each for each in LIBRARY.facts.records if each != SUBJECT]
    standing = draw(st.lists(st.sampled_from(kinds), max_size=3, unique=True))
    definitions = {each.id: each.type for each in LIBRARY.definitions.values() if not each.per}
    said = draw(st.lists(st.sampled_from(sorted(definitions)), max_size=2, unique=True))
    return Situation(
        AS_OF,
        draw(st.sampled_from(sorted(SUBJECTS))),
        draw(records(SUBJECT)),
        {each: tuple(draw(st.lists(records(each), max_size=3))) for each in standing},
        draw(st.dictionaries(st.sampled_from(sorted(LIBRARY.lists)), st.booleans(), max_size=1)),
        {each: draw(values(definitions[each])) for each in said},
    )


@settings(deadline=None, max_examples=60)
@given(st.lists(situations(), min_size=1, max_size=8))
def test_a_situation_comes_back_from_its_row(made: list[Situation]) -> None:
    block = block_of(made, LIBRARY)
    assert list(situations_of(block, LIBRARY, AS_OF)) == made
    assert [situation_of(block, row, LIBRARY, AS_OF) for row in range(len(made))] == made


@settings(deadline=None, max_examples=15)
@given(st.lists(situations(), min_size=2, max_size=8))
def test_a_situation_comes_back_from_the_disk(
    tmp_path_factory: pytest.TempPathFactory, made: list[Situation]
) -> None:
    folder = tmp_path_factory.mktemp("prepared") / "firms"
    columns = {record: schema_of(LIBRARY, record).names for record in LIBRARY.facts.records}
    columns[SUBJECT] += ["revenue@2020", "annual_sales@2020", "annual_sales@2021", "revenue@2021"]
    columns[SUBJECT] += [
        f"{name}@{year}" for name in ("insured_staff", "staff_let_go") for year in (2020, 2021)
    ]
    columns[SUBJECT] += ["unemployment_premiums@2020", "unemployment_premiums@2021"]
    half = len(made) // 2
    with PreparedWriter(folder, LIBRARY, True, "test", columns) as writer:
        for part in (made[:half], made[half:]):
            writer.write(block_of(part, LIBRARY))
    blocks = list(read_blocks(folder, LIBRARY))
    assert [each.first for each in blocks] == [0, half]
    back = [each for block in blocks for each in situations_of(block, LIBRARY, AS_OF)]
    assert back == made


def one(**facts: Value) -> Situation:
    return Situation(AS_OF, "enterprise", dict(facts))


def columns_of(library: PolicyLibrary, situation: Situation) -> dict[str, list[object]]:
    made: dict[str, list[object]] = block_of([situation], library).firms.to_pydict()
    return made


def test_a_ratio_is_millionths_and_money_is_fen() -> None:
    made = columns_of(
        LIBRARY, one(output_growth=Fraction(1, 8), revenue=12_345, average_employees=Fraction(21, 2))
    )
    assert made["output_growth"] == [125_000]
    assert made["revenue"] == [12_345]
    assert made["average_employees"] == [1_050]


@pytest.mark.parametrize(
    ("situation", "column"),
    [
        (one(output_growth=Fraction(1, 3)), "output_growth"),
        (one(revenue=2**63), "revenue"),
        (one(revenue=Fraction(1, 2)), "revenue"),
        (one(industry=frozenset({"C", "D"})), "industry"),
        (one(no_such_fact=1), "no_such_fact"),
        (Situation(AS_OF, "enterprise", {}, given={"size": frozenset({"small", "micro"})}), "size"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_fits_no_column_is_refused_by_name(situation: Situation, column: str) -> None:
    with pytest.raises(BeyondColumns, match=column) as caught:
        block_of([situation], LIBRARY)
    assert caught.value.column == column


def test_a_plain_value_is_that_of_the_latest_period() -> None:
    block = block_of([one(revenue=100), one(**{}), one()], LIBRARY)
    said = Situation(AS_OF, "enterprise", {("revenue", "2021"): 7})
    assert completed(block, LIBRARY, AS_OF).firms.to_pydict()["revenue@2021"] == [100, None, None]
    assert completed(block_of([said], LIBRARY), LIBRARY, AS_OF).firms.to_pydict()["revenue"] == [7]
    assert next(situations_of(block, LIBRARY, AS_OF)).subject == {"revenue": 100, ("revenue", "2021"): 100}


def test_an_empty_list_stands_and_an_absent_one_does_not() -> None:
    made = Situation(AS_OF, "enterprise", {}, {"lease": ()})
    back = situation_of(block_of([made, one()], LIBRARY), 0, LIBRARY, AS_OF)
    assert back.records == {"lease": ()}
    assert situation_of(block_of([made, one()], LIBRARY), 1, LIBRARY, AS_OF).records == {}
