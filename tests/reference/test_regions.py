"""Divisions by code and name: what a code means, what lies in what, what became of former counties."""

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.reference import regions
from huiqi.reference.regions import (
    Region,
    UnknownRegion,
    chain,
    find,
    full_name,
    is_within,
    region,
    resolve_old,
)

ALL = (region(0), *regions.descendants(0))
some_region = st.sampled_from([each.code for each in ALL])


def codes(found: list[Region]) -> list[str]:
    return [each.code for each in found]


@pytest.mark.parametrize("written", [53, "53", "5300", "530000", 530000, " 53 ", "５３"])
def test_a_province_may_be_written_short(written: str | int):
    assert region(written) == Region("530000", "云南省", "province", "000000")


def test_prefecture_county_and_nation():
    assert region(5325) == Region("532500", "红河哈尼族彝族自治州", "prefecture", "530000")
    assert region("532503") == Region("532503", "蒙自市", "county", "532500")
    assert region("000000") == region(0) == Region("000000", "全国", "nation", None)


def count(level: str, area: str | int = 0) -> int:
    return sum(each.level == level for each in regions.descendants(area))


def test_counts_are_those_of_the_ministry():
    assert count("province") == 34
    assert (count("prefecture", 53), count("county", 53)) == (16, 129)
    assert len(regions.children(5325)) == 13
    assert len(regions.children(1402)) == 10
    assert (count("prefecture"), count("county")) == (333, 2847)


def test_counties_of_municipalities_and_province_administered_ones_lie_under_the_province():
    assert region("110105") == Region("110105", "朝阳区", "county", "110000")
    assert region("500101").parent == "500000"
    assert region("429004").parent == "420000"
    assert region("419001").parent == "410000"
    assert region("659001").parent == "650000"


def test_a_city_without_counties_is_a_prefecture_with_none_below():
    assert region("441900") == Region("441900", "东莞市", "prefecture", "440000")
    assert regions.children("441900") == ()
    assert is_within("441900", 44) is True


def test_a_former_code_is_refused_with_its_successor():
    with pytest.raises(UnknownRegion, match=r"蒙自县 \(until 2010\) is now 532503 蒙自市"):
        region("532522")


def test_a_divided_county_is_refused_with_all_who_took_a_part():
    with pytest.raises(UnknownRegion, match=r"南郊区.*新荣区、140213 平城区、140214 云冈区"):
        region("140211")


@pytest.mark.parametrize(
    ("heading", "instead"),
    [("110100", "110000 北京市"), ("530101", "530100 昆明市"), ("419000", "410000 河南省")],
)
def test_headings_of_the_standard_are_no_divisions(heading: str, instead: str):
    with pytest.raises(UnknownRegion, match=f"heading.*write {instead}"):
        region(heading)


def test_an_unknown_code_hints_at_near_ones():
    with pytest.raises(UnknownRegion, match="near codes are 532532 河口瑶族自治县"):
        region("532533")


@pytest.mark.parametrize("wrong", ["", "5", "532", "53250", "5325031", "5325x3", "云南", -53, True])
def test_what_is_no_code_is_refused_with_the_form_expected(wrong: str | int):
    with pytest.raises(UnknownRegion, match="2, 4 or 6 digits"):
        region(wrong)


def test_chain_leads_up_to_the_nation():
    assert [each.name for each in chain("532503")] == ["蒙自市", "红河哈尼族彝族自治州", "云南省", "全国"]
    assert [each.name for each in chain("110105")] == ["朝阳区", "北京市", "全国"]


def test_within_is_yes_no_or_unknown():
    assert is_within("532503", 5325) is True
    assert is_within("532503", "532503") is True
    assert is_within("532503", "532501") is False
    assert is_within("532503", 14) is False
    assert is_within(53, "532503") is None


