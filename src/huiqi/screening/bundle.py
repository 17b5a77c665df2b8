"""The best lawful combination: exclusions choose between claims, caps hold over what is chosen.

Exclusions for the whole firm choose between measures, the others between single claims. For each lawful choice of
measures the claims that exclude each other fall into small groups, and each group's best is the best of all;
only where a cap is shared by several groups are they tried together, at most `MOST_TRIALS` times (`exact`
then tells whether all that could be better was tried).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from huiqi.rules.judge import Claim, Judge, Judgement
from huiqi.rules.measure import Exclusion, Measure
from huiqi.rules.situation import Situation
from huiqi.rules.verdicts import ELIGIBLE, LIKELY

MOST_TRIALS = 5_000
MOST_SETS = 2_000
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
    """A claim to be taken or left; `of` is the place of its judgement."""

    of: int
    judgement: Judgement
    claim: Claim


_Graph = dict[int, set[int]]
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
    kept, exact = search.best()
    losers = (*lost, *search.losers(kept))
    return Bundle(_chosen(judgements, [choices[place] for place in kept], situation, judge), losers, exact)


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

    def _note(self, exclusion: Exclusion, of: int, other: int) -> None:
        if exclusion.level == "firm":
            self.of_measures.setdefault((min(of, other), max(of, other)), exclusion)
            return
        same_list = self.judgements[of].measure.per == self.judgements[other].measure.per
        for one in self.places[of]:
            for two in self.places[other]:
                if _same(exclusion, self.choices[one].claim, self.choices[two].claim, same_list):
                    self.of_claims.setdefault((min(one, two), max(one, two)), exclusion)

    def best(self) -> tuple[list[int], bool]:
        """Return the places kept, in order, and whether nothing better was left untried."""
        if not self.of_measures and not self.of_claims:
            return list(range(len(self.choices))), True
        kept: list[int] = []
        exact = True
        ties = {*self.of_measures, *((self.choices[a].of, self.choices[b].of) for a, b in self.of_claims)}
        tied = {of for pair in ties for of in pair}
        kept += [place for of, places in self.places.items() if of not in tied for place in places]
        for cluster in _components(_graph(ties)):
            part, all_tried = self._best_of(cluster)
            kept += part
            exact = exact and all_tried
        return sorted(kept), exact

    def _best_of(self, cluster: Sequence[int]) -> tuple[list[int], bool]:
        """Return the best places of measures that are tied to each other by exclusions."""
        conflicts = _graph(pair for pair in self.of_measures if pair[0] in cluster)
        free = [of for of in cluster if of not in conflicts]
        best: tuple[_Worth, list[int]] | None = None
        exact = True
        sets, all_sets = _independent_sets(conflicts)
        for measures in sets:
            places = sorted(place for of in (*free, *measures) for place in self.places[of])
            kept, all_tried = self._best_claims(places)
            exact = exact and all_tried
            found = (self.worth(kept), kept)
            if best is None or found > best:
                best = found
        assert best is not None
        return best[1], exact and all_sets

    def _best_claims(self, places: Sequence[int]) -> tuple[list[int], bool]:
        """Return the best of claims of which none excludes another for the whole firm."""
        among = set(places)
        conflicts = _graph(pair for pair in self.of_claims if pair[0] in among and pair[1] in among)
        free = [place for place in places if place not in conflicts]
        groups: list[list[tuple[_Worth, list[int]]]] = []
        exact = True
        for component in _components(conflicts):
            inner = {place: conflicts[place] for place in component}
            sets, all_sets = _independent_sets(inner)
            exact = exact and all_sets
            groups.append(sorted(((self.worth(each), each) for each in sets), reverse=True))
        if self._apart(free, groups):
            return sorted([*free, *(place for options in groups for place in options[0][1])]), exact
        kept, all_tried = self._under_caps(free, groups)
        return kept, exact and all_tried

    def _apart(self, free: Sequence[int], groups: Sequence[list[tuple[_Worth, list[int]]]]) -> bool:
        """Tell whether no cap is shared between groups: all claims together have what each group has alone."""
        alone = list(self.worth(free))
        everything = list(free)
        for options in groups:
            whole = sorted({place for _, each in options for place in each})
            everything += whole
            alone = [a + b for a, b in zip(alone, self.worth(whole), strict=True)]
        return tuple(alone) == self.worth(sorted(everything))

    def _under_caps(
        self, free: Sequence[int], groups: Sequence[list[tuple[_Worth, list[int]]]]
    ) -> tuple[list[int], bool]:
        """Try the groups' options together, best first; what cannot beat the best found is left out."""
        bounds = [0] * (len(groups) + 1)
        for at in range(len(groups) - 1, -1, -1):
            bounds[at] = bounds[at + 1] + groups[at][0][0][0]
        best = self._improved(free, groups)
        best_worth = self.worth(best)
        trials = 0

        def visit(at: int, kept: list[int]) -> None:
            nonlocal best, best_worth, trials
            if trials >= MOST_TRIALS:
                return
            trials += 1
            here = self.worth(kept)
            if at == len(groups):
                if (here, kept) > (best_worth, best):
                    best, best_worth = kept, here
                return
            if here[0] + bounds[at] < best_worth[0]:
                return
            for _, option in groups[at]:
                visit(at + 1, sorted([*kept, *option]))

        visit(0, list(free))
        return best, trials < MOST_TRIALS

    def _improved(self, free: Sequence[int], groups: Sequence[list[tuple[_Worth, list[int]]]]) -> list[int]:
        """Return a good combination: each group's best alone, then each changed while that helps."""
        options = [each[0][1] for each in groups]

        def together() -> list[int]:
            return sorted([*free, *(place for option in options for place in option)])

        best = self.worth(together())
        better = True
        while better:
            better = False
            for at, group in enumerate(groups):
                for _, option in group:
                    before, options[at] = options[at], option
                    here = self.worth(together())
                    if here > best:
                        best, better = here, True
                    else:
                        options[at] = before
        return together()

    def worth(self, places: Iterable[int]) -> _Worth:
        """Return what claims bring together under the caps of their measures, as far as it is known."""
        claims: dict[int, list[Claim]] = {}
        count = 0
        for place in places:
            choice = self.choices[place]
            count += 1
            claims.setdefault(choice.of, [])
            if choice.claim.amount is not None:
                claims[choice.of].append(choice.claim)
        counted = others = 0
        for of, taken in claims.items():
            measure = self.judgements[of].measure
            amount = (self.judge.total(measure, self.situation, taken) or 0) if taken else 0
            if measure.amount_is in ("paid", "saved"):
                counted += amount
            else:
                others += amount
        return counted, others, count

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


def _graph(pairs: Iterable[tuple[int, int]]) -> _Graph:
    neighbours: _Graph = {}
    for one, other in pairs:
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)
    return neighbours


def _components(neighbours: _Graph) -> Iterator[list[int]]:
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


def _independent_sets(neighbours: _Graph) -> tuple[list[list[int]], bool]:
    """Return the maximal sets in which nothing excludes anything else, and whether these are all of them.

    Bron and Kerbosch's search with a pivot, over the graph of what may stand together.
    """
    everything = set(neighbours)
    apart = {place: everything - neighbours[place] - {place} for place in everything}
    sets: list[list[int]] = []

    def grow(kept: list[int], open_: set[int], done: set[int]) -> bool:
        if len(sets) >= MOST_SETS:
            return False
        if not open_ and not done:
            sets.append(sorted(kept))
            return True
        pivot = max(sorted(open_ | done), key=lambda each: len(apart[each] & open_))
        for each in sorted(open_ - apart[pivot]):
            if not grow([*kept, each], open_ & apart[each], done & apart[each]):
                return False
            open_ = open_ - {each}
            done = done | {each}
        return True

    all_of_them = grow([], everything, set())
    return sets, all_of_them
