"""Administrative divisions of China by their GB/T 2260 code: names, levels, parents, former codes and names.

The tables and their sources are described in `data/README.md`. They are read on first use, never on import.
Zones (开发区, 合作区, 新区) are no divisions: see `zones` and `find_zone`.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Level = Literal["nation", "province", "prefecture", "county"]

NATION = "000000"
_DATA = Path(__file__).parent / "data"
_LEVELS: tuple[Level, ...] = ("nation", "province", "prefecture", "county")

# Longest first, so that 哈尼族 is not cut as 尼族; the last ones stand without 族 in some official names.
_PEOPLES = (
    *("柯尔克孜族", "乌孜别克族", "塔吉克族", "哈萨克族", "维吾尔族", "达斡尔族", "俄罗斯族", "鄂温克族"),
    *("鄂伦春族", "布依族", "朝鲜族", "哈尼族", "傈僳族", "拉祜族", "东乡族", "纳西族", "景颇族", "仫佬族"),
    *("布朗族", "撒拉族", "毛南族", "仡佬族", "锡伯族", "阿昌族", "普米族", "德昂族", "保安族", "裕固族"),
    *("塔塔尔族", "独龙族", "赫哲族", "门巴族", "珞巴族", "基诺族", "高山族", "蒙古族", "土家族", "柯尔克孜"),
    *("哈萨克", "维吾尔", "塔吉克", "蒙古", "锡伯", "回族", "藏族", "苗族", "彝族", "壮族", "满族", "侗族"),
    *("瑶族", "白族", "傣族", "黎族", "佤族", "畲族", "水族", "土族", "羌族", "怒族", "京族", "各族"),
)


class UnknownRegion(ValueError):
    """A code that no division of today bears. The message says what to write instead, where that is known."""

    def __init__(self, code: object, hint: str) -> None:
        super().__init__(f"unknown region {code!r}: {hint}")
        self.code = str(code)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Region:
    """One division of today. `parent` is the code one step up, and None for the nation only."""

    code: str
    name: str
    level: Level
    parent: str | None


@dataclass(frozen=True, slots=True)
class FormerRegion:
    """A code or name that was given up in `until` (year).

    `continued` says that its whole area goes on as the one division in `now`; otherwise it was dissolved,
    and `now` lists divisions that took parts of it: it may lack some, and none is certain for a given firm.
    """

    code: str
    name: str
    until: int
    continued: bool
    now: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone (开发区, 合作区 …): no division, only an area administered apart.

    `within` is the smallest division that certainly contains it whole: a county, or a wider one where the
    zone lies across several.
    """

    name: str
    kind: str
    within: str
    aliases: tuple[str, ...]


def _rows(file: str) -> list[list[str]]:
    return [line.split(",") for line in (_DATA / file).read_text(encoding="utf-8").splitlines()[1:]]


@cache
def _table() -> dict[str, str]:
    names = {NATION: "全国"}
    names.update((code, name) for code, name in _rows("regions.csv"))
    return names


@cache
def _former() -> tuple[FormerRegion, ...]:
    return tuple(
        FormerRegion(code, name, int(until), fate == "continued", tuple(now.split()))
        for code, name, until, fate, now in _rows("regions_former.csv")
    )


@cache
def _former_by_code() -> dict[str, FormerRegion]:
    latest: dict[str, FormerRegion] = {}
    for old in sorted(_former(), key=lambda each: each.until):
        latest[old.code] = old
    return latest


def _parent(code: str) -> str | None:
    if code == NATION:
        return None
    if code.endswith("0000"):
        return NATION
    prefecture = code[:4] + "00"
    # Counties of the four municipalities and province-administered ones (429004) have no prefecture above.
    if code != prefecture and prefecture in _table():
        return prefecture
    return code[:2] + "0000"


def _level(code: str) -> Level:
    if code == NATION:
        return "nation"
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


@cache
def _region(code: str) -> Region:
    return Region(code, _table()[code], _level(code), _parent(code))


