"""The demonstration's funds: from the province's budget to the counties, a matching share, and what lies idle recalled."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from huiqi.portal.accounts.models import User
from huiqi.portal.demonstration.doing import act, run_daily, run_jobs
from huiqi.portal.demonstration.people import PREFECTURE, PROVINCE
from huiqi.portal.fund_watch.models import FundFinding
from huiqi.portal.funds.models import FundOrder, Programme

BUDGET = datetime.date(2022, 6, 20)
DOWN = datetime.date(2022, 6, 22)
TO_COUNTIES = datetime.date(2022, 6, 24)
JUNE_IS_OVER = datetime.date(2022, 7, 1)
SETTLED = datetime.date(2022, 7, 28)
SPENT_UNTIL = datetime.date(2022, 7, 27)
MENGZI, GEJIU, KAIYUAN = "532503", "532501", "532502"
_REFUND, INTERNSHIP = "job-retention-refund", "internship-subsidy"
_RETENTION, _MATCHING, _GEJIUS = "yn-retention-2022", "yn-matching-2022", "gejiu-retention-2022"
_EMPLOYMENT = "yn-employment-2022"


def give_money() -> None:
    """Open four programmes; the province's money goes to the prefecture and on to counties, a share is advanced."""
    retention = _opened("province-finance", _RETENTION, "省级失业保险稳岗返还资金（演示）", PROVINCE, _REFUND)
    matching = _opened("province-finance", _MATCHING, "省级纾困配套资金（演示）", PROVINCE, "", share="3/10")
    gejius = _opened(
        "gejiu-finance", _GEJIUS, "个旧市稳岗返还资金（演示）", GEJIU, _REFUND, matched_by=_MATCHING
    )
    employment = _opened("province-finance", _EMPLOYMENT, "省级就业补助资金（演示）", PROVINCE, INTERNSHIP)
    _order(retention, "appropriate", PROVINCE, {PROVINCE: "5000000.00"}, BUDGET)
    _order(matching, "appropriate", PROVINCE, {PROVINCE: "1000000.00"}, BUDGET)
    _order(gejius, "appropriate", GEJIU, {GEJIU: "800000.00"}, BUDGET)
    _order(employment, "appropriate", PROVINCE, {PROVINCE: "100000.00"}, BUDGET)
    _order(retention, "allocate", PROVINCE, {PREFECTURE: "2000000.00"}, DOWN)
    _order(matching, "advance", PROVINCE, {PREFECTURE: "10000.00"}, DOWN)
    _order(retention, "allocate", PREFECTURE, {MENGZI: "600000.00", KAIYUAN: "300000.00"}, TO_COUNTIES)
    _order(employment, "allocate", PROVINCE, {PREFECTURE: "9000.00"}, DOWN)
    _order(employment, "allocate", PREFECTURE, {MENGZI: "9000.00"}, TO_COUNTIES)
    run_daily(JUNE_IS_OVER, "freeze-funds")


def settle_and_recall() -> None:
    """Settle the province's share of what was spent, take back what a county has not used, and leave one order waiting."""
    matching, retention = _programme(_MATCHING), _programme(_RETENTION)
    _order(matching, "settle", PROVINCE, {PREFECTURE: ""}, SETTLED, until=SPENT_UNTIL.isoformat())
    _order(retention, "recall", PREFECTURE, {KAIYUAN: "200000.00"}, SETTLED)
    _draft(retention, "allocate", PREFECTURE, {MENGZI: "200000.00"}, SETTLED)


def watch() -> None:
    """Let monitoring look, as it does every day; one finding is answered and waits for the leading group."""
    run_daily(SETTLED, "watch-funds")
    rows = FundFinding.objects.for_site("the demonstration's own finding")
    # Of the money whose second list is in notice, which the answer tells of.
    finding = rows.filter(region=MENGZI, programme__code=_RETENTION).order_by("pk")[0]
    officer = User.objects.get(username="mengzi-finance")
    act("leading-group", "finding.assign", finding.pk, {"user": officer.pk}, SETTLED)
    said = {"answer": "第二批名单正在公示，公示期满后即行支付"}
    act("mengzi-finance", "finding.answer", finding.pk, said, SETTLED)
    run_jobs(SETTLED)


def _opened(
    who: str, code: str, title: str, region: str, measures: str, share: str = "", matched_by: str = ""
) -> Programme:
    given = {"code": code, "title": title, "region": region, "measures": measures}
    opened: Programme = act(
        who, "programme.open", None, {**given, "share": share, "matched_by": matched_by}, BUDGET
    )
    return opened


def _programme(code: str) -> Programme:
    found: Programme = Programme.objects.for_site("the demonstration's own programme").get(code=code)
    return found


def _draft(
    programme: Programme,
    kind: str,
    region: str,
    lines: Mapping[str, str],
    day: datetime.date,
    until: str = "",
) -> FundOrder:
    given = {
        "kind": kind,
        "programme": programme.pk,
        "region": region,
        "year": 2022,
        "direct": programme.code == _RETENTION,
        "document": f"虚构财〔2022〕{programme.pk}-{day:%m%d}号",
        "lines": [{"region": place, "amount": amount} for place, amount in lines.items()],
        **({"until": until} if until else {}),
    }
    order: FundOrder = act(_FINANCE[region], "fund.draft", None, given, day)
    return order


def _order(
    programme: Programme,
    kind: str,
    region: str,
    lines: Mapping[str, str],
    day: datetime.date,
    until: str = "",
) -> None:
    """Draft an order, and let another person post it."""
    order = _draft(programme, kind, region, lines, day, until)
    act(_APPROVER[region], "fund.confirm", order.pk, {}, day)


_FINANCE = {PROVINCE: "province-finance", PREFECTURE: "finance", GEJIU: "gejiu-finance"}
_APPROVER = {PROVINCE: "province-approver", PREFECTURE: "approver", GEJIU: "approver"}
