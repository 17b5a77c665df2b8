"""A folder of policies: what is read of it, what is wrong with it, and which text speaks where and when."""

import datetime
import shutil
import time
from pathlib import Path

import pytest

from huiqi.findings import BadInput, Finding
from huiqi.policies.library import PolicyLibrary, load_library, read_library
from huiqi.policies.shipped import shipped_examples, shipped_policies

D = datetime.date
FACTS = """
record: subject
label: 主体
facts:
  - {name: region, label: 所在地, type: region, known_by: firm}
  - {name: honest, label: 诚信, type: yes_no, known_by: office}
"""
MEASURE = """
id: grant
title: 补助
kind: pay
sources: [{document: notice, clause: 一, words: 给予一次性补助}]
subject: [enterprise]
region: %s
in_force: {from: %s, to: 2024-01-01}
when: [honest]
amount: 1000
amount_is: paid
delivery: on_application
agencies: [{name: 财政局, role: lead}]
examples:
  base: {as_of: 2022-07-31}
  cases: [{name: 一例, with: {honest: yes}, verdict: eligible, amount: 1000.00, because: 1000 = 1000}]
"""
DOCUMENT = "id: notice\ntitle: 通知\nregion: 530000\n"
DEFINITION = "id: %s\ntitle: 定义\nsources: [{document: notice, clause: 一, words: 六个字的词}]\nis: %s\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "facts/subject.yaml": FACTS,
        "lists/good.yaml": "id: good-firms\ntitle: 好企业\nof: subject\n",
        "notice/document.yaml": DOCUMENT,
        "notice/grant.yaml": MEASURE % ("530000", "2022-01-01"),
    }.items():
        write(tmp_path / "policies", name, text)
    return tmp_path / "policies"


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def findings(folder: Path) -> list[Finding]:
    return read_library(folder)[1]


def codes(folder: Path) -> list[str]:
    return [each.code for each in findings(folder)]


def test_a_folder_is_read_whole(folder: Path):
    library, found = read_library(folder)
    assert found == []
    assert [each.id for each in library.measures] == ["grant"]
    assert len(library.measures[0].examples.cases) == 1
    assert library.documents["notice"].title == "通知"
    assert library.lists["good-firms"].of == "subject"
    assert library.files["grant", "530000"].name == "grant.yaml"


def test_to_assess_the_examples_are_not_read_and_all_else_is_the_same(folder: Path):
    with_examples, without = read_library(folder)[0].measures[0], load_library(folder).measures[0]
    assert without.examples.cases == ()
    assert (without.when, without.amount, without.agencies) == (
        with_examples.when,
        with_examples.amount,
        with_examples.agencies,
    )


def test_the_shipped_policies_are_sound_and_read_alike_both_ways():
    library, found = read_library(shipped_policies())
    assert found == []
    quick = load_library(shipped_policies())
    assert [(each.id, each.region, each.digest) for each in quick.measures] == [
        (each.id, each.region, each.digest) for each in library.measures
    ]
    assert [(each.when, each.amount, each.caps, each.not_with) for each in quick.measures] == [
        (each.when, each.amount, each.caps, each.not_with) for each in library.measures
    ]
    assert shipped_examples().is_dir()


def test_a_crlf_checkout_reads_the_same(folder: Path, tmp_path: Path):
    other = tmp_path / "crlf" / "policies"
    shutil.copytree(folder, other)
    for path in other.rglob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert findings(other) == []
    assert load_library(other).measures[0].digest == load_library(folder).measures[0].digest


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("notice/gift.yaml", MEASURE % ("530000", "2022-01-01"), "file-name"),
        ("other/grant.yaml", MEASURE % ("530000", "2022-01-01"), "duplicate-measure"),
        ("notice/broken.yaml", "id: [", "not-yaml"),
        ("notice/broken.yaml", "", "file-empty"),
        ("notice/broken.yaml", "- 1", "not-a-mapping"),
        ("notice/document.yaml", "title: 通知\nregion: 530000\n", "missing-key"),
        ("lists/bad.yaml", "id: bad\ntitle: 坏\nof: town\n", "unknown-word"),
        ("lists/bad.yaml", "id: good-firms\ntitle: 又一个\n", "duplicate-list"),
        ("facts/more.yaml", FACTS, "duplicate-fact"),
        ("definitions/one.yaml", DEFINITION % ("one", "one"), "definition-circle"),
        ("definitions/one.yaml", DEFINITION % ("honest", "honest"), "name-taken"),
        ("definitions/one.yaml", DEFINITION % ("size", "honest"), "name-taken"),
        ("definitions/one.yaml", DEFINITION % ("as_of", "honest"), "name-taken"),
        ("definitions/one.yaml", "title: x", "missing-key"),
    ],
)
def test_what_is_wrong_is_found(folder: Path, name: str, text: str, code: str):
    write(folder, name, text)
    found = findings(folder)
    assert code in [each.code for each in found]
    assert all(each.file.startswith("policies/") for each in found)
    with pytest.raises(BadInput):
        load_library(folder)


