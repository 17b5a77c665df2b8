"""Firms, rosters, bindings and contests as an actor may see them; finding firms by words, place, industry, size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from huiqi.policies.size import CLASSES
from huiqi.portal.accounts.models import prefix
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.portal.firms.listings import Listing
from huiqi.portal.firms.models import SUBJECTS, Binding, Contest, Firm, Roster
from huiqi.reference import regions
from huiqi.reference.bigrams import phrases, plain
from huiqi.reference.industries import UnknownIndustry, industry, listed
from huiqi.reference.regions import UnknownRegion

MOST_CHARACTERS = 60
_PAIR = 2
_LEAST_OF_A_CODE = 6
_MOST_INDUSTRIES = 40


@models.TextField.register_lookup
class HasPhrase(models.Lookup):  # type: ignore[type-arg]
    """Words apart by spaces that stand one after another in a text of such words; the last may be a word's beginning."""

    lookup_name = "has_phrase"

    def get_prep_lookup(self) -> str:
        """The words as they are looked for; none of them holds a sign of a query's language."""
        return str(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Look for the words in the text as it stands."""
        left, values = self.process_lhs(compiler, connection)
        return f"(' ' || {left}) LIKE %s", [*values, f"% {self.rhs}%"]

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        """Look for the words by the full-text index."""
        left, values = self.process_lhs(compiler, connection)
        words = str(self.rhs).split()
        # A pair of Chinese characters is never the beginning of a longer word: it is found as it is, which is quicker.
        whole = len(words[-1]) == _PAIR and not words[-1].isascii()
        query = " <-> ".join(f"'{word}'" for word in words) + ("" if whole else ":*")
        return f"to_tsvector('simple', {left}) @@ to_tsquery('simple', %s)", [*values, query]


def found(rows: ScopedQuerySet, text: str) -> ScopedQuerySet:
    """Return the firms whose name holds all words of a text, or whose credit code begins with it."""
    text = text.strip()[:MOST_CHARACTERS]
    if not text:
        return rows
    wanted = Q()
    for terms in phrases(text):
        wanted &= Q(bigrams__has_phrase=" ".join(terms))
    if not wanted:
        return rows.none()
    code = plain(text).upper()
    if len(code) >= _LEAST_OF_A_CODE and code.isascii() and code.isalnum():
        wanted |= Q(credit_code__startswith=code)
    return rows.filter(wanted)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of firms is narrowed to, as its address says; empty is any. What cannot be read is in `unread`."""

    text: str = ""
    region: str = ""
    industry: str = ""
    size: str = ""
    subject: str = ""
    unread: tuple[str, ...] = ()

    def on(self, rows: ScopedQuerySet) -> ScopedQuerySet:
        """Narrow the rows."""
        rows = found(rows, self.text)
        if self.region:
            within = prefix(self.region)
            rows = rows.filter(region__gte=within.ljust(6, "0"), region__lte=within.ljust(6, "9"))
        if self.industry:
            codes = industries_of(self.industry)
            begins = Q(pk__in=[])
            for code in codes:
                # As a span of codes, which an index answers on either database.
                begins |= Q(industry__gte=code, industry__lt=_after(code))
            rows = rows.filter(begins)
        if self.size:
            rows = rows.filter(size="" if self.size == "unknown" else self.size)
        return rows.filter(subject=self.subject) if self.subject else rows

    def as_json(self) -> dict[str, str]:
        """Return what is asked, for an event."""
        asked = {name: getattr(self, name) for name in ("text", "region", "industry", "size", "subject")}
        return {name: value for name, value in asked.items() if value}


def filters_of(given: Mapping[str, str]) -> Filters:
    """Return the filters of an address's query; what is unknown is left out and named in `unread`."""
    unread: list[str] = []

    def known(name: str, choices: Mapping[str, object]) -> str:
        value = given.get(name, "").strip()
        if value and value not in choices:
            unread.append(name)
            return ""
        return value

    place = given.get("region", "").strip()
    try:
        place = regions.region(place[:12]).code if place else ""
    except UnknownRegion:
        unread.append("region")
        place = ""
    trade = given.get("industry", "").strip()[:MOST_CHARACTERS]
    if trade and not industries_of(trade):
        unread.append("industry")
        trade = ""
    text = given.get("q", "").replace("\0", "").strip()[:MOST_CHARACTERS]
    size, subject = known("size", {**dict(CLASSES), "unknown": ""}), known("subject", SUBJECTS)
    return Filters(text, place, trade, size, subject, tuple(unread))


def industries_of(text: str) -> tuple[str, ...]:
    """Return the widest industries that a code or a part of a name means, () where it means none."""
    try:
        return (industry(text).code,)
    except UnknownIndustry:
        pass
    word = plain(text)
    by_name = [(plain(each.name), each.code) for each in listed() if each.name]
    codes = {code for name, code in by_name if name == word} or {
        code for name, code in by_name if word in name
    }
    named = sorted(codes, key=lambda each: (len(each), each))
    widest: list[str] = []
    for code in named:
        if not code.startswith(tuple(widest)):
            widest.append(code)
    return tuple(widest[:_MOST_INDUSTRIES])


def _after(code: str) -> str:
    """Return the first code behind all that begin with this one: I for H, H63 for H62, C4 for C39."""
    short = code.rstrip("9")
    return short[:-1] + chr(ord(short[-1]) + 1)


def firms_of(actor: Actor, page: str = "firms") -> ScopedQuerySet:
    """Return the firms of the register that the actor sees on a page."""
    return Firm.objects.visible_to(actor, page).filter(listed=True)


def rosters_of(actor: Actor) -> ScopedQuerySet:
    """Return the rosters that the actor sees."""
    return Roster.objects.visible_to(actor, "rosters").select_related("handed_in_by")


def bindings_of(actor: Actor) -> ScopedQuerySet:
    """Return the bindings that the actor sees: their own, or those of their area's firms."""
    return Binding.objects.visible_to(actor, "bindings").select_related("firm", "user")


def listings_of(actor: Actor) -> ScopedQuerySet:
    """Return the requests to list a firm that the actor sees: their own, or those of their area."""
    return Listing.objects.visible_to(actor, "bindings").select_related("user")


def contests_of(actor: Actor, page: str = "contests") -> ScopedQuerySet:
    """Return the contests that the actor sees."""
    return Contest.objects.visible_to(actor, page).select_related("firm")


def places_of(actor: Actor, page: str = "firms") -> list[tuple[str, str]]:
    """Return the regions that a list can be narrowed to: the actor's areas and what lies directly within them."""
    areas = {area for each in actor.capacities if page in each.pages for area in each.areas}
    found: dict[str, str] = {}
    for area in sorted(areas):
        whole = area.ljust(6, "0")
        for each in (regions.region(whole), *regions.children(whole)):
            found.setdefault(each.code, each.name)
    return list(found.items())


def size_titles() -> Iterator[tuple[str, str]]:
    """Yield the size classes in the language of the visit."""
    english = (get_language() or "").startswith("en")
    for name, title in CLASSES:
        yield name, name.replace("_", " ") if english else title
