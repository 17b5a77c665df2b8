"""The places that a visitor chooses from: as fine as the policies of the library tell places apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from huiqi.policies.library import PolicyLibrary
from huiqi.reference import regions
from huiqi.reference.regions import NATION, Region


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """A heading with its places, as (code, name)."""

    title: str
    places: tuple[tuple[str, str], ...]


def place_groups(library: PolicyLibrary) -> tuple[PlaceGroup, ...]:
    """Return provinces with policies of their own first, down to the counties where a prefecture has its own."""
    own = {measure.region for measure in library.measures} - {NATION}
    provinces = sorted({code[:2] + "0000" for code in own}, key=lambda code: (-_count(library, code), code))
    groups: list[PlaceGroup] = []
    for code in provinces:
        groups.extend(_province(regions.region(code), own))
    others = [each for each in regions.children(NATION) if each.code not in provinces]
    groups.append(PlaceGroup("", tuple((each.code, each.name) for each in others)))
    return tuple(groups)


def _province(province: Region, own: set[str]) -> Iterator[PlaceGroup]:
    below = regions.children(province.code)
    with_own = [each for each in below if any(code[:4] == each.code[:4] for code in own)]
    for each in with_own:
        counties = tuple((county.code, county.name) for county in regions.children(each.code))
        yield PlaceGroup(province.name + each.name, counties or ((each.code, each.name),))
    rest = [(each.code, each.name) for each in below if each not in with_own]
    yield PlaceGroup(province.name, tuple(rest))


def _count(library: PolicyLibrary, province: str) -> int:
    return sum(measure.region[:2] == province[:2] for measure in library.measures)
