"""What pages show of runs and lines: titles, states, differences and reasons in the language of the visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from huiqi.portal.acts.transitions import tables
from huiqi.portal.catalogue.shelf import library, shelf
from huiqi.portal.catalogue.words import FactWords, in_chinese, title_of
from huiqi.portal.delivery.models import ACCOUNTS, CHANGES, MARKS, WAYS, Line
from huiqi.portal.firms.source_words import source_title
from huiqi.reference.money import format_yuan_grouped
from huiqi.reference.regions import UnknownRegion, full_name
from huiqi.rules.facts import SUBJECT
from huiqi.rules.measure import Measure
from huiqi.rules.reasons import LISTS


def chosen(words: tuple[str, str]) -> str:
    """Return one of two texts by the language of the visit."""
    return words[0] if in_chinese() else words[1]


def variant_of(measure: str, region: str) -> Measure | None:
    """Return the variant of a measure that a run or line rests on; another one where the library has changed."""
    variants = library().by_id.get(measure, ())
    return next((each for each in variants if each.region == region), variants[0] if variants else None)


def measure_title(measure: str, variant: str = "") -> str:
    """Return a measure's title, its id where the library does not hold it."""
    found = variant_of(measure, variant)
    return title_of(found) if found is not None else measure


def place(region: str) -> str:
    """Return a region's full name, its code where it is unknown."""
    try:
        return full_name(region)
    except UnknownRegion:
        return region


def way_words(way: str) -> str:
    """Return how a run is delivered."""
    return chosen(WAYS.get(way, (way, way)))


def states_of(kind: str) -> list[tuple[str, str]]:
    """Return the states of a kind with their words, to choose from."""
    return [(name, chosen(words)) for name, words in tables()[kind].states.items()]


def choices(of: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    """Return words to choose from, without the empty one."""
    return [(name, chosen(words)) for name, words in of.items() if name]


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with its words."""

    line: Line
    change: str
    marks: tuple[str, ...]
    place: str
    account: str


def shown_line(line: Line) -> ShownLine:
    """Return a line as lists show it."""
    marks = tuple(chosen(MARKS[each]) for each in line.marks.split(",") if each in MARKS)
    change = chosen(CHANGES[line.change]) if line.change in CHANGES and line.change else ""
    return ShownLine(line, change, marks, place(line.county), chosen(ACCOUNTS[line.account]))


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A fact that a line rests on."""

    label: str
    value: str
    source: str
    date: str


def shown_facts(line: Line) -> list[ShownFact]:
    """Return the facts that the rule read of a firm, with their sources and dates."""
    words = FactWords(library())
    return [_shown_fact(each, words) for each in line.facts]


def _shown_fact(said: Mapping[str, str], words: FactWords) -> ShownFact:
    name, _mark, period = said["fact"].partition("@")
    kind, dot, own = name.rpartition(".")
    record = kind if dot else LISTS if name in words.library.lists else SUBJECT
    value: object = {"yes": True, "no": False}.get(said["value"], said["value"])
    fact = words.library.facts.fact(record, own) if record != LISTS else None
    source = source_title(said["source"]) if said["source"] else ""
    defined = words.library.definitions.get(own)
    if fact is None and defined is not None and in_chinese():
        value = dict(defined.type.choices).get(str(value), value)
    return ShownFact(words.label(record, own, period), words.shown(fact, value), source, said["date"])


@dataclass(frozen=True, slots=True)
class Step:
    """One step of how an amount came about."""

    what: str
    why: str = ""


def derivation_of(line: Line) -> list[Step]:
    """Return in words how a line's amount came about: the rule's amount, caps, what was received, what excludes it."""
    said: Mapping[str, Any] = line.derivation
    measure = variant_of(line.run.measure, str(said.get("variant", line.run.variant)))
    steps: list[Step] = []
    if measure is not None:
        page = shelf().cards.of(measure).page
        if page.amount is not None:
            steps.append(Step(_("按规则计算"), "；".join(page.amount.formula)))
    if said.get("before_caps") is not None:
        steps.append(Step(_("上限以前：%(yuan)s元") % {"yuan": format_yuan_grouped(said["before_caps"])}))
    for cap in said.get("caps", ()):
        values = {"yuan": format_yuan_grouped(cap["limit"]), "span": cap["span"]}
        said_cap = _("%(span)s年内上限%(yuan)s元") if cap["span"] else _("上限%(yuan)s元")
        steps.append(Step(said_cap % values))
    if said.get("received_before"):
        steps.append(
            Step(_("扣除已享受：%(yuan)s元") % {"yuan": format_yuan_grouped(said["received_before"])})
        )
    for each in said.get("excludes", ()):
        title = measure_title(each["with"])
        steps.append(Step(_("与“%(title)s”不得同时享受，已核对") % {"title": title}))
    if corrected := said.get("corrected"):
        change = {name: format_yuan_grouped(corrected[name]) for name in ("from", "to")}
        steps.append(Step(_("经异议答复更正：由%(from)s元改为%(to)s元") % change))
    return steps
