"""The best answer for one firm: near misses over all measures, and the proved best of thirty measures.

Every choice of at most sixteen measures is first compared with brute force, and every bound at thirty with the worth
that reaches it. Times are of the processor, so that other work on the machine does not count.

Run: .venv/bin/python benchmarks/best_answer.py
"""

from __future__ import annotations

import datetime
import random
import statistics
import time
from collections.abc import Sequence

from huiqi.policies.library import load_library
from huiqi.policies.shipped import shipped_policies
from huiqi.screening.best_choice import Choice, bits
from huiqi.screening.branch_firms import BranchFirms
from huiqi.screening.branch_values import BranchValues
from huiqi.screening.bundle import MOST_WORK
from huiqi.screening.near_miss import NearMisses

AS_OF = datetime.date(2022, 8, 15)
KINDS = ("enterprise", "enterprise", "self_employed", "person", "institution")


def an_instance(chance: random.Random, measures: int, claims: int, dense: float, capped: float) -> Choice:
    """Return claims of measures, some under a cap, that exclude each other with a certain chance."""
    count = measures * claims
    owners = [place // claims for place in range(count)]
    amounts = [chance.randrange(1, 20_000) for _ in range(count)]
    caps = {owner: chance.randrange(5_000, 40_000) for owner in range(measures) if chance.random() < capped}
    excludes = [0] * count
    for one in range(count):
        for two in range(one):
            if owners[one] != owners[two] and chance.random() < dense:
                excludes[one] |= 1 << two
                excludes[two] |= 1 << one

    def total(owner: int, kept: int) -> int:
        return min(sum(amounts[place] for place in bits(kept)), caps.get(owner, 10**9))

    worths = [total(owners[place], 1 << place) for place in range(count)]
    return Choice(worths, excludes, owners, total, frozenset(caps), 1)


def brute(choice: Choice, place: int = 0, kept: int = 0) -> int:
    """Return the best by trying every lawful choice."""
    if place == len(choice.worths):
        return choice.worth(kept)
    best = brute(choice, place + 1, kept)
    if not choice.excludes[place] & kept:
        best = max(best, brute(choice, place + 1, kept | 1 << place))
    return best


def quantiles(values: Sequence[float]) -> str:
    """Return median, 90th of a hundred and greatest."""
    ordered = sorted(values)
    return f"median {statistics.median(ordered):.1f}, 90% {ordered[len(ordered) * 9 // 10]:.1f}, most {ordered[-1]:.1f}"


def main() -> None:
    """Compare, time, print."""
    library = load_library(shipped_policies())
    house = NearMisses(library)
    firms = BranchFirms(library, BranchValues(library))
    chance = random.Random(20220815)
    taken, ways = [], 0
    for n in range(200):
        firm = firms.draw(chance, AS_OF, KINDS[n % len(KINDS)])
        began = time.process_time()
        found = house.of(firm)
        taken.append((time.process_time() - began) * 1000)
        ways += sum(len(each.ways) for each in found)
    print(
        f"near misses of a firm over all measures, ms: {quantiles(taken)} ({ways} ways of {len(taken)} firms)"
    )
    for n in range(12):
        choice = an_instance(chance, 16, 1, (0.1, 0.3, 0.6)[n % 3], 0.5)
        assert choice.solve(MOST_WORK).worth == brute(choice)
    print("sixteen measures: equal to brute force, 12 times")
    for claims in (1, 2, 3):
        taken, proved = [], 0
        for n in range(60):
            choice = an_instance(chance, 30, claims, (0.02, 0.05, 0.1, 0.3, 0.6)[n % 5] / claims, 0.5)
            began = time.process_time()
            solved = choice.solve(MOST_WORK)
            taken.append((time.process_time() - began) * 1000)
            proved += solved.bound == solved.worth == choice.worth(solved.kept)
        print(
            f"thirty measures of {claims} claims, ms: {quantiles(taken)}; bound reached {proved} of {len(taken)}"
        )


if __name__ == "__main__":
    main()
