"""A finding is assigned, answered at its level, and closed by another person of the level above."""

import pytest
from ledgers import HONGHE, MENGZI, PROVINCE
from offices import TODAY
from watched_funds import day

from huiqi.portal.acts.refusals import NotByYou, NotNow, NotYours, Refused
from huiqi.portal.clock.models import Deadline
from huiqi.portal.fund_watch.models import FundFinding
from huiqi.portal.notices.models import Notice


@pytest.fixture
def finding(watched):
    watched.appropriate(500_000, day("06-01"))
    watched.pass_down(PROVINCE, MENGZI, 500_000, day("06-01"))
    watched.watch(TODAY)
    return watched.found("idle")[0]


def number_of(watched, name):
    return watched.people[name].user.pk


def assigned(watched, finding, to="finance@mengzi"):
    return watched.do("leading_group@mengzi", "finding.assign", finding.pk, {"user": number_of(watched, to)})


def answered(watched, finding):
    assigned(watched, finding)
    return watched.do(
        "finance@mengzi", "finding.answer", finding.pk, {"answer": "正在核对企业账户，八月底前付清"}
    )


def told(name):
    return [each.kind for each in Notice.objects.for_site("test").filter(user__username=name).order_by("pk")]


def test_from_found_to_closed(watched, finding):
    assert told("leading_group@mengzi")[:1] == ["fund-finding-found"]
    made = assigned(watched, finding)
    assert (made.state, made.assigned_to.username) == ("assigned", "finance@mengzi")
    # Five working days after 1 August.
    assert str(made.due) == "2022-08-08"
    assert told("finance@mengzi") == ["fund-finding-assigned"]
    made = watched.do("finance@mengzi", "finding.answer", finding.pk, {"answer": "八月底前付清"})
    assert made.state == "answered" and made.answered_by.username == "finance@mengzi"
    assert Deadline.objects.for_site("test").get(rule="finding-answer").state == "met"
    assert "fund-finding-answered" in told("leading_group@honghe")
    made = watched.do("leading_group@honghe", "finding.accept", finding.pk, {"said": "同意"})
    assert (made.state, made.closed_on, made.cleared_on) == ("accepted", TODAY, None)


def test_what_was_accepted_is_not_found_again_while_it_holds(watched, finding):
    answered(watched, finding)
    watched.do("leading_group@honghe", "finding.accept", finding.pk, {"said": "同意"})
    watched.watch(day("08-02"))
    assert len(watched.found("idle")) == 1
    watched.pay(MENGZI, 500_000, day("08-03"))
    watched.watch(day("08-04"))
    finding.refresh_from_db()
    assert (finding.state, finding.cleared_on) == ("accepted", day("08-04"))


def test_the_level_above_closes_it(watched, finding):
    answered(watched, finding)
    with pytest.raises(NotByYou):
        watched.do("leading_group@mengzi", "finding.accept", finding.pk, {"said": "同意"})
    with pytest.raises(NotByYou):
        watched.do("leading_group@mengzi", "finding.return", finding.pk, {"said": "再查"})
    with pytest.raises(NotYours):
        watched.do("leading_group@gejiu", "finding.accept", finding.pk, {"said": "同意"})
    assert watched.do("leading_group@province", "finding.accept", finding.pk, {"said": "同意"})


def test_where_nobody_is_above_another_person_closes_it(watched):
    watched.appropriate(500_000, day("06-01"))
    watched.watch(TODAY)
    finding = watched.found("idle", region=PROVINCE)[0]
    watched.appoint("leading_group", PROVINCE, "second@province")
    who = number_of(watched, "leading_group@province")
    watched.do("second@province", "finding.assign", finding.pk, {"user": who})
    watched.do("leading_group@province", "finding.answer", finding.pk, {"answer": "说明"})
    with pytest.raises(NotByYou):
        watched.do("leading_group@province", "finding.accept", finding.pk, {"said": "同意"})
    assert watched.do("second@province", "finding.accept", finding.pk, {"said": "同意"})


def test_only_whom_it_was_assigned_to_answers(watched, finding):
    assigned(watched, finding)
    with pytest.raises(NotByYou):
        watched.do("leading_group@mengzi", "finding.answer", finding.pk, {"answer": "说明"})


@pytest.mark.parametrize("name", ["finance@gejiu", "finance@honghe", "auditor@mengzi"])
def test_it_is_assigned_to_people_of_its_own_level(watched, finding, name):
    with pytest.raises(Refused) as refused:
        assigned(watched, finding, name)
    assert refused.value.findings[0].code == "cannot-answer"


def test_an_answer_is_returned(watched, finding):
    answered(watched, finding)
    made = watched.do("leading_group@honghe", "finding.return", finding.pk, {"said": "请说明原因"})
    assert (made.state, made.said) == ("assigned", "请说明原因")
    assert told("finance@mengzi")[-1] == "fund-finding-returned"
    assert (
        watched.do("finance@mengzi", "finding.answer", finding.pk, {"answer": "原因是"}).state == "answered"
    )


def test_what_no_longer_holds_needs_no_answer(watched, finding):
    assigned(watched, finding)
    watched.pay(MENGZI, 500_000, day("08-02"))
    watched.watch(day("08-03"))
    with pytest.raises(NotNow):
        watched.do("finance@mengzi", "finding.answer", finding.pk, {"answer": "说明"})
    assert Deadline.objects.for_site("test").get(rule="finding-answer").state == "dropped"


def test_one_finding_of_a_rule_stands_by_the_database(watched, finding):
    from django.db import IntegrityError, transaction

    twice = {"rule": finding.rule, "about": finding.about, "programme": finding.programme, "year": 2022}
    with pytest.raises(IntegrityError), transaction.atomic():
        FundFinding.objects.create(**twice, direct=True, region=HONGHE, found_on=TODAY)
