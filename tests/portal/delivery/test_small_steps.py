"""What a run's page says of its steps and approvals, a line of who has its entitlement, a kept amount, a closed programme."""

import datetime

import pytest
from delivering_office import REFUND, lines_of, says_now
from django.urls import reverse
from offices import HONGHE, NOW, TODAY, run_jobs
from screened_office import officer

from huiqi.portal.accounts.capacities import actor_of, site_actor
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing
from huiqi.portal.delivery.lines import add
from huiqi.portal.delivery.models import Line, Objection
from huiqi.portal.funds.models import Programme
from huiqi.portal.jobs.models import Job


def shown(client, name, **where):
    answer = client.get(reverse(name, kwargs=where))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_runs_page_says_who_approved_it_and_the_days_of_its_steps(office):
    run = office.approved(office.entitled(1))
    text = shown(office.auditor.client, "delivery-run", number=run.pk)
    assert "按金额需1人同意，已有1人" in text
    assert "用时0/5个工作日" in text
    approver = run.approvals.model.objects.for_site("test").get(run=run).by
    assert approver == office.approver.actor.id
    assert f'<span lang="zh-Hans">{office.approver.user.name}</span>' in text


def test_who_has_the_entitlement_is_one_click_away(office):
    run = office.run(office.entitled(1))
    other = office.run(office.entitled(2), period="2021")
    (line,), (owner,) = lines_of(run), lines_of(other)
    rows = Line.objects.for_site("test")
    rows.filter(pk=line.pk).update(state="taken_elsewhere", taken_by=owner.pk)
    address = reverse("delivery-line", kwargs={"number": owner.pk})
    assert address in shown(office.auditor.client, "delivery-line", number=line.pk)
    rows.filter(pk=owner.pk).update(county="532501")
    text = shown(office.auditor.client, "delivery-line", number=line.pk)
    assert address not in text
    assert "由当地办理" in text


def test_ones_own_objections_name_their_measure(office):
    firm = office.entitled(1, owner="owner")
    run = office.run(firm, state="done")
    Objection.objects.create(run=run, firm=firm, county=firm.region, reason="有误", state="rejected", at=NOW)
    assert "失业保险稳岗返还 · 不予采纳" in " ".join(
        shown(office.owner.client, "own-deliveries").replace("\n", " ").split()
    )


def test_an_amount_that_a_person_set_is_kept_though_facts_changed(office):
    firm = office.entitled(1)
    run = office.run(firm)
    (line,) = lines_of(run)
    said = {**line.derivation, "corrected": {"from": 900_00, "to": 950_00, "by": "user:1"}}
    Line.objects.for_site("test").filter(pk=line.pk).update(
        state="reopened", amount=950_00, derivation=said, reason="信息变动"
    )
    says_now(firm, "unemployment_premiums@2021", "2000")
    office.reviewer.do("line.keep", line.pk)
    (kept,) = lines_of(run)
    assert (kept.state, kept.amount, kept.derivation, kept.reason) == ("listed", 950_00, said, "")
    assert "2000" in str(kept.facts)
    says_now(firm, "gravely_dishonest", True)
    Line.objects.for_site("test").filter(pk=line.pk).update(state="reopened", version=kept.version + 1)
    office.reviewer.do("line.keep", line.pk, key="again")
    assert lines_of(run)[0].amount == 950_00


def test_a_line_is_added_to_a_run_as_of_a_day(office):
    firm = office.entitled(1)
    actor = actor_of(office.county_officer.user, TODAY)
    capacity = next(iter(actor.allowed("run.draw")))
    doing = Doing("test", actor, capacity, NOW, TODAY, {})
    day = datetime.date(2022, 7, 1)
    more = {"period": "2022", "amount": 1_00, "facts": [], "derivation": {}}
    line = add(doing, measure=REFUND, firm=firm, record="", as_of=day, **more)
    assert line.run.as_of == day
    again = add(doing, measure=REFUND, firm=office.entitled(2), record="", **more)
    assert again.run_id == line.run_id
    assert add(doing, measure=REFUND, firm=firm, record="", **{**more, "period": "2021"}).run.as_of == TODAY


def test_a_programme_that_was_closed_pays_no_more_and_says_so(office):
    run = office.approved(office.entitled(1, account="6222021000000000001"))
    office.finance.do("run.pay", run.pk, {"direct": True})
    programmes = Programme.objects.for_site("test").filter(pk=office.programme.pk)
    programmes.update(state="closed", closed_on=TODAY)
    run_jobs()
    job = Job.objects.get(kind="delivery-pay")
    assert "已结束，不能再支付" in job.error
    run.refresh_from_db()
    assert run.batch is None


def test_a_county_is_told_that_figures_are_the_whole_prefectures(office):
    run = office.run(office.entitled(1), region=HONGHE, figures={"of": 9, "judged": 1, "differ": 0})
    said = "整次兑现的合计，不只是本地区的企业"
    assert said in shown(office.county_officer.client, "delivery-run", number=run.pk)
    honghe = officer("honghe", "leading_group", HONGHE)
    assert said not in shown(honghe.client, "delivery-run", number=run.pk)


def test_the_jobs_of_a_run_are_its_regions(office):
    run = office.run(office.entitled(1), state="drawn", line_state="drawn", region=HONGHE)
    officer("checker", "reviewer", HONGHE).do("run.check", run.pk)
    assert Job.objects.get(kind="delivery-fix").region == HONGHE


def test_one_person_is_said_of_one_in_english(office):
    run = office.ended(office.entitled(1))
    client = office.auditor.client
    client.post(reverse("language"), {"language": "en", "next": "/"})
    text = shown(client, "delivery-run", number=run.pk)
    assert "1 person" in text
    assert "1 people" not in text


def test_the_refusal_of_a_closed_programme_is_one_sentence(office):
    programme = office.programme
    Programme.objects.for_site("test").filter(pk=programme.pk).update(state="closed", closed_on=TODAY)
    given = {
        **{"title": "t", "programme": programme.pk, "region": "532503", "agency": "", "year": 2022},
        **{"direct": True, "domain": "delivery", "count": 1, "total": 1, "by": "user:1", "act": "run.pay"},
    }
    with pytest.raises(Refused, match="不能再支付"):
        perform("payment.open", site_actor("payment-open"), None, given, now=NOW, today=TODAY, key="k")