def normalise(code: str | int) -> str:
    """Return the six digits of a code given as 53, 5325, 532503 or '530000', in full width or as a number.

    Says nothing about whether the division exists. Raises UnknownRegion when it has no such form.
    """
    text = unicodedata.normalize("NFKC", str(code)).strip() if not isinstance(code, bool) else ""
    if text in {"0", "00", "0000", NATION}:
        return NATION
    if not (text.isascii() and text.isdigit() and len(text) in {2, 4, 6}):
        raise UnknownRegion(code, "a region code has 2, 4 or 6 digits, such as 53, 5325 or 532503")
    return text.ljust(6, "0")


def region(code: str | int) -> Region:
    """Return the division of today with this code (GB/T 2260); 000000 is the nation.

    Raises UnknownRegion, which names the successor of a former code or the nearest codes there are.
    """
    six = normalise(code)
    if six not in _table():
        raise UnknownRegion(code, _hint(six))
    return _region(six)


def _hint(six: str) -> str:
    old = _former_by_code().get(six)
    if old is not None:
        heirs = "、".join(f"{code} {_table()[code]}" for code in old.now)
        how = "is now" if old.continued else "was dissolved; parts went to"
        return f"{old.name} (until {old.until}) {how} {heirs}"
    wider = _parent(six)
    while wider is not None and wider not in _table():
        wider = _parent(wider)
    if wider not in {None, NATION} and (
        six[4:] == "01" or (six[4:] == "00" and six[2:4] in {"01", "02", "90"})
    ):
        return (
            f"that code is a heading (市辖区 or the like), no division; write {wider} {_table()[str(wider)]}"
        )
    near = sorted(
        (each for each in _table() if _level(each) == _level(six)), key=lambda each: _distance(each, six)
    )
    return "near codes are " + "、".join(f"{each} {_table()[each]}" for each in near[:3])


def _distance(one: str, other: str) -> tuple[bool, bool, int, str]:
    return one[:2] != other[:2], one[:4] != other[:4], abs(int(one) - int(other)), one


def chain(code: str | int) -> tuple[Region, ...]:
    """Return the division itself and all above it, the nation last."""
    return tuple(_upwards(region(code)))


def _upwards(start: Region) -> Iterator[Region]:
    here = start
    while True:
        yield here
        if here.parent is None:
            return
        here = _region(here.parent)


def is_within(code: str | int, area: str | int) -> bool | None:
    """Tell whether whatever lies in `code` lies in `area`.

    True if `area` is the division itself or above it, None if `code` is above `area` (known too coarsely to
    tell), False if the two never meet.
    """
    inner, outer = region(code), region(area)
    if outer in _upwards(inner):
        return True
    return None if inner in _upwards(outer) else False


def children(code: str | int) -> tuple[Region, ...]:
    """Return the divisions directly below, by code; none below a county or a prefecture such as 东莞市."""
    return _children().get(region(code).code, ())


@cache
def _children() -> dict[str, tuple[Region, ...]]:
    below: dict[str, list[Region]] = {}
    for each in sorted(_table()):
        parent = _parent(each)
        if parent is not None:
            below.setdefault(parent, []).append(_region(each))
    return {parent: tuple(members) for parent, members in below.items()}


def descendants(code: str | int) -> tuple[Region, ...]:
    """Return all divisions below, depth first, each before its own children."""
    return tuple(_downwards(region(code).code))


def _downwards(code: str) -> Iterator[Region]:
    for child in _children().get(code, ()):
        yield child
        yield from _downwards(child.code)


def full_name(code: str | int) -> str:
    """Return the names from the province down, run together (云南省昆明市呈贡区); 全国 for the nation."""
    parts = [each.name for each in chain(code) if each.level != "nation"]
    return "".join(reversed(parts)) or _table()[NATION]


def former(code: str | int) -> FormerRegion | None:
    """Return the last division that gave up this code, or its name under it, since 1995; None if none did."""
    return _former_by_code().get(normalise(code))


