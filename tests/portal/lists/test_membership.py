"""Membership is a fact for rules, with its source and day; not being on a list is no fact unless it is complete."""

import datetime
import random

import pytest
from offices import GEJIU, MENGZI, TODAY

from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.firms.case import case_of
from huiqi.portal.firms.models import Firm
from huiqi.portal.lists.kinds import kinds
from huiqi.portal.lists.membership import claims_of, members_on, memberships
from huiqi.portal.lists.models import Entry
from huiqi.portal.lists.replay import events_of_list, on_list, replayed
from huiqi.rules.situation import Origin
from huiqi.screening.assess import assess

pytestmark = pytest.mark.django_db
RISK = "risk-county-2022"


def case(firm, day=TODAY):
    made = case_of(Firm.objects.for_site("test").get(pk=firm.pk), library(), day)
    assert made.unread == ()
    return made.situation


def test_a_firm_is_on_a_list_of_counties_through_its_county(clerk, kept, firm, on_list):
    on_list(kept(RISK), MENGZI, "2022-02-16", last_day="2022-03-05")
    here, there = firm(1, MENGZI), firm(2, GEJIU)
    assert case(here).lists == {RISK: True}
    assert case(here).origins["list", 0, RISK] == Origin(f"list:{RISK}", "2022-02-16")
    assert case(there).lists == {}


def test_who_was_on_a_list_that_stays_counts_from_the_first_day_on(kept, firm, on_list):
    on_list(kept(RISK), MENGZI, "2022-02-16", last_day="2022-03-05")
    here = firm(1)
    assert case(here, datetime.date(2022, 2, 15)).lists == {}
    assert case(here, datetime.date(2022, 2, 16)).lists == {RISK: True}
    assert case(here, datetime.date(2022, 12, 31)).lists == {RISK: True}


def test_a_title_is_a_fact_of_the_firm_while_its_term_runs(kept, firm, on_list):
    mill = firm(1)
    on_list(kept("specialised-smes"), mill, "2020-08-02")
    assert case(mill, datetime.date(2022, 8, 1)).subject["specialised_sme"] is True
    assert case(mill).origins["subject", 0, "specialised_sme"].source == "list:specialised-smes"
    assert "specialised_sme" not in case(mill, datetime.date(2023, 8, 2)).subject
    assert "specialised_sme" not in case(mill, datetime.date(2020, 8, 1)).subject


def test_not_being_on_a_list_is_unknown_until_its_keeper_says_that_it_is_complete(
    approver, kept, firm, on_list
):
    titles, on, off = kept("specialised-smes"), firm(1), firm(2)
    on_list(titles, on)
    assert "specialised_sme" not in case(off).subject
    approver.do("list.complete", titles.pk, {"since": "2022-07-01", "reason": "按公布文件全部录入"})
    assert case(off).subject["specialised_sme"] is False
    assert case(on).subject["specialised_sme"] is True
    assert "specialised_sme" not in case(off, datetime.date(2022, 6, 30)).subject
    approver.do("list.complete", titles.pk, {"reason": "发现遗漏"}, key="back")
    assert "specialised_sme" not in case(off).subject


@pytest.mark.parametrize(
    ("kind", "since"), [("chain-white-list", "2022-07-01"), (RISK, "2021-12-31"), (RISK, "2022-08-02")]
)
def test_a_list_is_declared_complete_only_as_far_as_its_kind_allows(approver, kept, kind, since):
    with pytest.raises(Refused):
        approver.do("list.complete", kept(kind).pk, {"since": since, "reason": "全部录入"})


def test_a_list_outweighs_what_another_source_says_and_a_settled_word_of_later(kept, firm, on_list):
    mill = firm(1, facts={"key_supply_firm": "no"})
    on_list(kept("chain-white-list"), mill)
    assert case(mill).subject["key_supply_firm"] is True


