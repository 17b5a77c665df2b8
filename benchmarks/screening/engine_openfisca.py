"""OpenFisca: the measures as formulas over vectors of 32-bit floats. It knows no unknown facts.

Runs in an environment of its own; a new simulation each time, since a simulation remembers its answers. More firms than
OPENFISCA_FIRMS are scaled: with four millions in one simulation each firm cost it a third more. It uses one core; here
its firms are also shared among processes, which it does not do itself (`options.processes` 1: as it comes).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from flat_measures import (
    FIELDS,
    Banded,
    Compare,
    Condition,
    Extreme,
    Fact,
    FlatMeasure,
    Is,
    Joined,
    Not,
    Num,
    Number,
    PerHead,
)
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from population import load
from shares import bounds, in_processes
from task import OPENFISCA_FIRMS, SAMPLE, Act, Task, Totals
from whole_numbers import Ranges, condition

_PERIOD = "2022"


def _number(node: Number) -> str:
    """Return a number as a formula over vectors, in yuan."""
    if isinstance(node, Num):
        return repr(float(node.value))
    if isinstance(node, Fact):
        return f"firm('{node.name}', period)"
    if isinstance(node, PerHead):
        return f"firm('{node.count}', period) * {float(node.yuan)}"
    if isinstance(node, Banded):
        text = _number(node.last)
        for limit, rate in reversed(node.bands):
            text = f"np.where({_number(node.of)} < {_number(limit)}, {_number(rate)}, {text})"
        return text
    if isinstance(node, Extreme):
        return f"np.{node.which}imum({_number(node.left)}, {_number(node.right)})"
    return f"({_number(node.left)} {node.sign} {_number(node.right)})"


def _condition(node: Condition, words: dict[str, list[str]]) -> str:
    if isinstance(node, Joined):
        sign = " * " if node.word == "and" else " + "
        return "(" + sign.join(_condition(each, words) for each in node.parts) + ")"
    if isinstance(node, Not):
        return f"np.logical_not({_condition(node.of, words)})"
    if isinstance(node, Is):
        return f"firm('{node.name}', period)"
    lowered = condition(node, words)
    if isinstance(lowered, Ranges):
        column = f"firm('{lowered.name}', period)"
        return (
            "("
            + " + ".join(f"({column} >= {low}) * ({column} <= {high})" for low, high in lowered.ranges)
            + ")"
        )
    assert isinstance(node, Compare)
    assert isinstance(lowered, Compare)
    # Days are whole; the rest is compared as written, in yuan.
    right = (
        lowered.right if isinstance(node.left, Fact) and FIELDS[node.left.name].kind == "date" else node.right
    )
    assert not hasattr(right, "year")
    return f"({_number(node.left)} {node.operator} {_number(right)})"  # type: ignore[arg-type]


def _formula(text: str) -> Any:
    return eval(f"lambda firm, period, parameters=None: {text}", {"np": np})


def _system(measures: list[FlatMeasure], words: dict[str, list[str]]) -> TaxBenefitSystem:
    firm = build_entity(key="firm", plural="firms", label="firm", is_person=True)
    system = TaxBenefitSystem([firm])

    def add(name: str, type_: type, text: str | None) -> None:
        body: dict[str, Any] = {
            "value_type": type_,
            "entity": firm,
            "definition_period": DateUnit.YEAR,
            "label": name,
        }
        if text is not None:
            made = _formula(text)
            body["formula"] = lambda firm, period, parameters: made(firm, period)
        system.add_variable(type(name, (Variable,), body))

    for field in FIELDS.values():
        kinds: dict[str, type] = {"money": float, "monthly": float, "ratio": float, "yes_no": bool}
        add(field.name, kinds.get(field.kind, int), None)
    for measure in measures:
        add(f"holds_{measure.number}", bool, " * ".join(_condition(each, words) for each in measure.when))
        add(
            f"owed_{measure.number}",
            float,
            f"firm('holds_{measure.number}', period) * ({_number(measure.amount)})",
        )
    return system


def prepared(task: Task) -> Act:
    """Load the firms as floats in yuan and return what simulates them, a share in each process."""
    measures = task.flat()
    system = _system(measures, task.words)
    count = min(task.firms, OPENFISCA_FIRMS)
    firms = load(task.at / "columns", task.words, count)
    inputs: dict[str, Any] = {}
    for field in FIELDS.values():
        values = firms.values[field.name]
        inputs[field.name] = (values / field.scale).astype(np.float32) if field.scale > 1 else values

    def share(first: int, stop: int) -> Totals:
        made = Totals.none(task)
        simulation = SimulationBuilder().build_default_simulation(system, count=stop - first)
        for name, values in inputs.items():
            simulation.set_input(name, _PERIOD, values[first:stop])
        county = firms.values["region"][first:stop].astype(np.intp)
        sample = min(SAMPLE, stop) if first == 0 else 0
        amounts = np.full((len(measures), sample), -1, dtype=np.int64)
        for place, measure in enumerate(measures):
            holds = simulation.calculate(f"holds_{measure.number}", _PERIOD)
            owed = simulation.calculate(f"owed_{measure.number}", _PERIOD)
            made.eligible[place] = np.bincount(county[holds], minlength=task.counties)
            made.fen[place] = np.rint(
                np.bincount(county, weights=owed, minlength=task.counties) * 100
            ).astype(np.int64)
            if sample:
                fen = np.floor(owed[:sample].astype(np.float64) * 100 + 0.5).astype(np.int64)
                amounts[place] = np.where(holds[:sample], fen, -1)
        made.amounts = amounts if sample else None
        return made

    if task.options.get("processes") == "1":
        return lambda: share(0, count)
    return in_processes(task, share, bounds(task, count))
