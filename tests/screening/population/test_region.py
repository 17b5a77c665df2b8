"""The synthetic population of a region: lawful, plausible as far as is published, reproducible, and said to be made up."""

import datetime
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from huiqi.findings import BadInput
from huiqi.policies.library import load_library
from huiqi.policies.shipped import shipped_policies
from huiqi.reference.credit_codes import is_credit_code
from huiqi.reference.regions import descendants
from huiqi.rules.facts import SUBJECT
from huiqi.rules.types import Kind
from huiqi.screening.assess import assess
from huiqi.screening.population.boundaries import boundaries, days_of
from huiqi.screening.population.margins import margins, value
from huiqi.screening.population.places import county_weights
from huiqi.screening.population.region import RegionPopulation, write_population
from huiqi.screening.prepared import describe, read_blocks
from huiqi.screening.situations import scale_of, situation_of

LIBRARY = load_library(shipped_policies())
AS_OF = datetime.date(2022, 7, 31)
ROWS = 40_000


@pytest.fixture(scope="module")
def block():
    return RegionPopulation(LIBRARY, "532500", ROWS, 7, AS_OF).block(0)


def column(batch: pa.RecordBatch, name: str) -> pa.Array:
    return batch.column(batch.schema.get_field_index(name))


def test_every_fact_of_every_record_kind_is_drawn(block) -> None:
    for name, kind in LIBRARY.facts.records.items():
        batch = block.firms if name == SUBJECT else block.records[name]
        assert batch.num_rows > 50, name
        for fact in kind.facts:
            filled = batch.num_rows - column(batch, fact).null_count
            assert filled > 0, f"{name}.{fact}"


def test_values_stay_within_what_their_facts_allow(block) -> None:
    least, most = days_of(datetime.date(1900, 1, 1)), days_of(datetime.date(2100, 1, 1))
    for name, kind in LIBRARY.facts.records.items():
        batch = block.firms if name == SUBJECT else block.records[name]
        for fact in kind.facts.values():
            array = column(batch, fact.name)
            if fact.type.kind is Kind.NUMBER:
                low, high = (1 if fact.positive else 0), fact.most * scale_of(fact)
            elif fact.type.kind is Kind.DATE:
                array, low, high = array.cast(pa.int32()), least, most
            else:
                continue
            span = pc.min_max(array).as_py()
            assert low <= span["min"] <= span["max"] <= high, f"{name}.{fact.name}"
            if fact.type.kind is Kind.NUMBER and fact.decimals == 0:
                assert scale_of(fact) == 1


def test_a_fact_of_another_subject_is_never_given(block) -> None:
    kinds = column(block.firms, "subject").to_pylist()
    for fact in LIBRARY.facts.subject.values():
        given = column(block.firms, fact.name).is_valid().to_pylist()
        if fact.subjects:
            assert {kind for kind, is_given in zip(kinds, given, strict=True) if is_given} <= set(
                fact.subjects
            ), fact.name


def test_codes_are_right_and_unique_and_names_are_clearly_made_up(block) -> None:
    codes = column(block.firms, "credit_code").drop_null().to_pylist()
    assert len(set(codes)) == len(codes) > ROWS * 0.9
    assert all(is_credit_code(code) for code in codes[::37])
    assert all(code[8:10] == "XX" for code in codes)
    names = column(block.firms, "name").to_pylist()
    assert all(name.startswith("虚构") for name in names)
    assert len(set(names)) == ROWS


def test_shares_follow_the_published_totals(block) -> None:
    kinds = Counter(column(block.firms, "subject").to_pylist())
    published = value("subjects")
    drawn = kinds["self_employed"] / (kinds["self_employed"] + kinds["enterprise"])
    assert abs(drawn - published["self_employed"] / sum(published.values())) < 0.01
    for kind, margin in (
        ("enterprise", "employees_per_legal_unit"),
        ("self_employed", "employees_per_household"),
    ):
        is_kind = pc.equal(column(block.firms, "subject"), kind)
        mean = pc.mean(column(block.firms, "employees").filter(is_kind)).as_py()
        wanted = value(margin)["persons"] / value(margin)["units"]
        assert abs(mean / wanted - 1) < 0.2, kind
    pay = column(block.firms, "insured_payroll"), column(block.firms, "insured_staff")
    staffed = pc.and_(pc.is_valid(pay[0]), pc.greater(pay[1], 0))
    yearly = pc.sum(pay[0].filter(staffed)).as_py() * 12 / 100 / pc.sum(pay[1].filter(staffed)).as_py()
    assert value("yearly_pay")["private"] < yearly < value("yearly_pay")["other"]


def test_a_province_is_split_by_its_inhabitants() -> None:
    weights = county_weights("530000")
    assert set(weights) == {each.code for each in descendants("530000") if each.level == "county"}
    kunming = sum(weight for code, weight in weights.items() if code.startswith("5301"))
    assert abs(kunming / sum(weights.values()) - 8460088 / 47209277) < 0.001


