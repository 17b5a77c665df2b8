"""YAML and JSON read as text scalars with their places, so that every error names a line.

Plain YAML reads 0111 as octal and `no` as false; here every scalar stays the text that was written.
Aliases are refused (a small file could expand without end), and so are duplicate keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from huiqi.findings import BadInput, Finding

MOST_BYTES = 4 * 1024 * 1024
MOST_NODES = 400_000
MOST_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as it was written; `quoted` tells "2021" from 2021."""

    text: str
    at: Position = field(compare=False)
    quoted: bool = field(default=False, compare=False)
    plain: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    items: tuple[Node, ...]
    at: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their nodes, in the order of the file."""

    entries: dict[str, Node]
    at: Position = field(compare=False)
    key_positions: dict[str, Position] = field(default_factory=dict, compare=False)

    def get(self, key: str) -> Node | None:
        """Return the node of a key, or None."""
        return self.entries.get(key)


Node = Scalar | Sequence | Mapping


def read_file(path: Path, shown: str | None = None, most_bytes: int = MOST_BYTES) -> Node:
    """Read a YAML or JSON file of at most `most_bytes`; raise BadInput with one clear line otherwise."""
    name = shown or str(path)
    try:
        # Read, not measured: a pipe or a device tells no size.
        with path.open("rb") as file:
            data = file.read(most_bytes + 1)
    except OSError as error:
        raise BadInput(
            [
                Finding(
                    name,
                    0,
                    "",
                    "file-unreadable",
                    f"the file cannot be read ({error.strerror or type(error).__name__})",
                    "",
                    "check the path and the permissions",
                )
            ]
        ) from None
    if len(data) > most_bytes:
        raise BadInput(
            [
                Finding(
                    name,
                    0,
                    "",
                    "file-too-large",
                    f"the file has more than {most_bytes:,} bytes",
                    "one firm or one rule is a small file",
                    "split it, or use huiqi screen for a roster of many firms",
                )
            ]
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput(
            [
                Finding(
                    name,
                    line,
                    "",
                    "not-utf-8",
                    "the file is not UTF-8 text",
                    f"byte {error.start}",
                    "save it as UTF-8",
                )
            ]
        ) from None
    return read_text(text, name)


def read_text(text: str, name: str) -> Node:
    """Read YAML or JSON text; `name` is the file shown in messages."""
    try:
        return _Builder(name).build(yaml.parse(text, Loader=_loader()))
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        column = str(mark.column + 1) if mark else ""
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it does not parse"
        raise BadInput(
            [
                Finding(
                    name,
                    line,
                    column,
                    "not-yaml",
                    "the file is not YAML",
                    str(problem),
                    "check quotes, colons and the indentation of this line",
                )
            ]
        ) from None


def _loader() -> type[yaml.CBaseLoader] | type[yaml.BaseLoader]:
    return getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Builder:
    def __init__(self, name: str) -> None:
        self.name = name
        self.nodes = 0

    def build(self, events: Iterator[yaml.Event]) -> Node:
        root: Node | None = None
        for event in events:
            if isinstance(
                event, (yaml.ScalarEvent, yaml.SequenceStartEvent, yaml.MappingStartEvent, yaml.AliasEvent)
            ):
                if root is not None:
                    self.refuse(event, "several-documents", "the file holds several documents", "keep one")
                root = self.node(event, events, 0)
        if root is None:
            raise BadInput(
                [Finding(self.name, 0, "", "file-empty", "the file is empty", "", "write a mapping into it")]
            )
        return root

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self.refuse(event, "too-many-values", f"more than {MOST_NODES:,} values", "split the file")
        if depth > MOST_DEPTH:
            self.refuse(event, "too-deep", f"nested deeper than {MOST_DEPTH} levels", "flatten the file")
        at = self.place(event)
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(event.value, at, event.style in ("'", '"'), event.style is None)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(inner := next(events), yaml.SequenceEndEvent):
                items.append(self.node(inner, events, depth + 1))
            return Sequence(tuple(items), at)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(at, events, depth)
        self.refuse(event, "alias", "aliases (*name) are not read", "write the value out")
        raise AssertionError  # refuse always raises

    def mapping(self, at: Position, events: Iterator[yaml.Event], depth: int) -> Mapping:
        entries: dict[str, Node] = {}
        positions: dict[str, Position] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self.refuse(event, "key-not-text", "a key must be a word", "write `name: value`")
                continue
            key = event.value
            if key in entries:
                first = positions[key].line
                self.refuse(
                    event,
                    "duplicate-key",
                    f"the key {key} stands twice",
                    f"keep one of them (the first is on line {first})",
                )
            positions[key] = self.place(event)
            entries[key] = self.node(next(events), events, depth + 1)
        return Mapping(entries, at, positions)

    def place(self, event: yaml.Event) -> Position:
        mark = event.start_mark
        assert mark is not None
        return Position(self.name, mark.line + 1, mark.column + 1)

    def refuse(self, event: yaml.Event, code: str, what: str, mend: str) -> None:
        at = self.place(event)
        raise BadInput([Finding(self.name, at.line, str(at.column), code, what, "", mend)])
