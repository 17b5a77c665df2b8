"""The library: texts added once, found by words of two characters, kept when the index is lost."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.documents.errors import DocumentError, UnknownDocument
from huiqi.documents.library import DocumentLibrary, default_folder, search
from huiqi.documents.library.store import INDEX
from huiqi.reference.bigrams import bigrams, phrases

TEXT = """虚河市助企纾困若干措施
一、加大资金支持
（一）设立纾困资金。对困难企业给予贷款贴息，贴息率５０％。（市财政局牵头）
（二）减免房租。对承租国有房屋的小微企业免收3个月租金。（市国资委负责）
"""
OTHER = """东岭县稳岗实施方案
一、社保补贴
（一）缓缴社保。困难企业可缓缴养老保险费。（县人社局负责）
"""


@pytest.fixture
def library(tmp_path: Path) -> DocumentLibrary:
    return DocumentLibrary(tmp_path / "library")


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "虚河 措施.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


@pytest.fixture
def other(tmp_path: Path) -> Path:
    file = tmp_path / "dongling.txt"
    file.write_text(OTHER, encoding="gb18030")
    return file


def test_an_empty_library_holds_and_finds_nothing(library):
    assert library.entries() == ()
    assert search(library, "纾困") == ()
    with pytest.raises(UnknownDocument, match="nothing yet"):
        library.entry("any")


def test_a_text_is_added_once_under_its_stem(library, text):
    entry = library.add(text)
    assert (entry.id, entry.title) == ("虚河-措施", "虚河市助企纾困若干措施")
    assert library.add(text) == entry
    assert library.entries() == (entry,)
    assert library.document(entry.id).digest == entry.digest


def test_another_text_under_the_same_id_is_refused_and_changes_nothing(library, text, other):
    entry = library.add(text)
    with pytest.raises(DocumentError) as refused:
        library.add(other, name="虚河 措施")
    assert refused.value.code == "document-taken"
    assert library.entries() == (entry,)


def test_what_cannot_be_read_leaves_nothing_behind(library, tmp_path):
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"\x00\x01\x02" * 1000)
    with pytest.raises(DocumentError):
        library.add(bad)
    assert library.entries() == ()


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        ("纾困", ["一/（一）"]),
        ("贴息", ["一/（一）"]),
        ("50%", ["一/（一）"]),
        ("房租 小微", ["一/（二）"]),
        ("租", ["一/（二）"]),
        ("困难企业", ["一/（一）", "一/（一）"]),
        ("困业", []),
        ("", []),
        ('"* OR ^', []),
    ],
)
def test_words_of_two_characters_are_found(library, text, other, query, paths):
    library.add(text)
    library.add(other)
    found = [hit.path for hit in search(library, query)]
    assert [path for path in found if path] == paths


def test_hits_are_marked_whatever_their_width(library, text):
    library.add(text)
    (hit,) = search(library, "贴息率50")
    assert [hit.excerpt[start:end] for start, end in hit.marks] == ["贴息率", "５０"] or [
        hit.excerpt[start:end] for start, end in hit.marks
    ] == ["贴息率５０"]


def test_a_removed_text_is_found_no_more(library, text, other):
    library.add(text)
    library.add(other)
    library.remove("dongling")
    assert search(library, "缓缴") == ()
    assert len(search(library, "纾困")) == 2
    assert not (library.folder / "dongling.txt").exists()


def test_a_lost_index_is_made_anew_from_the_files(library, text):
    entry = library.add(text)
    (library.folder / INDEX).unlink()
    assert library.entries() == (entry,)
    assert len(search(library, "贴息")) == 1


@given(st.text(max_size=80), st.integers(0, 79), st.integers(1, 20))
def test_a_part_of_a_text_is_found_by_its_terms(text, start, length):
    part = text[start : start + length]
    held = set(bigrams(text).split())
    assert all(
        term in held or len(term) == 1 or term.isascii() for phrase in phrases(part) for term in phrase
    )


def test_only_the_texts_named_are_looked_into(library, text, other):
    library.add(text, "xuhe")
    library.add(other, "dongling")
    assert {hit.document for hit in search(library, "困难企业")} == {"xuhe", "dongling"}
    assert {hit.document for hit in search(library, "困难企业", within=["dongling"])} == {"dongling"}
    assert search(library, "困难企业", within=[]) == ()


def test_the_library_lies_with_the_sites_data_where_there_is_a_site(monkeypatch, tmp_path):
    monkeypatch.delenv("HUIQI_LIBRARY", raising=False)
    monkeypatch.setenv("HUIQI_DATA", str(tmp_path))
    assert default_folder() == tmp_path / "documents"
