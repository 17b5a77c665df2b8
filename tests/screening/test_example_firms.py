"""The three example firms: fictional, complete enough to show every kind of answer, worked out by hand."""

from __future__ import annotations

import datetime
from functools import cache
from typing import Any

import pytest

from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.policies.shipped import shipped_examples, shipped_policies
from huiqi.reference.credit_codes import parse_credit_code
from huiqi.rules.positions import read_file
from huiqi.screening.answer import Answerer
from huiqi.screening.assess import assess

DAY = datetime.date(2022, 7, 31)
FIRMS = ("catering-shop", "manufacturer", "technology-farm")


@cache
def library() -> PolicyLibrary:
    return load_library(shipped_policies())


@cache
def answer_of(firm: str) -> dict[str, Any]:
    path = shipped_examples() / f"{firm}.yaml"
    situation = library().cases.read(read_file(path, path.name), DAY)
    return Answerer(library()).answer(assess(library(), situation))


def outcome(firm: str, measure: str) -> tuple[str, str | None]:
    found = {each["id"]: each for each in answer_of(firm)["measures"]}[measure]
    return found["verdict"], found["amount"]


@pytest.mark.parametrize("firm", FIRMS)
def test_each_firm_is_fictional_and_has_a_good_code(firm: str) -> None:
    path = shipped_examples() / f"{firm}.yaml"
    facts = library().cases.read(read_file(path, path.name), DAY).subject
    assert "虚构" in str(facts["name"])
    assert parse_credit_code(facts["credit_code"]).region_today == facts["region"]


@pytest.mark.parametrize(
    ("firm", "measure", "verdict", "amount"),
    [
        # 4,200 a month * 3 months; the private landlord's lease brings nothing
        ("catering-shop", "rent-waiver", "eligible", "12600.00"),
        # sales of 180,830 * 3%
        ("catering-shop", "vat-small-scale-exemption", "eligible", "5424.90"),
        # 2,340.60 * 90%
        ("catering-shop", "job-retention-refund", "eligible", "2106.54"),
        # the one debt that is surely undisputed
        ("manufacturer", "arrears-claim", "eligible", "468000.00"),
        ("manufacturer", "arrears-claim-small", "eligible", "468000.00"),
        # 96,300 + 41,200 + 88,750.50 + 6,212.54
        ("manufacturer", "manufacturing-tax-deferral", "eligible", "232463.04"),
        # 11 months * 1,500: the one intern whose term is over was kept on
        ("manufacturer", "internship-subsidy", "eligible", "16500.00"),
        # 860,000 * 12%
        ("manufacturer", "procurement-price-deduction", "eligible", "103200.00"),
        ("manufacturer", "rnd-super-deduction", "undetermined", None),
        # 108,600,000 * 10%; the planting of 2020 lies before the period
        ("technology-farm", "agri-investment-award", "eligible", "10860000.00"),
        # 680,000 * 50% is above the cap of a year
        ("technology-farm", "innovation-voucher", "eligible", "300000.00"),
        ("technology-farm", "green-lane-toll", "eligible", "12760.00"),
    ],
)
def test_amounts_are_those_worked_by_hand(firm: str, measure: str, verdict: str, amount: str | None) -> None:
    assert outcome(firm, measure) == (verdict, amount)


def test_a_debt_is_never_counted_as_money_received() -> None:
    measures = {each["id"]: each for each in answer_of("manufacturer")["measures"]}
    claims = [each for name, each in measures.items() if name.startswith("arrears-claim")]
    assert {each["amount_is"] for each in claims} == {"limit"}
    # 397,000 + 12,406.27 + 38,376.72 + 16,500: tax saved, halved taxes, refund, internships
    assert answer_of("manufacturer")["total_certain"] == "464282.99"


def test_what_was_received_already_is_taken_off_what_remains() -> None:
    found = {each["id"]: each for each in answer_of("technology-farm")["measures"]}
    assert found["innovation-voucher"]["remains"] == "110000.00"


def test_a_fact_left_out_on_purpose_is_asked_for() -> None:
    found = {each["id"]: each for each in answer_of("manufacturer")["measures"]}
    missing = {each["name"] for each in found["arrears-claim-plan"]["missing"]}
    assert missing == {"disputed", "debtor_in_difficulty"}
