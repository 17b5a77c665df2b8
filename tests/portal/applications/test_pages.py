"""What a firm does on its pages, what officers see of it, and what nobody else does."""

import os
import re

import pytest
from attached_files import active_pdf, pdf, picture
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from offices import GEJIU, MENGZI, NOW, TODAY, Office
from read_sheets import rows_of as lines_of
from screened_office import officer, registered

from huiqi.portal.accounts.models import User
from huiqi.portal.applications.files import FORGOTTEN_AFTER
from huiqi.portal.applications.forgetting import forget
from huiqi.portal.applications.models import Application, Attachment
from huiqi.portal.firms.models import Binding
from huiqi.portal.jobs.registry import Working

pytestmark = pytest.mark.django_db
MEASURE = "guesthouse-award"
HOSTILE = "?state=%00&measure=%00&county=%00&when=x&q=%00'--&page=-1&firm=99999999999999999999"


def owner(name, number, region=MENGZI, **facts):
    """Somebody bound to a firm of their own."""
    firm = registered(number, region, facts=facts)
    user = User.objects.create_user(name, password="a long password", name=name)
    Binding.objects.create(user=user, firm=firm, state="bound", asked_at=NOW)
    client = Client()
    client.force_login(user)
    made = Office(user, client)
    made.firm = firm
    return made


@pytest.fixture
def firm():
    return owner("owner", 1)


@pytest.fixture
def other():
    return owner("other", 2)


def begun(who, measure=MEASURE):
    where = reverse("application-begin", kwargs={"firm": who.firm.pk, "measure": measure})
    answer = who.client.post(where, {"key": f"begin {who.firm.pk} {measure}"})
    assert answer.status_code == 302, answer.content.decode()
    return Application.objects.for_site("test").get(firm=who.firm, measure=measure)


def rows(who, count, measures=None, state="handed_in"):
    """Applications as they stand, without the way there."""
    names = measures or [f"measure-{number}" for number in range(count)]
    for name in names:
        Application.objects.create(
            firm=who.firm,
            county=who.firm.region,
            measure=name,
            variant="532500",
            rule_digest="d" * 64,
            delivery="by_approval",
            state=state,
            as_of=TODAY,
            round=1,
            begun_by=who.user,
            begun_at=NOW,
            handed_in_at=NOW,
        )


def shown(client, name, status=200, query="", **where):
    answer = client.get(reverse(name, kwargs=where) + query)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode(errors="replace")


def sent(who, application, content, name="证书.pdf", slot="rating", **more):
    where = reverse("own-application-files", kwargs={"number": application.pk})
    given = {"file": SimpleUploadedFile(name, content), "slot": slot, "key": f"{name}{len(content)}"[:80]}
    return who.client.post(where, {**given, **more})


def test_a_firm_sees_what_it_may_apply_for_and_begins(firm):
    text = shown(firm.client, "own-applications")
    where = reverse("application-begin", kwargs={"firm": firm.firm.pk, "measure": MEASURE})
    assert where in text
    made = begun(firm)
    assert (made.state, made.county) == ("draft", MENGZI)
    text = shown(firm.client, "own-applications")
    assert reverse("own-application", kwargs={"number": made.pk}) in text
    assert "已有在办的申请" in text


def test_a_measure_that_comes_unasked_is_not_applied_for(firm):
    for name in ("job-retention-refund", "no-such-measure"):
        shown(firm.client, "application-begin", status=404, firm=firm.firm.pk, measure=name)


def test_facts_are_asked_kept_and_asked_again_where_they_cannot_be_read(firm):
    made = begun(firm)
    text = shown(firm.client, "own-application-facts", number=made.pk)
    tokens = re.findall(r'name="([^"]+\|[^"]*)"', text)
    assert tokens
    where = reverse("own-application-facts", kwargs={"number": made.pk})
    wrong = firm.client.post(where, {tokens[0]: "\u4e0d\u77e5\u9053", "key": "a", "note": "说明"})
    assert wrong.status_code == 422
    assert "说明" in wrong.content.decode()
    made.refresh_from_db()
    assert made.answers == []
    kept = firm.client.post(where, {"key": "b", "note": "说明"})
    assert kept.status_code == 302
    made.refresh_from_db()
    assert made.note == "说明"


