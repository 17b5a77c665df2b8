"""Funds for programs: what a finance person's token reads and orders."""

import pytest
from api_callers import caller
from django.conf import settings
from fund_office import GEJIU, HONGHE, MENGZI, PROVINCE

from huiqi.portal.funds.models import FundOrder


@pytest.fixture
def programs(funds, monkeypatch):
    monkeypatch.setattr(settings, "API_REQUESTS_A_MINUTE", 10**9)
    funds.funded("100")
    funds.order("allocate", {HONGHE: "60"})
    funds.order("allocate", {MENGZI: "20", GEJIU: "10"}, HONGHE)
    return {who: caller(funds.people[who]) for who in ("finance@province", "auditor@mengzi")}


def rows(program, path):
    answer = program.get(path)
    assert answer.status_code == 200, answer.content
    return answer.json()["rows"]


def test_a_county_reads_its_own_of_the_provinces_money(funds, programs):
    county = programs["auditor@mengzi"]
    assert [(each["code"], each["share"]) for each in rows(county, "funds")] == [("relief", "3/10")]
    accounts = rows(county, f"funds/{funds.programme.pk}/accounts")
    assert [(each["region"], each["kind"], each["credits_posted"]) for each in accounts] == [
        (MENGZI, "available", "20.00")
    ]
    transfers = rows(county, f"funds/accounts/{accounts[0]['number']}/transfers")
    assert [(each["purpose"], each["amount"]) for each in transfers] == [("allocate", "20.00")]
    order = rows(county, "funds/orders")[0]
    lines = rows(county, f"funds/orders/{order['number']}/lines")
    assert [(each["region"], each["amount"]) for each in lines] == [(MENGZI, "20.00")]
    other = funds.account("available", GEJIU)
    assert county.get(f"funds/accounts/{other.pk}/transfers").status_code == 404


def test_an_order_is_drafted_by_a_program_and_confirmed_by_a_person(funds, programs):
    values = funds.values("allocate", {HONGHE: "1.50"}, document="接口1号")
    answer = programs["finance@province"].post("acts/fund.draft", values)
    assert answer.status_code == 200, answer.content
    order = FundOrder.objects.for_site("test").get(document="接口1号")
    assert (order.state, order.total) == ("drafted", 150)
    funds.do("approver@province", "fund.confirm", order.pk)
    assert funds.free(HONGHE) == 31_50
    wrong = programs["finance@province"].post(
        "acts/fund.draft", funds.values("allocate", {PROVINCE: "x"}), key="k2"
    )
    assert wrong.status_code == 422
    assert wrong.json()["findings"][0]["cell"] == "lines.0.region"