def resolve_old(code: str | int) -> Region | None:
    """Return the one division of today that a code stands for.

    A code in use gives its own division; a former one its successor where the whole area goes on as one
    division (532522 蒙自县 -> 532503 蒙自市). None where it was divided or merged without certainty (see
    `former`) and for codes that never were. Raises UnknownRegion only for what is no code at all.
    """
    six = normalise(code)
    if six in _table():
        return _region(six)
    old = _former_by_code().get(six)
    return _region(old.now[0]) if old is not None and old.continued else None


def find(name: str, within: str | int | None = None) -> list[Region]:
    """Return the divisions a name may mean, widest first, then by code; empty if none.

    Takes official names (蒙自市), short ones (蒙自, 红河州, 屏边县), runs of them (云南省红河州蒙自市) and,
    where no name of today fits, former ones (蒙自县; 南郊区 gives each division that took a part).
    `within` keeps only what lies in that division. Raises UnknownRegion for a bad `within`.
    """
    text = "".join(unicodedata.normalize("NFKC", name).split())
    area = NATION if within is None else region(within).code
    codes = _named(text, area)
    return [_region(code) for code in sorted(codes, key=lambda code: (_LEVELS.index(_level(code)), code))]


def _named(text: str, area: str) -> set[str]:
    for index in (_names_today(), _names_former()):
        found = {code for code in index.get(text, ()) if is_within(code, area)}
        if found:
            return found
    for cut in range(len(text) - 1, 1, -1):
        upper = {
            code for code in _names_today().get(text[:cut], ()) if is_within(code, area) and code != NATION
        }
        found = {lower for code in upper for lower in _named(text[cut:], code) if lower != code}
        if found:
            return found
    return set()


@cache
def _names_today() -> dict[str, set[str]]:
    index: dict[str, set[str]] = {}
    for code, name in _table().items():
        for form in _forms(name):
            index.setdefault(form, set()).add(code)
    return index


@cache
def _names_former() -> dict[str, set[str]]:
    index: dict[str, set[str]] = {}
    for old in _former():
        for form in _forms(old.name):
            index.setdefault(form, set()).update(old.now)
    return index


def names(code: str | int) -> tuple[str, ...]:
    """Return the official name and its shorter forms, longest first: 红河哈尼族彝族自治州, 红河州, 红河."""
    return tuple(sorted(_forms(region(code).name), key=lambda form: (-len(form), form)))


def _forms(name: str) -> set[str]:
    """Return the name and its shorter forms: 红河哈尼族彝族自治州 -> 红河州, 红河."""
    forms = {name}
    for suffix, generic in (("自治区", ""), ("自治州", "州"), ("自治县", "县"), ("自治旗", "旗")):
        if name.endswith(suffix):
            stem = _without_peoples(name.removesuffix(suffix))
            return forms | {stem, stem + generic}
    for suffix in ("特别行政区", "地区", "林区", "新区", "特区", "省", "市", "县", "区", "盟", "旗"):
        stem = name.removesuffix(suffix)
        if stem != name:
            return forms | {stem} if len(stem) > 1 else forms
    return forms


def _without_peoples(stem: str) -> str:
    """Cut the names of peoples off the end, as long as a name of two characters is left (内蒙古, 东乡族)."""
    for people in _PEOPLES:
        if stem.endswith(people) and len(stem) > len(people) + 1:
            return _without_peoples(stem.removesuffix(people))
    return stem if len(stem) < 3 else stem.removesuffix("族")


@cache
def zones() -> tuple[Zone, ...]:
    """Return the zones on record: those of Yunnan and Datong whose place is certain. Not a full list."""
    return tuple(
        Zone(name, kind, within, tuple(aliases.split())) for name, kind, within, aliases in _rows("zones.csv")
    )


def find_zone(name: str) -> Zone | None:
    """Return the zone with this name or alias, None if it is not on record."""
    text = "".join(unicodedata.normalize("NFKC", name).split())
    return next((zone for zone in zones() if text == zone.name or text in zone.aliases), None)
