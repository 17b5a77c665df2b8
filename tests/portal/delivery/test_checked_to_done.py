"""A run from the checked list to money received: notice, approval, batch, the bank's file and statement, done."""

import datetime

import pytest
from delivering_office import account_for, after, lines_of, pay_into, run_jobs_on, states_of
from offices import NOW, TODAY, run_jobs

from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import NotByYou, NotNow, Refused
from huiqi.portal.clock.models import Deadline
from huiqi.portal.delivery.models import Approval, Claimed, Line, TaxAccount
from huiqi.portal.delivery.outcomes import NOT_PAID
from huiqi.portal.jobs.running import run_due
from huiqi.portal.notices.models import Notice
from huiqi.portal.payments.models import Payment, PaymentBatch


def told(user):
    rows = Notice.objects.for_site("test").filter(user__username=user).order_by("pk")
    return [each.kind for each in rows]


def paid_firm(office, number, **more):
    firm = office.entitled(number, **more)
    pay_into(firm, account_for(firm))
    return firm


def test_a_run_goes_from_the_checked_list_to_money_received(office):
    firms = [paid_firm(office, number, owner=f"owner{number}") for number in (1, 2, 3)]
    run = office.noticed(*firms)
    # Five working days after Monday 1 August.
    assert (run.notice_from, run.notice_until) == (TODAY, datetime.date(2022, 8, 8))
    run_jobs()
    with pytest.raises(NotNow, match="公示期未满"):
        office.leading_group.do("run.end_notice", run.pk, day=run.notice_until)
    run_jobs_on(after(run))
    office.approver.do("run.approve", run.pk)
    run.refresh_from_db()
    assert (run.state, states_of(run)) == ("approved", ["approved"] * 3)
    run_jobs()

    office.pay(run)
    batch = PaymentBatch.objects.for_site("test").get(pk=run.batch)
    assert (batch.state, batch.control_count, batch.control_total) == ("drafted", 3, 3 * 900_00)
    assert states_of(run) == ["paying"] * 3
    batch = office.settle(run, "成功", "成功", "成功")
    assert batch.state == "closed"
    assert states_of(run) == ["paid"] * 3
    assert {each.paid_on for each in lines_of(run)} == {datetime.date(2022, 8, 1)}

    office.finance.do("run.finish", run.pk)
    run.refresh_from_db()
    assert run.state == "done"
    assert Claimed.objects.filter(line__run=run).count() == 3
    assert told("owner1") == ["delivery-listed", "delivery-approved", "delivery-paid"]
    office.owner1.client.get("/notices/")


def test_each_step_has_its_deadline_and_meets_the_one_before(office):
    run = office.ended(paid_firm(office, 1))
    steps = Deadline.objects.for_site("test").filter(subject_kind="delivery.run").order_by("pk")
    assert [(each.rule, each.state) for each in steps] == [("delivery-approval", "open")]
    office.approver.do("run.approve", run.pk)
    assert [(each.rule, each.state) for each in steps.all()] == [
        ("delivery-approval", "met"),
        ("delivery-payment", "open"),
    ]


def test_a_list_is_approved_by_as_many_people_as_its_amount_asks_for(office):
    firm = paid_firm(office, 1, **{"unemployment_premiums@2021": "1000000"})
    run = office.ended(firm)
    # 900,000 yuan: two approvers.
    office.approver.do("run.approve", run.pk)
    run.refresh_from_db()
    assert run.state == "approving"
    with pytest.raises(NotByYou, match="您已同意过"):
        office.approver.do("run.approve", run.pk, key="again")
    office.approver2.do("run.approve", run.pk)
    run.refresh_from_db()
    assert (run.state, states_of(run)) == ("approved", ["approved"])
    assert Approval.objects.for_site("test").count() == 2


