"""What a subject is owed, put together for a page: certain, likely, missing, not now; nearly; the best bundle."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from huiqi.portal.answers.arithmetic import Worked
from huiqi.portal.answers.reasons import Reason, reasons_of
from huiqi.portal.catalogue.cards import Card
from huiqi.portal.catalogue.shelf import Shelf
from huiqi.portal.catalogue.words import in_chinese, title_of
from huiqi.rules.facts import CHANGES, KNOWN_BY
from huiqi.rules.judge import Claim
from huiqi.rules.measure import AMOUNT_IS, DELIVERIES, NEVER, Measure
from huiqi.rules.render_measure import RenderedMeasure
from huiqi.rules.situation import Situation
from huiqi.rules.verdicts import ELIGIBLE, INELIGIBLE, LIKELY, UNDETERMINED
from huiqi.screening.application_order import WITHOUT_APPLYING
from huiqi.screening.assess import COUNTED, Assessed, Assessment, assess
from huiqi.screening.bundle import Loser
from huiqi.screening.interview import Interview
from huiqi.screening.near_miss_answer import NearMissAnswerer
from huiqi.screening.open_facts import RECORDS, Place

_DAY = datetime.timedelta(days=1)
_LEVELS = {"firm": "同一主体", "person": "同一人", "record": "同一笔"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One measure of the result. Money is fen, None where not known."""

    card: Card
    verdict: str
    amount: int | None
    more_if_declared: int
    arithmetic: tuple[str, ...]
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]
    open: tuple[str, ...]
    failed: tuple[str, ...]
    gives_way_to: str

    @property
    def measure(self) -> Measure:
        """The measure."""
        return self.card.measure

    @property
    def page(self) -> RenderedMeasure:
        """The measure in Chinese."""
        return self.card.page

    @property
    def amount_word(self) -> str:
        """What the amount is, in the language of the visit."""
        return _(AMOUNT_IS[self.measure.amount_is])

    @property
    def counted(self) -> bool:
        """Whether the amount counts in the totals: money paid or saved."""
        return self.measure.amount_is in COUNTED

    @property
    def delivery(self) -> str:
        """How it is delivered, in the language of the visit."""
        return _(DELIVERIES[self.measure.delivery])

    @property
    def to_apply(self) -> bool:
        """Whether the subject must do something for it."""
        return self.measure.delivery not in WITHOUT_APPLYING


@dataclass(frozen=True, slots=True)
class Wanting:
    """A fact that is missing: who knows it, which measures wait for it, the money they would unlock (fen)."""

    label: str
    known_by: str
    waiting: tuple[Card, ...]
    money: int
    askable: bool


@dataclass(frozen=True, slots=True)
class Near:
    """A measure that is nearly granted: what would have to change, what that brings (fen), until when."""

    card: Card
    text: str
    by: str
    verdict: str
    amount: int | None
    last_day: datetime.date | None


