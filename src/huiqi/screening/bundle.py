"""The best lawful combination: exclusions choose between claims, caps hold over what is chosen.

Exclusions for the whole firm choose between measures, the others between single claims; the search over both is
`best_choice`. What it left untried, if anything, stands in the bundle's `bound`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from huiqi.rules.judge import Claim, Judge, Judgement
from huiqi.rules.measure import Exclusion, Measure
from huiqi.rules.situation import Situation, Value
from huiqi.rules.verdicts import ELIGIBLE, LIKELY
from huiqi.screening.best_choice import Choice, Chosen, bits

MOST_WORK = 5_500
"""Looks at a claim in one search, less than a tenth of a second in all."""
FEW = 16
MOST_WORK_FOR_FEW = 60_000
"""So many measures that exclude each other are searched to the end, even with many claims under caps."""
_LEVELS = {"firm": "同一主体", "person": "同一人", "record": "同一笔"}


@dataclass(frozen=True, slots=True)
class Loser:
    """A measure, or its claim on one record, that gives way to another."""

    id: str
    by: str
    level: str
    index: int | None
    words: str

    @property
    def why(self) -> str:
        """The reason in Chinese, with the deciding words."""
        place = f"（第{self.index + 1}笔）" if self.index is not None else ""
        words = f"：“{self.words}”" if self.words else ""
        return f"{_LEVELS[self.level]}不可与 {self.by} 同时享受{place}{words}"


@dataclass(frozen=True, slots=True)
class Barred:
    """A measure that another one, already received, excludes: for the whole firm, or for one person."""

    id: str
    by: str
    level: str
    whose: str
    person: object
    words: str

    def bars(self, claim: Claim) -> bool:
        """Tell whether the claim falls under it."""
        return self.level == "firm" or (self.person is not None and claim.row.get(self.whose) == self.person)


@dataclass(slots=True)
class Bundle:
    """What is chosen: each measure with its claims and its amount under its caps (fen, None where not known)."""

    chosen: list[tuple[Measure, tuple[Claim, ...], int | None]] = field(default_factory=list)
    losers: tuple[Loser, ...] = ()
    exact: bool = True
    """Whether it is proved that nothing is worth more."""
    bound: int = 0
    """Fen paid and saved that no lawful combination exceeds; what is chosen brings as much where it is exact."""

    def counted(self, kinds: Iterable[str]) -> int:
        """Return the sum (fen) over measures whose amount is of these kinds."""
        kinds = tuple(kinds)
        return sum(amount or 0 for measure, _, amount in self.chosen if measure.amount_is in kinds)


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """A claim to be taken or left; `of` is the place of its judgement."""

    of: int
    judgement: Judgement
    claim: Claim


_Conflicts = dict[tuple[int, int], Exclusion]


def best_bundle(
    judgements: Iterable[Judgement],
    situation: Situation,
    judge: Judge,
    likely: bool,
    barred: Sequence[Barred] = (),
) -> Bundle:
    """Return the combination worth most; `likely` counts what only declarations or decisions keep open.

    `barred` is what was already received excludes. An amount that is not known counts as nought in the choice.
    """
    wanted = (ELIGIBLE, LIKELY) if likely else (ELIGIBLE,)
    judgements = [each for each in judgements if each.verdict in wanted]
    everything = [
        _Choice(of, each, claim)
        for of, each in enumerate(judgements)
        for claim in each.claims
        if claim.verdict in wanted
    ]
    lost: dict[Loser, None] = {}
    choices: list[_Choice] = []
    for choice in everything:
        loser = _barred(choice, barred)
        if loser is None:
            choices.append(choice)
        else:
            lost[loser] = None
    search = _Search(judgements, choices, situation, judge)
    best = search.best()
    kept = list(bits(best.kept))
    losers = (*lost, *search.losers(kept))
    chosen = _chosen(judgements, [choices[place] for place in kept], situation, judge)
    return Bundle(chosen, losers, best.proved, search.money(best.bound))


def _barred(choice: _Choice, barred: Sequence[Barred]) -> Loser | None:
    for each in barred:
        if each.id == choice.judgement.measure.id and each.bars(choice.claim):
            index = None if each.level == "firm" else choice.claim.index
            return Loser(each.id, each.by, each.level, index, each.words)
    return None


def _chosen(
    judgements: Sequence[Judgement], choices: Iterable[_Choice], situation: Situation, judge: Judge
) -> list[tuple[Measure, tuple[Claim, ...], int | None]]:
    claims: dict[int, list[Claim]] = {}
    for choice in choices:
        claims.setdefault(choice.of, []).append(choice.claim)
    chosen = []
    for of, taken in sorted(claims.items()):
        measure = judgements[of].measure
        amount = judge.total(measure, situation, taken) if measure.amount is not None else None
        chosen.append((measure, tuple(taken), amount))
    return chosen


class _Search:
    """The lawful combinations of one firm's claims; places count in `choices`."""

    def __init__(
        self,
        judgements: Sequence[Judgement],
        choices: Sequence[_Choice],
        situation: Situation,
        judge: Judge,
    ) -> None:
        self.judgements, self.choices = judgements, choices
        self.situation, self.judge = situation, judge
        self.of_measures: _Conflicts = {}
        self.of_claims: _Conflicts = {}
        self.places: dict[int, list[int]] = {}
        for place, choice in enumerate(choices):
            self.places.setdefault(choice.of, []).append(place)
        by_id = {each.measure.id: of for of, each in enumerate(judgements) if of in self.places}
        for of in self.places:
            for exclusion in judgements[of].measure.not_with:
                other = by_id.get(exclusion.measure)
                if other is not None and other != of:
                    self._note(exclusion, of, other)
        self.units = self._units()
        others = sum(
            claim.amount or 0
            for choice in choices
            for claim in [choice.claim]
            if not self._counted(choice.of)
        )
        self.of_other = len(choices) + 1
        self.of_counted = self.of_other * (others + 1)

    def _note(self, exclusion: Exclusion, of: int, other: int) -> None:
        if exclusion.level == "firm":
            self.of_measures.setdefault((min(of, other), max(of, other)), exclusion)
            return
        same_list = self.judgements[of].measure.per == self.judgements[other].measure.per
        by_place: dict[int | None, list[int]] = {}
        by_person: dict[Value, list[int]] = {}
        for two in self.places[other]:
            claim = self.choices[two].claim
            by_place.setdefault(claim.index, []).append(two)
            if exclusion.level == "person" and exclusion.whose in claim.row:
                by_person.setdefault(claim.row[exclusion.whose], []).append(two)
        for one in self.places[of]:
            claim = self.choices[one].claim
            beside = by_place.get(claim.index, []) if same_list else []
            if exclusion.level == "person" and exclusion.whose in claim.row:
                beside = [*beside, *by_person.get(claim.row[exclusion.whose], [])]
            for two in beside:
                if _same(exclusion, claim, self.choices[two].claim, same_list):
                    self.of_claims.setdefault((min(one, two), max(one, two)), exclusion)

    def _units(self) -> list[tuple[int, int]]:
        """Return what is taken or left as one, its measure and its places as bits: the claims of a measure that the
        same claims exclude. With one of them the others are lawful too, and more claims are never worth less."""
        beside: dict[int, set[int]] = {}
        for one, two in self.of_claims:
            beside.setdefault(one, set()).add(two)
            beside.setdefault(two, set()).add(one)
        units: dict[tuple[int, frozenset[int]], int] = {}
        for of, places in self.places.items():
            for place in places:
                key = (of, frozenset(beside.get(place, ())))
                units[key] = units.get(key, 0) | 1 << place
        return [(of, mask) for (of, _), mask in units.items()]

    def _choice(self) -> Choice:
        """Return the units with what excludes what. One number tells what is worth more: money counted first, then
        other money, then claims."""
        units = self.units
        unit_of = {place: at for at, (_, mask) in enumerate(units) for place in bits(mask)}
        excludes = [0] * len(units)
        pairs = [(unit_of[one], unit_of[two]) for one, two in self.of_claims]
        for one, two in self.of_measures:
            ones, twos = ({unit_of[place] for place in self.places[of]} for of in (one, two))
            pairs += product(ones, twos)
        for one, two in pairs:
            excludes[one] |= 1 << two
            excludes[two] |= 1 << one
        owned: dict[int, list[int]] = {}
        for at, (of, _) in enumerate(units):
            owned.setdefault(of, []).append(at)
        worths = [self._worth(of, mask) + mask.bit_count() - 1 for of, mask in units]
        capped = frozenset(
            of
            for of, own in owned.items()
            if len(own) > 1
            and self._worth(of, sum(units[at][1] for at in own)) < sum(worths[at] for at in own)
        )

        def total(of: int, chosen: int) -> int:
            return self._worth(of, self._places_of(chosen))

        return Choice(worths, excludes, [of for of, _ in units], total, capped, 1)

    def _places_of(self, chosen: int) -> int:
        return sum(self.units[at][1] for at in bits(chosen))

    def _counted(self, of: int) -> bool:
        return self.judgements[of].measure.amount_is in ("paid", "saved")

    def _money(self, of: int, places: int) -> int:
        """Return what claims of one measure bring together (fen), as far as it is known."""
        claims = [self.choices[place].claim for place in bits(places)]
        known = [claim for claim in claims if claim.amount is not None]
        if not known:
            return 0
        measure = self.judgements[of].measure
        total = self.judge.total(measure, self.situation, known)
        if total is None and len(known) > 1:
            # Whose they are could change the sum; each alone is sure.
            return max(self.judge.total(measure, self.situation, [claim]) or 0 for claim in known)
        return total or 0

    def _worth(self, of: int, places: int) -> int:
        return self._money(of, places) * (self.of_counted if self._counted(of) else self.of_other)

    def money(self, worth: int) -> int:
        """Return the money counted (fen) in a worth."""
        return worth // self.of_counted

    def best(self) -> Chosen:
        """Return the best places, their worth, and what no other places exceed."""
        excluding = {of for pair in self.of_measures for of in pair}
        excluding |= {self.choices[place].of for pair in self.of_claims for place in pair}
        found = self._choice().solve(MOST_WORK if len(excluding) > FEW else MOST_WORK_FOR_FEW)
        return Chosen(self._places_of(found.kept), found.worth, found.bound)

    def losers(self, kept: Sequence[int]) -> Iterator[Loser]:
        """Yield what gives way: a measure once, or each of its claims."""
        kept_places = set(kept)
        kept_measures = {self.choices[place].of for place in kept}
        said: set[tuple[int, int | None]] = set()
        for pair, exclusion in sorted(self.of_measures.items(), key=lambda item: item[0]):
            for lost, won in (pair, pair[::-1]):
                if lost not in kept_measures and won in kept_measures and (lost, None) not in said:
                    said.add((lost, None))
                    yield self._loser(lost, won, None, exclusion)
        for pair, exclusion in sorted(self.of_claims.items(), key=lambda item: item[0]):
            for lost, won in (pair, pair[::-1]):
                of, index = self.choices[lost].of, self.choices[lost].claim.index
                if lost in kept_places or won not in kept_places or {(of, None), (of, index)} & said:
                    continue
                said.add((of, index))
                yield self._loser(of, self.choices[won].of, index, exclusion)

    def _loser(self, lost: int, won: int, index: int | None, exclusion: Exclusion) -> Loser:
        ids = [self.judgements[each].measure.id for each in (lost, won)]
        return Loser(ids[0], ids[1], exclusion.level, index, exclusion.words)


def _same(exclusion: Exclusion, one: Claim, other: Claim, same_list: bool) -> bool:
    """Tell whether two claims concern one person or one record; unnamed people are told apart by their record."""
    if exclusion.level == "person":
        who, who_else = one.row.get(exclusion.whose), other.row.get(exclusion.whose)
        if who is not None and who_else is not None:
            return who == who_else
    return same_list and one.index == other.index
