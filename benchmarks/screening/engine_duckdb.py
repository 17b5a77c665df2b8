"""DuckDB: the measures as SQL over whole numbers, some to a SELECT, each the sum of CASE WHEN by county."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
from flat_measures import FlatMeasure
from flat_table import table_of
from population import load
from printing import SQL, all_of, names_in
from task import PARQUET, Act, Task, Totals
from whole_numbers import whole

_TOGETHER = 20
"""More measures to one SELECT are slower."""


def _query(measures: list[FlatMeasure], firms: str, with_unknown: bool) -> str:
    """Return the sums of some measures; with unknown facts a condition is worked out first, since it is read thrice."""
    sums, conditions = [], []
    for measure in measures:
        held, paid = SQL.condition(all_of(measure)), ""
        if with_unknown:
            conditions.append(f"{held} AS c{measure.number}")
            held = f"c{measure.number}"
            # least() passes NULL over: an amount counts only where all that it reads is known.
            paid = "".join(f" AND {name} IS NOT NULL" for name in sorted(names_in(measure.amount)))
        open_ones = f"count(*) - count({held})" if with_unknown else "0"
        sums.append(
            f"sum(CASE WHEN {held} THEN 1 ELSE 0 END), {open_ones}, "
            f"sum(CASE WHEN {held}{paid} THEN {SQL.number(measure.amount)} ELSE 0 END)"
        )
    if with_unknown:
        read = frozenset({"region"}).union(*(names_in(each.amount) for each in measures))
        firms = f"(SELECT {', '.join((*sorted(read), *conditions))} FROM {firms})"
    return f"SELECT region, {', '.join(sums)} FROM {firms} GROUP BY region"


def prepared(task: Task) -> Act:
    """Load the firms into a table in memory, or name the file, and return what runs the queries."""
    measures = [whole(each, task.words) for each in task.flat()]
    connection = duckdb.connect(config={"threads": task.threads})
    if task.source == "parquet":
        firms = f"read_parquet('{task.at / PARQUET}')"
    else:
        loaded = table_of(load(task.at / "columns", task.words))
        connection.register("loaded", loaded)
        connection.execute("CREATE TABLE firms AS SELECT * FROM loaded")
        connection.unregister("loaded")
        firms = "firms"
    together = int(task.options.get("together", _TOGETHER))
    queries = [
        _query(measures[start : start + together], firms, task.unknown > 0)
        for start in range(0, len(measures), together)
    ]

    def act() -> Totals:
        made = Totals.none(task)
        place = 0
        for query in queries:
            answer: pa.Table = connection.sql(query).to_arrow_table()
            region = answer.column(0).to_numpy()
            for column in range(1, answer.num_columns, 3):
                for side, totals in enumerate((made.eligible, made.undetermined, made.fen)):
                    totals[place, region] = np.array(answer.column(column + side).cast(pa.int64()).to_numpy())
                place += 1
        return made

    return act
