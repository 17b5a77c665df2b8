"""What was wrongly paid is taken back by an opposite entry, in whole or in part, never beyond what was paid."""

import pytest
from ledgers import MENGZI
from paying_office import order, payments

from huiqi.portal.acts.refusals import NotNow, NotYours, Refused
from huiqi.portal.funds.models import Transfer


@pytest.fixture
def paid(treasury):
    batch = treasury.sent(order(1, 300))
    [payment] = payments(batch)
    treasury.answered((payment, "成功"))
    payment.refresh_from_db()
    return payment


def spent(treasury):
    account = treasury.of("available", MENGZI)
    return account.debits_posted - (account.credits_posted - 100_000)


def recover(treasury, payment, amount, key):
    treasury.holder.do("payment.recover", payment.pk, {"amount": amount, "reason": "资格有误"}, key=key)
    payment.refresh_from_db()
    return payment.state, payment.recovered


def test_a_payment_is_recovered_in_parts_until_nothing_is_left(treasury, paid, heard):
    assert recover(treasury, paid, "1.00", "one") == ("paid", 100)
    assert recover(treasury, paid, "2.00", "two") == ("recovered", 300)
    assert spent(treasury) == 0
    assert [(each.state, each.amount, each.reason) for each in heard][-2:] == [
        ("recovered", 100, "资格有误"),
        ("recovered", 200, "资格有误"),
    ]
    taken_back = Transfer.objects.for_site("test").filter(purpose="recover").order_by("pk")
    assert [(each.amount, each.reverses.stage, each.reason) for each in taken_back] == [
        (100, "post", "资格有误"),
        (200, "post", "资格有误"),
    ]
    with pytest.raises(NotNow):
        recover(treasury, paid, "0.01", "three")


@pytest.mark.parametrize("amount", ["3.01", "0", "-1", "一元", "0.001"])
def test_no_more_is_recovered_than_was_paid(treasury, paid, amount):
    with pytest.raises(Refused):
        recover(treasury, paid, amount, "one")
    assert spent(treasury) == 300


def test_what_was_not_paid_is_not_recovered(treasury):
    [payment] = payments(treasury.sent(order(1)))
    with pytest.raises(NotNow):
        recover(treasury, payment, "1.00", "one")


def test_only_finance_of_the_government_that_paid_recovers(treasury, paid):
    for person in (treasury.approver, treasury.auditor, treasury.neighbour):
        with pytest.raises(NotYours):
            person.do("payment.recover", paid.pk, {"amount": "1", "reason": "x"})
