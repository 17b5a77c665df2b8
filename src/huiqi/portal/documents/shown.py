"""A reading as pages show it: clauses with their offices, deadlines and sentences, by plan, by kind, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from huiqi.portal.catalogue.cards import Card
from huiqi.portal.catalogue.shelf import shelf
from huiqi.portal.documents.words import FILTERED, KINDS, ROLES, word

CLAUSES_A_PAGE = 120
_MOST_OF_WHY = 60


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence with its class, the measures bound to it, and the words that decided."""

    text: str
    kind: str
    kind_word: str
    cue: str
    cards: tuple[Card, ...]

    @property
    def unencoded(self) -> bool:
        """Whether it promises something that no measure holds."""
        return self.kind == "benefit" and not self.cards


@dataclass(frozen=True, slots=True)
class ShownClause:
    """A clause with what its words hold. `anchor` is its place on the page."""

    anchor: str
    path: str
    printed: str
    heading: str
    body: str
    depth: int
    offices: tuple[tuple[str, tuple[tuple[str, str | None], ...]], ...]
    deadlines: tuple[tuple[str, str], ...]
    quantities: tuple[str, ...]
    flags: tuple[str, ...]
    sentences: tuple[ShownSentence, ...]

    @property
    def flagged(self) -> bool:
        """Whether a person should look at it."""
        return bool(self.flags) or any(doubt for _, doubt in self.deadlines)


@dataclass
class Reading:
    """What was read of a text. `plans` are (number, name); plan 0 is the covering letter, where there is one."""

    made: Mapping[str, Any]
    plan: int = 0
    _cards: dict[tuple[str, str], Card | None] = field(default_factory=dict)

    @cached_property
    def plans(self) -> list[tuple[int, str]]:
        """The plans that a reader chooses from, none where there is a single one."""
        named = [
            (number, plan["short_name"] or plan["title"] or "正文")
            for number, plan in enumerate(self.made["plans"], 1)
        ]
        return named if len(named) > 1 else []

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """Each class of sentences that occurs, with its word and how many there are."""
        found = self.made["coverage"]["by_class"]
        return [(kind, word(KINDS, kind), found[kind]) for kind in KINDS if kind in found]

    @property
    def unencoded(self) -> int:
        """How many benefit sentences no measure holds."""
        return len(self.made["coverage"]["unencoded"])

    def clauses(self, wanted: str = "") -> list[Mapping[str, Any]]:
        """The clauses of the chosen plan (all, where none is chosen) that hold a wanted kind, or are to be checked."""
        letter = [self.made["letter"]] if self.made["letter"] else []
        plans = self.made["plans"]
        if self.plan and self.plan <= len(plans):
            rows = list(plans[self.plan - 1]["clauses"])
        else:
            rows = [*letter, *(clause for plan in plans for clause in plan["clauses"])]
        return [each for each in rows if _has(each, wanted)] if wanted else rows

    def show(self, clauses: Iterable[Mapping[str, Any]], wanted: str = "") -> Iterator[ShownClause]:
        """Yield clauses as a page shows them, only the sentences that are wanted."""
        for clause in clauses:
            sentences = [each for each in clause["sentences"] if each["class"] != "heading"]
            if wanted and wanted != "flagged":
                sentences = [each for each in sentences if _fits(each, wanted)]
            yield ShownClause(
                anchor_of(clause["path"]),
                clause["path"],
                clause["printed"],
                clause["heading"],
                clause["text"][clause["body_start"] :].strip(),
                min(clause["depth"], 5),
                tuple(_offices(clause, self.made["place"]["region"] is not None)),
                tuple(
                    dict.fromkeys(
                        (each["words"], each["explanation"] if each["flag"] else "")
                        for each in clause["deadlines"]
                    )
                ),
                tuple(dict.fromkeys(each["printed"] for each in clause["quantities"])),
                tuple(each["explanation"] for each in clause["flags"]),
                tuple(self._sentence(clause["text"], each) for each in sentences),
            )

    def _sentence(self, text: str, sentence: Mapping[str, Any]) -> ShownSentence:
        cue = sentence["why"].partition("：")[2]
        cards = (self._card(name, region) for name, region in sentence["measures"])
        return ShownSentence(
            text[sentence["start"] : sentence["end"]].strip(),
            sentence["class"],
            word(KINDS, sentence["class"]),
            cue[:_MOST_OF_WHY],
            tuple(each for each in cards if each is not None),
        )

    def _card(self, name: str, region: str) -> Card | None:
        key = (region, name)
        if key not in self._cards:
            self._cards[key] = shelf().cards.get(region, name)
        return self._cards[key]


def anchor_of(path: str) -> str:
    """Return a clause's place on a page: its path without what an address cannot hold."""
    return "c-" + "".join(each if each.isalnum() or each in "-._" else "-" for each in path)


def _has(clause: Mapping[str, Any], wanted: str) -> bool:
    if wanted == "flagged":
        return bool(clause["flags"]) or any(each["flag"] for each in clause["deadlines"])
    return any(_fits(each, wanted) for each in clause["sentences"])


def _fits(sentence: Mapping[str, Any], wanted: str) -> bool:
    if wanted == "unencoded":
        return sentence["class"] == "benefit" and not sentence["measures"]
    if wanted == "bound":
        return bool(sentence["measures"])
    return bool(sentence["class"] == wanted)


def _offices(
    clause: Mapping[str, Any], registered: bool
) -> Iterator[tuple[str, tuple[tuple[str, str | None], ...]]]:
    """Yield offices by role, with their registered names; where the place is unknown none can be registered."""
    for role in ROLES:
        named = tuple(
            dict.fromkeys(
                (each["printed"], each["agency"] if registered else each["printed"])
                for each in clause["agencies"]
                if each["role"] == role
            )
        )
        if named:
            yield word(ROLES, role), named


WANTED = (*FILTERED, "bound", "unencoded", "flagged")
"""What a coverage page can be narrowed to."""
