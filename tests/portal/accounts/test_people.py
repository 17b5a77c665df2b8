"""Administrators see and act on the people of their own area, and on nobody else."""

import datetime

import pytest
from django.urls import reverse
from offices import GEJIU, HONGHE, MENGZI, TODAY

from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.models import Agency, Appointment, Substitution, User
from huiqi.portal.accounts.queries import people_of
from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import NotNow, NotYours, Refused

pytestmark = pytest.mark.django_db
HOSTILE = ["\0", "x" * 10_000, "' OR 1=1 --", "%", "😀" * 500, "<script>alert(1)</script>"]


def names(office, **query):
    return [each.name for each in office.client.get(reverse("people"), query).context["rows"]]


def appointed(user, role, agency, begins="2022-01-01", ends=None):
    return Appointment.objects.create(user=user, role=role, agency=agency, begins=begins, ends=ends)


def test_the_list_shows_the_area_and_those_who_hold_something_in_it(
    mengzi, gejiu, honghe, officer, member, agency
):
    officer("reviewer", "wang")
    visiting = officer("reviewer", "visiting", GEJIU)
    appointed(visiting.user, "analyst", agency(MENGZI))
    assert names(mengzi) == ["mengzi", "visiting", "wang", "周老板"]
    assert names(gejiu) == ["gejiu", "visiting"]
    assert set(names(honghe)) == {"mengzi", "gejiu", "honghe", "visiting", "wang", "周老板"}


def test_the_list_is_narrowed_by_words_state_role_and_region(honghe, officer):
    officer("reviewer", "wang")
    officer("approver", "zhao", GEJIU)
    assert names(honghe, q="wan") == ["wang"]
    assert names(honghe, role="approver") == ["zhao"]
    assert names(honghe, region=GEJIU) == ["zhao"]
    assert names(honghe, state="closed") == []
    assert "没有符合条件的人员" in honghe.client.get(reverse("people"), {"state": "closed"}).content.decode()


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["q", "state", "role", "region", "page"])
def test_hostile_filters_give_a_page(mengzi, name, text):
    answer = mengzi.client.get(reverse("people"), {name: text})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_the_list_costs_the_same_for_three_and_for_thirty(mengzi, officer, django_assert_max_num_queries):
    for number in range(3):
        officer("reviewer", f"few{number}")
    with django_assert_max_num_queries(14):
        mengzi.client.get(reverse("people"))
    for number in range(30):
        officer("reviewer", f"many{number}")
    with django_assert_max_num_queries(14):
        mengzi.client.get(reverse("people"))
    with django_assert_max_num_queries(14):
        mengzi.client.get(reverse("appointments"))


def test_a_person_of_another_region_is_not_found(mengzi, gejiu, officer):
    zhao = officer("reviewer", "zhao", GEJIU).user
    for page in ("person", "person-link", "person-appoint", "person-outside"):
        assert mengzi.client.get(reverse(page, kwargs={"number": zhao.pk})).status_code == 404
        assert mengzi.client.get(reverse(page, kwargs={"number": 10**12})).status_code == 404
    assert gejiu.client.get(reverse("person", kwargs={"number": zhao.pk})).status_code == 200


@pytest.mark.parametrize(
    ("act", "values"),
    [
        ("user.close", {"reason": "x"}),
        ("user.renew_link", {"reason": "x"}),
        ("user.rename", {"name": "x", "reason": "x"}),
        ("user.reset_factor", {"reason": "x"}),
        ("user.link_outside", {"digest": "0" * 64}),
    ],
)
def test_nobody_acts_on_accounts_of_another_region_or_without_the_role(mengzi, officer, act, values):
    zhao, wang = officer("reviewer", "zhao", GEJIU).user, officer("reviewer", "wang")
    with pytest.raises(NotYours):
        mengzi.do(act, zhao.pk, values)
    with pytest.raises(NotYours):
        wang.do(act, wang.user.pk, values)
    assert not Event.objects.exists()


@pytest.mark.parametrize("act", ["user.close", "user.renew_link", "user.rename"])
def test_nobody_acts_on_their_own_account(mengzi, act):
    values = {"reason": "x", **({"name": "局长"} if act == "user.rename" else {})}
    if act == "user.rename":
        assert mengzi.do(act, mengzi.user.pk, values).name == "局长"
        return
    with pytest.raises(Refused, match="自己的账号"):
        mengzi.do(act, mengzi.user.pk, values)


