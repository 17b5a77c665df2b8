"""The page on which an order of money is drafted: one line a government below, tried before it is sent."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from huiqi.findings import Finding
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import NotYours, Refused
from huiqi.portal.funds.drafting import givers_of, kinds_to_draft
from huiqi.portal.funds.line_files import MOST_BYTES, lines_of_file, lines_of_text, too_large
from huiqi.portal.funds.models import Account, FundOrder, Programme
from huiqi.portal.funds.orders import MOST_LINES, Plan, Wanted, balances, planned
from huiqi.portal.funds.queries import FUNDS, accounts_seen, programmes_seen
from huiqi.portal.funds.shown import account_kind, order_kind, order_kinds
from huiqi.portal.look.registry import page
from huiqi.portal.look.uploads import LimitedUpload
from huiqi.portal.look.visits import Visit
from huiqi.reference.regions import UnknownRegion, children, full_name, is_within
from huiqi.reference.regions import region as region_of

_WORDS = ("kind", "region", "year", "document", "until")


@dataclass(slots=True)
class Row:
    """A government that the form offers: what is written for it, and what it has."""

    region: str
    name: str
    amount: str
    chosen: bool
    free: int | None


@page(
    "fund-order-form",
    "funds/<int:number>/order/",
    zh="拟拨款单",
    en="Draft an order of money",
    opens=FUNDS,
    methods=("GET", "POST"),
)
@csrf_exempt
def fund_order_form(request: Visit, number: int) -> HttpResponse:
    """Ask for an order, show what it would do, and draft it. A file's size is watched while it comes in."""
    request.upload_handlers = [LimitedUpload(request, MOST_BYTES)]
    answer: HttpResponse = _form(request, number)
    return answer


@csrf_protect
def _form(request: Visit, number: int) -> HttpResponse:
    programme: Programme = get_object_or_404(programmes_seen(request.actor), pk=number)
    if not request.actor.allowed("fund.draft"):
        raise NotYours
    if request.method != "POST":
        return _show(request, programme, request.GET.dict(), {}, set())
    said = {name: value for name, value in request.POST.dict().items() if isinstance(value, str)}
    amounts = {
        name.removeprefix("amount-"): value.strip()[:40]
        for name, value in said.items()
        if name.startswith("amount-") and value.strip()
    }
    chosen = {name.removeprefix("line-") for name in said if name.startswith("line-")}
    step = said.get("step", "preview")
    if step == "read":
        try:
            amounts = _read(request, said)
        except Refused as refused:
            return _show(request, programme, said, amounts, chosen, refused=refused)
        return _show(request, programme, said, amounts, chosen | set(amounts))
    if step == "draft":
        return _draft(request, programme, said, amounts, chosen)
    return _show(request, programme, said, amounts, chosen, preview=True)


def _read(request: Visit, said: Mapping[str, str]) -> dict[str, str]:
    giver = said.get("region", "")
    file = request.FILES.get("file")
    if getattr(request, "too_large", False):
        raise too_large()
    if file is not None:
        return lines_of_file(file.name or "", file.read(), giver)
    return lines_of_text(said.get("pasted", "")[:40_000], giver)


def _draft(
    request: Visit,
    programme: Programme,
    said: Mapping[str, str],
    amounts: Mapping[str, str],
    chosen: set[str],
) -> HttpResponse:
    values: dict[str, Any] = {
        **{name: said.get(name, "").strip() for name in _WORDS if said.get(name, "").strip()},
        "programme": programme.pk,
        "direct": said.get("direct") == "on",
        "final": said.get("final") == "on",
        "lines": [{"region": region, "amount": amount} for region, amount in _given(said, amounts, chosen)],
    }
    try:
        done = perform(
            "fund.draft",
            request.actor,
            None,
            values,
            now=request.now,
            today=request.today,
            key=said.get("key", ""),
        )
    except NotYours:
        raise
    except Refused as refused:
        return _show(request, programme, said, amounts, chosen, refused=refused)
    order = done.subject
    assert isinstance(order, FundOrder)
    return redirect(order.address())


def _given(said: Mapping[str, str], amounts: Mapping[str, str], chosen: set[str]) -> list[tuple[str, str]]:
    if said.get("kind") == "settle":
        return [(each, "") for each in sorted(chosen)][: MOST_LINES + 1]
    return sorted(amounts.items())[: MOST_LINES + 1]


