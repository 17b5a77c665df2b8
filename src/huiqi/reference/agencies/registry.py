"""One office of the registry for a printed name, or none where the registry does not know."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from huiqi.reference import regions
from huiqi.reference.agencies import tables
from huiqi.reference.agencies.collectives import read_collective
from huiqi.reference.agencies.places import MUNICIPALITIES, Place, by_name, by_word, letter, name_of, short_of
from huiqi.reference.agency_names import english_agency
from huiqi.reference.regions import Region

_BRACKETS = str.maketrans("()〔〕[]", "（）（）（）")
_LONGEST = 60
_SHORTEST_ALONE = 3
"""What may stand without any division before it: 财政局, but not 移动."""


@dataclass(frozen=True, slots=True)
class Agency:
    """One office, or one body of many.

    `region` is the division it serves (six digits), None for offices of the centre. `stated` tells whether
    the printed name said which division of local government it belongs to (省财政厅), so that names behind it
    may leave that out. `since` and
    `until` (2023-05, half open) are empty where not known; `successor` is what it became then.
    """

    name: str
    function: str
    region: str | None
    collective: bool = False
    stated: bool = False
    since: str = ""
    until: str = ""
    successor: str = ""


def resolve(printed: str, place: Place, carried: str | None = None) -> Agency | None:
    """Return the office that `printed` means in a text of `place`, None where the registry cannot tell.

    `carried` is the division of the office before it in the same list, for names without a division of
    their own (省财政厅、商务厅).
    """
    text = _plain(printed)
    if not 1 < len(text) <= _LONGEST:
        return None
    return _resolve(text, place, carried)


def _plain(printed: str) -> str:
    """One width, full-width round brackets, no spaces but between Latin words."""
    form = unicodedata.normalize("NFKC", printed).strip()
    if re.search(r"[\u3400-\u9fff]", form) is None:
        chinese = english_agency(" ".join(form.split()))
        form = chinese or ""
    return re.sub(r"\s", "", form).translate(_BRACKETS)


@lru_cache(maxsize=20_000)
def _resolve(text: str, place: Place, carried: str | None) -> Agency | None:
    always, bare = tables.nationals()
    national = always.get(text) or (bare.get(text) if place.level == "nation" else None)
    if national is not None and (place.level == "nation" or text not in tables.forms()[""]):
        return Agency(
            national.name, "", None, False, True, national.since, national.until, national.successor
        )
    single = tables.named().get(text)
    if single is not None:
        return Agency(single[1], single[0], None, stated=True)
    found = _local(text, place, carried)
    if found is not None:
        return found
    body = read_collective(text, place)
    if body is not None:
        return Agency(body.name, body.function, body.region, collective=True, stated=True)
    return None


def _local(text: str, place: Place, carried: str | None) -> Agency | None:
    for before, ends in tables.forms().items():
        if not text.startswith(before):
            continue
        rest = text[len(before) :]
        # The longest ending first: 市场监管局 without a division before 场监管局 of a 市.
        for cut in range(len(rest)):
            named = ends.get(rest[cut:])
            if named is None:
                continue
            if cut == 0 and not before and len(rest) < _SHORTEST_ALONE:
                continue
            agency = _of_forms(named, rest[:cut], rest[cut:], place, carried)
            if agency is not None:
                return agency
    return None


def _of_forms(
    named: list[tables.Form], prefix: str, ending: str, place: Place, carried: str | None
) -> Agency | None:
    candidates = _divisions(prefix, place, carried)
    for group in candidates:
        fits = [(form, each) for each in group for form in named if _has(form, each)]
        if not fits:
            continue
        names = {_written(form, each) for form, each in fits}
        if len(names) > 1:
            # A name in full goes before the same words as a short form.
            fits = [(form, each) for form, each in fits if form.name.endswith("}" + ending)] or fits
            names = {_written(form, each) for form, each in fits}
        if len(names) > 1 and prefix:
            # 云南金融监管局 is the centre's office, 省金融监管局 the province's own.
            centre = all(prefix == short_of(each) for _, each in fits)
            fits = [(form, each) for form, each in fits if form.dispatched == centre] or fits
            names = {_written(form, each) for form, each in fits}
        if len(names) > 1:
            fits = [(form, each) for form, each in fits if _stood(form, place)]
            names = {_written(form, each) for form, each in fits}
        if len(names) == 1:
            form, each = fits[0]
            return Agency(
                _written(form, each),
                form.function,
                each.code,
                stated=bool(prefix) and not form.dispatched,
                since=form.since,
                until=form.until,
                successor=_fill(form.successor, each) if form.successor else "",
            )
        return None
    return None


def _divisions(prefix: str, place: Place, carried: str | None) -> list[tuple[Region, ...]]:
    """Groups of divisions that a printed prefix may mean, the likelier group first."""
    if prefix:
        level = prefix.removesuffix("级") if prefix.endswith("级") and len(prefix) < 4 else prefix
        here = by_word(level, place)
        return [(here,)] if here is not None else [by_name(prefix, place.region)]
    order: list[tuple[Region, ...]] = []
    if carried is not None:
        order.append((regions.region(carried),))
    order.extend((each,) for each in place.chain)
    return order


def _has(form: tables.Form, region: Region) -> bool:
    if form.within and not region.code.startswith(form.within):
        return False
    if letter(region) in form.levels:
        return True
    # Districts of a municipality under the centre name their offices as it does: 区住房和城乡建设委员会.
    return region.level == "county" and region.parent in MUNICIPALITIES and "m" in form.levels


def _stood(form: tables.Form, place: Place) -> bool:
    """Whether an office of this name may have stood at the text's date; without a date only those that stand."""
    if place.on is None:
        return not form.until
    month = place.on.isoformat()[:7]
    return (not form.since or form.since <= month) and (not form.until or month < form.until)


def _written(form: tables.Form, region: Region) -> str:
    if "{u}" in form.name and (region.parent is None or regions.region(region.parent).level != "prefecture"):
        return name_of(region) + form.name.partition("{u}")[2].partition("{s}")[0]
    return _fill(form.name, region)


def _fill(template: str, region: Region) -> str:
    above = regions.region(region.parent) if region.parent else region
    own = name_of(region)
    capital = region.level == "prefecture" and region.code[2:] == "0100"
    branch = short_of(region) if capital or region.code in MUNICIPALITIES else own
    return (
        template.replace("{r}", own)
        .replace("{s}", short_of(region))
        .replace("{u}", above.name)
        .replace("{b}", branch)
        .replace("{c}", above.name if capital else own)
    )
