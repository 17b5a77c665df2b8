"""An entry is proposed, reviewed and approved by three people, and leaves by decision or by its term, never silently."""

import datetime

import pytest
from offices import GEJIU, MENGZI, TODAY

from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import NotByYou, NotNow, NotYours, Refused
from huiqi.portal.acts.transitions import tables
from huiqi.portal.clock.models import Deadline
from huiqi.portal.lists.membership import members_on, memberships
from huiqi.portal.lists.models import Entry

pytestmark = pytest.mark.django_db


def propose(by, kept, subject, begins="2022-06-01", **more):
    text = subject if isinstance(subject, str) else subject.credit_code
    values = {"kept": kept.pk, "subject": text, "begins": begins, "reason": "符合条件", **more}
    return by.do("list.propose", None, values, key=f"propose:{kept.pk}:{text}:{begins}"[:80])


def code(caught):
    return caught.value.findings[0].code


def deadlines(subject, state="open"):
    rows = Deadline.objects.for_site("test").filter(
        subject_kind=subject._meta.label_lower, subject=str(subject.pk), state=state
    )
    return {each.rule: each.due for each in rows}


def test_three_people_put_a_firm_on_a_list(clerk, reviewer, approver, kept, firm):
    white = kept("chain-white-list")
    mill = firm(1)
    entry = propose(clerk, white, mill)
    assert entry.state == "proposed"
    assert deadlines(entry) == {"list-proposal": datetime.date(2022, 8, 15)}
    assert members_on("chain-white-list", TODAY) == frozenset()
    assert reviewer.do("list.review", entry.pk).state == "reviewed"
    assert members_on("chain-white-list", TODAY) == frozenset()
    assert approver.do("list.approve", entry.pk).state == "member"
    assert members_on("chain-white-list", TODAY) == {mill.pk}
    assert deadlines(entry, "met") == {"list-proposal": datetime.date(2022, 8, 15)}
    assert deadlines(entry) == {}
    said = Event.objects.get(act="list.approve").body
    assert (said["subject"], said["begins"], said["until"]) == (mill.pk, "2022-06-01", None)
    assert len(said["rule"]) == 64


def test_who_proposed_or_reviewed_does_not_approve(appointed, approver, clerk, kept, firm):
    every = appointed("every", "reviewer", "532500")
    white = kept("chain-white-list")
    entry = propose(clerk, white, firm(1))
    every.do("list.review", entry.pk)
    # The same person, now an approver: what they did as a reviewer stands in the way.
    every.user.appointments.update(role="approver")
    with pytest.raises(NotByYou):
        every.do("list.approve", entry.pk)
    assert approver.do("list.approve", entry.pk).state == "member"


def test_an_approver_of_the_county_does_not_decide_the_prefectures_list(
    appointed, approver, clerk, reviewer, kept, firm
):
    below = appointed("below", "approver", MENGZI)
    entry = propose(clerk, kept("chain-white-list"), firm(1))
    reviewer.do("list.review", entry.pk)
    with pytest.raises(Refused) as caught:
        below.do("list.approve", entry.pk)
    assert code(caught) == "list-level"
    assert approver.do("list.approve", entry.pk).state == "member"


def test_a_proposal_is_returned_with_the_reason_and_made_anew(clerk, reviewer, kept, firm):
    white, mill = kept("chain-white-list"), firm(1)
    entry = propose(clerk, white, mill)
    with pytest.raises(Refused) as caught:
        propose(clerk, white, mill, "2022-07-01")
    assert code(caught) == "list-already"
    returned = reviewer.do("list.return", entry.pk, {"reason": "请补充佐证材料"})
    assert (returned.state, returned.left_because) == ("returned", "请补充佐证材料")
    assert propose(clerk, white, mill, "2022-07-01").state == "proposed"


@pytest.mark.parametrize(
    ("days", "wanted"),
    [
        ({"begins": "1980-01-01"}, "list-days"),
        ({"begins": "2030-01-01"}, "list-days"),
        ({"begins": "2022-06-01", "last_day": "2022-05-31"}, "list-days"),
        ({"begins": "2022-06-01", "last_day": "2025-06-01"}, "list-days"),
    ],
)
def test_days_that_make_no_sense_are_refused(clerk, kept, firm, days, wanted):
    with pytest.raises(Refused) as caught:
        propose(clerk, kept("specialised-smes"), firm(1), **days)
    assert code(caught) == wanted
    assert not Entry.objects.for_site("test").exists()


