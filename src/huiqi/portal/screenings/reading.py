"""Reading the register for a run: some thousand firms a chunk, county by county, then one prepared population.

A chunk that is whole is never read again, so a run that was killed goes on behind it. In the population no block
lies in two counties, so that what a part comes to belongs to one county.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db.models import Count

from huiqi.policies.library import PolicyLibrary
from huiqi.portal.accounts.models import prefix
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.models import Head
from huiqi.portal.firms.models import FactChange, Firm
from huiqi.portal.firms.outside import outside_claims
from huiqi.portal.screenings.facts import FirmColumns, RegisteredFirm
from huiqi.portal.screenings.folders import RunFolder
from huiqi.portal.screenings.models import Screening
from huiqi.portal.screenings.progress import Progress
from huiqi.rules.columns.frame import Block
from huiqi.rules.facts import SUBJECT
from huiqi.screening.prepared import FIRM, PreparedWriter, read_blocks

CHUNK = 4_096
"""Firms read at once: until they stand in columns, each takes some ten thousand bytes and more."""
BLOCK = 32_768
REGISTERED = "registered.parquet"
"""Beside the tables of a chunk and of the population: who each row is in the register."""
REGISTERED_SCHEMA = pa.schema(
    [
        *(("pk", pa.int64()), ("code", pa.string()), ("name", pa.string())),
        *(("county", pa.string()), ("section", pa.string()), ("size", pa.string())),
    ]
)
_WANTED = ("pk", "credit_code", "subject", "name", "region", "industry", "size", "facts", "records")
_AT_ONCE = 500
_PLAN = "plan.json"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run set out to read: firms by county, since when, after which event and which change of a fact."""

    counties: dict[str, int]
    read_from: str
    event: int
    change: int

    @property
    def firms(self) -> int:
        """The firms of all counties."""
        return sum(self.counties.values())


def plan_of(run: Screening, folder: RunFolder, now: datetime) -> Plan:
    """Return the run's plan: that of an earlier attempt, else one made now."""
    said = folder.read(_PLAN)
    if said is None:
        counts = firms_of(run).order_by("region").values("region").annotate(firms=Count("pk"))
        counties = dict(counts.values_list("region", "firms"))
        said = {"counties": counties, "read_from": now.isoformat(), **register_state()}
        folder.write(_PLAN, said)
    return Plan(said["counties"], said["read_from"], said["event"], said["change"])


def register_state() -> dict[str, int]:
    """Return the numbers of the last event and of the last change of a fact."""
    changes = FactChange.objects.for_site("the number of the last change, whosesoever it is")
    last = changes.order_by("-pk").values_list("pk", flat=True).first()
    return {"event": Head.objects.get(pk=1).sequence, "change": last or 0}


def firms_of(run: Screening) -> ScopedQuerySet:
    """Return the firms that a run takes in: those of its region that stand in the register."""
    within = prefix(run.region)
    rows = Firm.objects.for_site("a run reads the region that its starter's office reaches")
    return rows.filter(listed=True, region__gte=within.ljust(6, "0"), region__lte=within.ljust(6, "9"))


def read_register(
    run: Screening, folder: RunFolder, plan: Plan, library: PolicyLibrary, progress: Progress
) -> None:
    """Leave the run's population in its folder; what an earlier attempt left there is taken over."""
    if folder.population.is_dir():
        return
    folder.chunks.mkdir(exist_ok=True)
    columns = FirmColumns(library, run.as_of)
    source = f"企业名册 {run.region}，事件 {plan.event}"
    done = 0
    chunks: dict[str, list[Path]] = {}
    for county in plan.counties:
        moved = _moved(plan, [each for of_county in chunks.values() for each in of_county])
        for chunk, firms in _chunks(_Reading(run, county, moved), folder.chunks, columns, source):
            chunks.setdefault(county, []).append(chunk)
            done += firms
            progress.tell(min(done, plan.firms), plan.firms)
    _join(chunks, folder.population, library, source)


def blocks_by_county(population: Path) -> list[str]:
    """Return the county that each block of a population lies in."""
    firms = pq.read_table(population / REGISTERED, columns=["county", "block"])
    seen: dict[int, str] = {}
    for block, county in zip(*(firms.column(name).to_pylist() for name in ("block", "county")), strict=True):
        seen.setdefault(block, county)
    return [seen[block] for block in sorted(seen)]


def _moved(plan: Plan, chunks: list[Path]) -> frozenset[int]:
    """Return the firms that moved while the run was reading and were read where they were before."""
    moves = FactChange.objects.for_site("firms that moved meanwhile are read once")
    moved = set(moves.filter(pk__gt=plan.change, fact="region").values_list("firm_id", flat=True))
    if not moved:
        return frozenset()
    read = (pq.read_table(chunk / REGISTERED, columns=["pk"]).column("pk").to_pylist() for chunk in chunks)
    return frozenset(pk for of_chunk in read for pk in of_chunk if pk in moved)