def test_a_file_is_attached_handed_out_and_taken_away(firm):
    made = begun(firm)
    content = pdf()
    assert sent(firm, made, content).status_code == 302
    file = Attachment.objects.for_site("test").get(application=made)
    answer = firm.client.get(reverse("own-application-file", kwargs={"number": file.pk}))
    assert answer.content == content
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "证书.pdf" in shown(firm.client, "own-application-files", number=made.pk)
    where = reverse("own-application-files", kwargs={"number": made.pk})
    assert firm.client.post(where, {"away": file.pk, "key": "away"}).status_code == 302
    assert "证书.pdf" not in shown(firm.client, "own-application-files", number=made.pk)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", active_pdf(), "程序"),
        ("a.pdf", picture(), "后缀不符"),
        ("a.exe", b"MZ", "不能上传这种文件"),
        ("a.pdf", b"x" * (11 << 20), "超过10MB"),
    ],
)
def test_a_file_that_may_not_be_kept_is_refused_with_the_way_to_mend_it(firm, name, content, said):
    made = begun(firm)
    answer = sent(firm, made, content, name)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Attachment.objects.for_site("test").exists()


def test_a_form_from_elsewhere_is_refused_before_anything_is_found(firm):
    begun(firm)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(firm.user)
    where = reverse("own-application-files", kwargs={"number": 999})
    assert strict.post(where, {"file": SimpleUploadedFile("a.pdf", pdf())}).status_code == 403


def test_another_firm_and_another_county_find_nothing(firm, other):
    made = begun(firm)
    assert sent(firm, made, pdf()).status_code == 302
    file = Attachment.objects.for_site("test").get(application=made)
    for name in (
        "own-application",
        "own-application-facts",
        "own-application-files",
        "own-application-hand-in",
    ):
        shown(other.client, name, status=404, number=made.pk)
    shown(other.client, "own-application-file", status=404, number=file.pk)
    shown(other.client, "application-begin", status=404, firm=firm.firm.pk, measure=MEASURE)
    here, there = officer("here", "county_officer", MENGZI), officer("there", "county_officer", GEJIU)
    # A draft is the firm's alone.
    shown(here.client, "application", status=404, number=made.pk)
    shown(here.client, "application-file", status=404, number=file.pk)
    Application.objects.for_site("test").filter(pk=made.pk).update(
        state="handed_in", handed_in_at=NOW, as_of=TODAY, round=1
    )
    assert firm.firm.name in shown(here.client, "application", number=made.pk)
    shown(here.client, "application-file", number=file.pk)
    shown(there.client, "application", status=404, number=made.pk)
    shown(there.client, "application-file", status=404, number=file.pk)
    shown(firm.client, "application", status=404, number=made.pk)


def test_what_was_attached_after_a_return_is_shown_once_it_is_handed_in(firm):
    made = begun(firm)
    rows = Application.objects.for_site("test").filter(pk=made.pk)
    rows.update(state="returned", handed_in_at=NOW, as_of=TODAY, round=1)
    assert sent(firm, made, pdf()).status_code == 302
    file = Attachment.objects.for_site("test").get(application=made)
    here = officer("here", "county_officer", MENGZI)
    assert "证书.pdf" not in shown(here.client, "application", number=made.pk)
    shown(here.client, "application-file", status=404, number=file.pk)
    rows.update(state="handed_in", round=2)
    assert "证书.pdf" in shown(here.client, "application", number=made.pk)


