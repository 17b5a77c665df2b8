"""Performance: what was paid, to how many, how long it took, what one costs; down to the single payment."""

from fractions import Fraction

import pytest
from django.conf import settings
from paying_office import MENGZI, Treasury, account_of, order, payments
from screened_office import renter

from huiqi.portal.fund_watch import figures
from huiqi.portal.fund_watch.performance import Paid, paid_by, settled


@pytest.fixture
def treasury(db, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA", tmp_path)
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")
    made = Treasury()
    for name, role in (("leader", "leading_group"), ("watcher", "auditor")):
        made.appoint(name, role, MENGZI)
    return made


@pytest.fixture
def paid(treasury):
    """Three payments of two firms and of one who is in no register; one is rejected."""
    first, second = renter(1).pk, renter(2).pk
    batch = treasury.sent(
        order(1, 700, firm=first),
        order(2, 300, firm=first, measure="job-retention-refund"),
        order(3, 501, firm=second),
        order(4, 99),
        order(5, 1_000),
    )
    found = payments(batch)
    treasury.answered(*((each, "失败" if each.amount == 1_000 else "成功") for each in found))
    return treasury


def page(treasury, who, address):
    return treasury.people[who].client.get(address)


def test_what_came_of_the_money(paid):
    rows = settled(paid.leader.actor, [paid.programme.pk], 2022)
    found = paid_by(rows, "batch__programme")[paid.programme.pk]
    # 1,600 fen for three payees: 533 and a third, half up.
    assert (found.fen, found.payments, found.payees, found.each_payee) == (1_600, 4, 3, 533)
    assert (found.timed, found.days, found.mean_days) == (4, 0, "0.0")


def test_by_measure(paid):
    found = paid_by(settled(paid.leader.actor, [paid.programme.pk], 2022), "measure")
    assert {name: (each.fen, each.payees) for name, each in found.items()} == {
        "job-retention-refund": (300, 1),
        "rent-waiver": (1_300, 3),
    }


def test_what_was_recovered_does_not_count(paid):
    one = next(each for each in payments(paid_batch(paid)) if each.amount == 700)
    paid.holder.do("payment.recover", one.pk, {"amount": "2.00", "reason": "多付"})
    rows = settled(paid.leader.actor, [paid.programme.pk], 2022)
    assert paid_by(rows, "batch__programme")[paid.programme.pk].fen == 1_400
    assert "不一致" not in page(paid, "leader", "/funds/performance/").content.decode()


def paid_batch(treasury):
    from huiqi.portal.payments.models import PaymentBatch

    return PaymentBatch.objects.for_site("test").get()


def test_days_are_working_days_on_the_average():
    assert Paid(timed=4, days=10).mean_days == "2.5"
    assert Paid(timed=3, days=2).mean_days == "0.7"
    assert Paid(timed=3, days=None).mean_days == Paid().mean_days == ""
    assert Paid(fen=5, payees=2).each_payee == 3 == int(Fraction(5, 2) + Fraction(1, 2))


def test_down_to_the_single_payment(paid):
    answer = page(paid, "leader", f"/funds/performance/{paid.programme.pk}/?year=2022")
    text = answer.content.decode()
    assert all(
        f"/payments/one/{each.pk}/" in text for each in payments(paid_batch(paid)) if each.amount != 1_000
    )
    # No payee and no account on it.
    assert "虚构企业4" not in text and account_of(4) not in text
    narrowed = page(paid, "leader", f"/funds/performance/{paid.programme.pk}/?measure=job-retention-refund")
    assert narrowed.content.decode().count("/payments/one/") == 1


def test_another_domain_says_who_was_reached(paid):
    figures.figures_from("test", lambda programme, year, area: figures.Reach(9, 7, address="/nowhere/"))
    try:
        text = page(paid, "leader", f"/funds/performance/{paid.programme.pk}/").content.decode()
        assert "应享9户次，已兑付7户次，未兑付2户次" in text and "/nowhere/" in text
    finally:
        figures._SOURCES.pop("test")


def test_a_neighbour_sees_nothing_of_it(paid):
    assert page(paid, "neighbour", "/funds/performance/").content.decode().count("16.00") == 0


def test_questions_do_not_grow_with_payments(paid, django_assert_max_num_queries):
    address = f"/funds/performance/{paid.programme.pk}/"
    page(paid, "leader", address)
    with django_assert_max_num_queries(26):
        page(paid, "leader", address)
    batch = paid.sent(*(order(number, 10, firm=renter(number).pk) for number in range(10, 40)))
    paid.answered(*((each, "成功") for each in payments(batch)))
    with django_assert_max_num_queries(26):
        assert "共34笔" in page(paid, "leader", address).content.decode()
