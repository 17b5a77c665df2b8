"""Bodies of many offices: 各县市人民政府, 州直有关部门, 领导小组成员单位, 各银行业金融机构."""

from __future__ import annotations

import re

from huiqi.reference import regions
from huiqi.reference.agencies import tables
from huiqi.reference.agencies.governments import WORD, Collective, division_of, read_each, read_governments
from huiqi.reference.agencies.places import Place, by_name, by_word, name_of, short_of
from huiqi.reference.regions import Region

_LEVEL = rf"(?P<level>{WORD})(?:级|直属|直|属)?"
_OFFICES = re.compile(
    rf"(?:{_LEVEL}|级)?(?:政府)?(?:各级|各|相关|有关|行业|主管|牵头|职能|责任|业务|监管|涉企|涉及|对应|归口|的|及其|和|与|其他|其它|部门|、)*"
    r"(?P<kind>部门|单位|委办局|委、?办、?局(?:和单位)?|直属机构|机构)"
)
_FIRMS = re.compile(
    rf"(?:{_LEVEL}|各)?(?:管|属)?(?:各|有关|相关|重点|大型|类|级)*(?P<kind>国有企业|国有平台公司|平台公司|国企|企业|融资平台)"
)
_CENTRAL = re.compile(
    r"(?:中央|国家|国|省)(?:、省|和省|及省)?(?:直|属|垂直)?驻(?P<where>[\u3400-\u9fff]{1,4}?)(?:的|各|有关|相关|直属)*(?:单位|机构|企业|部门)"
)
_BANKS = re.compile(
    rf"(?:{_LEVEL}|辖内|辖区|辖区内|本地)?(?:各|有关|相关|地方法人|地方|法人|政府性|国有|大型|内)*"
    r"(?P<kind>银行业金融机构|银行金融机构|银行业机构|银行机构|银行保险机构|银行业保险业机构|保险机构|金融机构|商业银行|银行|"
    r"融资担保机构|融资担保公司|担保机构|担保公司|保险公司|证券机构|金融单位|经办银行|经办机构)"
)
_BANK_NAMES = {
    "银行金融机构": "银行业金融机构",
    "银行业机构": "银行业金融机构",
    "银行机构": "银行业金融机构",
    "银行业保险业机构": "银行保险机构",
    "融资担保公司": "融资担保机构",
    "担保公司": "担保机构",
    "金融单位": "金融机构",
}
_ZONES = re.compile(
    rf"(?:{_LEVEL})?各?(?:有关|相关|重点|省级|国家级|工业|产业|经济|高新|功能|类|、)*(?:园区|开发区|新区|功能区|综保区|高新区|经开区)"
    r"(?:、?(?:园区|开发区|新区|功能区))*(?P<one>管委会|管理委员会|管理机构)?"
)
_GROUP = re.compile(
    rf"(?P<where>{WORD})?(?P<name>[^、，,;；]{{0,45}}?(?:领导小组|联席会议|指挥部|专班|协调小组|工作组|协调机制|推进组))"
    r"(?:制度|机制)?(?:的)?(?:各|有关|相关)*(?P<tail>办公室|办|成员单位|成员部门|单位|各工作组)?"
)
_MEMBERS = re.compile(
    rf"(?:{_LEVEL})?各?(?:有关|相关)?(?P<tail>成员单位|责任单位|参与单位|配合单位|牵头单位|链长单位)"
)
_DEPARTMENTS = re.compile(
    rf"(?:{_LEVEL}|各级|各地|当地)?(?P<kind>[\u3400-\u9fff（）、]{{2,12}}?)(?:行政)?(?:主管|管理|监管|行政)?部门"
)
_SHORT_OFFICE = re.compile(rf"(?P<where>{WORD})?(?P<short>.{{2,5}}?)(?P<tail>(?:各)?成员单位)?")


def read_collective(text: str, place: Place) -> Collective | None:
    """The body of many offices that `text` means in a text of `place`; None where it means none."""
    if not place.chain:
        return None
    for reader in (
        read_governments,
        _central,
        _banks,
        _zones,
        _group,
        _short_office,
        _members,
        _firms,
        _offices,
        read_each,
        _departments,
    ):
        found = reader(text, place)
        if found is not None:
            return found
    return None


