"""Figures against the gold files: F1 at least 0.95 over value, unit and direction."""

from fractions import Fraction
from pathlib import Path

import pytest

from huiqi.documents.deadlines import read_deadlines
from huiqi.documents.quantities import read_quantities

GOLD = Path(__file__).parent / "gold"
TEXTS = Path(__file__).parent / "texts"
FLOOR = 0.95
NAMES = sorted(path.stem for path in GOLD.glob("*.yaml") if not path.name.startswith(("classes-", "align-")))
WRITTEN = [name for name in NAMES if (TEXTS / f"{name}.txt").is_file()]


def named(names):
    marked = [pytest.mark.documents]
    return [pytest.param(name, marks=[] if name in WRITTEN else marked) for name in names]


def reading_of(quantity):
    ends = [quantity.value] if quantity.value_to is None else [quantity.value, quantity.value_to]
    return tuple(ends), quantity.unit, quantity.direction


def readings_of(entry):
    """The gold's own reading and those that are as good."""
    for also in [{}, *entry.get("also", [])]:
        reading = {**entry, **also}
        ends = tuple(Fraction(end) for end in reading["value"].split(".."))
        yield ends, reading["unit"], reading["direction"]


def compare(found, gold):
    """Return the hits' number, what nothing backs and what was not found; optional entries may be either."""
    left, hits, spurious = list(gold), 0, []
    for each in found:
        match = next((entry for entry in left if reading_of(each) in readings_of(entry)), None)
        if match is None:
            spurious.append(each)
            continue
        left.remove(match)
        hits += not match.get("optional")
    return hits, spurious, [entry for entry in left if not entry.get("optional")]


@pytest.mark.parametrize("name", named(NAMES))
def test_figures_are_those_of_a_careful_reader(name, gold_clauses):
    hits, spurious, missed = 0, [], []
    for path, clause in gold_clauses(name).items():
        due = read_deadlines(clause.text, clause.issued, clause.issued.year if clause.issued else None)
        found_here = compare(read_quantities(clause.text, due), clause.quantities)
        hits += found_here[0]
        spurious += [
            (path, each.printed, str(each.value), each.unit, each.direction) for each in found_here[1]
        ]
        missed += [(path, entry["printed"], entry["direction"]) for entry in found_here[2]]
    score = 2 * hits / (2 * hits + len(spurious) + len(missed)) if hits else 1.0
    assert score >= FLOOR, f"F1 {score:.3f}; not in the gold: {spurious}; not found: {missed}"
