"""The best choice is proved: equal to brute force where that is possible, to another method at thirty, and its bound
is reached."""

from functools import cache
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from huiqi.screening.best_choice import Choice, bits
from huiqi.screening.bundle import MOST_WORK

ENOUGH = 60_000


def an_instance(random: Random, places: int, of_one: int, dense: float, capped: float) -> Choice:
    """Places of measures with `of_one` claims each, some of them under a cap; claims of two measures may exclude."""
    owners = [place // of_one for place in range(places)]
    amounts = [random.randrange(1, 200_00) for _ in range(places)]
    caps = {owner: random.randrange(50_00, 400_00) for owner in set(owners) if random.random() < capped}
    excludes = [0] * places
    for one in range(places):
        for two in range(one):
            if owners[one] != owners[two] and random.random() < dense:
                excludes[one] |= 1 << two
                excludes[two] |= 1 << one

    def total(owner: int, kept: int) -> int:
        return min(sum(amounts[place] for place in bits(kept)), caps.get(owner, 10**9))

    worths = [total(owners[place], 1 << place) for place in range(places)]
    return Choice(worths, excludes, owners, total, frozenset(caps), random.randrange(2))


def brute(choice: Choice) -> int:
    """Every lawful choice, one by one."""
    best = 0

    def visit(place: int, kept: int) -> None:
        nonlocal best
        if place == len(choice.worths):
            best = max(best, choice.worth(kept))
            return
        visit(place + 1, kept)
        if not choice.excludes[place] & kept:
            visit(place + 1, kept | 1 << place)

    visit(0, 0)
    return best


def by_memory(choice: Choice) -> int:
    """Another exact method, for choices without caps: what is left decides, each set of places once."""

    @cache
    def best(left: int) -> int:
        if not left:
            return 0
        place = max(bits(left), key=lambda each: (choice.excludes[each] & left).bit_count())
        bit = 1 << place
        own = choice.worths[place] + choice.each
        return max(best(left & ~bit), own + best(left & ~bit & ~choice.excludes[place]))

    return best(choice.everything)


def lawful(choice: Choice, kept: int) -> bool:
    return not any(choice.excludes[place] & kept for place in bits(kept))


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 2**40),
    st.integers(1, 12),
    st.integers(1, 4),
    st.sampled_from([0.1, 0.3, 0.6]),
    st.sampled_from([0, 0.5, 1]),
)
def test_it_is_what_brute_force_finds(
    seed: int, places: int, of_one: int, dense: float, capped: float
) -> None:
    choice = an_instance(Random(seed), places, of_one, dense, capped)
    found = choice.solve(ENOUGH)
    assert found.proved
    assert found.worth == found.bound == choice.worth(found.kept) == brute(choice)
    assert lawful(choice, found.kept)


def test_sixteen_are_still_checked_by_brute_force() -> None:
    for seed in range(4):
        choice = an_instance(Random(seed), 16, 1 + seed % 3, 0.3, 0.5)
        found = choice.solve(ENOUGH)
        assert (found.worth, found.proved) == (brute(choice), True)


def test_thirty_are_proved_and_agree_with_another_method() -> None:
    for seed in range(20):
        choice = an_instance(Random(seed), 30, 1, (0.05, 0.1, 0.2, 0.5, 0.9)[seed % 5], 0)
        found = choice.solve(ENOUGH)
        assert found.worth == found.bound == choice.worth(found.kept) == by_memory(choice)
        assert lawful(choice, found.kept)


def test_thirty_under_caps_are_proved_with_the_work_that_a_firm_is_given() -> None:
    for seed in range(24):
        choice = an_instance(Random(seed), 30, 1 + seed % 3, (0.05, 0.1, 0.3, 0.6)[seed % 4], 1)
        found = choice.solve(MOST_WORK)
        assert found.worth == found.bound


def test_thirty_with_three_claims_each_are_never_worth_more_than_the_bound() -> None:
    """Ninety places are not always proved with little work; what more work finds stays under the bound."""
    proved = 0
    for seed in range(8):
        made = (Random(seed), 90, 3, (0.007, 0.02, 0.03, 0.1)[seed % 4], (0, 0.5)[seed % 2])
        found = an_instance(*made).solve(MOST_WORK)
        more = an_instance(Random(seed), *made[1:]).solve(3 * MOST_WORK)
        assert found.worth <= more.worth <= more.bound <= found.bound
        proved += found.proved
    assert proved >= 5


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**40), st.integers(0, 60))
def test_the_bound_holds_even_where_the_search_is_cut_short(seed: int, work: int) -> None:
    random = Random(seed)
    choice = an_instance(random, 12, random.randrange(1, 4), 0.3, 0.7)
    found = choice.solve(work)
    best = brute(choice)
    assert found.worth <= best <= found.bound
    assert lawful(choice, found.kept)
    assert choice.worth(found.kept) == found.worth


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**40))
def test_no_lawful_choice_exceeds_the_bound_of_a_part(seed: int) -> None:
    random = Random(seed)
    choice = an_instance(random, 10, random.randrange(1, 4), 0.3, 0.7)
    kept = 0
    for place in random.sample(range(10), 4):
        if not choice.excludes[place] & kept:
            kept |= 1 << place
    open_ = sum(1 << place for place in range(10) if not (choice.excludes[place] | 1 << place) & kept)
    bound = choice.bound(kept, open_)
    for _ in range(50):
        more = kept
        for place in random.sample(list(bits(open_)), open_.bit_count()):
            if random.random() < 0.7 and not choice.excludes[place] & more:
                more |= 1 << place
        assert choice.worth(more) <= bound


def test_parts_share_nothing() -> None:
    choice = an_instance(Random(3), 20, 2, 0.04, 0.3)
    parts = choice.parts(choice.everything)
    assert sum(parts) == choice.everything
    for part in parts:
        for place in bits(part):
            assert choice.excludes[place] & ~part == 0
            if choice.owners[place] in choice.capped:
                same = [other for other, owner in enumerate(choice.owners) if owner == choice.owners[place]]
                assert all(part >> other & 1 for other in same)


def test_nothing_to_choose_from() -> None:
    found = Choice([], [], [], lambda owner, kept: 0, frozenset()).solve(ENOUGH)
    assert (found.kept, found.worth, found.proved) == (0, 0, True)
