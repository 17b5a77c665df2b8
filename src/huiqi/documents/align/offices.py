"""The offices that a clause makes answer, by what they do rather than by the level they stand at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from huiqi.documents.agencies import AgencyMention
from huiqi.documents.comparison import normalise
from huiqi.documents.outline import OutlinedClause
from huiqi.reference import regions
from huiqi.reference.agencies import Agency, Place, resolve
from huiqi.reference.regions import NATION

_MANY = frozenset({"offices", "group", "banks", "governments", "firms", "zones", ""})
"""Functions that many bodies share: there the name decides too."""
_BODIES = re.compile(r"有关部门|各?部门|单位|委办局|相关部门")
_LIKE = 55
_LIKE_UNKNOWN = 80
_ANY_PLACE = re.compile(r"[\u3400-\u9fff]{2,3}[省市州县]")
"""A place inside a name that the registry does not know: 中国人民银行云岭省分行; a letter too many does no harm."""
_OWN_PLACE = re.compile(r"^[\u3400-\u9fff]{2,5}?(?=[省市州县区][\u3400-\u9fff]{2,})")


@dataclass(frozen=True, slots=True)
class Office:
    """One office of a clause. `function` is the registry's word for what it does, empty where it is unknown.

    `name` is its name without the division, `leads` whether it takes the lead.
    """

    mention: AgencyMention
    function: str
    name: str
    collective: bool

    @property
    def leads(self) -> bool:
        """Whether the clause puts it in the lead."""
        return self.mention.role == "lead"


def offices(clause: OutlinedClause, place: Place) -> tuple[Office, ...]:
    """The offices that the clause prints, each once, in printed order."""
    found: dict[tuple[str, str], Office] = {}
    for mention in clause.agencies:
        agency = _agency(mention, place)
        function = agency.function if agency else ""
        name = _bare(mention.agency or mention.printed, place)
        office = Office(mention, function, name, bool(agency and agency.collective))
        found.setdefault((function, name), office)
    return tuple(found.values())


def _agency(mention: AgencyMention, place: Place) -> Agency | None:
    if mention.agency is not None:
        named = resolve(mention.agency, place)
        if named is not None:
            return named
    found = resolve(mention.printed, place)
    if found is not None or place.region is not None:
        return found
    # What an office does is the same everywhere: of a place that the registry does not know, ask as of any other.
    bare = _OWN_PLACE.sub("", mention.printed)
    return next((each for each in (resolve(bare, where) for where in _anywhere()) if each), None)


@cache
def _anywhere() -> tuple[Place, ...]:
    return tuple(Place.of(region) for region in ("53", "1402", "5325", "532524", "140213"))


def same(one: Office, other: Office) -> bool:
    """Whether two offices of different levels are counterparts."""
    if one.function and other.function:
        if one.function != other.function:
            return False
        if one.function not in _MANY:
            return True
        if one.collective != other.collective:
            return False
        if one.function in {"governments", "banks"}:
            return True
        if one.function == "offices" and one.collective:
            return bool(_BODIES.search(one.name)) and bool(_BODIES.search(other.name))
        return int(fuzz.ratio(one.name, other.name)) >= _LIKE
    if bool(one.function) != bool(other.function):
        return one.name == other.name
    return int(fuzz.ratio(_ANY_PLACE.sub("", one.name), _ANY_PLACE.sub("", other.name))) >= _LIKE_UNKNOWN


@cache
def _places(region: str) -> re.Pattern[str]:
    names = {
        name for each in regions.chain(region) if each.code != NATION for name in regions.names(each.code)
    }
    ordered = sorted((name for name in names if len(name) > 1), key=len, reverse=True)
    return re.compile("|".join(re.escape(each) for each in ordered))


def _bare(name: str, place: Place) -> str:
    form = normalise(name)
    if place.region is not None and place.region != NATION:
        form = _places(place.region).sub("", form)
    return re.sub(r"^[省州市县区盟旗](?:级|直|属)?(?=..)", "", form)
