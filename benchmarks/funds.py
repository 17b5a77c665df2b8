"""Transfers in batches of 1,000 through the ledger, against a bare INSERT of the same rows: sums first, then the ratio.

    .venv/bin/python tests/portal/postgresql.py .venv/bin/python benchmarks/funds.py [TRANSFERS]

A site of its own, made and thrown away, on the database that DATABASE_URL names (SQLite without it). Three kinds of
batches: money passed down to 129 counties (`posted`), money held for payments (`pending`), and those payments made (`post`). Each
batch is a transaction of its own that is committed as the database is set, the bare ones too: a table with the same columns,
without triggers, checks, keys or indexes, by one INSERT of 1,000 rows; as rows of values, which any client can, and on
PostgreSQL also as one array a column, the fastest there is without COPY. They take turns, so that all meet the same machine.
"""

from __future__ import annotations

import datetime
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import Any

NOW = datetime.datetime(2022, 8, 1, 2, 0, tzinfo=datetime.UTC)
TODAY = datetime.date(2022, 8, 1)
PROVINCE, BATCH, FEN = "530000", 1_000, 12_345


def main(count: int) -> None:
    """Make the site, post so many of each kind, print transfers a second and the ratios."""
    with tempfile.TemporaryDirectory(prefix="huiqi-benchmark-") as folder:
        os.environ |= {"HUIQI_DATA": folder, "DJANGO_SETTINGS_MODULE": "huiqi.portal.settings"}
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        Trial(count - count % BATCH).run()
        print(f"on {connection.vendor}, {connection.Database.__name__}")


class Trial:
    """A programme of a province with its counties, and batches of transfers."""

    def __init__(self, count: int) -> None:
        from huiqi.portal.funds.models import Programme
        from huiqi.portal.funds.posting import Entry, post
        from huiqi.reference.regions import descendants

        self.count = count
        counties = [each.code for each in descendants(PROVINCE) if each.level == "county"]
        self.programme = Programme.objects.create(
            code="bench", title="纾困资金", region=PROVINCE, opened_at=NOW
        )
        budget = self._account("budget", PROVINCE, "")
        self.top = self._account("available", PROVINCE, "credits")
        self.places = [
            (self._account("available", each, "credits"), self._account("paid", each, ""))
            for each in counties
        ]
        post([Entry("bench:budget", budget, self.top, count * FEN, "appropriate")], day=TODAY, at=NOW)

    def _account(self, kind: str, region: str, limit: str) -> int:
        from huiqi.portal.funds.models import Account

        made = Account.objects.create(
            programme=self.programme, year=2022, direct=True, region=region, kind=kind, limit=limit
        )
        return int(made.pk)

    def entries(self, stage: str, begin: int) -> list[Any]:
        """A batch of a kind; transfers of one number go to one county in all three."""
        from huiqi.portal.funds.posting import Entry

        made = []
        for number in range(begin, begin + BATCH):
            available, paid = self.places[number % len(self.places)]
            if stage == "posted":
                made.append(Entry(f"bench:down:{number}", self.top, available, FEN, "allocate"))
            elif stage == "pending":
                made.append(Entry(f"bench:hold:{number}", available, paid, FEN, "pay", stage="pending"))
            else:
                hold = f"bench:hold:{number}"
                made.append(
                    Entry(f"bench:paid:{number}", available, paid, FEN, "pay", stage="post", resolves=hold)
                )
        return made

    def run(self) -> None:
        """Time all three kinds; print nothing before the sums are what was sent."""
        bare = Bare()
        took: dict[str, dict[str, list[float]]] = {}
        for stage in ("posted", "pending", "post"):
            times = took.setdefault(stage, {way: [] for way in ("ledger", *bare.ways)})
            for begin in range(0, self.count, BATCH):
                entries = self.entries(stage, begin)
                times["ledger"].append(_timed(lambda entries=entries: self._post(entries)))
                rows = bare.rows_of(entries)
                for way, insert in bare.ways.items():
                    times[way].append(_timed(lambda rows=rows, insert=insert: insert(rows)))
        self._check(bare)
        print(f"{3 * self.count:,} transfers, {self.count * FEN:,} fen paid, nothing pending: as sent")
        print(
            "transfers a second (median batch); in brackets what the ledger reaches of a bare INSERT's speed"
        )
        for stage, times in took.items():
            speeds = {way: BATCH / statistics.median(each) for way, each in times.items()}
            ratios = {way: sum(each) / sum(times["ledger"]) for way, each in times.items()}
            bare_ones = ", ".join(f"bare {way} {speeds[way]:,.0f} ({ratios[way]:.2f})" for way in bare.ways)
            print(f"{stage:>10}: ledger {speeds['ledger']:,.0f}, {bare_ones}")
        ours = sum(sum(times["ledger"]) for times in took.values())
        for way in bare.ways:
            theirs = sum(sum(times[way]) for times in took.values())
            print(f"{'all':>10}: {theirs / ours:.2f} of bare {way}")

    def _post(self, entries: Sequence[Any]) -> None:
        from huiqi.portal.funds.posting import post

        post(entries, day=TODAY, at=NOW)

    def _check(self, bare: Bare) -> None:
        """Stop where the sums are not what was sent: a fast wrong answer is none."""
        from django.db.models import Count, Sum

        from huiqi.portal.funds.models import Account, Transfer

        accounts = Account.objects.for_site("benchmark")
        paid = accounts.filter(kind="paid").aggregate(paid=Sum("credits_posted"), held=Sum("credits_pending"))
        left = accounts.filter(kind="available").aggregate(
            left=Sum("credits_posted") - Sum("debits_posted"), held=Sum("debits_pending")
        )
        made = Transfer.objects.for_site("benchmark").exclude(purpose="appropriate")
        sums = made.aggregate(count=Count("pk"), fen=Sum("amount"))
        found = (
            paid["paid"],
            paid["held"],
            left["left"],
            left["held"],
            sums["count"],
            sums["fen"],
            *bare.sums(),
        )
        total, times = self.count * FEN, len(bare.ways)
        made_of_all = (3 * self.count, 3 * total)
        if found != (total, 0, 0, 0, *made_of_all, *(times * each for each in made_of_all)):
            raise SystemExit(f"the sums are wrong: {found}")


