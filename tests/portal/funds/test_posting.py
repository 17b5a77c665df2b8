"""Transfers as finance makes them: from the budget down the levels to a firm, held, posted, taken back."""

import datetime

import pytest
from ledgers import DAY, GEJIU, HONGHE, MENGZI, NOW, PROVINCE

from huiqi.portal.acts.refusals import KeyTaken, Refused
from huiqi.portal.funds.models import Transfer
from huiqi.portal.funds.posting import Entry, post


def entry(ledger, key, debit, credit, amount, purpose="allocate", **more):
    return Entry(key, ledger.number(*debit), ledger.number(*credit), amount, purpose, **more)


def make(*entries, day=DAY):
    return post(entries, day=day, at=NOW)


def funded(ledger, amount=1_000_00, region=MENGZI):
    """The budget down to a county."""
    make(
        entry(ledger, "budget", ("budget", PROVINCE), ("available", PROVINCE), amount, "appropriate"),
        entry(ledger, "to-honghe", ("available", PROVINCE), ("available", HONGHE), amount),
        entry(ledger, "to-county", ("available", HONGHE), ("available", region), amount),
    )


def count():
    return Transfer.objects.for_site("test").count()


def test_money_goes_down_the_levels_and_to_a_firm(ledger):
    funded(ledger)
    make(entry(ledger, "pay-1", ("available", MENGZI), ("paid", MENGZI), 300_00, "pay"))
    assert ledger.of("available", MENGZI).free == 700_00
    assert ledger.of("available", PROVINCE).free == 0
    assert ledger.of("paid", MENGZI).credits_posted == 300_00
    assert ledger.of("budget", PROVINCE).debits_posted == 1_000_00


def test_transfers_made_together_name_the_first_and_stand_or_fall_together(ledger):
    funded(ledger)
    assert {each.linked for each in Transfer.objects.for_site("test")} == {"budget"}
    with pytest.raises(Refused) as refused:
        make(
            entry(ledger, "pay-1", ("available", MENGZI), ("paid", MENGZI), 300_00, "pay"),
            entry(ledger, "pay-2", ("available", MENGZI), ("paid", MENGZI), 700_01, "pay"),
        )
    assert refused.value.findings[0].code == "not-enough"
    assert "蒙自市" in refused.value.findings[0].why
    assert "1000.00元" in refused.value.findings[0].why.replace(",", "")
    assert ledger.of("available", MENGZI).free == 1_000_00
    assert count() == 3


def test_the_same_key_is_the_same_transfer_and_another_content_is_refused(ledger):
    funded(ledger)
    paying = entry(ledger, "pay-1", ("available", MENGZI), ("paid", MENGZI), 300_00, "pay")
    first = make(paying)
    again = make(paying)
    assert [each.pk for each in first] == [each.pk for each in again]
    assert ledger.of("available", MENGZI).free == 700_00
    with pytest.raises(KeyTaken):
        make(entry(ledger, "pay-1", ("available", MENGZI), ("paid", MENGZI), 300_01, "pay"))


def test_what_is_pending_is_held_and_then_posted_in_part_or_let_go(ledger):
    funded(ledger)
    way = (("available", MENGZI), ("paid", MENGZI))
    make(entry(ledger, "hold", *way, 600_00, "pay", stage="pending"))
    assert ledger.of("available", MENGZI).free == 400_00
    with pytest.raises(Refused):
        make(entry(ledger, "too-much", *way, 400_01, "pay"))
    make(entry(ledger, "post", *way, 500_00, "pay", stage="post", resolves="hold"))
    account = ledger.of("available", MENGZI)
    assert (account.debits_posted, account.debits_pending, account.free) == (500_00, 0, 500_00)
    with pytest.raises(Refused) as refused:
        make(entry(ledger, "void", *way, 600_00, "pay", stage="void", resolves="hold"))
    assert refused.value.findings[0].code == "not-pending"


def test_what_is_pending_is_posted_before_its_day_and_expires_from_it_on(ledger):
    funded(ledger)
    way = (("available", MENGZI), ("paid", MENGZI))
    until = DAY + datetime.timedelta(5)
    make(entry(ledger, "hold", *way, 600_00, "pay", stage="pending", until=until))
    expiry = entry(ledger, "expiry", *way, 600_00, "pay", stage="expire", resolves="hold")
    with pytest.raises(Refused):
        make(expiry, day=until - datetime.timedelta(1))
    with pytest.raises(Refused):
        make(entry(ledger, "late", *way, 600_00, "pay", stage="post", resolves="hold"), day=until)
    make(expiry, day=until)
    assert ledger.of("available", MENGZI).free == 1_000_00


def test_a_wrong_payment_is_taken_back_by_opposite_entries_and_never_beyond_it(ledger):
    funded(ledger)
    make(entry(ledger, "pay", ("available", MENGZI), ("paid", MENGZI), 300_00, "pay"))
    back = (("paid", MENGZI), ("available", MENGZI))
    make(entry(ledger, "back-1", *back, 100_00, "recover", reverses="pay", reason="重复支付"))
    with pytest.raises(Refused) as refused:
        make(entry(ledger, "back-2", *back, 200_01, "recover", reverses="pay"))
    assert refused.value.findings[0].code == "reverses-too-much"
    make(entry(ledger, "back-3", *back, 200_00, "recover", reverses="pay"))
    assert ledger.of("available", MENGZI).free == 1_000_00


def test_money_does_not_leave_its_programme(ledger):
    funded(ledger)
    elsewhere = ledger.open("available", GEJIU, "credits", ledger.other)
    with pytest.raises(Refused) as refused:
        make(Entry("astray", ledger.number("available", MENGZI), elsewhere, 1, "allocate"))
    assert refused.value.findings[0].code == "leaves-its-programme"


def test_a_call_may_hold_and_post_and_its_order_counts(ledger):
    funded(ledger)
    way = (("available", MENGZI), ("paid", MENGZI))
    hold = entry(ledger, "hold", *way, 600_00, "pay", stage="pending")
    posting = entry(ledger, "post", *way, 600_00, "pay", stage="post", resolves="hold")
    with pytest.raises(Refused) as refused:
        make(posting, hold)
    assert refused.value.findings[0].code == "no-such-transfer"
    make(hold, posting)
    assert ledger.of("paid", MENGZI).credits_posted == 600_00


def test_limits_hold_after_every_transfer_of_a_call(ledger):
    appropriated = entry(ledger, "in", ("budget", PROVINCE), ("available", PROVINCE), 5_00, "appropriate")
    allocated = entry(ledger, "out", ("available", PROVINCE), ("available", HONGHE), 5_00)
    with pytest.raises(Refused) as refused:
        make(allocated, appropriated)
    assert refused.value.findings[0].code == "not-enough"
    make(appropriated, allocated)
    assert ledger.of("available", HONGHE).free == 5_00


def test_a_reference_to_nothing_is_refused(ledger):
    with pytest.raises(Refused) as refused:
        make(entry(ledger, "a", ("paid", MENGZI), ("available", MENGZI), 1, "recover", reverses="no such"))
    assert refused.value.findings[0].code == "no-such-transfer"
    assert count() == 0
