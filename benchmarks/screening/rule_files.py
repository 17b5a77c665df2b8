"""The flat measures in Huiqi's rule language: a policy folder of their own."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from flat_measures import (
    FIELDS,
    Among,
    Banded,
    Compare,
    Condition,
    Extreme,
    Fact,
    Field,
    FlatMeasure,
    Is,
    Not,
    Num,
    Number,
    Op,
    PerHead,
)

_DOCUMENT = """id: made-up
title: 性能比较用的编造文件
english: A made-up document for comparing speed
number: 编造〔2022〕1号
issuer: 编造机关
date: 2022-01-01
region: '000000'
at_hand: no
"""
_TYPES = {
    "money": "yuan",
    "monthly": "yuan/month",
    "count": "item",
    "ratio": "ratio",
    "date": "date",
    "yes_no": "yes_no",
}


def write_policies(folder: Path, measures: Sequence[FlatMeasure]) -> None:
    """Write facts, a document and a file for each measure."""
    (folder / "facts").mkdir(parents=True)
    facts = "\n".join(_fact(each) for each in FIELDS.values())
    (folder / "facts" / "subject.yaml").write_text(
        f"record: subject\nlabel: 主体\nenglish: subject\nfacts:\n{facts}\n", encoding="utf-8"
    )
    document = folder / "made-up"
    document.mkdir()
    (document / "document.yaml").write_text(_DOCUMENT, encoding="utf-8")
    for measure in measures:
        (document / f"{measure.id}.yaml").write_text(_measure(measure), encoding="utf-8")


def _fact(field: Field) -> str:
    parts = [f"name: {field.name}", f"label: {field.name}", f"english: {field.name}", "known_by: office"]
    if field.kind == "choice":
        parts.append(f"type: choice, choices: {{{', '.join(f'{word}: {word}' for word in field.words)}}}")
    else:
        parts.append(f"type: {_TYPES.get(field.kind, field.kind)}")
    if field.kind in ("money", "monthly"):
        parts.append(f"most: {10_000_000_000 if field.high > 1e9 else 100_000_000}")
    if field.kind == "count":
        parts.append("most: 1000000")
    if field.kind == "ratio":
        parts.append("most: 1, decimals: 4")
    return f"  - {{{', '.join(parts)}}}"


def _measure(measure: FlatMeasure) -> str:
    heads = _heads(measure.amount)
    lines = [
        f"id: {measure.id}",
        f"title: 编造措施{measure.number}",
        f"english: Made-up measure {measure.number}",
        "kind: pay",
        "sources:",
        "  - {document: made-up, clause: 一, words: 编造的措施没有原文}",
        "subject: [enterprise, self_employed, person, institution]",
        "region: '000000'",
        "in_force: {from: 2022-01-01}",
        "when:",
        *(f'  - "{condition(each)}"' for each in measure.when),
    ]
    if heads is not None:
        lines += [
            "parameters:",
            f"  per_head: {{value: {int(heads.yuan)}, unit: yuan/item, words: 编造的措施没有原文}}",
        ]
    lines += [f'amount: "{number(measure.amount)}"', "amount_is: paid", "delivery: automatic"]
    lines += ["agencies:", "  - {name: 编造机关, role: lead}", "examples:"]
    lines += ["  base: {as_of: 2022-07-31}", "  cases:", "    - {name: 无, verdict: undetermined}"]
    return "\n".join(lines) + "\n"


def _heads(node: Number) -> PerHead | None:
    if isinstance(node, PerHead):
        return node
    if isinstance(node, (Op, Extreme)):
        return _heads(node.left) or _heads(node.right)
    return None


def number(node: Number | datetime.date) -> str:
    """Return a number in the rule language."""
    if isinstance(node, datetime.date):
        return f"'{node}'"
    if isinstance(node, Num):
        return decimal(node.value)
    if isinstance(node, Fact):
        return node.name
    if isinstance(node, PerHead):
        return f"{node.count} * per_head"
    if isinstance(node, Banded):
        text = number(node.last)
        for limit, rate in reversed(node.bands):
            text = f"{number(rate)} if {node.of.name} < {number(limit)} else {text}"
        return f"({text})"
    if isinstance(node, Extreme):
        return f"{node.which}({number(node.left)}, {number(node.right)})"
    return f"({number(node.left)} {node.sign} {number(node.right)})"


def decimal(value: Fraction) -> str:
    """Return an exact decimal of a fraction that has one."""
    if value.denominator == 1:
        return str(value.numerator)
    places = next(places for places in range(1, 12) if (value * 10**places).denominator == 1)
    digits = str(int(value * 10**places)).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"


def condition(node: Condition) -> str:
    """Return a condition in the rule language."""
    if isinstance(node, Compare):
        return f"{number(node.left)} {node.operator} {number(node.right)}"
    if isinstance(node, Among):
        members = (
            node.members if FIELDS[node.name].kind == "choice" else [f"'{each}'" for each in node.members]
        )
        return f"{node.name} in {{{', '.join(members)}}}"
    if isinstance(node, Is):
        return node.name
    if isinstance(node, Not):
        return f"not ({condition(node.of)})"
    return f" {node.word} ".join(f"({condition(each)})" for each in node.parts)
