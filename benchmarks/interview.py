"""The interview: how few facts are asked, how fast, and that the answer is that of a firm that tells everything.

Times are of the processor, so that other work on the machine does not count.

Twice: over the synthetic population of Honghe, each firm knowing all about itself, and over firms drawn so that each
branch of each rule is met. Each begins with what the registers know of it, and is asked until no answer can change
the result. Counted against the facts that the measures in force there read of it and the registers do not know.

Run: .venv/bin/python benchmarks/interview.py [FIRMS]
"""

from __future__ import annotations

import datetime
import gc
import random
import statistics
import sys
import time
from collections.abc import Iterable, Sequence

from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.policies.shipped import shipped_policies
from huiqi.rules.situation import Situation
from huiqi.screening.assess import assess
from huiqi.screening.branch_firms import BranchFirms, known_to
from huiqi.screening.interview import OTHERS, REGISTERS, Answer, Interviewer
from huiqi.screening.open_facts import RECORDS, Place
from huiqi.screening.population.region import RegionPopulation
from huiqi.screening.situations import situations_of

AS_OF = datetime.date(2022, 8, 15)
REGION = "532500"
KINDS = (*["enterprise"] * 6, *["self_employed"] * 2, "person", "institution")


def told(library: PolicyLibrary, whole: Situation, place: Place) -> Answer | None:
    """Return what a firm of which everything is known answers; records come with what registers know of them."""
    if place.record == RECORDS:
        names = {
            name for name, fact in library.facts.records[place.name].facts.items() if fact.known_by in OTHERS
        }
        return tuple(
            {
                key: value
                for key, value in row.items()
                if (key if isinstance(key, str) else key[0]) not in names
            }
            for row in whole.records[place.name]
        )
    if place.record == "list":
        return whole.lists[place.name]
    row = whole.subject if place.record == "subject" else whole.records[place.record][place.index]
    return row.get(place.key)


def quantiles(values: Sequence[float]) -> str:
    """Return median, 90th of a hundred and greatest."""
    ordered = sorted(values)
    return f"median {statistics.median(ordered):.2f}, 90% {ordered[len(ordered) * 9 // 10]:.2f}, most {ordered[-1]:.2f}"


def run(title: str, library: PolicyLibrary, interviewer: Interviewer, firms: Iterable[Situation]) -> None:
    """Ask every firm, compare with the whole answer, print."""
    shares: list[float] = []
    asked: list[float] = []
    taken: list[float] = []
    differing = compared = 0
    by_kind: dict[str, list[float]] = {}
    for whole in firms:
        start = known_to(library, whole, REGISTERS)
        start.lists = dict(whole.lists)
        interview = interviewer.begin(start, OTHERS)
        began = time.process_time()
        while True:
            question = interview.next()
            taken.append((time.process_time() - began) * 1000)
            if question is None:
                break
            answer = told(library, whole, question.place)
            began = time.process_time()
            if answer is None:
                interview.decline(question.place)
            else:
                interview.answer(question.place, answer)
        share = interview.asked / len(interviewer.begin(whole, OTHERS).readable())
        shares.append(share)
        asked.append(interview.asked)
        by_kind.setdefault(whole.kind, []).append(share)
        short = {each.measure.id: each.judgement for each in assess(library, interview.situation).measures}
        for each in assess(library, whole).measures:
            found = short[each.measure.id]
            same = (found.verdict, found.amount) == (each.judgement.verdict, each.judgement.amount)
            differing += not same and found.verdict != "likely"
            compared += 1
    print(title)
    print(f"  firms: {len(shares)}; verdicts and amounts compared: {compared}, differing: {differing}")
    print(f"  questions: {quantiles(asked)}")
    print(f"  share of the facts: {quantiles(shares)}")
    for kind, each_share in by_kind.items():
        print(f"    {kind} ({len(each_share)}): {quantiles(each_share)}")
    print(f"  from an answer to the next question, ms: {quantiles(taken)} (over {len(taken)})")


def run_declining(title: str, interviewer: Interviewer, start: Situation, most: int = 200) -> None:
    """Ask a firm that answers nothing; the first question includes the beginning."""
    taken: list[float] = []
    began = time.process_time()
    interview = interviewer.begin(start)
    while len(taken) < most:
        question = interview.next()
        taken.append((time.process_time() - began) * 1000)
        if question is None:
            break
        began = time.process_time()
        interview.decline(question.place)
    print(f"{title}: first question {taken[0]:.2f} ms, then {quantiles(taken[1:])} (over {len(taken)})")


def main() -> None:
    """Ask, compare, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    library = load_library(shipped_policies())
    began = time.process_time()
    interviewer = Interviewer(library)
    print(f"preparing the interviewer: {(time.process_time() - began) * 1000:.1f} ms")
    firms = BranchFirms(library, interviewer.values)
    chance = random.Random(20220815)
    block = RegionPopulation(library, REGION, count, 7, AS_OF).block(0)
    population = [firms.completed(each, chance) for each in situations_of(block, library, AS_OF)]
    gc.freeze()  # so that collections do not walk the population, which no interview holds
    run("synthetic population of Honghe", library, interviewer, population)
    drawn = [firms.draw(chance, AS_OF, KINDS[n % len(KINDS)]) for n in range(count)]
    run("firms that meet every branch", library, interviewer, drawn)
    county = {"region": "532503"}
    run_declining("only the county known", interviewer, Situation(AS_OF, "enterprise", dict(county)))
    for each in (1, 40, 1000):
        records = {
            name: tuple({} for _ in range(each)) for name in library.facts.records if name != "subject"
        }
        start = Situation(AS_OF, "enterprise", dict(county), records)
        run_declining(f"{each} records of every kind, nothing known of them", interviewer, start)


if __name__ == "__main__":
    main()