def test_what_is_owed_changes_with_membership_and_names_its_source(kept, firm, on_list, owner):
    shop = firm(1, industry="H62", size="small", facts={"size": "small"})
    shop.records = {
        "leases": [
            {
                "source": "landlord",
                "date": "2022-01-05",
                "rows": [{"landlord": "government", "monthly_rent": "5000", "months_leased": 12}],
            }
        ]
    }
    shop.save()
    rent = {
        "rent-waiver": lambda: next(
            e for e in assess(library(), case(shop)).measures if e.measure.id == "rent-waiver"
        )
    }
    assert rent["rent-waiver"]().judgement.amount is None
    on_list(kept(RISK), MENGZI, "2022-02-16", last_day="2022-03-05")
    assert rent["rent-waiver"]().judgement.amount == 6 * 500_000
    member = owner(shop)
    page = member.client.get(f"/owed/{shop.pk}/")
    assert page.status_code == 200
    own = member.client.get(f"/my-firm/{shop.pk}/").content.decode()
    assert "2022年曾被列为疫情中高风险区的县（市、区）" in own
    assert "所在县（市、区）列入" in own


def test_a_fact_from_a_list_is_shown_with_the_list_as_its_source(kept, firm, on_list, owner):
    mill = firm(1, industry="C13", facts={"size": "small", "provincial_giant_standard_met": "yes"})
    on_list(kept("specialised-smes"), mill)
    shown = owner(mill).client.get(f"/owed/{mill.pk}/").content.decode()
    assert "名单：省级专精特新中小企业名单" in shown


def test_facts_of_many_firms_cost_as_many_queries_as_of_one(kept, firm, on_list, django_assert_num_queries):
    on_list(kept("chain-white-list"), firm(1))
    regions = {firm(number).pk: MENGZI for number in range(2, 40)}
    with django_assert_num_queries(2):
        claims_of(regions, TODAY)
    with django_assert_num_queries(2):
        claims_of(dict(list(regions.items())[:1]), TODAY)


def test_what_only_the_size_needs_asks_no_list(firm, django_assert_num_queries):
    mill = firm(1)
    with django_assert_num_queries(0):
        case_of(mill, library(), TODAY, only={"employees", "revenue"})


def test_memberships_are_told_in_the_order_of_the_kinds(kept, firm, on_list):
    mill = firm(1)
    on_list(kept("chain-white-list"), mill)
    on_list(kept("specialised-smes"), mill)
    on_list(kept(RISK), MENGZI, "2022-02-16")
    told = memberships(mill, TODAY)
    assert [each.kind.id for each in told] == [RISK, "specialised-smes", "chain-white-list"]
    assert [each.through_county for each in told] == [True, False, False]


@pytest.mark.parametrize("seed", range(4))
def test_the_rows_say_on_any_day_what_replaying_the_events_gives(
    seed, clerk, reviewer, approver, kept, firm, monkeypatch
):
    """Random acts by the people who may do them; whatever is refused is refused."""
    dice = random.Random(seed)
    titles = kept("specialised-smes")
    firms = [firm(number) for number in range(6)]
    for number in range(60):
        rows = list(Entry.objects.for_site("test").order_by("pk"))
        entry = dice.choice(rows) if rows else None
        act = dice.choice(
            ["propose"] * 2
            + ["list.review", "list.approve", "list.approve", "list.remove", "list.renew", "list.annul"]
        )
        begins = datetime.date(2019, 5, 1) + datetime.timedelta(dice.randrange(1100))
        try:
            if act == "propose":
                code = dice.choice(firms).credit_code
                given = {"kept": titles.pk, "subject": code, "begins": begins.isoformat(), "reason": "符合"}
                clerk.do("list.propose", None, given, key=f"p{number}")
            elif entry is not None:
                values = {
                    "list.remove": {"from_day": begins.isoformat(), "reason": "退出"},
                    "list.renew": {"reason": "续期"},
                    "list.annul": {"reason": "作废"},
                }.get(act, {})
                (reviewer if act == "list.review" else approver).do(
                    act, entry.pk, values, key=f"{act}{number}"
                )
        except Refused:
            continue
    kind = kinds()["specialised-smes"]
    days = replayed(events_of_list(), titles.pk).values()
    for offset in range(0, 2500, 37):
        day = datetime.date(2019, 1, 1) + datetime.timedelta(offset)
        assert members_on("specialised-smes", day) == on_list_of(days, kind, day)
    assert Event.objects.filter(act="list.approve").exists()


def on_list_of(days, kind, day):
    return on_list(days, kind, day)
