"""One text on its pages: clauses, sentences with measures, ledger, targets, files."""

import io
import json
import zipfile

import pytest
from django.urls import reverse
from offices import run_jobs
from python_calamine import CalamineWorkbook
from texts import CITY, newest

from huiqi.portal.catalogue.shelf import library
from huiqi.portal.documents.readings import forget

pytestmark = pytest.mark.django_db

KNOWN = """{title}
各市人民政府：
一、总体要求
坚持稳中求进。
二、工作措施
（一）降低成本。{words}。（省国资委牵头）
"""


def test_clauses_stand_with_offices_deadlines_and_figures(group):
    shown = group.page("document", number=group.holds().pk)
    assert "（一）设立纾困资金" in shown
    assert "<b>牵头</b> <span>市财政局" in shown or '<b>牵头</b> <span class="missing">市财政局' in shown
    assert "<b>时限</b> 2022-12-31" in shown
    assert "虚政办发〔2022〕12号" in shown


def test_every_sentence_has_a_class_and_what_is_not_encoded_is_said(group):
    text = group.holds()
    shown = group.page("document-coverage", number=text.pk)
    assert shown.count('class="pair') >= text.counts["sentences"] - 6
    assert shown.count("pair unencoded") == text.unencoded > 0
    narrowed = group.page("document-coverage", number=text.pk, query="?which=unencoded")
    assert narrowed.count('class="pair') == text.unencoded
    assert "没有这一类句子" in group.page("document-coverage", number=text.pk, query="?which=bound")


def test_sentences_of_a_known_text_lead_to_their_measures(group):
    source = next(
        source
        for each in library().measures
        for source in each.sources
        if source.document == "yunnan-2022-42-work-plan" and source.clause == "二/（一）"
    )
    title = library().documents[source.document].title
    text = group.holds(KNOWN.format(title=title, words=source.words), "copy.txt")
    assert text.counts["bound"] == 1
    shown = group.page("document-coverage", number=text.pk, query="?which=bound")
    assert shown.count('class="pair') == 1
    assert 'href="/policies/' in shown


def test_the_ledger_is_narrowed_to_an_office(group):
    text = group.holds()
    shown = group.page("document-ledger", number=text.pk, query="?office=国资委")
    assert "减免房屋租金" in shown
    assert "设立纾困资金" not in shown
    assert "没有写到这个单位" in group.page("document-ledger", number=text.pk, query="?office=海关")


def test_the_sheet_holds_what_the_screen_shows(group):
    text = group.holds()
    book = CalamineWorkbook.from_object(io.BytesIO(group.page("document-ledger-file", number=text.pk)))
    rows = book.get_sheet_by_name("任务分解表").to_python()
    assert len(rows) - 2 == text.counts["tasks"]
    assert any("市财政局" in str(row) for row in rows)


def test_a_cell_that_looks_like_a_formula_stays_text(group):
    text = group.holds(CITY.replace("市财政局牵头", "=HYPERLINK(1)牵头"), "formula.txt")
    sheets = zipfile.ZipFile(io.BytesIO(group.page("document-ledger-file", number=text.pk)))
    assert not any(b"<f>" in sheets.read(name) for name in sheets.namelist() if "worksheets" in name)


def test_targets_say_how_much_until_when(group):
    shown = group.page("document-targets", number=group.holds().pk)
    assert "300户以上" in shown
    assert "2022-12-31" in shown


def test_the_outline_is_given_as_data(group):
    made = json.loads(group.page("document-json", number=group.holds().pk))
    assert made["number"] == "虚政办发〔2022〕12号"
    assert {"title", "plans", "coverage", "issuer", "date"} <= made.keys()


def test_what_a_text_holds_is_shown_as_text(group):
    hostile = CITY.replace("设立纾困资金", "<script>alert(1)</script>设立纾困资金")
    text = group.holds(hostile, "hostile.txt")
    for name in ("document", "document-coverage", "document-ledger", "document-targets"):
        assert "<script>alert" not in group.page(name, number=text.pk)
    assert "<script>alert" not in group.page("documents", query="?q=alert")


def test_a_reading_that_was_deleted_is_made_anew(group):
    text = group.holds()
    forget(text.digest)
    assert "正在读取" in group.page("document", number=text.pk)
    run_jobs()
    assert "设立纾困资金" in group.page("document", number=text.pk)


def test_a_text_is_bound_anew_where_rules_changed(group, monkeypatch):
    text = group.holds()
    for module in ("readings", "taking_in", "text_pages"):
        monkeypatch.setattr(f"huiqi.portal.documents.{module}.rules_digest", lambda: "f" * 64)
    assert "政策库有更新" in group.page("document", number=text.pk)
    run_jobs()
    text.refresh_from_db()
    assert text.rules == "f" * 64
    assert "政策库有更新" not in group.page("document", number=text.pk)


def test_a_clause_is_found_on_whichever_page_it_stands(group, monkeypatch):
    monkeypatch.setattr("huiqi.portal.documents.text_pages.CLAUSES_A_PAGE", 2)
    text = group.holds()
    assert "畅通诉求渠道" not in group.page("document", number=text.pk)
    assert "畅通诉求渠道" in group.page("document", number=text.pk, query="?clause=二/（三）")


def test_pages_of_a_text_cost_few_queries(group, django_assert_max_num_queries):
    text = group.holds()
    for name in ("document", "document-coverage", "document-ledger", "document-targets"):
        group.page(name, number=text.pk)
        with django_assert_max_num_queries(12):
            group.page(name, number=text.pk)


def test_english_pages_say_so(group):
    text = group.holds()
    group.client.post(reverse("language"), {"language": "en"})
    shown = group.page("document-coverage", number=text.pk)
    assert "Benefit" in shown
    assert newest() == text
