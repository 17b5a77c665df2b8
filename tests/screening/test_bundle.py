"""The best lawful combination, against every combination tried one by one."""

import datetime
from dataclasses import replace
from functools import cache
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.policies.shipped import shipped_policies
from huiqi.rules.judge import Claim, Judgement
from huiqi.rules.measure import Cap, Exclusion, Measure
from huiqi.rules.positions import Position
from huiqi.rules.situation import Situation
from huiqi.rules.typed import Literal
from huiqi.rules.types import number
from huiqi.rules.units import YUAN
from huiqi.screening.bundle import Barred, Bundle, best_bundle

NOWHERE = Position("", 0, 0)


@cache
def library() -> PolicyLibrary:
    return load_library(shipped_policies())


def fen(amount: int) -> Literal:
    return Literal(type=number(YUAN), value=amount)


def cap(level: str, limit: int) -> Cap:
    whose = "person_id" if level == "person" else ""
    return Cap(fen(limit), level, False, None, whose, "", 1, NOWHERE)


def exclusion(measure: str, level: str) -> Exclusion:
    return Exclusion(measure, level, "person_id" if level == "person" else "", "只能享受一项", 1, NOWHERE)


def a_measure(name: str, amount_is="paid", per="hire", caps=(), not_with=()) -> Measure:
    plain = next(each for each in library().measures if not each.parameters)
    return replace(
        plain,
        id=name,
        per=per,
        amount=fen(1),
        amount_is=amount_is,
        caps=tuple(caps),
        not_with=tuple(not_with),
    )


def judged(measure: Measure, amounts: list[int | None], persons: list[str | None] | None = None) -> Judgement:
    people = persons or [None] * len(amounts)
    claims = tuple(
        Claim(place if measure.per else None, {"person_id": who} if who else {}, "eligible", (), amount)
        for place, (amount, who) in enumerate(zip(amounts, people, strict=True))
    )
    return Judgement(measure, "eligible", claims)


def firm() -> Situation:
    return Situation(datetime.date(2022, 7, 31), "enterprise", {})


def bundled(*judgements: Judgement, barred: tuple[Barred, ...] = ()) -> Bundle:
    return best_bundle(judgements, firm(), library().judge, likely=False, barred=barred)


def amounts_of(bundle: Bundle) -> dict[str, int | None]:
    return {measure.id: amount for measure, _, amount in bundle.chosen}


def test_without_exclusions_everything_is_had():
    bundle = bundled(judged(a_measure("a"), [1, 2]), judged(a_measure("b", "deferred"), [5]))
    assert amounts_of(bundle) == {"a": 3, "b": 5}
    assert (bundle.counted(("paid", "saved")), bundle.counted(("deferred",)), bundle.losers) == (3, 5, ())


def test_for_a_firm_the_measure_worth_more_is_had_whichever_text_excludes():
    a, b = judged(a_measure("a", not_with=[exclusion("b", "firm")]), [3, 3]), judged(a_measure("b"), [5])
    for bundle in (bundled(a, b), bundled(b, a)):
        assert amounts_of(bundle) == {"a": 6}
        (loser,) = bundle.losers
        assert (loser.id, loser.by, loser.level, loser.index) == ("b", "a", "firm", None)
        assert loser.why == "同一主体不可与 a 同时享受：“只能享受一项”"


def test_on_one_record_the_claim_worth_more_is_had():
    a = judged(a_measure("a", not_with=[exclusion("b", "record")]), [3, 1])
    bundle = bundled(a, judged(a_measure("b"), [2, 2]))
    assert amounts_of(bundle) == {"a": 3, "b": 2}
    assert [(each.id, each.index) for each in bundle.losers] == [("b", 0), ("a", 1)]


def test_records_of_two_lists_are_never_one_record():
    a = judged(a_measure("a", per="loan", not_with=[exclusion("b", "record")]), [3])
    assert amounts_of(bundled(a, judged(a_measure("b"), [2]))) == {"a": 3, "b": 2}


def test_for_one_person_over_two_lists_one_measure_is_had():
    a = judged(a_measure("a", per="intern", not_with=[exclusion("b", "person")]), [3, 3], ["甲", "乙"])
    b = judged(a_measure("b"), [5, 2], ["甲", "甲"])
    assert amounts_of(bundled(a, b)) == {"a": 3, "b": 7}


