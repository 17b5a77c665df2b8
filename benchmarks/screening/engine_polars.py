"""Polars, streaming: the measures as expressions over whole numbers, then sums by county."""

from __future__ import annotations

import numpy as np
import polars as pl
from flat_measures import FlatMeasure
from flat_table import table_of
from population import load
from printing import all_of, names_in, polars_condition, polars_number
from task import PARQUET, Act, Task, Totals
from whole_numbers import whole


def _columns(measure: FlatMeasure, with_unknown: bool) -> tuple[list[pl.Expr], list[pl.Expr]]:
    """Return what is worked out for each firm, and what is added up of it."""
    number = measure.number
    held = polars_condition(all_of(measure), pl)
    paid = held
    if with_unknown:
        # min_horizontal passes null over: an amount counts only where all that it reads is known.
        for name in sorted(names_in(measure.amount)):
            paid = paid & pl.col(name).is_not_null()
    inner = [
        held.alias(f"c{number}"),
        pl.when(paid).then(polars_number(measure.amount, pl)).otherwise(0).alias(f"a{number}"),
    ]
    outer = [pl.col(f"c{number}").sum().alias(f"e{number}"), pl.col(f"a{number}").sum().alias(f"f{number}")]
    if with_unknown:
        outer.append(pl.col(f"c{number}").null_count().alias(f"u{number}"))
    return inner, outer


def prepared(task: Task) -> Act:
    """Load the firms, or name the file, and return what runs the query. `options.together`: measures to a query."""
    measures = [whole(each, task.words) for each in task.flat()]
    if task.source == "parquet":
        firms = pl.scan_parquet(task.at / PARQUET)
    else:
        firms = pl.from_arrow(table_of(load(task.at / "columns", task.words))).rechunk().lazy()
    together = int(task.options.get("together", len(measures)))
    queries = []
    for start in range(0, len(measures), together):
        columns = [_columns(each, task.unknown > 0) for each in measures[start : start + together]]
        inner = [each for side in columns for each in side[0]]
        outer = [each for side in columns for each in side[1]]
        queries.append(firms.select("region", *inner).group_by("region").agg(outer))

    def act() -> Totals:
        made = Totals.none(task)
        for query in queries:
            answer = query.collect(engine="streaming")
            region = answer["region"].to_numpy()
            for name in answer.columns[1:]:
                totals = {"e": made.eligible, "u": made.undetermined, "f": made.fen}[name[0]]
                totals[int(name[1:]), region] = answer[name].to_numpy().astype(np.int64)
        return made

    return act
