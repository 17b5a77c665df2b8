"""What is shown only while it may be: notices within their days, drafts to nobody, links that lead somewhere."""

import datetime

from delivering_office import lines_of
from django.test import Client
from django.urls import reverse
from offices import TODAY, run_jobs

from huiqi.portal.delivery.models import Line, Run


def shown(client, name, status=200, **where):
    answer = client.get(reverse(name, kwargs=where))
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def test_a_notice_is_public_from_its_first_day_to_its_last(office):
    firm = office.entitled(1, owner="owner")
    run = office.run(firm)
    begins = TODAY + datetime.timedelta(20)
    office.county_officer.do("run.notice", run.pk, {"begins": begins.isoformat()})
    run.refresh_from_db()
    (line,) = lines_of(run)
    spans = {
        "before": (begins, run.notice_until),
        "after": (TODAY - datetime.timedelta(9), TODAY - datetime.timedelta(1)),
        "first": (TODAY, run.notice_until),
        "last": (TODAY - datetime.timedelta(9), TODAY),
    }
    link = reverse("delivery-notice", kwargs={"number": run.pk})
    for when, (first, last) in spans.items():
        Run.objects.for_site("test").filter(pk=run.pk).update(notice_from=first, notice_until=last)
        public = when in ("first", "last")
        shown(Client(), "delivery-notice", 200 if public else 404, number=run.pk)
        assert ("失业保险稳岗返还" in shown(Client(), "delivery-notices")) == public, when
        own = shown(office.owner.client, "own-delivery", number=line.pk)
        assert ("提出异议" in own) == public, when
        shown(office.owner.client, "own-object", 200 if public else 404, run=run.pk, firm=firm.pk)
        assert (link in shown(office.auditor.client, "delivery-run", number=run.pk)) == public, when


def test_a_draft_that_is_cancelled_is_shown_to_no_firm(office):
    run = office.run(office.entitled(1, owner="owner"), state="drawn", line_state="drawn")
    office.county_officer.do("run.cancel", run.pk, {"reason": "测算有误"})
    run_jobs()
    run.refresh_from_db()
    assert run.state == "cancelled"
    (line,) = lines_of(run)
    shown(office.owner.client, "own-delivery", 404, number=line.pk)
    assert "900.00" not in shown(office.owner.client, "own-deliveries")


def test_what_was_checked_and_then_cancelled_says_so_to_its_firm(office):
    run = office.run(office.entitled(1, owner="owner"), figures={"listed": 1})
    office.county_officer.do("run.cancel", run.pk, {"reason": "测算有误"})
    run_jobs()
    assert "不予发放" in shown(office.owner.client, "own-deliveries")


def test_a_county_that_looks_up_at_a_run_is_offered_nothing_that_it_may_not_do(office):
    run = office.run(office.entitled(1), region="532500", state="drawn", line_state="drawn")
    Line.objects.for_site("test").update(sampled=True)
    assert "标记已核看" not in shown(office.reviewer.client, "delivery-run", number=run.pk)


def test_the_batch_is_linked_for_those_who_open_it(office):
    run = office.paying(office.entitled(1, account="6222021000000000001"))
    link = reverse("payment-batch", kwargs={"number": run.batch})
    for who in ("reviewer", "county_officer", "approver", "auditor", "finance"):
        client = office.people[who].client
        linked = link in shown(client, "delivery-run", number=run.pk)
        assert linked == (client.get(link).status_code == 200), who
