"""The registry's data, row by row, and what it makes of every division."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.reference import regions
from huiqi.reference.agencies import Place, resolve
from huiqi.reference.agencies.tables import forms, named, nationals, rows

PERIOD = re.compile(r"(\d{4}(-\d{2})?)?")
DIVISIONS = [each for each in regions.descendants("000000") if each.code[:2] not in {"71", "81", "82"}]


@pytest.mark.parametrize("file", ["agencies_local.csv", "agencies_dispatched.csv"])
def test_each_row_names_offices_of_known_levels(file):
    for row in rows(file):
        levels, _, within = row["levels"].partition("@")
        assert levels and set(levels) <= set("pmfc"), row
        assert all(re.fullmatch(r"\d{2,6}", code) for code in within.split("|") if code), row
        assert PERIOD.fullmatch(row["until"]) and PERIOD.fullmatch(row.get("since") or ""), row
        assert set(re.findall(r"\{(.)\}", row["name"] + row["successor"])) <= set("rsubc"), row
        for printed in (row.get("printed") or "").split():
            assert printed.count("{p}") == 1, row
        assert not row["successor"] or row["until"], row


def test_each_national_successor_is_registered():
    names = {row["name"] for row in rows("agencies_national.csv")}
    for row in rows("agencies_national.csv"):
        assert not row["successor"] or row["successor"] in names, row
        assert PERIOD.fullmatch(row["since"]) and PERIOD.fullmatch(row["until"]), row


def test_no_office_is_registered_twice():
    for file in ("agencies_local.csv", "agencies_national.csv"):
        names = [(row["name"], row.get("levels")) for row in rows(file)]
        assert len(names) == len(set(names))


def test_every_registered_name_is_known_by_itself():
    for office in nationals()[0]:
        assert resolve(office, Place("nation")) is not None, office
    for printed, (_, full) in named().items():
        found = resolve(printed, Place.of("53"))
        assert found is not None and found.name == full
    datong, yunnan, mengzi = Place.of("1402"), Place.of("53"), Place.of("532503")
    for row in rows("agencies_local.csv"):
        if "{u}" in row["name"]:
            continue
        place = next(
            each
            for each, letter in ((datong, "f"), (yunnan, "p"), (mengzi, "c"), (Place.of("50"), "m"))
            if letter in row["levels"]
        )
        full = row["name"].replace("{r}", regions.region(place.region or "").name)
        found = resolve(full, place)
        assert found is not None and found.name == full, full


@given(st.sampled_from(DIVISIONS))
def test_the_finance_office_of_every_division_resolves_by_its_level_s_word(division):
    place = Place.of(division.code)
    word = next(
        end
        for end in ("自治区", "省", "自治州", "州", "盟", "地区", "自治县", "县", "自治旗", "旗", "市", "区")
        if division.name.endswith(end)
    )
    word = {"自治州": "州", "自治旗": "旗", "自治县": "县"}.get(word, word)
    organ = "财政厅" if division.level == "province" and not division.name.endswith("市") else "财政局"
    found = resolve(word + organ, place)
    if division.name.endswith(("林区", "特区")):
        return
    assert found is not None
    assert found.region == division.code
    assert found.name.endswith(division.name + organ)


@given(st.text(alphabet="省市州县区各级财政局厅委会人民府、（）和及有关部门单位银行领导小组0 A", max_size=70))
def test_any_text_is_answered(text):
    found = resolve(text, Place.of("5325"))
    assert found is None or found.name


def test_a_printed_ending_leads_to_forms_of_one_function():
    for end, found in forms()[""].items():
        # 乡村振兴 and the like may share an ending; unlike functions may not, but for the two finance watchdogs.
        functions = {form.function for form in found}
        assert len(functions) == 1 or functions == {"finance-office", "banking"}, (end, functions)
