"""Industries by code, and the groups of industries that notices name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.reference import industries
from huiqi.reference.industries import (
    GROUPS,
    Industry,
    UnknownIndustry,
    UnknownIndustryGroup,
    ancestors,
    group,
    industry,
    member,
    normalise,
)

divisions = st.sampled_from([each.code for each in industries.listed("division")])
any_code = st.one_of(
    st.sampled_from([each.code for each in industries.listed()]),
    st.builds(str.__add__, divisions, st.from_regex(r"[1-9]?[0-9]?", fullmatch=True)),
)


def test_the_standard_has_20_sections_97_divisions_and_473_groups():
    assert [each.code for each in industries.listed("section")] == list("ABCDEFGHIJKLMNOPQRST")
    assert [each.code[1:] for each in industries.listed("division")] == [f"{n:02}" for n in range(1, 98)]
    assert len(industries.listed("group")) == 473
    assert len({each.code for each in industries.listed()}) == len(industries.listed())


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("C", "C"),
        ("26", "C26"),
        ("C26", "C26"),
        ("c26", "C26"),
        ("K7010", "K7010"),
        ("7010", "K7010"),
        ("H6210", "H6210"),
        ("０５", "A05"),
        ("Ｃ２６", "C26"),
        (" 011 ", "A011"),
    ],
)
def test_codes_are_taken_with_or_without_letter(written: str, code: str):
    assert industry(written).code == normalise(written) == code


def test_an_industry_knows_its_name_level_and_parent():
    assert industry("26") == Industry("C26", "化学原料和化学制品制造业", "division", "C")
    assert industry("K7010") == Industry("K7010", "房地产开发经营", "class", "K701")
    assert industry("R") == Industry("R", "文化、体育和娱乐业", "section", None)


def test_a_class_that_is_not_on_record_is_taken_by_its_division():
    assert industry("2651") == Industry("C2651", None, "class", "C265")
    assert industry("C265").name == "合成材料制造"
    assert [each.code for each in ancestors("2651")] == ["C265", "C26", "C"]
    assert ancestors("C") == ()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("98", "no division 98"),
        ("00", "no division 00"),
        ("A26", "belongs to section C: C26"),
        ("U", "sections are A to T"),
        ("U26", "belongs to section C"),
        ("5", "two digits"),
        ("C26111", "two digits"),
        ("制造业", "a letter and up to four digits"),
        ("制", "a letter and up to four digits"),
        ("26-1", "a letter and up to four digits"),
        ("", "a letter and up to four digits"),
        (26, "as text"),
    ],
)
def test_what_is_no_industry_is_refused_with_the_reason(wrong: str, why: str):
    with pytest.raises(UnknownIndustry, match=why):
        industry(wrong)


def test_membership_is_yes_no_or_unknown():
    assert member("H6210", "catering") is True
    assert member("C26", "service_industries") is False
    assert member("0511", "service_industries") is True
    assert member("A", "service_industries") is None
    assert member("L", "tourism") is None
    assert member("7291", "tourism") is True
    assert member("7292", "tourism") is False


def test_membership_in_codes_given_directly():
    assert member("2651", ["26", "C13"]) is True
    assert member("2651", "C") is True
    assert member("2651", []) is False
    with pytest.raises(UnknownIndustry):
        member("2651", ["98"])


def test_a_nought_marks_what_the_standard_does_not_divide():
    assert member("K701", ["K7010"]) is True
    assert member("K7010", ["K701"]) is True
    assert member("T97", ["T9700"]) is True
    assert member("B10", ["B101"]) is None


def test_an_unknown_group_names_the_near_ones():
    with pytest.raises(UnknownIndustryGroup, match="did you mean manufacturing"):
        group("manufactoring")
    with pytest.raises(UnknownIndustryGroup, match="service_industries"):
        member("C26", "service_industry")


def codes(*group_ids: str) -> set[str]:
    return {code for group_id in group_ids for code in group(group_id).members}


def test_the_groups_have_the_number_of_members_their_names_say():
    assert len(group("hardest_hit_17_more").members) == 17
    assert len(group("vat_refund_6").members) == 6
    assert len(group("vat_refund_7_more").members) == 7
    assert codes("vat_refund_13") == codes("vat_refund_6", "vat_refund_7_more")
    assert codes("hardest_hit_5") == codes(
        "catering", "retail", "tourism", "civil_aviation", "road_water_rail_transport"
    )
    assert codes("culture_tourism") == codes("culture", "tourism")
    assert codes("covid_hit_credit") == codes(
        "accommodation", "catering", "retail", "culture", "tourism", "transport"
    )


def test_the_17_further_industries_bear_the_printed_names():
    names = [industry(code).name for code in group("hardest_hit_17_more").members]
    assert names[0] == "农副食品加工业"
    assert names[10] == "铁路、船舶、航空航天和其他运输设备制造业"
    assert names[12:] == ["社会工作", "广播、电视、电影和录音制作业", "文化艺术业", "体育", "娱乐业"]


def test_the_vat_sectors_bear_the_printed_names():
    words = group("vat_refund_6").words
    assert all(str(industry(code).name) in words for code in group("vat_refund_6").members)
    words = group("vat_refund_7_more").words
    assert all(str(industry(code).name) in words for code in group("vat_refund_7_more").members)


def test_every_group_is_sourced_and_its_members_are_on_record():
    assert len(GROUPS) >= 20
    for group_id, each in GROUPS.items():
        assert group_id == each.id
        assert group_id.isidentifier()
        assert group_id.islower()
        assert each.name
        assert each.source
        assert each.words
        assert each.note or not each.presumed
        assert each.members
        assert len(set(each.members)) == len(each.members)
        assert all(industry(code).name for code in each.members)
        assert not [
            (inner, outer)
            for inner in each.members
            for outer in each.members
            if inner != outer and inner.startswith(outer)
        ]


def test_no_id_stands_twice_in_the_file():
    text = (industries._DATA / "industry_groups.yaml").read_text(encoding="utf-8")
    ids = [line.removeprefix("- id: ") for line in text.splitlines() if line.startswith("- id: ")]
    assert ids == list(GROUPS)


def test_every_parent_on_record_is_on_record():
    table = {each.code for each in industries.listed()}
    assert all(each.parent in table for each in industries.listed() if each.parent)


@given(any_code)
def test_every_chain_ends_at_a_section_and_shortens(code: str):
    links = industries.chain(code)
    assert links[0].code == code
    assert links[-1].level == "section"
    assert [each.parent for each in links] == [*[each.code for each in links[1:]], None]


@given(any_code)
def test_the_letter_says_nothing_new(code: str):
    if len(code) > 1:
        assert industry(code[1:]) == industry(code)


@given(any_code, st.sampled_from(sorted(GROUPS)))
def test_refining_a_code_never_flips_an_answer(code: str, group_id: str):
    answer = member(code, group_id)
    assert all(member(upper.code, group_id) in {None, answer} for upper in ancestors(code))


@given(any_code, st.lists(any_code, max_size=4))
def test_refining_never_flips_for_any_set_of_codes(code: str, listed: list[str]):
    answer = member(code, listed)
    assert all(member(upper.code, listed) in {None, answer} for upper in ancestors(code))
