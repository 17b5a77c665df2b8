"""Transition tables as data: for each state of a kind of subject, which acts are allowed and where they lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

NEW = "new"
"""The state of what does not exist yet."""
_PORTAL = Path(__file__).resolve().parents[1]


class BadTable(ValueError):
    """A transition table that contradicts itself; says the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Move:
    """One act's row: the states it starts from, the state it leads to (None: it stays), and who must not do it.

    `apart_from` are acts on the same subject whose doer may not do this one (不相容岗位). `one_of` are the states that an
    act may lead to whose function decides which (the last approval of several): `leads` is None then.
    """

    begins: tuple[str, ...]
    leads: str | None
    apart_from: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TransitionTable:
    """The states and moves of one kind of subject. State titles are (Chinese, English)."""

    kind: str
    states: Mapping[str, tuple[str, str]]
    moves: Mapping[str, Move]

    def move(self, act: str) -> Move | None:
        """The row of an act, None where the kind knows no such act."""
        return self.moves.get(act)

    def allowed(self, state: str) -> tuple[str, ...]:
        """The acts that may be done in a state, in the table's order."""
        return tuple(act for act, move in self.moves.items() if state in move.begins)


@cache
def tables() -> Mapping[str, TransitionTable]:
    """Return all tables of the site by kind: every `transitions.yaml` of a domain. Raises BadTable."""
    found: dict[str, TransitionTable] = {}
    for path in sorted(_PORTAL.glob("*/transitions.yaml")):
        for table in read_tables(path):
            if table.kind in found:
                raise BadTable(f"{path.parent.name}/{path.name}: {table.kind} has a table elsewhere already")
            found[table.kind] = table
    return found


def read_tables(path: Path) -> Iterator[TransitionTable]:
    """Yield the tables of one file. Raises BadTable."""
    where = f"{path.parent.name}/{path.name}"
    for kind, about in (yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) or {}).items():
        states = {name: (title["zh"], title["en"]) for name, title in about["states"].items()}
        moves = {
            act: Move(tuple(row["from"]), *_leading(row.get("to"), tuple(row.get("apart_from", ()))))
            for act, row in about["acts"].items()
        }
        by_others = set(about.get("by_others", ()))
        for act, move in moves.items():
            named = {*move.begins, *([move.leads] if move.leads else []), *move.one_of} - {NEW}
            if unknown := sorted(named - states.keys()):
                raise BadTable(f"{where}: {kind}: {act} names the unknown state {', '.join(unknown)}")
            if unknown := sorted(set(move.apart_from) - moves.keys()):
                raise BadTable(f"{where}: {kind}: {act} is apart from the unknown act {', '.join(unknown)}")
        # What a state is given by (an act on the whole that a row is part of) stands in `by_others`.
        reached = {move.leads for move in moves.values()} | by_others
        reached |= {state for move in moves.values() for state in move.one_of}
        if lost := sorted(states.keys() - reached):
            raise BadTable(f"{where}: {kind}: no act leads to {', '.join(lost)}")
        yield TransitionTable(kind, states, moves)


def _leading(
    to: str | list[str] | None, apart: tuple[str, ...]
) -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
    return (None, apart, tuple(to)) if isinstance(to, list) else (to, apart, ())