def _chunks(reading: _Reading, house: Path, columns: FirmColumns, source: str) -> Iterator[tuple[Path, int]]:
    """Yield the chunks of a county with their firms, those that lie there already first."""
    number = 0
    while True:
        chunk = house / f"{reading.county}-{number:06}"
        if not chunk.is_dir():
            block = columns.block(reading.firms())
            if not reading.seen:
                return
            with PreparedWriter(chunk, columns.library, False, source) as writer:
                writer.write(block)
                pq.write_table(reading.table(), writer.part / REGISTERED)
        keys = pq.read_table(chunk / REGISTERED, columns=["pk"]).column("pk")
        reading.after, number = pc.max(keys).as_py(), number + 1
        yield chunk, len(keys)


@dataclass
class _Reading:
    """Reads a county chunk by chunk; `seen` keeps who the firms of the last chunk are."""

    run: Screening
    county: str
    without: frozenset[int]
    after: int = 0
    seen: list[tuple[object, ...]] = field(default_factory=list)

    def firms(self) -> Iterator[RegisteredFirm]:
        """Yield the next firms one after another, so that no more than a few hundred are held at once."""
        self.seen = []
        rows = firms_of(self.run).filter(region=self.county, pk__gt=self.after).order_by("pk")
        if self.without:
            rows = rows.exclude(pk__in=self.without)
        some = list(rows.only("pk", "region")[:CHUNK])
        # What lists say of firms stands outside their rows.
        outside = outside_claims(some, self.run.as_of)
        wanted = rows.filter(pk__lte=some[-1].pk) if some else rows.none()
        for row in wanted.values_list(*_WANTED).iterator(chunk_size=_AT_ONCE):
            firm = RegisteredFirm(*row)
            self.seen.append(
                (firm.pk, firm.credit_code, firm.name, firm.region, firm.industry[:1], firm.size)
            )
            yield firm if firm.pk not in outside else firm.told(outside[firm.pk])

    def table(self) -> pa.Table:
        """Return who the firms are."""
        columns = zip(*self.seen, strict=True)
        arrays = [
            pa.array(column, field.type) for column, field in zip(columns, REGISTERED_SCHEMA, strict=True)
        ]
        return pa.table(arrays, schema=REGISTERED_SCHEMA)


def _join(chunks: dict[str, list[Path]], population: Path, library: PolicyLibrary, source: str) -> None:
    """Make one population of the chunks, in blocks of one county each, with the columns that any of them fills."""
    columns: dict[str, dict[str, None]] = {}
    for chunk in (each for of_county in chunks.values() for each in of_county):
        for block in read_blocks(chunk, library):
            for record, batch in ((SUBJECT, block.firms), *block.records.items()):
                columns.setdefault(record, {}).update(dict.fromkeys(batch.schema.names))
    schema = REGISTERED_SCHEMA.append(pa.field("block", pa.int32()))
    with PreparedWriter(population, library, False, source, columns) as writer:
        number = 0
        with pq.ParquetWriter(writer.part / REGISTERED, schema, compression="zstd") as registered:
            for of_county in chunks.values():
                for part in range(0, len(of_county), BLOCK // CHUNK):
                    together = of_county[part : part + BLOCK // CHUNK]
                    writer.write(
                        _together([each for chunk in together for each in read_blocks(chunk, library)])
                    )
                    firms = pa.concat_tables(pq.read_table(chunk / REGISTERED) for chunk in together)
                    blocks = pa.array([number] * firms.num_rows, pa.int32())
                    registered.write_table(firms.append_column(schema.field("block"), blocks))
                    number += 1


def _together(blocks: list[Block]) -> Block:
    """Return blocks one after another as one."""
    records: dict[str, list[pa.Table]] = {}
    rows = 0
    for block in blocks:
        for record, batch in block.records.items():
            table = pa.Table.from_batches([batch])
            place = table.schema.get_field_index(FIRM)
            owners = pc.add(table.column(place), rows)
            records.setdefault(record, []).append(table.set_column(place, table.schema.field(place), owners))
        rows += block.firms.num_rows
    return Block(
        _batch([pa.Table.from_batches([each.firms]) for each in blocks]),
        {record: _batch(tables) for record, tables in records.items()},
    )


def _batch(tables: list[pa.Table]) -> pa.RecordBatch:
    table = pa.concat_tables(tables, promote_options="default").unify_dictionaries().combine_chunks()
    arrays = [each.chunk(0) if each.num_chunks else pa.array([], each.type) for each in table.columns]
    return pa.record_batch(arrays, schema=table.schema)