def test_who_noticed_a_list_does_not_approve_it_and_a_return_begins_a_new_round(office):
    firm = paid_firm(office, 1, **{"unemployment_premiums@2021": "1000000"})
    run = office.ended(firm)
    office.approver.do("run.approve", run.pk)
    office.approver2.do("run.return", run.pk, {"reason": "名单有误"})
    run.refresh_from_db()
    assert (run.state, run.round, run.notice_until) == ("checked", 2, None)
    office.leading_group.do("run.notice", run.pk, key="second")
    run.refresh_from_db()
    run_jobs_on(after(run))
    office.approver.do("run.approve", run.pk, key="second round")
    run.refresh_from_db()
    assert run.state == "approving"
    assert sorted(Approval.objects.for_site("test").values_list("round", flat=True)) == [1, 2]


def test_the_rules_of_a_run_are_those_that_stood_when_it_began(office):
    run = office.run(paid_firm(office, 1))
    run.rules["notice"]["working_days"] = 2
    run.rules["approvals"] = [{"people": 2, "roles": ["approver"]}]
    run.save()
    office.county_officer.do("run.notice", run.pk)
    run.refresh_from_db()
    assert run.notice_until == datetime.date(2022, 8, 3)
    run_jobs_on(after(run))
    office.approver.do("run.approve", run.pk)
    run.refresh_from_db()
    assert run.state == "approving"


def test_a_notice_begins_neither_in_the_past_nor_far_ahead_nor_for_nobody(office):
    run = office.run(paid_firm(office, 1))
    for day in ("2022-07-31", "2022-09-30"):
        with pytest.raises(Refused, match="公示起始日"):
            office.county_officer.do("run.notice", run.pk, {"begins": day})
    Line.objects.for_site("test").update(state="dropped")
    with pytest.raises(Refused, match="没有可公示的企业"):
        office.county_officer.do("run.notice", run.pk)


def test_without_a_public_account_the_tax_offices_account_is_paid_into_where_the_rules_say_so(office):
    public, tax, none = paid_firm(office, 1), office.entitled(2), office.entitled(3, owner="owner")
    pay_into(tax, account_for(tax), TaxAccount)
    run = office.paying(public, tax, none)
    assert [(each.state, each.account, each.account_missing) for each in lines_of(run)] == [
        ("paying", "public", False),
        ("paying", "tax", False),
        ("approved", "public", True),
    ]
    assert told("owner")[-1] == "delivery-account-missing"
    office.settle(run, "成功", "成功")
    # The firm brings its account: it is paid in a batch of its own.
    pay_into(none, account_for(none))
    office.pay(run)
    assert states_of(run) == ["paid", "paid", "paying"]
    office.settle(run, "成功")
    assert states_of(run) == ["paid"] * 3
    assert PaymentBatch.objects.for_site("test").count() == 2


def test_an_account_that_no_bank_takes_is_missing_and_holds_nobody_else_up(office):
    good, bad = paid_firm(office, 1), office.entitled(2)
    pay_into(bad, "账号待补")
    run = office.paying(good, bad)
    assert states_of(run) == ["paying", "approved"]


def test_what_the_bank_sends_back_is_paid_again_once_the_account_is_mended(office):
    run = office.paying(paid_firm(office, 1, owner="owner"), paid_firm(office, 2))
    office.settle(run, "失败", "成功")
    first, second = lines_of(run)
    assert (first.state, first.reason, second.state) == ("rejected", "户名不符", "paid")
    assert told("owner")[-1] == "delivery-rejected"
    with pytest.raises(NotNow, match="没有等待支付的明细"):
        office.pay(run, key="too early")
    office.finance.do("line.retry", first.pk)
    office.pay(run)
    assert states_of(run) == ["paying", "paid"]
    office.settle(run, "成功")
    assert states_of(run) == ["paid", "paid"]
    states = Payment.objects.for_site("test").filter(key=f"delivery:{first.pk}").order_by("pk")
    assert [each.state for each in states] == ["rejected", "paid"]