def _offices(text: str, place: Place) -> Collective | None:
    found = _OFFICES.fullmatch(text)
    if found is None:
        return None
    here = division_of(found["level"], place)
    if here is None:
        return None
    if "主管" in text:
        return Collective(f"{name_of(here)}行业主管部门", "offices", here.code)
    kind = "单位" if found["kind"] == "单位" else "部门"
    return Collective(f"{name_of(here)}有关{kind}", "offices", here.code)


def _central(text: str, place: Place) -> Collective | None:
    found = _CENTRAL.fullmatch(text)
    if found is None:
        return None
    here = by_word(found["where"], place) or place.chain[0]
    return Collective(f"中央驻{short_of(here)}单位", "central", here.code)


def _banks(text: str, place: Place) -> Collective | None:
    found = _BANKS.fullmatch(text)
    here = division_of(found["level"], place) if found else None
    if found is None or here is None:
        return None
    kind = _BANK_NAMES.get(found["kind"], found["kind"])
    return Collective(f"{name_of(here)}各{kind}", "banks", here.code)


def _firms(text: str, place: Place) -> Collective | None:
    found = _FIRMS.fullmatch(text)
    here = division_of(found["level"], place) if found else None
    # 企业 alone is whoever the clause is about, no body that answers for it.
    if found is None or here is None or (found["kind"] == "企业" and not found["level"]):
        return None
    kind = "国有企业" if found["kind"] in {"国企", "企业"} else found["kind"]
    return Collective(f"{name_of(here)}属{kind}", "firms", here.code)


def _zones(text: str, place: Place) -> Collective | None:
    found = _ZONES.fullmatch(text)
    if found is not None and ("各" in text[:4] or (found["one"] and text[0] in "园开功")):
        here = division_of(found["level"], place)
        if here is not None:
            return Collective(f"{name_of(here)}各开发区管理委员会", "zones", here.code)
    return _one_zone(text)


def _one_zone(text: str) -> Collective | None:
    stem = re.sub("(?:管委会|管理委员会)$", "", text)
    zone = regions.find_zone(stem)
    return Collective(f"{zone.name}管理委员会", "zone", zone.within) if zone else None


def _group(text: str, place: Place) -> Collective | None:
    found = _GROUP.fullmatch(text)
    if found is None:
        return None
    where, name = found["where"], found["name"]
    here = by_word(where, place) if where else None
    if here is None:
        here, name = _leading_region((where or "") + name, place)
    if here is None or (not found["tail"] and name in {"工作组", "专班"}):
        return None
    tail = {"办": "办公室", "单位": "成员单位", "成员部门": "成员单位"}.get(
        found["tail"], found["tail"] or ""
    )
    each = "各" if name.startswith("各") and not tail else ""
    return Collective(f"{name_of(here)}{each}{name.removeprefix('各')}{tail}", "group", here.code)


def _leading_region(name: str, place: Place) -> tuple[Region | None, str]:
    """The division that opens a group's name, and the rest; the text's own where none does."""
    for cut in range(min(12, len(name) - 2), 1, -1):
        found = by_name(name[:cut], place.region)
        if len(found) == 1 or (found and found[0] in place.chain):
            return found[0], name[cut:]
    return place.chain[0], name


def _short_office(text: str, place: Place) -> Collective | None:
    found = _SHORT_OFFICE.fullmatch(text)
    name = tables.group_offices().get(found["short"]) if found else None
    here = division_of(found["where"], place) if found and name else None
    if found is None or name is None or here is None:
        return None
    return Collective(name_of(here) + name + ("成员单位" if found["tail"] else ""), "group", here.code)


def _members(text: str, place: Place) -> Collective | None:
    found = _MEMBERS.fullmatch(text)
    here = division_of(found["level"], place) if found else None
    if found is None or here is None:
        return None
    name = f"领导小组{found['tail']}" if found["tail"] == "成员单位" else f"各{found['tail']}"
    return Collective(name_of(here) + name, "group", here.code)


def _departments(text: str, place: Place) -> Collective | None:
    found = _DEPARTMENTS.fullmatch(text)
    here = division_of(found["level"], place) if found else None
    if found is None or here is None:
        return None
    kinds = [kind for kind in re.split("[、和及与]", found["kind"]) if kind]
    known = tables.stems()
    whole = found["kind"] in known
    if not whole and not all(kind in known for kind in kinds):
        return None
    return Collective(f"{name_of(here)}{found['kind']}部门", "departments", here.code)
