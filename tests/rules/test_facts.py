"""The fact dictionary: several files of one record come together, and clashes are found."""

import pytest

from huiqi.findings import Finding
from huiqi.rules.facts import FactDictionary, read_facts
from huiqi.rules.positions import read_text
from huiqi.rules.types import Kind


def dictionary(*texts: str) -> tuple[FactDictionary, list[Finding]]:
    return read_facts(read_text(each, f"facts/{place}.yaml") for place, each in enumerate(texts))


def subject(*facts: str) -> str:
    return "record: subject\nlabel: 主体\nfacts:\n" + "".join(f"  - {{{each}}}\n" for each in facts)


def codes(*facts: str) -> list[tuple[str, int]]:
    return [(each.code, each.line) for each in dictionary(subject(*facts))[1]]


STAFF = "name: staff, label: 人员, type: person, known_by: firm"


def test_several_files_make_one_record():
    facts, findings = dictionary(
        subject(STAFF), subject("name: sales, label: 销售, type: yuan, known_by: tax")
    )
    assert findings == []
    assert list(facts.subject) == ["staff", "sales"]
    assert facts.fact("subject", "sales") is facts.subject["sales"]
    assert facts.fact("lease", "sales") is None


def test_a_fact_has_the_defaults_of_its_type():
    facts, _ = dictionary(
        subject(
            STAFF,
            "name: sales, label: 销售, type: yuan, known_by: tax",
            "name: share, label: 占比, type: ratio, known_by: firm",
            "name: day, label: 日期, type: date, known_by: firm",
        )
    )
    assert [each.decimals for each in facts] == [0, 2, 6, 0]
    assert [each.type_name for each in facts] == ["person", "yuan", "ratio", "date"]
    assert facts.subject["sales"].most == 100_000_000_000
    assert facts.subject["day"].type.kind is Kind.DATE


def test_a_list_counts_items_or_persons():
    hire = "record: hire\nlist: hires\nlabel: 招用\ncounts: person\nfacts: []\n"
    facts, findings = dictionary(subject(STAFF), hire, "record: loan\nlist: loans\nlabel: 贷款\nfacts: []\n")
    assert findings == []
    assert str(facts.by_list["hires"].counts) == "person"
    assert str(facts.by_list["loans"].counts) == "item"


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        ("label: 人员, type: person, known_by: firm", "missing-key"),
        ("name: staff, label: 人员, type: persons, known_by: firm", "fact-type"),
        ("name: staff, label: 人员, type: person, known_by: somebody", "unknown-word"),
        ("name: 2nd, label: 人员, type: person, known_by: firm", "fact-name"),
        ("name: staff, label: 人员, type: person, known_by: firm, colour: red", "unknown-key"),
        ("name: staff, label: 人员, type: person, known_by: firm, most: many", "not-a-number"),
        ("name: staff, label: 人员, type: person, known_by: firm, positive: perhaps", "not-yes-no"),
        ("name: staff, label: 人员, type: person, known_by: firm, period: week", "unknown-word"),
        ("name: kind, label: 类, type: choice, known_by: firm", "choices"),
        ("name: as_of, label: 日期, type: date, known_by: firm", "reserved-name"),
        ("name: yes, label: 是, type: yes_no, known_by: firm", "reserved-name"),
        ("name: person, label: 人, type: person, known_by: firm", "reserved-name"),
        ("name: if, label: 如, type: yes_no, known_by: firm", "reserved-name"),
        ("name: max, label: 最, type: person, known_by: firm", "reserved-name"),
    ],
)
def test_a_wrong_fact_is_found_on_its_line(fact: str, code: str):
    assert (code, 4) in codes(fact)


def test_facts_that_expressions_could_not_tell_apart_are_found():
    loan = f"record: loan\nlist: loans\nlabel: 贷款\nfacts:\n  - {{{STAFF}}}\n"
    assert [each.code for each in dictionary(subject(STAFF), loan)[1]] == ["fact-clash"]
    choice = "name: kind, label: 类, type: choice, known_by: firm, choices: {staff: 人员, other: 其他}"
    assert [code for code, _ in codes(STAFF, choice)] == ["choice-clash"]
    assert [code for code, _ in codes(STAFF, STAFF)] == ["duplicate-fact"]
