"""Industries by GB/T 4754-2017 code, and the named groups of industries that documents use.

A code is a letter and up to four digits: C (门类, section), C26 (大类, division), C261 (中类, group), C2611
(小类, class). The tables and their sources are described in `data/README.md`; they are read on first use.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

Level = Literal["section", "division", "group", "class"]

GROUPS: Mapping[str, "Group"]
"""All named groups by id, in the order of the data file. Read from it on first access."""

_DATA = Path(__file__).parent / "data"
_LEVELS: dict[int, Level] = {1: "section", 3: "division", 4: "group", 5: "class"}


class UnknownIndustry(ValueError):
    """A code that is no industry of GB/T 4754-2017. The message says what is wrong with it."""

    def __init__(self, code: object, hint: str) -> None:
        super().__init__(f"unknown industry {code!r}: {hint}")
        self.code = str(code)
        self.hint = hint


class UnknownIndustryGroup(ValueError):
    """An id that no group bears. The message names the ids nearest to it."""

    def __init__(self, group_id: str, near: Iterable[str]) -> None:
        self.group_id = group_id
        self.near = tuple(near)
        hint = "did you mean " + ", ".join(self.near) if self.near else "see industries.GROUPS for all ids"
        super().__init__(f"unknown industry group {group_id!r}: {hint}")


@dataclass(frozen=True, slots=True)
class Industry:
    """One industry. `code` has its letter (C26); `name` is None for a class that is not on record.

    `parent` is the code one step up, None for a section.
    """

    code: str
    name: str | None
    level: Level
    parent: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """A named set of industries: each member stands for all below it.

    `presumed` says that the source names the trade in words only, or decides by another fact than the
    registered industry (a share of sales, say), so that membership is a presumption; `note` says which, and
    what else it could mean. `words` are the deciding words of `source`.
    """

    id: str
    name: str
    members: tuple[str, ...]
    source: str
    words: str
    note: str
    presumed: bool


@cache
def _table() -> dict[str, str]:
    lines = (_DATA / "industries.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {code: name for code, _, name in (line.partition(",") for line in lines)}


@cache
def _section_of() -> dict[str, str]:
    return {code[1:]: code[0] for code in _table() if len(code) == 3}


def normalise(code: str) -> str:
    """Return letter and digits (C26) of a code given as C26, 26, c26 or in full width.

    Accepts any depth; a class need not be on record, its division must be. Raises UnknownIndustry, also
    for a number: the leading nought of 0111 would be lost, so codes are text.
    """
    if not isinstance(code, str):
        raise UnknownIndustry(code, "write the code as text, since leading noughts count")
    text = unicodedata.normalize("NFKC", code).strip().upper()
    letter, digits = (text[0], text[1:]) if text[:1].isalpha() else ("", text)
    if not (text and text.isascii() and (not digits or digits.isdigit())):
        raise UnknownIndustry(code, "a code is a letter and up to four digits, such as C, C26, 26 or K7010")
    if not digits:
        if letter in _table():
            return letter
        raise UnknownIndustry(code, "the sections are A to T")
    if not 2 <= len(digits) <= 4:
        raise UnknownIndustry(code, "a division has two digits, a group three, a class four")
    section = _section_of().get(digits[:2])
    if section is None:
        raise UnknownIndustry(code, f"there is no division {digits[:2]}; they run from 01 to 97")
    if letter and letter != section:
        raise UnknownIndustry(code, f"division {digits[:2]} belongs to section {section}: {section}{digits}")
    return section + digits


def industry(code: str) -> Industry:
    """Return the industry with this code, at any depth, with or without letter. Raises UnknownIndustry."""
    return _industry(normalise(code))


@cache
def _industry(code: str) -> Industry:
    return Industry(code, _table().get(code), _LEVELS[len(code)], _parent(code))


def _parent(code: str) -> str | None:
    return {1: None, 3: code[:1]}.get(len(code), code[:-1])


def ancestors(code: str) -> tuple[Industry, ...]:
    """Return the industries above a code, nearest first, the section last; empty for a section."""
    return chain(code)[1:]


def chain(code: str) -> tuple[Industry, ...]:
    """Return the industry itself and all above it, the section last."""
    found = [industry(code)]
    while found[-1].parent is not None:
        found.append(_industry(found[-1].parent))
    return tuple(found)


def listed(level: Level | None = None) -> tuple[Industry, ...]:
    """Return the industries on record, by code: all sections, divisions and groups, and some classes."""
    return tuple(each for each in map(_industry, _table()) if level in {None, each.level})


def member(code: str, group_or_codes: str | Iterable[str]) -> bool | None:
    """Tell whether an industry belongs to a group (its id) or to a set of industry codes (or one code).

    True if the code or one above it is listed, None if the code is above a listed one (known too coarsely to
    tell), else False. Raises UnknownIndustry or UnknownIndustryGroup.
    """
    own = _significant(normalise(code))
    members = _members(group_or_codes)
    if own.startswith(members):
        return True
    return None if any(each.startswith(own) for each in members) else False


def _significant(code: str) -> str:
    """Cut the noughts by which the standard codes what it does not divide: K7010 is K701, T9700 is T97."""
    return code[:3] + code[3:].rstrip("0")


def _members(group_or_codes: str | Iterable[str]) -> tuple[str, ...]:
    """Return the significant parts of the codes listed."""
    if isinstance(group_or_codes, str):
        return _named_members(group_or_codes)
    return tuple(_significant(normalise(each)) for each in group_or_codes)


@lru_cache(maxsize=1024)
def _named_members(name: str) -> tuple[str, ...]:
    if name not in _groups():
        try:
            return (_significant(normalise(name)),)
        except UnknownIndustry:
            pass
    return tuple(_significant(each) for each in group(name).members)


def group(group_id: str) -> Group:
    """Return the named group. Raises UnknownIndustryGroup, which names the nearest ids."""
    known = _groups().get(group_id)
    if known is None:
        import difflib

        raise UnknownIndustryGroup(group_id, difflib.get_close_matches(group_id, _groups(), n=3, cutoff=0.5))
    return known


@cache
def _groups() -> Mapping[str, Group]:
    import yaml

    raw = yaml.load((_DATA / "industry_groups.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return MappingProxyType({entry["id"]: _group(entry) for entry in raw})


def _group(entry: dict[str, object]) -> Group:
    members = entry["members"]
    assert isinstance(members, list)
    return Group(
        id=str(entry["id"]),
        name=str(entry["name"]),
        members=tuple(normalise(each) for each in members),
        source=str(entry["source"]),
        words=str(entry["words"]),
        note=str(entry.get("note", "")),
        presumed=bool(entry.get("presumed", False)),
    )


def __getattr__(name: str) -> Mapping[str, Group]:
    if name == "GROUPS":
        return _groups()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