def test_a_closed_account_ends_at_once_and_comes_back_with_what_still_holds(mengzi, officer):
    wang = officer("reviewer", "wang")
    assert wang.client.get("/profile/").status_code == 200
    mengzi.do("user.close", wang.user.pk, {"reason": "调离"})
    assert wang.client.get("/profile/").status_code == 302
    wang.user.refresh_from_db()
    assert wang.actor.capacities == ()
    with pytest.raises(NotNow, match="已停用"):
        mengzi.do("user.close", wang.user.pk, {"reason": "再来一次"}, key="again")
    mengzi.do("user.reopen", wang.user.pk, {"reason": "调回"})
    wang.user.refresh_from_db()
    assert [each.role for each in wang.actor.capacities] == ["reviewer", "member"]


def test_events_say_what_was_done_and_hold_no_personal_value(mengzi, agency):
    given = {
        "name": "李晓明",
        "user_name": "lixiaoming",
        "agency": agency(MENGZI).code,
        "email": "l@x.example",
    }
    user = mengzi.do("user.invite", None, given)
    mengzi.do("user.rename", user.pk, {"name": "李小明", "reason": "写错"})
    kept = str(list(Event.objects.values()))
    for value in ("李晓明", "李小明", "lixiaoming", "l@x.example"):
        assert value not in kept


def test_appointing_from_the_persons_page(mengzi, officer, agency):
    clerk = officer("", "clerk").user
    page = reverse("person-appoint", kwargs={"number": clerk.pk})
    shown = mengzi.client.get(page)
    assert "clerk（clerk）" in shown.content.decode()
    given = {"role": "reviewer", "agency": agency(MENGZI).code, "begins": "2022-08-01", "key": "k"}
    assert mengzi.client.post(page, given).url == reverse("person", kwargs={"number": clerk.pk})
    assert Appointment.objects.get(user=clerk).role == "reviewer"
    refused = mengzi.client.post(page, {**given, "role": "approver", "key": "l"})
    assert refused.status_code == 422
    assert "“审批”与此人现任“复核”不相容" in refused.content.decode()


def test_nobody_appoints_somebody_elses_officer(mengzi, officer, agency):
    zhao = officer("reviewer", "zhao", GEJIU).user
    given = {"user": zhao.pk, "role": "reviewer", "agency": agency(MENGZI).code, "begins": TODAY}
    with pytest.raises(Refused, match="用户、单位或岗位不存在"):
        mengzi.do("appointment.give", None, given)
    own = {**given, "user": officer("", "li").user.pk, "agency": agency(GEJIU).code}
    with pytest.raises(NotYours):
        mengzi.do("appointment.give", None, own)


def test_a_holder_names_a_colleague_who_then_acts_for_them(officer, member):
    wang, li = officer("county_officer", "wang"), officer("", "li")
    page = reverse("substitute", kwargs={"number": Appointment.objects.get(user=wang.user).pk})
    given = {"begins": "2022-08-01", "ends": "2022-08-15", "reason": "休假", "key": "k"}
    shown = wang.client.get(page)
    assert [each[1] for each in shown.context["form"].fields["substitute"].choices[1:]] == ["li（li）"]
    assert wang.client.post(page, {**given, "substitute": member.user.pk}).status_code == 422
    assert wang.client.post(page, {**given, "substitute": li.user.pk, "key": "l"}).status_code == 302
    capacity = next(each for each in li.actor.capacities if each.principal)
    assert (capacity.role, capacity.principal) == ("county_officer", f"user:{wang.user.pk}")
    assert capacity.mark == f"county_officer@{capacity.agency} for user:{wang.user.pk}"
    assert not any(each.principal for each in actor_of(li.user, datetime.date(2022, 8, 15)).capacities)


def test_nobody_names_a_substitute_for_somebody_else(officer):
    wang, li, zhao = (officer("reviewer", name) for name in ("wang", "li", "zhao"))
    held = Appointment.objects.get(user=wang.user).pk
    given = {"substitute": zhao.user.pk, "begins": "2022-08-01", "ends": "2022-08-15", "reason": "x"}
    assert li.client.get(reverse("substitute", kwargs={"number": held})).status_code == 404
    with pytest.raises(NotYours):
        li.do("substitution.give", None, {**given, "appointment": held})
    assert not Substitution.objects.exists()


