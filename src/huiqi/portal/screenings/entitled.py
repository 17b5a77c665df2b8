"""Who is entitled to a measure, from the newest runs: filtered, searched and paged without a table of a million rows.

Rows are read only for results of counties that the caller was given by `visible_to`: a county whose result the actor
does not see is never read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from huiqi.policies.size import CLASSES
from huiqi.portal.screenings.folders import RunFolder
from huiqi.portal.screenings.list_index import bearing, column_of
from huiqi.portal.screenings.models import CountyResult
from huiqi.portal.screenings.store import NOT_IN_PLAY
from huiqi.reference.bigrams import plain
from huiqi.reference.industries import listed
from huiqi.rules.columns.judge import ORDER
from huiqi.rules.verdicts import ELIGIBLE, LIKELY, UNDETERMINED
from huiqi.screening.report.fact_names import SEPARATOR

MOST_CHARACTERS = 60
IN_PLAY = (ELIGIBLE, LIKELY, UNDETERMINED)
BEGUN, ENDED = "begun", "ended"
_ELIGIBLE = ORDER.index(ELIGIBLE)
_LEAST_OF_A_CODE = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of entitled firms is narrowed to; empty is any. What cannot be read is in `unread`."""

    text: str = ""
    county: str = ""
    section: str = ""
    size: str = ""
    verdict: str = ""
    change: str = ""
    fact: str = ""
    unread: tuple[str, ...] = ()

    def as_json(self) -> dict[str, str]:
        """Return what is asked, for an event."""
        names = ("text", "county", "section", "size", "verdict", "change", "fact")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


