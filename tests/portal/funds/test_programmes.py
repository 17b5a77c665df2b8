"""Programmes: what they pay, what share they bear, and which one pays a measure where."""

import datetime

import pytest
from fund_office import GEJIU, HONGHE, KUNMING, MENGZI, PROVINCE, code_of_refusal
from offices import TODAY

from huiqi.portal.acts.refusals import NotYours, Refused
from huiqi.portal.funds.programmes import account_of, programme_for

MEASURE = "rent-waiver"


def test_the_nearest_government_that_pays_a_measure_pays_it(funds):
    assert programme_for(MEASURE, MENGZI, TODAY) is None
    province = funds.open("p", PROVINCE, measures=MEASURE)
    assert programme_for(MEASURE, MENGZI, TODAY) == province
    prefecture = funds.open("h", HONGHE, measures=MEASURE)
    county = funds.open("m", MENGZI, measures=MEASURE)
    found = {each: programme_for(MEASURE, each, TODAY) for each in (MENGZI, GEJIU, HONGHE, KUNMING, PROVINCE)}
    assert found == {
        MENGZI: county,
        GEJIU: prefecture,
        HONGHE: prefecture,
        KUNMING: province,
        PROVINCE: province,
    }
    assert programme_for("no-such-measure", MENGZI, TODAY) is None


def test_a_programme_pays_from_the_day_it_is_opened_until_it_is_closed(funds):
    programme = funds.open("p", PROVINCE, measures=MEASURE)
    day = datetime.timedelta(1)
    assert programme_for(MEASURE, MENGZI, TODAY - day) is None
    funds.do("finance@province", "programme.close", programme.pk, {"reason": "到期"})
    assert programme_for(MEASURE, MENGZI, TODAY) is None


def test_a_measure_is_paid_by_one_programme_of_a_government(funds):
    funds.open("p", PROVINCE, measures=MEASURE)
    with pytest.raises(Refused) as refused:
        funds.open("q", PROVINCE, measures=MEASURE)
    assert code_of_refusal(refused) == "measure-paid-elsewhere"


@pytest.mark.parametrize(
    ("share", "stands"),
    [("3/10", (3, 10)), ("30%", (30, 100)), ("33.33％", (3333, 10000)), ("1/1", (1, 1)), ("", (0, 1))],
)
def test_a_share_is_an_exact_fraction(funds, share, stands):
    made = funds.open("q", PROVINCE, share=share)
    assert (made.share_numerator, made.share_denominator) == stands


@pytest.mark.parametrize("share", ["0/1", "11/10", "1/0", "0%", "101%", "0.3", "三成", "-1/2", "1/2/3"])
def test_what_is_no_share_is_refused(funds, share):
    with pytest.raises(Refused) as refused:
        funds.open("q", PROVINCE, share=share)
    assert code_of_refusal(refused) == "not-a-share"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"measures": "no-such-measure"}, "unknown-measure"),
        ({"code": "relief"}, "programme-code-taken"),
        ({"matched_by": "no-such"}, "no-such-matching-programme"),
        ({"matched_by": "relief"}, "no-such-matching-programme"),
    ],
)
def test_what_does_not_fit_is_refused(funds, values, code):
    with pytest.raises(Refused) as refused:
        funds.open(values.pop("code", "q"), PROVINCE, **values)
    assert code_of_refusal(refused) == code


@pytest.mark.parametrize("region", [KUNMING, "999999", ""])
def test_no_programme_of_another_government_is_opened(funds, region):
    with pytest.raises((NotYours, Refused)):
        funds.open("q", region, by="finance@honghe")


def test_a_share_that_was_used_stays(funds):
    funds.funded()
    funds.order("advance", {MENGZI: "1"})
    values = {"title": "新名称", "share": "1/2"}
    with pytest.raises(Refused) as refused:
        funds.do("finance@province", "programme.change", funds.programme.pk, values)
    assert code_of_refusal(refused) == "share-in-use"
    changed = funds.do(
        "finance@province", "programme.change", funds.programme.pk, {"title": "新名称", "share": "30%"}
    )
    assert changed.title == "新名称"


def test_an_account_is_opened_once_with_its_limit(funds):
    made = account_of(funds.programme, MENGZI, 2022, False, "available", create=True)
    assert made.limit == "credits"
    assert account_of(funds.programme, MENGZI, 2022, False, "available").pk == made.pk
    with pytest.raises(Refused) as refused:
        account_of(funds.programme, MENGZI, 2022, True, "available")
    assert code_of_refusal(refused) == "no-account"
    assert refused.value.findings[0].mend
