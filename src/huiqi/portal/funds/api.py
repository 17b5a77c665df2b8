"""Funds for programs: programmes, their accounts, the transfers of an account, orders of money."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Path, Schema

from huiqi.portal.acts.refusals import NotYours
from huiqi.portal.api.registry import endpoint
from huiqi.portal.api.shapes import CutAsked, Part, part_of
from huiqi.portal.funds.models import Account, FundOrder, Programme, Transfer
from huiqi.portal.funds.queries import (
    FUNDS,
    accounts_seen,
    lines_seen,
    orders_seen,
    programmes_seen,
    transfers_of,
)
from huiqi.portal.look.visits import Visit
from huiqi.reference.money import format_yuan

Number = Annotated[int, Path(..., ge=1, le=2**63 - 1)]


class ProgrammeRow(Schema):
    """A programme of funds. `share` is what its government bears of what lower levels spend, "0" where it does not."""

    number: int
    code: str
    title: str
    region: str
    measures: list[str]
    share: str
    state: str
    closed_on: date | None
    version: int


class FundAccountRow(Schema):
    """An account of funds, sums in yuan. `kind`: budget, available, paid, advanced or advances."""

    number: int
    programme: str
    year: int
    direct: bool
    region: str
    kind: str
    debits_posted: str
    debits_pending: str
    credits_posted: str
    credits_pending: str


class TransferRow(Schema):
    """A transfer from the account `debit` to `credit`, in yuan. `resolves` and `reverses` are numbers of transfers."""

    number: int
    key: str
    stage: str
    purpose: str
    debit: int
    credit: int
    amount: str
    day: date
    resolves: int | None
    reverses: int | None
    linked: str
    until: date | None
    reason: str


class FundOrderRow(Schema):
    """An order of money, without its lines. Of a superior's order only the lines of one's own area are given."""

    number: int
    kind: str
    programme: str
    year: int
    direct: bool
    region: str
    document: str
    until: date | None
    final: bool
    state: str
    decided_on: date | None
    version: int


class FundOrderLineRow(Schema):
    """A line of an order, in yuan. `spent`, `due` and `given` stand for settlements only."""

    number: int
    region: str
    amount: str
    spent: str | None
    due: str | None
    given: str | None
    back: str


@endpoint("funds", "funds", zh="资金项目", en="Programmes of funds", answers=Part[ProgrammeRow], opens=FUNDS)
def funds(request: Visit, asked: CutAsked) -> Any:
    """The programmes of one's area, and those in which it has accounts, newest first."""
    rows, following = part_of(programmes_seen(request.actor), asked)
    return {"rows": [_programme(each) for each in rows], "next": following}


@endpoint(
    "fund-accounts",
    "funds/{int:number}/accounts",
    zh="资金账户",
    en="Accounts of a programme",
    answers=Part[FundAccountRow],
    opens=FUNDS,
)
def fund_accounts(request: Visit, number: Number, asked: CutAsked) -> Any:
    """The accounts of one's area in a programme, by number."""
    if not programmes_seen(request.actor).filter(pk=number).exists():
        raise NotYours
    accounts = accounts_seen(request.actor).filter(programme=number)
    rows, following = part_of(accounts, asked, newest_first=False)
    return {"rows": [_account(each) for each in rows], "next": following}


@endpoint(
    "fund-transfers",
    "funds/accounts/{int:number}/transfers",
    zh="资金流水",
    en="Transfers of an account",
    answers=Part[TransferRow],
    opens=FUNDS,
)
def fund_transfers(request: Visit, number: Number, asked: CutAsked) -> Any:
    """The transfers into and out of an account, by number: their sums are the account's."""
    account = accounts_seen(request.actor).filter(pk=number).first()
    if account is None:
        raise NotYours
    rows, following = part_of(transfers_of(account), asked, newest_first=False)
    return {"rows": [_transfer(each) for each in rows], "next": following}


@endpoint(
    "fund-orders", "funds/orders", zh="拨款单", en="Orders of money", answers=Part[FundOrderRow], opens=FUNDS
)
def fund_orders(request: Visit, asked: CutAsked) -> Any:
    """The orders of one's area, and confirmed ones of a superior that concern it, newest first."""
    rows, following = part_of(orders_seen(request.actor), asked)
    return {"rows": [_order(each) for each in rows], "next": following}


@endpoint(
    "fund-order-lines",
    "funds/orders/{int:number}/lines",
    zh="拨款单明细",
    en="Lines of an order of money",
    answers=Part[FundOrderLineRow],
    opens=FUNDS,
)
def fund_order_lines(request: Visit, number: Number, asked: CutAsked) -> Any:
    """The lines of an order that one may see, by number."""
    order = orders_seen(request.actor).filter(pk=number).first()
    if order is None:
        raise NotYours
    rows, following = part_of(lines_seen(request.actor).filter(order=order), asked, newest_first=False)
    names = ("amount", "spent", "due", "given", "back")
    shown = [
        {
            "number": each.number,
            "region": each.region,
            **{name: _yuan(getattr(each, name)) for name in names},
        }
        for each in rows
    ]
    return {"rows": shown, "next": following}


def _programme(programme: Programme) -> dict[str, Any]:
    names = ("code", "title", "region", "measures", "state", "closed_on", "version")
    return {
        "number": programme.pk,
        "share": str(programme.share),
        **{name: getattr(programme, name) for name in names},
    }


def _account(account: Account) -> dict[str, Any]:
    sums = ("debits_posted", "debits_pending", "credits_posted", "credits_pending")
    return {
        "number": account.pk,
        "programme": account.programme.code,
        **{name: getattr(account, name) for name in ("year", "direct", "region", "kind")},
        **{name: format_yuan(getattr(account, name)) for name in sums},
    }


def _transfer(transfer: Transfer) -> dict[str, Any]:
    names = ("key", "stage", "purpose", "day", "linked", "until", "reason")
    return {
        "number": transfer.pk,
        "debit": transfer.debit_id,
        "credit": transfer.credit_id,
        "amount": format_yuan(transfer.amount),
        "resolves": transfer.resolves_id,
        "reverses": transfer.reverses_id,
        **{name: getattr(transfer, name) for name in names},
    }


def _order(order: FundOrder) -> dict[str, Any]:
    names = (
        "kind",
        "year",
        "direct",
        "region",
        "document",
        "until",
        "final",
        "state",
        "decided_on",
        "version",
    )
    return {
        "number": order.pk,
        "programme": order.programme.code,
        **{name: getattr(order, name) for name in names},
    }


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else format_yuan(fen)
