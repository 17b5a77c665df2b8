"""The checks of monitoring: what each finds in the books, with the figures and the transfers behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Count, Sum

from huiqi.portal.fund_watch import needs
from huiqi.portal.fund_watch.ageing import Layer, average, remaining, stays
from huiqi.portal.fund_watch.books import Books, level_of
from huiqi.portal.fund_watch.rules import Rule
from huiqi.portal.funds.balances import levels
from huiqi.portal.funds.models import Account, Programme
from huiqi.portal.payments.models import Payment, PaymentBatch
from huiqi.reference.money import half_up
from huiqi.reference.regions import UnknownRegion, is_within

_MOST_PLACES = 10
_LATELY = timedelta(60)
"""Money that left a level in these days tells how long it takes to pass."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found: `about` is what the finding is known by; figures hold numbers, ISO days and stable words."""

    about: str
    programme: int
    year: int
    direct: bool | None
    region: str
    figures: Mapping[str, Any]
    transfers: list[int] = field(default_factory=list)


Check = Callable[[Rule, Books], Iterator[Found]]


def check(rule: Rule, books: Books) -> Iterator[Found]:
    """Yield what a rule finds. Raises CalendarNotPublished where it counts days of a year that is not loaded."""
    return CHECKS[rule.check](rule, books)


def _idle(rule: Rule, books: Books) -> Iterator[Found]:
    for account in books.of_kind("available"):
        if (old := _old(rule, books, account, account.debits_posted + account.debits_pending)) is not None:
            figures = {**_aged(rule, account, old), "free": account.free}
            yield _of(account, figures, books.behind(account, old))


def _not_settled(rule: Rule, books: Books) -> Iterator[Found]:
    for account in books.of_kind("advanced"):
        if (old := _old(rule, books, account, account.debits_posted)) is not None:
            standing = account.credits_posted - account.debits_posted
            yield _of(
                account, {**_aged(rule, account, old), "standing": standing}, books.behind(account, old)
            )


def _held_back(rule: Rule, books: Books) -> Iterator[Found]:
    waiting: dict[tuple[int, int], Mapping[str, int]] = {}
    for account in books.of_kind("available"):
        old = _old(rule, books, account, account.debits_posted + account.debits_pending)
        if old is None:
            continue
        key = (account.programme_id, account.year)
        if key not in waiting:
            waiting[key] = books.ordered(account.programme, account.year)
        below = {
            region: fen
            for region, fen in waiting[key].items()
            if region != account.region and is_within(region, account.region)
        }
        if below:
            figures = {
                **_aged(rule, account, old),
                "waiting": sum(below.values()),
                "where": _places(below),
            }
            yield _of(account, figures, books.behind(account, old))


def _old(rule: Rule, books: Books, account: Account, gone: int) -> list[Layer] | None:
    """What has lain on an account longer than the rule allows there; None where it is less than is worth saying."""
    limit = rule.working_days.get(level_of(account.region))
    if limit is None:
        return None
    left = remaining(books.came.get(account.pk, []), gone)
    old = [each for each in left if books.lain(each.day) > limit]
    fen = sum(each.fen for each in old)
    return old if fen and fen >= rule.least else None


def _aged(rule: Rule, account: Account, old: list[Layer]) -> dict[str, Any]:
    return {
        "fen": sum(each.fen for each in old),
        "since": old[0].day.isoformat(),
        "limit": rule.working_days[level_of(account.region)],
    }


def _slow(rule: Rule, books: Books) -> Iterator[Found]:
    begin = books.today - _LATELY
    for account in books.of_kind("available"):
        limit = rule.working_days.get(level_of(account.region))
        went = books.went.get(account.pk, [])
        if limit is None or not went or went[-1].day < begin:
            continue
        lately = [each for each in stays(books.came.get(account.pk, []), went) if each.went >= begin]
        fen = sum(each.fen for each in lately)
        mean = average(lately, books.working_days)
        if mean is not None and mean > limit and fen >= rule.least:
            tenths = half_up(10 * mean)
            figures = {"average": f"{tenths // 10}.{tenths % 10}", "fen": fen, "limit": limit}
            first = min(lately, key=lambda each: each.came)
            yield _of(account, figures, books.behind(account, [Layer(first.came, first.fen)]))


def _other_measure(_rule: Rule, books: Books) -> Iterator[Found]:
    rows = _live_payments(books).values("batch", "measure").annotate(fen=Sum("amount"), count=Count("pk"))
    wrong: dict[int, list[dict[str, Any]]] = defaultdict(list)
    batches = _batches(books)
    for each in rows:
        pays = batches[each["batch"]].programme.measures
        # A programme that does not say what it pays tells nothing.
        if pays and each["measure"] not in pays:
            wrong[each["batch"]].append(each)
    for number, parts in wrong.items():
        figures = {
            "fen": sum(each["fen"] for each in parts),
            "count": sum(each["count"] for each in parts),
            "measures": sorted(each["measure"] for each in parts)[:_MOST_PLACES],
        }
        yield _of_batch(batches[number], figures)


