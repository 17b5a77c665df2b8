"""A batch is drawn as it was declared, held whole or not at all, sent by another person, or voided."""

import pytest
from ledgers import MENGZI
from offices import TODAY, run_jobs
from paying_office import order, payments

from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import NotByYou, NotNow, NotYours, Refused
from huiqi.portal.funds.models import Transfer
from huiqi.portal.payments.batches import open_from_source
from huiqi.portal.payments.models import Payment, PaymentBatch
from huiqi.portal.payments.orders import orders_from


def available(treasury):
    account = treasury.of("available", MENGZI)
    return account.credits_posted, account.debits_posted, account.debits_pending


def test_a_batch_is_opened_with_what_it_declares(treasury):
    batch = treasury.drafted(order(1, 100), order(2, 250))
    assert (batch.state, batch.control_count, batch.control_total) == ("drafted", 2, 350)
    first, second = payments(batch)
    assert (first.key, first.amount, first.state, first.stands) == ("test:1", 100, "ordered", "drafted")
    assert first.reference == "HQ" + f"{batch.pk:06}" + "000001" + first.reference[-2:]
    assert len({first.reference, second.reference}) == 2
    assert available(treasury) == (100_000, 0, 0)


def test_nothing_of_a_payee_stands_in_clear_in_the_database_or_in_an_event(
    treasury, django_assert_num_queries
):
    batch = treasury.sent(order(1, name="张三修理铺", account="6222 0212 3456 7890 123"))
    [payment] = payments(batch)
    kept = [payment.name, payment.account, payment.account_digest, payment.reference]
    kept += [str(each.body) for each in Event.objects.all()]
    assert not any(word in each for each in kept for word in ("张三", "6222021234567890123"))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"account": "12"}, "收款账号"),
        ({"account": "=1+1111111"}, "收款账号"),
        ({"name": " "}, "收款户名"),
        ({"name": "名\n称"}, "收款户名"),
        ({"amount": 0}, "大于零"),
        ({"amount": -5}, "大于零"),
        ({"bank": "行" * 81}, "开户行"),
    ],
)
def test_an_order_that_cannot_be_paid_stops_the_batch_and_names_no_payee(treasury, changed, why):
    with pytest.raises(Refused) as refused:
        treasury.drafted(order(1), order(2, **changed))
    finding = refused.value.findings[0]
    assert why in finding.why
    assert finding.why.startswith("test:2")
    assert "虚构企业2" not in str(refused.value)


def test_one_order_is_one_payment(treasury):
    treasury.drafted(order(1), order(2))
    with pytest.raises(Refused) as refused:
        treasury.drafted(order(2), order(3))
    assert refused.value.findings[0].code == "order-paid-already"
    with pytest.raises(Refused) as refused:
        treasury.drafted(order(4), order(4))
    assert refused.value.findings[0].code == "order-twice"


def test_money_is_held_for_each_payment_and_what_is_free_says_so_at_once(treasury):
    batch = treasury.drafted(order(1, 60_000), order(2, 40_000))
    treasury.holder.do("payment.hold", batch.pk)
    assert available(treasury) == (100_000, 0, 100_000)
    run_jobs()
    batch.refresh_from_db()
    assert (batch.state, batch.held_count, batch.held_total) == ("held", 2, 100_000)
    assert available(treasury) == (100_000, 0, 100_000)
    standing = Transfer.objects.for_site("test").filter(stage="pending", resolution=None)
    assert sorted(standing.values_list("amount", flat=True)) == [40_000, 60_000]


def test_a_batch_that_asks_for_more_than_there_is_is_refused_whole(treasury):
    batch = treasury.drafted(order(1, 100_000), order(2, 1))
    with pytest.raises(Refused) as refused:
        treasury.holder.do("payment.hold", batch.pk)
    assert refused.value.findings[0].code == "not-enough"
    batch.refresh_from_db()
    assert batch.state == "drafted"
    assert available(treasury) == (100_000, 0, 0)


