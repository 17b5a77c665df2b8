"""The interview over made-up firms: how few facts are asked, how fast, and that the answer is the whole one.

Every firm is drawn so that each branch of each rule is met (harder than any real population), begins with what the
registers know of it, and is asked until no answer can change the result.

Run: .venv/bin/python benchmarks/interview.py [FIRMS]
"""

from __future__ import annotations

import datetime
import random
import statistics
import sys
import time
from collections.abc import Sequence

from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.policies.shipped import shipped_policies
from huiqi.rules.situation import Situation
from huiqi.screening.assess import assess
from huiqi.screening.branch_firms import BranchFirms, known_to
from huiqi.screening.interview import OTHERS, REGISTERS, Answer, Interviewer
from huiqi.screening.open_facts import RECORDS, Place

AS_OF = datetime.date(2022, 8, 15)
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


def main() -> None:
    """Ask, compare, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    library = load_library(shipped_policies())
    began = time.perf_counter()
    interviewer = Interviewer(library)
    print(f"preparing the interviewer: {(time.perf_counter() - began) * 1000:.1f} ms")
    firms = BranchFirms(library, interviewer.values)
    chance = random.Random(20220815)
    shares: list[float] = []
    asked: list[float] = []
    taken: list[float] = []
    differing = 0
    by_kind: dict[str, list[float]] = {}
    for n in range(count):
        kind = KINDS[n % len(KINDS)]
        whole = firms.draw(chance, AS_OF, kind)
        start = known_to(library, whole, REGISTERS)
        start.lists = dict(whole.lists)
        interview = interviewer.begin(start, OTHERS)
        while True:
            began = time.perf_counter()
            question = interview.next()
            taken.append((time.perf_counter() - began) * 1000)
            if question is None:
                break
            answer = told(library, whole, question.place)
            if answer is None:
                interview.decline(question.place)
            else:
                interview.answer(question.place, answer)
        share = interview.asked / len(interviewer.begin(whole, OTHERS).readable())
        shares.append(share)
        asked.append(interview.asked)
        by_kind.setdefault(kind, []).append(share)
        short = {each.measure.id: each.judgement for each in assess(library, interview.situation).measures}
        for each in assess(library, whole).measures:
            found = short[each.measure.id]
            same = (found.verdict, found.amount) == (each.judgement.verdict, each.judgement.amount)
            differing += not same and found.verdict != "likely"
    print(f"firms: {count}; measures that differ from the whole answer: {differing}")
    print(f"questions: {quantiles(asked)}")
    print(f"share of the facts that measures read and registers do not know: {quantiles(shares)}")
    for kind, found in by_kind.items():
        print(f"  {kind}: {quantiles(found)}")
    print(f"next question, ms: {quantiles(taken)} (over {len(taken)})")
    interview = interviewer.begin(Situation(AS_OF, "enterprise", {"region": "532503"}))
    nothing_known = []
    while True:
        began = time.perf_counter()
        question = interview.next()
        nothing_known.append((time.perf_counter() - began) * 1000)
        if question is None:
            break
        interview.decline(question.place)
    print(f"next question with only the county known, ms: {quantiles(nothing_known)}")


if __name__ == "__main__":
    main()
