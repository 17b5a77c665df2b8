"""Clauses that a machine-translated copy prints in English."""

import pytest

from huiqi.documents.align import align
from huiqi.documents.align.glossary import chinese_terms, english_terms, terms
from huiqi.documents.align.neutral import is_english, with_chinese_offices

ABOVE = """Implementation Plan for Supporting Enterprises

二、工作措施

(1) Strengthen publicity. Use web portals and new media to publicize tax reduction policies, and organize lectures and training courses for small and micro enterprises. (The Provincial Tax Office is responsible)

(2) Reduce guarantee fees. Government financing guarantee institutions shall provide guarantees for transportation and catering enterprises, and the provincial finance will give subsidies of 50% of the fee reduction. (The Provincial Department of Finance is responsible)

(3) Strengthen logistics. Ensure that expressway toll stations stay open and freight vehicles pass. (The Provincial Department of Transportation is responsible)
"""
BELOW = """支持企业实施方案

二、工作措施

（一）强化宣传。利用门户网站、新媒体宣传减税政策，组织小微企业参加讲座和培训。（市税务局负责）

（二）降低担保费率。政府性融资担保机构为交通运输、餐饮企业提供担保，市财政按降费部分的30%给予补助。（市财政局负责）

（三）强化物流。确保高速公路收费站正常开放，货运车辆顺畅通行。（市交通运输局负责）
"""


@pytest.fixture(scope="module")
def alignment(written):
    return align(written(ABOVE, "translated"), written(BELOW, "chinese"))


def test_clauses_are_paired_by_terms_figures_and_order(alignment):
    pairs = {pair.superior.path: [each.path for each in pair.subordinate] for pair in alignment.pairs}
    assert pairs["二/（一）"] == ["二/（一）"]
    assert pairs["二/（二）"] == ["二/（二）"]
    assert pairs["二/（三）"] == ["二/（三）"]


def test_a_figure_differs_and_nothing_is_invented_from_the_translation(alignment):
    differences = {
        pair.superior.path: [
            (
                each.kind,
                each.superior and each.superior.printed,
                each.subordinate and each.subordinate.printed,
            )
            for each in pair.differences
        ]
        for pair in alignment.pairs
    }
    assert differences["二/（一）"] == []
    assert differences["二/（三）"] == []
    assert differences["二/（二）"] == [("figure", "50%", "30%")]


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Strengthen publicity services.", True),
        ("Provincial Department of Finance会同省地方金融监管局进一步细化补贴标准。", False),
        ("支持APEC中小企业技术展览会。", False),
        ("", False),
    ],
)
def test_offices_in_english_do_not_make_a_clause_english(text, english):
    assert is_english(text) is english


def test_offices_are_put_back_into_chinese():
    shown = with_chinese_offices("由Provincial Department of Finance、省商务厅负责")
    assert shown == "由省财政厅、省商务厅负责"


def test_glossary_terms_are_distinct_and_match_both_ways():
    english = [each for each, _ in terms()]
    assert len(set(english)) == len(english) > 200
    for number, (word, chinese) in enumerate(terms()):
        assert word == word.strip().casefold()
        assert chinese and all(chinese)
        assert number in english_terms(f"we will {word}s do")
        for each in chinese:
            assert number in chinese_terms(f"关于{each}")
