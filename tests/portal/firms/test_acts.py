"""Bindings and contests: asked, checked by another person, answered in time."""

import datetime

import pytest

from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.accounts.scoping import NotScoped
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import NotByYou, NotNow, NotYours, Refused
from huiqi.portal.clock.models import Deadline
from huiqi.portal.firms.models import Binding, Contest, FactChange, Firm
from huiqi.reference.credit_codes import make_credit_code

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2022, 8, 1)
NOW = datetime.datetime(2022, 8, 1, 2, 0, tzinfo=datetime.UTC)
CODE = make_credit_code("532503", "MA6K0001")


@pytest.fixture
def firm() -> Firm:
    employees = [{"value": "35", "source": "social_insurance", "date": "2022-06-30"}]
    return Firm.objects.create(
        credit_code=CODE,
        name="蒙自虚构食品厂",
        region="532503",
        facts={"employees": employees},
        updated_at=NOW,
    )


def person(name, role=None, region="532503"):
    user = User.objects.create_user(name, password="a long password", name=name)
    if role:
        agency, _ = Agency.objects.get_or_create(
            code=f"{region}-office", defaults={"name": region, "region": region}
        )
        Appointment.objects.create(user=user, agency=agency, role=role, begins=datetime.date(2022, 1, 1))
    return user


def do(name, actor, subject, values=None, key=None):
    return perform(name, actor, subject, values or {}, now=NOW, today=TODAY, key=key or name).subject


def ask(owner):
    given = {"credit_code": CODE, "name": "蒙自虚构食品厂", "connection": "head"}
    return do("binding.ask", actor_of(owner, TODAY), None, given)


def test_a_binding_is_asked_checked_and_has_a_deadline(firm):
    binding = ask(person("owner"))
    deadline = Deadline.objects.for_site("test").get()
    assert (deadline.rule, deadline.due, deadline.region) == (
        "binding-check",
        datetime.date(2022, 8, 4),
        "532503",
    )
    do("binding.confirm", actor_of(person("clerk", "county_officer"), TODAY), binding.pk)
    deadline.refresh_from_db()
    assert (Binding.objects.for_site("test").get().state, deadline.state) == ("bound", "met")


@pytest.mark.parametrize(
    ("code", "name"), [(CODE, "别的名字"), (make_credit_code("532503", "MA6K0002"), "蒙自虚构食品厂")]
)
def test_a_wrong_name_and_an_unknown_code_are_refused_in_the_same_words(firm, code, name):
    with pytest.raises(Refused, match="没有找到代码与名称一致的企业"):
        given = {"credit_code": code, "name": name, "connection": "head"}
        do("binding.ask", actor_of(person("owner"), TODAY), None, given)


def test_an_officer_does_not_check_their_own_binding_nor_one_of_another_county(firm):
    clerk = person("clerk", "county_officer")
    binding = ask(clerk)
    with pytest.raises(NotByYou):
        do("binding.confirm", actor_of(clerk, TODAY), binding.pk)
    elsewhere = person("elsewhere", "county_officer", region="532501")
    with pytest.raises(NotYours):
        do("binding.confirm", actor_of(elsewhere, TODAY), binding.pk)


def test_a_refused_binding_is_not_confirmed(firm):
    clerk = actor_of(person("clerk", "county_officer"), TODAY)
    binding = ask(person("owner"))
    do("binding.refuse", clerk, binding.pk, {"reason": "授权书不符"})
    with pytest.raises(NotNow, match="未通过"):
        do("binding.confirm", clerk, binding.pk)


def test_a_user_withdraws_only_their_own_binding(firm):
    binding = ask(person("owner"))
    with pytest.raises(NotYours):
        do("binding.withdraw", actor_of(person("stranger"), TODAY), binding.pk)


def test_an_upheld_contest_puts_the_offices_word_in_place_and_keeps_the_others(firm):
    owner = actor_of(person("owner"), TODAY, firms=[firm.pk])
    given = {"firm": firm.pk, "fact": "employees", "says": "38", "reason": "7月新招3人"}
    contest = do("fact.contest", owner, None, given)
    clerk = actor_of(person("clerk", "county_officer"), TODAY)
    do("contest.uphold", clerk, contest.pk, {"answer": "已核对参保名册"})
    firm.refresh_from_db()
    assert {each["source"]: each["value"] for each in firm.facts["employees"]} == {
        "office": "38",
        "social_insurance": "35",
    }
    change = FactChange.objects.for_site("test").get()
    assert (change.fact, change.before[0]["value"]) == ("employees", "35")
    assert Contest.objects.for_site("test").get().state == "upheld"


def test_a_firm_contests_its_own_facts_only(firm):
    other = Firm.objects.create(
        credit_code=make_credit_code("532503", "MA6K0003"), name="另一家", region="532503", updated_at=NOW
    )
    stranger = actor_of(person("owner"), TODAY, firms=[other.pk])
    with pytest.raises(NotYours):
        do("fact.contest", stranger, None, {"firm": firm.pk, "fact": "employees", "says": "1", "reason": "x"})
    assert not Contest.objects.for_site("test").exists()


def test_rows_are_not_had_without_saying_for_whom(firm):
    with pytest.raises(NotScoped):
        list(Firm.objects.all())
    with pytest.raises(NotScoped):
        Firm.objects.filter(region="532503").count()
    clerk, elsewhere = (
        actor_of(person(region, "county_officer", region=region), TODAY) for region in ("532503", "532501")
    )
    assert Firm.objects.visible_to(clerk, "firms").get() == firm
    assert Firm.objects.visible_to(elsewhere, "firms").count() == 0
    assert Firm.objects.visible_to(clerk, "no-such-page").count() == 0
