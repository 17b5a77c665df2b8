"""The home: visitors are shown around, officers see what is due, wrong and new, members what their firm is owed."""

import datetime
from dataclasses import dataclass
from itertools import pairwise

import pytest
from django.test import RequestFactory
from django.urls import reverse
from offices import MENGZI, NOW, firm, roster_of, run_jobs

from huiqi.portal.accounts.roles import roles
from huiqi.portal.acts.registry import acts
from huiqi.portal.clock.models import Deadline
from huiqi.portal.documents.models import OfficialText
from huiqi.portal.firms.bound import bound_firms
from huiqi.portal.firms.models import Binding, Contest
from huiqi.portal.jobs.models import FAILED, Job
from huiqi.portal.look.home import GROUPS, HomePart, groups_for, home_part, news_kinds, part_kinds
from huiqi.portal.look.registry import PUBLIC, pages
from huiqi.portal.look.visits import VisitMiddleware

pytestmark = pytest.mark.django_db


def home(client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


@dataclass
class Work:
    """What waits for an officer of a county, many times over."""

    owner: object
    clerk: object

    def lies(self, many):
        clerk = self.clerk
        clerk.take(roster_of(*(f"#{n},虚河{n}厂,532503,{n}" for n in range(1, many + 1))))
        made = [firm(n) for n in range(1, many + 1)]
        bindings = [Binding(user=self.owner, firm=each, asked_at=NOW) for each in made]
        Binding.objects.bulk_create(bindings)
        Contest.objects.bulk_create(
            Contest(firm=each, fact="employees", says="9", reason="x", at=NOW) for each in made
        )
        Deadline.objects.bulk_create(
            Deadline(
                rule="binding-check",
                subject_kind="firms.binding",
                subject=str(each.pk),
                region=MENGZI,
                begins=datetime.date(2022, 7, 20),
                due=datetime.date(2022, 7, 25) if number % 2 else None,
                waits_for_calendar=not number % 2,
            )
            for number, each in enumerate(made)
        )
        Job.objects.bulk_create(
            Job(kind="roster-take", purpose=f"p{n}", asked_by="x", asked_at=NOW, run_after=NOW, state=FAILED)
            for n in range(many)
        )
        OfficialText.objects.bulk_create(
            OfficialText(
                digest=f"{n:064}",
                file_name=f"通知{n}",
                state="held",
                region=MENGZI,
                unencoded=2,
                shared=False,
                added_at=NOW,
            )
            for n in range(many)
        )
        for n in range(min(many, 3)):
            clerk.hand_in(roster_of(f"#{n + 90},新{n}厂,532503,many"), f"名册{n}.csv")


@pytest.fixture
def work(mengzi, appointed) -> Work:
    return Work(appointed("owner").user, mengzi)


def test_a_visitor_sees_the_two_doors_without_signing_in(client):
    shown = home(client)
    for name in ("answers", "policies", "sign-in", "sign-up"):
        assert f'href="{reverse(name)}"' in shown


def test_every_part_and_piece_of_news_belongs_to_a_page_of_some_role():
    opened = {name for role in roles().values() for name in role.pages}
    assert {each.opens for each in part_kinds()} <= opened
    assert {each.group for each in part_kinds()} <= GROUPS.keys()
    for each in news_kinds().values():
        assert each.act in acts()
        assert each.opens in opened
        assert {each.listing, *([each.route] if each.route else [])} <= pages().keys()
    assert pages()["home"].opens == PUBLIC


def test_a_part_is_registered_once():
    with pytest.raises(ValueError, match="twice"):
        home_part("deadlines", opens="deadlines", order=1)(lambda request: HomePart("x"))


def test_an_officer_with_nothing_to_do_is_told_so(honghe):
    shown = home(honghe.client)
    assert "领导小组办公室" in shown
    assert "没有新情况" in shown


def test_an_officer_sees_what_is_due_and_wrong_overdue_first(mengzi, work):
    work.lies(2)
    shown = home(mengzi.client)
    for said in (
        "七天内到期和已逾期",
        "逾期7天",
        "本单位自定",
        "企业绑定待核",
        "信息异议待处理",
        "名册待确认",
    ):
        assert said in shown, said
    for said in ("节假日安排尚未载入", "惠企句2句未编入规则", "还没有做过全部措施的筛查"):
        assert said in shown, said
    assert shown.index("七天内到期") < shown.index("企业绑定待核") < shown.index("节假日安排尚未载入")


def test_what_lies_elsewhere_is_nobody_elses(work, appointed):
    work.lies(2)
    shown = home(appointed("far", "county_officer", "530102").client)
    for said in ("七天内到期", "企业绑定待核", "信息异议待处理", "名册待确认", "未编入规则"):
        assert said not in shown, said


def test_failed_jobs_are_told_to_administrators_alone(work, mengzi, appointed):
    work.lies(2)
    assert "后台任务失败" not in home(mengzi.client)
    assert "后台任务失败" in home(appointed("root", "administrator").client)


@pytest.mark.parametrize("many", [1, 12])
def test_each_part_asks_twice_at_most(many, work, appointed, django_assert_max_num_queries):
    work.lies(many)
    for role in ("county_officer", "administrator", "auditor"):
        request = RequestFactory().get("/")
        request.user = appointed(f"{role}-{many}", role).user
        VisitMiddleware(lambda asked: asked)(request)
        for kind in part_kinds():
            if request.actor.may_see(kind.opens):
                with django_assert_max_num_queries(2, info=kind.name):
                    kind.make(request)


@pytest.mark.parametrize("many", [2, 12])
def test_the_home_costs_the_same_however_much_waits(many, work, mengzi, django_assert_max_num_queries):
    work.lies(many)
    home(mengzi.client)
    with django_assert_max_num_queries(34):
        home(mengzi.client)


def test_news_are_what_others_did_since_the_last_visit(mengzi, colleague, moment):
    home(mengzi.client)
    colleague.hand_in(roster_of("#1,虚河一厂,532503,5"))
    moment("2022-08-01T10:20")
    shown = home(mengzi.client)
    assert '报送名册</a> <span class="home-count">1</span>' in shown
    moment("2022-08-01T10:40")
    assert "没有新情况" not in home(mengzi.client), "within one visit news stays"
    moment("2022-08-01T12:00")
    mengzi.client.force_login(mengzi.user)
    assert "没有新情况" in home(mengzi.client)


def test_ones_own_acts_and_those_of_other_places_are_no_news(mengzi, appointed):
    far = appointed("far", "county_officer", "530102")
    home(mengzi.client)
    home(far.client)
    mengzi.hand_in(roster_of("#1,虚河一厂,532503,5"))
    assert "没有新情况" in home(mengzi.client)
    assert "没有新情况" in home(far.client)


def test_a_first_visit_has_no_news(mengzi, colleague):
    colleague.hand_in(roster_of("#1,虚河一厂,532503,5"))
    assert "没有新情况" in home(mengzi.client)


def test_a_new_member_is_shown_how_to_bind_a_firm(appointed):
    shown = home(appointed("owner").client)
    assert "绑定您的企业" in shown
    assert "没有新情况" not in shown, "events are the officers'"


def test_a_member_who_asked_is_told_to_wait(mengzi, appointed):
    owner = appointed("owner")
    mengzi.take(roster_of("#1,虚河一厂,532503,5"))
    Binding.objects.create(user=owner.user, firm=firm(1), asked_at=NOW)
    assert "等当地主管部门核对" in home(owner.client)


def test_a_firms_member_sees_what_it_is_owed_and_what_is_missing(
    mengzi, appointed, django_assert_max_num_queries
):
    owner = appointed("owner")
    mengzi.take(roster_of("#1,虚河一厂,532503,5"))
    run_jobs()
    Binding.objects.create(user=owner.user, firm=firm(1), asked_at=NOW, state="bound")
    shown = home(owner.client)
    assert "虚河一厂" in shown
    assert "项确定可享" in shown
    assert f'href="{reverse("owed-ask", kwargs={"number": firm(1).pk})}"' in shown
    assert "绑定您的企业" not in shown
    request = RequestFactory().get("/")
    request.user = owner.user
    VisitMiddleware(lambda asked: asked)(request)
    assert bound_firms(owner.user) == {firm(1).pk}
    # One for the firms, and two that the lists ask for what they know of the firm.
    with django_assert_max_num_queries(3):
        next(each for each in part_kinds() if each.name == "owed").make(request)


def test_headings_follow_each_other(mengzi, work):
    work.lies(1)
    shown = home(mengzi.client)
    assert shown.count("<h1") == 1
    levels = [
        int(shown[at + 2])
        for at in range(len(shown))
        if shown[at : at + 2] == "<h" and shown[at + 2].isdigit()
    ]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_groups_are_named_in_both_languages(mengzi, work):
    work.lies(1)
    request = RequestFactory().get("/")
    request.user = mengzi.user
    VisitMiddleware(lambda asked: asked)(request)
    assert [each.title for each in groups_for(request, True)] == ["To do", "Out of order"]
