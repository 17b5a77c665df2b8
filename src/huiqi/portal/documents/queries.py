"""Texts and alignments as an actor may see them; finding texts by their clauses, issuer, level, year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from huiqi.documents.library import Hit, search
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.portal.documents.models import (
    DISCARDED,
    EXAMPLE,
    HELD,
    LEVELS,
    REMOVED,
    Comparison,
    OfficialText,
)
from huiqi.portal.documents.readings import library

PAGE = "documents"
MOST_CHARACTERS = 60
MOST_HITS = 200
_STATES = ("unencoded", "unreadable")


def texts_of(actor: Actor) -> ScopedQuerySet:
    """Return the texts that the actor sees, removed ones left out."""
    return OfficialText.objects.visible_to(actor, PAGE).exclude(state=REMOVED)


def comparisons_of(actor: Actor) -> ScopedQuerySet:
    """Return the alignments that the actor sees, discarded ones left out."""
    rows = Comparison.objects.visible_to(actor, PAGE).exclude(state=DISCARDED)
    return rows.select_related("superior", "subordinate", "before", "started_by")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of texts is narrowed to; empty means any. `unread` are fields that cannot be used."""

    words: str = ""
    issuer: str = ""
    level: str = ""
    year: int | None = None
    which: str = ""
    unread: tuple[str, ...] = field(default=())

    def on(self, rows: ScopedQuerySet) -> ScopedQuerySet:
        """Return the rows that fit, apart from the words."""
        if self.issuer:
            rows = rows.filter(issuer__icontains=self.issuer)
        if self.level:
            rows = rows.filter(level=self.level)
        if self.year is not None:
            rows = rows.filter(year=self.year)
        if self.which == "unencoded":
            rows = rows.filter(state=HELD, unencoded__gt=0)
        elif self.which == "unreadable":
            rows = rows.filter(state="unreadable")
        return rows

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.words or self.issuer or self.level or self.year or self.which)


def filters_of(given: Mapping[str, str]) -> Filters:
    """Return what a query asks for; a field that cannot be used is left out and told."""
    unread = []

    def text(name: str) -> str:
        value = given.get(name, "").replace("\0", "").strip()
        if len(value) > MOST_CHARACTERS:
            unread.append(name)
            return ""
        return value

    words, issuer, level, which = (text(name) for name in ("q", "issuer", "level", "which"))
    if level not in ("", *LEVELS):
        unread.append("level")
        level = ""
    if which not in ("", *_STATES):
        unread.append("which")
        which = ""
    year = text("year")
    if year and not (year.isascii() and year.isdecimal() and 1949 <= int(year) <= 2100):
        unread.append("year")
        year = ""
    return Filters(words, issuer, level, int(year) if year else None, which, tuple(unread))


def without_examples(rows: ScopedQuerySet) -> ScopedQuerySet:
    """Leave the fictional examples out where there is any other text."""
    own = rows.exclude(source=EXAMPLE)
    return own if own.exists() else rows


def hits(rows: ScopedQuerySet, words: str) -> tuple[list[tuple[OfficialText, list[Hit]]], bool]:
    """Return the texts with the clauses that hold all of the words, and whether there are more than are shown."""
    held = {each.name: each for each in rows.filter(state=HELD) if each.name}
    found = search(library(), words, MOST_HITS, within=held)
    grouped: dict[str, list[Hit]] = {}
    for hit in found:
        grouped.setdefault(hit.document, []).append(hit)
    return [(held[name], each) for name, each in grouped.items()], len(found) == MOST_HITS
