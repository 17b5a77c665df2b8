"""What a sentence's place or shape decides: headings, rows of tables, attributions."""

import pytest

from huiqi.documents.model import Clause
from huiqi.documents.sentences.structure import clause_parts, is_attribution


def parts(text, heading="", body_start=0):
    clause = Clause("一", "一、", heading, text, 0, len(text), body_start=body_start)
    return [(part.form, text[part.start : part.end]) for part in clause_parts(clause)]


def test_a_heading_stands_apart_with_its_mark():
    assert parts("减免房租。免收三个月租金。", "减免房租", 5) == [
        ("heading", "减免房租。"),
        ("text", "免收三个月租金。"),
    ]


def test_a_word_before_a_colon_stays_in_its_sentence():
    assert parts("总体目标：新增企业30户。", "总体目标", 5) == [("text", "总体目标：新增企业30户。")]


def test_an_attribution_leaves_the_sentence_it_stands_behind():
    assert parts("免收三个月租金（市国资委牵头；市财政局配合）。") == [
        ("text", "免收三个月租金"),
        ("attribution", "（市国资委牵头；市财政局配合）。"),
    ]


def test_rows_are_one_part_each():
    assert parts("标准如下：\n小型\t5万元。另加\t1万元\n微型\t2万元") == [
        ("text", "标准如下："),
        ("table", "小型\t5万元。另加\t1万元"),
        ("table", "微型\t2万元"),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "（责任单位：市财政局、市工信局）",
        "(市财政局牵头；各县区人民政府按职责分工负责，完成时限：2031年6月底前)",
        "（市财政局、市工信局）",
        "责任单位：市财政局、市工信局等部门。",
        "完成时限：2031年6月底前",
        "牵头部门：县发展改革局",
        "以上措施第一个单位为牵头单位。",
        "由市财政局牵头，市工信局、市商务局配合。",
    ],
)
def test_who_does_it_and_nothing_else_is_an_attribution(words):
    assert is_attribution(words)


@pytest.mark.parametrize(
    "words",
    [
        "（以下简称专项资金）",
        "（含个体工商户）",
        "由县财政局安排资金，对企业给予补贴。",
        "市工信局要会同市财政局制定细则。",
        "各部门要加强领导，压实责任，密切配合。",
    ],
)
def test_what_says_more_is_none(words):
    assert not is_attribution(words)