def asked_of(given: Mapping[str, str], counties: Sequence[str]) -> Asked:
    """Return what an address's query asks for; what is unknown is left out and named in `unread`."""
    unread: list[str] = []

    def known(name: str, choices: Sequence[str]) -> str:
        value = given.get(name, "").strip()
        if value and value not in choices:
            unread.append(name)
            return ""
        return value

    return Asked(
        given.get("q", "").replace("\0", "").strip()[:MOST_CHARACTERS],
        known("county", counties),
        known("section", [each.code for each in listed("section")]),
        known("size", [*dict(CLASSES), "unknown"]),
        known("verdict", IN_PLAY),
        known("change", (BEGUN, ENDED)),
        given.get("fact", "").replace("\0", "").strip()[:80],
        tuple(unread),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One firm of a list. Money is fen, None where not known; `missing` are facts as results write them."""

    run: int
    pk: int
    code: str
    name: str
    county: str
    section: str
    size: str
    verdict: str
    variant: str
    amount: int | None
    counted: int | None
    missing: tuple[str, ...]
    before: str | None


class Entitled:
    """The firms of one measure in the counties of these results, as `asked`. Has a length and slices, as a list has."""

    def __init__(self, results: Sequence[CountyResult], measure: str, asked: Asked) -> None:
        self.asked = asked
        of_run: dict[int, list[str]] = {}
        for each in results:
            of_run.setdefault(each.run_id, []).append(each.county)
        self._files = [
            _File(run, path, self._rows(path, counties))
            for run, counties in sorted(of_run.items(), reverse=True)
            if (path := RunFolder(run).measures / f"{measure}.parquet").is_file()
        ]

    def __len__(self) -> int:
        """How many firms fit."""
        return sum(len(each.rows) for each in self._files)

    def count(self) -> int:
        """How many firms fit."""
        return len(self)

    @cached_property
    def counted_fen(self) -> int:
        """What is surely owed to the firms that fit, after exclusions."""
        total = 0
        for each in self._files:
            column = column_of(each.path, "counted_fen").fill_null(0).to_numpy()
            chosen = column[each.rows]
            total += (int((chosen >> 32).sum()) << 32) + int((chosen & 0xFFFF_FFFF).sum())
        return total

    def __getitem__(self, wanted: slice) -> list[Row]:
        """Return some of the firms, in the order of the list."""
        start, stop, _step = wanted.indices(len(self))
        found: list[Row] = []
        for file, rows in self._parts(start, stop):
            found.extend(file.read(rows))
        return found

    def __iter__(self) -> Iterator[Row]:
        """Yield all firms, some thousand at a time."""
        for start in range(0, len(self), _AT_ONCE):
            yield from self[start : start + _AT_ONCE]

    def _parts(self, start: int, stop: int) -> Iterator[tuple[_File, NDArray[np.int64]]]:
        """Yield the files with the rows of this stretch: verdict by verdict, of each verdict the newest run first."""
        passed = 0
        for verdict in range(len(ORDER)):
            for file in self._files:
                if passed >= stop:
                    return
                rows = file.of_verdict(verdict)
                low, high = max(start - passed, 0), min(stop - passed, len(rows))
                if low < high:
                    yield file, rows[low:high]
                passed += len(rows)

    def _rows(self, path: Path, counties: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
        """Return the places of the rows that fit, and their verdicts."""
        asked = self.asked
        chosen = [each for each in counties if asked.county in ("", each)]
        mask = _is_in(column_of(path, "county"), chosen)
        verdict = column_of(path, "verdict").to_numpy()
        before = column_of(path, "before").fill_null(-1).to_numpy()
        if asked.section:
            mask &= _is_in(column_of(path, "section"), [asked.section])
        if asked.size:
            mask &= _is_in(column_of(path, "size"), ["" if asked.size == "unknown" else asked.size])
        if asked.change == ENDED:
            mask &= (before == _ELIGIBLE) & (verdict != _ELIGIBLE)
        else:
            mask &= verdict < NOT_IN_PLAY
        if asked.change == BEGUN:
            mask &= (verdict == _ELIGIBLE) & (before != _ELIGIBLE) & (before >= 0)
        if asked.verdict:
            mask &= verdict == ORDER.index(asked.verdict)
        if asked.fact and mask.any():
            mask &= _lacks(pq.read_table(path, columns=["missing"]).column(0), asked.fact)
        if asked.text and mask.any():
            mask &= _bears(path, path.stat().st_mtime_ns, asked.text)
        rows = np.flatnonzero(mask)
        return rows, verdict[rows]


_AT_ONCE = 8_192


class _File:
    """One run's file of a measure, and the places of its rows that fit, in rising order."""

    def __init__(self, run: int, path: Path, fitting: tuple[NDArray[np.int64], NDArray[np.int8]]) -> None:
        self.run = run
        self.path = path
        self.rows, self._verdicts = fitting

    def of_verdict(self, verdict: int) -> NDArray[np.int64]:
        """Return the places of one verdict."""
        found: NDArray[np.int64] = self.rows[self._verdicts == verdict]
        return found

    def read(self, rows: NDArray[np.int64]) -> list[Row]:
        """Return the rows at some places; only the groups that they lie in are read."""
        found: list[Row] = []
        with pq.ParquetFile(self.path) as file:
            first = 0
            for group in range(file.num_row_groups):
                stop = first + file.metadata.row_group(group).num_rows
                inside = rows[(rows >= first) & (rows < stop)] - first
                if len(inside):
                    # A list: the first array of numbers lets pyarrow import 50 ms of numpy that nothing here uses.
                    taken = file.read_row_group(group).take(pa.array(inside.tolist(), pa.int64()))
                    found.extend(self._row(each) for each in taken.to_pylist())
                first = stop
        return found

    def _row(self, each: dict[str, object]) -> Row:
        before, missing = each["before"], each["missing"]
        return Row(
            self.run,
            each["pk"],  # type: ignore[arg-type]
            *(str(each[name] or "") for name in ("code", "name", "county", "section", "size")),
            ORDER[each["verdict"]],  # type: ignore[index]
            str(each["variant"] or ""),
            each["amount_fen"],  # type: ignore[arg-type]
            each["counted_fen"],  # type: ignore[arg-type]
            tuple(str(missing).split(SEPARATOR)) if missing else (),
            ORDER[before] if isinstance(before, int) else None,
        )


def _is_in(column: pa.ChunkedArray, words: Sequence[str]) -> NDArray[np.bool_]:
    mask = np.zeros(len(column), dtype=np.bool_)
    first = 0
    for chunk in column.chunks:
        known = np.array([word in words for word in chunk.dictionary.to_pylist()] + [False], dtype=np.bool_)
        codes = chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        mask[first : first + len(chunk)] = known[codes]
        first += len(chunk)
    return mask


def _lacks(column: pa.ChunkedArray, fact: str) -> NDArray[np.bool_]:
    words = {word for chunk in column.chunks for word in chunk.dictionary.to_pylist() if word}
    return _is_in(column, [word for word in words if fact in word.split(SEPARATOR)])


@lru_cache(maxsize=8)
def _bears(path: Path, _written: int, text: str) -> NDArray[np.bool_]:
    """Tell whose name holds all words of a text, or whose credit code begins with it; kept for the pages that follow."""
    wanted = np.ones(len(column_of(path, "name")), dtype=np.bool_)
    for word in text.split():
        wanted &= bearing(path, word)
    code = plain(text).upper()
    if len(code) >= _LEAST_OF_A_CODE and code.isascii() and code.isalnum():
        codes = column_of(path, "code")
        wanted |= pc.starts_with(codes, code).fill_null(False).to_numpy()
    return wanted
