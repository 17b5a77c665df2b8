"""Clause boundaries, headings and own words against the gold files, whatever of them is there."""

import hashlib
import re
from pathlib import Path

import pytest
import yaml

from huiqi.documents import normalise, read_document

GOLD = Path(__file__).parent / "gold"
TEXTS = Path(__file__).parent / "texts"
LIST_DASH = re.compile(r"^[ \t]*-[ ]+", re.MULTILINE)


def gold_files():
    found = []
    for path in sorted(GOLD.glob("*.yaml")):
        if not path.name.startswith(("classes-", "align-")):
            gold = yaml.safe_load(path.read_text(encoding="utf-8"))
            here = (TEXTS / f"{gold['document']}.txt").is_file()
            found.append(pytest.param(gold, id=path.stem, marks=[] if here else [pytest.mark.documents]))
    return found


@pytest.fixture
def document(request, source_texts):
    name = request.getfixturevalue("gold")["document"]
    here = TEXTS / f"{name}.txt"
    return read_document(here if here.is_file() else source_texts / f"{name}.txt")


def plans_of(gold, document):
    """The clauses of the plans that the gold file reads."""
    named = {each["path"].partition("/")[0] for each in gold["clauses"]}
    plans = [plan for plan in document.plans if plan.short_name is None or plan.short_name in named]
    return [clause for plan in plans for clause in plan.clauses]


def digest(words):
    return hashlib.sha256(normalise(LIST_DASH.sub("", words)).encode()).hexdigest()[:12]


@pytest.mark.parametrize("gold", gold_files())
def test_paths_are_those_that_a_reader_cites(gold, document):
    assert [clause.path for clause in plans_of(gold, document)] == [each["path"] for each in gold["clauses"]]


@pytest.mark.parametrize("gold", gold_files())
def test_clauses_begin_and_end_where_a_reader_sees_them(gold, document):
    read = {clause.path: digest(clause.text) for clause in plans_of(gold, document)}
    assert read == {each["path"]: each["digest"] for each in gold["clauses"]}
    for each in gold["clauses"]:
        clause = document.clause(each["path"])
        printed = document.source.text[clause.start : clause.end]
        begins = clause.start + (LIST_DASH.match(printed).end() if LIST_DASH.match(printed) else 0)
        assert (each["path"], begins) == (each["path"], each["starts"])


@pytest.mark.parametrize("gold", gold_files())
def test_headings_are_those_that_a_reader_sees(gold, document):
    read = {clause.path: normalise(clause.heading) for clause in plans_of(gold, document)}
    assert read == {each["path"]: normalise(each["heading"]) for each in gold["clauses"]}
