"""Three levels: what the county lost, and where."""

import pytest

from huiqi.documents.align.chain import align_chain

COUNTY = """澜河市南浦县支持中小微企业稳定发展工作方案

一、奖励首次升规。对首次升为规模以上的工业企业，县财政给予每户一次性奖励5万元，用于技术改造和市场开拓。（县工业和信息化局牵头，县财政局配合）

二、实行联络员制度。各部门要为重点中小企业选派服务联络员，每季度上门走访不少于1次，收集企业诉求并在5个工作日内答复。（县工业和信息化局负责）

2023年5月10日
"""


@pytest.fixture(scope="module")
def chain(outlines, written):
    return align_chain(
        [outlines("align-yunling-measures"), outlines("align-lanhe-rules"), written(COUNTY, "nanpu-plan")]
    )


def test_each_text_is_aligned_with_the_next(chain):
    pairs = {
        pair.superior.path: [each.path for each in pair.subordinate] for pair in chain.alignments[1].pairs
    }
    assert pairs["一/（一）"] == ["一"]
    assert pairs["三/（六）"] == ["二"]


def test_the_award_shrinks_on_the_way(chain):
    figures = [
        (each.superior.printed, each.subordinate.printed)
        for alignment in chain.alignments
        for pair in alignment.pairs
        for each in pair.differences
        if each.kind == "figure" and each.superior and each.subordinate
    ]
    assert figures == [("20万元", "10万元"), ("10万元", "5万元")]


def test_lost_clauses_say_where_they_were_lost(chain):
    lost = {each.clause.path: each.lost_at for each in chain.lost}
    assert lost["二/（六）"] == 1
    assert lost["一/（二）"] == 2
    assert "一/（一）" not in lost and "三/（七）" not in lost


def test_one_text_alone_is_no_chain(outlines):
    with pytest.raises(ValueError, match="two texts"):
        align_chain([outlines("align-yunling-measures")])