@dataclass(frozen=True, slots=True)
class Outside:
    """A measure of the place that does not hold on the day."""

    card: Card
    state: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day to apply for a measure that is certain or likely."""

    card: Card
    amount: int | None
    last_day: datetime.date
    certain: bool


@dataclass(frozen=True, slots=True)
class Lost:
    """What the best bundle leaves out, for what, and why."""

    title: str
    by: str
    why: str
    words: str


@dataclass(frozen=True, slots=True)
class Result:
    """All of it. Totals are fen and equal to those of `huiqi.screening.assess`."""

    assessment: Assessment
    certain: tuple[Entry, ...]
    likely: tuple[Entry, ...]
    open: tuple[Entry, ...]
    failed: tuple[Entry, ...]
    for_others: int
    outside: tuple[Outside, ...]
    wanting: tuple[Wanting, ...]
    near: tuple[Near, ...]
    bundle: tuple[Entry, ...]
    lost: tuple[Lost, ...]
    deadlines: tuple[Deadline, ...]

    @property
    def nothing(self) -> bool:
        """Whether no measure of the place holds on the day."""
        return not self.assessment.measures


def result_of(house: Shelf, interview: Interview) -> Result:
    """Return the result of what is known by now."""
    return _Making(house, interview).result()


class _Making:
    def __init__(self, house: Shelf, interview: Interview) -> None:
        self.house = house
        self.interview = interview
        self.s: Situation = interview.situation
        self.assessment = assess(house.library, self.s)
        self.answer = house.answerer.answer(self.assessment)
        # The order of what was excluded first tells whom it gave way to.
        self.losers: dict[str, Loser] = {}
        for loser in self.assessment.excluded:
            self.losers.setdefault(loser.id, loser)

    def result(self) -> Result:
        pairs = list(zip(self.assessment.measures, self.answer["measures"], strict=True))
        entries = [self.entry(each, said) for each, said in pairs if not each.judgement.subject_fails]
        by = {
            verdict: tuple(each for each in entries if each.verdict == verdict)
            for verdict in (ELIGIBLE, LIKELY, UNDETERMINED, INELIGIBLE)
        }
        certain = tuple(sorted(by[ELIGIBLE], key=_most_money))
        likely = tuple(sorted(by[LIKELY], key=_most_money))
        chosen = {measure.id for measure, _claims, _amount in self.assessment.bundle.chosen}
        return Result(
            self.assessment,
            certain,
            likely,
            by[UNDETERMINED],
            by[INELIGIBLE],
            len(pairs) - len(entries),
            tuple(self.outside()),
            tuple(self.wanting()),
            tuple(self.near()),
            tuple(each for each in certain if each.measure.id in chosen),
            tuple(self.lost()),
            tuple(self.deadlines([*certain, *likely])),
        )

    def entry(self, assessed: Assessed, said: dict[str, Any]) -> Entry:
        judgement, measure = assessed.judgement, assessed.measure
        amount = judgement.amount if judgement.verdict in (ELIGIBLE, LIKELY) else None
        hoped = judgement.amount_if_declared
        loser = self.losers.get(measure.id)
        return Entry(
            self.house.cards.of(measure),
            judgement.verdict,
            amount,
            (hoped or 0) - (amount or 0) if judgement.verdict == ELIGIBLE and hoped is not None else 0,
            tuple(self.arithmetic(measure, self.counted_claims(assessed), amount)),
            reasons_of(said, self.house),
            self.missing(said),
            tuple(said["open"]),
            tuple(self.why_not(each) for each in said["failed"]),
            self.title(loser.by) if loser is not None else "",
        )

    def missing(self, said: dict[str, Any]) -> tuple[str, ...]:
        """What the firm could still say; what is left to a declaration or an office stands under `open`."""
        lacking = said["needs"] if said["verdict"] == LIKELY else [*said["missing"], *said["needs"]]
        return tuple(dict.fromkeys(self.label(each) for each in lacking))

    def counted_claims(self, assessed: Assessed) -> tuple[Claim, ...]:
        """The claims that the amount counts: those that are eligible, or likely where nothing is eligible."""
        judgement = assessed.judgement
        return tuple(each for each in judgement.claims if each.verdict == judgement.verdict)

    def arithmetic(self, measure: Measure, claims: tuple[Claim, ...], amount: int | None) -> Iterator[str]:
        if amount is None or measure.amount is None:
            return
        page = self.house.cards.of(measure).page.amount
        lines = list(Worked(self.house.library, measure, self.s).lines(claims))
        if page is not None and len(page.formula) == 1 and lines:
            yield f"{page.name} = {page.formula[0]}"
        # A fixed sum has no arithmetic beyond its figure.
        yield from (each for each in lines if "=" in each or len(lines) > 1)
        if page is not None and sum(each.amount or 0 for each in claims) != amount:
            yield from (f"上限：{cap}" for cap in page.caps)

    def label(self, fact: dict[str, str]) -> str:
        return self.house.words.label(fact["record"], fact["name"], fact.get("period", ""))

    def title(self, measure_id: str) -> str:
        found = self.house.library.by_id.get(measure_id)
        return title_of(found[0]) if found else measure_id

    def why_not(self, failed: dict[str, Any]) -> str:
        text, value = str(failed["condition"]), failed.get("value_text")
        if value in (None, "是", "否"):
            return text
        distance = failed["distance"]
        if distance in (None, 0, "0.00"):
            return f"{text}（现为{value}）"
        return f"{text}（现为{value}，相差{str(distance).lstrip('-')}）"

    def outside(self) -> Iterator[Outside]:
        library, s = self.house.library, self.s
        for measure_id in library.by_id:
            variants, perhaps_none = library.possible(measure_id, s.region, s.as_of)
            if len(variants) != 1 or perhaps_none or s.kind not in variants[0].subject:
                continue
            card = self.house.cards.of(variants[0])
            state = card.state(s.as_of)
            if state != "now":
                yield Outside(card, state)

    def wanting(self) -> Iterator[Wanting]:
        waiting: dict[Place, list[Measure]] = {}
        for measure in self.interview.open():
            for place in self.interview.waits_for(measure):
                waiting.setdefault(place, []).append(measure)
        found = [self.want(place, measures) for place, measures in waiting.items()]
        yield from sorted(found, key=lambda each: (-each.money, -len(each.waiting), each.label))

    def want(self, place: Place, measures: Sequence[Measure]) -> Wanting:
        record, name = place.record, place.name
        label = self.house.words.label("" if record == RECORDS else record, name, place.period, place.index)
        money = sum(self.interview.at_stake(each) or 0 for each in measures if each.amount_is in COUNTED)
        known_by = _(KNOWN_BY[self.interview.known_by(place)])
        cards = tuple(self.house.cards.of(each) for each in measures)
        return Wanting(label, known_by, cards, money, self.interview.askable(place))

    def near(self) -> Iterator[Near]:
        answerer = NearMissAnswerer(self.house.library, "zh" if in_chinese() else "en")
        for miss, way in answerer.worth_telling(self.house.near_misses.of(self.s)):
            card = self.house.cards.of(miss.measure)
            by = _(CHANGES[way.by])
            yield Near(card, answerer.text(way), by, way.verdict, way.amount, way.last_day)

    def lost(self) -> Iterator[Lost]:
        for each in self.assessment.excluded:
            place = _("（第%(number)s笔）") % {"number": each.index + 1} if each.index is not None else ""
            why = _("%(level)s不能同时享受") % {"level": _(_LEVELS[each.level])}
            yield Lost(self.title(each.id) + place, self.title(each.by), why, each.words)

    def deadlines(self, entries: Sequence[Entry]) -> Iterator[Deadline]:
        found = [
            Deadline(each.card, each.amount, each.measure.in_force.to - _DAY, each.verdict == ELIGIBLE)
            for each in entries
            if each.to_apply and not each.gives_way_to and each.measure.in_force.to != NEVER
        ]
        yield from sorted(found, key=lambda each: (each.last_day, -(each.amount or 0), each.card.measure.id))


def _most_money(entry: Entry) -> tuple[bool, bool, int, str]:
    return bool(entry.gives_way_to), not entry.counted, -(entry.amount or 0), entry.measure.id


def shared_address(result: Result) -> str:
    """Return the address of a page that names the measures and nothing else: no fact, no amount, no name."""
    s = result.assessment.situation
    certain = ",".join(each.measure.id for each in result.certain)
    likely = ",".join(each.measure.id for each in result.likely)
    query = f"region={s.region or ''}&subject={s.kind}&on={s.as_of}&certain={certain}&likely={likely}"
    return f"{reverse('answers-shared')}?{query}"
