"""Two versions of one text, and what hangs on the clauses that changed."""

import pytest

from huiqi.documents.align import align
from huiqi.documents.align.versions import amend, duties, hanging_below


@pytest.fixture(scope="module")
def amendment(outlines, written):
    before = outlines("align-yunling-measures")
    text = before.document.source.text.replace("每户一次性奖励20万元", "每户一次性奖励30万元")
    cut = text.index("　　（八）给予用电补贴")
    end = text.index("云岭省人民政府办公厅", cut)
    new = "　　（八）减免展位费。对参加重点展会的商贸企业减免展位费。（省商务厅负责）\n\n"
    return amend(before, written(text[:cut] + new + text[end:], "align-yunling-measures-2"))


def test_changed_repealed_and_new_clauses(amendment):
    assert [pair.superior.path for pair in amendment.changed] == ["一/（一）"]
    (difference,) = amendment.changed[0].differences
    assert (difference.superior.printed, difference.subordinate.printed) == ("20万元", "30万元")
    assert difference.change == "strengthened"
    assert [each.path for each in amendment.repealed] == ["三/（八）"]
    assert [each.path for each in amendment.new] == ["三/（八）"]


def test_duties_that_hang_on_what_changed(amendment):
    found = {duty.clause.path: [each.printed for each in duty.agencies] for duty in duties(amendment)}
    assert found == {
        "一/（一）": ["省工业和信息化厅", "省财政厅", "省统计局"],
        "三/（八）": ["省能源局", "省财政厅"],
    }


def test_lower_clauses_that_hang_on_what_changed(amendment, outlines):
    lower = align(outlines("align-yunling-measures"), outlines("align-lanhe-rules")).pairs
    found = {each.clause.path: [side.path for side in each.lower] for each in hanging_below(amendment, lower)}
    assert found == {"一/（一）": ["一/（一）"], "三/（八）": ["三/（八）"]}


def test_a_copy_in_other_widths_is_no_amendment(outlines, written):
    before = outlines("align-yunling-measures")
    wide = before.document.source.text.translate(str.maketrans("0123456789%", "０１２３４５６７８９％"))
    amendment = amend(before, written(wide, "align-yunling-measures-wide"))
    assert (amendment.changed, amendment.repealed, amendment.new) == ((), (), ())
