"""Pages of an account with its transfers, and of one transfer: down to the order or the payment that made it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from huiqi.portal.funds.models import Account, Transfer
from huiqi.portal.funds.origins import Origin, origins_of
from huiqi.portal.funds.programme_pages import sheet
from huiqi.portal.funds.queries import FUNDS, accounts_seen, transfers_of
from huiqi.portal.funds.shown import account_kind, purpose_words, purposes, stage_words
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit
from huiqi.reference.money import format_yuan
from huiqi.reference.regions import full_name

MOST_EXPORTED = 100_000
"""Transfers of one sheet: more keep a visitor waiting for too long, and are taken out by months."""


@dataclass(frozen=True, slots=True)
class ShownTransfer:
    """A transfer as one of its two accounts sees it: `sign` 1 for what came in."""

    transfer: Transfer
    sign: int
    other: str
    purpose: str
    stage: str
    origin: Origin | None

    @property
    def amount(self) -> int:
        """Fen, negative for what went out."""
        return self.sign * self.transfer.amount


@page("fund-account", "funds/accounts/<int:number>/", zh="资金账户", en="Account of funds", opens=FUNDS)
def fund_account(request: Visit, number: int) -> HttpResponse:
    """Show an account with its transfers, newest first."""
    account: Account = get_object_or_404(accounts_seen(request.actor), pk=number)
    return _show(request, account)


def _show(request: Visit, account: Account, too_many: bool = False) -> HttpResponse:
    rows, asked = _narrowed(request, account)
    transfers = paged(rows.order_by("-pk"), request.GET.get("page"))
    origins = origins_of(request.actor, transfers)
    context = {
        "account": account,
        "kind": account_kind(account.kind),
        "place": full_name(account.region),
        "standing": account.credits_posted - account.debits_posted,
        "transfers": transfers,
        "shown": [_shown(account, each, origins) for each in transfers],
        "purposes": purposes(),
        "too_many": too_many,
        **asked,
    }
    return render(request, "funds/account.html", context, status=422 if too_many else 200)


@page(
    "fund-account-export",
    "funds/accounts/<int:number>/export/",
    zh="导出资金流水",
    en="Export transfers",
    opens=FUNDS,
)
def fund_account_export(request: Visit, number: int) -> HttpResponse:
    """Hand out an account's transfers as a sheet, oldest first, with all that a reader needs to sum them again."""
    account: Account = get_object_or_404(accounts_seen(request.actor), pk=number)
    rows, _asked = _narrowed(request, account)
    if rows.order_by()[: MOST_EXPORTED + 1].count() > MOST_EXPORTED:
        return _show(request, account, too_many=True)
    headings = (
        *(_("序号"), _("日期"), _("事项"), _("入账方式"), _("收入（元）"), _("支出（元）"), _("对方账户")),
        *(_("流水编号"), _("对应流水"), _("理由")),
    )
    return sheet(f"{account.programme.code}-{account.pk}"[:31], headings, _lines(account, rows))


@page("fund-transfer", "funds/transfers/<int:number>/", zh="资金流水", en="Transfer", opens=FUNDS)
def fund_transfer(request: Visit, number: int) -> HttpResponse:
    """Show one transfer: its two accounts, what made it, what it resolves or takes back, what was made with it."""
    seen = accounts_seen(request.actor).select_related(None).values("pk")
    rows = Transfer.objects.for_site("one side is an account that is seen").filter(
        Q(debit__in=seen) | Q(credit__in=seen), pk=number
    )
    found: Transfer | None = rows.select_related("debit__programme", "credit", "resolves", "reverses").first()
    if found is None:
        raise Http404
    near = Transfer.objects.for_site("of the same accounts, or made together, as far as they are seen")
    about = Q(resolves=found) | Q(reverses=found)
    if found.linked:
        about |= Q(linked=found.linked)
    others = near.filter(about, Q(debit__in=seen) | Q(credit__in=seen)).exclude(pk=number)
    linked = list(others.select_related("debit", "credit").order_by("pk")[:50])
    visible = set(
        accounts_seen(request.actor)
        .filter(pk__in=[found.debit_id, found.credit_id])
        .values_list("pk", flat=True)
    )
    context: dict[str, Any] = {
        "transfer": found,
        "purpose": purpose_words(found.purpose),
        "stage": stage_words(found.stage),
        "sides": [
            (_("转出"), found.debit, _side(found.debit), found.debit_id in visible),
            (_("转入"), found.credit, _side(found.credit), found.credit_id in visible),
        ],
        "origin": origins_of(request.actor, [found]).get(found.key),
        "linked": [
            (
                each,
                purpose_words(each.purpose),
                stage_words(each.stage),
                _side(each.debit),
                _side(each.credit),
            )
            for each in linked
        ],
    }
    return render(request, "funds/transfer.html", context)


def _narrowed(request: Visit, account: Account) -> tuple[Any, dict[str, Any]]:
    rows = transfers_of(account)
    purpose = request.GET.get("purpose", "")
    purpose = purpose if purpose in dict(purposes()) else ""
    if purpose:
        rows = rows.filter(purpose=purpose)
    begins, ends = (_day(request.GET.get(name, "")) for name in ("begins", "ends"))
    if begins:
        rows = rows.filter(day__gte=begins)
    if ends:
        rows = rows.filter(day__lte=ends)
    return rows, {"purpose": purpose, "begins": begins, "ends": ends}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _shown(account: Account, transfer: Transfer, origins: dict[str, Origin]) -> ShownTransfer:
    into = transfer.credit_id == account.pk
    return ShownTransfer(
        transfer,
        1 if into else -1,
        _side(transfer.debit if into else transfer.credit),
        purpose_words(transfer.purpose),
        stage_words(transfer.stage),
        origins.get(transfer.key),
    )


def _side(account: Account) -> str:
    return f"{full_name(account.region)} · {account_kind(account.kind)}"


def _lines(account: Account, rows: Any) -> Iterator[tuple[str, ...]]:
    # Plain values, and each side named once: an account may have some hundred thousand transfers.
    columns = (
        "day",
        "purpose",
        "stage",
        "amount",
        "debit",
        "credit",
        "key",
        "resolves__key",
        "reverses__key",
    )
    plain = rows.select_related(None).order_by("pk").values_list(*columns, "reason")
    sides = _Sides()
    for number, row in enumerate(plain.iterator(chunk_size=5_000), start=1):
        day, purpose, stage, fen, debit, credit, key, resolves, reverses, reason = row
        into, amount = credit == account.pk, format_yuan(fen)
        yield (
            str(number),
            day.isoformat(),
            purpose_words(purpose),
            stage_words(stage),
            amount if into else "",
            "" if into else amount,
            sides[debit if into else credit],
            key,
            resolves or reverses or "",
            reason,
        )


class _Sides(dict[int, str]):
    """What accounts are called, by number, each asked for once."""

    def __missing__(self, number: int) -> str:
        found = Account.objects.for_site("named only: the other side of a transfer that is seen").get(
            pk=number
        )
        self[number] = _side(found)
        return self[number]
