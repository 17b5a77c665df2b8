"""Laws of an alignment that hold for any text."""

import re

import pytest

from huiqi.documents.align import align

TEXTS = (
    "align-yunling-measures",
    "gold-lanchuan-measures",
    "gold-chengxi-detailed-rules",
    "linhai-work-plan",
    "nanpu-task-measures",
    "wanquan-opinion",
)


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_beside_itself_pairs_every_clause_with_itself_and_differs_in_nothing(outlines, name):
    alignment = align(outlines(name), outlines(name))
    assert [[each.path for each in pair.subordinate] for pair in alignment.pairs] == [
        [pair.superior.path] for pair in alignment.pairs
    ]
    assert alignment.dropped == () and alignment.added == ()
    assert [each for pair in alignment.pairs for each in pair.differences] == []


# In linhai-work-plan "3.2031年" is label and year in half width only: not the same text in full width.
@pytest.mark.parametrize("name", sorted({*TEXTS} - {"linhai-work-plan"}))
def test_full_width_digits_and_brackets_and_other_quotes_make_no_difference(outlines, written, name):
    text = outlines(name).document.source.text
    wide = text.translate(str.maketrans("0123456789%(),“”", '０１２３４５６７８９％（），""'))
    wide = re.sub("[—–]", "－", wide)
    alignment = align(outlines(name), written(wide, f"wide-{name}"))
    assert [each.path for each in alignment.dropped] == [each.path for each in alignment.added] == []
    assert [(each.kind, each.why) for pair in alignment.pairs for each in pair.differences] == []


def test_both_directions_find_the_same_pairs(outlines):
    above, below = outlines("align-yunling-measures"), outlines("align-lanhe-rules")
    down = {
        (pair.superior.path, each.path) for pair in align(above, below).pairs for each in pair.subordinate
    }
    up = {(each.path, pair.superior.path) for pair in align(below, above).pairs for each in pair.subordinate}
    assert down == up


def test_every_clause_is_paired_dropped_or_only_heads_others(aligned):
    paired = {pair.superior.path for pair in aligned.pairs}
    dropped = {each.path for each in aligned.dropped}
    assert paired & dropped == set()
    for plan in aligned.superior.plans:
        for clause in plan.clauses:
            assert clause.path in paired | dropped or clause.clause.children


def test_texts_that_have_nothing_in_common_are_not_forced_together(outlines, written):
    other = written(
        "关于公园绿地管理的规定\n\n一、花木养护。园林绿化单位要修剪枝叶、防治虫害。\n\n二、游客须知。不得攀折花木。\n",
        "parks",
    )
    alignment = align(outlines("align-yunling-measures"), other)
    solid = [pair for pair in alignment.pairs if alignment.above(pair.superior).kind != "heading"]
    assert solid == []
