"""A firm of the register as a situation: the claim that counts, with source and date; bad cells are told, not fatal."""

import datetime

import pytest

from huiqi.portal.catalogue.shelf import library
from huiqi.portal.firms.case import case_of
from huiqi.portal.firms.models import Firm

DAY = datetime.date(2022, 8, 1)


def firm(facts=None, records=None, **more):
    columns = {"name": "虚构厂", "region": "532503", "industry": "C1361", **more}
    return Firm(facts=facts or {}, records=records or {}, **columns)


def claim(value, source="tax", date="2022-06-30"):
    return {"value": value, "source": source, "date": date}


def situation(**given):
    return case_of(firm(**given), library(), DAY).situation


def test_of_several_claims_the_most_trusted_counts_with_its_source_and_date():
    made = situation(facts={"revenue": [claim("100.50"), claim("999", "firm", "2022-07-31")]})
    assert made.subject["revenue"] == 10_050
    origin = made.origins[("subject", 0, "revenue")]
    assert (origin.source, origin.date) == ("tax", "2022-06-30")


def test_columns_speak_where_no_claim_does():
    made = situation()
    assert (made.region, made.subject["industry"]) == ("532503", "C1361")
    assert situation(facts={"industry": [claim("H62", "register")]}).subject["industry"] == "H62"


def test_facts_by_period_are_read_by_their_period():
    made = situation(facts={"revenue@2021": [claim("1000")], "revenue@2020": [claim("900")]})
    assert made.subject[("revenue", "2021")] == made.subject["revenue"] == 100_000
    assert made.subject[("revenue", "2020")] == 90_000


def test_yes_no_as_json_and_membership_of_lists_are_read():
    made = situation(facts={"zombie": [claim(False)], "risk-county-2022": [claim(True, "office")]})
    assert made.subject["zombie"] is False
    assert made.lists == {"risk-county-2022": True}


def test_a_list_that_a_source_gave_is_complete_also_when_it_is_empty():
    rows = [{"landlord": "other", "monthly_rent": "900", "months_leased": 12}]
    leases = [{"source": "landlord", "date": "2022-01-05", "rows": rows}]
    made = situation(
        records={"leases": leases, "loans": [{"source": "bank", "date": "2022-01-05", "rows": []}]}
    )
    assert made.records["lease"][0]["monthly_rent"] == 90_000
    assert made.records["loan"] == ()
    assert "hire" not in made.records
    assert made.origins[("lease", 0, "landlord")].source == "landlord"


@pytest.mark.parametrize(
    ("facts", "cell"),
    [
        ({"employees": [claim("many")]}, "employees"),
        ({"no_such_fact": [claim("1")]}, "no_such_fact"),
        ({"revenue@2021-13": [claim("1")]}, "revenue"),
    ],
)
def test_what_cannot_be_read_is_left_unknown_and_told(facts, cell):
    made = case_of(firm(facts={**facts, "zombie": [claim("no")]}), library(), DAY)
    assert [each.cell for each in made.unread] == [cell]
    assert made.situation.subject["zombie"] is False
    assert cell not in made.situation.subject
