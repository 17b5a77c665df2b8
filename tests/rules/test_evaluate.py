"""One subject, three-valued and exact; what is settled stays settled when more is known."""

import datetime
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiqi.reference.industries import chain as industry_chain
from huiqi.reference.regions import chain as region_chain
from huiqi.rules.evaluate import CALENDAR
from huiqi.rules.reasons import missing_facts
from huiqi.rules.situation import Situation

D = datetime.date


@pytest.mark.parametrize(
    ("text", "facts", "value"),
    [
        ("honest and insured", {"honest": False}, False),
        ("honest and insured", {"honest": True}, None),
        ("honest or insured", {"honest": True}, True),
        ("honest or insured", {"honest": False}, None),
        ("not honest", {}, None),
        ("honest or not honest", {}, None),
        ("5 if honest else 5", {}, 5),
        ("5 if honest else 6", {}, None),
        ("5 if honest else employees", {"employees": 5}, 5),
        ("employees if honest else employees", {}, None),
        ("employees > 5 if honest else employees > 4", {"employees": 6}, True),
        ("assets * 0", {}, None),
        ("employees in {1, 2}", {"employees": 2}, True),
        ("1 < employees < 3", {"employees": 3}, False),
        ("1 < employees < assets / assets", None, None),
        ("trade in {shop, hotel}", {"trade": "farm"}, False),
        ("enterprise", {}, True),
        ("self_employed or institution", {}, False),
        ("listed('good-firms')", {}, None),
        ("listed('good-firms')", {"lists": {"good-firms": False}}, False),
        ("as_of >= '2022-07-31'", {}, True),
        ("as_of > '2022-07-31'", {}, False),
        ("revenue[2021] > 5", {"revenue": 10**9}, None),
        ("-assets", {"assets": 5}, -5),
        ("assets / months_open", {"assets": 10, "months_open": 4}, Fraction(5, 2)),
        ("floor(assets)", {"assets": 199}, 100),
        ("ceil(assets)", {"assets": 101}, 200),
        ("floor(assets / months_open)", {"assets": 1000, "months_open": 3}, 300),
        ("ceil(share)", {"share": Fraction(1, 3)}, 1),
        ("max(1, employees)", {"employees": 0}, 1),
        ("min(established, '2022-01-01')", {"established": D(2022, 2, 1)}, D(2022, 1, 1)),
    ],
)
def test_values_by_hand(house, text, facts, value):
    if facts is None:
        assert house.refused(text).code == "divisor-may-be-nought"
    else:
        assert house.value(text, **facts) == value


@pytest.mark.parametrize(
    ("code", "asked", "answer"),
    [
        ("C2614", "{'C26'}", True),
        ("C26", "{'C26'}", True),
        ("C", "{'C26'}", None),
        ("C", "{'C', 'F'}", True),
        ("F", "{'C26'}", False),
        ("I65", "{'I6510'}", None),
        ("K7010", "{'K701'}", True),
        ("K701", "{'K7010'}", True),
    ],
)
def test_a_coarse_industry_answers_what_all_below_it_answer_alike(house, code, asked, answer):
    assert house.value(f"industry in {asked}", industry=code) is answer


@pytest.mark.parametrize(
    ("code", "area", "answer"),
    [
        ("532503", "532500", True),
        ("532500", "532503", None),
        ("530000", "532500", None),
        ("110101", "530000", False),
    ],
)
def test_a_coarse_region_is_within_or_beyond_or_open(house, code, area, answer):
    assert house.value(f"region == '{area}'", region=code) is answer


LOANS = ({"principal": 100, "agreed": True}, {"principal": 200}, {"principal": 300, "agreed": False})


@pytest.mark.parametrize(
    ("text", "rows", "value"),
    [
        ("count(loans)", None, None),
        ("count(loans)", (), 0),
        ("count(loans)", LOANS, 3),
        ("count(loans, agreed)", LOANS, None),
        ("count(loans, agreed)", LOANS[::2], 1),
        ("exists(loans, agreed)", LOANS, True),
        ("exists(loans, agreed)", LOANS[1:], None),
        ("exists(loans, agreed)", LOANS[2:], False),
        ("exists(loans)", (), False),
        ("total(loans, principal)", LOANS, 600),
        ("total(loans, principal, agreed)", LOANS, None),
        ("total(loans, principal, agreed)", LOANS[::2], 100),
        ("total(loans, rate * principal)", LOANS, None),
        ("total(loans, principal)", (), 0),
        ("total(loans, rate, principal > 500)", LOANS, 0),
    ],
)
def test_lists_given_are_complete_and_lists_absent_unknown(house, text, rows, value):
    assert house.value(text, records={} if rows is None else {"loan": rows}) == value