def test_who_holds_does_not_send_and_who_approves_does_neither(treasury):
    batch = treasury.held(order(1))
    with pytest.raises(NotByYou):
        treasury.holder.do("payment.send", batch.pk)
    for other in (treasury.approver, treasury.neighbour, treasury.auditor):
        with pytest.raises(NotYours):
            other.do("payment.send", batch.pk)
    treasury.sender.do("payment.send", batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.sent_on, len(batch.file_digest)) == ("sent", TODAY, 64)


def test_a_held_batch_is_voided_and_its_money_is_free_again(treasury, heard):
    batch = treasury.held(order(1, 300), order(2, 200))
    treasury.sender.do("payment.void", batch.pk, {"reason": "名单有误"})
    run_jobs()
    batch.refresh_from_db()
    assert (batch.state, batch.voided_count) == ("voided", 2)
    assert available(treasury) == (100_000, 0, 0)
    assert [(each.key, each.state, each.amount, each.reason) for each in heard] == [
        ("test:1", "voided", 300, "名单有误"),
        ("test:2", "voided", 200, "名单有误"),
    ]
    again = treasury.drafted(order(1, 300))
    assert again.state == "drafted"


def test_a_drafted_batch_is_voided_without_a_transfer(treasury, heard):
    batch = treasury.drafted(order(1))
    before = Transfer.objects.for_site("test").count()
    treasury.holder.do("payment.void", batch.pk, {"reason": "重复"})
    run_jobs()
    batch.refresh_from_db()
    assert batch.state == "voided"
    assert Transfer.objects.for_site("test").count() == before
    assert len(heard) == 1


def test_a_sent_batch_is_not_voided(treasury):
    batch = treasury.sent(order(1))
    with pytest.raises(NotNow):
        treasury.sender.do("payment.void", batch.pk, {"reason": "想撤"})


def opened(treasury, count, total, *, most=10_000):
    def source(argument, after, asked):
        assert argument == "run-7"
        begin = int(after.partition(":")[2] or 0)
        return [order(each, 2) for each in range(begin + 1, min(begin + asked, most) + 1)]

    orders_from("test", source)
    return open_from_source(
        treasury.doing(),
        programme=treasury.programme,
        region=MENGZI,
        year=2022,
        direct=True,
        title="稳岗返还",
        domain="test",
        argument="run-7",
        count=count,
        total=total,
    )


def test_a_big_batch_is_drawn_from_its_source_in_pieces(treasury):
    batch = opened(treasury, 2_300, 4_600, most=2_300)
    assert batch.state == "drawing"
    run_jobs()
    batch.refresh_from_db()
    assert (batch.state, batch.drawn_count, batch.drawn_total) == ("drafted", 2_300, 4_600)
    assert Event.objects.filter(act="payment.draw").count() == 3
    treasury.holder.do("payment.hold", batch.pk)
    run_jobs()
    batch.refresh_from_db()
    assert (batch.state, batch.held_total) == ("held", 4_600)
    assert available(treasury) == (100_000, 0, 4_600)
    assert Payment.objects.for_site("test").filter(batch=batch).values("key").distinct().count() == 2_300


@pytest.mark.parametrize(("count", "total", "most"), [(5, 10, 4), (5, 9, 5), (3, 6, 10_000)])
def test_a_source_that_gives_other_than_was_declared_leaves_a_batch_that_can_only_be_voided(
    treasury, count, total, most
):
    batch = opened(treasury, count, total, most=most)
    run_jobs()
    batch.refresh_from_db()
    assert batch.state == "drawing"
    with pytest.raises(NotNow):
        treasury.holder.do("payment.hold", batch.pk)
    treasury.holder.do("payment.void", batch.pk, {"reason": "名单不符"})
    run_jobs()
    batch.refresh_from_db()
    assert batch.state == "voided"
    assert PaymentBatch.objects.for_site("test").count() == 1
