"""The gold files themselves: their shape, and that what they say stands in the texts."""

import datetime
import hashlib
import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from huiqi.documents import normalise

GOLD = Path(__file__).parent / "gold"
TEXTS = Path(__file__).parent / "texts"
OUTLINES = sorted(path for path in GOLD.glob("*.yaml") if not path.name.startswith(("classes-", "align-")))
CLASSES = sorted(GOLD.glob("classes-*.yaml"))

ROLES = {"lead", "with", "by_duty", "responsible", "implement"}
RHYTHMS = {"weekly", "monthly", "quarterly", "half-yearly", "yearly", "long-term"}
DIRECTIONS = {
    *("exactly", "at_least", "at_most", "about", "reach"),
    *("increase", "decrease", "range", "below", "above"),
}
SENTENCE_CLASSES = {
    *("benefit", "status", "target", "duty", "mechanism", "encouragement"),
    *("organisation", "publicity", "citation", "heading", "attribution", "closing", "table"),
}
CLAUSE_KEYS = {
    *("path", "heading", "starts", "digest", "agencies", "and_others", "deadlines", "quantities"),
}
LABEL = re.compile(
    r"第[一二三四五六七八九十]+[章条]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[、．.]|[①-⑳]"
)
LIST_DASH = re.compile(r"^[ \t]*-[ ]+", re.MULTILINE)
VALUE = re.compile(r"\d+(\.\d+)?")
LONGEST_HEADING = 120
OPTIONAL_CLAUSE_KEYS = {"ends", "attribution_below_children", "label_missing"}
QUANTITY_KEYS = {"printed", "value", "unit", "direction", "of", "until", "optional", "also"}


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def with_texts(paths):
    """The gold files, those of the source texts marked: they are left out where the texts are not."""
    return [
        pytest.param(path, id=path.stem, marks=[] if is_written(path) else [pytest.mark.documents])
        for path in paths
    ]


def is_written(path):
    return (TEXTS / f"{load(path)['document']}.txt").is_file()


def is_bounded(path):
    """Whether the entries of a gold file say where they end."""
    gold = load(path)
    return all("ends" in entry for entry in gold.get("clauses") or gold.get("sentences"))


def text_of(document, source_texts):
    folder = TEXTS if (TEXTS / f"{document}.txt").is_file() else source_texts
    return (folder / f"{document}.txt").read_bytes().decode("utf-8-sig")


def bare(words):
    return normalise(LIST_DASH.sub("", words))


def digest(words):
    return hashlib.sha256(bare(words).encode()).hexdigest()[:12]


def last_label(path, plan):
    """The label a path ends in; empty for the text before the first number, also of a plan."""
    return "" if path == plan else path.rpartition("/")[2]


def own_words(text, clause, plan=None):
    """The words of a clause behind its label."""
    words = text[clause["starts"] : clause["ends"]]
    if not last_label(clause["path"], plan) or clause.get("label_missing"):
        return words
    label = LABEL.match(words)
    assert label, f"no label at {clause['starts']} for {clause['path']}"
    return words[label.end() :]


def normal_label(printed):
    return re.sub(r"[、．.]", "", printed).replace("(", "（").replace(")", "）")


def is_date(value):
    return value is None or isinstance(datetime.date.fromisoformat(value), datetime.date)


@pytest.mark.parametrize("path", OUTLINES, ids=lambda path: path.stem)
def test_clauses_have_the_agreed_shape(path):
    gold = load(path)
    assert gold["plan"] or gold["document"] == path.stem
    paths = [clause["path"] for clause in gold["clauses"]]
    assert len(paths) == len(set(paths))
    for clause in gold["clauses"]:
        assert set(clause) - OPTIONAL_CLAUSE_KEYS == CLAUSE_KEYS, clause["path"]
        assert re.fullmatch(r"[0-9a-f]{12}", clause["digest"])
        assert len(clause["heading"]) <= LONGEST_HEADING
        assert isinstance(clause["and_others"], bool)
        assert all(printed and role in ROLES for printed, role in clause["agencies"]), clause["path"]


@pytest.mark.parametrize("path", OUTLINES, ids=lambda path: path.stem)
def test_deadlines_and_quantities_have_the_agreed_shape(path):
    for clause in load(path)["clauses"]:
        for deadline in clause["deadlines"]:
            assert set(deadline) <= {"printed", "date", "rhythm", "begins", "optional", "also"}
            assert is_date(deadline["date"])
            assert all(
                set(other) == {"date"} and is_date(other["date"]) for other in deadline.get("also", [])
            )
            assert is_date(deadline.get("begins"))
            assert deadline["rhythm"] is None or deadline["rhythm"] in RHYTHMS
            assert deadline["date"] or deadline["rhythm"] or deadline.get("optional"), deadline
        for quantity in clause["quantities"]:
            assert {"printed", "value", "unit", "direction"} <= set(quantity)
            assert set(quantity) <= QUANTITY_KEYS, quantity
            for reading in [quantity, *quantity.get("also", [])]:
                values = reading.get("value", quantity["value"]).split("..")
                assert len(values) <= 2
                assert all(VALUE.fullmatch(value) and Fraction(value) >= 0 for value in values), quantity
                assert reading.get("direction", quantity["direction"]) in DIRECTIONS