def test_a_cap_lets_the_other_measure_have_what_would_be_lost():
    a = judged(a_measure("a", caps=[cap("firm", 10)], not_with=[exclusion("b", "record")]), [10, 9])
    assert amounts_of(bundled(a, judged(a_measure("b"), [3, 3]))) == {"a": 10, "b": 3}


def test_a_firm_exclusion_does_not_tie_what_a_record_exclusion_decides():
    a = judged(a_measure("a", not_with=[exclusion("b", "firm"), exclusion("c", "record")]), [5, 1])
    b, c = judged(a_measure("b"), [1, 1]), judged(a_measure("c"), [2, 2])
    assert amounts_of(bundled(a, b, c)) == {"a": 5, "c": 2}


def test_what_was_received_bars_what_it_excludes():
    a = judged(a_measure("a"), [3, 4], ["甲", "乙"])
    bundle = bundled(a, barred=(Barred("a", "b", "person", "person_id", "甲", "不重复享受"),))
    assert amounts_of(bundle) == {"a": 4}
    assert [(each.id, each.by, each.index) for each in bundle.losers] == [("a", "b", 0)]
    bundle = bundled(a, barred=(Barred("a", "b", "firm", "", None, ""),))
    assert (amounts_of(bundle), len(bundle.losers)) == ({}, 1)


def test_an_amount_that_is_not_known_is_not_preferred_and_not_counted():
    a = judged(a_measure("a", not_with=[exclusion("b", "record")]), [None])
    bundle = bundled(a, judged(a_measure("b"), [1]))
    assert amounts_of(bundle) == {"b": 1}
    alone = bundled(judged(a_measure("a"), [None, 3]))
    assert (amounts_of(alone), alone.counted(("paid",))) == ({"a": None}, 0)


# Small instances against brute force.


def an_instance(random: Random) -> list[Judgement]:
    names = "abcd"[: random.randrange(2, 5)]
    people = ["甲", "乙", "丙"]
    persons = {per: [random.choice(people) for _ in range(3)] for per in ("hire", "loan")}
    judgements = []
    for name in names:
        per = random.choice(["hire", "hire", "loan", ""])
        levels = [level for level in ("record", "person", "firm") if per and random.random() < 0.3]
        others = [other for other in names if other != name and random.random() < 0.4]
        not_with = [
            exclusion(other, random.choice(["firm", "record", "person"] if per else ["firm"]))
            for other in others
        ]
        measure = a_measure(
            name,
            random.choice(["paid", "paid", "saved", "deferred", "limit"]),
            per,
            [cap(level, random.randrange(1, 9)) for level in levels],
            not_with,
        )
        rows = random.randrange(1, 4) if per else 1
        amounts = [None if random.random() < 0.1 else random.randrange(6) for _ in range(rows)]
        judgements.append(judged(measure, amounts, persons[per][:rows] if per else None))
    return judgements


def lawful(taken: tuple[tuple[Judgement, Claim], ...]) -> bool:
    for (one, a), (two, b) in combinations(taken, 2):
        for first, second, claim, other in ((one, two, a, b), (two, one, b, a)):
            for each in first.measure.not_with:
                if each.measure != second.measure.id:
                    continue
                same_place = first.measure.per == second.measure.per and claim.index == other.index
                who, who_else = claim.row.get(each.whose), other.row.get(each.whose)
                by_person = who == who_else if who and who_else else same_place
                if {"firm": True, "record": same_place, "person": by_person}[each.level]:
                    return False
    return True


def worth(taken: tuple[tuple[Judgement, Claim], ...]) -> tuple[int, int, int]:
    counted = others = 0
    for judgement in {id(each): each for each, _ in taken}.values():
        measure = judgement.measure
        limits = {each.level: each.amount.value for each in measure.caps}
        people: dict[object, int] = {}
        for each, claim in taken:
            if each is judgement and claim.amount is not None:
                who = claim.row.get("person_id", claim.index)
                people[who] = people.get(who, 0) + min(claim.amount, limits.get("record", 99))
        amount = min(
            sum(min(each, limits.get("person", 99)) for each in people.values()), limits.get("firm", 99)
        )
        if measure.amount_is in ("paid", "saved"):
            counted += amount
        else:
            others += amount
    return counted, others, len(taken)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2**40))
