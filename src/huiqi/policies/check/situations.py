"""The situation of an example: the base, changed by `with`, less what `without` takes away."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence

from huiqi.findings import Finding
from huiqi.policies.check.report import Notes
from huiqi.policies.library import PolicyLibrary
from huiqi.rules.examples import Example, Examples
from huiqi.rules.facts import SUBJECT, SUBJECTS
from huiqi.rules.positions import Mapping as MappingNode
from huiqi.rules.positions import Node, Position, Scalar
from huiqi.rules.positions import Sequence as SequenceNode
from huiqi.rules.situation import Situation

LISTS = "lists"
_PERIOD = re.compile(r"(?P<name>\w+)\[(?P<period>[^\]]+)\]")


class Situations:
    """Builds the situations of one rule's examples."""

    def __init__(self, library: PolicyLibrary, notes: Notes) -> None:
        self.library = library
        self.notes = notes

    def situation(self, examples: Examples, example: Example, subjects: Sequence[str]) -> Situation | None:
        """Return what the example describes, or None with errors noted. `subjects` are those of the rule."""
        before = len(self.notes.errors)
        entries, positions = self._changed(examples.base, example)
        for name in example.without:
            if not self._take_away(entries, name):
                what = f"{example.name}: there is no {name} to take away"
                mend = "write a fact of the subject, record.fact for the first record, or list.id"
                self._say(example, "example-nothing-removed", what, mend)
        kind = self._kind(entries.pop("subject", None), example, subjects)
        as_of = self._day(entries.pop("as_of", None), example)
        if as_of is None or len(self.notes.errors) > before:
            return None
        findings: list[Finding] = []
        body = MappingNode(entries, example.at, positions)
        situation = self.library.cases.situation(body, kind, as_of, findings)
        for each in findings:
            self.notes.errors[each] = None
        return None if findings else situation

    def _say(self, example: Example, code: str, what: str, mend: str) -> None:
        self.notes.error(example.at, "examples", code, what, "", mend)

    def _changed(self, base: MappingNode, example: Example) -> tuple[dict[str, Node], dict[str, Position]]:
        entries, positions = dict(base.entries), {**base.key_positions, **example.changes.key_positions}
        for name, node in example.changes.entries.items():
            record = self.library.facts.records.get(name) if name != SUBJECT else None
            if record is not None:
                self._change_first(entries, record.list_name, node, example)
            elif name == LISTS and isinstance(node, MappingNode):
                old = entries.get(LISTS)
                entries[LISTS] = _merged(old, node) if isinstance(old, MappingNode) else node
            else:
                entries[name] = node
        return entries, positions

    def _change_first(self, entries: dict[str, Node], list_name: str, node: Node, example: Example) -> None:
        rows = entries.get(list_name)
        first = rows.items[0] if isinstance(rows, SequenceNode) and rows.items else None
        if not isinstance(first, MappingNode) or not isinstance(node, MappingNode):
            what = f"{example.name}: the base has no first record of {list_name} to change"
            self._say(
                example, "example-no-record", what, f"give {list_name} in the base, or write the whole list"
            )
            return
        assert isinstance(rows, SequenceNode)
        entries[list_name] = SequenceNode((_merged(first, node), *rows.items[1:]), rows.at)

    def _take_away(self, entries: dict[str, Node], name: str) -> bool:
        record, _, fact = name.partition(".")
        if not fact:
            return _without(entries, name)
        if record in ("list", LISTS):
            old = entries.get(LISTS)
            if not isinstance(old, MappingNode):
                return False
            left = dict(old.entries)
            entries[LISTS] = MappingNode(left, old.at, old.key_positions)
            return left.pop(fact, None) is not None
        kind = self.library.facts.records.get(record)
        rows = entries.get(kind.list_name) if kind is not None else None
        if kind is None or not isinstance(rows, SequenceNode) or not rows.items:
            return False
        first = rows.items[0]
        if not isinstance(first, MappingNode):
            return False
        left = dict(first.entries)
        taken = _without(left, fact)
        changed = MappingNode(left, first.at, first.key_positions)
        entries[kind.list_name] = SequenceNode((changed, *rows.items[1:]), rows.at)
        return taken

    def _kind(self, node: Node | None, example: Example, subjects: Sequence[str]) -> str:
        if node is None:
            return subjects[0] if subjects else "enterprise"
        if isinstance(node, Scalar) and node.text in SUBJECTS:
            return node.text
        self._say(
            example,
            "example-subject",
            f"{example.name}: no such subject",
            f"write one of {', '.join(SUBJECTS)}",
        )
        return "enterprise"

    def _day(self, node: Node | None, example: Example) -> datetime.date | None:
        try:
            return datetime.date.fromisoformat(node.text if isinstance(node, Scalar) else "")
        except ValueError:
            what = f"{example.name}: the example has no day"
            self._say(example, "example-no-day", what, "write `as_of: YYYY-MM-DD` in the base")
            return None


def _merged(old: MappingNode, new: MappingNode) -> MappingNode:
    return MappingNode({**old.entries, **new.entries}, old.at, {**old.key_positions, **new.key_positions})


def _without(entries: dict[str, Node], name: str) -> bool:
    match = _PERIOD.fullmatch(name)
    if match is None:
        return entries.pop(name, None) is not None
    periods = entries.get(match["name"])
    if not isinstance(periods, MappingNode):
        return False
    left: dict[str, Node] = dict(periods.entries)
    entries[match["name"]] = MappingNode(left, periods.at, periods.key_positions)
    return left.pop(match["period"], None) is not None


def rule_subjects(subjects: Sequence[str] | Mapping[str, str]) -> tuple[str, ...]:
    """Return the subjects of a rule, those of every rule where it names none."""
    return tuple(subjects) or tuple(SUBJECTS)