def test_a_substitute_keeps_incompatibilities(mengzi, officer):
    approver, reviewer = officer("approver", "zhao"), officer("reviewer", "wang")
    held = Appointment.objects.get(user=approver.user).pk
    given = {
        "appointment": held,
        "substitute": reviewer.user.pk,
        "begins": "2022-08-01",
        "ends": "2022-08-15",
        "reason": "休假",
    }
    with pytest.raises(Refused, match="不相容"):
        mengzi.do("substitution.give", None, given)
    with pytest.raises(Refused, match="不相容"):
        approver.do("substitution.give", None, given)


def test_the_matrix_shows_who_holds_what_and_who_stands_in(mengzi, officer, agency):
    agency(MENGZI, "财政局")
    agency(GEJIU)
    wang, li = officer("county_officer", "wang"), officer("", "li")
    Substitution.objects.create(
        appointment=Appointment.objects.get(user=wang.user),
        substitute=li.user,
        begins="2022-08-01",
        ends="2022-08-15",
        reason="休假",
    )
    shown = mengzi.client.get(reverse("appointments"))
    assert [each.region for each in shown.context["rows"]] == [MENGZI, MENGZI]
    text = shown.content.decode()
    assert "wang" in text and "li代理" in text
    assert mengzi.client.get(reverse("appointments"), {"region": "\0"}).status_code == 200


def test_an_agency_is_added_once_and_in_ones_own_area(mengzi, honghe):
    added = mengzi.do("agency.add", None, {"name": "蒙自市财政局", "region": MENGZI})
    assert (added.name, added.region) == ("蒙自市财政局", MENGZI)
    with pytest.raises(Refused, match="已经登记"):
        honghe.do("agency.add", None, {"name": "蒙自市财政局", "region": MENGZI})
    with pytest.raises(NotYours):
        mengzi.do("agency.add", None, {"name": "个旧市财政局", "region": GEJIU}, key="m")
    with pytest.raises(Refused, match="没有这个地区"):
        honghe.do("agency.add", None, {"name": "某某市财政局", "region": "999999"}, key="k")
    assert honghe.do("agency.add", None, {"name": "个旧市财政局", "region": GEJIU}, key="l")
    assert Agency.objects.filter(name__contains="财政局").count() == 2


def test_a_member_changes_their_name_and_an_officer_does_not(member, officer):
    given = {"name": "周有财", "language": "en", "key": "k", "next": "/profile/"}
    answer = member.client.post(reverse("profile-change"), given)
    assert answer.url == "/profile/"
    member.user.refresh_from_db()
    assert (member.user.name, member.user.language) == ("周有财", "en")
    assert "My account" in member.client.get("/profile/").content.decode()
    wang = officer("reviewer", "wang")
    wang.client.post(reverse("profile-change"), {"name": "州长", "language": "zh-hans", "key": "k"})
    wang.user.refresh_from_db()
    assert wang.user.name == "wang"
    with pytest.raises(Refused, match="由管理员更正"):
        wang.do("profile.change", wang.user.pk, {"name": "州长", "language": "en"})


def test_an_auditor_looks_and_changes_nothing(officer):
    auditor, wang = officer("auditor", "qian"), officer("reviewer", "wang")
    shown = auditor.client.get(reverse("person", kwargs={"number": wang.user.pk})).content.decode()
    assert "停用账号" not in shown and "任命岗位" not in shown
    for page in ("person-link", "person-appoint", "person-outside"):
        assert auditor.client.get(reverse(page, kwargs={"number": wang.user.pk})).status_code == 404
    assert auditor.client.get(reverse("person-invite")).status_code == 404
    assert auditor.client.get(reverse("roles")).status_code == 200


@pytest.mark.parametrize("page", ["people", "appointments", "roles", "person-invite"])
def test_who_is_no_administrator_finds_none_of_it(officer, member, page):
    for office in (officer("county_officer", "wang"), member):
        assert office.client.get(reverse(page)).status_code == 404
        assert list(people_of(office.actor)) == []


def test_user_ids_are_not_told_from_those_that_do_not_exist(mengzi, officer):
    elsewhere = officer("reviewer", "zhao", HONGHE).user
    answers = {
        mengzi.client.get(reverse("person", kwargs={"number": number})).content.split(b"<main")[1]
        for number in (elsewhere.pk, 999_999)
    }
    assert len(answers) == 1
    assert User.objects.filter(pk=elsewhere.pk).exists()
