"""What measures cite is bound to sentences; promises that nobody encoded are listed."""

from pathlib import Path

import pytest

from huiqi.documents import DocumentFolder, UnknownClause, read_document
from huiqi.documents.sentences import KINDS
from huiqi.policies.coverage import DocumentSentences, FolderSentences, Place, cover
from huiqi.policies.library import PolicyLibrary

TEXT = """青岚县助企办法

为稳住市场主体，制定本办法。

一、减负
（一）减免房租。对小微企业免收三个月租金。对餐饮商户的水费补助5%，
最高500元。各乡镇要加强领导，压实责任。
（二）稳岗。一是对不裁员的企业给予稳岗返还。二是组织招聘活动。
"""


@pytest.fixture
def sentences(tmp_path):
    path = tmp_path / "qinglan.txt"
    path.write_text(TEXT, encoding="utf-8")
    return DocumentSentences(read_document(path))


def test_words_are_found_in_their_sentence(sentences):
    (place,) = sentences.holding("一/（一）", "免收三个月租金")
    assert place == Place("一/（一）", 1)
    assert sentences.text(place) == "对小微企业免收三个月租金。"
    assert sentences.sentence(place).kind == "benefit"


def test_widths_and_line_breaks_do_not_matter(sentences):
    assert sentences.holding("一/（一）", "补助５％，最高 500元") == (Place("一/（一）", 2),)


def test_a_clause_above_holds_what_its_children_say(sentences):
    assert sentences.holding("一", "给予稳岗返还") == (Place("一/（二）", 1),)


def test_words_over_two_sentences_bind_both(sentences):
    places = sentences.holding("一/（一）", "三个月租金。对餐饮商户")
    assert places == (Place("一/（一）", 1), Place("一/（一）", 2))


def test_a_figure_is_not_found_inside_a_longer_one(sentences):
    assert sentences.holding("一/（一）", "00元") == ()
    assert sentences.holding("一/（一）", "500元") != ()


def test_words_that_are_not_there_bind_nothing(sentences):
    assert sentences.holding("一/（一）", "免收六个月租金") == ()


def test_a_clause_that_is_not_there_is_unknown(sentences):
    with pytest.raises(UnknownClause):
        sentences.holding("九", "免收三个月租金")


def test_without_measures_every_promise_is_unencoded(sentences):
    coverage = cover([], sentences)
    assert coverage.bound == {}
    assert coverage.unencoded == (Place("一/（一）", 1), Place("一/（一）", 2), Place("一/（二）", 1))
    assert coverage.as_json()["sentences"] == len(list(sentences.places()))


SHIPPED = (
    "datong-2022-relief-measures",
    "honghe-2022-1-ten-action-plans",
    "yunnan-2021-237-support-institutions",
    "yunnan-2022-4-ten-action-plans",
    "yunnan-2022-42-work-plan",
)


@pytest.fixture(scope="session")
def folder(source_texts: Path | None) -> FolderSentences:
    assert source_texts is not None
    return FolderSentences(DocumentFolder(source_texts))


@pytest.mark.documents
@pytest.mark.parametrize("name", SHIPPED)
def test_every_sentence_of_the_source_texts_is_classed(name, folder):
    sentences = folder.of(name)
    clauses = {clause.path: clause for clause in sentences.document.clauses()}
    assert set(sentences.sentences) == set(clauses)
    for path, found in sentences.sentences.items():
        held = [at for each in found for at in range(each.start, each.end)]
        assert held == sorted(set(held)), path
        visible = {at for at, each in enumerate(clauses[path].text) if not each.isspace()}
        assert visible <= set(held), path
        assert {each.kind for each in found} <= set(KINDS)


@pytest.mark.documents
@pytest.mark.parametrize("name", SHIPPED)
def test_every_promise_is_bound_to_a_measure_or_listed(name, folder, shipped: PolicyLibrary):
    coverage = cover(shipped.measures, folder.of(name))
    benefits = {
        place for place in coverage.sentences.places() if coverage.sentences.sentence(place).kind == "benefit"
    }
    assert benefits == set(coverage.unencoded) | (benefits & set(coverage.bound))
    assert not set(coverage.unencoded) & set(coverage.bound)
    assert len(coverage.unencoded) < len(benefits)


@pytest.mark.documents
def test_citations_lie_in_sentences_that_give_something(folder, shipped: PolicyLibrary):
    astray = {
        (each.measure, each.number, each.source.document)
        for name in SHIPPED
        for each in cover(shipped.measures, folder.of(name)).astray
    }
    assert astray == set()
