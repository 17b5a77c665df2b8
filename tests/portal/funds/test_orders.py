"""Orders of money: two persons, all lines or none, from the budget down the levels and back."""

import pytest
from django.db import IntegrityError, transaction
from fund_office import COUNTIES, GEJIU, HONGHE, KUNMING, MENGZI, PROVINCE, code_of_refusal, lines_of
from offices import NOW, TODAY

from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import NotByYou, NotNow, NotYours, Refused
from huiqi.portal.funds.models import FundOrder, Transfer
from huiqi.portal.funds.posting import Entry, post
from huiqi.portal.funds.programmes import account_of
from huiqi.portal.notices.models import Notice


def orders():
    return FundOrder.objects.for_site("test").count()


def transfers():
    return Transfer.objects.for_site("test").count()


def test_money_comes_from_the_budget_when_another_person_confirms(funds):
    order = funds.draft("appropriate", {PROVINCE: "1,000.50"})
    assert (order.state, order.total, funds.free(PROVINCE)) == ("drafted", 100050, 0)
    confirmed = funds.do("approver@province", "fund.confirm", order.pk)
    assert (confirmed.state, confirmed.decided_on) == ("confirmed", TODAY)
    assert funds.free(PROVINCE) == 100050
    budget = funds.account("budget", PROVINCE)
    assert budget.debits_posted == 100050
    made = Transfer.objects.for_site("test").get()
    assert (made.key, made.purpose) == (f"fund-order:{order.pk}:1", "appropriate")


def test_money_goes_to_all_counties_at_once(funds):
    funds.funded("2000")
    funds.order("allocate", {HONGHE: "1378.13"})
    sent = funds.order(
        "allocate", {each: f"{100 + number}.01" for number, each in enumerate(COUNTIES)}, HONGHE
    )
    assert len(COUNTIES) == 13
    assert sent.count == 13
    assert [funds.free(each) for each in COUNTIES] == [100_01 + 100 * number for number in range(13)]
    assert funds.free(HONGHE) == 0
    linked = set(
        Transfer.objects.for_site("test")
        .filter(key__startswith=f"fund-order:{sent.pk}:")
        .values_list("linked", flat=True)
    )
    assert linked == {f"fund-order:{sent.pk}:1"}


def test_all_lines_are_posted_or_none(funds):
    funds.funded("100")
    order = funds.draft("allocate", {HONGHE: "60", KUNMING: "40.01"})
    before = transfers()
    with pytest.raises(Refused) as refused:
        funds.do("approver@province", "fund.confirm", order.pk)
    assert code_of_refusal(refused) == "not-enough"
    assert "尚有100.00元，要转出100.01元" in refused.value.findings[0].why
    assert transfers() == before
    order.refresh_from_db()
    assert order.state == "drafted"


def test_who_drafted_cannot_confirm(funds):
    order = funds.draft("appropriate", {PROVINCE: "1"})
    with pytest.raises(NotYours):
        funds.do("finance@province", "fund.confirm", order.pk)
    # Even where somebody came to hold both roles.
    drafter = funds.people["finance@province"].user
    drafter.appointments.create(agency_id=f"{PROVINCE}-finance", role="approver", begins=TODAY)
    with pytest.raises(NotByYou):
        funds.do("finance@province", "fund.confirm", order.pk)
    assert transfers() == 0


def test_another_government_neither_drafts_nor_confirms(funds):
    order = funds.draft("appropriate", {PROVINCE: "1"})
    with pytest.raises(NotYours):
        funds.do("approver@honghe", "fund.confirm", order.pk)
    for who in ("finance@honghe", "finance@kunming"):
        with pytest.raises(NotYours):
            funds.draft("appropriate", {PROVINCE: "1"}, by=who)


