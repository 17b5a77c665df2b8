"""Nobody receives one entitlement twice, nor two that exclude each other, nor beyond a cap: the database holds it."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from huiqi.portal.delivery.models import CapShare, CapUse, Claimed, ExcludedBy, Line, Run
from huiqi.portal.firms.models import Firm

MENGZI = "532503"
NOW = datetime.datetime(2022, 8, 1, 2, 0, tzinfo=datetime.UTC)
DAY = datetime.date(2022, 8, 1)
RENT, LOAN = "rent-waiver", "loan-interest"


@pytest.fixture
def firm(db):
    return Firm.objects.create(
        credit_code="91532503MA6K0001XY", name="虚构的过桥米线店", region=MENGZI, updated_at=NOW
    )


def run(measure=RENT, **more):
    values = {"variant": MENGZI, "rule_digest": "0" * 64, "region": MENGZI, "as_of": DAY, "way": "automatic"}
    return Run.objects.create(measure=measure, began_at=NOW, **(values | more))


def line(of, firm, record="", amount=100_00):
    return Line.objects.create(
        run=of, firm=firm, county=MENGZI, record=record, amount=amount, rule_digest="0" * 64
    )


def refused(make, name):
    with pytest.raises(IntegrityError) as said, transaction.atomic():
        make()
    # SQLite names the columns of a unique constraint, PostgreSQL its name.
    assert name in str(said.value) or "UNIQUE constraint failed" in str(said.value)


def broken(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def claim(of, measure=RENT, record="", period="2022"):
    return Claimed.objects.create(
        measure=measure, payee="91532503MA6K0001XY", record=record, period=period, line=of
    )


def test_one_entitlement_is_one_lines(firm):
    first, again = line(run(state="done"), firm), line(run(), firm)
    claim(first)
    refused(lambda: claim(again), "one_line_of_an_entitlement")
    claim(again, period="2023")
    assert Claimed.objects.count() == 2


def test_an_entitlement_that_was_let_go_may_be_claimed_again(firm):
    first, again = line(run(state="done"), firm), line(run(), firm)
    claim(first).delete()
    assert claim(again).line == again


def test_of_two_measures_that_exclude_each_other_one_is_had(firm):
    own, other = line(run(), firm), line(run(LOAN), firm)
    values = {"group": f"{LOAN}|{RENT}", "payee": firm.credit_code, "period": "2022"}
    ExcludedBy.objects.create(measure=RENT, line=own, **values)
    refused(
        lambda: ExcludedBy.objects.create(measure=LOAN, line=other, **values), "one_of_excluding_measures"
    )


def test_no_more_than_a_cap_is_used_and_nothing_below_nought_is_left(firm):
    use = CapUse.objects.create(
        cap=f"{RENT}:1", holder=firm.credit_code, span="2022", limit=500_00, used=499_99
    )
    change = "UPDATE delivery_capuse SET used = used + %s WHERE id = %s"
    refused(lambda: broken(change, 2, use.pk), "cap_use_within_limit")
    refused(lambda: broken(change, -500_00, use.pk), "cap_use_not_negative")
    broken(change, 1, use.pk)
    use.refresh_from_db()
    assert use.used == use.limit


def test_a_cap_is_counted_in_one_row_and_a_line_takes_of_it_once(firm):
    values = {"cap": f"{RENT}:1", "holder": firm.credit_code, "span": "2022", "limit": 500_00}
    use = CapUse.objects.create(**values)
    refused(lambda: CapUse.objects.create(**values), "one_use_of_a_cap")
    own = line(run(), firm)
    CapShare.objects.create(line=own, use=use, amount=1)
    refused(lambda: CapShare.objects.create(line=own, use=use, amount=1), "one_share_of_a_cap")
    refused(lambda: CapShare.objects.create(line=line(run(LOAN), firm), use=use, amount=0), "cap_share")


def test_a_run_has_one_line_of_a_record_and_none_below_nought(firm):
    of = run()
    line(of, firm, "lease-1")
    refused(lambda: line(of, firm, "lease-1"), "one_line_of_a_record")
    refused(lambda: line(of, firm, "lease-2", amount=-1), "line_not_negative")


def test_one_run_of_a_measure_is_being_drawn(db):
    run(state="drawn")
    refused(run, "one_run_being_drawn")
    run(state="noticed")
    refused(lambda: run(LOAN, way="by-hand"), "run_way_known")
