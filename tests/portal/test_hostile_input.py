"""What nobody should send: forged numbers, endless and unprintable text, lying files, forms from elsewhere."""

import io
import logging
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from offices import roster_of
from permitted_outcomes import trial
from permitted_samples import PAGES
from permitted_world import ELSEWHERE, OWN

from huiqi.portal.acts.models import Event
from huiqi.portal.acts.registry import acts
from huiqi.portal.documents.models import OfficialText
from huiqi.portal.firms.models import Roster
from huiqi.portal.lists.models import Batch
from huiqi.portal.look.registry import PUBLIC, pages

pytestmark = pytest.mark.django_db
NUMBERED = sorted(name for name, page in pages().items() if "<int:number>" in page.address)
FORGED = (0, 2**31, 2**63 - 1, 2**63, 10**30)
SCRIPT = "<script>alert(7)</script>"
HOSTILE = (
    *("\0", "x" * 10_000, SCRIPT, "'; DROP TABLE firms; --", "-1", "9" * 40, "1e999", "２０２２"),
    *(
        "../../etc/passwd",
        "{{ 7*7 }}",
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        "2022-02-30",
    ),
)
NAMES = (
    *("q", "page", "region", "state", "on", "since", "until", "act", "person", "kind", "subject", "section"),
    *(
        "size",
        "verdict",
        "fact",
        "change",
        "county",
        "next",
        "key",
        "seen",
        "doubtful",
        "delivery",
        "document",
    ),
    *("measures", "answer", "place", "move", "which", "purpose", "name", "user_name", "agency", "role"),
    *(
        "begins",
        "ends",
        "firm",
        "firms",
        "kept",
        "industry",
        "language",
        "username",
        "password",
        "code",
        "old",
    ),
)
"""What forms and addresses of the site are asked for, together."""
OFFICER = f"county_officer@{OWN}"


def whoever_opens(world, name):
    """Somebody of the county who may open a page."""
    if pages()[name].opens == PUBLIC:
        return world.people[OFFICER]
    for each in world.people.values():
        if each.place != ELSEWHERE and each.actor.may_see(pages()[name].opens):
            return each
    raise AssertionError(name)


def where(world, name):
    return PAGES[name](world) if name in PAGES else {}


@pytest.mark.parametrize("name", NUMBERED)
def test_a_number_of_nothing_is_not_found(world, name):
    one = whoever_opens(world, name)
    for number in FORGED:
        address = reverse(name, kwargs={**where(world, name), "number": number})
        for method in pages()[name].methods:
            send = one.client.get if method == "GET" else one.client.post
            answer = trial(lambda send=send, at=address: send(at), one.client)
            assert answer.status_code == 404, (method, address)


@pytest.mark.parametrize("name", sorted(name for name, page in pages().items() if "GET" in page.methods))
def test_no_query_breaks_a_page(world, name):
    one = whoever_opens(world, name)
    address = reverse(name, kwargs=where(world, name))
    for text in HOSTILE:
        answer = trial(lambda text=text: one.client.get(address, dict.fromkeys(NAMES, text)), one.client)
        assert answer.status_code < 500, text[:40]
        if not answer.streaming:
            assert SCRIPT not in answer.content.decode("utf-8", "replace"), text[:40]


@pytest.mark.parametrize("name", sorted(name for name, page in pages().items() if "POST" in page.methods))
def test_no_form_breaks_a_page_or_does_anything(world, name):
    one = whoever_opens(world, name)
    address = reverse(name, kwargs=where(world, name))
    for text in HOSTILE:
        answer = trial(lambda text=text: one.client.post(address, dict.fromkeys(NAMES, text)), one.client)
        assert answer.status_code < 500, text[:40]
        if not answer.streaming:
            assert SCRIPT not in answer.content.decode("utf-8", "replace"), text[:40]


@pytest.mark.parametrize("act", sorted(acts()))
def test_the_page_of_an_act_takes_no_hostile_value(world, act):
    holder = next((each for each in world.people.values() if each.actor.allowed(act)), world.people[OFFICER])
    before = Event.objects.count()
    for subject in ("-", "1", "\0", "9" * 39, "%2e%2e"):
        for text in ("\0", "x" * 10_000, SCRIPT):
            values = {**dict.fromkeys(acts()[act].takes.model_fields, text), "key": "hostile"}
            address = reverse("act", kwargs={"name": act, "subject": subject})
            if not values.keys() - {"key"}:
                continue
            answer = trial(lambda at=address, v=values: holder.client.post(at, v), holder.client)
            assert answer.status_code < 500, (subject, text[:20])
            assert SCRIPT not in answer.content.decode()
    assert Event.objects.count() == before