def test_two_definitions_of_one_name_are_found(folder: Path):
    write(folder, "definitions/one.yaml", DEFINITION % ("one", "honest"))
    write(folder, "definitions/two.yaml", DEFINITION % ("one", "not honest"))
    assert codes(folder) == ["name-taken"]


def test_definitions_that_need_each_other_are_found_each(folder: Path):
    write(folder, "definitions/one.yaml", DEFINITION % ("one", "honest and two"))
    write(folder, "definitions/two.yaml", DEFINITION % ("two", "not one"))
    write(folder, "definitions/three.yaml", DEFINITION % ("three", "one"))
    assert codes(folder) == ["definition-circle"] * 2


def test_a_definition_may_come_after_the_one_that_uses_it(folder: Path):
    write(folder, "definitions/a.yaml", DEFINITION % ("a_name", "z_name"))
    write(folder, "definitions/z.yaml", DEFINITION % ("z_name", "honest"))
    assert codes(folder) == []


def test_other_bytes_and_great_files_are_one_finding_each(folder: Path):
    (folder / "notice" / "grant.yaml").write_bytes(b"\xff\xfe\x00\x00")
    assert codes(folder) == ["not-utf-8"]
    with pytest.raises(BadInput, match="not-utf-8"):
        load_library(folder)
    (folder / "notice" / "grant.yaml").write_bytes(b"- 1\n" * 1_500_000)
    start = time.perf_counter()
    assert codes(folder) == ["file-too-large"]
    with pytest.raises(BadInput):
        load_library(folder)
    assert time.perf_counter() - start < 20


def test_no_folder_is_said(tmp_path: Path):
    with pytest.raises(BadInput, match="no-policies"):
        load_library(tmp_path / "nothing")


# Which text speaks: the nearest on the region's chain that has begun.


@pytest.fixture
def stacked(folder: Path) -> PolicyLibrary:
    write(folder, "county/grant.yaml", MEASURE % ("532503", "2022-06-01"))
    write(folder, "prefecture/grant.yaml", MEASURE % ("532500", "2022-03-01"))
    return load_library(folder)


def speaking(library: PolicyLibrary, region: str | None, day: D) -> tuple[list[str], bool]:
    variants, perhaps_none = library.possible("grant", region, day)
    return [each.region for each in variants], perhaps_none


@pytest.mark.parametrize(
    ("region", "day", "texts", "perhaps_none"),
    [
        ("532503", D(2022, 7, 1), ["532503"], False),
        ("532503", D(2022, 6, 1), ["532503"], False),
        ("532503", D(2022, 5, 31), ["532500"], False),
        ("532503", D(2022, 2, 28), ["530000"], False),
        ("532501", D(2022, 7, 1), ["532500"], False),
        ("530102", D(2022, 7, 1), ["530000"], False),
        ("110101", D(2022, 7, 1), [], True),
        ("532500", D(2022, 7, 1), ["532500", "532503"], False),
        ("530000", D(2022, 7, 1), ["530000", "532500", "532503"], False),
        ("000000", D(2022, 7, 1), ["530000", "532500", "532503"], True),
        (None, D(2022, 7, 1), ["530000", "532500", "532503"], True),
        (None, D(2022, 2, 1), ["530000"], True),
    ],
)
def test_the_nearest_text_that_has_begun_speaks(stacked, region, day, texts, perhaps_none):
    assert speaking(stacked, region, day) == (texts, perhaps_none)


def test_before_any_text_began_all_are_shown_as_not_in_force(stacked):
    assert speaking(stacked, "532503", D(2021, 1, 1)) == (["532503"], False)
    assert list(stacked.applying("532503", D(2021, 1, 1))) == []
    assert [[each.region for each in found] for found in stacked.applying("532503", D(2022, 7, 1))] == [
        ["532503"]
    ]


def test_a_measure_is_found_under_its_id_widest_first(stacked):
    assert [each.region for each in stacked.by_id["grant"]] == ["530000", "532500", "532503"]