def test_a_batch_that_is_voided_puts_its_lines_back_and_they_are_paid_by_the_next(office):
    run = office.paying(paid_firm(office, 1), paid_firm(office, 2))
    office.finance.do("payment.void", run.batch, {"reason": "资金科目有误"})
    run_jobs()
    assert states_of(run) == ["approved", "approved"]
    office.pay(run)
    assert states_of(run) == ["paying", "paying"]
    office.settle(run, "成功", "成功")
    assert states_of(run) == ["paid", "paid"]


def test_lines_of_a_batch_that_was_voided_before_it_was_drawn_are_paid_by_the_next(office):
    run = office.approved(paid_firm(office, 1), paid_firm(office, 2))
    run_jobs()
    # Between the opening and the drawing an account becomes one that no bank takes: the drawing stops.
    office.finance.do("run.pay", run.pk, {"direct": True})
    run_due(lambda: NOW, most=1)
    firm = lines_of(run)[0].firm
    pay_into(firm, "待补")
    run_jobs()
    run.refresh_from_db()
    batch = PaymentBatch.objects.for_site("test").get(pk=run.batch)
    assert (batch.state, states_of(run)) == ("drawing", ["paying", "paying"])
    with pytest.raises(NotNow, match="还在生成"):
        office.pay(run, key="while drawn")
    office.finance.do("payment.void", batch.pk, {"reason": "账号有误"})
    run_jobs()
    pay_into(firm, account_for(firm))
    office.pay(run)
    office.settle(run, "成功", "成功")
    assert states_of(run) == ["paid", "paid"]


def test_recovered_money_frees_the_entitlement(office):
    run = office.paying(paid_firm(office, 1, owner="owner"))
    office.settle(run, "成功")
    payment = Payment.objects.for_site("test").get()
    office.holder.do("payment.recover", payment.pk, {"amount": "100", "reason": "多发"})
    assert states_of(run) == ["paid"]
    office.holder.do("payment.recover", payment.pk, {"amount": "800", "reason": "不符合条件"}, key="rest")
    run_jobs()
    line = lines_of(run)[0]
    assert (line.state, Claimed.objects.count()) == ("recovered", 0)
    assert "不符合条件" in line.reason
    assert told("owner")[-1] == "delivery-recovered"


def test_a_run_is_finished_only_when_nothing_is_under_way_and_lets_go_what_reached_nobody(office):
    run = office.paying(paid_firm(office, 1), paid_firm(office, 2), office.entitled(3, owner="owner"))
    with pytest.raises(NotNow, match="正在支付"):
        office.finance.do("run.finish", run.pk)
    office.settle(run, "成功", "失败")
    office.finance.do("run.finish", run.pk)
    assert [(each.state, each.reason) for each in lines_of(run)] == [
        ("paid", ""),
        ("rejected", "户名不符"),
        ("dropped", NOT_PAID["approved"]),
    ]
    run_jobs()
    assert told("owner")[-1] == "delivery-dropped"
    assert Claimed.objects.count() == 1


def test_a_run_is_not_paid_by_who_approved_it_nor_without_a_programme_or_its_money(office):
    run = office.approved(paid_firm(office, 1))
    office.pays()
    with pytest.raises(Refused, match="没有支付这项措施的资金项目"):
        office.pay(run)
    office.pays(run.measure)
    with pytest.raises(Refused, match="没有这个资金账户"):
        office.finance.do("run.pay", run.pk, {"direct": False})
    assert not Event.objects.filter(act="run.pay").exists()


def test_a_line_that_no_account_reaches_is_let_go_by_finance(office):
    run = office.paying(paid_firm(office, 1), office.entitled(2))
    line = lines_of(run)[1]
    office.finance.do("line.release", line.pk, {"reason": "企业已注销"})
    line.refresh_from_db()
    assert (line.state, line.reason, Claimed.objects.count()) == ("dropped", "企业已注销", 1)