def _payee_elsewhere(_rule: Rule, books: Books) -> Iterator[Found]:
    rows = _live_payments(books).filter(firm__isnull=False)
    rows = rows.values("batch", "firm__region").annotate(fen=Sum("amount"), count=Count("pk"))
    wrong: dict[int, list[dict[str, Any]]] = defaultdict(list)
    batches = _batches(books)
    for each in rows:
        if _outside(each["firm__region"], batches[each["batch"]].region):
            wrong[each["batch"]].append(each)
    for number, parts in wrong.items():
        figures = {
            "fen": sum(each["fen"] for each in parts),
            "count": sum(each["count"] for each in parts),
            "where": _places({each["firm__region"]: each["fen"] for each in parts}),
        }
        yield _of_batch(batches[number], figures)


def _outside(region: str, area: str) -> bool:
    """Whether a firm is known to be outside an area: what is not known is no finding."""
    try:
        return is_within(region, area) is False
    except UnknownRegion:
        return False


def _live_payments(books: Books) -> Any:
    rows = Payment.objects.for_site("monitoring looks at all payments")
    live = rows.filter(batch__year__gte=books.today.year - 1).exclude(state__in=["rejected", "voided"])
    return live.order_by()


def _batches(books: Books) -> dict[int, PaymentBatch]:
    rows = PaymentBatch.objects.for_site("monitoring looks at all batches").select_related("programme")
    return {each.pk: each for each in rows.filter(year__gte=books.today.year - 1)}


def _runs_out(rule: Rule, books: Books) -> Iterator[Found]:
    year = books.today.year
    have: dict[int, int] = defaultdict(int)
    for account in books.of_kind("available"):
        if account.year == year:
            have[account.programme_id] += account.free + account.debits_pending
    open_ones = Programme.objects.for_site("monitoring looks at all programmes").filter(
        state="open", pk__in=list(have)
    )
    for programme in open_ones.order_by("pk"):
        domain, wanted = needs.entitled(programme, year, books.today)
        need = sum(wanted.values())
        short = need - have[programme.pk]
        if short > 0 and short >= rule.least:
            figures = {
                "need": need,
                "have": have[programme.pk],
                "short": short,
                "by": domain,
                "where": _places(wanted),
            }
            about = f"programme:{programme.pk}:{year}"
            yield Found(about, programme.pk, year, None, programme.region, figures)


def _execution(rule: Rule, books: Books) -> Iterator[Found]:
    series: dict[tuple[int, int, bool], list[Account]] = defaultdict(list)
    for account in books.accounts:
        if books.today.year - 1 <= account.year <= books.today.year:
            series[account.programme_id, account.year, account.direct].append(account)
    for (programme, year, direct), accounts in series.items():
        promised = _promised(rule, year, books.today)
        if promised is None:
            continue
        by, share = promised
        for level in levels(accounts):
            funds, paid = level.area.funds, level.area.paid
            if funds and funds >= rule.least and Fraction(paid, funds) < share:
                percent = half_up(100 * share)
                figures = {"paid": paid, "funds": funds, "promised": f"{percent}%", "by": by.isoformat()}
                about = f"area:{programme}:{year}:{int(direct)}:{level.region}"
                yield Found(about, programme, year, direct, level.region, figures)


def _promised(rule: Rule, year: int, today: date) -> tuple[date, Fraction] | None:
    """The newest promise of a year that is over: its last day, and the share."""
    kept = [(end, share) for month, share in rule.promised.items() if (end := _end(year, month)) < today]
    return max(kept) if kept else None


def _end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(1)


def _places(by_region: Mapping[str, int]) -> list[list[Any]]:
    """Regions with their fen, those with most first."""
    ranked = sorted(by_region.items(), key=lambda pair: (-pair[1], pair[0]))
    return [list(pair) for pair in ranked[:_MOST_PLACES] if pair[1] > 0]


def _of(account: Account, figures: Mapping[str, Any], transfers: list[int]) -> Found:
    return Found(
        f"account:{account.pk}",
        account.programme_id,
        account.year,
        account.direct,
        account.region,
        figures,
        transfers,
    )


def _of_batch(batch: PaymentBatch, figures: Mapping[str, Any]) -> Found:
    return Found(f"batch:{batch.pk}", batch.programme_id, batch.year, batch.direct, batch.region, figures)


CHECKS: Mapping[str, Check] = {
    "idle": _idle,
    "held_back": _held_back,
    "other_measure": _other_measure,
    "payee_elsewhere": _payee_elsewhere,
    "not_settled": _not_settled,
    "runs_out": _runs_out,
    "execution": _execution,
    "slow": _slow,
}
"""By the word that a rule names its check with."""
