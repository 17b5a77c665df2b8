"""A case written back reads as the same case."""

import datetime
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.policies.shipped import shipped_examples, shipped_policies
from huiqi.rules.positions import read_file, read_text
from huiqi.screening.branch_firms import BranchFirms
from huiqi.screening.branch_values import BranchValues
from huiqi.screening.case_text import case_text

DAY = datetime.date(2022, 8, 15)


@pytest.fixture(scope="module")
def library() -> PolicyLibrary:
    return load_library(shipped_policies())


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6), kind=st.sampled_from(["enterprise", "self_employed", "person", "institution"])
)
def test_what_is_written_reads_back(library: PolicyLibrary, seed: int, kind: str) -> None:
    firm = BranchFirms(library, BranchValues(library)).draw(random.Random(seed), DAY, kind)
    again = library.cases.read(read_text(case_text(firm, library.facts), "case"), DAY)
    assert again.kind == kind
    assert again.subject == firm.subject
    assert again.records == firm.records
    assert again.lists == firm.lists


def test_sources_periods_and_given_classes_are_kept(library: PolicyLibrary) -> None:
    case = """enterprise:
  region: 532503
  size: micro
  revenue: {2020: 100.50, 2021: {value: 200, source: 年报, date: 2022-03-01}}
  employees: {value: 5, source: 花名册}
  leases: [{monthly_rent: {value: 100, source: 合同}}]
  loans: []
"""
    first = library.cases.read(read_text(case, "case"), DAY)
    again = library.cases.read(read_text(case_text(first, library.facts), "case"), DAY)
    assert again.subject == first.subject
    assert again.given == {"size": "micro"}
    assert again.origins[("subject", 0, "revenue")] == first.origins[("subject", 0, "revenue")]
    assert again.origins[("lease", 0, "monthly_rent")].source == "合同"
    assert again.records["loan"] == ()


def test_the_example_firms_survive(library: PolicyLibrary) -> None:
    cases = sorted(shipped_examples().glob("*.yaml"))
    assert cases
    for case in cases:
        first = library.cases.read(read_file(case), DAY)
        again = library.cases.read(read_text(case_text(first, library.facts), "case"), DAY)
        assert (again.subject, again.records, again.lists) == (first.subject, first.records, first.lists)
