"""Firms to compare on: made from a seed, spread evenly by logarithm, some of them exactly at a limit or a fen off it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from flat_measures import (
    FIELDS,
    FIRST_DAY,
    LAST_DAY,
    Compare,
    Condition,
    Fact,
    Field,
    FlatMeasure,
    Joined,
    Not,
    Num,
)
from numpy.typing import NDArray
from whole_numbers import EPOCH

Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Firms:
    """Columns of whole numbers (fen, days since 1970, codes, yes-no) and, where facts are unknown, what is known."""

    values: Columns
    known: Columns
    words: dict[str, list[str]]

    @property
    def count(self) -> int:
        """How many firms there are."""
        return len(self.values["region"])


def make_firms(
    count: int, seed: int, unknown: float, words: dict[str, list[str]], measures: Sequence[FlatMeasure]
) -> Firms:
    """Return `count` firms, of each fact but the region a share `unknown` not known. Unknown values are stored as 0."""
    limits: dict[str, list[int]] = {}
    for measure in measures:
        for each in measure.when:
            for name, limit in _limits(each):
                limits.setdefault(name, []).append(limit)
    values: Columns = {}
    known: Columns = {}
    for place, field in enumerate(FIELDS.values()):
        generator = np.random.default_rng((seed, place))
        column = _column(field, count, generator, words)
        if field.name in limits:
            at = np.flatnonzero(generator.random(count) < 0.01)
            near = generator.choice(np.array(limits[field.name]), len(at)) + generator.integers(
                -1, 2, len(at)
            )
            column[at] = np.maximum(near, 0)
        if unknown and field.name != "region":
            known[field.name] = generator.random(count) >= unknown
            column[~known[field.name]] = 0
        values[field.name] = column
    return Firms(values, known, words)


def _column(
    field: Field, count: int, generator: np.random.Generator, words: dict[str, list[str]]
) -> NDArray[Any]:
    if field.kind == "yes_no":
        return generator.random(count) < 0.5
    if field.kind in ("choice", "industry", "region"):
        return generator.integers(0, len(words[field.name]), count, dtype=np.int32)
    if field.kind == "date":
        return generator.integers((FIRST_DAY - EPOCH).days, (LAST_DAY - EPOCH).days, count, dtype=np.int32)
    if field.kind == "ratio":
        return generator.integers(0, field.scale + 1, count, dtype=np.int64)
    spread = np.exp(generator.uniform(np.log(field.low), np.log(field.high), count))
    return (spread * field.scale).astype(np.int64)


def _limits(node: Condition) -> Iterator[tuple[str, int]]:
    if isinstance(node, Joined):
        for each in node.parts:
            yield from _limits(each)
    elif isinstance(node, Not):
        yield from _limits(node.of)
    elif isinstance(node, Compare) and isinstance(node.left, Fact) and isinstance(node.right, Num):
        yield node.left.name, int(node.right.value * FIELDS[node.left.name].scale)


def save(firms: Firms, folder: Path) -> None:
    """Save every column as a file of its own."""
    folder.mkdir(parents=True)
    for kind, columns in (("values", firms.values), ("known", firms.known)):
        (folder / kind).mkdir()
        for name, column in columns.items():
            np.save(folder / kind / f"{name}.npy", column)


def load(folder: Path, words: dict[str, list[str]], count: int | None = None) -> Firms:
    """Return saved columns, in memory; `count` takes the first only."""
    columns: Mapping[str, Columns] = {"values": {}, "known": {}}
    for kind, found in columns.items():
        for path in sorted((folder / kind).glob("*.npy")):
            found[path.stem] = np.load(path)[:count]
    return Firms(columns["values"], columns["known"], words)
