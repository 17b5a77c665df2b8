import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.documents import normalise
from huiqi.documents.comparison import count_words

COPIES = [
    ("《办法》", "«办法»"),
    ("“绿通”", '"绿通"'),
    ("〔2031〕7号", "【2031】7号"),
    ("不高于５％的利率", "不高于5%的利率"),
    ("６％－１０％", "6%—10%"),
    ("按月\n\n报　送", "按月报送"),
    ("到账。", "到账."),
    ("（一）（含）", "(一)(含)"),
    ("\ufeff零\u200b费率", "零费率"),
]


@pytest.mark.parametrize(("one", "other"), COPIES)
def test_copies_of_the_same_words_compare_equal(one, other):
    assert normalise(one) == normalise(other)


def test_different_figures_stay_different():
    assert normalise("减免3个月") != normalise("减免6个月")


@given(st.text())
def test_the_comparison_form_is_stable(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(), st.sampled_from(" \n\t　\u200b\r\f"), st.integers(0, 50))
def test_white_space_never_matters(text, space, at):
    # An accent cut off its letter by a space is joined again, so compare what the form makes of both.
    broken = text[:at] + space + text[at:]
    assert normalise(broken) == normalise(text)


def test_a_figure_is_not_found_inside_a_longer_one():
    assert count_words("5%", "按15%、1.5%和25%给予补贴") == 0
    assert count_words("5%", "按不高于５％、5%给予补贴") == 2
    assert count_words("补贴12", "补贴120元") == 0


def test_a_figure_behind_a_full_stop_is_found():
    assert count_words("2031年", "到账.２０３１年起") == 1


def test_empty_words_are_refused():
    with pytest.raises(ValueError, match="empty"):
        count_words(" 　", "文字")