class Bare:
    """A table with the columns of the ledger's transfers, and nothing else."""

    def __init__(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bare_transfer AS SELECT * FROM funds_transfer WHERE 1 = 0")
        self.number = 0
        self.numbers: dict[str, int] = {}
        self.ways = {"values": self.by_values}
        if connection.vendor == "postgresql":
            self.ways["arrays"] = self.by_arrays

    def rows_of(self, entries: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The same rows as the ledger writes, in the order of its columns."""
        from huiqi.portal.funds.models import Transfer

        rows = []
        for each in entries:
            self.number += 1
            self.numbers[each.key] = self.number
            values = {
                "id": self.number,
                "key": each.key,
                "stage": each.stage,
                "debit_id": each.debit,
                "credit_id": each.credit,
                "amount": each.amount,
                "purpose": each.purpose,
                "resolves_id": self.numbers.get(each.resolves),
                "reverses_id": None,
                "linked": entries[0].key,
                "until": None,
                "day": TODAY,
                "event": None,
                "reason": each.reason,
                "at": NOW,
            }
            rows.append(tuple(values[field.column] for field in Transfer._meta.concrete_fields))
        return rows

    def by_values(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """One INSERT of rows of values, committed."""
        marks = f"({', '.join(['%s'] * len(rows[0]))})"
        source = f"VALUES {', '.join([marks] * len(rows))}"
        self._insert(source, [value for row in rows for value in row])

    def by_arrays(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """One INSERT of an array a column, committed."""
        from django.db import connection

        from huiqi.portal.funds.models import Transfer

        fields = Transfer._meta.concrete_fields
        arrays = ", ".join(f"%s::{field.rel_db_type(connection)}[]" for field in fields)
        self._insert(f"SELECT * FROM unnest({arrays})", [list(each) for each in zip(*rows, strict=True)])

    def _insert(self, source: str, values: list[Any]) -> None:
        from django.db import connection, transaction

        from huiqi.portal.funds.models import Transfer

        columns = ", ".join(f'"{field.column}"' for field in Transfer._meta.concrete_fields)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO bare_transfer ({columns}) {source}", values)

    def sums(self) -> tuple[int, int]:
        """How many rows, and their fen."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), sum(amount) FROM bare_transfer")
            count, fen = cursor.fetchone()
        return int(count), int(fen)


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30_000)
