"""Who enters or leaves a list after the lines were fixed: the lines that rest on that list are reopened, no others."""

import datetime

import pytest
from delivering_office import REFUND, TRAINING, after, lines_of, run_jobs_on, states_of
from offices import HONGHE, MENGZI, appoint

from huiqi.portal.acts.models import Event
from huiqi.portal.firms.models import Firm
from huiqi.portal.lists.models import Entry, KeptList

RISK, TITLES = "risk-county-2022", "specialised-smes"
STOPPED = {"stopped_by_epidemic": "yes", "insured_paying_staff": "10"}


class Lists:
    """Three people of the prefecture who keep its lists."""

    def __init__(self):
        names = ("leading_group", "county_officer", "reviewer", "approver")
        self.group, self.clerk, self.reviewer, self.approver = (
            appoint(f"list-{name}", name, HONGHE if name != "county_officer" else MENGZI) for name in names
        )

    def put(self, kind, subject) -> Entry:
        kept = KeptList.objects.for_site("test").filter(kind=kind).first()
        kept = kept or self.group.do("list.open", None, {"kind": kind}, key=f"open:{kind}")
        text = subject if isinstance(subject, str) else subject.credit_code
        values = {"kept": kept.pk, "subject": text, "begins": "2022-03-01", "reason": "符合条件"}
        entry = self.clerk.do("list.propose", None, values, key=f"propose:{kind}:{text}")
        self.reviewer.do("list.review", entry.pk)
        return self.approver.do("list.approve", entry.pk)


@pytest.fixture
def lists(office):
    return Lists()


def looked_at(run, days=1):
    run_jobs_on(after(run) + datetime.timedelta(days))


def test_a_county_that_was_listed_by_mistake_reopens_the_lines_of_its_firms(office, lists):
    entry = lists.put(RISK, MENGZI)
    run = office.ended(office.entitled(1, **STOPPED), office.entitled(2, **STOPPED), measure=TRAINING)
    refund = office.ended(office.entitled(3))
    lists.approver.do("list.annul", entry.pk, {"reason": "误列"})
    looked_at(run)
    assert states_of(run) == ["reopened", "reopened"]
    assert RISK in lines_of(run)[0].reason
    assert states_of(refund) == ["listed"]


def test_what_is_looked_at_once_is_not_looked_at_again(office, lists):
    entry = lists.put(RISK, MENGZI)
    run = office.ended(office.entitled(1, **STOPPED), measure=TRAINING)
    lists.approver.do("list.annul", entry.pk, {"reason": "误列"})
    looked_at(run)
    events = Event.objects.filter(act="run.reopen").count()
    looked_at(run, 2)
    assert Event.objects.filter(act="run.reopen").count() == events


def test_a_list_that_the_measure_does_not_read_reopens_nothing(office, lists):
    firm = office.entitled(1)
    run = office.ended(firm, measure=REFUND)
    lists.put(TITLES, Firm.objects.for_site("test").get(pk=firm.pk))
    looked_at(run)
    assert states_of(run) == ["listed"]
    assert not Event.objects.filter(act="run.reopen").exists()
