"""A prepared population: a folder of Parquet tables, exact and typed, written and read block by block.

The shapes are in docs/screening.md. Writing goes to a folder beside the wanted one that takes its name when all is
written, so that nothing half written ever bears that name; reading holds one block of subjects at a time.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from bisect import bisect
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from huiqi.findings import BadInput, Finding, nearest
from huiqi.policies.library import PolicyLibrary
from huiqi.rules.columns.frame import Block
from huiqi.rules.facts import SUBJECT
from huiqi.rules.typed import FactOf, Typed, walk
from huiqi.rules.types import Kind, Type

BLOCK_ROWS = 65_536
BLOCKS_A_FILE = 64
"""What a Parquet file says of itself grows by its blocks and is read into memory whole: beyond this, another file."""
FORMAT = 1
FIRMS = "firms"
FIRM = "firm"
KIND_OF_SUBJECT = "subject"
_KEY = b"huiqi"
_CONTINUED = {"huiqi.continued": "true"}
"""In a file of the subjects that another one follows, so that none can be lost unseen."""
_PLAIN_TEXTS = ("credit_code", "name")
_WORDS = pa.dictionary(pa.int32(), pa.string())
_FEW_WORDS = pa.dictionary(pa.int8(), pa.string())


class NotAPreparedBlock(ValueError):
    """A block that the shapes of docs/screening.md do not allow; the message says which column and why."""


@dataclass(frozen=True, slots=True)
class Description:
    """What a prepared folder says of itself: whether it is made up, where it is from, rows of each table by record kind."""

    synthetic: bool
    source: str
    rows: dict[str, int]
    row_groups: int
    """Row groups of the subjects' table: `read_blocks` can be given some of them."""


def field_of(library: PolicyLibrary, record: str, column: str) -> pa.Field | None:
    """Return the Arrow field of a column of the subjects' table (record `subject`) or of a record's, None where it has none."""
    if column == FIRM:
        return pa.field(FIRM, pa.int64(), nullable=False)
    name, _, period = column.partition("@")
    fact = library.facts.fact(record, name)
    if fact is not None:
        if period and not fact.period:
            return None
        is_plain = record == SUBJECT and name in _PLAIN_TEXTS
        return pa.field(column, pa.string() if is_plain else arrow_type(fact.type))
    if record != SUBJECT:
        return None
    if column == KIND_OF_SUBJECT:
        return pa.field(column, _FEW_WORDS, nullable=False)
    head, _, rest = column.partition(".")
    if (head == "has" and rest in library.facts.by_list) or (head == "list" and rest in library.lists):
        return pa.field(column, pa.bool_())
    definition = library.definitions.get(column)
    if definition is not None and not definition.per:
        return pa.field(column, arrow_type(definition.type))
    return None


def arrow_type(type_: Type) -> pa.DataType:
    """Return the Arrow type that holds values of a fact's type."""
    if type_.kind is Kind.NUMBER:
        return pa.int64()
    if type_.kind is Kind.DATE:
        return pa.date32()
    return pa.bool_() if type_.kind is Kind.TRUTH else _WORDS


