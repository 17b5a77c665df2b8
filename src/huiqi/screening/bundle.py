"""The best lawful combination: exclusions choose between claims, caps hold over what is chosen.

Exact: claims that exclude each other form small groups; each group's choices are tried, and groups are tried
together only where a cap ties them, with the sum of the groups' best as the bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from huiqi.rules.judge import Claim, Judge, Judgement
from huiqi.rules.measure import Exclusion, Measure
from huiqi.rules.situation import Situation
from huiqi.rules.verdicts import ELIGIBLE, LIKELY

MOST_TRIALS = 200_000
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

    def counted(self, kinds: Iterable[str]) -> int:
        """Return the sum (fen) over measures whose amount is of these kinds."""
        kinds = tuple(kinds)
        return sum(amount or 0 for measure, _, amount in self.chosen if measure.amount_is in kinds)


_Worth = tuple[int, int, int]
"""Money counted (fen), other amounts (fen), claims: more is better, in this order."""


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """What is taken or left as one: all claims of a measure that excludes another for the whole firm, else one claim."""

    judgement: Judgement
    claims: tuple[Claim, ...]

    @property
    def worth(self) -> _Worth:
        counted = self.judgement.measure.amount_is in ("paid", "saved")
        amount = sum(claim.amount or 0 for claim in self.claims)
        return (amount if counted else 0, 0 if counted else amount, len(self.claims))


def best_bundle(
    judgements: Iterable[Judgement],
    situation: Situation,
    judge: Judge,
    likely: bool,
    barred: Sequence[Barred] = (),
) -> Bundle:
    """Return the combination worth most; `likely` counts what only declarations or decisions keep open.

    `barred` is what was already received excludes.
    """
    wanted = (ELIGIBLE, LIKELY) if likely else (ELIGIBLE,)
    judgements = [each for each in judgements if each.verdict in wanted]
    everything = list(_choices(judgements, wanted))
    lost = [loser for choice in everything for loser in _barred(choice, barred)]
    choices = [choice for choice in everything if not list(_barred(choice, barred))]
    conflicts = _conflicts(judgements, choices)
    if not conflicts:
        return Bundle(_chosen(judgements, choices, situation, judge), tuple(lost))
    kept, exact = _search(choices, conflicts, situation, judge)
    losers = (*lost, *_losers(choices, kept, conflicts))
    return Bundle(_chosen(judgements, kept, situation, judge), losers, exact)


def _barred(choice: _Choice, barred: Sequence[Barred]) -> Iterator[Loser]:
    for each in barred:
        if each.id == choice.judgement.measure.id and any(each.bars(claim) for claim in choice.claims):
            index = None if each.level == "firm" else choice.claims[0].index
            yield Loser(each.id, each.by, each.level, index, each.words)
            return


def _choices(judgements: Sequence[Judgement], wanted: tuple[str, ...]) -> Iterator[_Choice]:
    present = {each.measure.id for each in judgements}
    whole: set[str] = set()
    for each in judgements:
        for exclusion in each.measure.not_with:
            if exclusion.level == "firm" and exclusion.measure in present:
                whole |= {each.measure.id, exclusion.measure}
    for each in judgements:
        claims = tuple(claim for claim in each.claims if claim.verdict in wanted)
        if each.measure.id in whole:
            yield _Choice(each, claims)
        else:
            yield from (_Choice(each, (claim,)) for claim in claims)


def _chosen(
    judgements: Iterable[Judgement], choices: Sequence[_Choice], situation: Situation, judge: Judge
) -> list[tuple[Measure, tuple[Claim, ...], int | None]]:
    chosen = []
    for each in judgements:
        claims = tuple(claim for choice in choices if choice.judgement is each for claim in choice.claims)
        if claims:
            has_amount = each.measure.amount is not None
            amount = judge.total(each.measure, situation, claims) if has_amount else None
            chosen.append((each.measure, claims, amount))
    return chosen


_Conflicts = dict[tuple[int, int], Exclusion]


def _conflicts(judgements: Sequence[Judgement], choices: Sequence[_Choice]) -> _Conflicts:
    found: _Conflicts = {}
    present = {each.measure.id for each in judgements}
    for one, a in enumerate(choices):
        for exclusion in a.judgement.measure.not_with:
            if exclusion.measure not in present:
                continue
            for other, b in enumerate(choices):
                if b.judgement.measure.id == exclusion.measure and _clash(exclusion, a, b):
                    found.setdefault((min(one, other), max(one, other)), exclusion)
    return found


def _clash(exclusion: Exclusion, a: _Choice, b: _Choice) -> bool:
    if exclusion.level == "firm":
        return True
    same_list = a.judgement.measure.per == b.judgement.measure.per
    return any(_same(exclusion, one, other, same_list) for one in a.claims for other in b.claims)


def _same(exclusion: Exclusion, one: Claim, other: Claim, same_list: bool) -> bool:
    """Tell whether two claims concern one person or one record; unnamed people are told apart by their record."""
    if exclusion.level == "person":
        who, who_else = one.row.get(exclusion.whose), other.row.get(exclusion.whose)
        if who is not None and who_else is not None:
            return who == who_else
    return same_list and one.index == other.index


def _search(
    choices: Sequence[_Choice], conflicts: _Conflicts, situation: Situation, judge: Judge
) -> tuple[list[_Choice], bool]:
    groups = [sorted(_options(group, choices, conflicts), reverse=True) for group in _components(conflicts)]
    in_conflict = {place for pair in conflicts for place in pair}
    free = [choice for place, choice in enumerate(choices) if place not in in_conflict]
    tied = any(choices[place].judgement.measure.caps for place in in_conflict)
    if not tied:
        return [*free, *(choices[place] for options in groups for place in options[0][1])], True
    return _search_under_caps(choices, groups, free, situation, judge)


def _search_under_caps(
    choices: Sequence[_Choice],
    groups: Sequence[list[tuple[_Worth, tuple[int, ...]]]],
    free: list[_Choice],
    situation: Situation,
    judge: Judge,
) -> tuple[list[_Choice], bool]:
    bounds = [0] * (len(groups) + 1)
    for place in range(len(groups) - 1, -1, -1):
        bounds[place] = bounds[place + 1] + groups[place][0][0][0]
    best: list[_Choice] = []
    best_worth = (-1, -1, -1)
    trials = 0

    def worth(kept: Sequence[_Choice]) -> _Worth:
        judgements = list({id(each.judgement): each.judgement for each in kept}.values())
        chosen = _chosen(judgements, kept, situation, judge)
        counted = sum(amount or 0 for measure, _, amount in chosen if measure.amount_is in ("paid", "saved"))
        return (counted, sum(amount or 0 for _, _, amount in chosen) - counted, len(kept))

    def visit(place: int, kept: list[_Choice]) -> None:
        nonlocal best, best_worth, trials
        trials += 1
        if trials > MOST_TRIALS:
            return
        here = worth([*free, *kept])
        if place == len(groups):
            if here > best_worth:
                best, best_worth = [*free, *kept], here
            return
        if here[0] + bounds[place] < best_worth[0]:
            return
        for _, option in groups[place]:
            visit(place + 1, [*kept, *(choices[each] for each in option)])

    visit(0, [])
    return best, trials <= MOST_TRIALS


def _components(conflicts: _Conflicts) -> Iterator[list[int]]:
    neighbours: dict[int, set[int]] = {}
    for one, other in conflicts:
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)
    seen: set[int] = set()
    for start in sorted(neighbours):
        if start in seen:
            continue
        group, waiting = [], [start]
        seen.add(start)
        while waiting:
            place = waiting.pop()
            group.append(place)
            for each in neighbours[place] - seen:
                seen.add(each)
                waiting.append(each)
        yield sorted(group)


def _options(
    group: list[int], choices: Sequence[_Choice], conflicts: _Conflicts
) -> Iterator[tuple[_Worth, tuple[int, ...]]]:
    """Yield the maximal sets of a group in which nothing excludes anything else."""

    def clash(one: int, other: int) -> bool:
        return (min(one, other), max(one, other)) in conflicts

    def grow(place: int, kept: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if place == len(group):
            left = [each for each in group if each not in kept]
            if all(any(clash(each, one) for one in kept) for each in left):
                yield kept
            return
        if not any(clash(group[place], each) for each in kept):
            yield from grow(place + 1, (*kept, group[place]))
        if any(clash(group[place], each) for each in group):
            yield from grow(place + 1, kept)

    for kept in grow(0, ()):
        worths = [choices[each].worth for each in kept]
        yield (sum(w[0] for w in worths), sum(w[1] for w in worths), len(kept)), kept


def _losers(choices: Sequence[_Choice], kept: Sequence[_Choice], conflicts: _Conflicts) -> Iterator[Loser]:
    kept_ids = {id(each) for each in kept}
    said: set[tuple[str, int | None]] = set()
    for (one, other), exclusion in sorted(conflicts.items(), key=lambda item: item[0]):
        for lost, won in ((one, other), (other, one)):
            loser, winner = choices[lost], choices[won]
            if id(loser) in kept_ids or id(winner) not in kept_ids:
                continue
            index = None if exclusion.level == "firm" else loser.claims[0].index
            key = (loser.judgement.measure.id, index)
            if key not in said:
                said.add(key)
                yield Loser(key[0], winner.judgement.measure.id, exclusion.level, index, exclusion.words)