@pytest.mark.parametrize("code", ["000000", "110000", "140200", "532503", "460000"])
def test_every_region_has_counties(code: str) -> None:
    block = RegionPopulation(LIBRARY, code, 300, 1, AS_OF).block(0)
    regions = set(column(block.firms, "region").to_pylist()) - {None}
    assert regions
    assert all(each.startswith(code.rstrip("0")) for each in regions)


def test_registers_know_more_than_the_firm_tells(block) -> None:
    enterprises = pc.equal(column(block.firms, "subject"), "enterprise")
    share = {}
    for fact in ("established", "small_scale_taxpayer", "insured_staff", "hit_by_epidemic"):
        array = column(block.firms, fact).filter(enterprises)
        share[LIBRARY.facts.subject[fact].known_by] = 1 - array.null_count / len(array)
    assert share["market_regulation"] > share["tax"] > 0.9 > share["firm"] > 0.4


def test_about_one_row_in_a_hundred_stands_at_a_boundary(block) -> None:
    at = np.zeros(ROWS, dtype=bool)
    for (record, name), lines in boundaries(LIBRARY).items():
        fact = LIBRARY.facts.fact(record, name)
        if record == SUBJECT and fact.unit is not None and fact.unit.power("yuan") == 1:
            near = sorted({line + step for line in lines for step in (-1, 0, 1)} - {0, 1})
            found = pc.is_in(column(block.firms, name), value_set=pa.array(near))
            at |= found.to_numpy(zero_copy_only=False)
    assert 0.0015 < at.mean() < 0.03


def test_a_record_comes_only_with_a_list_that_stands(block) -> None:
    for record in LIBRARY.facts.by_list.values():
        stands = (
            column(block.firms, f"has.{record.list_name}").fill_null(False).to_numpy(zero_copy_only=False)
        )
        firm = column(block.records[record.name], "firm").to_numpy()
        assert stands[firm].all()
        assert 0.5 < stands.mean() < 1


def test_the_latest_period_is_the_plain_value(block) -> None:
    assert column(block.firms, "staff_let_go@2021").equals(column(block.firms, "staff_let_go"))
    assert not column(block.firms, "insured_staff@2020").equals(column(block.firms, "insured_staff"))


def test_every_subject_can_be_assessed(block) -> None:
    verdicts: Counter[str] = Counter()
    for row in range(0, 400, 10):
        assessment = assess(LIBRARY, situation_of(block, row, LIBRARY, AS_OF))
        verdicts.update(each.judgement.verdict for each in assessment.measures)
    assert {"eligible", "ineligible", "undetermined"} <= set(verdicts)


def test_the_same_seed_writes_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("again", 7), ("other", 8)):
        write_population(RegionPopulation(LIBRARY, "5325", 3_000, seed, AS_OF), tmp_path / name)
    files = sorted(each.name for each in (tmp_path / "one").iterdir())
    assert len(files) == 2 + len(LIBRARY.facts.by_list)
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "again" / file).read_bytes(), file
    assert (tmp_path / "one/firms.parquet").read_bytes() != (tmp_path / "other/firms.parquet").read_bytes()


def test_a_block_is_the_same_alone_and_in_the_files(tmp_path: Path) -> None:
    population = RegionPopulation(LIBRARY, "532500", 70_000, 3, AS_OF)
    write_population(population, tmp_path / "made")
    (last,) = read_blocks(tmp_path / "made", LIBRARY, groups=range(1, 2))
    alone = population.block(1)
    assert last.first == alone.first == 65_536
    assert last.firms.to_pydict() == alone.firms.to_pydict()
    assert last.records["loan"].to_pydict() == alone.records["loan"].to_pydict()


def test_the_folder_says_that_it_is_made_up_and_from_what(tmp_path: Path) -> None:
    write_population(RegionPopulation(LIBRARY, "532500", 100, 3, AS_OF), tmp_path / "made")
    said = describe(tmp_path / "made", LIBRARY)
    assert said.synthetic
    assert "no row is a real firm" in said.source
    about = json.loads((tmp_path / "made/population.json").read_text(encoding="utf-8"))
    assert about["synthetic"] is True
    assert len(about["margins"]) == len(margins())


def test_every_margin_has_a_source_or_a_reason() -> None:
    for each in margins().values():
        published = bool(each.source and each.table and each.year)
        assert published != (each.assumed and len(each.why) > 5), each.name


def test_every_margin_of_a_fact_names_a_fact() -> None:
    for name in value("facts"):
        record, _, fact = name.rpartition(".")
        known = LIBRARY.facts.fact(record or SUBJECT, fact)
        assert known is not None or name.startswith("other_"), name
    assert {*value("records")} == {each.name for each in LIBRARY.facts.by_list.values()}
    assert {*value("unknown_of_a_thousand")} == {each.known_by for each in LIBRARY.facts}


@pytest.mark.parametrize(("firms", "seed"), [(-1, 1), (31**6 + 1, 1), (10, -1)])
def test_numbers_that_cannot_be_are_refused(firms: int, seed: int) -> None:
    with pytest.raises(BadInput, match="bad-option"):
        RegionPopulation(LIBRARY, "532500", firms, seed, AS_OF)
