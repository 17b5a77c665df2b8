"""A firm's page: what counts and who says otherwise, the size class with its way, who looked; contests and bindings."""

import pytest
from django.urls import reverse
from offices import MENGZI, NOW, firm, roster_of

from huiqi.portal.accounts.models import User
from huiqi.portal.acts.models import Event
from huiqi.portal.firms.models import Binding, Contact, Contest, Look
from huiqi.portal.secrets.fields import put

pytestmark = pytest.mark.django_db
HEADINGS = "统一社会信用代码,企业名称,地区,行业,从业人员,上年营业收入（万元）"
PHONE, ACCOUNT = "13800005678", "6217000010001234567"


@pytest.fixture
def shop(mengzi):
    mengzi.take(roster_of("#1,蒙自云岭食品有限公司,532503,C13,35,1200", headings=HEADINGS))
    mengzi.take(
        roster_of("#1,蒙自云岭食品有限公司,532503,C13,33,", headings=HEADINGS), source="social_insurance"
    )
    made = firm(1)
    contact = Contact.objects.create(firm=made, bank="虚构银行")
    for column, value in {"person": "李四", "phone": PHONE, "account": ACCOUNT}.items():
        put(contact, column, value)
    contact.save()
    return made


@pytest.fixture
def owner(shop, client):
    user = User.objects.create_user("owner", password="a long password", name="店主")
    Binding(user=user, firm=shop, state="bound", asked_at=NOW).save()
    client.force_login(user)
    return client


def seen(client, page, shop):
    answer = client.get(reverse(page, kwargs={"number": shop.pk}))
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_fact_stands_with_its_source_and_date_and_what_others_say(mengzi, shop):
    answer = mengzi.client.get(reverse("firm", kwargs={"number": shop.pk}))
    facts = {each.key: each for each in answer.context["facts"]}
    best = facts["employees"].best
    assert (best.value, best.source, best.date) == ("35人", "统计部门", "2022-06-30")
    assert [each.value for each in facts["employees"].said] == ["35人", "33人"]
    assert facts["employees"].disagree
    assert not facts["industry"].disagree
    assert "来源不一致" in answer.content.decode()


def test_the_size_class_is_computed_and_shown_with_its_criteria(mengzi, shop):
    size = mengzi.client.get(reverse("firm", kwargs={"number": shop.pk})).context["size"]
    assert (size.title, size.row, size.missing) == ("小型企业", "工业", [])
    assert [(each.label, each.value) for each in size.thresholds] == [
        ("从业人员", "35人"),
        ("营业收入", "12,000,000.00元"),
    ]
    assert [bound[2] for bound in size.thresholds[0].bounds] == [True, False, False]


def test_history_tells_what_changed_from_what_to_what_by_which_roster(mengzi, shop):
    later = mengzi.take(
        roster_of("#1,蒙自云岭食品有限公司,532503,C13,41,1200", headings=HEADINGS), dated="2022-07-31"
    )
    facts = mengzi.client.get(reverse("firm", kwargs={"number": shop.pk})).context["facts"]
    change = next(each for each in facts if each.key == "employees").history[0]
    assert (change.was, change.became, change.by, change.roster) == ("35人", "41人", "统计部门", later)


def test_each_look_of_an_officer_is_noted_and_the_firm_sees_it(mengzi, shop, owner):
    seen(mengzi.client, "firm", shop)
    looked = Look.objects.for_site("test").get()
    assert (looked.firm, looked.actor, looked.what) == (shop, mengzi.actor.id, "firm")
    assert looked.acting_as == f"county_officer@{MENGZI}-office"
    assert f"{MENGZI} office 县级经办" in seen(owner, "own-firm", shop)
    assert Look.objects.for_site("test").count() == 1


def test_how_to_reach_a_firm_is_masked_and_shown_in_full_to_some_with_a_trace(mengzi, appointed, shop):
    page = seen(mengzi.client, "firm", shop)
    assert "138****5678" in page
    assert PHONE not in page
    assert ACCOUNT not in page
    full = seen(mengzi.client, "firm-contact", shop)
    assert PHONE in full
    assert ACCOUNT in full
    assert Look.objects.for_site("test").filter(what="contact").count() == 1
    auditor = appointed("auditor", "auditor")
    assert PHONE not in seen(auditor.client, "firm", shop)
    assert auditor.client.get(reverse("firm-contact", kwargs={"number": shop.pk})).status_code == 404


