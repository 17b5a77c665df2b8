"""Governments of a tier taken together (各县市人民政府), and one office of each of them (各县（市）科技局)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from huiqi.reference import regions
from huiqi.reference.agencies import tables
from huiqi.reference.agencies.places import Place, by_word, name_of
from huiqi.reference.regions import Region

WORD = r"(?:[我本全])?(?:省|自治区|自治州|自治县|地区|市|州|县|区|盟|旗)"
_UNITS = r"(?:[省州市县区盟旗地乡镇街]|设区的?市|自治州|自治区|直辖市|自治县|特区|林区|街道|苏木|[、，,/（）()和及]|级|以上|地方)+?"
_GOVERNMENTS = re.compile(
    rf"(?:(?P<level>{WORD}))?(?:所辖|下辖|辖区)?(?:各级?|县级以上地方各级|地方各级)(?P<units>{_UNITS})?"
    r"(?P<tail>级?(?:地方)?(?:人民)?政府(?:（管委会）|[（、和及]?(?:管委会|办事处|街道办事处|行政公署)）?)?|办事处|)"
    r"(?:及?其?(?:各)?(?:有关|相关)?(?P<offices>部门|单位))?"
)
_EACH = re.compile(rf"(?:(?P<level>{WORD}))?各(?P<rest>.{{3,30}})")


@dataclass(frozen=True, slots=True)
class Collective:
    """A body of many offices by its name in the registry, and the division it belongs to."""

    name: str
    function: str
    region: str


def division_of(word: str | None, place: Place) -> Region | None:
    """The division a word of level means, the text's own without one."""
    return by_word(word, place) if word else place.chain[0]


def read_governments(text: str, place: Place) -> Collective | None:
    """All governments of a tier: 各州、市人民政府, 各乡镇（街道）."""
    found = _GOVERNMENTS.fullmatch(text)
    if found is None:
        return None
    here = division_of(found["level"], place)
    units = found["units"]
    if here is None:
        return None
    if not units or not re.search("[省州市县区盟旗地乡镇街]", units):
        if "各级" not in text or not found["tail"] or found["offices"]:
            return None
        return Collective(f"{name_of(here)}各级人民政府", "governments", here.code)
    tiers = _tiers(units, here)
    if not tiers:
        return None
    end = "有关部门" if found["offices"] else ""
    return Collective(f"{name_of(here)}各{'、'.join(tiers)}人民政府{end}", "governments", here.code)


def _tiers(units: str, here: Region) -> list[str]:
    """The tiers of divisions below `here` that the printed units name, each with the kinds there are."""
    tiers: list[str] = []
    units = re.sub("设区的?市", "市", units)
    if here.level == "nation":
        return ["省（区、市）"] if "省" in units else []
    below = regions.children(here.code)
    if here.level == "province":
        prefectures = [each for each in below if each.level == "prefecture"]
        counties = [each for each in regions.descendants(here.code) if each.level == "county"]
        if prefectures and re.match(r"[、，（）地方级]*(?:[州市盟地])", units):
            tiers.append(_kinds(prefectures))
        if re.search("[县区旗]", units.replace("地区", "")) or not prefectures:
            tiers.append(_kinds(counties))
    elif here.level == "prefecture" and below and re.search("[市县区旗]", units):
        tiers.append(_kinds(list(below)))
    if re.search("[乡镇街]", units):
        tiers.append("乡（镇、街道）")
    return tiers


def _kinds(divisions: list[Region]) -> str:
    endings = {"自治州": "州", "盟": "盟", "地区": "地区", "市": "市", "县": "县", "区": "区", "旗": "旗"}
    order = ["州", "盟", "地区", "县", "旗", "市", "区"]
    kinds = {kind for each in divisions for end, kind in endings.items() if each.name.endswith(end)}
    if "地区" in kinds and not any(
        each.name.endswith("区") and not each.name.endswith("地区") for each in divisions
    ):
        kinds.discard("区")
    present = [kind for kind in order if kind in kinds]
    return present[0] + (f"（{'、'.join(present[1:])}）" if present[1:] else "")


def read_each(text: str, place: Place) -> Collective | None:
    """The same office of every division below: 各县（市）科技局."""
    found = _EACH.fullmatch(text)
    here = division_of(found["level"], place) if found else None
    if found is None or here is None:
        return None
    rest = found["rest"]
    for cut in range(1, len(rest) - 1):
        forms = [form for form in tables.forms()[""].get(rest[cut:], ()) if set(form.levels) & set("fc")]
        tiers = _tiers(rest[:cut], here) if forms and re.fullmatch(_UNITS, rest[:cut]) else []
        if tiers:
            break
    else:
        return None
    office = re.sub(r"\{[rsu]\}", "", forms[0].name)
    return Collective(f"{name_of(here)}各{'、'.join(tiers)}{office}", forms[0].function, here.code)
