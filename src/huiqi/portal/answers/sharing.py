"""A list of measures to hand on: it names measures, a place and a day, and nothing of the firm."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from huiqi.portal.catalogue.cards import Card
from huiqi.portal.catalogue.queries import wanted
from huiqi.portal.catalogue.shelf import Shelf
from huiqi.rules.facts import SUBJECTS

MOST_SHARED = 200


@dataclass(frozen=True, slots=True)
class Shared:
    """What a shared address names."""

    region: str
    subject: str
    on: datetime.date
    certain: tuple[Card, ...]
    likely: tuple[Card, ...]


def shared_of(given: Mapping[str, str], house: Shelf) -> tuple[Shared | None, str]:
    """Return what an address names, or why it cannot be shown."""
    asked, refused = wanted({name: given.get(name, "") for name in ("region", "subject", "on")}, house.cards)
    if refused or not asked.region or asked.on is None or asked.subject not in SUBJECTS:
        return None, _("这个分享地址不完整，请向分享的人重新要一次。")
    lists: list[tuple[Card, ...]] = []
    for key in ("certain", "likely"):
        names = [name for name in given.get(key, "").split(",", MOST_SHARED)[:MOST_SHARED] if name]
        cards: list[Card] = []
        for name in dict.fromkeys(names):
            variants, _none = house.library.possible(name, asked.region, asked.on)
            if not variants:
                return None, _("分享的清单里有本政策库没有的政策。")
            cards.append(house.cards.of(variants[0]))
        lists.append(tuple(cards))
    return Shared(asked.region, asked.subject, asked.on, *lists), ""
