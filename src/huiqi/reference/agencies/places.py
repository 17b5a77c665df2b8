"""Whose text it is, and which division a printed prefix (省, 州, 蒙自市, none) means in it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import lru_cache

from huiqi.reference import regions
from huiqi.reference.regions import NATION, Level, Region

MUNICIPALITIES = frozenset({"110000", "120000", "310000", "500000"})
_OWN = "我本全"


@dataclass(frozen=True, slots=True)
class Place:
    """Whose text it is: its level and division (six digits); `on` is the text's date, where known."""

    level: Level | None = None
    region: str | None = None
    on: datetime.date | None = None

    @classmethod
    def of(cls, region: str | int, on: datetime.date | None = None) -> Place:
        """The place of a division's text. Raises UnknownRegion."""
        found = regions.region(region)
        return cls(found.level, found.code, on)

    @property
    def chain(self) -> tuple[Region, ...]:
        """The division and all above it but the nation."""
        if self.level == "nation":
            return (regions.region(NATION),)
        if self.region is None:
            return ()
        return tuple(each for each in regions.chain(self.region) if each.code != NATION)


def letter(region: Region) -> str:
    """The level as the tables write it: p, m, f or c."""
    if region.code in MUNICIPALITIES:
        return "m"
    return {"nation": "n", "province": "p", "prefecture": "f", "county": "c"}[region.level]


def short_of(region: Region) -> str:
    """The shortest name: 红河."""
    return regions.names(region.code)[-1]


def name_of(region: Region) -> str:
    """The division's name as its offices bear it: a district's with its city's before it, 大同市平城区."""
    if region.level == "county" and region.name.endswith("区") and region.parent:
        return regions.region(region.parent).name + region.name
    return region.name


def by_word(word: str, place: Place) -> Region | None:
    """The division that a word of level means in a text of `place`: 市 in a text of Datong is 大同市."""
    word = word[1:] if word[:1] and word[0] in _OWN else word
    endings = {
        "省": ("省",),
        "自治区": ("自治区",),
        "市": ("市",),
        "州": ("自治州",),
        "自治州": ("自治州",),
        "盟": ("盟",),
        "地区": ("地区",),
        "行署": ("地区",),
        "县": ("县",),
        "自治县": ("自治县",),
        "旗": ("旗",),
        "区": ("区",),
    }.get(word)
    if endings is None:
        return None
    for each in place.chain:
        name = each.name
        if word in {"区", "自治区"} and each.level == "province":
            # 区 is a district before it is an autonomous region.
            if name.endswith("自治区"):
                return each
            continue
        if word == "自治区":
            continue
        if word == "区" and (each.level != "county" or name.endswith("自治区")):
            continue
        if word in {"县", "旗"} and each.level != "county":
            continue
        if name.endswith(endings):
            return each
    return None


@lru_cache(maxsize=20_000)
def by_name(name: str, home: str | None) -> tuple[Region, ...]:
    """The divisions a name may mean: those of the text's own chain first, then of its province, then all."""
    if len(name) < 2:
        return ()
    found = regions.find(name)
    if home is None or len(found) < 2:
        return tuple(found)
    chain = [each for each in regions.chain(home) if each.code != NATION]
    nearer = (
        tuple(each for each in found if each in chain),
        tuple(each for each in found if regions.is_within(each.code, home)),
        tuple(each for each in found if regions.is_within(each.code, chain[-1].code)),
    )
    return next((group for group in nearer if group), tuple(found))