def test_a_title_is_valid_for_its_term(clerk, kept, firm):
    entry = propose(clerk, kept("specialised-smes"), firm(1), "2022-06-01")
    assert entry.until == datetime.date(2025, 5, 31)


def test_a_firm_elsewhere_is_refused_as_one_that_does_not_exist(clerk, kept, firm):
    white, elsewhere = kept("chain-white-list"), firm(1, GEJIU)
    told = []
    for text in (elsewhere.credit_code, "915325030000000000"):
        with pytest.raises(Refused) as caught:
            propose(clerk, white, text)
        told.append((code(caught), caught.value.findings[0].what))
    assert told[0] == told[1] == ("list-no-firm", "企业名册中没有这户企业，或不在辖区内")


def test_a_county_is_put_on_by_name_or_code_within_the_area_only(clerk, gejiu, kept):
    risk = kept("risk-county-2022")
    assert propose(clerk, risk, "蒙自市", "2022-02-16", last_day="2022-03-05").county == MENGZI
    with pytest.raises(Refused) as caught:
        propose(clerk, risk, GEJIU, "2022-02-16")
    assert code(caught) == "list-no-county"
    assert propose(gejiu, risk, GEJIU, "2022-02-16").county == GEJIU
    with pytest.raises(Refused) as caught:
        propose(gejiu, risk, "昆明市", "2022-02-16")
    assert code(caught) == "list-no-county"


def test_one_list_of_a_kind_for_an_area_and_only_at_its_level(group, appointed, kept):
    kept("chain-white-list")
    with pytest.raises(Refused) as caught:
        group.do("list.open", None, {"kind": "chain-white-list"}, key="again")
    assert code(caught) == "list-exists"
    below = appointed("below", "leading_group", MENGZI)
    with pytest.raises(Refused) as caught:
        below.do("list.open", None, {"kind": "specialised-smes"}, key="below")
    assert code(caught) == "list-level"
    with pytest.raises(Refused) as caught:
        below.do("list.open", None, {"kind": "chain-white-list"}, key="inside")
    assert code(caught) == "list-level"


def test_a_decision_to_remove_is_another_persons_than_who_asked_for_it(clerk, approver, kept, firm, on_list):
    mill = firm(1)
    entry = on_list(kept("chain-white-list"), mill)
    up = clerk.do("list.put_up", entry.pk, {"reason": "已停产"})
    assert up.doubt["why"] == "office"
    assert deadlines(entry) == {"list-decision": datetime.date(2022, 8, 15)}
    left = approver.do("list.remove", entry.pk, {"from_day": "2022-07-15", "reason": "已停产"})
    assert (left.state, left.until, left.doubt) == ("ended", datetime.date(2022, 7, 14), None)
    assert members_on("chain-white-list", datetime.date(2022, 7, 14)) == {mill.pk}
    assert members_on("chain-white-list", datetime.date(2022, 7, 15)) == frozenset()
    assert deadlines(entry, "met")["list-decision"] == datetime.date(2022, 8, 15)


def test_keeping_a_member_needs_a_question_and_a_reason(clerk, approver, kept, firm, on_list):
    entry = on_list(kept("chain-white-list"), firm(1))
    with pytest.raises(Refused) as caught:
        approver.do("list.keep", entry.pk, {"reason": "没有变化"})
    assert code(caught) == "list-nothing-to-decide"
    clerk.do("list.put_up", entry.pk, {"reason": "据反映已停产"})
    with pytest.raises(Refused) as caught:
        clerk.do("list.put_up", entry.pk, {"reason": "再次"}, key="again")
    assert code(caught) == "list-up-already"
    kept_on = approver.do("list.keep", entry.pk, {"reason": "现场核实正常生产"}, key="keep again")
    assert (kept_on.doubt, kept_on.kept_on, kept_on.state) == (None, TODAY, "member")