@pytest.mark.parametrize("path", with_texts(filter(is_bounded, OUTLINES)))
def test_clauses_stand_where_the_gold_file_says(path, source_texts):
    gold = load(path)
    text = text_of(gold["document"], source_texts)
    end = 0
    for clause in gold["clauses"]:
        assert end <= clause["starts"] < clause["ends"], clause["path"]
        end = clause["ends"]
        words = own_words(text, clause, gold["plan"])
        assert digest(words) == clause["digest"], clause["path"]
        assert bare(words).startswith(normalise(clause["heading"])), clause["path"]
        last = last_label(clause["path"], gold["plan"])
        label = LABEL.match(text, clause["starts"])
        if clause.get("label_missing"):
            assert not label, clause["path"]
        elif last:
            assert label and normal_label(label[0]) == last


@pytest.mark.parametrize("path", with_texts(filter(is_bounded, OUTLINES)))
def test_nothing_but_margins_and_dashes_stands_between_clauses(path, source_texts):
    gold = load(path)
    text = text_of(gold["document"], source_texts)
    clauses = gold["clauses"]
    for clause, following in pairwise(clauses):
        between = text[clause["ends"] : following["starts"]]
        assert not between.strip(" \t\r\n　-"), clause["path"]


@pytest.mark.parametrize("path", with_texts(filter(is_bounded, OUTLINES)))
def test_names_dates_and_figures_stand_in_their_clause(path, source_texts):
    gold = load(path)
    text = text_of(gold["document"], source_texts)
    clauses = gold["clauses"]
    for position, clause in enumerate(clauses):
        words = text[clause["starts"] : clause["ends"]]
        if clause.get("attribution_below_children"):
            below = [each for each in clauses[position:] if each["path"].startswith(clause["path"] + "/")]
            words = text[clause["starts"] : below[-1]["ends"]]
        form = normalise(LIST_DASH.sub("", words))
        at = 0
        for printed, _ in clause["agencies"]:
            at = form.find(normalise(printed), at)
            assert at >= 0, (clause["path"], printed)
        for found in [*clause["deadlines"], *clause["quantities"]]:
            assert normalise(found["printed"]) in form, (clause["path"], found["printed"])


@pytest.mark.parametrize("path", CLASSES, ids=lambda path: path.stem)
def test_sentences_have_a_known_class(path):
    gold = load(path)
    assert gold.get("plan") or gold["document"] == path.stem.removeprefix("classes-")
    for sentence in gold["sentences"]:
        assert set(sentence) - {"also", "ends"} == {"path", "starts", "digest", "class"}
        assert {sentence["class"], *sentence.get("also", [])} <= SENTENCE_CLASSES
        assert sentence["class"] not in sentence.get("also", [])


@pytest.mark.parametrize("path", with_texts(filter(is_bounded, CLASSES)))
def test_sentences_are_all_the_words_of_their_clauses(path, source_texts):
    classes = load(path)
    text = text_of(classes["document"], source_texts)
    end = 0
    said = {}
    for sentence in classes["sentences"]:
        assert end <= sentence["starts"] < sentence["ends"], sentence
        end = sentence["ends"]
        words = text[sentence["starts"] : sentence["ends"]]
        assert digest(words) == sentence["digest"], sentence
        said[sentence["path"]] = said.get(sentence["path"], "") + bare(words)
    outline = GOLD / f"{path.stem.removeprefix('classes-')}.yaml"
    if outline.is_file():
        clauses = load(outline)["clauses"]
        assert said == {
            clause["path"]: bare(own_words(text, clause, classes.get("plan"))) for clause in clauses
        }


def test_gold_covers_what_was_promised():
    measures = [clause["path"] for clause in load(GOLD / "datong-2022-relief-measures.yaml")["clauses"]]
    numbers = [int(path.rpartition("/")[2]) for path in measures if path.rpartition("/")[2].isdigit()]
    assert numbers == list(range(1, 38))
    items = [clause["path"] for clause in load(GOLD / "yunnan-2022-42-work-plan.yaml")["clauses"]]
    assert len([path for path in items if "/" in path]) == 19
    written = [load(path) for path in OUTLINES if load(path).get("written")]
    assert len(written) == 2
    assert sum(len(gold["clauses"]) for gold in written) >= 60