def test_what_is_missing_is_said_before_it_is_handed_in(firm):
    made = begun(firm)
    text = shown(firm.client, "own-application-hand-in", number=made.pk)
    assert "提交以前还缺" in text
    assert "评定文件或证书" in text


def test_the_worklist_is_narrowed_by_its_address(firm):
    rows(firm, 2, ["guesthouse-award", "incubator-award"])
    rows(firm, 1, ["agri-certification-award"], state="granted")
    here = officer("here", "county_officer", MENGZI)
    assert "共3件" in shown(here.client, "applications")
    assert "共2件" in shown(here.client, "applications", query="?state=waiting")
    assert "共1件" in shown(here.client, "applications", query="?measure=incubator-award")
    assert "共1件" in shown(here.client, "applications", query="?state=granted")
    assert "共0件" in shown(here.client, "applications", query=f"?county={GEJIU}")
    assert "共0件" in shown(here.client, "applications", query="?when=overdue")
    assert "没有符合条件的申请" in shown(here.client, "applications", query="?q=无此企业")


def test_what_the_list_shows_is_taken_out_as_a_sheet(firm):
    rows(firm, 1, ["guesthouse-award"])
    here = officer("here", "county_officer", MENGZI)
    answer = here.client.post(reverse("applications-export") + "?state=waiting", {"key": "sheet"})
    assert answer.status_code == 200
    lines = lines_of(answer)
    assert firm.firm.name in lines[1]
    assert len(lines) == 2


@pytest.mark.parametrize("count", [3, 30])
def test_lists_ask_the_database_as_often_for_thirty_rows_as_for_three(
    firm, count, django_assert_max_num_queries
):
    rows(firm, count)
    here = officer("here", "county_officer", MENGZI)
    for client, name in ((here.client, "applications"), (firm.client, "own-applications")):
        client.get(reverse(name))
        with django_assert_max_num_queries(26):
            assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", ["applications", "own-applications"])
def test_hostile_words_in_an_address_are_left_out(firm, name):
    rows(firm, 1, ["guesthouse-award"])
    who = officer("here", "county_officer", MENGZI) if name == "applications" else firm
    answer = who.client.get(reverse(name) + HOSTILE)
    assert answer.status_code in (200, 400)


def test_files_that_no_application_names_are_forgotten_by_the_daily_job(firm):
    made = begun(firm)
    assert sent(firm, made, pdf()).status_code == 302
    assert sent(firm, made, picture(), "\u4ed8\u6b3e.png", "no-such-slot").status_code in (302, 422)
    named = set(Attachment.objects.for_site("test").values_list("digest", flat=True))
    folder = settings.DATA / "attachments"
    for path in folder.iterdir():
        before = path.stat().st_mtime - 2 * FORGOTTEN_AFTER
        os.utime(path, (before, before))
    loose = folder / f"{'ab' * 32}.sealed"
    loose.write_text("1.AA.AA")
    os.utime(loose, (0, 0))
    working = Working({}, NOW, TODAY, firm.actor, lambda done, total: None, 1)
    assert forget.work(working)["forgotten"] >= 1
    assert {path.stem for path in folder.iterdir()} == named


def test_the_way_to_apply_leads_from_what_a_firm_is_owed_and_from_the_public_page(firm):
    policy = reverse("policy", kwargs={"region": "532500", "name": MEASURE})
    for client in (firm.client, Client()):
        assert "去申请" in client.get(policy).content.decode()
    here = officer("here", "county_officer", MENGZI)
    assert "去申请" not in here.client.get(policy).content.decode()
    owed = shown(firm.client, "owed-result", number=firm.firm.pk)
    assert f"/own-applications/begin/{firm.firm.pk}/" in owed


def test_the_home_tells_what_waits(firm):
    rows(firm, 1, ["guesthouse-award"])
    here = officer("here", "county_officer", MENGZI)
    assert "申请待办理" in here.client.get("/").content.decode()
    assert "我的申请" in firm.client.get("/").content.decode()