def test_no_lawful_combination_is_worth_more(seed: int):
    judgements = an_instance(Random(seed))
    bundle = bundled(*judgements)
    everything = [(each, claim) for each in judgements for claim in each.claims]
    by_id = {each.measure.id: each for each in judgements}
    kept = tuple((by_id[measure.id], claim) for measure, claims, _ in bundle.chosen for claim in claims)
    assert lawful(kept)
    best = max(
        worth(taken)
        for size in range(len(everything) + 1)
        for taken in combinations(everything, size)
        if lawful(taken)
    )
    assert bundle.exact
    assert worth(kept) == best
    lost = {id(claim) for _, claim in everything} - {id(claim) for _, claim in kept}
    named = {(each.id, each.index) for each in bundle.losers}
    for judgement, claim in everything:
        assert (id(claim) in lost) == bool(
            {(judgement.measure.id, None), (judgement.measure.id, claim.index)} & named
        )


@pytest.mark.parametrize("limit", [100, 100_00, 400_00])
def test_forty_records_under_a_firm_cap_are_answered(limit: int):
    random = Random(1)
    a = judged(
        a_measure("a", caps=[cap("firm", limit)], not_with=[exclusion("b", "record")]),
        [random.randrange(100, 20_00) for _ in range(40)],
    )
    b = judged(a_measure("b", caps=[cap("firm", limit)]), [random.randrange(100, 20_00) for _ in range(40)])
    bundle = bundled(a, b)
    assert bundle.counted(("paid",)) <= bundle.bound <= 2 * limit
    assert bundle.counted(("paid",)) >= max(bundled(each).counted(("paid",)) for each in (a, b))


def test_forty_records_of_one_person_and_of_forty_are_answered():
    for people in (["甲"] * 40, [str(n) for n in range(40)]):
        a = judged(a_measure("a", not_with=[exclusion("b", "person")]), [3] * 40, people)
        b = judged(a_measure("b", per="intern"), [2] * 40, people)
        bundle = bundled(a, b)
        assert (amounts_of(bundle), bundle.exact) == ({"a": 120}, True)


def thirty(random: Random, level: str, claims: int, dense: float) -> list[Judgement]:
    """Thirty measures under firm caps, of which some pairs exclude each other."""
    made = []
    for one in range(30):
        others = [f"m{two}" for two in range(one) if random.random() < dense]
        amounts = [random.randrange(1, 200_00) for _ in range(claims)]
        limit = cap("firm", random.randrange(100_00, 100_00 * claims + 1))
        not_with = [exclusion(other, level) for other in others]
        made.append(judged(a_measure(f"m{one}", caps=[limit], not_with=not_with), amounts))
    return made


@pytest.mark.parametrize("dense", [0.05, 0.2, 0.5])
@pytest.mark.parametrize("claims", [1, 5, 40])
def test_thirty_measures_that_exclude_each_other_for_the_firm_are_proved(claims: int, dense: float):
    """However many claims they have: one is had with all or with none. Compared with another exact method."""
    judgements = thirty(Random(claims), "firm", claims, dense)
    bundle = bundled(*judgements)
    worths = [bundled(each).counted(("paid",)) for each in judgements]
    names = [each.measure.id for each in judgements]
    excludes = [0] * len(names)
    for one, judgement in enumerate(judgements):
        for each in judgement.measure.not_with:
            excludes[one] |= 1 << names.index(each.measure)
            excludes[names.index(each.measure)] |= 1 << one

    @cache
    def best(left: int) -> int:
        if not left:
            return 0
        place = left.bit_length() - 1
        rest = left & ~(1 << place)
        return max(best(rest), worths[place] + best(rest & ~excludes[place]))

    assert bundle.exact
    assert bundle.counted(("paid",)) == bundle.bound == best((1 << len(names)) - 1)


def test_thirty_measures_that_exclude_each_other_on_each_record_keep_to_their_bound():
    for seed in range(3):
        judgements = thirty(Random(seed), "record", 5, 0.1)
        bundle = bundled(*judgements)
        by_id = {each.measure.id: each for each in judgements}
        kept = tuple((by_id[measure.id], claim) for measure, claims, _ in bundle.chosen for claim in claims)
        assert lawful(kept)
        assert bundle.counted(("paid",)) <= bundle.bound
        assert bundle.exact == (bundle.counted(("paid",)) == bundle.bound)
