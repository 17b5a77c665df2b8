"""Deadlines and rhythms against the gold files: F1 at least 0.95."""

import re
from pathlib import Path

import pytest

from huiqi.documents import normalise
from huiqi.documents.deadlines import read_deadlines

GOLD = Path(__file__).parent / "gold"
TEXTS = Path(__file__).parent / "texts"
FLOOR = 0.95
NAMES = sorted(path.stem for path in GOLD.glob("*.yaml") if not path.name.startswith(("classes-", "align-")))
WRITTEN = [name for name in NAMES if (TEXTS / f"{name}.txt").is_file()]


def named(names):
    marked = [pytest.mark.documents]
    return [pytest.param(name, marks=[] if name in WRITTEN else marked) for name in names]


def core(printed):
    """The words without those that open or close a date: 至2025年底 and 2025年底前 speak of one day."""
    form = normalise(printed)
    form = re.sub(r"^(?:延长至|不超过|截[至止]|自|从|在|于|到|至|有效期|by|before)+", "", form)
    return re.sub(r"(?:之前|以前|前|起|止|为)+$", "", form)


def agrees(found, gold):
    """Whether one found deadline is the gold one or one of its other readings."""
    one, other = core(found.printed), core(gold["printed"])
    if one not in other and other not in one:
        return False
    return any(
        (found.date and found.date.isoformat(), found.rhythm)
        == (reading.get("date") and str(reading["date"]), reading.get("rhythm"))
        for reading in ({**gold, **also} for also in [{}, *gold.get("also", [])])
    )


def compare(found, gold):
    """Return the found ones that nothing backs and the gold ones that nothing found, with the hits' number."""
    left, hits, spurious = sorted(gold, key=lambda entry: bool(entry.get("optional"))), 0, []
    for each in found:
        match = next((entry for entry in left if agrees(each, entry)), None)
        if match is None:
            # Where the gold leaves the day open, a reader's own day or rhythm is not wrong.
            if not any(
                entry.get("optional") and core(entry["printed"]) in core(each.printed) for entry in gold
            ) and not is_leavable(each):
                spurious.append(each)
            continue
        left.remove(match)
        hits += not match.get("optional")
    return hits, spurious, [entry for entry in left if not entry.get("optional")]


def is_leavable(found):
    """A start, a span in force or a limit from an event: the gold may name it or not."""
    return found.kind in {"since", "span"} or found.flag == "from-event"


@pytest.mark.parametrize("name", named(NAMES))
def test_deadlines_are_those_of_a_careful_reader(name, gold_clauses):
    hits, spurious, missed = 0, [], []
    for path, clause in gold_clauses(name).items():
        found = read_deadlines(clause.text, clause.issued, clause.issued.year if clause.issued else 2022)
        found_here = compare(found, clause.deadlines)
        hits += found_here[0]
        spurious += [(path, each.printed, each.date, each.rhythm) for each in found_here[1]]
        missed += [(path, entry["printed"], entry["date"], entry["rhythm"]) for entry in found_here[2]]
    score = 2 * hits / (2 * hits + len(spurious) + len(missed)) if hits else 1.0
    assert score >= FLOOR, f"F1 {score:.3f}; not in the gold: {spurious}; not found: {missed}"
