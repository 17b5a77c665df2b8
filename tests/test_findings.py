"""One finding is one line: where, what, why, how to mend it, and its code."""

from hypothesis import given
from hypothesis import strategies as st

from huiqi.findings import BadInput, Finding, nearest, one_line


def test_a_finding_is_one_sentence_with_its_place_and_code():
    finding = Finding(
        "case.yaml",
        3,
        "employees",
        "impossible-value",
        "employees cannot be -1",
        "it is below nought",
        "check the sign",
    )
    assert str(finding) == (
        "case.yaml:3:employees: employees cannot be -1; it is below nought; check the sign [impossible-value]"
    )
    assert finding.as_json() == {
        "code": "impossible-value",
        "file": "case.yaml",
        "line": 3,
        "cell": "employees",
        "what": "employees cannot be -1",
        "why": "it is below nought",
        "mend": "check the sign",
    }


def test_without_a_place_only_the_sentence_is_left():
    finding = Finding("", 0, "", "unknown-measure", "there is no measure x", "", "")
    assert str(finding) == "there is no measure x [unknown-measure]"
    assert (finding.as_json()["line"], finding.as_json()["cell"]) == (None, None)


def test_bad_input_says_the_first_finding_and_how_many_more():
    first = Finding("a", 1, "", "c", "w", "", "")
    assert str(BadInput([first])) == str(first)
    assert str(BadInput([first, first])) == f"{first} (and 1 more)"


def test_near_words_are_offered_and_far_ones_not():
    assert nearest("employes", ["employees", "region"]) == "did you mean employees?"
    assert nearest("zzz", ["employees", "region"]) == ""
    assert nearest("employees" * 10_000, ["employees"]) == ""


@given(st.text(max_size=600))
def test_any_text_becomes_one_line_that_shows_as_it_is(text: str):
    shown = one_line(text)
    assert len(shown.splitlines()) <= 1
    assert "\x1b" not in shown
    assert shown == text or len(text) > 240 or any(not each.isprintable() for each in text)


def test_chinese_with_wide_spaces_stays_as_it_is():
    assert one_line("减免　３个月租金，“最高”10万元") == "减免　３个月租金，“最高”10万元"
