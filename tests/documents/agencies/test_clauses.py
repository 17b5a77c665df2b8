"""All clauses of a document: unit lines below the last child speak of the clause above."""

import pytest

from huiqi.documents import read_document
from huiqi.documents.agencies import Declared, Place, document_agencies, place_of


def notice(tmp_path, body, title="大同市帮扶企业方案"):
    file = tmp_path / "notice.txt"
    file.write_text(f"{title}\n\n{body}", encoding="utf-8")
    return read_document(file)


def test_unit_lines_behind_the_last_child_belong_to_the_parent(tmp_path):
    document = notice(
        tmp_path,
        "一、设资金\n（一）报材料。\n（二）拨款项。\n责任单位：市财政局\n\n"
        "二、办服务\n（一）减租。\n责任单位：市国资委\n（二）减税。\n责任单位：市税务局\n",
    )
    found = document_agencies(document, Place.of("1402"), Declared())
    assert {path: found[path].reading.mentions[0].printed for path in found} == {
        "一": "市财政局",
        "二/（一）": "市国资委",
        "二/（二）": "市税务局",
    }
    assert found["一"].at == "一/（二）"


def test_a_bracket_stays_with_its_child(tmp_path):
    document = notice(tmp_path, "一、设资金\n（一）报材料。\n（二）拨款项。（市财政局负责）\n")
    assert list(document_agencies(document, Place.of("1402"), Declared())) == ["一/（二）"]


@pytest.mark.parametrize(
    ("title", "body", "region"),
    [
        ("大同市帮扶企业方案", "一、办事。\n", "140200"),
        ("红河州帮扶企业方案", "一、办事。\n", "532500"),
        (
            "关于帮扶企业的方案",
            "一、结合我市实际办事。（责任单位：人行大同中心支行、大同银保监分局）\n",
            "140200",
        ),
        ("关于帮扶企业的方案", "一、全省办事。依托云南省平台。\n", "530000"),
        ("关于帮扶企业的方案", "一、办事。\n", None),
    ],
)
def test_whose_text_it_is(tmp_path, title, body, region):
    assert place_of(notice(tmp_path, body, title)).region == region


def test_a_text_of_the_centre(tmp_path):
    place = place_of(notice(tmp_path, "一、办事。\n", "国务院办公厅关于帮扶企业的意见"))
    assert place.level == "nation"
