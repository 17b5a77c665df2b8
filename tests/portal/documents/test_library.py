"""Texts taken in, refused, found, shared and removed."""

import io
import zipfile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from offices import run_jobs
from texts import CITY, PROVINCE, newest

from huiqi.documents.library import DocumentLibrary
from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import NotYours, Refused
from huiqi.portal.documents.models import HELD, OfficialText

pytestmark = pytest.mark.django_db


def texts():
    return OfficialText.objects.for_site("test")


def test_a_pasted_page_is_a_ledger_one_click_later(group):
    answer = group.paste(CITY)
    text = newest()
    assert answer.url == text.address()
    assert text.state == HELD
    assert (text.number, text.issuer, text.year) == ("虚政办发〔2022〕12号", "虚河市人民政府办公室", 2022)
    assert reverse("document-ledger", kwargs={"number": text.pk}) in group.page("document", number=text.pk)
    ledger = group.page("document-ledger", number=text.pk)
    assert "市财政局" in ledger
    assert "2022-12-31" in ledger
    assert group.page("document-ledger-file", number=text.pk)[:2] == b"PK"


def test_the_command_line_and_the_site_share_the_library(group):
    text = group.holds()
    books = DocumentLibrary(settings.DATA / "documents")
    assert [each.digest for each in books.entries()] == [text.digest]
    assert text.name == "虚河措施"


def test_a_text_added_on_the_command_line_is_shown(group, tmp_path):
    file = tmp_path / "shanxi.txt"
    file.write_text(CITY, encoding="gb18030")
    DocumentLibrary(settings.DATA / "documents").add(file)
    group.page("documents")
    run_jobs()
    assert "助企纾困若干措施" in group.page("documents")
    assert newest().source == "folder"


def test_texts_of_a_folder_are_shown_and_examples_only_where_there_is_nothing_else(
    group, tmp_path, monkeypatch
):
    examples, own = tmp_path / "examples", tmp_path / "own"
    for folder, text in ((examples, PROVINCE), (own, CITY)):
        folder.mkdir()
        (folder / "text.txt").write_text(text, encoding="utf-8")
    monkeypatch.setattr("huiqi.portal.documents.folders.shipped_examples", lambda: examples)
    group.page("documents")
    run_jobs()
    assert "虚构例文" in group.page("documents")
    monkeypatch.setenv("HUIQI_DOCUMENTS", str(own))
    group.page("documents")
    run_jobs()
    shown = group.page("documents")
    assert "虚河市" in shown
    assert "虚构例文" not in shown


def test_a_folder_is_looked_into_once_for_each_of_its_states(group, tmp_path, monkeypatch):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "no-text.txt").write_bytes(b" \n ")
    monkeypatch.setenv("HUIQI_DOCUMENTS", str(tmp_path / "own"))
    for _ in range(2):
        group.page("documents")
        run_jobs()
    assert [each.state for each in texts()] == ["unreadable"]
    assert "文件里没有文字" in group.page("documents")


def test_words_of_two_characters_are_found_and_marked(group):
    group.holds()
    group.holds(PROVINCE, "虚江.txt")
    found = group.page("documents", query="?q=租金 国有")
    assert found.count("<mark>租金</mark>") == 4
    assert found.count('<section class="hit-text">') == 2
    assert "?clause=%E4%B8%80/%EF%BC%88%E4%BA%8C%EF%BC%89#c-" in found
    assert "没有条款" in group.page("documents", query="?q=航天")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?issuer=虚江", {"省"}),
        ("?level=prefecture", {"市"}),
        ("?year=2022", {"市", "省"}),
        ("?year=2021", set()),
        ("?which=unencoded", {"市", "省"}),
        ("?q=租金&issuer=办公室", {"市"}),
    ],
)
def test_the_list_is_narrowed_by_issuer_level_and_year(group, query, shown):
    group.holds()
    group.holds(PROVINCE, "虚江.txt")
    texts().filter(issuer__contains="虚河").update(level="prefecture")
    page = group.page("documents", query=query)
    assert {
        each for each in ("市", "省") if f"{'虚河' if each == '市' else '虚江'}{each}人民政府" in page
    } == shown


@pytest.mark.parametrize(
    "query",
    ["?q=%00", "?level=moon", "?year=99999999999", "?q=" + "税" * 5000, "?page=-1", "?which=%F0%9F%98%80"],
)
def test_hostile_queries_are_answered(group, query):
    group.holds()
    assert group.client.get(reverse("documents") + query).status_code in (200, 400)
    number = newest().pk
    for name in ("document", "document-coverage", "document-ledger", "document-targets"):
        address = reverse(name, kwargs={"number": number})
        for more in (
            "?plan=99",
            "?plan=%00",
            "?page=x",
            "?which=%00",
            "?office=%00",
            "?clause=" + "一" * 3000,
        ):
            assert group.client.get(address + more).status_code == 200


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<w:p>" + b"0" * (100 << 20))
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("notice.exe", b"MZ", "不能读取这种文件"),
        ("notice.txt", b"   ", "文件里没有文字"),
        ("notice.pdf", CITY.encode(), "文件内容与扩展名不符"),
        ("notice.txt", b"%PDF-1.7\n", "文件内容与扩展名不符"),
        ("notice.docx", b"PK\x03\x04garbage", "文件已损坏"),
        ("notice.pdf", b"\x89PNG\r\n\x1a\n", "扫描件或图片"),
        ("../../../etc/notice.html", b"<html><body></body></html>", "文件里没有文字"),
    ],
)
def test_what_is_no_text_is_refused_beside_its_field(group, name, content, code):
    answer = group.add(content, name)
    assert answer.status_code == 422
    assert code in answer.content.decode()
    assert not texts().exists()
    assert not list(settings.DATA.glob("incoming-documents/*"))


