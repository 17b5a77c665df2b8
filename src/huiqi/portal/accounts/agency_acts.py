"""Adding an agency to those of the site."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from huiqi.portal.accounts.models import Agency, prefix
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.chain import sm3
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.look.asking import Asked
from huiqi.reference.agencies import Place, resolve
from huiqi.reference.regions import UnknownRegion, descendants, full_name, region


def _region_choices(actor: Actor) -> list[tuple[str, str]]:
    """The regions of the administrator's agencies, and those within them."""
    codes: dict[str, str] = {}
    for capacity in actor.allowed("agency.add"):
        for area in capacity.areas:
            home = region(area.ljust(6, "0"))
            for each in (home, *descendants(home.code)):
                codes[each.code] = full_name(each.code)
    return sorted(codes.items())


class Adding(Input):
    """An agency's full name, as documents print it, and its region."""

    name: Annotated[str, Field(min_length=4, max_length=80), Asked("单位全称", "Full name")]
    region: Annotated[str, Field(max_length=6), Asked("地区", "Region", choices=_region_choices)]


@act("agency.add", Agency, zh="新增单位", en="Add an agency", takes=Adding, creates=True)
def add_agency(doing: Doing, given: Adding) -> Agency:
    """Add an agency, under the name by which documents are read where that is known."""
    try:
        place = region(given.region)
    except UnknownRegion:
        raise Refused("没有这个地区", mend="请从列表中选择", cell="region") from None
    known = resolve(given.name, Place.of(place.code))
    exact = known is not None and known.region == place.code and not known.collective
    name = known.name if known is not None and exact else given.name
    if Agency.objects.filter(name=name).exists():
        raise Refused("这个单位已经登记", mend="请在岗位分布中查找", cell="name")
    # The same name gives the same code on every site of the province.
    agency = Agency(code=f"{place.code}-{sm3(name.encode())[:8]}", name=name, region=place.code)
    agency.save(force_insert=True)
    doing.say(within=prefix(place.code))
    return agency
