"""The story of the demonstration, read from the database: runs finished and open, funds down and back, what came to money."""

from collections import defaultdict

import pytest
from django.db.models import Sum

from huiqi.portal.acts.models import Event
from huiqi.portal.applications.models import Application
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.delivery.models import APPLICATION, OPEN_STATES, Line, Run
from huiqi.portal.delivery.reads import variants_of
from huiqi.portal.firms.models import Binding
from huiqi.portal.funds.models import Account, FundOrder, FundOrderLine, Transfer
from huiqi.portal.funds.programmes import superiors
from huiqi.portal.payments.models import Payment
from huiqi.reference import regions

# The story is told once: its tests run on one worker, and none of them changes anything.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("story"),
    pytest.mark.xdist_group("demonstration"),
]


def rows(model, **asked):
    return model.objects.for_site("test").filter(**asked).order_by("pk")


def level(region):
    return regions.region(region).level


def test_three_measures_of_different_delivery_kinds_have_a_finished_and_an_open_run():
    finished, opened = defaultdict(set), defaultdict(set)
    for run in rows(Run):
        [variant] = [each for each in library().by_id[run.measure] if each.region == run.variant]
        assert variant in variants_of(library(), run.measure, run.region, run.as_of)
        by_state = finished if run.state == "done" else opened if run.state in OPEN_STATES else None
        assert by_state is not None, (run, run.state)
        by_state[variant.delivery].add(run.measure)
    both = {kind: measures & opened[kind] for kind, measures in finished.items()}
    assert {kind for kind, each in both.items() if each} == {"automatic", "by_third_party", "on_tax_return"}
    # What was applied for is finished too.
    assert finished["by_approval"]


def test_what_is_finished_reached_firms_and_what_is_open_has_lines():
    for run in rows(Run):
        states = set(rows(Line, run=run).values_list("state", flat=True))
        assert states & {"paid", "granted"} if run.state == "done" else states, (run, states)


def test_money_goes_from_the_province_to_the_prefecture_and_on_to_counties_that_pay_firms_of_it():
    moved = {
        (level(each.debit.region), level(each.credit.region))
        for each in rows(Transfer, purpose="allocate", stage="posted").select_related("debit", "credit")
    }
    assert {("province", "prefecture"), ("prefecture", "county")} <= moved
    orders = rows(FundOrder, kind="allocate", state="confirmed")
    assert {level(each.region) for each in orders} == {"province", "prefecture"}
    # Somebody else than who drafted it confirmed it.
    for order in orders:
        acts = Event.objects.filter(subject_kind="funds.fundorder", subject=str(order.pk))
        assert acts.values("actor").distinct().count() == 2
    paid = rows(Payment, state="paid").select_related("batch__available__programme")
    accounts = {each.batch.available for each in paid}
    from_above = [each for each in accounts if each.programme.region != each.region]
    assert from_above
    for account in from_above:
        above = list(superiors(account.region))[1]
        gave = rows(Transfer, credit=account, debit__region=above, stage="posted")
        assert gave.aggregate(fen=Sum("amount"))["fen"] >= account.debits_posted
        assert rows(Account, programme=account.programme, region=account.programme.region).exists()


def test_money_that_lay_idle_was_recalled_from_a_county():
    [recall] = rows(FundOrder, kind="recall", state="confirmed")
    [line] = rows(FundOrderLine, order=recall)
    assert (level(line.region), recall.region) == ("county", regions.region(line.region).parent)
    back = rows(Transfer, purpose="recall", stage="posted", debit__region=line.region)
    assert {each.credit.region for each in back} == {recall.region}
    assert back.aggregate(fen=Sum("amount"))["fen"] == line.amount > 0


def test_a_payment_was_recovered_by_an_opposite_entry():
    [payment] = rows(Payment, state="recovered")
    assert payment.recovered == payment.amount
    [entry] = rows(Transfer, purpose="recover")
    assert (entry.amount, entry.reverses.amount) == (payment.amount, payment.amount)
    # It leads back where it came from.
    assert (entry.debit, entry.credit) == (entry.reverses.credit, payment.batch.available)
    [line] = rows(Line, state="recovered")
    assert (line.firm_id, line.amount) == (payment.firm_id, payment.amount)


def test_an_application_of_the_owner_came_through_to_money():
    [application] = rows(Application, state="granted")
    own = rows(Binding, user__username="owner", state="bound").get()
    assert application.firm_id == own.firm_id
    granted = application.granted_lines.get().line
    assert (granted.run.way, granted.run.state, granted.state) == (APPLICATION, "done", "paid")
    assert application.amount == granted.amount == 9_000_00
    payment = rows(Payment, key=f"delivery:{granted.pk}").get()
    assert (payment.state, payment.amount, payment.firm_id) == ("paid", 9_000_00, own.firm_id)
    assert payment.batch.available.region == application.county


def test_every_step_of_that_application_is_an_act_after_the_one_before_by_people_apart():
    [application] = rows(Application, state="granted")
    line = application.granted_lines.get().line
    batch = rows(Payment, key=f"delivery:{line.pk}").get().batch
    steps = [
        *((application, f"application.{name}") for name in ("begin", "hand_in", "receive", "grant")),
        *((line.run, f"run.{name}") for name in ("check", "notice", "end_notice", "approve", "pay")),
        *((batch, f"payment.{name}") for name in ("hold", "send")),
        (line.run, "run.finish"),
    ]
    events = [
        Event.objects.get(act=act, subject_kind=subject._meta.label_lower, subject=str(subject.pk))
        for subject, act in steps
    ]
    assert [each.sequence for each in events] == sorted(each.sequence for each in events)
    by = {each.act: each.actor for each in events}
    assert by["application.receive"] != by["application.grant"]
    assert len({by[each] for each in ("run.check", "run.approve", "run.pay")}) == 3
    assert by["payment.hold"] != by["payment.send"]


def test_the_other_applications_stand_at_their_steps():
    states = {each.measure: each.state for each in rows(Application).exclude(state="granted")}
    assert states == {
        "title-technology-sme": "confirmed",
        "poverty-workshop-award": "refused",
        "innovation-voucher": "handed_in",
        "agri-investment-award": "draft",
    }


def test_nothing_is_left_out_of_the_story(story):
    said, people = story
    assert not [words for words in said if "未演示" in words[0] or "left out" in words[1]]
    for each in people:
        assert each.password
