"""The rules by which sentences are classed, read from data and checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from huiqi.documents.sentences.model import KINDS, Kind
from huiqi.findings import BadInput, Finding

Place = Literal["sentence", "piece", "most", "opening"]
"""Where a rule's words must stand: anywhere in the sentence, all in one piece of it (between commas), in
most of its pieces (half with the first), or in the first piece that has a predicate."""

FOLDER = Path(__file__).parent / "rules"
_KEYS = {"id", "class", "in", "all", "none", "none_in_sentence", "section", "not_section"}
_WORDS = re.compile(r"<([a-z_]+)>")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the class of a sentence in which all of `all` and none of `none` are found."""

    id: str
    kind: Kind
    place: Place
    all: tuple[re.Pattern[str], ...]
    none: tuple[re.Pattern[str], ...]
    none_in_sentence: tuple[re.Pattern[str], ...]
    section: frozenset[str]
    not_section: frozenset[str]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules in the order in which they are asked, and what headings make of a section."""

    rules: tuple[Rule, ...]
    openings: tuple[Rule, ...]
    topics: tuple[re.Pattern[str], ...]
    sections: tuple[tuple[str, re.Pattern[str]], ...]
    defaults: Mapping[str, Kind]


@cache
def chinese() -> RuleSet:
    """The rules for Chinese sentences."""
    return read_rules(FOLDER / "chinese")


@cache
def english() -> RuleSet:
    """The rules for sentences of machine-translated copies."""
    return read_rules(FOLDER / "english")


def read_rules(folder: Path) -> RuleSet:
    """Read the YAML files of a folder, in the order of their names. Raises BadInput where one has another shape.

    `words.yaml` holds groups of words that rules name as <group>; `sections.yaml` the headings, topics and
    defaults.
    """
    words = _Words(_load(folder / "words.yaml"))
    sections = _load(folder / "sections.yaml")
    rules = [rule for path in sorted(folder.glob("[0-9]*.yaml")) for rule in _rules(path, _load(path), words)]
    names = [rule.id for rule in rules]
    if len(names) != len(set(names)):
        twice = next(name for name in names if names.count(name) > 1)
        raise _bad(folder, twice, "two rules have this id", "each rule needs an id of its own")
    return RuleSet(
        tuple(rule for rule in rules if rule.place != "opening"),
        tuple(rule for rule in rules if rule.place == "opening"),
        tuple(words.pattern(each, folder / "sections.yaml", "topics") for each in sections["topics"]),
        tuple(
            (name, words.pattern(each, folder / "sections.yaml", name))
            for name, each in sections["sections"].items()
        ),
        sections["defaults"],
    )


class _Words:
    """Groups of words, each a list of patterns, that patterns name as <group>."""

    def __init__(self, groups: Mapping[str, list[str]]) -> None:
        self._groups = groups

    def pattern(self, written: str, path: Path, name: str) -> re.Pattern[str]:
        try:
            return re.compile(self._expanded(written, path, name, 0))
        except re.error as error:
            raise _bad(path, name, f"“{written}” is no pattern", str(error)) from None

    def _expanded(self, written: str, path: Path, name: str, depth: int) -> str:
        def group(found: re.Match[str]) -> str:
            words = self._groups.get(found[1])
            if words is None or depth > 4:
                raise _bad(path, name, f"there is no group of words <{found[1]}>", "see words.yaml")
            inner = "|".join(self._expanded(each, path, name, depth + 1) for each in words)
            return f"(?:{inner})"

        return _WORDS.sub(group, written)


def _rules(path: Path, written: Any, words: _Words) -> Iterator[Rule]:
    if not isinstance(written, list):
        raise _bad(path, "", "the file is no list of rules", "")
    for each in written:
        name = str(each.get("id", ""))
        if set(each) - _KEYS or not name or each.get("class") not in KINDS:
            raise _bad(path, name, f"the rule has keys {', '.join(each)} or an unknown class", "see docs")
        place = each.get("in", "sentence")
        if place not in get_args(Place) or not each.get("all"):
            raise _bad(path, name, "`in` is unknown or `all` is empty", "")

        def patterns(key: str, rule: Any = each, name: str = name) -> tuple[re.Pattern[str], ...]:
            listed = rule.get(key, [])
            listed = [listed] if isinstance(listed, str) else listed
            return tuple(words.pattern(one, path, name) for one in listed)

        yield Rule(
            name,
            each["class"],
            place,
            patterns("all"),
            patterns("none"),
            patterns("none_in_sentence"),
            frozenset(each.get("section", ())),
            frozenset(each.get("not_section", ())),
        )


def _load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _bad(path: Path, cell: str, what: str, why: str) -> BadInput:
    return BadInput([Finding(path.name, 0, cell, "sentence-rules", what, why, "mend the file of rules")])
