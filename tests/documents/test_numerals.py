from hypothesis import given
from hypothesis import strategies as st

from huiqi.documents.numerals import han_number, number_to_han


def test_labels_read_as_they_print():
    assert [han_number(each) for each in ("一", "十", "十二", "二十", "二十五", "一百零三", "一百一十")] == [
        *(1, 10, 12, 20, 25, 103, 110)
    ]


def test_what_is_no_numeral_has_no_number():
    assert [han_number(each) for each in ("", "一二", "十十", "百", "二〇二二", "0")] == [None] * 6


@given(st.integers(1, 999))
def test_every_number_reads_back(number):
    assert han_number(number_to_han(number)) == number
