"""A firm objects to a notice and another person answers; facts that change reopen the lines that rest on them, and no others."""

import datetime

import pytest
from delivering_office import account_for, after, lines_of, pay_into, run_jobs_on, says_now, states_of
from offices import TODAY, run_jobs

from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import NotByYou, NotNow, NotYours, Refused
from huiqi.portal.clock.models import Deadline
from huiqi.portal.delivery.digests import digest_of
from huiqi.portal.delivery.models import Claimed, Objection, Run
from huiqi.portal.notices.models import Notice

PREMIUMS = "unemployment_premiums@2021"


def objects(office, name, run, firm, **more):
    values = {"run": run.pk, "firm": firm.pk, "reason": "缴费数有误", **more}
    return office.people[name].do("line.object", None, values, key=f"object:{name}:{run.pk}:{more}")


def line_of(run, firm):
    return next(each for each in lines_of(run) if each.firm_id == firm.pk)


def test_an_objection_to_a_line_is_answered_by_judging_it_anew(office):
    firm = office.entitled(1, owner="owner")
    run = office.noticed(firm, office.entitled(2))
    objection = objects(office, "owner", run, firm)
    assert states_of(run) == ["contested", "listed"]
    deadline = Deadline.objects.for_site("test").get(subject_kind="delivery.objection")
    assert deadline.due == datetime.date(2022, 8, 8)
    says_now(firm, PREMIUMS, "2000")
    office.reviewer.do("objection.uphold", objection.pk, {"answer": "已按更正后的缴费数重新计算"})
    objection.refresh_from_db()
    line = line_of(run, firm)
    assert (objection.state, objection.before, objection.after) == ("upheld", 900_00, 1800_00)
    assert (line.state, line.amount) == ("listed", 1800_00)
    said = {each["fact"]: each["value"] for each in line.facts}
    assert said[PREMIUMS] == "2000"
    deadline.refresh_from_db()
    assert deadline.state == "met"
    kinds = [each.kind for each in Notice.objects.for_site("test").filter(user__username="owner")]
    assert "delivery-objection-upheld" in kinds
    assert (
        Notice.objects.for_site("test").filter(user__username="reviewer", kind="delivery-objected").exists()
    )


def test_a_rejected_objection_leaves_the_line_and_the_notice_waits_for_every_answer(office):
    firm = office.entitled(1, owner="owner")
    run = office.noticed(firm)
    objection = objects(office, "owner", run, firm)
    run_jobs_on(after(run))
    run.refresh_from_db()
    assert run.state == "noticed"
    office.reviewer.do("objection.reject", objection.pk, {"answer": "缴费数与税务一致"})
    assert states_of(run) == ["listed"]
    run_jobs_on(after(run) + datetime.timedelta(1))
    run.refresh_from_db()
    assert run.state == "ended_notice"


def test_what_changed_while_a_line_was_contested_reopens_it_with_the_answer(office):
    firm = office.entitled(1, owner="owner")
    run = office.noticed(firm)
    objection = objects(office, "owner", run, firm)
    says_now(firm, PREMIUMS, "2000")
    run_jobs_on(TODAY)
    assert states_of(run) == ["contested"]
    office.reviewer.do("objection.reject", objection.pk, {"answer": "与本次无关"})
    assert states_of(run) == ["reopened"]


def test_a_firm_without_a_line_objects_to_having_none_and_is_added(office):
    firm = office.entitled(1, owner="owner")
    run = office.noticed(office.entitled(2))
    objection = objects(office, "owner", run, firm)
    assert (objection.line, objection.before) == (None, None)
    office.reviewer.do("objection.uphold", objection.pk, {"answer": "漏列，予以补列"})
    objection.refresh_from_db()
    line = line_of(run, firm)
    assert (line.state, line.amount, objection.after, objection.line) == ("listed", 900_00, 900_00, line)
    assert Claimed.objects.filter(line=line).exists()


def test_who_is_not_entitled_by_what_is_known_is_added_only_with_the_amount_and_grounds(office):
    firm = office.entitled(1, owner="owner", zombie=True)
    run = office.noticed(office.entitled(2))
    objection = objects(office, "owner", run, firm)
    with pytest.raises(Refused, match="仍不符合"):
        office.reviewer.do("objection.uphold", objection.pk, {"answer": "补列"})
    values = {"answer": "法院裁定撤销认定，补列", "amount": "123.45"}
    office.reviewer.do("objection.uphold", objection.pk, values, key="with grounds")
    line = line_of(run, firm)
    assert line.amount == 123_45
    assert line.derivation["corrected"]["to"] == 123_45
    assert Event.objects.get(act="objection.uphold").body["corrected"] == 123_45


def test_who_made_the_list_does_not_answer_objections_to_it(office):
    from huiqi.portal.accounts.models import Appointment

    firm = office.entitled(1, owner="owner")
    run = office.noticed(firm)
    objection = objects(office, "owner", run, firm)
    # The officer who noticed it gets a reviewer's appointment as well.
    own = Appointment.objects.get(user=office.county_officer.user)
    Appointment.objects.create(user=own.user, agency=own.agency, role="reviewer", begins=TODAY)
    for act in ("objection.uphold", "objection.reject"):
        with pytest.raises(NotByYou, match="测算、核对或公示"):
            office.county_officer.do(act, objection.pk, {"answer": "答复"})


