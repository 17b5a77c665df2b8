"""The answer as JSON: what programs read, and what people can check against the clause."""

import datetime
import json
from fractions import Fraction

import pytest

from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.policies.shipped import shipped_examples, shipped_policies
from huiqi.rules.positions import read_text
from huiqi.rules.units import PERSON, YUAN
from huiqi.screening.answer import Answerer, json_value
from huiqi.screening.assess import assess

FACTS = """
record: subject
label: 主体
facts:
  - {name: name, label: 名称, type: text, known_by: firm}
  - {name: region, label: 所在地, type: region, known_by: firm}
  - {name: employees, label: 从业人员, type: person, known_by: firm, question: 有多少人？}
  - {name: honest, label: 诚信, type: yes_no, known_by: office}
  - {name: hit, label: 受疫情影响, type: yes_no, known_by: firm}
"""
LOAN = """
record: loan
list: loans
label: 贷款
facts:
  - {name: principal, label: 本金, type: yuan, known_by: bank}
  - {name: agreed, label: 同意延期, type: yes_no, known_by: bank}
"""
HIRE = """
record: hire
list: hires
label: 招用人员
counts: person
facts:
  - {name: paid, label: 已发工资, type: yes_no, known_by: firm}
"""
MEASURE = """
id: interest
title: 贷款贴息
kind: pay
sources:
  - {document: notice, clause: 一/1, words: 给予贷款利息补贴}
  - {document: notice, clause: 一/2, words: 从业人员30人以下}
subject: [enterprise]
per: loan
region: 530000
in_force: {from: 2022-01-01, to: 2023-01-01}
when:
  - {if: employees <= 30, source: 2}
  - if: principal >= 100 and exists(hires, paid)
  - {if: hit, declared: yes, title: 因疫情暂时困难}
amount: principal / 2
amount_is: paid
delivery: on_application
agencies: [{name: 财政局, role: lead}]
"""
CASE = """
enterprise:
  name: 某厂
  region: 532503
  employees: {value: 28, source: 统计年报, date: 2022-03-01}
  hires: [{paid: no}, {paid: yes}]
  loans: [{principal: 300}, {principal: 99.99}]
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> PolicyLibrary:
    root = tmp_path_factory.mktemp("house") / "policies"
    files = {
        "facts/1.yaml": FACTS,
        "facts/2.yaml": LOAN,
        "facts/3.yaml": HIRE,
        "notice/interest.yaml": MEASURE,
    }
    files["notice/document.yaml"] = "id: notice\ntitle: 通知\nregion: 530000\n"
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return load_library(root)


def answer(library: PolicyLibrary, case: str, as_of: str = "2022-07-31", measure: str | None = None) -> dict:
    situation = library.cases.read(read_text(case, "case.yaml"), datetime.date.fromisoformat(as_of))
    return Answerer(library).answer(assess(library, situation, measure))


def test_an_answer_has_the_keys_that_programs_read(library):
    whole = answer(library, CASE)
    assert {
        "as_of",
        "region",
        "measures",
        "total_certain",
        "total_if_declared",
        "total_deferred",
        "excluded",
        "bundle",
    } <= whole.keys()
    (measure,) = whole["measures"]
    keys = {
        "id",
        "title",
        "kind",
        "verdict",
        "amount",
        "amount_is",
        "remains",
        "needs",
        "per_record",
        "missing",
        "open",
    }
    assert keys | {"failed", "reasons", "sources"} <= measure.keys()
    assert json.loads(json.dumps(whole, ensure_ascii=False)) == whole


def test_what_only_a_declaration_keeps_open_is_likely_and_counted_apart(library):
    whole = answer(library, CASE)
    (measure,) = whole["measures"]
    assert (measure["verdict"], measure["amount"], measure["open"]) == (
        "likely",
        "150.00",
        ["因疫情暂时困难"],
    )
    assert (whole["total_certain"], whole["total_if_declared"]) == ("0.00", "150.00")
    declared = answer(library, CASE + "  hit: yes\n")
    assert (declared["total_certain"], declared["bundle"]) == (
        "150.00",
        [{"id": "interest", "amount": "150.00"}],
    )


def test_each_record_has_its_verdict(library):
    (measure,) = answer(library, CASE)["measures"]
    assert measure["per_record"] == [
        {"record": "loan", "index": 0, "verdict": "likely", "amount": "150.00"},
        {"record": "loan", "index": 1, "verdict": "ineligible", "amount": None},
    ]


def test_each_reason_has_its_clause_its_words_and_the_facts_with_their_origin(library):
    (measure,) = answer(library, CASE)["measures"]
    first, second, *_ = measure["reasons"]
    assert (first["result"], first["document"], first["clause"], first["words"]) == (
        *("pass", "notice", "一/2", "从业人员30人以下"),
    )
    assert first["facts"] == [
        {"record": "subject", "name": "employees", "value": 28, "source": "统计年报", "date": "2022-03-01"}
    ]
    assert (second["record"], second["index"], second["result"]) == ("loan", 0, "pass")
    assert {each["result"] for each in measure["reasons"]} == {"pass", "fail", "unknown"}
    assert [each["decided_by"] for each in measure["reasons"] if "decided_by" in each] == ["declaration"]


def test_the_facts_of_a_list_asked_as_a_whole_are_not_taken_from_the_record_of_the_same_place(library):
    (measure,) = answer(library, CASE)["measures"]
    of_records = [each for each in measure["reasons"] if each.get("record") == "loan"]
    assert [[fact["name"] for fact in each["facts"]] for each in of_records] == [["principal"], ["principal"]]


def test_what_failed_says_by_how_much(library):
    (measure,) = answer(library, CASE)["measures"]
    (failed,) = measure["failed"]
    assert (failed["value"], failed["threshold"], failed["distance"]) == ("99.99", "100.00", "-0.01")
    assert (failed["record"], failed["index"]) == ("loan", 1)
    (measure,) = answer(library, CASE.replace("value: 28", "value: 31"))["measures"]
    assert (measure["failed"][0]["value"], measure["failed"][0]["distance"]) == (31, 1)


def test_what_is_missing_is_named_as_a_case_names_it(library):
    (measure,) = answer(library, "enterprise: {region: 530000, employees: 3}")["measures"]
    assert (measure["verdict"], measure["amount"]) == ("undetermined", None)
    assert {(each["record"], each["name"]) for each in measure["missing"]} >= {("subject", "loans")}
    text = "enterprise: {region: 530000, employees: 3, loans: [{principal: 300}]}"
    (measure,) = answer(library, text)["measures"]
    assert {(each["record"], each["name"]) for each in measure["missing"]} == {
        ("subject", "hires"),
        ("subject", "hit"),
    }


def test_another_subject_is_told_whom_it_is_for(library):
    (measure,) = answer(library, "person: {region: 530000}")["measures"]
    assert (measure["verdict"], measure["for_other_subjects"]) == ("ineligible", True)
    (failed,) = measure["failed"]
    assert (failed["condition"], failed["value"], failed["threshold"]) == ("适用主体", "个人", "企业")


def test_where_and_when_it_does_not_hold_it_says_so(library):
    assert answer(library, "enterprise: {region: 110101}")["measures"] == []
    (elsewhere,) = answer(library, "enterprise: {region: 110101}", measure="interest")["measures"]
    (later,) = answer(library, CASE, "2023-01-01", "interest")["measures"]
    assert (elsewhere["verdict"], later["verdict"]) == ("not_here", "not_in_force")
    assert (later["amount"], later["reasons"], later["per_record"]) == (None, [], [])


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (True, None, True),
        (None, YUAN, None),
        (12345, YUAN, "123.45"),
        (-5, YUAN, "-0.05"),
        (Fraction(1, 2), YUAN, "0.005"),
        (Fraction(1, 20), None, "0.05"),
        (Fraction(1, 3), None, "1/3"),
        (30, PERSON, 30),
        (datetime.date(2022, 7, 31), None, "2022-07-31"),
        (frozenset({"small", "micro"}), None, "micro or small"),
    ],
)
def test_values_are_exact_in_json(value, unit, shown):
    assert json_value(value, unit) == shown


def test_the_same_question_has_the_same_bytes_for_an_answer():
    case = (shipped_examples() / "manufacturer.yaml").read_text(encoding="utf-8")
    runs = [json.dumps(answer(load_library(shipped_policies()), case), ensure_ascii=False) for _ in range(2)]
    assert runs[0].encode() == runs[1].encode()
    assert json.loads(runs[0])["measures"]
