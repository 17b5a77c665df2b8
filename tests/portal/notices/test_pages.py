"""The inbox and the settings: one's own, readable as long as one may see what they are about."""

import pytest
from api_callers import caller
from django.urls import reverse
from offices import NOW

from huiqi.portal.accounts.models import Appointment
from huiqi.portal.acts.models import Event
from huiqi.portal.firms.models import Binding, Firm
from huiqi.portal.notices.models import Notice, Reach
from huiqi.portal.notices.telling import notify
from huiqi.portal.secrets.fields import get

pytestmark = pytest.mark.django_db
INBOX, SETTINGS = "/notices/", "/notices/settings/"


def shown(office, address=INBOX):
    return office.client.get(address).content.decode()


@pytest.fixture
def settled(officer, asked):
    officer.do("binding.confirm", asked.pk)


def test_a_notice_is_counted_read_and_leads_to_its_subject(stranger, settled):
    page = shown(stranger)
    assert "企业绑定已通过" in page and '<span class="badge text-bg-danger">1</span>' in page
    notice = Notice.objects.for_site("test").get(user=stranger.user)
    assert stranger.client.get(f"/notices/{notice.pk}/").url == reverse("bindings")
    assert "text-bg-danger" not in shown(stranger)
    assert "没有未读消息" in shown(stranger, f"{INBOX}?unread=1")


def test_english_is_english(stranger, settled):
    stranger.client.post(reverse("language"), {"language": "en"})
    page = shown(stranger)
    assert "Your binding is confirmed" in page and "企业绑定已通过" not in page


def test_all_are_marked_at_once_and_only_ones_own(officer, stranger, settled):
    stranger.client.post(reverse("notices-read"))
    kept = Notice.objects.for_site("test")
    assert not kept.filter(user=stranger.user, read_at=None).exists()
    assert kept.filter(user=officer.user, read_at=None).count() == 1


def test_anothers_notice_is_not_found(officer, stranger, settled):
    theirs = Notice.objects.for_site("test").get(user=stranger.user)
    assert officer.client.get(f"/notices/{theirs.pk}/").status_code == 404
    assert officer.client.post(reverse("notices-read"), {"number": theirs.pk}).status_code == 404
    assert Notice.objects.for_site("test").get(pk=theirs.pk).read_at is None


def test_who_lost_the_role_no_longer_reads_what_it_was_about(officer, asked):
    assert "蒙自过桥米线店" in shown(officer)
    Appointment.objects.filter(user=officer.user).delete()
    page = shown(officer)
    assert "蒙自过桥米线店" not in page and "无权查看" in page
    notice = Notice.objects.for_site("test").get()
    assert officer.client.get(f"/notices/{notice.pk}/").url == INBOX


@pytest.mark.parametrize(
    "given", [{"number": "x"}, {"number": "9" * 40}, {"number": "-1"}, {"number": "\0"}, {"number": "１"}]
)
def test_hostile_numbers_are_not_found(stranger, given):
    assert stranger.client.post(reverse("notices-read"), given).status_code == 404


@pytest.mark.parametrize("query", ["?page=x", "?page=" + "9" * 9999, "?unread=%00", "?page=-1"])
def test_hostile_queries_show_the_inbox(stranger, settled, query):
    assert stranger.client.get(INBOX + query).status_code == 200


def test_an_address_that_leads_elsewhere_is_not_followed(stranger, settled):
    Notice.objects.for_site("test").update(address="//evil.example/")
    notice = Notice.objects.for_site("test").get(user=stranger.user)
    assert stranger.client.get(f"/notices/{notice.pk}/").url == INBOX


@pytest.mark.parametrize("count", [3, 30])
def test_the_inbox_costs_the_same_however_long(doing, stranger, count, django_assert_num_queries):
    for number in range(count):
        firm = Firm.objects.create(
            credit_code=f"{number:018}", name=f"企业{number}", region="532503", updated_at=NOW
        )
        binding = Binding.objects.create(user=stranger.user, firm=firm, asked_at=NOW)
        notify(doing, "binding-confirmed", to=[stranger.user], subject=binding, values={"firm": firm.name})
    with django_assert_num_queries(8):
        assert shown(stranger).count('class="inbox-subject"') == count