def test_a_firm_objects_once_at_a_time_for_itself_and_while_the_notice_lasts(office):
    firm, other = office.entitled(1, owner="owner"), office.entitled(2)
    run = office.noticed(firm, other)
    with pytest.raises(NotYours):
        objects(office, "owner", run, other)
    objects(office, "owner", run, firm)
    with pytest.raises(NotNow, match="正在办理"):
        objects(office, "owner", run, firm, line=line_of(run, firm).pk)
    Objection.objects.for_site("test").update(state="rejected")
    values = {"run": run.pk, "firm": firm.pk, "reason": "晚了"}
    with pytest.raises(NotNow, match="不在公示期内"):
        office.owner.do("line.object", None, values, day=after(run))


def test_a_changed_fact_reopens_only_the_lines_that_read_it(office):
    touched, other, unread = (office.entitled(number) for number in (1, 2, 3))
    run = office.ended(touched, other, unread)
    says_now(touched, PREMIUMS, "500")
    says_now(unread, "overnight_visitors", "77")
    run_jobs_on(after(run) + datetime.timedelta(1))
    assert states_of(run) == ["reopened", "listed", "listed"]
    assert "unemployment_premiums" in line_of(run, touched).reason
    with pytest.raises(NotNow, match="待复核"):
        office.approver.do("run.approve", run.pk)
    office.reviewer.do("line.keep", line_of(run, touched).pk)
    assert next((each.state, each.amount) for each in lines_of(run)) == ("listed", 450_00)
    # Looking again at the same change finds nothing new.
    events = Event.objects.filter(act="run.reopen").count()
    run_jobs_on(after(run) + datetime.timedelta(2))
    assert states_of(run) == ["listed"] * 3
    assert Event.objects.filter(act="run.reopen").count() == events
    office.approver.do("run.approve", run.pk)
    assert states_of(run) == ["approved"] * 3


def test_what_is_approved_is_the_list_as_the_objection_left_it(office):
    firm = office.entitled(1, owner="owner")
    run = office.noticed(firm, office.entitled(2))
    noticed = run.digest
    objection = objects(office, "owner", run, firm)
    says_now(firm, PREMIUMS, "2000")
    office.reviewer.do("objection.uphold", objection.pk, {"answer": "已按更正后的缴费数重新计算"})
    run_jobs_on(after(run))
    office.approver.do("run.approve", run.pk)
    run.refresh_from_db()
    said = Event.objects.get(act="run.approve").body
    assert (said["digest"], said["lines"], said["fen"]) == digest_of(run)
    assert run.digest == said["digest"] != noticed
    assert (run.state, said["round"]) == ("approved", 2)


def test_who_agreed_with_a_list_that_has_changed_since_has_not_agreed_with_this_one(office):
    firm = office.entitled(1, **{PREMIUMS: "1000000"})
    run = office.ended(firm)
    # 900,000 yuan: two approvers.
    office.approver.do("run.approve", run.pk)
    says_now(firm, PREMIUMS, "1100000")
    run_jobs_on(after(run) + datetime.timedelta(1))
    office.reviewer.do("line.keep", line_of(run, firm).pk)
    office.approver2.do("run.approve", run.pk)
    run.refresh_from_db()
    assert (run.state, run.round) == ("approving", 2)
    office.approver.do("run.approve", run.pk, key="anew")
    run.refresh_from_db()
    assert run.state == "approved"


def test_a_word_that_says_the_same_reopens_nothing(office):
    firm = office.entitled(1)
    run = office.ended(firm)
    says_now(firm, PREMIUMS, "1000")
    run_jobs_on(after(run) + datetime.timedelta(1))
    assert states_of(run) == ["listed"]


def test_a_line_that_is_no_longer_owed_is_dropped_not_kept(office):
    firm = office.entitled(1, owner="owner")
    run = office.ended(firm, office.entitled(2))
    says_now(firm, "zombie", True)
    run_jobs_on(after(run) + datetime.timedelta(1))
    line = line_of(run, firm)
    with pytest.raises(Refused, match="不再符合"):
        office.reviewer.do("line.keep", line.pk)
    office.reviewer.do("line.drop", line.pk, {"reason": "已列入僵尸企业"})
    run_jobs()
    line.refresh_from_db()
    assert (line.state, Claimed.objects.filter(line=line).exists()) == ("dropped", False)
    kinds = [each.kind for each in Notice.objects.for_site("test").filter(user__username="owner")]
    assert "delivery-dropped" in kinds


def test_facts_that_change_after_the_approval_hold_up_their_lines_alone(office):
    firms = [office.entitled(number) for number in (1, 2, 3)]
    for each in firms:
        pay_into(each, account_for(each))
    less, more, _same = firms
    run = office.approved(*firms)
    says_now(less, PREMIUMS, "500")
    says_now(more, PREMIUMS, "3000")
    # The job that pays looks once more before anything is ordered.
    office.pay(run)
    assert states_of(run) == ["reopened", "reopened", "paying"]
    for each in (less, more):
        office.reviewer.do("line.keep", line_of(run, each).pk)
    # Less than was approved is paid; more than was approved is not.
    assert [(each.state, each.amount) for each in lines_of(run)] == [
        ("approved", 450_00),
        ("listed", 2700_00),
        ("paying", 900_00),
    ]
    office.settle(run, "成功")
    office.pay(run)
    office.settle(run, "成功")
    assert states_of(run) == ["paid", "listed", "paid"]
    run = Run.objects.for_site("test").get(pk=run.pk)
    office.finance.do("run.finish", run.pk)
    assert states_of(run) == ["paid", "dropped", "paid"]
