"""Classes against the gold files: benefit recall at least 0.95, macro F1 over all classes at least 0.9."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from huiqi.documents import read_document
from huiqi.documents.sentences import KINDS, class_sentences

GOLD = Path(__file__).parent / "gold"
TEXTS = Path(__file__).parent / "texts"
BENEFIT_RECALL = 0.95
MACRO_F1 = 0.9
NAMES = sorted(path.stem.removeprefix("classes-") for path in GOLD.glob("classes-*.yaml"))
WRITTEN = [name for name in NAMES if (TEXTS / f"{name}.txt").is_file()]


def named(names):
    marked = [pytest.mark.documents]
    return [pytest.param(name, marks=[] if name in WRITTEN else marked) for name in names]


@cache
def pairs(name, folder):
    """For each gold sentence its path, the gold class and the one found.

    Where the gold names a second class that is as good and it was found, it counts as the gold's.
    """
    gold = yaml.safe_load((GOLD / f"classes-{name}.yaml").read_text(encoding="utf-8"))
    document = read_document((TEXTS if name in WRITTEN else folder) / f"{gold['document']}.txt")
    clauses = {clause.path: clause for clause in document.clauses()}
    found = [
        (*clauses[path].source_span(each.start, each.end), each.kind)
        for path, sentences in class_sentences(document).items()
        for each in sentences
    ]
    compared = []
    for entry in gold["sentences"]:
        start, end = entry["starts"], entry["ends"]
        overlap, kind = max((min(till, end) - max(at, start), kind) for at, till, kind in found)
        got = kind if overlap > 0 else "none"
        compared.append((entry["path"], got if got in entry.get("also", []) else entry["class"], got))
    return compared


def f1_by_class(compared):
    hits = Counter(gold for _, gold, got in compared if gold == got)
    golds = Counter(gold for _, gold, _ in compared)
    gots = Counter(got for _, _, got in compared)
    return {kind: 2 * hits[kind] / (golds[kind] + gots[kind]) for kind in KINDS if golds[kind]}


def wrong(compared):
    return [each for each in compared if each[1] != each[2]]


@pytest.mark.parametrize("name", named(NAMES))
def test_no_more_than_one_benefit_in_twenty_is_missed(name, source_texts):
    compared = pairs(name, source_texts)
    benefits = [each for each in compared if each[1] == "benefit"]
    hits = [each for each in benefits if each[2] == "benefit"]
    assert len(hits) >= BENEFIT_RECALL * len(benefits), wrong(benefits)


@pytest.mark.documents
def test_all_classes_are_found_as_a_careful_reader_finds_them(source_texts):
    compared = [each for name in NAMES for each in pairs(name, source_texts)]
    scores = f1_by_class(compared)
    assert sum(scores.values()) >= MACRO_F1 * len(scores), (scores, wrong(compared))


def test_all_classes_are_found_in_the_written_texts():
    compared = [each for name in WRITTEN for each in pairs(name, None)]
    scores = f1_by_class(compared)
    assert sum(scores.values()) >= MACRO_F1 * len(scores), (scores, wrong(compared))
