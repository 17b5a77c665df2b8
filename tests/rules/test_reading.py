"""Keys of a mapping are read with findings, all of them in one run."""

import pytest

from huiqi.findings import Finding
from huiqi.rules.positions import Mapping, Position, Scalar, read_text
from huiqi.rules.reading import Reader

KEYS = ("name", "size", "good", "kind", "words", "parts", "inner")


def reading(text: str) -> tuple[Reader, list[Finding]]:
    findings: list[Finding] = []
    return Reader(read_text(text, "rule.yaml"), findings, KEYS, "thing"), findings


def codes(findings: list[Finding]) -> list[tuple[str, int, str]]:
    return [(each.code, each.line, each.cell) for each in findings]


def test_what_is_there_is_read():
    reader, findings = reading(
        "name: ' x '\nsize: 1_000\ngood: yes\nkind: b\nwords: [c, d]\nparts: [{a: 1}]\ninner: {a: 1}"
    )
    assert (reader.text("name"), reader.whole("size", 5), reader.truth("good")) == ("x", 1000, True)
    assert (reader.choice("kind", ["a", "b"]), reader.texts("words")) == ("b", ("c", "d"))
    assert [each.text("a") for each in reader.mappings("parts", ["a"], "part")] == ["1"]
    inner = reader.mapping("inner", ["a"], "inner thing")
    assert inner is not None
    assert inner.text("a") == "1"
    assert reader.pairs("inner") == {"a": "1"}
    assert findings == []


def test_what_is_absent_has_its_default_or_is_missed():
    reader, findings = reading("name: x")
    assert (reader.text("kind"), reader.whole("size", 5), reader.truth("good", True)) == ("", 5, True)
    assert (reader.texts("words"), reader.sequence("parts"), reader.mapping("inner", [], "i")) == (
        (),
        (),
        None,
    )
    assert findings == []
    reader.text("kind", required=True)
    reader.sequence("parts", required=True)
    reader.mapping("inner", [], "i", required=True)
    assert [each.code for each in findings] == ["missing-key"] * 3
    assert {each.mend for each in findings} == {"add `kind:`", "add `parts:`", "add `inner:`"}


@pytest.mark.parametrize(
    ("text", "read", "expected"),
    [
        ("a: 1\nsiez: 3", lambda r: None, [("unknown-key", 1, "a"), ("unknown-key", 2, "siez")]),
        ("name: [1]", lambda r: r.text("name"), [("not-a-text", 1, "name")]),
        ("name: ''", lambda r: r.text("name", True), [("empty-value", 1, "name")]),
        ("size: ten", lambda r: r.whole("size", 1), [("not-a-number", 1, "size")]),
        ("size: 1.5", lambda r: r.whole("size", 1), [("not-a-number", 1, "size")]),
        ("size: ٣", lambda r: r.whole("size", 1), [("not-a-number", 1, "size")]),
        ("good: 1", lambda r: r.truth("good"), [("not-yes-no", 1, "good")]),
        ("kind: c", lambda r: r.choice("kind", ["a", "b"]), [("unknown-word", 1, "kind")]),
        ("words: {a: 1}", lambda r: r.texts("words"), [("not-a-list", 1, "words")]),
        ("words: [[1]]", lambda r: r.texts("words"), [("not-a-text", 1, "words")]),
        ("words: [c]", lambda r: r.texts("words", allowed=["a"]), [("unknown-word", 1, "words")]),
        ("parts: [1]", lambda r: list(r.mappings("parts", [], "part")), [("not-a-mapping", 1, "")]),
        ("inner: 1", lambda r: r.mapping("inner", [], "i"), [("not-a-mapping", 1, "")]),
        ("inner: 1", lambda r: r.entries("inner"), [("not-a-mapping", 1, "inner")]),
        ("inner: {a: [1]}", lambda r: r.pairs("inner"), [("not-a-text", 1, "inner")]),
    ],
)
def test_what_is_wrong_is_found_at_its_key(text, read, expected):
    reader, findings = reading(text)
    read(reader)
    assert codes(findings) == expected


def test_a_single_value_counts_as_a_list_of_one_and_nothing_as_none():
    reader, findings = reading("words: c\nparts:\n")
    assert (reader.texts("words"), reader.sequence("parts"), findings) == (("c",), (), [])


def test_a_comma_that_cut_a_text_is_explained():
    _, findings = reading("inner: x\nname: 甲\n")
    assert findings == []
    findings = []
    node = read_text("{name: 甲，乙, 丙: }", "rule.yaml")
    Reader(node, findings, KEYS, "thing")
    assert [each.code for each in findings] == ["unquoted-comma"]
    assert "quotes" in findings[0].mend


def test_no_mapping_is_said_once_and_reads_as_empty():
    findings: list[Finding] = []
    reader = Reader(Scalar("x", read_text("x", "rule.yaml").at), findings, KEYS, "thing")
    assert (reader.usable, reader.text("name")) == (False, "")
    assert [each.code for each in findings] == ["not-a-mapping"]
    assert Reader(None, findings, KEYS, "thing").node == Mapping({}, Position("", 0, 0))