def test_a_name_that_is_markup_is_text(stranger, doing, restaurant):
    binding = Binding.objects.create(user=stranger.user, firm=restaurant, asked_at=NOW)
    values = {"firm": "<script>alert(1)</script>"}
    notify(doing, "binding-confirmed", to=[stranger.user], subject=binding, values=values)
    assert "<script>alert" not in shown(stranger)


def save(office, what, key="k", **given):
    return office.client.post(SETTINGS, {"what": what, "key": key, **given})


def test_phone_and_email_are_kept_sealed_and_the_event_holds_neither(stranger):
    assert save(stranger, "reach", email="new@shop.example", phone="138 8765 4321").status_code == 302
    stranger.user.refresh_from_db()
    reach = Reach.objects.for_site("test").get()
    assert stranger.user.email == "new@shop.example"
    assert get(reach, "phone") == "13887654321" and "13887654321" not in reach.phone
    event = Event.objects.get()
    assert event.body == {"email": True, "phone": True}
    page = shown(stranger, SETTINGS)
    assert "138****4321" in page and "13887654321" not in page


def test_a_number_left_empty_stays_and_one_can_be_erased(stranger, by_phone):
    save(stranger, "reach", email="owner@shop.example")
    assert get(Reach.objects.for_site("test").get(), "phone") == "13887654321"
    save(stranger, "reach", key="k2", email="", no_phone="1")
    assert Reach.objects.for_site("test").get().phone == ""
    stranger.user.refresh_from_db()
    assert stranger.user.email == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"email": "nobody"}, "电子邮箱格式不对"),
        ({"email": "a@b.example\nBcc: c@d.example"}, "电子邮箱格式不对"),
        ({"phone": "12345"}, "手机号格式不对"),
        ({"phone": "1" * 11}, "手机号格式不对"),
        ({"phone": "\0"}, "不能保存的字符"),
        ({"email": "x" * 9999}, "最多254个字"),
    ],
)
def test_what_is_no_address_is_refused(stranger, given, said):
    answer = save(stranger, "reach", **given)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Event.objects.exists()


def test_channels_are_chosen_by_kind(stranger, settings):
    settings.EMAIL_HOST = "127.0.0.1"
    page = shown(stranger, SETTINGS)
    assert 'name="kind-binding-confirmed" value="email" checked' in page
    save(stranger, "kinds", **{"kind-binding-confirmed": ["site"], "kind-binding-refused": ["email"]})
    chosen = Reach.objects.for_site("test").get().chosen
    assert chosen["binding-confirmed"] == ["site"]
    # What nobody may switch off stays in the site.
    assert chosen["binding-refused"] == ["site", "email"]
    assert 'name="kind-binding-confirmed" value="email">' in shown(stranger, SETTINGS)


def test_what_nobody_may_switch_off_is_refused_to_programs_too(stranger):
    program = caller(stranger, "person")
    body = {"chosen": {"binding-refused": ["email"]}}
    answer = program.post("acts/notices.choose", body)
    assert answer.status_code == 422 and "不能关闭" in answer.json()["findings"][0]["what"]
    assert program.post("acts/notices.choose", {"chosen": {"no-such": []}}, key="2").status_code == 422
    assert program.post("acts/notices.reach", {"phone": "13887654321"}, key="3").status_code == 404


def test_programs_read_ones_own_notices(stranger, officer, settled):
    rows = caller(stranger, "person").get("notices", unread=True).json()["rows"]
    assert [each["kind"] for each in rows] == ["binding-confirmed"]
    assert "蒙自过桥米线店" in rows[0]["zh"] and "bound" in rows[0]["en"]
    # A token for the user alone does not hold the role that an officer's notice is about.
    assert [each["zh"] for each in caller(officer, "person").get("notices").json()["rows"]] == [""]


def test_a_visitor_sees_no_inbox(client):
    assert client.get(INBOX).status_code == 302
    assert "notices" not in client.get("/policies/").content.decode()


def test_members_are_asked_about_their_notices_and_officers_about_theirs(stranger, officer, administrator):
    assert "有事项临近期限" not in shown(stranger, SETTINGS) and "企业绑定已通过" in shown(stranger, SETTINGS)
    assert "有事项临近期限" in shown(officer, SETTINGS) and "有消息没有发出" not in shown(officer, SETTINGS)
    assert "有消息没有发出" in shown(administrator, SETTINGS)