def test_a_list_inside_a_list_keeps_the_outer_record(house):
    rows = {"loan": LOANS, "hire": ({"agreed": True, "pay": 5},)}
    situation = house.situation(records=rows, row={"principal": 7})
    node = house.typed("count(loans, exists(hires, agreed) and principal > 1.5) * principal", record="loan")
    assert house.evaluator.value(node, situation) == 14
    assert situation.record == {"principal": 7}


def test_the_calendar_counts_whole_months_and_ends_at_month_ends():
    add, months, days, years = (
        CALENDAR[f"{name}"] for name in ("add_months", "months_between", "days_between", "years_between")
    )
    assert add(D(2022, 1, 31), 1) == D(2022, 2, 28)
    assert add(D(2022, 3, 31), -1) == D(2022, 2, 28)
    assert add(D(9999, 1, 1), 24) == D.max
    assert months(D(2022, 1, 31), D(2022, 2, 27)) == 0
    assert months(D(2022, 1, 31), D(2022, 2, 28)) == 1
    assert months(D(2022, 2, 1), D(2022, 1, 1)) == 0
    assert (days(D(2022, 1, 1), D(2023, 1, 1)), days(D(2023, 1, 1), D(2022, 1, 1))) == (365, 0)
    assert (years(D(2020, 2, 29), D(2021, 2, 27)), years(D(2020, 2, 29), D(2021, 2, 28))) == (0, 1)


@given(st.dates(D(1990, 1, 1), D(2050, 1, 1)), st.integers(0, 600))
def test_a_date_moved_on_by_months_is_so_many_months_away(date, months):
    assert CALENDAR["months_between"](date, CALENDAR["add_months"](date, months)) == months


CLASS = """
id: scale
title: 规模
sources: [{document: d, clause: 一, words: 六个字的词}]
cases:
  - {value: big, title: 大, if: employees >= 100}
  - {value: middle, title: 中, if: revenue >= 1000 and employees >= 10}
  - {value: little, title: 小}
"""


def test_a_class_known_in_part_answers_what_its_possible_values_answer_alike(house):
    house.define(CLASS)
    assert house.value("scale in {middle, little}", employees=50) is True
    assert house.value("scale == middle", employees=50) is None
    assert house.value("scale == big", employees=50) is False
    assert house.value("scale == little", employees=5) is True
    assert house.value("scale") == frozenset({"big", "middle", "little"})
    assert house.value("scale == big", given={"scale": "big"}) is True


def test_a_value_is_remembered_for_one_situation_only(house):
    house.define(CLASS)
    node = house.typed("scale == big")
    assert [house.evaluator.value(node, house.situation(employees=n)) for n in (100, 99, 100)] == [
        True,
        False,
        True,
    ]


# Random expressions over the small house: what any rule could say.

NUMBERS = ("employees", "count(hires)", "count(hires, agreed)", "max(1, employees)", "staff_let_go[2021]")
YUANS = (
    "assets",
    "revenue",
    "revenue[2020]",
    "total(loans, principal)",
    "total(loans, principal * rate, agreed)",
)


def an_amount(random: Random, depth: int) -> str:
    if depth <= 0 or random.random() < 0.2:
        return random.choice(YUANS)
    one, other = an_amount(random, depth - 1), an_amount(random, depth - 1)
    return random.choice(
        [
            f"({one} + {other})",
            f"({one} - {other})",
            f"{one} * {random.choice(['2', '0.05', 'share', '0'])}",
            f"({one}) / 3",
            f"({one}) / max(1, employees) * max(1, employees)",
            f"min({one}, {other})",
            f"max({one}, 5, {other})",
            f"floor({one})",
            f"({one} if {a_truth(random, depth - 1)} else {other})",
            f"({one} + (5 if {a_truth(random, depth - 1)} else 5))",
        ]
    )


def a_truth(random: Random, depth: int) -> str:
    leaves = [
        *(
            "honest",
            "insured",
            "scale == middle",
            "scale in {middle, little}",
            "listed('good-firms')",
            "enterprise",
        ),
        *(
            "industry in {'C26', 'F'}",
            "industry in {'F51'}",
            "industry in hardest_hit_5",
            "trade in {shop, farm}",
        ),
        *(
            "region == '532500'",
            "region == '530000'",
            "region in {'532503', '110101'}",
            "exists(hires, agreed)",
        ),
        *(
            "established < '2021-06-30'",
            "add_months(established, 12) <= as_of",
            "exists(loans, drawn > established)",
        ),
        f"{random.choice(NUMBERS)} {random.choice(['>', '>=', '==', '!=', '<', '<='])} {random.choice('0123')}",
    ]
    if depth <= 0 or random.random() < 0.2:
        return random.choice(leaves)
    one, other = a_truth(random, depth - 1), a_truth(random, depth - 1)
    return random.choice(
        [
            f"({one} and {other})",
            f"({one} or {other})",
            f"not ({one})",
            f"({one} if {a_truth(random, depth - 1)} else {other})",
            f"{an_amount(random, depth - 1)} >= {an_amount(random, depth - 1)}",
            f"{an_amount(random, depth - 1)} < 300",
        ]
    )


