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
        cases.append(
            Example(
                name,
                _mapping(item, "with"),
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
    return Examples(_mapping(reader, "base"), tuple(cases))


def _mapping(reader: Reader, key: str) -> Mapping:
    """Return a mapping of facts, empty where absent; note any other node."""
    node = reader.node.get(key)
    if isinstance(node, Mapping):
        return node
    if node is not None:
        reader.say(
            "not-a-mapping", f"{key} must be a mapping of facts", "", f"write `{key}: {{fact: value}}`", key
        )
    return Mapping({}, reader.place())
