"""An alignment's result as pages show it: pairs with both texts and marked differences, lone clauses, filters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from huiqi.portal.catalogue.cards import Card
from huiqi.portal.catalogue.shelf import shelf
from huiqi.portal.documents.shown import anchor_of
from huiqi.portal.documents.words import CHANGES, DIFFERENCES, WAYS, word

PAIRS_A_PAGE = 40
WANTED = ("differs", *CHANGES, *DIFFERENCES, "dropped", "added")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words; `change` and `kinds` tell which differences it belongs to, "" for none."""

    words: str
    change: str = ""
    kinds: str = ""


@dataclass(frozen=True, slots=True)
class ShownSide:
    """One clause of a pair, in pieces."""

    path: str
    anchor: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """One difference: what it is, what it means, both words, and how they were compared."""

    kind: str
    kind_word: str
    change: str
    change_word: str
    above: str
    below: str
    why: str


@dataclass(frozen=True, slots=True)
class ShownPair:
    """A clause above with those below; for a clause without counterpart one side is empty."""

    state: str
    above: tuple[ShownSide, ...]
    below: tuple[ShownSide, ...]
    score: int | None
    way: str
    parts: tuple[tuple[str, int, int], ...]
    differences: tuple[ShownDifference, ...]
    cards: tuple[Card, ...]


def plans_of(result: Mapping[str, Any]) -> list[str]:
    """Return the superior's plans by name, none where it has a single one."""
    rows = [*result["pairs"], *result["dropped"]]
    names = dict.fromkeys(_plan(each) for each in rows)
    named = [each for each in names if each]
    return named if len(named) > 1 else []


def rows_of(
    result: Mapping[str, Any], wanted: str = "", plan: str = ""
) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the rows that fit as (pair, dropped or added, row): pairs in the superior's order, lone clauses behind.

    Equal headings are left out.
    """
    rows: list[tuple[str, Mapping[str, Any]]] = []
    if wanted not in ("dropped", "added"):
        texts = result["texts_above"]
        rows += [
            ("pair", each)
            for each in result["pairs"]
            if _fits(each, wanted) and (each["differences"] or not _is_heading(each, texts))
        ]
    if wanted in ("", "dropped"):
        rows += [("dropped", each) for each in result["dropped"]]
    if wanted in ("", "added"):
        rows += [("added", each) for each in result["added"]]
    if plan:
        below = {
            each["plan"]
            for pair in result["pairs"]
            if pair["superior"]["plan"] == plan
            for each in pair["subordinate"]
        }
        rows = [
            (state, each)
            for state, each in rows
            if (each["plan"] in below if state == "added" else _plan(each) == plan)
        ]
    return rows


def show(result: Mapping[str, Any], rows: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[ShownPair]:
    """Yield rows as a page shows them."""
    above, below = result["texts_above"], result["texts_below"]
    for state, row in rows:
        cards = tuple(_cards(row["measures"]))
        if state == "pair":
            yield _pair(row, above, below, cards)
        else:
            side = (_side(row["path"], (above if state == "dropped" else below), []),)
            yield ShownPair(
                state,
                side if state == "dropped" else (),
                side if state == "added" else (),
                None,
                "",
                (),
                (),
                cards,
            )


def show_amended(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an amended text changed, as its page shows it: the old version's clauses against the new."""
    amended = result["amended"]
    old, new = result["texts_before"], result["texts_above"]
    lower = {each["path"]: each["lower"] for each in amended["lower"]}
    duties = {each["path"]: each for each in amended["duties"]}
    measures: dict[str, list[Mapping[str, str]]] = {}
    for each in amended["measures"]:
        measures.setdefault(each["path"], []).append(each)

    def hanging(path: str) -> dict[str, Any]:
        return {
            "lower": [each["path"] for each in lower.get(path, ())],
            "duty": duties.get(path),
            "cards": list(_cards(measures.get(path, ()))),
        }

    return {
        "changed": [
            {"pair": _with_words(_pair(each, old, new, ())), **hanging(each["superior"]["path"])}
            for each in amended["changed"]
        ],
        "repealed": [
            {"side": _side(each["path"], old, []), **hanging(each["path"])} for each in amended["repealed"]
        ],
        "new": [{"side": _side(each["path"], new, [])} for each in amended["new"]],
        "before": amended["before"],
        "after": amended["after"],
    }