def everything_known(random: Random) -> Situation:
    def number() -> int:
        return random.choice([0, 1, 2, 3, 10, 99, 100, 300_00, 1000_00])

    def day() -> datetime.date:
        return D(2021, 6, 30) + datetime.timedelta(days=random.choice([-1, 0, 1, 300]))

    def truth() -> bool:
        return random.random() < 0.5

    revenue, let_go = number(), number()
    subject = {
        "region": random.choice(["532503", "530102", "110101", "532501"]),
        "industry": random.choice(["C2614", "F5111", "F5211", "H6210", "P8331"]),
        "employees": number(),
        "revenue": revenue,
        ("revenue", "2021"): revenue,
        ("revenue", "2020"): number(),
        "staff_let_go": let_go,
        ("staff_let_go", "2021"): let_go,
        "assets": number(),
        "months_open": number() or 1,
        "established": day(),
        "share": Fraction(random.randrange(101), 100),
        "honest": truth(),
        "insured": truth(),
        "trade": random.choice(["shop", "hotel", "farm"]),
    }
    loans = [
        {"principal": number(), "rate": Fraction(random.randrange(9), 100), "drawn": day(), "agreed": truth()}
        for _ in range(random.randrange(3))
    ]
    hires = [{"pay": number(), "agreed": truth()} for _ in range(random.randrange(3))]
    return Situation(
        D(2022, 7, 31),
        random.choice(["enterprise", "self_employed"]),
        subject,
        {"loan": tuple(loans), "hire": tuple(hires)},
        {"good-firms": truth()},
    )


def less_known(full: Situation, random: Random, share: float) -> Situation:
    def some(row):
        return {key: value for key, value in row.items() if random.random() < share}

    subject = some(full.subject)
    if "region" in full.subject.keys() - subject.keys() and random.random() < 0.7:
        subject["region"] = random.choice(region_chain(full.subject["region"])).code
    if "industry" in full.subject.keys() - subject.keys() and random.random() < 0.7:
        subject["industry"] = random.choice(industry_chain(full.subject["industry"])).code
    records = {
        name: tuple(some(row) for row in rows)
        for name, rows in full.records.items()
        if random.random() < share
    }
    lists = {name: value for name, value in full.lists.items() if random.random() < share}
    return Situation(full.as_of, full.kind, subject, records, lists)


@pytest.fixture(scope="module")
def classed_house(shared_house):
    if "scale" not in shared_house.definitions:
        shared_house.define(CLASS)
    return shared_house


@settings(max_examples=1500, deadline=None)
@given(st.integers(0, 2**40))
def test_what_is_known_of_less_is_known_of_more_and_alike(classed_house, seed: int):
    random = Random(seed)
    text = a_truth(random, 3) if random.random() < 0.6 else an_amount(random, 3)
    node = classed_house.typed(text)
    full = everything_known(random)
    half = less_known(full, random, 0.8)
    little = less_known(half, random, 0.6)
    values = [classed_house.evaluator.value(node, each) for each in (little, half, full)]
    assert values[2] is not None, text
    for less, more in ((values[0], values[1]), (values[1], values[2])):
        assert less is None or less == more, text
    for situation, value in zip((little, half, full), values, strict=True):
        missing = missing_facts(node, situation, classed_house.evaluator)
        assert bool(missing) == (value is None), text


@pytest.mark.parametrize("code", [None, "C", "C26", "C2614", "H", "H62", "H6210", "F51", "G", "G5310", "A01"])
@pytest.mark.parametrize("employees", [None, 3, 7, 20, 500])
@pytest.mark.parametrize("assets", [None, 1, 10_000_00])
def test_parts_by_industry_answer_as_each_part_alone(house, code, employees, assets):
    """Parts of other industries are not looked at; what comes out is Kleene's or of all of them."""
    parts = [
        "industry in {'C26'} and employees >= 20",
        "industry in {'H62', 'F51'} and employees >= 5 and assets >= 100",
        "industry in {'C'} and assets >= 5000",
        "industry in {'G'} and employees >= 400",
    ]
    facts = {"industry": code, "employees": employees, "assets": assets}
    known = {name: value for name, value in facts.items() if value is not None}
    situation = Situation(datetime.date(2022, 7, 31), "enterprise", known)
    alone = [house.evaluator.value(house.typed(each), situation) for each in parts]
    together = house.evaluator.value(house.typed(" or ".join(f"({each})" for each in parts)), situation)
    assert together == (True if True in alone else None if None in alone else False)
