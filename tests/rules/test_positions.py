"""Files are read as text with places; hostile ones get one line with a code, in bounded time."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiqi.findings import BadInput
from huiqi.rules.positions import Mapping, Scalar, Sequence, read_file, read_text


def refused(text: str) -> tuple[str, int]:
    with pytest.raises(BadInput) as error:
        read_text(text, "case.yaml")
    (finding,) = error.value.findings
    assert "\n" not in str(finding)
    assert finding.file == "case.yaml"
    return finding.code, finding.line


def test_every_scalar_stays_the_text_that_was_written():
    node = read_text("code: 0111\nanswer: no\nquoted: '2021'\nempty:\nlist: [1e3, ~]\n", "case.yaml")
    assert isinstance(node, Mapping)
    texts = {name: each.text for name, each in node.entries.items() if isinstance(each, Scalar)}
    assert texts == {"code": "0111", "answer": "no", "quoted": "2021", "empty": ""}
    assert isinstance(quoted := node.get("quoted"), Scalar)
    assert quoted.quoted
    assert isinstance(items := node.get("list"), Sequence)
    assert [each.text for each in items.items if isinstance(each, Scalar)] == ["1e3", "~"]


def test_places_count_from_one():
    node = read_text("# a firm\nenterprise:\n  employees: 5\n", "case.yaml")
    assert isinstance(node, Mapping)
    inner = node.get("enterprise")
    assert isinstance(inner, Mapping)
    employees = inner.get("employees")
    assert employees is not None
    assert (employees.at.line, employees.at.column) == (3, 14)
    assert inner.key_positions["employees"].column == 3


def test_json_is_read_as_yaml_is():
    yaml_node = read_text("enterprise:\n  employees: 5\n  leases: [{monthly_rent: 10.50}]\n", "case")
    json_node = read_text('{"enterprise": {"employees": 5, "leases": [{"monthly_rent": 10.50}]}}', "case")

    def plain(node):
        if isinstance(node, Mapping):
            return {name: plain(each) for name, each in node.entries.items()}
        if isinstance(node, Sequence):
            return [plain(each) for each in node.items]
        return node.text

    assert plain(yaml_node) == plain(json_node)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "file-empty", 0),
        ("# nothing\n", "file-empty", 0),
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", 3),
        ("a: &x 1\nb: *x\n", "alias", 2),
        ("base: &b {x: 1}\nother:\n  <<: *b\n", "alias", 3),
        ("a: 1\n---\nb: 2\n", "several-documents", 3),
        ("a: 1\nb: [1, 2\n", "not-yaml", 3),
        ("a: 'open\n", "not-yaml", 2),
        ("a:\tb: c\n", "not-yaml", 1),
        ("a: 1\n\tb: 2\n", "not-yaml", 2),
        ("a: \x00\n", "not-yaml", 0),
        ("? [1, 2]\n: 3\n", "key-not-text", 1),
        ("{{a: 1}: 2}\n", "key-not-text", 1),
        ("[" * 60 + "]" * 60, "too-deep", 1),
        ("a: \ud800\n", "not-yaml", 0),
    ],
)
def test_what_is_no_plain_file_is_refused_with_its_line(text: str, code: str, line: int):
    assert refused(text) == (code, line)


def test_crlf_and_a_byte_order_mark_are_read(tmp_path: Path):
    path = tmp_path / "case.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    node = read_file(path)
    assert isinstance(node, Mapping)
    assert list(node.entries) == ["a", "b"]
    assert node.key_positions["b"].line == 2


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe", "not-utf-8", 1),
        ("a: 1\nb: 企业\n".encode("gb18030"), "not-utf-8", 2),
        ("a: 1\n".encode("utf-16"), "not-utf-8", 1),
        (b"PK\x03\x04\x00\x00", "not-yaml", 0),
        (b"a: 1\n" * 900_000, "file-too-large", 0),
    ],
)
def test_other_files_are_named_as_what_they_are(tmp_path: Path, data: bytes, code: str, line: int):
    path = tmp_path / "case.yaml"
    path.write_bytes(data)
    with pytest.raises(BadInput) as error:
        read_file(path, "case.yaml")
    (finding,) = error.value.findings
    assert (finding.code, finding.line) == (code, line)
    assert finding.mend


def test_two_million_lines_are_refused_at_once(tmp_path: Path):
    path = tmp_path / "case.yaml"
    path.write_bytes(b"\n".join(b"- %d" % n for n in range(2_000_000)))
    start = time.perf_counter()
    with pytest.raises(BadInput, match="file-too-large"):
        read_file(path)
    assert time.perf_counter() - start < 2


def test_very_many_short_values_are_refused_in_bounded_time():
    start = time.perf_counter()
    assert refused("[" + "1," * 1_000_000 + "1]")[0] == "too-many-values"
    assert time.perf_counter() - start < 20


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str):
    with pytest.raises(BadInput, match="file-unreadable"):
        read_file(tmp_path / name)


def test_a_device_without_end_is_refused():
    if os.path.exists("/dev/zero"):  # noqa: PTH110 - the device, not a file of the test
        with pytest.raises(BadInput, match="file-too-large"):
            read_file(Path("/dev/zero"))


def test_a_tag_makes_nothing_happen():
    node = read_text("a: !!python/object/apply:os.system ['false']\n", "case.yaml")
    assert isinstance(node, Mapping)
    assert isinstance(node.get("a"), Sequence)


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from([*"ab:-[]{},'\"&*!?|>#% \n\t\r\0~", "企", "\ud800", "\x85"]),
        max_size=40,
    )
)
def test_any_text_is_a_tree_or_one_finding(text: str):
    try:
        node = read_text(text, "case.yaml")
    except BadInput as error:
        assert len(error.findings) == 1
        assert str(error).isprintable()
    else:
        assert isinstance(node, (Scalar, Sequence, Mapping))


def test_a_key_with_hidden_line_breaks_stays_one_line():
    with pytest.raises(BadInput) as error:
        read_text('"a\\nb\\e[31m": 1\n"a\\nb\\e[31m": 2\n', "case.yaml")
    assert str(error.value).isprintable()
    assert "a\\nb\\x1b" in str(error.value)
