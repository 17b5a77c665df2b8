"""The five source texts: every office that they print is known, every passage that attributes is read."""

import re

import pytest

from huiqi.documents import DocumentFolder
from huiqi.documents.agencies import document_agencies, general_statements, implied_for, place_of

pytestmark = pytest.mark.documents

UNKNOWN: dict[str, str] = {}
"""Printed names that the registry does not know, each with the reason. None today."""

ATTRIBUTED = {
    "datong-2022-relief-measures": 37,
    "honghe-2022-1-ten-action-plans": 132,
    "yunnan-2021-237-support-institutions": 25,
    "yunnan-2022-4-ten-action-plans": 125,
    "yunnan-2022-42-work-plan": 19,
}
FORMAL = re.compile(r"[（(][^（()）]*(?:牵头|配合|负责|落实|责任单位|responsible|lead)[^（()）]*[）)]\s*$")


@pytest.fixture(scope="module", params=sorted(ATTRIBUTED))
def read(request, source_texts):
    document = DocumentFolder(source_texts).document(request.param)
    place = place_of(document)
    declared = general_statements(document, place)
    return document, declared, document_agencies(document, place, declared)


def test_as_many_clauses_attribute_as_were_counted_by_eye(read):
    document, _, found = read
    assert len(found) == ATTRIBUTED[document.id]


def test_every_office_is_known_or_listed(read):
    _, _, found = read
    unknown = {
        mention.printed
        for each in found.values()
        for mention in each.reading.mentions
        if mention.agency is None
    }
    assert unknown == unknown & set(UNKNOWN)


def test_every_closing_bracket_that_attributes_is_read_to_its_end(read):
    document, _, found = read
    for clause in document.clauses():
        closing = FORMAL.search(clause.text)
        if closing and clause.path:
            spans = found[clause.path].reading.spans
            assert any(start <= closing.start() and closing.end() - 2 <= end for start, end in spans), (
                clause.path
            )


def test_only_datong_speaks_for_all_measures(read):
    document, declared, _ = read
    implied = [clause.path for clause in document.clauses() if implied_for(declared, document, clause.path)]
    assert len(implied) == (36 if document.id.startswith("datong") else 0)
    assert not declared.first_leads