def _show(
    request: Visit,
    programme: Programme,
    said: Mapping[str, str],
    amounts: Mapping[str, str],
    chosen: set[str],
    *,
    preview: bool = False,
    refused: Refused | None = None,
) -> HttpResponse:
    kinds = kinds_to_draft(request.actor, programme)
    if not kinds:
        raise NotYours
    kind = said.get("kind", "") if said.get("kind", "") in kinds else next(iter(kinds))
    givers = givers_of(request.actor, programme, kind)
    region = said.get("region", "") if said.get("region", "") in dict(givers) else ""
    region = region or (givers[0][0] if givers else programme.region)
    accounts = _accounts(request, programme, said)
    plan = (
        _plan(request, programme, {**said, "kind": kind, "region": region}, amounts, chosen)
        if preview
        else None
    )
    findings: tuple[Finding, ...] = tuple(plan.findings) if plan is not None else ()
    if refused is not None:
        findings = refused.findings
    sound = plan is not None and not plan.findings
    after = balances(plan) if sound and plan is not None else []
    context = {
        "programme": programme,
        "kind": kind,
        "kind_title": order_kind(kind),
        "kinds": [(name, title) for name, title in order_kinds() if name in kinds],
        "givers": givers,
        "region": region,
        "place": full_name(region),
        "said": said,
        "year": said.get("year", "") or str(_year(request, accounts)),
        "direct": said.get("direct") in ("on", "1"),
        "rows": _rows(kind, region, amounts, chosen, accounts),
        "findings": [(each, _where(each, said, amounts, chosen)) for each in findings],
        "plan": plan if sound else None,
        "lines": [(each, full_name(each.region)) for each in plan.lines]
        if sound and plan is not None
        else [],
        "balances": [(each, full_name(each.region), account_kind(each.kind)) for each in after],
        "short": any(each.short for each in after),
        "key": said.get("key", "")[:80] or uuid.uuid4().hex,
    }
    status = refused.status if refused is not None else 200
    return render(request, "funds/order_form.html", context, status=status)


def _plan(
    request: Visit,
    programme: Programme,
    said: Mapping[str, str],
    amounts: Mapping[str, str],
    chosen: set[str],
) -> Plan:
    year = said.get("year", "").strip()
    wanted = Wanted(
        said["kind"],
        programme,
        said["region"],
        int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else 0,
        said.get("direct") == "on",
        said.get("document", "").strip(),
        _day(said.get("until", "")),
        said.get("final") == "on",
        _given(said, amounts, chosen),
    )
    plan = planned(wanted, request.today)
    if not wanted.document:
        plan.doubt(0, "document", "bad-value", "请填写文号或依据")
    return plan


def _where(finding: Finding, said: Mapping[str, str], amounts: Mapping[str, str], chosen: set[str]) -> str:
    """Name the government whose line is wrong."""
    given = _given(said, amounts, chosen)
    if not 0 < finding.line <= len(given):
        return ""
    try:
        return full_name(given[finding.line - 1][0])
    except UnknownRegion:
        return ""


def _accounts(request: Visit, programme: Programme, said: Mapping[str, str]) -> list[Account]:
    rows = (
        accounts_seen(request.actor).filter(programme=programme, kind="available").order_by("-year", "region")
    )
    year = said.get("year", "")
    direct = said.get("direct") in ("on", "1")
    found = list(rows.filter(direct=direct))
    chosen = int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else None
    newest = found[0].year if found else None
    return [each for each in found if each.year == (chosen or newest)]


def _year(request: Visit, accounts: list[Account]) -> int:
    return accounts[0].year if accounts else request.today.year


def _rows(
    kind: str, region: str, amounts: Mapping[str, str], chosen: set[str], accounts: list[Account]
) -> list[Row]:
    free = {each.region: each.free for each in accounts}
    if kind == "appropriate":
        codes = [region]
    else:
        below = {each.code for each in children(region)}
        below |= {each for each in (*free, *amounts, *chosen) if each != region and _is_below(each, region)}
        codes = sorted(below)
    return [
        Row(code, region_of(code).name, amounts.get(code, ""), code in chosen, free.get(code))
        for code in codes
    ][:MOST_LINES]


def _is_below(code: str, region: str) -> bool:
    try:
        return is_within(code, region) is True
    except UnknownRegion:
        return False


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
