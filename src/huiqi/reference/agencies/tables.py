"""The registry's tables: how offices are named at each level, and how notices print them."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent.parent / "data"
_SHORTER = (
    (re.compile("委员会$"), "委"),
    (re.compile("办公室$"), "办"),
    (re.compile("监督管理"), "监管"),
    (re.compile("和"), ""),
)
_ORGANS = re.compile("(厅|局|委员会|委|办公室|办)$")


@dataclass(frozen=True, slots=True)
class Form:
    """How one office is named at some levels.

    `name` and `successor` are templates: {r} the division's official name, {s} its short one, {u} the name of
    the division above, {b} and {c} the names that a central-bank branch used and uses. `levels` are letters: p province, m
    municipality under the centre, f prefecture, c county; `within` the first digits of the divisions that
    have it, none for all; `dispatched` offices answer to the centre and stand outside the local government. `since` and `until` are a year or a month (2023-05, half open), empty where not known.
    """

    function: str
    name: str
    levels: str
    within: tuple[str, ...]
    dispatched: bool
    since: str
    until: str
    successor: str


@dataclass(frozen=True, slots=True)
class National:
    """An office of the centre. `bare` names are its own in a text of the centre only (人民银行)."""

    name: str
    since: str
    until: str
    successor: str


def rows(file: str) -> list[dict[str, str]]:
    """The rows of a data file, by column."""
    with (_DATA / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


@cache
def forms() -> dict[str, dict[str, list[Form]]]:
    """All forms by what is printed before the division and behind it."""
    index: dict[str, dict[str, list[Form]]] = {}
    for row in rows("agencies_local.csv"):
        form = Form(
            row["function"], row["name"], row["levels"], (), False, "", row["until"], row["successor"]
        )
        printed = [re.sub(r"\{[ru]\}", "{p}", row["name"])] if "{u}" not in row["name"] else []
        printed += ["{p}" + short for short in row["short"].split()]
        _enter(index, form, printed)
    for row in rows("agencies_dispatched.csv"):
        levels, _, within = row["levels"].partition("@")
        form = Form(
            row["function"],
            row["name"],
            levels,
            tuple(filter(None, within.split("|"))),
            True,
            row["since"],
            row["until"],
            row["successor"],
        )
        _enter(index, form, row["printed"].split())
    return index


def _enter(index: dict[str, dict[str, list[Form]]], form: Form, printed: list[str]) -> None:
    for each in printed:
        before, behind = each.split("{p}")
        for end in _shorter_forms(behind):
            held = index.setdefault(before, {}).setdefault(end, [])
            if form not in held:
                held.append(form)


def _shorter_forms(name: str) -> set[str]:
    """The name and what notices shorten it to: 发展和改革委员会 -> 发展改革委."""
    found = {name}
    for pattern, short in _SHORTER:
        found |= {pattern.sub(short, each) for each in found}
        # One of several 和 may stay.
        if short == "":
            found |= {each.replace("和", "", 1) for each in found}
    return found


@cache
def nationals() -> tuple[dict[str, National], dict[str, National]]:
    """Offices of the centre by name, and by names that mean them in a text of the centre only."""
    always: dict[str, National] = {}
    bare: dict[str, National] = {}
    for row in rows("agencies_national.csv"):
        office = National(row["name"], row["since"], row["until"], row["successor"])
        always[row["name"]] = office
        for short in row["short"].split():
            local = short.lstrip("*")
            # A name without 国家 or 中国 is also borne by offices of lower levels.
            (bare if short.startswith("*") or local in _borne_below() else always)[local] = office
    return always, bare


@cache
def _borne_below() -> frozenset[str]:
    return frozenset(end for end in forms()[""])


@cache
def named() -> dict[str, tuple[str, str]]:
    """Single offices that no pattern makes: printed -> (function, name)."""
    return {
        printed: (row["function"], row["name"])
        for row in rows("agencies_named.csv")
        for printed in (row["name"], *row["printed"].split())
    }


@cache
def group_offices() -> dict[str, str]:
    """Short names of offices of leading groups, and their names where those are certain."""
    return {row["short"]: row["name"] for row in rows("agencies_offices.csv")}


@cache
def stems() -> frozenset[str]:
    """Functions as notices name their departments: 财政, 科技, 市场监管."""
    return frozenset(_ORGANS.sub("", end) for end in forms()[""] if _ORGANS.search(end)) | {
        *(
            "税务",
            "邮政",
            "海关",
            "人民银行",
            "消防",
            "电力",
            "通信",
            "气象",
            "金融监管",
            "行业",
            "政法",
            "宣传",
        )
    }
