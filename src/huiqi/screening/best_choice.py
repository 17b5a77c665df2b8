"""The choice worth most among things that exclude each other, where some are worth less together than alone.

Depth first with bounds: things that exclude each other bring at most the best of them (a cover by cliques), and
things under one cap bring at most what the cap lets through; between the two, any mixture bounds as well. The
result carries the greatest worth that was not excluded, so that an optimum is proved: it equals its bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

_PARTS = 8
"""A cap is mixed with its claims' own worths in eighths."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Places kept as bits, their worth, and a worth that no other choice exceeds."""

    kept: int
    worth: int
    bound: int

    @property
    def proved(self) -> bool:
        """Tell whether nothing better is possible."""
        return self.bound <= self.worth


@dataclass(slots=True)
class Choice:
    """What there is to choose from. Places count from 0; a set of places is an int of bits.

    `excludes[p]` are the places that p excludes, both ways. `owners` splits the places into the measures that they
    belong to; `total` tells the worth of places of one owner together: never more than the sum of their own worths,
    never less with more places. `capped` are the owners where it may be less than the sum. `each` is what every
    place adds beside, under no cap.
    """

    worths: Sequence[int]
    excludes: Sequence[int]
    owners: Sequence[int]
    total: Callable[[int, int], int]
    capped: frozenset[int]
    each: int = 0
    _of: dict[int, int] = field(default_factory=dict, repr=False)
    _known: dict[tuple[int, int], int] = field(default_factory=dict, repr=False)
    _rank: list[int] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        for place, owner in enumerate(self.owners):
            self._of[owner] = self._of.get(owner, 0) | 1 << place
        self._rank = [0] * len(self.worths)
        for rank, place in enumerate(sorted(range(len(self.worths)), key=lambda place: -self.worths[place])):
            self._rank[place] = rank

    @property
    def everything(self) -> int:
        """All places."""
        return (1 << len(self.worths)) - 1

    def worth(self, kept: int) -> int:
        """Return what places are worth together."""
        owned = sum(self.worth_of(owner, kept & mask) for owner, mask in self._of.items() if kept & mask)
        return owned + self.each * kept.bit_count()

    def worth_of(self, owner: int, kept: int) -> int:
        """Return what places of one owner are worth together, without what each adds beside."""
        if owner not in self.capped:
            return sum(self.worths[place] for place in bits(kept))
        found = self._known.get((owner, kept))
        if found is None:
            found = self._known[(owner, kept)] = self.total(owner, kept) if kept else 0
        return found

    def bound(self, kept: int, open_: int, enough: int = -1) -> int:
        """Return a worth that keeping `kept` and any lawful part of `open_` does not exceed; it is made no smaller
        than `enough` asks."""
        return self._bounded(kept, open_, enough, {})[0]

    def _bounded(
        self, kept: int, open_: int, enough: int, begin: dict[int, int]
    ) -> tuple[int, dict[int, int]]:
        """Return the bound, and how many eighths of each cap it takes; it begins with those given.

        What an owner's claims bring is at most t of what its cap lets through and (1 - t) of their own worths, for
        any t from 0 to 1; each clique brings at most its best. The t of each owner is moved while that helps.
        """
        tied = {owner for owner in self.capped if open_ & self._of[owner]}
        alone = self.each * kept.bit_count() + sum(
            self.worth_of(owner, kept & mask) for owner, mask in self._of.items() if owner not in tied
        )
        slope: dict[int, int] = {}
        for owner in tied:
            sure = self.worth_of(owner, kept & self._of[owner])
            alone += sure
            slope[owner] = self.worth_of(owner, (kept | open_) & self._of[owner]) - sure
        mixed = _Mixture(slope)
        for clique in self._cliques(open_):
            alone += self.each
            owners = {self.owners[place] for place in clique} & tied
            if not owners or len(clique) == 1:
                heaviest = self.worths[clique[0]]
                alone += heaviest
                for owner in owners:
                    slope[owner] -= heaviest
            else:
                mixed.add([(self.worths[place], self.owners[place]) for place in clique])
        return mixed.least(alone, enough, begin)

    def _cliques(self, open_: int) -> list[list[int]]:
        """Cover places by groups in which all exclude each other, the heaviest first."""
        cliques: list[tuple[int, list[int]]] = []
        for place in sorted(bits(open_), key=self._rank.__getitem__):
            excluded = self.excludes[place]
            for at, (members, listed) in enumerate(cliques):
                if members & ~excluded == 0:
                    listed.append(place)
                    cliques[at] = (members | 1 << place, listed)
                    break
            else:
                cliques.append((1 << place, [place]))
        return [listed for _, listed in cliques]

    def parts(self, places: int) -> list[int]:
        """Return places split into parts that have no exclusion and no cap in common."""
        found: list[int] = []
        left = places
        while left:
            part, waiting = 0, left & -left
            owners: set[int] = set()
            while waiting:
                low = waiting & -waiting
                place = low.bit_length() - 1
                part |= low
                owner = self.owners[place]
                if owner in self.capped and owner not in owners:
                    owners.add(owner)
                    waiting |= self._of[owner]
                waiting = (waiting | self.excludes[place]) & left & ~part
            left &= ~part
            found.append(part)
        return found

    def solve(self, most_work: int) -> Chosen:
        """Return the best choice.

        No more than about `most_work` looks at a place are taken, the smallest parts first; what is then left
        untried raises the bound.
        """
        excluding = {self.owners[place] for place, excluded in enumerate(self.excludes) if excluded}
        contested = sum(
            1 << place
            for place, owner in enumerate(self.owners)
            if self.excludes[place] or (owner in excluding and owner in self.capped)
        )
        free = self.everything & ~contested
        worth = self.worth(free)
        solved = [Chosen(free, worth, worth)]
        for part in sorted(self.parts(contested), key=int.bit_count):
            found, looks = self._solve(part, most_work)
            solved.append(found)
            most_work -= looks
        return Chosen(
            sum(each.kept for each in solved),
            sum(each.worth for each in solved),
            sum(each.bound for each in solved),
        )

    def _solve(self, part: int, most_work: int) -> tuple[Chosen, int]:
        """Return the best of one part, and how many looks it took."""
        best = self._greedy(part)
        best_worth = self.worth(best)
        left_out, work = -1, 0
        waiting: list[tuple[int, int, dict[int, int]]] = [(0, part, {})]
        while waiting:
            kept, open_, parts = waiting.pop()
            kept, open_ = self._reduced(kept, open_)
            if not open_:
                here = self.worth(kept)
                if here > best_worth:
                    best, best_worth = kept, here
                continue
            bound, parts = self._bounded(kept, open_, best_worth, parts)
            if bound <= best_worth:
                continue
            work += open_.bit_count()
            if work > most_work:
                work -= open_.bit_count()
                left_out = max(left_out, bound)
                continue
            place = max(bits(open_), key=lambda each: self._pull(each, open_))
            bit = 1 << place
            waiting.append((kept, open_ & ~bit, parts))
            waiting.append((kept | bit, open_ & ~bit & ~self.excludes[place], parts))
        return Chosen(best, best_worth, max(best_worth, left_out)), work

    def _pull(self, place: int, open_: int) -> tuple[int, int]:
        """Return how much deciding a place settles."""
        return ((self.excludes[place] & open_).bit_count(), self.worths[place])

    def _reduced(self, kept: int, open_: int) -> tuple[int, int]:
        """Keep what is surely part of some best choice: what nothing open excludes, and what under no cap outweighs
        all that it excludes."""
        changed = True
        while changed:
            changed = False
            loose: dict[int, bool] = {}
            for place in bits(open_):
                bit = 1 << place
                if not open_ & bit:
                    continue
                beside = self.excludes[place] & open_
                if beside:
                    owner = self.owners[place]
                    if owner not in loose:
                        loose[owner] = self._loose(owner, kept, open_)
                    if not loose[owner]:
                        continue
                    others = sum(self.worths[other] + self.each for other in bits(beside))
                    if self.worths[place] + self.each < others:
                        continue
                kept, open_ = kept | bit, open_ & ~bit & ~beside
                changed = changed or bool(beside)
        return kept, open_

    def _loose(self, owner: int, kept: int, open_: int) -> bool:
        """Tell whether no cap can cut the owner's places any more."""
        if owner not in self.capped:
            return True
        mask = self._of[owner]
        whole = self.worth_of(owner, (kept | open_) & mask)
        return whole == self.worth_of(owner, kept & mask) + sum(
            self.worths[each] for each in bits(open_ & mask)
        )

    def _greedy(self, part: int) -> int:
        """Return a good choice to begin with: the heaviest first, then one for its excluders while that helps."""
        heaviest = sorted(bits(part), key=self._rank.__getitem__)
        kept = self._filled(0, heaviest)
        worth = self.worth(kept)
        better = True
        while better:
            better = False
            for place in heaviest:
                if kept >> place & 1:
                    continue
                tried = self._filled(kept & ~self.excludes[place] | 1 << place, heaviest)
                here = self.worth(tried)
                if here > worth:
                    kept, worth, better = tried, here, True
        return kept

    def _filled(self, kept: int, heaviest: Sequence[int]) -> int:
        for place in heaviest:
            if not (self.excludes[place] | 1 << place) & kept:
                kept |= 1 << place
        return kept