def test_a_zip_bomb_is_refused_with_the_readers_finding(group):
    answer = group.add(bomb(), "notice.docx")
    assert answer.status_code == 422
    assert "可能有害" in answer.content.decode() or "文件过大" in answer.content.decode()
    assert not texts().exists()


def test_a_refusal_is_said_in_english_too(group):
    group.client.post(reverse("language"), {"language": "en"})
    said = group.add(b"%PDF-1.7\n", "notice.txt").content.decode()
    assert "it is named .txt and is PDF" in said


def test_a_file_too_large_is_dropped_while_it_comes_in(group, monkeypatch):
    monkeypatch.setattr("huiqi.portal.documents.pages.MOST_BYTES", 1000)
    answer = group.add("一、" + "多" * 2000)
    assert answer.status_code == 422
    assert "文件过大" in answer.content.decode()


def test_what_is_large_is_read_by_a_job_and_the_page_says_so(group, monkeypatch):
    monkeypatch.setattr("huiqi.portal.documents.pages.AT_ONCE_BYTES", 10)
    group.add()
    text = newest()
    assert text.state == "reading"
    assert "正在读取" in group.page("document", number=text.pk)
    assert "正在读取" in group.page("documents")
    run_jobs()
    assert "设立纾困资金" in group.page("document", number=text.pk)


def test_a_large_file_that_cannot_be_read_says_why(group, monkeypatch):
    monkeypatch.setattr("huiqi.portal.documents.pages.AT_ONCE_BYTES", 10)
    group.add(b"%PDF-1.7\n" + b"garbage" * 10, "notice.pdf")
    run_jobs()
    text = newest()
    assert text.state == "unreadable"
    assert text.refusal["code"] in group.page("document", number=text.pk)
    assert "读不了" in group.page("documents", query="?which=unreadable")


def test_the_job_may_be_run_again(group):
    text = group.holds()
    events = Event.objects.count()
    from huiqi.portal.documents.taking_in import take_in

    text.refresh_from_db()
    assert take_in(text, now=text.added_at, today=text.added_at.date()) is None
    assert Event.objects.count() == events


def test_the_same_file_twice_is_told(group):
    group.holds()
    answer = group.add(key="again")
    assert answer.status_code == 422
    assert "文件库已有这份文件" in answer.content.decode()


def test_two_texts_of_one_name_get_two_ids(group):
    group.holds()
    group.holds(PROVINCE, key="other")
    assert sorted(texts().values_list("name", flat=True)) == ["虚河措施", "虚河措施-2"]


def test_nobody_else_uses_a_ticket(group, county):
    from huiqi.portal.documents.incoming import keep

    ticket = keep("a.txt", [CITY.encode()], group.actor).ticket
    with pytest.raises(Refused):
        county.do("document.add", None, {"ticket": ticket, "shared": True})


def test_a_draft_is_seen_in_its_own_area_only(group, county, appointed):
    text = group.holds(shared=None)
    other = appointed("other", "leading_group", "530100")
    assert "虚河市" in group.page("documents")
    assert "虚河市" not in other.page("documents")
    other.page("document", number=text.pk, status=404)
    assert "没有条款" in other.page("documents", query="?q=租金")
    county.page("document", number=text.pk, status=404)
    group.do("document.share", text.pk, {"shared": True})
    assert "设立纾困资金" in other.page("document", number=text.pk)
    with pytest.raises(NotYours):
        other.do("document.remove", text.pk, {"reason": "not theirs"})


def test_a_firm_and_a_visitor_see_no_library(client, appointed, group):
    text = group.holds()
    assert client.get(reverse("documents")).status_code == 302
    member = appointed("admin", "administrator")
    member.page("documents", status=404)
    member.page("document", number=text.pk, status=404)


def test_who_may_not_add_finds_no_page_for_it(appointed):
    reviewer = appointed("reviewer", "reviewer")
    reviewer.page("document-add", status=404)
    given = {"file": SimpleUploadedFile("a.txt", CITY.encode()), "key": "k"}
    assert reviewer.client.post(reverse("document-add"), given).status_code == 404


def test_a_removed_text_leaves_library_and_search(group, django_capture_on_commit_callbacks):
    text = group.holds()
    with django_capture_on_commit_callbacks(execute=True):
        group.do("document.remove", text.pk, {"reason": "重复"})
    assert "文件库还是空的" in group.page("documents")
    group.page("document", number=text.pk, status=404)
    assert not DocumentLibrary(settings.DATA / "documents").entries()
    assert "没有条款" in group.page("documents", query="?q=租金")
    run_jobs()
    assert group.add(key="again").status_code == 302


def test_events_hold_no_words_of_a_text(group):
    group.holds()
    for event in Event.objects.all():
        assert "纾困" not in str(event.body)


@pytest.mark.parametrize("rows", [3, 30])
def test_a_list_costs_the_same_however_long_it_is(group, rows, django_assert_max_num_queries):
    group.page("documents")
    run_jobs()
    OfficialText.objects.bulk_create(
        OfficialText(
            digest=f"{number:064}",
            file_name=f"{number}.txt",
            title=f"通知{number}",
            state=HELD,
            region="532500",
            counts={"clauses": 1, "tasks": 1, "benefits": 0},
            added_at=group.user.date_joined,
        )
        for number in range(rows)
    )
    group.page("documents")
    with django_assert_max_num_queries(16):
        group.page("documents")
