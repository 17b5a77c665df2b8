"""Three plans of two levels against gold files made by hand from the texts, and the pairs of all fifteen plans."""

import re
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from huiqi.documents import read_document
from huiqi.documents.align import align
from huiqi.documents.outline import outline

pytestmark = pytest.mark.documents

GOLD = Path(__file__).parent.parent / "gold"
PAIRS_FLOOR = Fraction(95, 100)
RECALL_FLOOR = Fraction(9, 10)
YEAR_OF_THE_TEXTS = "2022"
TIMES = {"亿": 10**8, "万": 10**4, "": 1}
NUMERAL = re.compile(r"[一二两三四五六七八九](?=[个户家人年月县市])")
DIGITS = dict(zip("一二两三四五六七八九", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
FIGURE = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*([亿万]?)\s*(元|%)?")
DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:(\d{1,2})日)?")
YEAR_END = re.compile(r"(\d{4})年(年?底|末)?(?!\d)")
LAST_DAYS = dict(zip(range(1, 13), (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), strict=True))


def figures(words):
    """Every figure as (value in the base unit, 元 or % or nothing)."""
    words = NUMERAL.sub(lambda numeral: str(DIGITS[numeral[0]]), words)
    return {
        (Fraction(number.replace(",", "")) * TIMES[times], unit)
        for number, times, unit in FIGURE.findall(words)
    }


def days(words):
    """Every day as (year, month, day); a month is its last day, the end of a year 31 December, a year a year."""
    found = set()
    for year, month, day in DAY.findall(words):
        found.add((int(year or YEAR_OF_THE_TEXTS), int(month), int(day or LAST_DAYS[int(month)])))
    for year, end in YEAR_END.findall(DAY.sub("", words)):
        found.add((int(year), 12, 31) if end else (int(year),))
    return found


READ = {"figure": figures, "date": days}


def values(kind, side, words):
    """(kind, side, value) of everything that one side says differently; what cannot be read stands as printed."""
    if words is None:
        return set()
    return {(kind, side, value) for value in READ[kind](words) or {words}}


def links(pairs):
    return {(above, below) for above, clauses in pairs for below in clauses}


@pytest.fixture(scope="module")
def golds():
    return [
        yaml.safe_load((GOLD / f"align-{name}.yaml").read_text("utf-8"))
        for name in ("fiscal", "employment", "arrears")
    ]


@pytest.fixture(scope="module")
def plans():
    return yaml.safe_load((GOLD / "align-plans.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def texts(plans, source_texts):
    return {
        side: outline(read_document(source_texts / f"{plans[side]}.txt"))
        for side in ("superior", "subordinate")
    }


@pytest.fixture(scope="module")
def alignment(texts):
    return align(texts["superior"], texts["subordinate"])


@pytest.fixture(scope="module")
def reported(alignment):
    """Superior clause -> every (kind, side, value) of its figure and date differences, one set a difference."""
    return {
        pair.superior.path: [
            values(each.kind, "superior", each.superior and each.superior.printed)
            | values(each.kind, "subordinate", each.subordinate and each.subordinate.printed)
            for each in pair.differences
            if each.kind in READ
        ]
        for pair in alignment.pairs
    }


def listed(pair):
    """The figure and date differences of a gold pair: (values, whether a reader may leave it)."""
    return [
        (
            values(each["kind"], "superior", each["superior"])
            | values(each["kind"], "subordinate", each["subordinate"]),
            each.get("optional", False),
        )
        for each in pair["differences"]
        if each["kind"] in READ
    ]


@pytest.mark.parametrize("side", ["superior", "subordinate"])
def test_the_gold_files_hold_every_clause_of_their_plans_once(golds, texts, side):
    for gold in golds:
        plan = gold[side]["plan"]
        printed = [each.path for each in texts[side].clauses() if each.path.partition("/")[0] == plan]
        below = [path for pair in gold["pairs"] for path in pair["subordinate"]] + gold["added"]
        above = [pair["superior"] for pair in gold["pairs"]] + gold["dropped"]
        assert sorted(above if side == "superior" else below) == sorted(printed)


def test_all_plans_are_paired(alignment, plans):
    assert [[each.superior, each.subordinate] for each in alignment.plans] == plans["pairs"]
    assert list(alignment.missing_plans) == plans["dropped"]
    assert list(alignment.added_plans) == plans["added"]


def test_nearly_all_clauses_find_their_counterparts(alignment, golds):
    found = links((pair.superior.path, [each.path for each in pair.subordinate]) for pair in alignment.pairs)
    wanted = links((pair["superior"], pair["subordinate"]) for gold in golds for pair in gold["pairs"])
    here = {gold["superior"]["plan"] for gold in golds}
    assert len(found & wanted) >= PAIRS_FLOOR * len(wanted), sorted(wanted - found)
    assert {link for link in found - wanted if link[0].partition("/")[0] in here} == set()


def test_what_was_dropped_and_added(alignment, golds):
    here = {gold["superior"]["plan"] for gold in golds}
    dropped = {each.path for each in alignment.dropped if each.plan in here}
    added = {each.path for each in alignment.added if each.plan in here}
    assert dropped == {path for gold in golds for path in gold["dropped"]}
    assert added == {path for gold in golds for path in gold["added"]}


def test_no_figure_and_no_date_is_invented(reported, golds):
    invented = {}
    for pair in (pair for gold in golds for pair in gold["pairs"]):
        real = set().union(*(said for said, _ in listed(pair)))
        found = set().union(*reported.get(pair["superior"], []))
        if found - real:
            invented[pair["superior"]] = found - real
    assert invented == {}


def test_nearly_all_differences_of_figures_and_dates_are_found(reported, golds):
    wanted = [
        (pair["superior"], said)
        for gold in golds
        for pair in gold["pairs"]
        for said, optional in listed(pair)
        if not optional
    ]
    missed = [(path, said) for path, said in wanted if not said <= set().union(*reported.get(path, []))]
    assert len(wanted) - len(missed) >= RECALL_FLOOR * len(wanted), missed
