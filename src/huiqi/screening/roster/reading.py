"""A roster as it comes, read into a prepared population: every doubtful cell is told, nothing is dropped silently.

A roster with doubts gives no population, unless rows may be left out: then a firm with a doubtful cell is left out
with its records, and so is a firm with a doubtful record, for its list would no longer be complete.
"""

from __future__ import annotations

import datetime
import hashlib
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from huiqi.findings import Finding
from huiqi.policies.library import PolicyLibrary
from huiqi.rules.facts import SUBJECT
from huiqi.rules.values import BadValue
from huiqi.screening.prepared import FIRM, FIRMS, PreparedWriter, describe
from huiqi.screening.roster.doubts import Doubt, Doubts
from huiqi.screening.roster.headings import CREDIT_CODE, Column
from huiqi.screening.roster.intake import BAD, KEY, ROW, Intake
from huiqi.screening.roster.joining import FirmKeys, Places, Records
from huiqi.screening.roster.mapping import RosterMapping, TableMapping, map_table, read_mapping
from huiqi.screening.roster.partitions import Partitions, parts_for
from huiqi.screening.roster.population import Population
from huiqi.screening.roster.sources import Table, find_tables
from huiqi.screening.roster.tables import Unreadable

Progress = Callable[[int, int], None]
"""Told how many bytes of the tables are read, and of how many."""


@dataclass(frozen=True, slots=True)
class TableCount:
    """Rows of a table in the roster, and how many of them are not in the population."""

    rows: int
    left_out: int


