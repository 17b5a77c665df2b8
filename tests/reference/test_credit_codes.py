import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from huiqi.reference.credit_codes import (
    ALPHABET,
    CreditCodeError,
    is_credit_code,
    make_credit_code,
    organisation_check_character,
    parse_credit_code,
)

FIRM = make_credit_code("532501", "MA6K0TE0")
bodies = st.text(alphabet=ALPHABET, min_size=8, max_size=8)
known_regions = st.sampled_from(["530000", "530102", "532501", "140200", "110105", "100000"])


def test_a_code_says_where_and_what() -> None:
    code = parse_credit_code(FIRM)
    assert (code.register, code.kind) == ("工商", "企业")
    assert (code.region, code.region_today) == ("532501", "532501")
    assert code.organisation == "MA6K0TE0" + organisation_check_character("MA6K0TE0")
    assert code.is_enterprise
    assert not code.is_self_employed


def test_the_standards_and_the_librarys_examples_pass() -> None:
    # The example of python-stdnum, and a bank registered with the national office.
    assert parse_credit_code("91110000600037341L").region == "110000"
    assert parse_credit_code("91100000100003962T").region_today == "000000"


@pytest.mark.parametrize(
    "written",
    [
        FIRM.lower(),
        f" {FIRM} ",
        f"{FIRM[:2]} {FIRM[2:8]}-{FIRM[8:]}",
        "".join(chr(ord(c) + 0xFEE0) for c in FIRM),
    ],
)
def test_a_code_may_be_written_in_several_ways(written: str) -> None:
    assert parse_credit_code(written).code == FIRM


@pytest.mark.parametrize("cell", [9.15325e17, 915325010000000000])
def test_a_number_cell_is_refused_because_a_spreadsheet_has_rounded_it(cell: object) -> None:
    with pytest.raises(CreditCodeError, match="rounded") as caught:
        parse_credit_code(cell)
    assert caught.value.check == "numeric_cell"


@pytest.mark.parametrize(
    ("text", "check", "position"),
    [
        (FIRM[:-1], "length", None),
        ("", "length", None),
        (None, "length", None),
        (FIRM[:8] + "O" + FIRM[9:], "character", 9),
        (FIRM[:4] + "A" + FIRM[5:], "character", 5),
        ("B" + FIRM[1:], "register", 1),
        ("94" + FIRM[2:], "register", 2),
        ("9199" + FIRM[4:], "region", 3),
        (FIRM[:16] + ("0" if FIRM[16] != "0" else "1") + FIRM[17:], "organisation", 17),
        (FIRM[:17] + ("0" if FIRM[17] != "0" else "1"), "check_character", 18),
    ],
)
def test_a_wrong_code_says_which_check_failed_and_where(
    text: str | None, check: str, position: int | None
) -> None:
    with pytest.raises(CreditCodeError) as caught:
        parse_credit_code(text)
    assert (caught.value.check, caught.value.position) == (check, position)
    assert not is_credit_code(text)


def test_a_letter_that_no_code_has_is_named_with_the_digit_it_stands_for() -> None:
    with pytest.raises(CreditCodeError, match=r"character 10 is 'O'.*probably 0"):
        parse_credit_code(FIRM[:9] + "O" + FIRM[10:])


def test_a_village_collective_begins_with_a_letter() -> None:
    # stdnum refuses these: it wants eight digits in front, the standard only six from the third on.
    code = parse_credit_code(make_credit_code("532501", "MF000001", register="N", kind="2"))
    assert (code.register, code.kind) == ("农业", "村级集体经济组织")


def test_a_former_division_leads_to_its_successor() -> None:
    # 蒙自县 (532522) became 蒙自市 (532503) in 2010.
    code = parse_credit_code(make_credit_code("532522", "00000001"))
    assert (code.region, code.region_today) == ("532522", "532503")


def test_a_zones_own_number_leaves_the_region_open() -> None:
    code = parse_credit_code(make_credit_code("530199", "00000001"))
    assert (code.region, code.region_today) == ("530199", None)


@given(known_regions, bodies, st.sampled_from("1239"))
def test_what_is_made_is_accepted_and_agrees_with_stdnum(region: str, body: str, kind: str) -> None:
    code = make_credit_code(region, body, kind=kind)
    assert parse_credit_code(code).code == code
    assert uscc.is_valid(code)


@given(known_regions, bodies, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_mistyped_character_is_always_noticed(region: str, body: str, at: int, char: str) -> None:
    code = make_credit_code(region, body)
    mistyped = code[:at] + char + code[at + 1 :]
    assert is_credit_code(mistyped) == (mistyped == code)


@pytest.mark.parametrize(
    ("region", "body"),
    [("5325", "00000001"), ("532501", "0000001"), ("532501", "0000000O"), ("xx2501", "00000001")],
)
def test_parts_that_make_no_code_are_refused(region: str, body: str) -> None:
    with pytest.raises(CreditCodeError):
        make_credit_code(region, body)


@given(st.text())
def test_any_text_is_refused_or_read(text: str) -> None:
    assert not is_credit_code(text) or parse_credit_code(text).code == parse_credit_code(text.upper()).code