def test_a_double_click_drafts_once_and_confirms_once(funds):
    values = funds.values("appropriate", {PROVINCE: "5"}, document="财预1号")
    first = funds.do("finance@province", "fund.draft", None, values, key="click")
    again = funds.do("finance@province", "fund.draft", None, values, key="click")
    assert first.pk == again.pk
    with pytest.raises(Refused) as refused:
        funds.do("second@province", "fund.draft", None, values, key="another click")
    assert code_of_refusal(refused) == "same-order-stands"
    funds.do("approver@province", "fund.confirm", first.pk, key="confirm")
    funds.do("approver@province", "fund.confirm", first.pk, key="confirm")
    with pytest.raises(NotNow):
        funds.do("approver@province", "fund.confirm", first.pk, key="confirm again")
    with pytest.raises(Refused) as refused:
        funds.do("finance@province", "fund.draft", None, values, key="later")
    assert code_of_refusal(refused) == "same-order-stands"
    assert (orders(), funds.free(PROVINCE)) == (1, 5_00)


def test_the_same_order_stands_once_in_the_database(funds):
    order = funds.draft("appropriate", {PROVINCE: "5"})
    again = FundOrder.objects.for_site("test").get(pk=order.pk)
    again.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


def test_an_order_that_is_declined_or_withdrawn_moves_nothing_and_can_be_drafted_again(funds):
    values = funds.values("appropriate", {PROVINCE: "5"}, document="财预1号")
    for act, who in (("fund.decline", "approver@province"), ("fund.withdraw", "finance@province")):
        order = funds.do("finance@province", "fund.draft", None, values)
        gone = funds.do(who, act, order.pk, {"reason": "金额有误"})
        assert (gone.reason, gone.decided_on) == ("金额有误", TODAY)
        with pytest.raises(NotNow):
            funds.do("approver@province", "fund.confirm", order.pk)
    assert transfers() == 0


def test_money_goes_down_only(funds):
    funds.funded()
    funds.order("allocate", {HONGHE: "100"})
    for region, line, code in (
        (HONGHE, KUNMING, "other-region"),
        (HONGHE, PROVINCE, "other-region"),
        (HONGHE, HONGHE, "other-region"),
        (HONGHE, "999999", "unknown-region"),
    ):
        with pytest.raises(Refused) as refused:
            funds.draft("allocate", {line: "1"}, region)
        assert code_of_refusal(refused) == code
    with pytest.raises(Refused) as refused:
        funds.draft("appropriate", {HONGHE: "1"}, HONGHE)
    assert code_of_refusal(refused) == "not-the-programme's"


@pytest.mark.parametrize("amount", ["0", "-1", "1.001", "", "一百", "1e9", "99999999999999999"])
def test_an_amount_is_money(funds, amount):
    with pytest.raises(Refused) as refused:
        funds.draft("allocate", {HONGHE: amount})
    assert code_of_refusal(refused) == "not-money"


def test_all_that_is_wrong_is_said_by_line(funds):
    values = funds.values("allocate", {HONGHE: "x", KUNMING: "1"})
    values["lines"].append({"region": KUNMING, "amount": "2"})
    with pytest.raises(Refused) as refused:
        funds.do("finance@province", "fund.draft", None, values)
    assert [(each.line, each.cell, each.code) for each in refused.value.findings] == [
        (1, "lines.0.amount", "not-money"),
        (3, "lines.2.region", "region-twice"),
    ]
    assert refused.value.findings[1].what == "第3行：与第2行是同一地区"


def test_what_lies_idle_is_recalled_and_never_more_than_was_allocated(funds):
    funds.funded("100")
    funds.order("allocate", {HONGHE: "60", KUNMING: "40"})
    funds.order("recall", {HONGHE: "20"})
    assert (funds.free(PROVINCE), funds.free(HONGHE)) == (20_00, 40_00)
    with pytest.raises(Refused) as refused:
        funds.draft("recall", {HONGHE: "40.01"})
    assert code_of_refusal(refused) == "recalls-too-much"
    funds.spend(KUNMING, 30_00)
    beyond = funds.draft("recall", {KUNMING: "10.01"})
    with pytest.raises(Refused) as refused:
        funds.do("approver@province", "fund.confirm", beyond.pk)
    assert code_of_refusal(refused) == "not-enough"


