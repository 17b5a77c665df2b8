"""Which measures an alignment touches."""

import dataclasses

import pytest

from huiqi.documents import read_document
from huiqi.documents.align import align
from huiqi.documents.align.versions import amend
from huiqi.documents.outline import outline
from huiqi.policies.align_measures import (
    measures_citing,
    measures_hanging,
    measures_touched,
    policy_document,
)
from huiqi.policies.library import load_library
from huiqi.policies.shipped import shipped_policies

HONGHE = "honghe-2022-1-ten-action-plans"
YUNNAN = "yunnan-2022-4-ten-action-plans"


@pytest.fixture(scope="module")
def library():
    return load_library(shipped_policies())


@pytest.fixture(scope="module")
def read(source_texts):
    known = {}

    def one(name):
        if name not in known:
            known[name] = outline(read_document(source_texts / f"{name}.txt"))
        return known[name]

    return one


@pytest.mark.documents
def test_every_citation_of_a_text_is_found_under_its_clause(library, read):
    document = read(HONGHE).document
    cited = measures_citing(library, document)
    found = {(each.id, each.region) for touched in cited.values() for each in touched}
    assert found == {
        (measure.id, measure.region)
        for measure in library.measures
        if any(source.document == HONGHE for source in measure.sources)
    }
    assert set(cited) <= {clause.path for clause in document.clauses()}


@pytest.mark.documents
def test_a_pair_names_the_measures_of_both_sides(library, read):
    alignment = align(read(YUNNAN), read(HONGHE))
    touched = measures_touched(library, alignment)
    pair = next(each for each in alignment.pairs if each.superior.path == "财政惠企/二/（三）")
    documents = {each.document for each in touched.of_pair(pair.superior, pair.subordinate)}
    assert documents <= {YUNNAN, HONGHE} and documents


@pytest.mark.documents
def test_measures_hang_on_the_clause_that_changed_and_on_no_other(library, read, tmp_path):
    before = read(HONGHE)
    text = before.document.source.text
    assert "每户给予一次性奖励15万元" in text
    file = tmp_path / "amended.txt"
    first = text.index("每户给予一次性奖励15万元")
    file.write_text(text[:first] + text[first:].replace("15万元", "10万元", 1), encoding="utf-8")
    amendment = amend(before, outline(read_document(file)))
    assert [pair.superior.path for pair in amendment.changed] == ["财政惠企/二/（一）"]
    hanging = measures_hanging(library, amendment)
    assert set(hanging) <= {"财政惠企/二/（一）"}
    assert hanging == {
        path: touched
        for path, touched in measures_citing(library, before.document).items()
        if path == "财政惠企/二/（一）"
    }


@pytest.mark.documents
def test_a_text_under_another_file_name_is_known_by_its_number(library, read):
    document = dataclasses.replace(read(HONGHE).document, id="下载(1)")
    known = policy_document(library, document)
    assert known is not None and known.id == HONGHE


def test_a_text_that_no_measure_cites_touches_none(library, tmp_path):
    file = tmp_path / "other.txt"
    file.write_text(
        "某市若干措施\n\n一、奖励企业。给予企业奖励。\n\n二、组织培训。组织企业培训。\n", encoding="utf-8"
    )
    assert measures_citing(library, read_document(file)) == {}
