"""What an attribution says: which offices, in which role, printed where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["lead", "with", "by_duty", "responsible", "implement"]
Scope = Literal["following", "preceding", "all"]


@dataclass(frozen=True, slots=True)
class AgencyMention:
    """One office that a text makes answer for something.

    `printed` is its name as it stands, without spaces and line breaks inside; `agency` its full name in the
    registry, None where the registry does not know; `start` and `end` are offsets in the text that was read.
    """

    printed: str
    agency: str | None
    role: Role
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class AgencyReading:
    """All offices of a text in printed order; `spans` are the passages that attribute (bracket, line, sentence).

    `and_others` tells that a list ends in 等有关单位.
    """

    mentions: tuple[AgencyMention, ...]
    and_others: bool
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Implied:
    """An office that a general sentence puts in charge of other clauses too.

    `path` is the clause that says so; `scope` which clauses it speaks of: those that follow, those before,
    or all of its plan.
    """

    mention: AgencyMention
    path: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class Declared:
    """What a document declares once for all its clauses.

    `first_leads`: of the offices listed without roles, the first leads and the rest are with it.
    """

    first_leads: bool = False
    implied: tuple[Implied, ...] = ()
