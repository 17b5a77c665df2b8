"""A payment batch from its drawing to the bank's answer: what it comes to first, then how long each step took.

    .venv/bin/python tests/portal/postgresql.py .venv/bin/python benchmarks/payments.py [PAYMENTS]

A site of its own, made and thrown away, on the database that DATABASE_URL names (SQLite without it). The yardstick is
the same number of ledger rows put by bare INSERTs of 1,000 into a table of the same columns, without triggers or keys.
"""

from __future__ import annotations

import datetime
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

NOW = datetime.datetime(2022, 8, 1, 2, 0, tzinfo=datetime.UTC)
TODAY = datetime.date(2022, 8, 1)
COUNTY, FEN = "532503", 12_345


def main(count: int) -> None:
    """Make the site, pay so many, print the seconds."""
    with tempfile.TemporaryDirectory(prefix="huiqi-benchmark-") as folder:
        os.environ |= {"HUIQI_DATA": folder, "DJANGO_SETTINGS_MODULE": "huiqi.portal.settings"}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        _pay(count)


def _pay(count: int) -> None:
    from huiqi.portal.accounts.capacities import actor_of, site_actor
    from huiqi.portal.accounts.models import Agency, Appointment, User
    from huiqi.portal.acts.actors import Capacity
    from huiqi.portal.acts.performing import perform
    from huiqi.portal.acts.registry import Doing
    from huiqi.portal.funds.models import Account
    from huiqi.portal.jobs.running import run_due
    from huiqi.portal.payments.batches import open_from_source
    from huiqi.portal.payments.models import Payment, PaymentBatch
    from huiqi.portal.payments.orders import Order, orders_from
    from huiqi.portal.payments.statement_files import keep

    def source(_argument: str, after: str, most: int) -> Sequence[Order]:
        begin = int(after.partition(":")[2] or 0)
        return [
            Order(
                f"bench:{each}", None, "rent-waiver", FEN, f"虚构企业{each}", f"6222021{each:012}", "虚构银行"
            )
            for each in range(begin + 1, min(begin + most, count) + 1)
        ]

    def do(name: str, act: str, subject: int | None, values: dict[str, object] | None = None) -> object:
        actor = actor_of(User.objects.get(username=name), TODAY)
        done = perform(act, actor, subject, values or {}, now=NOW, today=TODAY, key=f"{act}:{subject}")
        return done.subject

    orders_from("bench", source)
    agency = Agency.objects.create(code=f"{COUNTY}-finance", name="财政局", region=COUNTY)
    for name in ("holder", "sender"):
        user = User.objects.create_user(name, name=name)
        Appointment.objects.create(user=user, agency=agency, role="finance", begins=TODAY)
    programme, available = _money(count * FEN)
    capacity = Capacity("finance", "", frozenset(), frozenset(), agency=agency.pk, areas=("",))
    doing = Doing("run.pay", site_actor("benchmark"), capacity, NOW, TODAY)
    took: dict[str, float] = {}

    @contextmanager
    def timed(step: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        took[step] = time.perf_counter() - began

    with timed("drawn"):
        batch = open_from_source(
            doing,
            programme=programme,
            region=COUNTY,
            year=2022,
            direct=True,
            title="补助",
            domain="bench",
            argument="all",
            count=count,
            total=count * FEN,
        )
        run_due(lambda: NOW)
    with timed("held"):
        do("holder", "payment.hold", batch.pk)
        run_due(lambda: NOW)
    with timed("bank file made and sent"):
        do("sender", "payment.send", batch.pk)
    content = _answer(Payment.objects.for_site("benchmark").filter(batch=batch).order_by("number"))
    with timed("statement read"):
        ticket = keep("answer.csv", [content], actor_of(User.objects.get(username="holder"), TODAY))
        total = f"{count * FEN // 100}.{count * FEN % 100:02}"
        statement = do(
            "holder", "statement.hand_in", None, {"ticket": ticket, "count": count, "total": total}
        )
        run_due(lambda: NOW)
    with timed("posted"):
        do("holder", "statement.take", getattr(statement, "pk", None))
        run_due(lambda: NOW)
    _check(PaymentBatch.objects.for_site("benchmark").get(pk=batch.pk), available, count)
    account = Account.objects.for_site("benchmark").get(pk=available)
    print(f"{count:,} payments, {account.debits_posted:,} fen paid, nothing pending: as declared")
    for step, seconds in took.items():
        print(f"{step:>28} {seconds:8.1f} s {count / seconds:10,.0f} a second")
    bare = _timed(lambda: _bare(count))
    print(f"{'yardstick: bare inserts':>28} {bare:8.1f} s {count / bare:10,.0f} a second")


def _money(total: int) -> tuple[object, int]:
    from huiqi.portal.funds.models import Account, Programme
    from huiqi.portal.funds.posting import Entry, post

    programme = Programme.objects.create(code="bench", title="纾困资金", region="530000", opened_at=NOW)
    numbers = {}
    for kind, region, limit in (
        ("budget", "530000", ""),
        ("available", "530000", "credits"),
        ("available", COUNTY, "credits"),
    ):
        made = Account.objects.create(
            programme=programme, year=2022, direct=True, region=region, kind=kind, limit=limit
        )
        numbers[kind, region] = made.pk
    province, county = numbers["available", "530000"], numbers["available", COUNTY]
    entries = [
        Entry("budget", numbers["budget", "530000"], province, total, "appropriate"),
        Entry("down", province, county, total, "allocate"),
    ]
    post(entries, day=TODAY, at=NOW)
    return programme, county


def _answer(payments: object) -> bytes:
    from huiqi.reference.money import format_yuan

    rows = ["交易日期,业务编号,收款账号,金额,处理结果"]
    for payment in payments.iterator():  # type: ignore[attr-defined]
        rows.append(f"2022-08-01,{payment.reference},6222021{payment.number:012},{format_yuan(FEN)},成功")
    return "\n".join(rows).encode()


def _check(batch: object, available: int, count: int) -> None:
    """Stop where the sums are not what was declared: a fast wrong answer is none."""
    from django.db.models import Sum

    from huiqi.portal.funds.models import Account, Transfer

    account = Account.objects.for_site("benchmark").get(pk=available)
    posted = (
        Transfer.objects.for_site("benchmark").filter(stage="post").aggregate(total=Sum("amount"))["total"]
    )
    found = (
        getattr(batch, "state", ""),
        getattr(batch, "paid_count", 0),
        getattr(batch, "paid_total", 0),
        posted,
        account.debits_posted,
        account.debits_pending,
    )
    if found != ("closed", count, *[count * FEN] * 3, 0):
        raise SystemExit(f"the sums are wrong: {found}")


def _bare(count: int) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_transfer AS SELECT * FROM funds_transfer WHERE 1 = 0")
        cursor.execute("SELECT * FROM funds_transfer WHERE stage = 'post' LIMIT 1")
        row = cursor.fetchone()
        marks = f"({', '.join(['%s'] * len(row))})"
        # SQLite takes at most 32,766 values in one statement.
        piece = 1_000
        for begin in range(0, count, piece):
            many = min(piece, count - begin)
            cursor.execute(
                f"INSERT INTO bare_transfer VALUES {', '.join([marks] * many)}",
                [each for _ in range(many) for each in row],
            )


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
