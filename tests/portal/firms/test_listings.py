"""Being bound to a firm, and the way on where the firm is not in the register."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from offices import GEJIU, MENGZI, NOW, Office, code_of

from huiqi.portal.accounts.models import Agency, User
from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import NotByYou, NotYours, Refused
from huiqi.portal.clock.models import Deadline
from huiqi.portal.firms.listings import Listing
from huiqi.portal.firms.models import Binding, Firm

pytestmark = pytest.mark.django_db
ASKED = {"credit_code": code_of(1), "name": "蒙自虚构食品厂", "region": MENGZI, "connection": "head"}


def make_firm(number=1, name="蒙自虚构食品厂", region=MENGZI):
    return Firm.objects.create(
        credit_code=code_of(number, region), name=name, region=region, updated_at=NOW, facts={}
    )


@pytest.fixture
def owner(mengzi) -> Office:
    Agency.objects.get_or_create(
        code=f"{GEJIU}-office", defaults={"name": f"{GEJIU} office", "region": GEJIU}
    )
    user = User.objects.create_user("zhou-1234", password="a long password", name="周老板", region=MENGZI)
    client = Client()
    client.force_login(user)
    return Office(user, client)


def test_the_office_sees_how_a_person_is_connected(owner, mengzi, gejiu):
    make_firm()
    given = {
        "credit_code": code_of(1),
        "name": "蒙自虚构食品厂",
        "connection": "agent",
        "explained": "代账合同",
    }
    owner.do("binding.ask", None, given)
    shown = mengzi.client.get(reverse("bindings")).content.decode()
    assert "代理记账等受托机构人员" in shown and "代账合同" in shown and "周老板" in shown
    assert "周老板" not in gejiu.client.get(reverse("bindings")).content.decode()
    assert Event.objects.get().body == {"firm": Firm.objects.for_site("test").get().pk, "connection": "agent"}


def test_the_member_sees_the_state_and_can_withdraw_and_ask_again(owner, mengzi):
    make_firm()
    given = {"credit_code": code_of(1), "name": "蒙自虚构食品厂", "connection": "head"}
    binding = owner.do("binding.ask", None, given)
    assert "正在核对" in owner.client.get(reverse("bindings")).content.decode()
    mengzi.do("binding.refuse", binding.pk, {"reason": "电话无人接听，请提供授权书"})
    shown = owner.client.get(reverse("bindings")).content.decode()
    assert "电话无人接听" in shown and "重新申请" in shown
    again = owner.do("binding.ask", None, given, key="again")
    owner.do("binding.withdraw", again.pk)
    assert Binding.objects.for_site("test").get(pk=again.pk).state == "withdrawn"


@pytest.mark.parametrize("wrong", ["", "owner", "x" * 13, "\0"])
def test_a_connection_that_is_none_is_refused(owner, wrong):
    make_firm()
    with pytest.raises(Refused):
        owner.do("binding.ask", None, {**ASKED, "region": None, "connection": wrong} | {"region": "x"})
    with pytest.raises(Refused):
        owner.do("listing.ask", None, {**ASKED, "connection": wrong})


@pytest.mark.parametrize("text", ["\0", "x" * 10_000, "'", "%"])
def test_hostile_searches_give_a_page(mengzi, text):
    for page in ("bindings", "listings"):
        assert mengzi.client.get(reverse(page), {"q": text, "state": text, "page": text}).status_code == 200


def test_a_firm_that_is_not_in_the_register_is_asked_entered_and_bound(owner, mengzi):
    with pytest.raises(Refused, match="没有找到") as refused:
        owner.do("binding.ask", None, {name: ASKED[name] for name in ("credit_code", "name", "connection")})
    assert "申请登记企业" in refused.value.findings[0].mend
    listing = owner.do("listing.ask", None, ASKED)
    deadline = Deadline.objects.for_site("test").get()
    assert (deadline.rule, deadline.due, deadline.region) == (
        "listing-check",
        datetime.date(2022, 8, 4),
        MENGZI,
    )
    assert "名册中还没有这个代码" in mengzi.client.get(reverse("listings")).content.decode()
    with pytest.raises(Refused, match="名册中还没有这家企业"):
        mengzi.do("listing.settle", listing.pk)
    make_firm()
    mengzi.do("listing.settle", listing.pk, key="settled")
    deadline.refresh_from_db()
    assert deadline.state == "met"
    shown = owner.client.get(reverse("listings")).content.decode()
    assert "现在申请绑定" in shown
    owner.do(
        "binding.ask", None, {name: ASKED[name] for name in ("credit_code", "name", "connection")}, key="b"
    )
    assert Binding.objects.for_site("test").count() == 1


def test_what_the_register_says_is_told_to_the_office_and_not_to_the_asker(owner, mengzi, gejiu):
    make_firm(name="另一个名字")
    owner.do("listing.ask", None, ASKED)
    assert "另一个名字" not in owner.client.get(reverse("listings")).content.decode()
    assert "另一个名字" in mengzi.client.get(reverse("listings")).content.decode()
    assert "蒙自虚构食品厂" not in gejiu.client.get(reverse("listings")).content.decode()


def test_the_office_is_told_that_a_firm_stands_in_another_county(owner, gejiu):
    make_firm()
    owner.do("listing.ask", None, {**ASKED, "region": GEJIU})
    shown = gejiu.client.get(reverse("listings")).content.decode()
    assert "蒙自市的名册中" in shown
    assert "/firms/" not in shown[shown.index('<ul class="cards">') :]


def test_a_request_is_asked_once_and_five_at_most_wait(owner, mengzi):
    owner.do("listing.ask", None, ASKED)
    with pytest.raises(Refused, match="已经申请"):
        owner.do("listing.ask", None, ASKED, key="again")
    for number in range(2, 6):
        owner.do("listing.ask", None, {**ASKED, "credit_code": code_of(number)}, key=f"k{number}")
    with pytest.raises(Refused, match="待答复的申请已有5件"):
        owner.do("listing.ask", None, {**ASKED, "credit_code": code_of(9)}, key="k9")


def test_nobody_answers_or_withdraws_what_is_not_theirs(owner, mengzi, gejiu):
    listing = owner.do("listing.ask", None, ASKED)
    with pytest.raises(NotYours):
        gejiu.do("listing.decline", listing.pk, {"reason": "x"})
    with pytest.raises(NotYours):
        gejiu.do("listing.withdraw", listing.pk)
    with pytest.raises(NotYours):
        owner.do("listing.settle", listing.pk)
    mengzi.do("listing.decline", listing.pk, {"reason": "注册地不在本市，请找个旧市"})
    assert "请找个旧市" in owner.client.get(reverse("listings")).content.decode()


def test_an_officer_does_not_settle_their_own_request(mengzi):
    listing = mengzi.do("listing.ask", None, ASKED)
    make_firm()
    with pytest.raises(NotByYou):
        mengzi.do("listing.settle", listing.pk)


def test_a_wrong_code_is_refused_before_anybody_looks(owner):
    with pytest.raises(Refused, match="统一社会信用代码有误"):
        owner.do("listing.ask", None, {**ASKED, "credit_code": "91532503MA6K0001XX"})
    assert not Listing.objects.for_site("test").exists()


def test_lists_cost_the_same_for_three_and_for_thirty(mengzi, django_assert_max_num_queries):
    def fill(first, last):
        for number in range(first, last):
            user = User.objects.create_user(f"user{number}", password="x", name=f"用户{number}")
            firm = make_firm(number, f"虚构企业{number}")
            Binding.objects.create(user=user, firm=firm, asked_at=NOW, connection="head")
            Listing.objects.create(
                user=user,
                credit_code=code_of(number + 500),
                name="x",
                region=MENGZI,
                connection="head",
                asked_at=NOW,
            )

    for first, last in ((1, 4), (4, 31)):
        fill(first, last)
        for page in ("bindings", "listings"):
            with django_assert_max_num_queries(16):
                assert mengzi.client.get(reverse(page)).status_code == 200