def test_a_term_is_renewed_in_its_last_ninety_days_only(approver, kept, firm, on_list):
    titles = kept("specialised-smes")
    early = on_list(titles, firm(1), "2022-06-01")
    with pytest.raises(Refused) as caught:
        approver.do("list.renew", early.pk, {"reason": "复核通过"})
    assert code(caught) == "list-not-yet"
    late = on_list(titles, firm(2), "2019-09-01")
    renewed = approver.do("list.renew", late.pk, {"reason": "复核通过", "basis": "虚构文〔2022〕1号"})
    assert renewed.until == datetime.date(2025, 8, 31)
    without = on_list(kept("chain-white-list"), firm(3))
    with pytest.raises(Refused) as caught:
        approver.do("list.renew", without.pk, {"reason": "复核通过"})
    assert code(caught) == "list-no-term"


def test_an_entry_made_by_mistake_counts_on_no_day(approver, kept, firm, on_list):
    mill = firm(1)
    entry = on_list(kept("chain-white-list"), mill)
    approver.do("list.annul", entry.pk, {"reason": "代码填错"})
    assert members_on("chain-white-list", datetime.date(2022, 6, 1)) == frozenset()
    assert memberships(mill, TODAY) == []


def test_a_subject_is_not_on_a_list_twice_on_one_day(clerk, approver, kept, firm, on_list):
    white, mill = kept("chain-white-list"), firm(1)
    entry = on_list(white, mill, "2022-03-01")
    approver.do("list.remove", entry.pk, {"from_day": "2022-07-01", "reason": "停产"})
    with pytest.raises(Refused) as caught:
        propose(clerk, white, mill, "2022-06-30")
    assert code(caught) == "list-overlap"
    assert propose(clerk, white, mill, "2022-07-01").state == "proposed"


def test_who_may_not_see_a_kind_may_not_act_on_it(clerk, kept, firm, monkeypatch):
    white = kept("chain-white-list")
    from dataclasses import replace

    from huiqi.portal.lists import kinds

    hidden = {
        name: replace(each, seen_by=frozenset({"leading_group"})) for name, each in kinds.kinds().items()
    }
    monkeypatch.setattr(kinds._remembered, "kinds", hidden)
    with pytest.raises(NotYours):
        propose(clerk, white, firm(1))


def test_the_review_of_a_list_comes_again_in_its_rhythm(reviewer, approver, clerk, kept, firm, on_list):
    white = kept("chain-white-list")
    assert deadlines(white) == {"list-review-month": datetime.date(2022, 8, 31)}
    entry = on_list(white, firm(1))
    clerk.do("list.put_up", entry.pk, {"reason": "据反映已停产"})
    with pytest.raises(Refused) as caught:
        reviewer.do("list.check", white.pk, {"note": "逐户核对"})
    assert code(caught) == "list-undecided"
    approver.do("list.keep", entry.pk, {"reason": "正常生产"})
    reviewer.do("list.check", white.pk, {"note": "逐户核对"}, key="second")
    assert deadlines(white) == {"list-review-month": datetime.date(2022, 9, 30)}
    assert Event.objects.get(act="list.check").body["members"] == 1


def test_every_act_is_refused_in_every_state_that_its_table_leaves_out(clerk, reviewer, approver, kept, firm):
    white, mill = kept("chain-white-list"), firm(1)
    entry = propose(clerk, white, mill)
    by = {"list.withdraw": clerk, "list.put_up": clerk, "list.review": reviewer, "list.return": reviewer}
    values = {"list.remove": {"from_day": "2022-07-01"}}
    table = tables()["lists.entry"]
    for state in table.states:
        Entry.objects.for_site("test").filter(pk=entry.pk).update(state=state)
        for act, move in table.moves.items():
            if act in ("list.propose", "list.doubt", "list.lapse") or state in move.begins:
                continue
            office = by.get(act, approver)
            given = {"reason": "无", **values.get(act, {})}
            if act in ("list.review", "list.approve"):
                given = {}
            with pytest.raises(NotNow):
                office.do(act, entry.pk, given, key=f"{act}{state}")
