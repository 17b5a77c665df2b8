"""Examples of a measure: facts in, verdict and amount out, with the arithmetic worked by hand.

Read as nodes only; `huiqi check` turns them into cases.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from huiqi.findings import Finding
from huiqi.rules.positions import Mapping, Node, Position
from huiqi.rules.reading import Reader

_KEYS = (
    *("name", "with", "without", "verdict", "amount", "because", "missing", "needs"),
    *("value", "remains", "open"),
)


@dataclass(frozen=True, slots=True)
class Example:
    """One case. `amount` is yuan as written, empty where none; `value` belongs to definitions."""

    name: str
    changes: Mapping
    without: tuple[str, ...]
    verdict: str
    amount: str
    because: str
    missing: tuple[str, ...] | None
    needs: tuple[str, ...] | None
    value: str
    at: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class Examples:
    """The common facts and the cases that change them."""

    base: Mapping
    cases: tuple[Example, ...]


NO_EXAMPLES = Examples(Mapping({}, Position("", 0, 0)), ())


def read_examples(node: Node | None, findings: list[Finding], verdicts: tuple[str, ...]) -> Examples:
    """Read the `examples` of a measure or definition."""
    if node is None:
        return NO_EXAMPLES
    reader = Reader(node, findings, ("base", "cases"), "list of examples")
    if not reader.usable:
        return NO_EXAMPLES
    cases: list[Example] = []
    names: set[str] = set()
    for item in reader.mappings("cases", _KEYS, "example", required=True):
        name = item.text("name", required=True)
        if name in names:
            item.say(
                "duplicate-example", f"two examples are named {name}", "", "give each its own name", "name"
            )
        names.add(name)
        changes = item.node.get("with")
        cases.append(
            Example(
                name,
                changes if isinstance(changes, Mapping) else Mapping({}, item.place()),
                item.texts("without"),
                item.choice("verdict", verdicts) if verdicts else "",
                item.text("amount"),
                item.text("because"),
                item.texts("missing") if item.has("missing") else None,
                item.texts("needs") if item.has("needs") else None,
                item.text("value"),
                item.place(),
            )
        )
    base = reader.node.get("base")
    return Examples(base if isinstance(base, Mapping) else Mapping({}, reader.place()), tuple(cases))