def test_a_closed_programme_only_gives_back(funds):
    funds.funded("100")
    funds.order("allocate", {HONGHE: "60"})
    waiting = funds.draft("allocate", {HONGHE: "1"})
    with pytest.raises(Refused) as refused:
        funds.do("finance@province", "programme.close", funds.programme.pk, {"reason": "到期"})
    assert code_of_refusal(refused) == "programme-under-way"
    funds.do("finance@province", "fund.withdraw", waiting.pk, {"reason": "不办"})
    closed = funds.do("finance@province", "programme.close", funds.programme.pk, {"reason": "到期"})
    assert (closed.state, closed.closed_on) == ("closed", TODAY)
    for kind, lines in (
        ("appropriate", {PROVINCE: "1"}),
        ("allocate", {HONGHE: "1"}),
        ("advance", {HONGHE: "1"}),
    ):
        with pytest.raises(Refused) as refused:
            funds.draft(kind, lines)
        assert code_of_refusal(refused) == "programme-closed"
    funds.order("recall", {HONGHE: "60"})
    assert funds.free(PROVINCE) == 100_00


def test_nothing_is_closed_while_money_is_held_for_payments(funds):
    funds.funded("100")
    available = funds.account("available", PROVINCE)
    paid = account_of(funds.programme, PROVINCE, 2022, False, "paid", create=True)
    post([Entry("held", available.pk, paid.pk, 1, "pay", "pending")], day=TODAY, at=NOW)
    with pytest.raises(Refused) as refused:
        funds.do("finance@province", "programme.close", funds.programme.pk, {"reason": "到期"})
    assert code_of_refusal(refused) == "programme-under-way"


def test_a_prefecture_passes_on_what_it_got_of_the_provinces_programme(funds):
    funds.funded("100")
    with pytest.raises(NotYours):
        funds.draft("allocate", {MENGZI: "10"}, HONGHE)
    funds.order("allocate", {HONGHE: "60"})
    funds.order("allocate", {MENGZI: "10", GEJIU: "20"}, HONGHE)
    assert [funds.free(each) for each in (HONGHE, MENGZI, GEJIU)] == [30_00, 10_00, 20_00]
    with pytest.raises(Refused) as refused:
        funds.draft("appropriate", {PROVINCE: "10"}, PROVINCE, by="finance@honghe")
    assert code_of_refusal(refused) == "not-found"


def test_an_event_tells_what_was_ordered_in_figures_only(funds):
    order = funds.funded("12.34")
    drafted, confirmed = Event.objects.filter(subject=str(order.pk), subject_kind="funds.fundorder").order_by(
        "sequence"
    )
    assert (drafted.act, confirmed.act) == ("fund.draft", "fund.confirm")
    assert drafted.body["digest"] == confirmed.body["digest"]
    assert confirmed.body["total"] == 1234


def test_who_must_confirm_and_whom_it_came_to_are_told(funds):
    funds.funded()
    order = funds.draft("allocate", {HONGHE: "60", MENGZI: "10"})
    told = Notice.objects.for_site("test").filter(subject=str(order.pk), kind="fund-order-drafted")
    assert [each.user.name for each in told] == ["approver@province"]
    funds.do("approver@province", "fund.confirm", order.pk)
    confirmed = Notice.objects.for_site("test").filter(kind="fund-order-confirmed", subject=str(order.pk))
    assert {each.user.name for each in confirmed} == {"finance@province", "second@province"}
    posted = Notice.objects.for_site("test").filter(
        kind="fund-order-posted", subject__in=[str(each.pk) for each in lines_of(order)]
    )
    assert {each.user.name for each in posted} == {"finance@honghe", "finance@mengzi"}
    declined = funds.draft("allocate", {HONGHE: "61"})
    funds.do("approver@province", "fund.decline", declined.pk, {"reason": "不办"})
    assert Notice.objects.for_site("test").filter(kind="fund-order-declined").count() == 2