@dataclass(slots=True)
class Roster:
    """A roster that was read. `folder` holds the prepared population, None where doubts forbid it.

    `uncounted` doubts lie beyond those kept; `counts` is by list name (`firms`, `leases`, …); `inputs` has the SHA-256
    of every file. Use it in a `with` if no folder was named: the population then goes when it ends.
    """

    folder: Path | None
    doubts: tuple[Doubt, ...]
    uncounted: int
    mapping: RosterMapping
    counts: dict[str, TableCount]
    inputs: dict[str, str]
    is_prepared: bool = False
    """The path held a prepared population, which is used as it is."""
    _own: Path | None = field(default=None, repr=False)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every doubt as a finding."""
        return tuple(each.finding for each in self.doubts)

    def __enter__(self) -> Roster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._own is not None:
            shutil.rmtree(self._own, ignore_errors=True)


def read_roster(
    path: Path,
    library: PolicyLibrary,
    as_of: datetime.date,
    mapping: Path | None = None,
    *,
    without_bad_rows: bool = False,
    folder: Path | None = None,
    progress: Progress | None = None,
    parts: int | None = None,
) -> Roster:
    """Read a file or folder into a prepared population.

    Args:
        path: CSV, workbook, Parquet, a folder with one table a record kind, or a prepared population.
        mapping: a mapping file, as `RosterMapping.write` makes it.
        without_bad_rows: go on without bad rows. What is wrong with a whole table still stops.
        folder: where the population is written (it must be free); None: a temporary folder.
        parts: in how many parts the rows are sorted; None: by their size.

    Raises:
        BadInput: the mapping file cannot be read, or `folder` is taken.
    """
    prepared = _prepared(path)
    if prepared is not None:
        rows = describe(prepared, library).rows
        counts = {_list_name(record, library): TableCount(count, 0) for record, count in rows.items()}
        return Roster(prepared, (), 0, RosterMapping(), counts, digests(prepared), is_prepared=True)
    own = None if folder is not None else Path(tempfile.mkdtemp(prefix="huiqi-roster-"))
    wanted = folder if folder is not None else (own or Path()) / "population"
    wanted.parent.mkdir(parents=True, exist_ok=True)
    spool = Path(tempfile.mkdtemp(prefix=".roster-", dir=wanted.parent))
    is_made = False
    try:
        run = _Run(path, library, as_of, without_bad_rows, spool, progress, parts)
        made = run.read(mapping, wanted)
        made._own = own
        is_made = made.folder is not None
        return made
    finally:
        shutil.rmtree(spool, ignore_errors=True)
        if own is not None and not is_made:
            shutil.rmtree(own, ignore_errors=True)


def digests(path: Path) -> dict[str, str]:
    """Return the SHA-256 of a file, or of the files of a folder, by name."""
    files = sorted(each for each in path.iterdir() if each.is_file()) if path.is_dir() else [path]
    found: dict[str, str] = {}
    for each in files:
        if each.is_file() and not each.name.startswith((".", "~$")):
            with each.open("rb") as file:
                found[each.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def _prepared(path: Path) -> Path | None:
    """Return the folder of a prepared population, by the mark in its table of firms."""
    table = path / f"{FIRMS}.parquet" if path.is_dir() else path
    if table.name != f"{FIRMS}.parquet" or not table.is_file():
        return None
    try:
        marks = pq.read_schema(table).metadata or {}
    except (pa.ArrowInvalid, OSError):
        return None
    return table.parent if b"huiqi" in marks else None


def _list_name(record: str, library: PolicyLibrary) -> str:
    return FIRMS if record == SUBJECT else library.facts.records[record].list_name


class _Run:
    def __init__(
        self,
        path: Path,
        library: PolicyLibrary,
        as_of: datetime.date,
        without_bad_rows: bool,
        spool: Path,
        progress: Progress | None,
        parts: int | None,
    ) -> None:
        self.path = path
        self.library = library
        self.as_of = as_of
        self.without_bad_rows = without_bad_rows
        self.spool = spool
        self.progress = progress
        self.parts = parts
        self.doubts = Doubts()
        self.mapping = RosterMapping()
        self.intakes: dict[str, Intake] = {}
        self.bad: list[Places] = []

    def read(self, mapping: Path | None, wanted: Path) -> Roster:
        given = read_mapping(mapping, self.library, self.doubts) if mapping is not None else None
        tables = find_tables(self.path, self.library.facts, self.spool, self.doubts)
        for each in tables:
            try:
                made, columns = map_table(each.source, each.record, self.library, given, self.doubts)
            except Unreadable as error:
                self.doubts.table(each.source.place, error, error.row)
                continue
            self._take(each, made, columns)
        written: dict[str, int] = {}
        is_written = False
        if SUBJECT in self.intakes:
            population = self._population()
            self._tell(is_read=True)
            is_written = self._write(population, wanted)
            written = population.written if is_written else {}
        counts = {
            _list_name(record, self.library): TableCount(each.rows, each.rows - written.get(record, 0))
            for record, each in self.intakes.items()
        }
        inputs = digests(self.path) if self.path.exists() else {}
        folder = wanted if is_written else None
        return Roster(folder, self.doubts.sorted(), self.doubts.uncounted, self.mapping, counts, inputs)

    def _take(self, table: Table, made: TableMapping, columns: list[Column | None]) -> None:
        self.mapping.tables[_list_name(table.record, self.library)] = made
        intake = Intake(table.source, table.record, made, columns, self.library, self.doubts)
        if not intake.readings and not self.doubts.stopped:
            error = BadValue(
                "no-columns", "no column of this table is known", "", "give it a row of headings"
            )
            self.doubts.table(table.source.place, error, made.header_row)
        self.intakes[table.record] = intake

    def _population(self) -> Population:
        intake = self.intakes[SUBJECT]
        keys = {
            name: FirmKeys(self.spool / f"keys-{name}", self._parts(intake))
            for name in (CREDIT_CODE, FIRM)
            if name in intake.names
        }
        firms = Partitions(self.spool / "firms", intake.schema, 1)
        self._read_firms(intake, firms, keys)
        self._note_duplicates(intake, keys)
        records: dict[str, Records] = {}
        for record, each in self.intakes.items():
            made = self._records(each, keys, firms.rows) if record != SUBJECT else None
            if made is not None:
                records[record] = made
        others = {record: self.intakes[record] for record in records}
        bad = np.unique(np.concatenate(self.bad)) if self.bad else np.zeros(0, dtype=np.int64)
        return Population(self.library, self.as_of, intake, firms, others, records, bad, self.doubts)

    def _parts(self, intake: Intake) -> int:
        return self.parts or parts_for(intake.source.size)

    def _read_firms(self, intake: Intake, firms: Partitions, keys: dict[str, FirmKeys]) -> None:
        first = 0
        try:
            for batch in intake.batches():
                places = np.arange(first, first + batch.num_rows, dtype=np.int64)
                for name, each in keys.items():
                    each.add(batch.column(name), pa.array(places), batch.column(ROW))
                self.bad.append(places[batch.column(BAD).to_numpy(zero_copy_only=False)])
                firms.add(batch)
                first += batch.num_rows
                self._tell()
        except Unreadable as error:
            self.doubts.table(intake.source.place, error, error.row)
        if not intake.rows and not self.doubts.stopped:
            nothing = BadValue(
                "no-rows", "there is no firm below the headings", "", "export the roster again"
            )
            self.doubts.table(intake.source.place, nothing, intake.header_row)
        firms.close()
        for each in keys.values():
            each.close()

    def _tell(self, is_read: bool = False) -> None:
        if self.progress is not None:
            sources = [each.source for each in self.intakes.values()]
            total = sum(each.size for each in sources)
            self.progress(total if is_read else sum(each.position for each in sources), total)

    def _note_duplicates(self, intake: Intake, keys: dict[str, FirmKeys]) -> None:
        for name, each in keys.items():
            column, heading = intake.heading_of(name)
            for shared in each.duplicates():
                rows = [row for _, _, row in shared]
                self.bad.append(np.array([place for _, place, _ in shared], dtype=np.int64))
                for key, _, row in shared:
                    others = ", ".join(f"{other:,}" for other in rows if other != row)[:80]
                    what = f"this firm stands in row {others} too"
                    error = BadValue(
                        "duplicate-firm", what, "which row is right cannot be told", "keep one of them"
                    )
                    self.doubts.cells(intake.source.place, column, heading, [row], [key], error)

    def _records(self, intake: Intake, keys: dict[str, FirmKeys], firms: int) -> Records | None:
        name = next((each for each in keys if each in intake.names), "")
        place = intake.source.place
        if not name:
            wanted = " or ".join(keys) if keys else "credit_code (in both tables)"
            error = BadValue("no-key", "the records do not say whose they are", "", f"add a column {wanted}")
            self.doubts.table(place, error, intake.header_row)
            return None
        schema = intake.schema
        schema = schema.append(pa.field(KEY, pa.string()))
        # Records and firms meet part by part, so both have as many.
        made = Records(self.spool / intake.record, schema, keys[name].parts)
        column, heading = intake.heading_of(name)
        try:
            for batch in intake.batches():
                key = batch.column(name)
                lacking = key.is_null().to_numpy(zero_copy_only=False)
                self._note_lacking(intake, batch, lacking, column, heading)
                made.add(batch.append_column(schema.field(KEY), key).filter(key.is_valid()))
                self._tell()
        except Unreadable as error:
            self.doubts.table(place, error, error.row)
        for orphans, spoiled in made.join(keys[name], firms):
            self.bad.append(spoiled)
            for row, key in zip(*(orphans.column(each).to_pylist() for each in (ROW, KEY)), strict=True):
                what = "the record's firm is not in the roster"
                strange = BadValue("unknown-firm", what, "", "add the firm, or take the record out")
                self.doubts.cells(place, column, heading, [row], [key], strange)
        return made

    def _note_lacking(
        self, intake: Intake, batch: pa.RecordBatch, lacking: np.ndarray, column: int, heading: str
    ) -> None:
        """A record without key is told; where its key is wrong, that is told already."""
        bad = batch.column(BAD).to_numpy(zero_copy_only=False)
        silent = lacking & ~bad
        if silent.any():
            rows = batch.column(ROW).to_numpy()[silent].tolist()
            error = BadValue(
                "no-key", "the record does not say whose it is", "", "write the firm's credit code"
            )
            self.doubts.cells(intake.source.place, column, heading, rows, [""] * len(rows), error)

    def _write(self, population: Population, wanted: Path) -> bool:
        """Write the population if its doubts allow it; look at every block in any case."""
        if not self._may_write():
            for _ in population.blocks():
                pass
            return False
        writer = PreparedWriter(wanted, self.library, False, self.path.name, population.columns)
        try:
            with writer:
                for block in population.blocks():
                    writer.write(block)
                if not self._may_write():
                    raise _Doubtful
        except _Doubtful:
            return False
        return True

    def _may_write(self) -> bool:
        return not self.doubts.stopped and (self.without_bad_rows or not len(self.doubts))


class _Doubtful(Exception):
    """Doubts that only showed while writing: nothing is left behind."""
