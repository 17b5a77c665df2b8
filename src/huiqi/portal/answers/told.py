"""What a visitor has told: kept in the session only, never in a row of the register."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any

from huiqi.policies.library import PolicyLibrary
from huiqi.reference.regions import UnknownRegion, region
from huiqi.rules.facts import SUBJECT, SUBJECTS
from huiqi.rules.reasons import LISTS
from huiqi.screening.open_facts import RECORDS, Place

MOST_STEPS = 300
MOST_TEXT = 60
MOST_RECORDS = 20


@dataclass(frozen=True, slots=True)
class Step:
    """A question with its answer as it was written; None: the visitor does not know."""

    place: Place
    text: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """Who is asked about, for which day, and the answers in their order. `region` is empty for a firm's own pages."""

    subject: str
    region: str
    as_of: datetime.date
    steps: tuple[Step, ...] = ()

    def with_answer(self, place: Place, text: str | None) -> Told:
        """Return it with an answer: in place of an earlier one to the same question, else as the last."""
        step = Step(place, text)
        if any(each.place == place for each in self.steps):
            return replace(self, steps=tuple(step if each.place == place else each for each in self.steps))
        return replace(self, steps=(*self.steps, step)[:MOST_STEPS])

    def without_last(self) -> Told:
        """Return it with the last answer taken back."""
        return replace(self, steps=self.steps[:-1])

    def as_json(self) -> dict[str, Any]:
        """Return it as a session keeps it."""
        steps = [
            [each.place.record, each.place.name, each.place.period, each.place.index, each.text]
            for each in self.steps
        ]
        return {
            "subject": self.subject,
            "region": self.region,
            "as_of": self.as_of.isoformat(),
            "steps": steps,
        }


def told_from(kept: Any, library: PolicyLibrary) -> Told | None:
    """Return what a session keeps, None where there is nothing that can be used."""
    try:
        steps = tuple(Step(Place(*map_place), text) for *map_place, text in kept["steps"])
        subject, code = kept["subject"], kept["region"]
        as_of = datetime.date.fromisoformat(kept["as_of"])
        if subject not in SUBJECTS or (code and region(code).code != code) or len(steps) > MOST_STEPS:
            return None
    except (TypeError, KeyError, ValueError, UnknownRegion):
        return None
    return Told(subject, code, as_of, tuple(each for each in steps if stands(each.place, library)))


def stands(place: Place, library: PolicyLibrary) -> bool:
    """Whether the dictionary still has what a question is about."""
    facts = library.facts
    if place.record == LISTS:
        return place.name in library.lists
    if place.record == RECORDS:
        return place.name in facts.records and place.name != SUBJECT
    return facts.fact(place.record, place.name) is not None


def token_of(place: Place) -> str:
    """Return a question's place as a form carries it."""
    return f"{place.record}|{place.name}|{place.period}|{place.index}"


def place_of(token: str, library: PolicyLibrary) -> Place | None:
    """Return the place that a form carries, None where there is no such question."""
    parts = token.split("|")
    if len(token) > 120 or len(parts) != 4 or not parts[3].lstrip("-").isascii():
        return None
    try:
        place = Place(parts[0], parts[1], parts[2], int(parts[3]))
    except ValueError:
        return None
    return place if -1 <= place.index < MOST_RECORDS * 50 and stands(place, library) else None