@pytest.mark.parametrize("page", ["firm", "own-firm", "firm-contact"])
def test_other_firms_and_firms_elsewhere_are_not_found(mengzi, gejiu, owner, shop, page):
    address = reverse(page, kwargs={"number": shop.pk})
    assert gejiu.client.get(address).status_code == 404
    forged = reverse(page, kwargs={"number": shop.pk + 1})
    assert [each.get(forged).status_code for each in (mengzi.client, owner)] == [404, 404]
    if page != "own-firm":
        assert owner.get(address).status_code == 404


def test_the_page_of_a_firm_costs_the_same_however_much_happened(mengzi, shop, django_assert_max_num_queries):
    with django_assert_max_num_queries(17):
        seen(mengzi.client, "firm", shop)
    for day in ("2022-07-01", "2022-07-02", "2022-07-03"):
        mengzi.take(
            roster_of(f"#1,蒙自云岭食品有限公司,532503,C13,{day[-1]}9,1200", headings=HEADINGS), dated=day
        )
    with django_assert_max_num_queries(17):
        seen(mengzi.client, "firm", shop)


def contest(owner, shop, **more):
    given = {"firm": shop.pk, "fact": "employees", "says": "38人", "reason": "7月新招3人", "key": "c", **more}
    return owner.post(reverse("act", kwargs={"name": "fact.contest", "subject": "-"}), given)


def test_a_contest_goes_from_the_firms_page_to_the_office_and_into_the_facts(mengzi, owner, shop):
    assert "对“从业人员”提出异议" in seen(owner, "own-firm", shop)
    assert "提出异议" not in seen(mengzi.client, "firm", shop)
    assert contest(owner, shop).status_code == 302
    page = mengzi.client.get(reverse("contests")).content.decode()
    assert "35人 → 企业称应为：38人" in page
    assert "2022-08-08前答复" in page
    made = Contest.objects.for_site("test").get()
    mengzi.do("contest.uphold", made.pk, {"answer": "已核对"})
    facts = {each.key: each for each in mengzi.client.get(reverse("firm", args=[shop.pk])).context["facts"]}
    best = facts["employees"].best
    assert (best.value, best.source, best.settled) == ("38人", "主管部门", True)
    assert {each.act for each in Event.objects.filter(subject_kind="firms.contest")} == {
        "fact.contest",
        "contest.uphold",
    }


def test_a_contest_upheld_moves_the_firm_to_its_size_class(mengzi, owner, shop):
    contest(owner, shop, says="12")
    mengzi.do("contest.uphold", Contest.objects.for_site("test").get().pk, {"answer": "已核对"})
    assert (firm(1).size, shop.size) == ("micro", "small")


def test_what_the_fact_cannot_be_is_refused_beside_its_field(owner, shop):
    answer = contest(owner, shop, says="很多")
    assert answer.status_code == 422
    assert "不是这项事实可以取的值；不是数值；请按企业页面上这项事实的写法填写" in answer.content.decode()
    assert not Contest.objects.for_site("test").exists()


def test_bindings_are_listed_to_the_office_and_to_their_own_user(mengzi, gejiu, owner, shop):
    Binding.objects.for_site("test").update(state="asked")
    office = mengzi.client.get(reverse("bindings")).content.decode()
    assert "店主" in office
    assert "确认绑定" in office
    own = owner.get(reverse("bindings")).content.decode()
    assert "解除绑定" in own
    assert "确认绑定" not in own
    assert "店主" not in gejiu.client.get(reverse("bindings")).content.decode()


def test_contests_of_another_county_are_not_listed(gejiu, owner, shop):
    contest(owner, shop)
    assert "蒙自云岭" not in gejiu.client.get(reverse("contests")).content.decode()


@pytest.mark.parametrize("name", ["firms", "rosters", "bindings", "contests", "roster-hand-in"])
def test_every_list_opens_in_english_too(mengzi, shop, name):
    answer = mengzi.client.get(reverse(name), headers={"accept-language": "en"})
    assert answer.status_code == 200
