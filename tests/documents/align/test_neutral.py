"""Words of two levels that mean the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.documents.align.neutral import neutral
from huiqi.reference.agencies import Place

PROVINCE, PREFECTURE, NOWHERE = Place.of("53"), Place.of("5325"), Place()


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("省级财政安排专项资金", "州级财政安排专项资金"),
        ("全省中小微企业", "全州中小微企业"),
        ("结合我省实际", "结合我州实际"),
        ("各州（市）人民政府", "各县（市、区）人民政府"),
        ("省财政厅会同省商务厅", "州财政局会同州商务局"),
        ("省委省政府工作要求", "州委州政府工作要求"),
        ("云南省“专精特新”中小企业1,000户", "红河州「专精特新」中小企业１，０００户"),
        ("由Provincial Department of Finance负责", "由州财政局负责"),
    ],
)
def test_levels_are_made_equal(above, below):
    assert neutral(above, PROVINCE) == neutral(below, PREFECTURE)


def test_what_differs_in_substance_stays_different():
    assert neutral("奖励20万元", PROVINCE) != neutral("奖励15万元", PREFECTURE)
    assert neutral("省财政厅", PROVINCE) != neutral("州商务局", PREFECTURE)


@given(st.text(alphabet="省州市县各级全我、（）厅局委办公室财政商务0１“”—", max_size=40))
def test_the_form_does_not_depend_on_widths(text):
    wide = text.translate(str.maketrans("0（）", "０()"))
    assert neutral(text, NOWHERE) == neutral(wide, NOWHERE)