def periods_read(library: PolicyLibrary) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the periods of each fact that some rule reads, by record and name."""
    found: dict[tuple[str, str], set[str]] = {}
    for node in rules_of(library):
        for each in walk(node):
            if isinstance(each, FactOf) and each.period:
                found.setdefault((each.record, each.name), set()).add(each.period)
    return {key: tuple(sorted(periods)) for key, periods in found.items()}


def rules_of(library: PolicyLibrary) -> Iterator[Typed]:
    """Yield every expression of every measure and definition."""
    for measure in library.measures:
        yield from (each.test for each in measure.when)
        yield from (each.body for each in measure.let)
        yield from (each.amount for each in measure.caps)
        yield from (each.by for each in measure.caps if each.by is not None)
        yield from (each.by for each in measure.parameters if each.by is not None)
        if measure.amount is not None:
            yield measure.amount
    for definition in library.definitions.values():
        if definition.test is not None:
            yield definition.test
        yield from (each.test for each in definition.cases if each.test is not None)
        yield from (each.body for each in definition.let)


def schema_of(library: PolicyLibrary, record: str) -> pa.Schema:
    """Return every column of the subjects' table (record `subject`) or of a record's, with the periods that rules read."""
    periods = periods_read(library)
    names = [FIRM]
    if record == SUBJECT:
        names += [*_PLAIN_TEXTS, KIND_OF_SUBJECT]
    for name in library.facts.records[record].facts:
        names += [name, *(f"{name}@{period}" for period in periods.get((record, name), ()))]
    if record == SUBJECT:
        names += [f"list.{each}" for each in library.lists]
        names += [each.id for each in library.definitions.values() if not each.per]
        names += [f"has.{each}" for each in library.facts.by_list]
    fields = [field_of(library, record, name) for name in dict.fromkeys(names)]
    return pa.schema([each for each in fields if each is not None])


def _table_name(library: PolicyLibrary, record: str) -> str:
    return FIRMS if record == SUBJECT else library.facts.records[record].list_name


def _file_name(library: PolicyLibrary, record: str, number: int) -> str:
    """Return the name of a table's file: the first is leases.parquet, those after it leases-001.parquet and so on."""
    return f"{_table_name(library, record)}{f'-{number:03}' if number else ''}.parquet"


