"""The register as columns says of each firm what the reading of one firm says of it."""

import datetime
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from screened_office import claim

from huiqi.portal.catalogue.shelf import library
from huiqi.portal.firms.case import case_of
from huiqi.portal.firms.models import Firm
from huiqi.portal.screenings.facts import FirmColumns, RegisteredFirm
from huiqi.rules.situation import Situation
from huiqi.screening.prepared import schema_of
from huiqi.screening.situations import situations_of

DAY = datetime.date(2022, 8, 1)
TEXTS = [
    "",
    "0",
    "1",
    "12",
    "12.50",
    "1,200",
    "00012.5",
    "1.000",
    "9" * 15,
    "9" * 40,
    "-3",
    "yes",
    "no",
    "是",
    "many",
]
TEXTS += [
    "12万元",
    "0.05",
    "5%",
    "1.001",
    "C1361",
    "H62",
    "532503",
    "2022-03-31",
    "2022-02-30",
    "~",
    " 12 ",
    "１２",
]
FACTS = [
    *("employees", "revenue", "total_assets", "zombie", "industry", "region", "established_on", "name"),
    *("revenue@2021", "revenue@2020", "revenue@2021Q1", "revenue@2021-13", "employees@2021", "zombie@2021"),
    *(
        "tax_paid@2021",
        "size",
        "risk-county-2022",
        "risk-county-2022@2021",
        "no_such_fact",
        "lists",
        "leases",
    ),
    *(
        "revenue@2021Q2",
        "revenue@2021Q3",
        "revenue@2021Q4",
        "insured@2021-06",
        "body_kind",
        "flexible_worker",
    ),
]
VALUES = st.one_of(st.sampled_from(TEXTS), st.booleans(), st.integers(0, 10**6), st.none())
CLAIMS = st.lists(
    st.builds(
        lambda value, source, date, settled: claim(
            value, source, date, **({"settled": True} if settled else {})
        ),
        VALUES,
        st.sampled_from(["tax", "register", "statistics", "firm", "office"]),
        st.sampled_from(["2021-12-31", "2022-06-30", "2022-07-31"]),
        st.sampled_from([False, False, False, True]),
    ),
    min_size=1,
    max_size=3,
)
RECORDS = {
    "leases": ["landlord", "monthly_rent", "months_leased", "no_such_fact"],
    "loans": ["principal", "kind", "signed_on", "term"],
    "nothing_like_it": ["x"],
}


@st.composite
def records(draw):
    made = {}
    for name in draw(st.sets(st.sampled_from(sorted(RECORDS)))):
        row = st.dictionaries(st.sampled_from(RECORDS[name]), VALUES, max_size=3)
        rows = draw(st.lists(row, max_size=3))
        made[name] = [{"source": "tax", "date": "2022-06-30", "rows": rows}]
    return made


FIRMS = st.builds(
    lambda subject, name, industry, facts, lists: Firm(
        credit_code="92532503MA6K00017X",
        subject=subject,
        name=name,
        region="532503",
        industry=industry,
        facts=facts,
        records=lists,
    ),
    st.sampled_from(["enterprise", "self_employed", "institution"]),
    st.sampled_from(["虚构厂", " 空 格 ", "=1+1", "null"]),
    st.sampled_from(["", "H62", "C1361"]),
    st.dictionaries(st.sampled_from(FACTS), CLAIMS, max_size=8),
    records(),
)


@cache
def collector(day):
    """One for all examples, as one serves all firms of a run."""
    return FirmColumns(library(), day)


@cache
def names_of_columns():
    return {name: frozenset(schema_of(library(), name).names) for name in library().facts.records}


def columns(firms, day=DAY):
    rows = [
        RegisteredFirm(
            *(number, each.credit_code, each.subject, each.name, each.region, each.industry),
            *("", each.facts, each.records),
        )
        for number, each in enumerate(firms)
    ]
    return list(situations_of(collector(day).block(rows), library(), day))


def readable(situation: Situation):
    """What rules can read of a situation: periods that no rule names stand in no column."""
    known = names_of_columns()

    def kept(record, facts):
        named = {("@".join(key) if isinstance(key, tuple) else key): value for key, value in facts.items()}
        return {key: value for key, value in named.items() if key in known[record]}

    return (
        situation.kind,
        kept("subject", situation.subject),
        {name: [kept(name, row) for row in rows] for name, rows in situation.records.items()},
        dict(situation.lists),
        dict(situation.given),
    )


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(FIRMS, min_size=1, max_size=4))
def test_columns_say_what_the_reading_of_one_firm_says(firms):
    alone = [readable(case_of(each, library(), DAY).situation) for each in firms]
    assert [readable(each) for each in columns(firms)] == alone


@pytest.mark.parametrize("day", [datetime.date(2021, 1, 1), datetime.date(2023, 3, 1)])
def test_the_day_decides_which_period_is_the_latest(day):
    facts = {f"revenue@{year}": [claim(str(year))] for year in (2019, 2020, 2021, 2022)}
    firm = Firm(name="虚构厂", region="532503", facts=facts, records={})
    found = columns([firm], day)[0]
    assert (
        found.subject["revenue"]
        == (day.year - 1) * 100
        == case_of(firm, library(), day).situation.subject["revenue"]
    )


def test_claims_from_outside_take_part_as_any_source_does():
    firm = RegisteredFirm(
        *(1, "", "enterprise", "虚构厂", "532503", "", ""), {"zombie": [claim(True, "firm")]}, {}
    )
    told = firm.told({"zombie": [claim(False, "office")], "risk-county-2022": [claim(True, "office")]})
    [found] = situations_of(FirmColumns(library(), DAY).block([told]), library(), DAY)
    assert found.subject["zombie"] is False
    assert found.lists == {"risk-county-2022": True}


def test_a_text_is_read_once_and_firms_keep_their_order():
    firms = [
        Firm(name=f"{number}", region="532503", facts={"employees": [claim("7")]}) for number in range(3)
    ]
    assert [each.subject["name"] for each in columns(firms)] == ["0", "1", "2"]
