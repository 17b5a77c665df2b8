"""The outline of a text: offices, deadlines, figures, classes, the ledger that an office works with."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from huiqi.documents import read_document
from huiqi.documents.outline import outline
from huiqi.documents.outline.as_json import as_json, exact
from huiqi.documents.outline.ledger import targets, tasks
from huiqi.documents.outline.ledger_workbook import write_ledger

TEXT = """虚河市人民政府办公室关于印发虚河市助企纾困若干措施的通知
虚政办发〔2022〕12号
各县（市、区）人民政府，市直各部门：
为帮助中小微企业纾困解难，制定本措施。
一、加大资金支持
（一）设立纾困资金。市级财政安排2000万元，对困难企业流动资金贷款给予50%贴息，单户最高不超过20万元。2022年12月底前新增首贷户300户以上。（市财政局牵头，市金融办、市工信局等有关单位配合）
（二）加强银企对接。每季度组织一次银企对接会，9月30日前报送工作总结。
责任单位：市金融办、=市妖怪局
二、做好宣传
通过报纸、电视宣传政策。（市委宣传部负责）
虚河市人民政府办公室
2022年6月1日
"""


@pytest.fixture
def read(tmp_path: Path):
    file = tmp_path / "xuhe.txt"
    file.write_text(TEXT, encoding="utf-8")
    return outline(read_document(file))


def clause(read, path):
    return next(each for each in read.clauses() if each.path == path)


def test_a_clause_says_who_does_what_by_when_and_how_much(read):
    fund = clause(read, "一/（一）")
    assert [(each.printed, each.role) for each in fund.agencies] == [
        ("市财政局", "lead"),
        ("市金融办", "with"),
        ("市工信局", "with"),
    ]
    assert fund.and_others
    assert [each.date for each in fund.deadlines] == [date(2022, 12, 31)]
    assert (Fraction(20_000_000), "元") in [(each.value, each.unit) for each in fund.quantities]
    assert fund.kind == "benefit"


def test_what_the_registry_does_not_know_is_said(read):
    agencies = clause(read, "一/（二）").agencies
    assert agencies[0].printed == "市金融办"
    assert any(each.agency is None for each in agencies)


def test_the_json_has_the_shape_of_the_contract(read):
    answer = as_json(read)
    assert {"title", "number", "issuer", "date", "plans", "coverage"} <= answer.keys()
    assert (answer["number"], answer["date"]) == ("虚政办发〔2022〕12号", "2022-06-01")
    fund = next(each for each in answer["plans"][0]["clauses"] if each["path"] == "一/（一）")
    assert {"path", "heading", "text", "class", "agencies", "and_others", "implied_agencies"} <= fund.keys()
    assert fund["deadlines"][0].keys() >= {"printed", "date", "rhythm", "flag"}
    assert fund["quantities"][0].keys() >= {"printed", "value", "unit", "direction", "of", "until"}
    classed = sum(answer["coverage"]["by_class"].values())
    sentences = [each for plan in answer["plans"] for one in plan["clauses"] for each in one["sentences"]]
    letter = answer["letter"]["sentences"] if answer["letter"] else []
    assert classed == answer["coverage"]["sentences"] == len(sentences) + len(letter)


def test_offsets_lead_to_the_printed_words(read):
    text = read.document.source.text
    for each in read.clauses():
        for sentence in each.sentences:
            start, end = each.clause.source_span(sentence.start, sentence.end)
            words = each.clause.text[sentence.start : sentence.end]
            assert text[start] == words[0]
            assert text[end - 1] == words[-1]


def test_the_ledger_has_a_row_for_each_task_with_its_offices(read):
    rows = {each.path: each for each in tasks(read)}
    assert rows["一/（一）"].lead == ("市财政局",)
    assert rows["一/（一）"].with_others == ("市金融办", "市工信局", "等有关单位")
    assert "2022-12-31" in rows["一/（一）"].deadlines
    assert "牵头" not in rows["一/（一）"].body
    assert "每季度" in "".join(rows["一/（二）"].deadlines)
    assert rows["二"].lead == ("市委宣传部",)


def test_the_workbook_is_in_the_form_of_offices_and_no_cell_is_a_formula(read, tmp_path):
    file = tmp_path / "ledger.xlsx"
    count = write_ledger(read, file)
    book = CalamineWorkbook.from_path(str(file))
    rows = book.get_sheet_by_name("任务分解表").to_python()
    assert rows[1] == ["序号", "任务", "具体内容", "牵头单位", "配合单位", "完成时限", "量化目标", "条款"]
    assert len(rows) == count + 2
    assert any("=市妖怪局" in str(cell) for row in rows for cell in row)
    assert not list(tmp_path.glob("*.unfinished"))
    doubts = book.get_sheet_by_name("需核对").to_python()
    assert any("未登记的单位" in str(row[1]) for row in doubts)


def test_targets_are_figures_of_aims(read):
    assert all(each.kind == "target" for each in targets(read))


@given(st.fractions(max_denominator=10_000))
def test_a_figure_as_text_loses_nothing(value):
    assert Fraction(exact(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(7, 20), "0.35"),
        (Fraction(1_200_000), "1200000"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-1, 8), "-0.125"),
    ],
)
def test_figures_are_decimals_where_they_end(value, text):
    assert exact(value) == text
