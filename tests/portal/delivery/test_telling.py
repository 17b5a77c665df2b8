"""The jobs that tell firms are their region's business: its administrators see them, those of another region do not."""

import pytest
from delivering_office import account_for, lines_of, pay_into
from django.urls import reverse
from offices import GEJIU, HONGHE, MENGZI, NOW, TODAY, run_jobs
from screened_office import officer

from huiqi.portal.acts.refusals import NotYours
from huiqi.portal.delivery.outcomes import Heard
from huiqi.portal.delivery.telling import TELL_JOB, tell_lines
from huiqi.portal.jobs.models import Job
from huiqi.portal.notices.models import Notice


@pytest.fixture
def administrators():
    return {
        region: officer(f"administrator-{region}", "administrator", region)
        for region in (HONGHE, MENGZI, GEJIU)
    }


def paid_firm(office, number):
    firm = office.entitled(number, owner=f"owner{number}")
    pay_into(firm, account_for(firm))
    return firm


def seen(administrator):
    """The jobs that tell firms, as the operations page shows them."""
    answer = administrator.client.get(reverse("operations"), {"kind": TELL_JOB})
    return {each.pk for each in answer.context["jobs"]}


def told_jobs():
    return Job.objects.filter(kind=TELL_JOB).order_by("pk")


def test_firms_are_told_by_jobs_that_another_regions_administrator_does_not_see(office, administrators):
    run = office.approved(paid_firm(office, 1))
    office.pay(run)
    office.settle(run, "成功")
    # Of the list, of its approval, of the money.
    mine = {each.pk for each in told_jobs()}
    assert [each.region for each in told_jobs()] == [MENGZI] * 3
    assert seen(administrators[MENGZI]) == seen(administrators[HONGHE]) == mine
    assert seen(administrators[GEJIU]) == set()


def test_another_regions_administrator_does_not_cancel_them(office, administrators):
    office.noticed(paid_firm(office, 1))
    [waiting] = told_jobs()
    values = {"reason": "机房检修"}
    with pytest.raises(NotYours):
        administrators[GEJIU].do("job.cancel", waiting.pk, values)
    administrators[MENGZI].do("job.cancel", waiting.pk, values)


def test_what_is_said_of_lines_of_two_regions_is_a_job_for_each(office, administrators):
    here = office.run(paid_firm(office, 1))
    above = office.run(paid_firm(office, 2), region=HONGHE, period="2021")
    numbers = [each.pk for run in (here, above) for each in lines_of(run)]
    tell_lines(Heard(NOW, TODAY), numbers, "delivery-approved", "both")
    assert {each.region: each.arguments["lines"] for each in told_jobs()} == {
        MENGZI: numbers[:1],
        HONGHE: numbers[1:],
    }
    # The prefecture sees both: the county is within it.
    assert len(seen(administrators[HONGHE])) == 2
    assert len(seen(administrators[MENGZI])) == 1
    run_jobs()
    rows = Notice.objects.for_site("test").filter(kind="delivery-approved")
    assert sorted(rows.values_list("user__username", flat=True)) == ["owner1", "owner2"]