@pytest.mark.parametrize("name", sorted(name for name, page in pages().items() if "POST" in page.methods))
def test_a_form_of_another_site_is_refused(world, name):
    one = whoever_opens(world, name)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies.update(one.client.cookies)
    answer = trial(lambda: strict.post(reverse(name, kwargs=where(world, name)), {"key": "k"}))
    assert answer.status_code == 403, name


def zip_of(name, content):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
    return held.getvalue()


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
LYING = (
    ("picture.xlsx", PNG),
    ("program.csv", b"\x7fELF" + b"\0" * 200),
    ("archive.xlsx", zip_of("readme.txt", "no workbook")),
    ("bomb.xlsx", zip_of("xl/worksheets/sheet1.xml", b"\0" * 50_000_000)),
    ("old.xls", PNG),
    ("page.exe", b"MZ" + b"\0" * 64),
    ("text.docx", roster_of("#1,x,532503,1")),
    ("paper.pdf", b"MZ" + b"\0" * 64),
    ("nothing.pdf", b""),
    ("archive.docx", zip_of("readme.txt", "no document")),
    ("../../../etc/cron.d/x.png", PNG),
)


@pytest.mark.parametrize(("name", "content"), LYING, ids=[name for name, _ in LYING])
@pytest.mark.parametrize("page", ["roster-hand-in", "document-add", "list-import"])
def test_a_file_that_lies_about_its_kind_is_refused_and_not_kept(world, settings, page, name, content):
    one = world.people[OFFICER]
    files_before = {each for each in settings.DATA.rglob("*") if each.is_file()}
    rows_before = counted()
    given = {
        "file": SimpleUploadedFile(name, content),
        "source": "tax",
        "dated": "2022-06-30",
        "begins": "2022-07-01",
        "basis": "文号",
        "key": "lying",
    }
    answer = one.client.post(reverse(page, kwargs=where(world, page)), given)
    assert 400 <= answer.status_code < 500, answer.headers.get("Location")
    assert counted() == rows_before
    assert {each for each in settings.DATA.rglob("*") if each.is_file()} == files_before


def counted():
    return [each.objects.for_site("test").count() for each in (Roster, OfficialText, Batch)]


def test_a_name_of_a_file_is_shown_and_never_used(world, settings):
    one = world.people[OFFICER]
    given = {
        "file": SimpleUploadedFile(f"../..\\{SCRIPT}.csv", roster_of("#8,某店,532503,1")),
        "source": "tax",
        "dated": "2022-06-30",
        "key": "name of a file",
    }
    answer = one.client.post(reverse("roster-hand-in"), given, follow=True)
    assert answer.status_code == 200
    assert SCRIPT not in answer.content.decode()
    assert not [each for each in settings.DATA.rglob("*") if "script" in each.name]


def test_whoever_tries_anothers_rows_is_logged_and_told_nothing(world, caplog):
    stranger = world.people[f"county_officer@{ELSEWHERE}"]
    with caplog.at_level(logging.WARNING, "huiqi.refused"):
        stranger.client.get(reverse("firm", kwargs={"number": world.key("firm")}))
        stranger.program.get(f"firms/{world.key('firm')}")
    said = [each.getMessage() for each in caplog.records if each.name == "huiqi.refused"]
    number = stranger.user.pk
    assert said == [
        f"404 GET /firms/{world.key('firm')}/ by user:{number}",
        f"404 GET /api/firms/{world.key('firm')} by user:{number}",
    ]


def test_a_failed_sign_in_is_logged_without_what_was_typed(world, caplog):
    with caplog.at_level(logging.WARNING, "huiqi.refused"):
        Client().post(reverse("sign-in"), {"username": "the-officer", "password": "the-password"})
        Client().get("/api/firms", headers={"authorization": "Bearer the-token"})
    said = [each.getMessage() for each in caplog.records if each.name == "huiqi.refused"]
    assert said == ["403 POST /sign-in/ by visitor", "401 GET /api/firms by visitor"]
    assert "the-" not in caplog.text


def test_the_secret_of_a_link_is_not_logged(world, caplog):
    with caplog.at_level(logging.WARNING, "huiqi.refused"):
        answer = world.people[OFFICER].client.get("/entry/a-secret-that-was-used/")
    assert answer.status_code == 404
    assert "a-secret" not in "".join(
        each.getMessage() for each in caplog.records if each.name == "huiqi.refused"
    )
