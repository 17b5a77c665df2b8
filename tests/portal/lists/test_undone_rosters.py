"""A roster whose firms are on a list: it cannot take them out of the register, and whom it made fit is doubted."""

import pytest
from offices import NOW, code_of, roster_of, run_jobs

from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.firms.models import Firm
from huiqi.portal.jobs.models import Job
from huiqi.portal.jobs.running import run_due
from huiqi.portal.lists.models import Entry

pytestmark = pytest.mark.django_db
HEADINGS = "统一社会信用代码,企业名称,地区,主体类型,所属行业"
ELIGIBLE = "受疫情影响生产经营暂时困难"
FIRMS = roster_of("#1,虚构餐饮店,532503,企业,H62", "#2,虚构旅行社,532503,企业,H62", headings=HEADINGS)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA = tmp_path


def the_firm(number):
    return Firm.objects.for_site("test").get(credit_code=code_of(number))


def undo(office, roster):
    office.do("roster.undo", roster.pk, {"reason": "报错了文件"})
    run_jobs()
    roster.refresh_from_db()
    return roster


def test_firms_that_are_on_a_list_stay_in_the_register_and_the_refusal_says_what_to_do(
    clerk, reviewer, approver, kept, on_list, monkeypatch
):
    roster = clerk.take(FIRMS)
    listed = kept("chain-white-list")
    entry = on_list(listed, the_firm(1))
    with pytest.raises(Refused, match=f"{code_of(1)}（入册）") as refused:
        undo(clerk, roster)
    assert "名单成员或待审核的提名：请先撤回提名，或由名单管理部门将其移出名单" in str(refused.value)
    assert the_firm(1).listed
    # Done as it says, the roster is taken back.
    Entry.objects.for_site("test").filter(pk=entry.pk).update(state="annulled")
    assert undo(clerk, roster).state == "undone"
    assert not the_firm(1).listed


def test_a_firm_put_on_a_list_while_its_roster_is_undone_stays(clerk, kept, on_list):
    roster = clerk.take(FIRMS)
    listed = kept("chain-white-list")
    clerk.do("roster.undo", roster.pk, {"reason": "报错了文件"})
    on_list(listed, the_firm(1))
    run_jobs()
    roster.refresh_from_db()
    assert roster.state == "undone"
    assert roster.counts["undone"] == {"undone": 1, "kept": 1}
    assert (the_firm(1).listed, the_firm(2).listed) == (True, False)


def test_members_whom_the_undone_roster_made_fit_are_put_up_for_decision(clerk, kept, on_list):
    clerk.take(FIRMS)
    told = roster_of("#1,是", "#2,是", headings=f"统一社会信用代码,{ELIGIBLE}")
    roster = clerk.take(told, name="困难企业.csv", dated="2022-07-15", source="office")
    by_rule, by_nomination = kept("difficulty-sector-firms"), kept("chain-white-list")
    doubted = on_list(by_rule, the_firm(1))
    nominated = on_list(by_nomination, the_firm(2))
    assert undo(clerk, roster).counts["undone"]["kept"] == 0
    run_due(lambda: NOW)
    job = Job.objects.get(kind="list-undone-roster")
    assert (job.state, job.result) == ("done", {"judged": 1, "doubted": 1})
    entry = Entry.objects.for_site("test").get(pk=doubted.pk)
    assert entry.state == "member"
    assert entry.doubt["why"] == "rule"
    assert f"第{roster.pk}号名册撤销后" in entry.doubt["reason"]
    assert Entry.objects.for_site("test").get(pk=nominated.pk).doubt is None
    assert Event.objects.filter(act="list.doubt").count() == 1
