"""What each level has, from its accounts alone: nothing is counted twice, nothing is left out."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from huiqi.portal.funds.balances import levels, percent
from huiqi.portal.funds.models import Account
from huiqi.reference.regions import is_within

REGIONS = ("530000", "532500", "532503", "532501", "530100", "530102")
FEN = st.integers(0, 10**12)


@st.composite
def held(draw):
    """Accounts as a ledger may leave them: nobody has less than nothing, nobody paid less than was recovered."""
    made = []
    for region in draw(st.sets(st.sampled_from(REGIONS), min_size=1)):
        out, pending, free = draw(FEN), draw(FEN), draw(FEN)
        made.append(
            Account(
                region=region,
                kind="available",
                credits_posted=out + pending + free,
                debits_posted=out,
                debits_pending=pending,
            )
        )
        recovered, kept = draw(FEN), draw(FEN)
        made.append(
            Account(region=region, kind="paid", credits_posted=recovered + kept, debits_posted=recovered)
        )
    return made


@given(held())
def test_an_area_has_what_its_governments_have(accounts):
    found = levels(accounts)
    assert [each.region for each in found] == sorted({each.region for each in accounts})
    for level in found:
        inside = [each for each in found if is_within(each.region, level.region)]
        for name in ("free", "pending", "paid", "funds"):
            assert getattr(level.area, name) == sum(getattr(each.own, name) for each in inside)
        assert level.passed_down == sum(each.own.funds for each in inside if each is not level) >= 0


@given(FEN, FEN)
def test_a_rate_is_the_nearest_tenth_of_a_per_cent(part, whole):
    said = percent(part, whole)
    if whole == 0:
        assert said == ""
    else:
        assert abs(Fraction(said.removesuffix("%")) - Fraction(100 * part, whole)) <= Fraction(1, 20)
