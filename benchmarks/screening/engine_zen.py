"""zen-engine: the measures as expressions of one decision, firm by firm, on its first 20,000 firms. It knows decimals."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import zen
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
    Op,
    PerHead,
)
from population import load
from rule_files import decimal
from shares import bounds, in_processes
from task import SAMPLE, Act, Task, Totals
from whole_numbers import Ranges, condition


def _number(node: Number) -> str:
    if isinstance(node, Num):
        return decimal(node.value)
    if isinstance(node, Fact):
        return node.name
    if isinstance(node, PerHead):
        return f"({node.count} * {decimal(node.yuan)})"
    if isinstance(node, Banded):
        text = _number(node.last)
        for limit, rate in reversed(node.bands):
            text = f"({node.of.name} < {_number(limit)} ? {_number(rate)} : {text})"
        return text
    if isinstance(node, Extreme):
        return f"{node.which}([{_number(node.left)}, {_number(node.right)}])"
    assert isinstance(node, Op)
    return f"({_number(node.left)} {node.sign} {_number(node.right)})"


def _condition(node: Condition, words: dict[str, list[str]]) -> str:
    if isinstance(node, Joined):
        return "(" + f" {node.word} ".join(_condition(each, words) for each in node.parts) + ")"
    if isinstance(node, Not):
        return f"not ({_condition(node.of, words)})"
    if isinstance(node, Is):
        return node.name
    lowered = condition(node, words)
    if isinstance(lowered, Ranges):
        tests = (
            f"({node_name} >= {low} and {node_name} <= {high})"
            for node_name in (lowered.name,)
            for low, high in lowered.ranges
        )
        return "(" + " or ".join(tests) + ")"
    assert isinstance(node, Compare)
    assert isinstance(lowered, Compare)
    is_date = isinstance(node.left, Fact) and FIELDS[node.left.name].kind == "date"
    right: Any = lowered.right if is_date else node.right
    return f"({_number(node.left)} {node.operator} {_number(right)})"


def _decision(measures: list[FlatMeasure], words: dict[str, list[str]]) -> str:
    expressions = []
    for each in measures:
        held = " and ".join(_condition(part, words) for part in each.when)
        value = f"{held} ? floor({_number(each.amount)} * 100 + 0.5) : -1"
        expressions.append({"id": str(each.number), "key": f"m{each.number}", "value": value})
    place = {"x": 0, "y": 0}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": place},
        {
            "id": "all",
            "type": "expressionNode",
            "name": "all",
            "position": place,
            "content": {"expressions": expressions},
        },
        {"id": "out", "type": "outputNode", "name": "out", "position": place},
    ]
    edges = [
        {"id": "first", "sourceId": "in", "targetId": "all", "type": "edge"},
        {"id": "second", "sourceId": "all", "targetId": "out", "type": "edge"},
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


def prepared(task: Task) -> Act:
    """Return what evaluates the first firms one by one, a share in each process."""
    measures = task.flat()
    content = _decision(measures, task.words)
    count = min(task.firms, SAMPLE)
    firms = load(task.at / "columns", task.words, count)
    columns: dict[str, list[Any]] = {}
    for field in FIELDS.values():
        values = firms.values[field.name]
        columns[field.name] = (values / field.scale).tolist() if field.scale > 1 else values.tolist()

    def share(first: int, stop: int) -> Totals:
        made = Totals.none(task)
        decision = zen.ZenEngine().create_decision(content)
        amounts = np.full((len(measures), count), -1, dtype=np.int64)
        names = list(columns)
        for row in range(first, stop):
            answer = decision.evaluate({name: columns[name][row] for name in names})["result"]
            county = columns["region"][row]
            for place, each in enumerate(measures):
                fen = answer[f"m{each.number}"]
                if fen >= 0:
                    made.eligible[place, county] += 1
                    made.fen[place, county] += int(fen)
                    amounts[place, row] = int(fen)
        made.amounts = amounts
        return made

    return in_processes(task, share, bounds(task, count))
