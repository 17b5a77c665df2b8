"""Matching funds: the superior's exact share of what lower levels spent, advanced first, settled in batches."""

import datetime
from fractions import Fraction

import pytest
from fund_office import GEJIU, HONGHE, KUNMING, MENGZI, PROVINCE, YESTERDAY, code_of_refusal, lines_of
from hypothesis import given
from hypothesis import strategies as st
from offices import NOW, TODAY

from huiqi.portal.acts.refusals import Refused
from huiqi.portal.funds.models import Transfer
from huiqi.portal.funds.posting import Entry, post
from huiqi.portal.funds.shares import settled
from huiqi.reference.money import half_up

FEN = st.integers(0, 10**13)
SHARES = st.integers(1, 9_999).flatmap(
    lambda below: st.fractions(Fraction(1, below), 1, max_denominator=9_999)
)
STEPS = st.lists(
    st.one_of(st.tuples(st.just("spend"), FEN), st.tuples(st.just("advance"), FEN), st.just(("settle", 0))),
    max_size=12,
)


def walked(share, steps, final=True):
    """Spend, advance and settle by these steps, and settle once more at the end: what was given in all."""
    spent = given_now = advanced = 0
    for what, fen in [*steps, ("final" if final else "settle", 0)]:
        if what == "spend":
            spent += fen
        elif what == "advance":
            given_now, advanced = given_now + fen, advanced + fen
        else:
            done = settled(spent, share, given_now, advanced, what == "final")
            given_now += done.amount - done.back
            advanced -= done.cleared
            assert 0 in (done.amount, done.back)
            assert given_now >= done.due
            assert advanced == given_now - done.due
    return given_now, half_up(share * spent)


@given(SHARES, STEPS)
def test_however_it_is_advanced_and_settled_the_share_is_given_to_the_fen(share, steps):
    in_all, due = walked(share, steps)
    assert in_all == due


@given(SHARES, st.lists(FEN, min_size=1, max_size=12))
def test_many_batches_come_to_what_one_would(share, spent):
    batches = [step for fen in spent for step in (("spend", fen), ("settle", 0))]
    assert walked(share, batches, final=False)[0] == walked(share, [("spend", sum(spent))], final=False)[0]


@given(SHARES, FEN, FEN)
def test_a_share_is_rounded_half_up_once(share, spent, before):
    due = settled(spent, share, 0, 0, False).due
    assert abs(2 * (due - share * spent)) <= 1
    # A half goes up.
    assert due - share * spent > Fraction(-1, 2)


def matched(funds):
    """The county has spent 1,000.01 yuan of its own: 3/10 of it are 300.003 yuan."""
    funds.funded("1000")
    own = funds.open("own", MENGZI, matched_by="relief")
    funds.order("appropriate", {MENGZI: "2000"}, MENGZI, programme=own)
    funds.spend(MENGZI, 1000_01, own)
    return own


def test_an_advance_stands_beside_the_money_until_it_is_settled(funds):
    own = matched(funds)
    funds.order("advance", {MENGZI: "100"})
    assert (funds.free(MENGZI), funds.advanced(MENGZI)) == (100_00, 100_00)
    order = funds.order("settle", [MENGZI], until=YESTERDAY.isoformat())
    line = lines_of(order)[0]
    assert (line.spent, line.due, line.given, line.amount, line.cleared) == (
        1000_01,
        300_00,
        100_00,
        200_00,
        100_00,
    )
    assert (funds.free(MENGZI), funds.advanced(MENGZI), funds.free(PROVINCE)) == (300_00, 0, 700_00)
    # The next batch: what was spent meanwhile, on the whole.
    funds.spend(MENGZI, 1, own)
    funds.spend(MENGZI, 3_33, own)
    again = lines_of(funds.order("settle", [MENGZI], until=YESTERDAY.isoformat()))[0]
    assert (again.spent, again.due, again.amount) == (1003_35, 301_01, 1_01)


def test_what_was_advanced_beyond_the_share_stays_or_is_taken_back_by_the_last_settlement(funds):
    matched(funds)
    funds.order("advance", {MENGZI: "500"})
    order = funds.order("settle", [MENGZI], until=YESTERDAY.isoformat())
    assert (order.total, funds.free(MENGZI), funds.advanced(MENGZI)) == (0, 500_00, 200_00)
    last = funds.order("settle", [MENGZI], until=YESTERDAY.isoformat(), final=True)
    assert (last.total, funds.free(MENGZI), funds.advanced(MENGZI)) == (-200_00, 300_00, 0)
    assert funds.free(PROVINCE) == 700_00
    with pytest.raises(Refused) as refused:
        funds.draft("settle", [MENGZI], until=YESTERDAY.isoformat())
    assert code_of_refusal(refused) == "nothing-to-settle"


