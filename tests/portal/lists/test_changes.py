"""Whom lists say something else of since an event: by every act that lets somebody on a list or takes them off it."""

import pytest
from offices import HONGHE, MENGZI

from huiqi.portal.acts.models import Event
from huiqi.portal.lists.changes import changes_between
from huiqi.portal.lists.kinds import kinds
from huiqi.portal.lists.replay import ACTS_ON_LISTS

pytestmark = pytest.mark.django_db
TITLES, RISK, POOL = "specialised-smes", "risk-county-2022", "specialised-pool"
SAYS = kinds()[TITLES].says


def newest():
    return Event.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0


class Since:
    """What changed since it was made, or since it was last asked."""

    def __init__(self, *names):
        self.names, self.after = names, newest()

    def changed(self):
        upto = newest()
        found = [
            (each.says, set(each.firms), set(each.areas))
            for each in changes_between(self.names, self.after, upto)
        ]
        self.after = upto
        return found


def test_a_firm_that_is_let_on_removed_or_annulled(approver, kept, firm, on_list):
    titles, mill = kept(TITLES), firm(1)
    since = Since(SAYS)
    entry = on_list(titles, mill)
    assert since.changed() == [(SAYS, {mill.pk}, set())]
    approver.do("list.remove", entry.pk, {"reason": "已注销", "from_day": "2022-08-01"})
    assert since.changed() == [(SAYS, {mill.pk}, set())]
    approver.do("list.annul", on_list(titles, firm(2)).pk, {"reason": "误列"})
    assert [len(firms) for _says, firms, _areas in since.changed()] == [1, 1]


def test_a_county_speaks_for_all_that_lie_in_it(kept, on_list):
    risk = kept(RISK)
    since = Since(RISK)
    on_list(risk, MENGZI, "2022-02-16")
    assert since.changed() == [(RISK, set(), {MENGZI})]


def test_a_list_that_is_declared_complete_speaks_for_its_whole_area(approver, kept):
    titles = kept(TITLES)
    since = Since(SAYS)
    approver.do("list.complete", titles.pk, {"since": "2022-07-01", "reason": "按公布文件全部录入"})
    assert since.changed() == [(SAYS, set(), {HONGHE[:4]})]


def test_what_no_rule_of_the_run_reads_is_not_told(kept, firm, on_list):
    titles = kept(TITLES)
    since, other = Since(RISK), Since()
    on_list(titles, firm(1))
    assert (since.changed(), other.changed()) == ([], [])


def test_a_proposal_changes_nothing_until_it_is_approved(clerk, kept, firm):
    titles, mill = kept(TITLES), firm(1)
    since = Since(SAYS)
    values = {"kept": titles.pk, "subject": mill.credit_code, "begins": "2022-06-01", "reason": "符合条件"}
    clerk.do("list.propose", None, values)
    assert since.changed() == []
    assert "list.propose" not in ACTS_ON_LISTS
