"""The folder of a prepared population: written whole or not at all, read in order and in constant memory."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from huiqi.findings import BadInput
from huiqi.policies.library import load_library
from huiqi.policies.shipped import shipped_policies
from huiqi.rules.columns.frame import Block
from huiqi.rules.facts import SUBJECT
from huiqi.screening.prepared import (
    NotAPreparedBlock,
    PreparedWriter,
    describe,
    field_of,
    read_blocks,
    schema_of,
)

LIBRARY = load_library(shipped_policies())


def firms(count: int, **columns: object) -> pa.RecordBatch:
    subject = pa.array(["enterprise"] * count).dictionary_encode()
    return pa.record_batch([subject, *map(pa.array, columns.values())], names=["subject", *columns])


def leases(firm: list[int]) -> pa.RecordBatch:
    rent = pa.array([100 * each for each in range(len(firm))], type=pa.int64())
    return pa.record_batch([pa.array(firm, type=pa.int64()), rent], names=["firm", "monthly_rent"])


def write(folder: Path, *blocks: Block, replace: bool = False, blocks_a_file: int = 64) -> None:
    with PreparedWriter(
        folder, LIBRARY, True, "by hand", replace=replace, blocks_a_file=blocks_a_file
    ) as writer:
        for block in blocks:
            writer.write(block)


def block(count: int, firm: list[int]) -> Block:
    has = np.zeros(count, dtype=bool)
    has[firm] = True
    return Block(firms(count, **{"has.leases": has, "employees": np.arange(count)}), {"lease": leases(firm)})


def test_every_fact_list_definition_and_record_has_a_column() -> None:
    names = schema_of(LIBRARY, SUBJECT).names
    assert {*LIBRARY.facts.subject, "size", "has.leases", "list.risk-county-2022"} <= set(names)
    assert "insured_staff@2020" in names
    assert schema_of(LIBRARY, "lease").field("monthly_rent").type == pa.int64()
    assert schema_of(LIBRARY, "lease").field("landlord").type == pa.dictionary(pa.int32(), pa.string())
    assert schema_of(LIBRARY, SUBJECT).field("established").type == pa.date32()
    assert schema_of(LIBRARY, SUBJECT).field("name").type == pa.string()


@pytest.mark.parametrize(
    "column", ["lease", "size@2021", "employees@2021", "has.lease", "list.nothing", "arrears_in_scope"]
)
def test_a_column_that_no_fact_has_is_none(column: str) -> None:
    assert field_of(LIBRARY, SUBJECT, column) is None


def test_records_come_with_the_block_of_their_firm(tmp_path: Path) -> None:
    write(tmp_path / "made", block(3, [0, 0, 2]), block(2, []), block(4, [3]))
    read = list(read_blocks(tmp_path / "made", LIBRARY))
    assert [each.first for each in read] == [0, 3, 5]
    assert [each.records["lease"].to_pydict()["firm"] for each in read] == [[0, 0, 2], [], [3]]
    assert read[2].firms.to_pydict()["firm"] == [5, 6, 7, 8]
    assert describe(tmp_path / "made", LIBRARY).rows == {SUBJECT: 9, "lease": 4}
    assert describe(tmp_path / "made", LIBRARY).synthetic


def test_a_reader_may_take_some_row_groups(tmp_path: Path) -> None:
    write(tmp_path / "made", block(3, [0, 2]), block(2, [1]), block(4, [0, 3]))
    read = list(read_blocks(tmp_path / "made", LIBRARY, groups=range(1, 3)))
    assert [each.first for each in read] == [3, 5]
    assert [each.records["lease"].to_pydict()["monthly_rent"] for each in read] == [[0], [0, 100]]


def in_three_files(folder: Path) -> None:
    """Five blocks, two a file; there are leases only in the third and the fourth."""
    blocks = [block(3, [0, 2]), block(2, [1])]
    bare = [Block(firms(count, **{"has.leases": np.zeros(count, dtype=bool)})) for count in (4, 1, 2)]
    columns = {SUBJECT: ["subject", "has.leases", "employees"]}
    with PreparedWriter(folder, LIBRARY, True, "by hand", columns, blocks_a_file=2) as writer:
        for each in (*bare[:2], *blocks, bare[2]):
            writer.write(each)


def test_a_large_population_goes_on_in_further_files_and_is_read_as_one(tmp_path: Path) -> None:
    in_three_files(tmp_path / "made")
    names = {f"{table}{number}.parquet" for table in ("firms", "leases") for number in ("", "-001", "-002")}
    assert {path.name for path in (tmp_path / "made").iterdir()} == names
    read = list(read_blocks(tmp_path / "made", LIBRARY))
    assert [each.first for each in read] == [0, 4, 5, 8, 10]
    assert [each.firms.to_pydict()["firm"] for each in read[1:4]] == [[4], [5, 6, 7], [8, 9]]
    assert [each.records["lease"].to_pydict()["firm"] for each in read] == [[], [], [0, 2], [1], []]
    said = describe(tmp_path / "made", LIBRARY)
    assert (said.rows, said.row_groups) == ({SUBJECT: 12, "lease": 3}, 5)


@pytest.mark.parametrize("groups", [range(0, 1), range(1, 4), range(3, 5), range(4, 5)])
def test_any_row_groups_are_the_same_alone_as_among_all(tmp_path: Path, groups: range) -> None:
    in_three_files(tmp_path / "made")
    whole = list(read_blocks(tmp_path / "made", LIBRARY))
    some = list(read_blocks(tmp_path / "made", LIBRARY, groups=groups))
    assert [(each.first, each.firms, each.records) for each in some] == [
        (each.first, each.firms, each.records) for each in whole[groups.start : groups.stop]
    ]


@pytest.mark.parametrize("lost", ["firms-001", "firms-002", "leases-002", "leases-001"])
def test_a_file_that_was_lost_is_missed(tmp_path: Path, lost: str) -> None:
    in_three_files(tmp_path / "made")
    (tmp_path / "made" / f"{lost}.parquet").unlink()
    with pytest.raises(BadInput, match=rf"{lost}\.parquet.*missing"):
        describe(tmp_path / "made", LIBRARY)


@pytest.mark.parametrize("stray", ["firms-001", "leases-001"])
def test_a_file_of_another_population_is_refused(tmp_path: Path, stray: str) -> None:
    in_three_files(tmp_path / "other")
    write(tmp_path / "made", block(3, [0, 2]))
    (tmp_path / "other" / f"{stray}.parquet").rename(tmp_path / "made" / f"{stray}.parquet")
    with pytest.raises(BadInput, match=rf"{stray}\.parquet.*no part of the population"):
        list(read_blocks(tmp_path / "made", LIBRARY))


def test_columns_and_tables_that_are_not_wanted_are_not_read(tmp_path: Path) -> None:
    write(tmp_path / "made", block(3, [0, 2]))
    (only,) = read_blocks(tmp_path / "made", LIBRARY, {SUBJECT: ["employees"]})
    assert only.firms.schema.names == ["firm", "subject", "employees"]
    assert only.records == {}


def test_tables_of_other_tools_are_read_block_by_block(tmp_path: Path) -> None:
    """One row group for all, plain strings, narrow integers, records in row groups of their own."""
    count, folder = 150_000, tmp_path
    about = {b"huiqi": b'{"format": 1, "synthetic": false, "source": "elsewhere"}'}
    table = pa.table(
        {
            "firm": pa.array(np.arange(count)),
            "subject": pa.array(["self_employed"] * count),
            "employees": pa.array(np.arange(count), type=pa.int32()),
            "has.leases": pa.array(np.ones(count, dtype=bool)),
        }
    )
    pq.write_table(table.replace_schema_metadata(about), folder / "firms.parquet", row_group_size=1_000_000)
    firm = np.repeat(np.arange(count), 2)
    records = pa.table({"firm": firm, "landlord": pa.array(np.where(firm % 2, "other", "government"))})
    pq.write_table(records, folder / "leases.parquet", row_group_size=7_001)
    seen = []
    for each in read_blocks(folder, LIBRARY):
        assert each.firms.num_rows <= 65_536
        assert each.firms.schema.field("subject").type == pa.dictionary(pa.int8(), pa.string())
        batch = each.records["lease"]
        assert batch.schema.field("landlord").type == pa.dictionary(pa.int32(), pa.string())
        own = batch.column(0).to_numpy() + each.first
        assert (np.array(batch.column(1).to_pylist()) == np.where(own % 2, "other", "government")).all()
        seen.append(own)
    assert np.array_equal(np.concatenate(seen), firm)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (Block(firms(2, employees=[1, 2]), {"lease": leases([0])}), "has.leases"),
        (Block(firms(2, **{"has.leases": [True, True]}), {"lease": leases([1, 0])}), "not sorted"),
        (Block(firms(2, **{"has.leases": [True, True]}), {"lease": leases([2])}), "outside"),
        (Block(firms(2, employes=[1, 2])), "did you mean employees"),
        (Block(firms(2, employees=[1.0, 2.5])), "whole numbers"),
        (Block(firms(65_537)), "split"),
    ],
)
def test_a_bad_block_leaves_nothing_behind(tmp_path: Path, bad: Block, message: str) -> None:
    with pytest.raises(NotAPreparedBlock, match=message):
        write(tmp_path / "made", bad)
    assert list(tmp_path.iterdir()) == []


def test_an_error_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    with pytest.raises(Stopped), PreparedWriter(tmp_path / "made", LIBRARY, True, "by hand") as writer:
        writer.write(block(3, [0]))
        raise Stopped
    assert list(tmp_path.iterdir()) == []


def test_a_new_column_after_the_first_block_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAPreparedBlock, match="new column employees"):
        write(tmp_path / "made", Block(firms(1)), Block(firms(1, employees=[1])))


def test_a_column_that_a_later_block_lacks_is_unknown(tmp_path: Path) -> None:
    write(tmp_path / "made", Block(firms(1, employees=[1])), Block(firms(1)))
    read = [each.firms.to_pydict()["employees"] for each in read_blocks(tmp_path / "made", LIBRARY)]
    assert read == [[1], [None]]


def test_a_folder_that_holds_something_is_not_written_over(tmp_path: Path) -> None:
    write(tmp_path / "made", block(3, [0]))
    with pytest.raises(BadInput, match="folder-taken"):
        write(tmp_path / "made", block(2, [0]))
    write(tmp_path / "made", block(2, [0]), replace=True)
    assert describe(tmp_path / "made", LIBRARY).rows[SUBJECT] == 2
    assert [each.name for each in tmp_path.iterdir()] == ["made"]


def test_an_empty_population_stands(tmp_path: Path) -> None:
    write(tmp_path / "made")
    assert list(read_blocks(tmp_path / "made", LIBRARY)) == []


def test_a_folder_that_is_not_prepared_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not-prepared"):
        describe(tmp_path, LIBRARY)
    pq.write_table(pa.table({"firm": [0]}), tmp_path / "firms.parquet")
    with pytest.raises(BadInput, match="format 1"):
        describe(tmp_path, LIBRARY)
    (tmp_path / "firms.parquet").write_text("firm")
    with pytest.raises(BadInput, match="unreadable-table"):
        describe(tmp_path, LIBRARY)


def test_records_out_of_order_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "made", block(3, [0, 2]))
    pq.write_table(leases_out_of_order(), tmp_path / "made" / "leases.parquet")
    with pytest.raises(BadInput, match="not-in-order"):
        list(read_blocks(tmp_path / "made", LIBRARY))


def leases_out_of_order() -> pa.Table:
    return pa.Table.from_batches([leases([2, 0])])