class _Mixture:
    """Cliques whose members are worth less the more eighths are taken of their owners' caps; `slope` is what a whole
    cap lets through, less what is counted otherwise."""

    def __init__(self, slope: dict[int, int]) -> None:
        self.slope = slope
        self.cliques: list[tuple[int, list[tuple[int, int]]]] = []
        """For each clique the most that a member under no cap is worth (in eighths), and of each owner the most."""
        self.of: dict[int, list[int]] = {owner: [] for owner in slope}

    def add(self, members: Sequence[tuple[int, int]]) -> None:
        """Add a clique, given as worth and owner of each member, the heaviest first."""
        plain, tied = 0, dict[int, int]()
        for worth, owner in members:
            if owner in self.slope:
                tied.setdefault(owner, worth)
            elif worth * _PARTS > plain:
                plain = worth * _PARTS
        for owner in tied:
            self.of[owner].append(len(self.cliques))
        self.cliques.append((plain, [(worth, owner) for owner, worth in tied.items()]))

    def heaviest(self, clique: int, rest: dict[int, int]) -> int:
        """Return the most that a member of a clique is worth, with that many eighths left to the worths."""
        most, tied = self.cliques[clique]
        for worth, owner in tied:
            most = max(most, worth * rest[owner])
        return most

    def least(self, alone: int, enough: int, begin: dict[int, int]) -> tuple[int, dict[int, int]]:
        """Return the least bound found by moving the eighths of one cap after the other, and the eighths."""
        slope, places = self.slope, range(len(self.cliques))
        rest = {owner: _PARTS - begin.get(owner, 0) for owner in slope}

        def total(rest: dict[int, int]) -> int:
            tied = sum((_PARTS - rest[owner]) * each for owner, each in slope.items())
            return alone * _PARTS + tied + sum(self.heaviest(each, rest) for each in places)

        best = total(rest)
        for part in (0, _PARTS, _PARTS // 2) if slope and not begin else ():
            together = dict.fromkeys(slope, part)
            here = total(together)
            if here < best:
                rest, best = together, here
        now = [self.heaviest(each, rest) for each in places]
        for step in (_PARTS // 2, 2, 1):
            for owner, through in slope.items():
                if best <= enough * _PARTS:
                    break
                own, was = self.of[owner], rest[owner]
                before = sum(now[each] for each in own)
                chosen, change = was, 0
                for part in (was - step, was + step):
                    if 0 <= part <= _PARTS:
                        rest[owner] = part
                        after = (was - part) * through - before
                        for each in own:
                            after += self.heaviest(each, rest)
                        if after < change:
                            chosen, change = part, after
                rest[owner] = chosen
                if chosen != was:
                    best += change
                    for each in own:
                        now[each] = self.heaviest(each, rest)
        return best // _PARTS, {owner: _PARTS - each for owner, each in rest.items()}


def bits(places: int) -> Iterator[int]:
    """Yield the places of a set, rising."""
    while places:
        low = places & -places
        yield low.bit_length() - 1
        places ^= low
