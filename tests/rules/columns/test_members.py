"""Which rows hold one of some words: by ranges of codes or by a table, with words too coarse to tell."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.rules.columns.frame import Codes, Words
from huiqi.rules.columns.members import Members, code_set

WORDS = ("C13", "C14", "C15", "F51", "F52", "G", "H61", "H62")


def column(codes: list[int], words: Words | None = None, width: type = np.int8) -> Codes:
    made = np.array(codes, dtype=width)
    known = made >= 0
    return Codes(made, words or Words(WORDS), None if known.all() else known)


def test_rows_hold_a_word_that_is_meant_or_not():
    food = Members({"C13", "C14"}.__contains__)
    assert food.of(column([0, 1, 2, 7, 0])).tolist() == [True, True, False, False, True]


def test_an_unknown_word_is_neither_meant_nor_not():
    food = Members({"C13"}.__contains__).truth(column([0, 3, -1]))
    assert food.yes.tolist() == [True, False, False]
    assert food.surely_no.tolist() == [False, True, False]
    assert food.unknown is not None
    assert food.unknown.tolist() == [False, False, True]


def test_where_every_word_is_known_nothing_is_left_open():
    assert Members({"C13"}.__contains__).truth(column([0, 3])).no is None


def test_a_word_too_coarse_to_tell_leaves_its_rows_open():
    """G is a section of which only some divisions are meant."""
    answers = {"G": None, "H61": True, "H62": True}
    found = Members(lambda word: answers.get(word, False)).truth(column([5, 6, 0, -1]))
    assert found.yes.tolist() == [False, True, False, False]
    assert found.surely_no.tolist() == [False, False, True, False]


def test_words_are_asked_once_for_all_blocks_that_share_them():
    asked = []

    def answer(word: str) -> bool:
        asked.append(word)
        return word == "G"

    members, words = Members(answer), Words(WORDS)
    for _ in range(3):
        assert members.of(column([5, 4], words)).tolist() == [True, False]
    assert asked == list(WORDS)


def test_other_words_are_asked_anew_and_many_sets_of_words_do_not_pile_up():
    members = Members("G".__eq__)
    for number in range(600):
        words = Words((*WORDS[: number % 3], "G"))
        last = len(words.words) - 1
        assert members.of(column([last, 0 if last else -1], words)).tolist() == [True, False]
    assert len(members._planes) <= 256


@pytest.mark.parametrize("is_first", [True, False])
def test_a_set_that_ends_at_either_end_of_the_words_leaves_unknown_rows_out(is_first):
    members = [place < 2 if is_first else place >= 2 for place in range(4)]
    found = code_set(members).of(np.array([-1, 0, 1, 2, 3], dtype=np.int8))
    assert found.tolist() == [False, *members]


def test_a_set_with_unknown_holds_the_rows_without_a_word():
    found = code_set([False, True, False], with_unknown=True).of(np.array([-1, 0, 1, 2], dtype=np.int8))
    assert found.tolist() == [True, False, True, False]


def test_a_set_of_no_words_holds_no_row():
    assert code_set([False, False]).of(np.array([0, 1, -1], dtype=np.int8)).tolist() == [False] * 3


@given(
    st.lists(st.booleans(), max_size=40),
    st.booleans(),
    st.sampled_from([np.int8, np.int16, np.int32]),
    st.data(),
)
def test_ranges_and_tables_tell_the_same_as_the_words_themselves(members, with_unknown, width, data):
    codes = data.draw(st.lists(st.integers(-1, len(members) - 1), max_size=30))
    found = code_set(members, with_unknown).of(np.array(codes, dtype=width))
    assert found.tolist() == [members[code] if code >= 0 else with_unknown for code in codes]