def _pair(
    row: Mapping[str, Any], above: Mapping[str, str], below: Mapping[str, str], cards: tuple[Card, ...]
) -> ShownPair:
    differences = row["differences"]
    return ShownPair(
        "pair",
        (_side(row["superior"]["path"], above, [(each, each["superior_at"]) for each in differences]),),
        tuple(
            _side(each["path"], below, [(one, one["subordinate_at"]) for one in differences])
            for each in row["subordinate"]
        ),
        row["score"],
        word(WAYS, row["way"]),
        tuple((each["part"], each["points"], each["weight"]) for each in row["parts"]),
        tuple(
            ShownDifference(
                each["kind"],
                word(DIFFERENCES, each["kind"]),
                each["change"],
                word(CHANGES, each["change"]),
                each["superior"] or "",
                each["subordinate"] or "",
                each["why"],
            )
            for each in differences
        ),
        cards,
    )


def _with_words(pair: ShownPair) -> ShownPair:
    """Mark the words that changed where nothing else is marked: a version's reader must see why a clause stands here."""
    if pair.differences or len(pair.below) != 1:
        return pair
    above, below = pair.above[0], pair.below[0]
    old, new = ("".join(piece.words for piece in side.pieces) for side in (above, below))
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return replace(
        pair,
        above=(replace(above, pieces=_marked(old, [(step, start, end) for step, start, end, *_ in steps])),),
        below=(
            replace(below, pieces=_marked(new, [(step, start, end) for step, _, _, start, end in steps])),
        ),
    )


def _marked(text: str, steps: Sequence[tuple[str, int, int]]) -> tuple[Piece, ...]:
    return tuple(
        Piece(text[start:end], "" if step == "equal" else "changed")
        for step, start, end in steps
        if start < end
    )


def _side(
    path: str, texts: Mapping[str, str], marks: Sequence[tuple[Mapping[str, Any], Mapping[str, Any] | None]]
) -> ShownSide:
    text = texts.get(path, "")
    own = [(difference, at) for difference, at in marks if at is not None and at["path"] == path]
    edges = {0, len(text)}
    for _, at in own:
        edges |= {min(at["start"], len(text)), min(at["end"], len(text))}
    pieces = []
    for start, end in pairwise(sorted(edges)):
        over = [each for each, at in own if at["start"] <= start and end <= at["end"]]
        # A figure within a promise is shown as a figure.
        shown = [each for each in over if each["kind"] != "promise"] or over
        kinds = "、".join(dict.fromkeys(word(DIFFERENCES, each["kind"]) for each in shown))
        pieces.append(Piece(text[start:end], shown[0]["change"] if shown else "", kinds))
    return ShownSide(path, anchor_of(path), tuple(pieces))


def _cards(measures: Sequence[Mapping[str, str]]) -> Iterator[Card]:
    for each in measures:
        card = shelf().cards.get(each["region"], each["id"])
        if card is not None:
            yield card


def _fits(pair: Mapping[str, Any], wanted: str) -> bool:
    if not wanted:
        return True
    if wanted == "differs":
        return bool(pair["differences"])
    return any(wanted in (each["kind"], each["change"]) for each in pair["differences"])


def _is_heading(pair: Mapping[str, Any], texts: Mapping[str, str]) -> bool:
    """Whether the clause above only heads those below it: there is nothing to compare."""
    heading = pair["headings"]["superior"]
    return bool(heading) and texts.get(pair["superior"]["path"], "").strip() == heading


def _plan(row: Mapping[str, Any]) -> str:
    side = row.get("superior", row)
    return str(side["plan"] or "")
