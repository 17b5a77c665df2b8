"""A synthetic population of a region: firms with all their records, block by block.

Each block is drawn from the seed and its own number, so that any block can be made alone, in any order, on any machine.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from huiqi.findings import BadInput, Finding
from huiqi.policies.library import PolicyLibrary
from huiqi.reference.regions import region as division
from huiqi.rules.case import latest_period
from huiqi.rules.columns.frame import Block
from huiqi.rules.facts import SUBJECT, Fact
from huiqi.screening.population.boundaries import FactName, boundaries
from huiqi.screening.population.cells import Cells, known
from huiqi.screening.population.credit_codes import MOST as MOST_FIRMS
from huiqi.screening.population.draws import Bools, Draws, Whole
from huiqi.screening.population.facts import Bearers, FactDraws
from huiqi.screening.population.margins import margins, value
from huiqi.screening.population.places import county_weights
from huiqi.screening.population.subjects import KINDS, Subjects, draw_subjects, shares
from huiqi.screening.prepared import (
    BLOCK_ROWS,
    FIRM,
    KIND_OF_SUBJECT,
    PreparedWriter,
    field_of,
    periods_read,
)

SOURCE = "huiqi population: synthetic, drawn from margins.yaml; no row is a real firm"
_THOUSAND = 1_000
_PERSON_KINDS = ("person",)


class RegionPopulation:
    """The subjects of a region. The same library, region, number, seed and day give the same blocks."""

    def __init__(
        self, library: PolicyLibrary, region: str, firms: int, seed: int, as_of: datetime.date
    ) -> None:
        if not 0 <= firms <= MOST_FIRMS:
            what = f"a population cannot have {firms:,} firms"
            raise BadInput([Finding("", 0, "--firms", "bad-option", what, "", f"write 0 to {MOST_FIRMS:,}")])
        if seed < 0:
            raise BadInput(
                [Finding("", 0, "--seed", "bad-option", "a seed is no number below 0", "", "write 7")]
            )
        self.library = library
        self.region = division(region).code
        self.firms = firms
        self.seed = seed
        self.as_of = as_of
        counties = county_weights(self.region)
        self._shares = shares(counties)
        self._draws_of = FactDraws(tuple(sorted(library.by_id)))
        self._boundaries = boundaries(library)
        self._periods = periods_read(library)
        listed = value("risk_counties")
        risky = Draws(seed, 2**32).below(int(listed["of"]), len(counties)) < int(listed["listed"])
        self._risky: Bools = np.asarray(risky)
        self._person_facts = frozenset(value("person_facts"))

    def blocks(self) -> Iterator[Block]:
        """Yield all blocks in order."""
        for number in range(-(-self.firms // BLOCK_ROWS)):
            yield self.block(number)

    def block(self, number: int) -> Block:
        """Return one block."""
        first = number * BLOCK_ROWS
        rows = min(BLOCK_ROWS, self.firms - first)
        draws = Draws(self.seed, number)
        made = draw_subjects(self._shares, first, rows, self.as_of, draws)
        columns: dict[str, pa.Array] = {
            FIRM: pa.array(np.arange(first, first + rows, dtype=np.int64)),
            **made.texts,
            KIND_OF_SUBJECT: self._arrow(SUBJECT, KIND_OF_SUBJECT, known(made.bearers.kind, KINDS)),
        }
        cells = self._subject_cells(made, draws)
        for name, each in cells.items():
            columns[name] = self._arrow(SUBJECT, name, each)
        for list_id, policy_list in self.library.lists.items():
            columns[f"list.{list_id}"] = pa.array(self._listed(policy_list.of, made, draws))
        records: dict[str, pa.RecordBatch] = {}
        for record in self.library.facts.by_list.values():
            has, batch = self._records(record.name, made, draws)
            columns[f"has.{record.list_name}"] = pa.array(np.ones(rows, dtype=np.bool_), mask=~has)
            records[record.name] = batch
        return Block(pa.record_batch(columns), records, first)

    def _listed(self, of: str, made: Subjects, draws: Draws) -> Bools:
        if of == "region":
            return np.asarray(self._risky[made.county])
        few = value("subject_lists")
        return draws.below(int(few["of"]), made.bearers.rows) < int(few["listed"])

    def _arrow(self, record: str, name: str, cells: Cells) -> pa.Array:
        field = field_of(self.library, record, name)
        assert field is not None, f"{name} has no column"
        return cells.arrow(field.type)

    def _subject_cells(self, made: Subjects, draws: Draws) -> dict[str, Cells]:
        bearers, facts = made.bearers, self.library.facts.subject
        cells: dict[str, Cells] = {}
        bearers.drawn = {}
        for name, fact in facts.items():
            if name in made.texts:
                continue
            each = made.cells.get(name)
            each = self._draws_of.draw(fact, bearers, draws) if each is None else each
            bearers.drawn[name] = each
            each.known = each.known & self._concerned(fact, bearers)
            cells[name] = each
        self._put_on_boundaries(SUBJECT, cells, bearers, draws)
        for name, fact in facts.items():
            if name in cells:
                self._forget(fact, cells[name], draws)
        for (record, name), periods in self._periods.items():
            if record == SUBJECT:
                for period in periods:
                    cells[f"{name}@{period}"] = self._of_period(facts[name], period, cells, made, draws)
        return cells

    def _concerned(self, fact: Fact, bearers: Bearers) -> Bools:
        """Return the rows whose subject can have the fact."""
        if fact.subjects:
            return bearers.of_kinds(fact.subjects)
        if fact.name in self._person_facts or fact.name == "region":
            return np.ones(bearers.rows, dtype=np.bool_)
        return ~bearers.of_kinds(_PERSON_KINDS)

    def _of_period(
        self, fact: Fact, period: str, cells: dict[str, Cells], made: Subjects, draws: Draws
    ) -> Cells:
        """Return the latest period as the plain column has it; an earlier one near to it."""
        plain = cells[fact.name]
        if period == latest_period(fact.period, self.as_of):
            return plain
        before = made.cells.get(f"{fact.name}@before")
        if before is None:
            share = draws.quantiles((300, 700, 900, 980, 1050, 1200, 1500, 2500, 5000), len(plain.values))
            before = known(plain.values // _THOUSAND * share)
        cell = Cells(before.values, plain.known.copy())
        self._forget(fact, cell, draws)
        return cell

    def _forget(self, fact: Fact, cells: Cells, draws: Draws) -> None:
        rate = int(value("unknown_of_a_thousand")[fact.known_by]) * _THOUSAND
        cells.known &= ~draws.holds(rate, len(cells.values))

    def _put_on_boundaries(
        self, record: str, cells: dict[str, Cells], bearers: Bearers, draws: Draws
    ) -> None:
        """Put some rows at a threshold of some rule, or one unit beside it."""
        lines: list[tuple[FactName, tuple[int, ...]]] = [
            (key, values) for key, values in self._boundaries.items() if key[0] == record and key[1] in cells
        ]
        rate = int(value("boundary_rows_of_a_thousand")["rows"]) * _THOUSAND
        rows = np.flatnonzero(draws.holds(rate, bearers.rows))
        if not lines or not len(rows):
            return
        chosen = draws.below(len(lines), len(rows))
        for number, ((_, name), values) in enumerate(lines):
            own = rows[chosen == number]
            fact = self.library.facts.records[record].facts[name]
            if record == SUBJECT:
                own = own[self._concerned(fact, bearers)[own]]
            at = (
                np.array(values, dtype=np.int64)[draws.below(len(values), len(own))]
                + draws.below(3, len(own))
                - 1
            )
            cells[name].values[own] = (
                np.maximum(at, 1 if fact.positive else 0) if fact.unit is not None else at
            )
            cells[name].known[own] = True

    def _records(self, record: str, made: Subjects, draws: Draws) -> tuple[Bools, pa.RecordBatch]:
        """Return whose list stands, and the records."""
        kind = self.library.facts.records[record]
        spec = value("records").get(record, {"known_by": "firm", "share": {"enterprise": 10}, "counts": [1]})
        bearers = made.bearers
        share = (
            np.array([spec["share"].get(name, 0) for name in KINDS], dtype=np.int64)[bearers.kind] * 10_000
        )
        some = draws.holds(share, bearers.rows)
        unknown = int(value("unknown_of_a_thousand")[spec["known_by"]]) * _THOUSAND
        stands = ~draws.holds(unknown, bearers.rows)
        counts = draws.among(spec["counts"], bearers.rows) + 1
        counts = np.where(some & stands, counts, 0)
        firm = np.repeat(np.arange(bearers.rows, dtype=np.int64), counts)
        starts = np.cumsum(counts) - counts
        place = np.arange(len(firm), dtype=np.int64) - starts[firm]
        own = Bearers(
            self.as_of,
            bearers.kinds,
            bearers.kind[firm],
            bearers.industries,
            bearers.industry[firm],
            {name: numbers[firm] for name, numbers in bearers.numbers.items()},
            place,
        )
        cells: dict[str, Cells] = {}
        for name, fact in kind.facts.items():
            cells[name] = self._draws_of.draw(fact, own, draws)
            own.drawn[name] = cells[name]
            if fact.unit is not None:
                # Other facts of the record follow from it in yuan or whole units.
                own.numbers.setdefault(name, _written(fact, cells[name].values))
        self._put_on_boundaries(record, cells, own, draws)
        columns: dict[str, pa.Array] = {FIRM: pa.array(firm)}
        for name, fact in kind.facts.items():
            self._forget(fact, cells[name], draws)
            columns[name] = self._arrow(record, name, cells[name])
        return stands, pa.record_batch(columns)


def _written(fact: Fact, values: Whole) -> Whole:
    is_money = fact.unit is not None and fact.unit.power("yuan") == 1
    return values // 100 if is_money else values // 10**fact.decimals


def write_population(
    population: RegionPopulation,
    folder: Path,
    replace: bool = False,
    done: Callable[[int], None] = lambda rows: None,
) -> dict[str, int]:
    """Write a population as a prepared folder; return the rows of each table by record kind.

    `population.json` beside the tables says what was drawn and where each figure behind it is from. `done` is told the
    number of subjects after each block. Raises BadInput if the folder holds something, unless `replace`.
    """
    rows: dict[str, int] = {}
    with PreparedWriter(folder, population.library, True, SOURCE, replace=replace) as writer:
        for block in population.blocks():
            writer.write(block)
            for name, batch in ((SUBJECT, block.firms), *block.records.items()):
                rows[name] = rows.get(name, 0) + batch.num_rows
            done(rows[SUBJECT])
        about = {
            "synthetic": True,
            "source": SOURCE,
            "region": population.region,
            "firms": population.firms,
            "seed": population.seed,
            "as_of": population.as_of.isoformat(),
            "rows": rows,
            "margins": [each.provenance for each in margins().values()],
        }
        text = json.dumps(about, ensure_ascii=False, indent=2) + "\n"
        (writer.part / "population.json").write_text(text, encoding="utf-8")
    return rows