def test_full_names():
    assert full_name("532503") == "云南省红河哈尼族彝族自治州蒙自市"
    assert full_name("110105") == "北京市朝阳区"
    assert full_name(0) == "全国"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("蒙自市", ["532503"]),
        ("蒙自", ["532503"]),
        ("屏边", ["532523"]),
        ("屏边县", ["532523"]),
        ("红河州", ["532500"]),
        ("红河", ["532500", "532529"]),
        ("内蒙古", ["150000"]),
        ("新疆", ["650000"]),
        ("香港", ["810000"]),
        ("双江县", ["530925"]),
        ("东乡族自治县", ["622926"]),
        ("云南省红河州蒙自市", ["532503"]),
        ("云南 红河 蒙自", ["532503"]),
        ("北京市朝阳区", ["110105"]),
        ("全国", ["000000"]),
        ("蒙自县", ["532503"]),
        ("弥勒县", ["532504"]),
        ("大同县", ["140215"]),
        ("中甸县", ["533401"]),
        ("云南省禄丰县", ["532302"]),
        ("南郊区", ["140212", "140213", "140214"]),
        ("无此县", []),
        ("", []),
    ],
)
def test_names_full_short_run_together_and_former(name: str, expected: list[str]):
    assert codes(find(name)) == expected


def test_the_same_name_is_told_apart_by_the_area():
    assert len(find("朝阳区")) == 2
    assert codes(find("朝阳区", within=11)) == ["110105"]
    assert codes(find("矿区", within=1402)) == ["140214"]
    assert codes(find("矿区", within=1403)) == ["140303"]
    assert find("蒙自", within=14) == []


def test_codes_given_up():
    assert resolve_old("532522") == region("532503")
    assert resolve_old("532526") == region("532504")
    assert resolve_old("140227") == region("140215")
    assert resolve_old("140203") == region("140214")
    assert resolve_old("532503") == region("532503")
    assert resolve_old("420523") == region("420583")
    assert resolve_old("140202") is None
    assert resolve_old("320586") is None
    assert resolve_old("539999") is None


def test_every_former_division_leads_to_divisions_of_today():
    for old in regions._former():
        assert 1995 <= old.until <= 2026
        assert old.now
        assert all(region(code) for code in old.now)
        if old.continued:
            (code,) = old.now
            assert region(code).level == regions._level(old.code), old


def test_names_and_codes_are_well_formed():
    assert len({each.code for each in ALL}) == len(ALL)
    for each in ALL:
        assert "," not in each.name
        assert each.name == each.name.strip() != ""


def test_zones_lie_in_divisions_that_exist():
    assert regions.find_zone("蒙自经开区") == regions.find_zone("蒙自经济技术开发区")
    zone = regions.find_zone("河口边境经济合作区")
    assert zone is not None
    assert full_name(zone.within).endswith("河口瑶族自治县")
    assert all(region(each.within) for each in regions.zones())
    assert regions.find_zone("无此开发区") is None


@given(some_region)
def test_every_chain_ends_at_the_nation_and_widens_at_every_step(code: str):
    links = chain(code)
    assert links[0] == region(code)
    assert links[-1].level == "nation"
    order = ["county", "prefecture", "province", "nation"]
    ranks = [order.index(each.level) for each in links]
    assert ranks == sorted(set(ranks))
    assert [each.parent for each in links[:-1]] == [each.code for each in links[1:]]


@given(some_region, some_region)
def test_within_agrees_with_the_chain_and_its_converse(one: str, other: str):
    inside = is_within(one, other)
    assert (inside is True) == (region(other) in chain(one))
    if inside is None:
        assert is_within(other, one) is True
    if inside is False:
        assert is_within(other, one) is False


@given(some_region, some_region)
def test_knowing_the_place_better_never_flips_an_answer(code: str, area: str):
    coarse = [is_within(wider.code, area) for wider in chain(code)[1:]]
    assert all(answer in {None, is_within(code, area)} for answer in coarse)


@given(some_region)
def test_every_division_is_found_by_its_full_name_and_its_own(code: str):
    assert region(code) in find(full_name(code))
    assert region(code) in find(region(code).name)


def test_import_reads_no_table_and_the_first_look_up_is_quick():
    script = (
        "import huiqi.reference.regions as r; assert r._table.cache_info().currsize == 0;"
        "import time; t = time.process_time(); r.region('532503'); print(time.process_time() - t)"
    )
    best = min(
        float(
            subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True).stdout
        )
        for _ in range(3)
    )
    assert best < 0.03


def test_a_look_up_costs_microseconds():
    region("532503")
    started = time.process_time()
    for _ in range(10_000):
        is_within("532503", "530000")
    assert time.process_time() - started < 0.5
