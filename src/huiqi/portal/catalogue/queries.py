"""Finding measures: by words anywhere in them, by place, kind, delivery, subject and day."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from huiqi.portal.catalogue.cards import Card, Cards, folded
from huiqi.reference.regions import UnknownRegion, is_within, region
from huiqi.rules.facts import SUBJECTS
from huiqi.rules.measure import DELIVERIES, KINDS
from huiqi.rules.values import parse_date

MOST_CHARACTERS = 60
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty means any."""

    words: tuple[str, ...] = ()
    region: str = ""
    kind: str = ""
    delivery: str = ""
    subject: str = ""
    document: str = ""
    on: datetime.date | None = None

    def takes(self, card: Card) -> bool:
        """Whether a card fits, apart from its place."""
        measure = card.measure
        return (
            self.kind in ("", measure.kind)
            and self.delivery in ("", measure.delivery)
            and (not self.subject or self.subject in measure.subject)
            and (not self.document or any(each.document == self.document for each in measure.sources))
            and (self.on is None or measure.in_force.holds(self.on))
            and all(word in card.text for word in self.words)
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """A field that cannot be used, and why."""

    field: str
    said: str


def wanted(given: Mapping[str, str], cards: Cards) -> tuple[Wanted, list[Refusal]]:
    """Return what a query asks for; a field that cannot be used is left out and told."""
    refused: list[Refusal] = []

    def chosen(name: str, known: Mapping[str, object]) -> str:
        text = given.get(name, "").strip()
        if text and text not in known:
            refused.append(Refusal(name, _("没有这个选项，已不作筛选。")))
            return ""
        return text

    words = given.get("q", "").strip()
    if len(words) > MOST_CHARACTERS:
        said = _("搜索词最多%(most)s个字，请写短一些。") % {"most": MOST_CHARACTERS}
        refused.append(Refusal("q", said))
        words = ""
    return (
        Wanted(
            tuple(folded(words).split()[:MOST_WORDS]),
            _place(given.get("region", ""), refused),
            chosen("kind", KINDS),
            chosen("delivery", DELIVERIES),
            chosen("subject", SUBJECTS),
            chosen("document", cards.library.documents),
            _day(given.get("on", ""), refused),
        ),
        refused,
    )


def found(cards: Cards, asked: Wanted) -> list[Card]:
    """Return the cards that fit; of a measure with several variants, in one place, the nearest that has begun."""
    fitting = [each for each in cards.all if asked.takes(each)]
    if asked.region:
        holding: dict[str, list[Card]] = {}
        for each in cards.all:
            if is_within(asked.region, each.measure.region) is True:
                holding.setdefault(each.measure.id, []).append(each)
        nearest = {id(_nearest(variants, asked.on)) for variants in holding.values()}
        fitting = [each for each in fitting if id(each) in nearest]
    return sorted(fitting, key=lambda each: (_rank(each, asked.words), each.measure.id, each.measure.region))


def _nearest(variants: list[Card], on: datetime.date | None) -> Card:
    begun = [each for each in variants if on is None or each.measure.in_force.first <= on]
    return (begun or variants)[-1]


def _rank(card: Card, words: tuple[str, ...]) -> bool:
    """What bears the words in its title comes first."""
    title = folded(f"{card.measure.title} {card.measure.english}")
    return not (words and all(word in title for word in words))


def _place(text: str, refused: list[Refusal]) -> str:
    text = text.strip()
    if not text:
        return ""
    try:
        return region(text[:12]).code
    except UnknownRegion:
        refused.append(Refusal("region", _("没有这个地区，已不作筛选。请从列表中选择。")))
        return ""


def _day(text: str, refused: list[Refusal]) -> datetime.date | None:
    text = text.strip()
    if not text:
        return None
    try:
        return parse_date(text[:12])
    except ValueError:
        refused.append(Refusal("on", _("日期请写成2022-08-01这样。")))
        return None
