"""The alignment as data, tables and page."""

import json
import re

import pytest
from python_calamine import CalamineWorkbook

from huiqi.documents.align import align
from huiqi.documents.align.as_json import as_json
from huiqi.documents.align.chain import Chain
from huiqi.documents.align.page import page, write_page
from huiqi.documents.align.workbook import write_workbook


def test_json_has_the_shape_that_checks_read(aligned):
    answer = json.loads(json.dumps(as_json(aligned), ensure_ascii=False))
    pair = next(each for each in answer["pairs"] if each["superior"]["path"] == "一/（一）")
    assert pair["superior"] == {"plan": None, "path": "一/（一）"}
    assert pair["subordinate"] == [{"plan": None, "path": "一/（一）"}]
    assert isinstance(pair["score"], int)
    first = pair["differences"][0]
    assert (first["kind"], first["superior"], first["subordinate"]) == ("figure", "20万元", "10万元")
    assert [each["path"] for each in answer["dropped"]] == ["二/（六）"]
    assert [each["path"] for each in answer["added"]] == ["三/（九）"]
    assert answer["demands"][0]["days_late"] == 16


def test_workbook_has_five_tables(aligned, tmp_path):
    file = tmp_path / "alignment.xlsx"
    write_workbook(Chain((aligned,), ()), file)
    book = CalamineWorkbook.from_path(str(file))
    assert book.sheet_names == ["条款对照", "不同之处", "下级没有", "下级增加", "方案"]
    rows = book.get_sheet_by_name("不同之处").to_python()
    assert ["一/（一）", "一/（一）", "数字", "弱化", "20万元", "10万元"] in [row[:6] for row in rows]
    assert [each.name for each in tmp_path.iterdir()] == ["alignment.xlsx"]


def test_page_stands_alone_marks_differences_and_filters_without_script(aligned, tmp_path):
    file = tmp_path / "alignment.html"
    write_page(aligned, file)
    text = file.read_text(encoding="utf-8")
    assert "<script" not in text and "http://" not in text and "https://" not in text
    assert '<mark class="figure weakened">20万元</mark>' in text
    assert '<mark class="figure weakened">10万元</mark>' in text
    for name in re.findall(r'<label for="only-(\w+)"', text):
        assert f'id="only-{name}"' in text
    assert "#only-figure:checked~main article:not(.figure){display:none}" in text


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "\u202e倒写", '" onclick="x'])
def test_page_escapes_what_a_text_prints(written, hostile):
    text = f"某市若干措施\n\n一、奖励{hostile}。对企业给予20万元奖励{hostile}。\n\n二、培训。组织企业培训。\n"
    shown = page(align(written(text, "hostile"), written(text.replace("20", "10"), "hostile-below")))
    assert "<script>alert" not in shown
    assert "\u202e" not in shown
    assert 'onclick="x' not in shown