class PreparedWriter:
    """Writes a prepared folder block by block; use it in a `with`. Leaving with an error leaves nothing behind.

    The columns of a table are those of its first block, or those of `columns` (by record kind); later blocks may lack
    some (unknown), not bring others. After `blocks_a_file` blocks each table goes on in a further file. Raises BadInput
    if the folder holds something, unless `replace`.
    """

    def __init__(
        self,
        folder: Path,
        library: PolicyLibrary,
        synthetic: bool,
        source: str,
        columns: Mapping[str, Collection[str]] | None = None,
        replace: bool = False,
        blocks_a_file: int = BLOCKS_A_FILE,
    ) -> None:
        self.folder = folder
        self.library = library
        self.rows = 0
        self._columns = columns or {}
        about = {"format": FORMAT, "synthetic": synthetic, "source": source}
        self._about = {_KEY: json.dumps(about, ensure_ascii=False, sort_keys=True).encode()}
        self._replace = replace
        self._blocks_a_file = blocks_a_file
        self._blocks = 0
        self._file = 0
        self._schemas: dict[str, pa.Schema] = {}
        self._tables: dict[str, pq.ParquetWriter] = {}
        self._part: Path | None = None

    def __enter__(self) -> PreparedWriter:
        taken = self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir()))
        if taken and not self._replace:
            what = "there is something in this folder already"
            mend = "name another folder, or take this one away"
            raise BadInput([Finding(str(self.folder), 0, "", "folder-taken", what, "", mend)])
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self._part = Path(
            tempfile.mkdtemp(prefix=f".{self.folder.name}.", suffix=".part", dir=self.folder.parent)
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._part is not None
        try:
            if kind is None and SUBJECT not in self._tables:
                self.write(Block(_no_firms()))
            self._close()
            if kind is None:
                self._complete()
                self._take_name()
        finally:
            shutil.rmtree(self._part, ignore_errors=True)

    @property
    def part(self) -> Path:
        """The folder that is being written: further files put there (figures, a page) take the name with the rest."""
        assert self._part is not None, "use the writer in a `with`"
        return self._part

    def _take_name(self) -> None:
        part = self.part
        part.chmod(0o755)
        if self.folder.exists():
            old = part.with_suffix(".old")
            self.folder.replace(old)
            part.replace(self.folder)
            shutil.rmtree(old, ignore_errors=True)
        else:
            part.replace(self.folder)

    def write(self, block: Block) -> None:
        """Append a block; its rows are numbered on from those written before. Raises NotAPreparedBlock."""
        count = block.firms.num_rows
        if count > BLOCK_ROWS:
            raise NotAPreparedBlock(f"a block has at most {BLOCK_ROWS:,} subjects, not {count:,}; split it")
        numbers = np.arange(self.rows, self.rows + count, dtype=np.int64)
        for record, batch in block.records.items():
            self._check(record, batch, block.firms)
        if self._blocks == self._blocks_a_file:
            self._tables[SUBJECT].add_key_value_metadata(_CONTINUED)
            self._close()
            self._file += 1
            self._blocks = 0
        self._blocks += 1
        self._append(SUBJECT, block.firms, pa.array(numbers))
        for record, batch in block.records.items():
            self._append(record, batch, pa.array(_firm_of(batch) + self.rows))
        self.rows += count

    def _check(self, record: str, batch: pa.RecordBatch, firms: pa.RecordBatch) -> None:
        table = _table_name(self.library, record)
        if batch.schema.get_field_index(FIRM) < 0:
            raise NotAPreparedBlock(f"{table} have no column `firm`; give whose record each is")
        firm = _firm_of(batch)
        if not len(firm):
            return
        if firm[0] < 0 or firm[-1] >= firms.num_rows or (np.diff(firm) < 0).any():
            raise NotAPreparedBlock(f"{table} are not sorted by `firm`, or name a subject outside the block")
        place = firms.schema.get_field_index(f"has.{table}")
        stands = np.zeros(firms.num_rows, dtype=np.bool_)
        if place >= 0:
            stands = firms.column(place).fill_null(False).to_numpy(zero_copy_only=False)
        if not stands[firm].all():
            raise NotAPreparedBlock(f"{table} hold records of a subject whose `has.{table}` is not true")

    def _append(self, record: str, batch: pa.RecordBatch, firm: pa.Array) -> None:
        table = self._tables.get(record) or self._open(record, batch)
        schema = table.schema
        strange = [name for name in batch.schema.names if schema.get_field_index(name) < 0]
        if strange:
            name = _table_name(self.library, record)
            raise NotAPreparedBlock(
                f"{name} bring a new column {strange[0]} after the first block; name all columns to the writer"
            )
        arrays = []
        for field in schema:
            place = batch.schema.get_field_index(field.name)
            if field.name == FIRM:
                arrays.append(firm)
            elif place < 0:
                arrays.append(pa.nulls(batch.num_rows, field.type))
            else:
                arrays.append(_as_type(batch.column(place), field.type, field.name))
        made = pa.Table.from_arrays(arrays, schema=schema)
        if made.num_rows:
            table.write_table(made, row_group_size=max(1, made.num_rows))

    def _close(self) -> None:
        for table in self._tables.values():
            table.close()
        self._tables.clear()

    def _complete(self) -> None:
        """Give every file of the subjects the tables that only others have records for."""
        for record in self._schemas:
            for number in range(self._file + 1):
                if not (self.part / _file_name(self.library, record, number)).exists():
                    self._writer(record, number).close()

    def _open(self, record: str, batch: pa.RecordBatch) -> pq.ParquetWriter:
        if record not in self._schemas:
            self._schemas[record] = self._schema(record, batch)
        self._tables[record] = self._writer(record, self._file)
        return self._tables[record]

    def _schema(self, record: str, batch: pa.RecordBatch) -> pa.Schema:
        names = self._columns.get(record, batch.schema.names)
        fields = []
        for name in dict.fromkeys((FIRM, *names)):
            field = field_of(self.library, record, name)
            if field is None:
                hint = (
                    nearest(name, schema_of(self.library, record).names) or "`huiqi facts` lists every name"
                )
                raise NotAPreparedBlock(f"{name} is no column of {_table_name(self.library, record)}; {hint}")
            fields.append(field)
        return pa.schema(fields, metadata=self._about)

    def _writer(self, record: str, number: int) -> pq.ParquetWriter:
        schema = self._schemas[record]
        # Figures seldom repeat, so only words are worth a dictionary; only `firm` is ever searched for.
        return pq.ParquetWriter(
            self.part / _file_name(self.library, record, number),
            schema,
            compression="zstd",
            compression_level=1,
            use_dictionary=[each.name for each in schema if pa.types.is_dictionary(each.type)],
            write_statistics=[FIRM],
        )


def _no_firms() -> pa.RecordBatch:
    return pa.record_batch([pa.array([], type=_FEW_WORDS)], names=[KIND_OF_SUBJECT])


def _firm_of(batch: pa.RecordBatch) -> NDArray[np.int64]:
    column = batch.column(batch.schema.get_field_index(FIRM))
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.int64)