def test_what_was_recovered_is_not_borne(funds):
    own = matched(funds)
    paid = funds.account("paid", MENGZI, own)
    available = funds.account("available", MENGZI, own)
    made = Transfer.objects.for_site("test").get(purpose="pay")
    back = Entry("back", paid.pk, available.pk, 1000_01, "recover", reverses=made.key)
    post([back], day=YESTERDAY, at=NOW)
    funds.order("advance", {MENGZI: "10"})
    line = lines_of(funds.draft("settle", [MENGZI], until=YESTERDAY.isoformat(), final=True))[0]
    assert (line.spent, line.due, line.back) == (0, 0, 10_00)


def test_a_prefectures_share_counts_what_its_counties_spent_and_only_up_to_the_day(funds):
    matched(funds)
    other = funds.open("gejiu-own", GEJIU, matched_by="relief")
    funds.order("appropriate", {GEJIU: "100"}, GEJIU, programme=other)
    funds.spend(GEJIU, 50_00, other)
    funds.spend(GEJIU, 10_00, other, day=TODAY)
    unmatched = funds.open("kunming-own", KUNMING)
    funds.order("appropriate", {KUNMING: "100"}, KUNMING, programme=unmatched)
    funds.spend(KUNMING, 50_00, unmatched)
    lines = lines_of(funds.draft("settle", [HONGHE, KUNMING], until=YESTERDAY.isoformat()))
    assert {each.region: each.spent for each in lines} == {HONGHE: 1050_01, KUNMING: 0}


def test_two_levels_may_each_bear_a_share_of_the_same_spending(funds):
    funds.funded("1000")
    prefecture = funds.open("honghe", HONGHE, share="1/5", matched_by="relief")
    funds.order("appropriate", {HONGHE: "1000"}, HONGHE, programme=prefecture)
    county = funds.open("own", MENGZI, matched_by="honghe")
    funds.order("appropriate", {MENGZI: "2000"}, MENGZI, programme=county)
    funds.spend(MENGZI, 1000_00, county)
    until = YESTERDAY.isoformat()
    ours = lines_of(funds.order("settle", [MENGZI], HONGHE, programme=prefecture, until=until))
    theirs = lines_of(funds.order("settle", [HONGHE], until=until))
    assert [each.amount for each in (*ours, *theirs)] == [200_00, 300_00]


def test_a_share_is_given_to_one_level_only(funds):
    matched(funds)
    funds.order("advance", {MENGZI: "100"})
    for kind, more in (("advance", {}), ("settle", {"until": YESTERDAY.isoformat()})):
        lines = {HONGHE: "1"} if kind == "advance" else [HONGHE]
        with pytest.raises(Refused) as refused:
            funds.draft(kind, lines, **more)
        assert code_of_refusal(refused) == "share-twice"


def test_money_spent_between_drafting_and_confirming_sends_a_settlement_back(funds):
    own = matched(funds)
    order = funds.draft("settle", [MENGZI], until=YESTERDAY.isoformat())
    funds.spend(MENGZI, 100_00, own)
    with pytest.raises(Refused) as refused:
        funds.do("approver@province", "fund.confirm", order.pk)
    assert code_of_refusal(refused) == "settlement-changed"
    assert funds.free(MENGZI) == 0


def test_two_settlements_drafted_at_once_give_the_share_once(funds):
    own = matched(funds)
    first = funds.draft("settle", [MENGZI], until=YESTERDAY.isoformat())
    second = funds.draft("settle", [MENGZI], until=YESTERDAY.isoformat(), by="second@province")
    funds.do("approver@province", "fund.confirm", first.pk)
    with pytest.raises(Refused) as refused:
        funds.do("approver@province", "fund.confirm", second.pk)
    assert code_of_refusal(refused) in ("settlement-changed", "nothing-to-settle")
    assert funds.free(MENGZI, own) + funds.free(MENGZI) == 999_99 + 300_00


def test_an_advance_is_taken_back_by_settling_not_by_a_recall(funds):
    matched(funds)
    funds.order("advance", {MENGZI: "100"})
    with pytest.raises(Refused) as refused:
        funds.draft("recall", {MENGZI: "1"})
    assert code_of_refusal(refused) == "recalls-too-much"


@pytest.mark.parametrize("until", [TODAY, TODAY + datetime.timedelta(30), None])
def test_a_settlement_is_up_to_a_day_that_is_over(funds, until):
    matched(funds)
    more = {"until": until.isoformat()} if until else {}
    with pytest.raises(Refused) as refused:
        funds.draft("settle", [MENGZI], **more)
    assert code_of_refusal(refused) == "settles-until"


def test_only_a_programme_with_a_share_advances(funds):
    plain = funds.open("plain", PROVINCE)
    with pytest.raises(Refused) as refused:
        funds.draft("advance", {HONGHE: "1"}, programme=plain)
    assert code_of_refusal(refused) == "bears-no-share"