def _as_type(array: pa.Array, wanted: pa.DataType, name: str) -> pa.Array:
    """Return a column in its type: texts may come plain or with other indices, whole numbers and dates in other widths."""
    if array.type == wanted:
        return array
    try:
        if pa.types.is_null(array.type):
            return pa.nulls(len(array), wanted)
        if pa.types.is_dictionary(wanted) and not pa.types.is_dictionary(array.type):
            return array.cast(pa.string()).dictionary_encode().cast(wanted)
        if pa.types.is_integer(wanted) and not pa.types.is_integer(array.type):
            raise pa.ArrowInvalid("only whole numbers are exact")
        return array.cast(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
        reason = str(error).splitlines()[0]
        raise NotAPreparedBlock(f"{name} is {array.type}, not {wanted}: {reason}") from None


def describe(folder: Path, library: PolicyLibrary) -> Description:
    """Return what a prepared folder says of itself; raise BadInput where it is none."""
    rows: dict[str, int] = {}
    about: dict[str, Any] = {}
    groups = 0
    for number, files in enumerate(_files(folder, library)):
        for record, path in files.items():
            file = _opened(path)
            rows[record] = rows.get(record, 0) + file.metadata.num_rows
            if record == SUBJECT:
                groups += file.num_row_groups
                of_file = _about(file, path)
                about = about if number else of_file
    return Description(about.get("synthetic") is True, str(about.get("source", "")), rows, groups)


def read_blocks(
    folder: Path,
    library: PolicyLibrary,
    columns: Mapping[str, Collection[str]] | None = None,
    groups: range | None = None,
) -> Iterator[Block]:
    """Yield the blocks of a prepared folder in order, in constant memory; records relative to the block's first row.

    Args:
        columns: by record kind, the columns wanted (`firm` and `subject` always come); a kind that is not named is not
            read. None reads all.
        groups: row groups of the subjects' table, for readers side by side. None reads all.

    Raises:
        BadInput: the folder is not prepared, a column is no column of the dictionary, or a table is not sorted.
    """
    yield from PreparedReader(folder, library, columns).blocks(groups)


class PreparedReader:
    """A prepared folder whose tables are opened once, for those who read it a few row groups at a time."""

    def __init__(
        self, folder: Path, library: PolicyLibrary, columns: Mapping[str, Collection[str]] | None = None
    ) -> None:
        """Open the tables; arguments and errors are those of `read_blocks`."""
        self._library = library
        self._columns = columns
        self._files = _files(folder, library)
        sizes: list[int] = []
        self._first_group = [0]
        for files in self._files:
            file = _opened(files[SUBJECT])
            _about(file, files[SUBJECT])
            sizes += [file.metadata.row_group(place).num_rows for place in range(file.num_row_groups)]
            self._first_group.append(len(sizes))
        self._begins = [0, *accumulate(sizes)]
        self._number = 0
        self._tables = self._opened_tables(0)

    def _opened_tables(self, number: int) -> dict[str, _Table]:
        """Open the tables of one file of the subjects; where there are many only one is held open."""
        columns = self._columns
        return {
            record: _Table(path, self._library, record, None if columns is None else columns.get(record, ()))
            for record, path in self._files[number].items()
            if columns is None or record in columns or record == SUBJECT
        }

    def blocks(self, groups: range | None = None, most_rows: int = BLOCK_ROWS) -> Iterator[Block]:
        """Yield the blocks of these row groups of the subjects' table in order, or of all, of so many rows at most."""
        wanted = range(len(self._begins) - 1) if groups is None else groups
        records: dict[str, _Records] = {}
        for place in wanted:
            number = bisect(self._first_group, place) - 1
            if number != self._number:
                self._tables, self._number = self._opened_tables(number), number
                records = {}
            firms, first = self._tables[SUBJECT], self._begins[place]
            if not records:
                records = {
                    name: _Records(table, first) for name, table in self._tables.items() if name != SUBJECT
                }
            whole = firms.group(place - self._first_group[number])
            for start in range(0, whole.num_rows, most_rows):
                batch = whole.slice(start, most_rows)
                numbers = _firm_of(batch)
                if not np.array_equal(numbers, np.arange(first, first + len(numbers))):
                    raise firms.bad(
                        "not-in-order", "`firm` is not the row's own number", "write the rows in order from 0"
                    )
                stop = first + batch.num_rows
                yield Block(batch, {name: each.take(first, stop) for name, each in records.items()}, first)
                first = stop


def _files(folder: Path, library: PolicyLibrary) -> list[dict[str, Path]]:
    """Return the files of each table by record kind: first those that everything begins with, then those after them."""
    found: list[dict[str, Path]] = []
    while True:
        number = len(found)
        paths = {record: folder / _file_name(library, record, number) for record in library.facts.records}
        files = {record: path for record, path in paths.items() if path.is_file()}
        if not number and SUBJECT not in files:
            mend = "give the folder that holds firms.parquet"
            raise _bad_file(folder, "not-prepared", "there is no prepared population here", mend)
        wanted = (found[0] if _is_continued(found[-1][SUBJECT]) else {}) if number else files
        for record, path in paths.items():
            if record in wanted and record not in files:
                mend = "copy the folder again, whole"
                raise _bad_file(path, "missing-file", "this file of the population is missing", mend)
            if record in files and record not in wanted:
                mend = "take it away, or write the population again"
                raise _bad_file(path, "stray-file", "this file is no part of the population beside it", mend)
        if not wanted:
            return found
        found.append(files)


def _is_continued(firms: Path) -> bool:
    said = _opened(firms).metadata.metadata or {}
    return all(said.get(key.encode()) == text.encode() for key, text in _CONTINUED.items())


def _bad_file(path: Path, code: str, what: str, mend: str) -> BadInput:
    return BadInput([Finding(str(path), 0, "", code, what, "", mend)])


def _opened(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        reason = str(error).splitlines()[0]
        mend = "prepare the population again"
        raise BadInput(
            [Finding(str(path), 0, "", "unreadable-table", "this is no Parquet table", reason, mend)]
        ) from None


def _about(file: pq.ParquetFile, path: Path) -> dict[str, Any]:
    text = (file.schema_arrow.metadata or {}).get(_KEY)
    made = json.loads(text) if text else None
    if not isinstance(made, dict) or made.get("format") != FORMAT:
        what = f"this table does not say that it has format {FORMAT} of Huiqi"
        mend = "prepare the population again with this version"
        raise BadInput([Finding(str(path), 0, "", "not-prepared", what, "", mend)])
    return made


class _Table:
    """One table of a folder, read a row group at a time with its columns in their types."""

    def __init__(
        self, path: Path, library: PolicyLibrary, record: str, columns: Collection[str] | None
    ) -> None:
        self.path = path
        self.file = _opened(path)
        self._lasts: list[int | None] | None = None
        standing = self.file.schema_arrow.names
        always = (FIRM, KIND_OF_SUBJECT) if record == SUBJECT else (FIRM,)
        for name in always:
            if name not in standing:
                raise self.bad("missing-column", f"there is no column `{name}`", "", name)
        names = [each for each in standing if columns is None or each in columns or each in always]
        fields = []
        for name in names:
            field = field_of(library, record, name)
            if field is None:
                hint = nearest(name, schema_of(library, record).names) or "`huiqi facts` lists every name"
                raise self.bad("unknown-column", f"{name} is no column of this table", hint, name)
            fields.append(field)
        self.schema = pa.schema(fields)

    def bad(self, code: str, what: str, mend: str, cell: str = "") -> BadInput:
        """Return the error that this table is in."""
        return BadInput([Finding(str(self.path), 0, cell, code, what, "", mend)])

    def group(self, place: int) -> pa.RecordBatch:
        """Return one row group."""
        return self.made(self.file.read_row_group(place, columns=self.schema.names, use_threads=False))

    def group_of(self, firm: int) -> int:
        """Return the first row group that may hold records of a subject, by the statistics where there are any."""
        if self._lasts is None:
            metadata = self.file.metadata
            place = self.file.schema_arrow.get_field_index(FIRM)
            found = [
                metadata.row_group(each).column(place).statistics for each in range(self.file.num_row_groups)
            ]
            self._lasts = [int(each.max) if each is not None and each.has_min_max else None for each in found]
        for group, last in enumerate(self._lasts):
            if last is None or last >= firm:
                return group
        return len(self._lasts)

    def made(self, table: pa.Table) -> pa.RecordBatch:
        """Return a table as one batch in the types of the schema."""
        table = table.unify_dictionaries().combine_chunks()
        arrays = []
        for field in self.schema:
            column = table.column(field.name)
            array = column.chunk(0) if column.num_chunks else pa.array([], type=field.type)
            try:
                array = _as_type(array, field.type, field.name)
            except NotAPreparedBlock as error:
                raise self.bad(
                    "column-type", str(error), "prepare the population again", field.name
                ) from None
            if not field.nullable and array.null_count:
                raise self.bad("empty-cell", f"`{field.name}` is empty in some row", "fill it", field.name)
            arrays.append(array)
        return pa.record_batch(arrays, schema=self.schema)


class _Records:
    """A record table advanced in step with the subjects: the rows of each block in turn."""

    def __init__(self, table: _Table, first: int) -> None:
        self.table = table
        self.groups: int = table.file.num_row_groups
        self.next = table.group_of(first)
        self.skip_before = first
        self.waiting: list[tuple[pa.RecordBatch, NDArray[np.int64]]] = []
        self.last = -1

    def take(self, first: int, stop: int) -> pa.RecordBatch:
        """Return the records of the subjects from `first` to before `stop`, `firm` counted from `first`."""
        while self.next < self.groups and (not self.waiting or self.waiting[-1][1][-1] < stop):
            self._read()
        taken: list[pa.RecordBatch] = []
        left: list[tuple[pa.RecordBatch, NDArray[np.int64]]] = []
        for batch, firm in self.waiting:
            at = int(np.searchsorted(firm, stop))
            if at:
                taken.append(batch.slice(0, at))
            if at < len(firm):
                left.append((batch.slice(at), firm[at:]))
        self.waiting = left
        if not taken:
            return _emptied(self.table.schema)
        batch = taken[0] if len(taken) == 1 else self.table.made(pa.Table.from_batches(taken))
        firm = _firm_of(batch) - first
        if firm[0] < 0:
            raise self.table.bad(
                "not-in-order", "a record stands before its subject", "sort the table by `firm`"
            )
        place = batch.schema.get_field_index(FIRM)
        return batch.set_column(place, self.table.schema.field(FIRM), pa.array(firm))

    def _read(self) -> None:
        batch = self.table.group(self.next)
        self.next += 1
        firm = _firm_of(batch)
        if not len(firm):
            return
        if firm[0] < self.last or (np.diff(firm) < 0).any():
            raise self.table.bad("not-in-order", "the records are not in order", "sort the table by `firm`")
        self.last = int(firm[-1])
        at = int(np.searchsorted(firm, self.skip_before))
        if at < len(firm):
            self.waiting.append((batch.slice(at), firm[at:]))


def _emptied(schema: pa.Schema) -> pa.RecordBatch:
    return pa.record_batch([pa.array([], type=field.type) for field in schema], schema=schema)
