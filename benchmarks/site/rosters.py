"""A roster of a hundred thousand rows: read in, read in again with other numbers, and taken back; sums first, then seconds.

    .venv/bin/python benchmarks/site/rosters.py [ROWS]                                                  (SQLite)
    .venv/bin/python tests/portal/postgresql.py .venv/bin/python benchmarks/site/rosters.py [ROWS]      (PostgreSQL)

A site of its own; its folder is made and thrown away. The first roster (CSV) makes the firms, the second (a workbook)
changes a fact of each and is wrong in one row of a hundred; then the second is taken back. After each step the register is
held to the file. The yardstick is the same firms put by bare INSERTs of 1,000 into a table of the same columns.
"""

from __future__ import annotations

import argparse
import datetime
import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

NOW = datetime.datetime(2022, 8, 1, 2, 0, tzinfo=datetime.UTC)
COUNTY = "532503"
HEADINGS = ("统一社会信用代码", "企业名称", "地区", "行业", "从业人员", "上年营业收入（万元）")
WRONG_EACH = 100
"""One row in so many of the second roster says a number of persons that is none."""


def main() -> None:
    """Make the site, hand the rosters in, hold the register to them, print."""
    rows = _arguments().rows
    with tempfile.TemporaryDirectory(prefix="huiqi-benchmark-") as folder:
        os.environ |= {"HUIQI_DATA": folder, "DJANGO_SETTINGS_MODULE": "huiqi.portal.settings"}
        _prepare()
        _run(rows)


def _prepare() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from huiqi.portal.accounts.models import Agency, Appointment, User

    call_command("migrate", verbosity=0)
    agency = Agency.objects.create(code="county", name="县工信局", region=COUNTY)
    user = User.objects.create_user("officer", name="officer")
    Appointment.objects.create(user=user, agency=agency, role="county_officer", begins=NOW.date())


def _run(rows: int) -> None:
    from django.db import connection

    from huiqi.portal.firms.models import Firm

    print(f"{connection.vendor}, {rows:,} rows, yardstick loop {_loop():.3f} s", flush=True)
    wrong = len(range(0, rows, WRONG_EACH))

    content = _csv(rows)
    first = _step(f"checked ({len(content) >> 20} MiB of CSV)", rows, lambda: _hand_in("roster.csv", content))
    _held(first.counts, {"rows": rows, "new": rows, "doubtful": 0})
    _step("read into the register", rows, lambda: _take(first.pk))
    _held_register(rows, _persons)

    content = _workbook(rows)
    second = _step(
        f"checked ({len(content) >> 20} MiB of workbook)", rows, lambda: _hand_in("roster.xlsx", content)
    )
    _held(second.counts, {"rows": rows, "changed": rows - wrong, "doubtful": wrong})
    _step("changed in the register", rows, lambda: _take(second.pk))
    _held_register(rows, lambda number: _persons(number) + (1 if number % WRONG_EACH else 0))
    for name, milliseconds in _pages(second.pk).items():
        print(f"{name:>32} {milliseconds:8.0f} ms, median of five", flush=True)
    _step("taken back", rows, lambda: _undo(second.pk))
    _held_register(rows, _persons)

    print(f"{'memory':>32} {_peak():8,} MiB at most")
    assert Firm.objects.for_site("benchmark").count() == rows
    _step("yardstick: bare inserts", rows, lambda: _bare(rows))
    print(f"yardstick loop {_loop():.3f} s")


def _persons(number: int) -> int:
    return 1 + number % 290


def _table(rows: int) -> Iterator[tuple[str, ...]]:
    from huiqi.reference.credit_codes import make_credit_code

    for number in range(rows):
        code = make_credit_code(COUNTY, f"M{number:07}")
        yield code, f"蒙自第{number}号企业", COUNTY, "H62", str(_persons(number)), str(50 + number % 9000)


def _csv(rows: int) -> bytes:
    return "\n".join(",".join(each) for each in (HEADINGS, *_table(rows))).encode()


def _workbook(rows: int) -> bytes:
    from xlsxwriter import Workbook

    made = io.BytesIO()
    book = Workbook(made, {"constant_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, HEADINGS)
    for number, (code, name, place, trade, persons, revenue) in enumerate(_table(rows)):
        said: object = int(persons) + 1 if number % WRONG_EACH else "许多"
        page.write_row(number + 1, 0, (code, name, place, trade, said, int(revenue)))
    book.close()
    return made.getvalue()


def _hand_in(name: str, content: bytes) -> Any:
    from huiqi.portal.firms.files import keep
    from huiqi.portal.firms.models import Roster

    ticket = keep(name, [content], _officer())
    dated = "2022-06-30" if name.endswith("csv") else "2022-07-31"
    made = _do("roster.hand_in", None, {"source": "statistics", "dated": dated, "ticket": ticket})
    _work()
    return Roster.objects.for_site("benchmark").get(pk=made.pk)


def _take(number: int) -> None:
    _do("roster.take", number, {})
    _work()
    _state(number, "taken")


def _undo(number: int) -> None:
    _do("roster.undo", number, {"reason": "基准测试"})
    _work()
    _state(number, "undone")


def _state(number: int, wanted: str) -> None:
    from huiqi.portal.firms.models import Roster

    found = Roster.objects.for_site("benchmark").get(pk=number)
    if found.state != wanted:
        raise SystemExit(f"the roster came to {found.state}, not to {wanted}")


def _held(counts: dict[str, Any], wanted: dict[str, int]) -> None:
    found = {name: counts[name] for name in wanted}
    if found != wanted:
        raise SystemExit(f"the check counted {found}, the file holds {wanted}")


def _held_register(rows: int, wanted: Callable[[int], int]) -> None:
    """Stop where a firm's persons are not what the file says: a fast wrong answer is none."""
    from huiqi.portal.firms.models import Firm

    firms = Firm.objects.for_site("benchmark").values_list("name", "facts__employees")
    found = {name: claims[0]["value"] for name, claims in firms.iterator(chunk_size=20_000)}
    said = {f"蒙自第{number}号企业": str(wanted(number)) for number in range(rows)}
    if found != said:
        wrong = next(name for name in said if found.get(name) != said[name])
        raise SystemExit(f"{wrong} has {found.get(wrong)} persons, the file says {said[wrong]}")


def _pages(number: int) -> dict[str, float]:
    from django.test import Client

    from huiqi.portal.accounts.models import User

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username="officer"))
    found = {}
    for name, path in (("page of the rosters", "/rosters/"), ("page of the roster", f"/rosters/{number}/")):
        if client.get(path).status_code != 200:
            raise SystemExit(f"{path} is not answered")
        found[name] = statistics.median(_timed(partial(client.get, path)) for _ in range(5)) * 1000
    return found


def _officer() -> Any:
    from huiqi.portal.accounts.capacities import actor_of
    from huiqi.portal.accounts.models import User

    return actor_of(User.objects.get(username="officer"), NOW.date())


def _do(act: str, subject: int | None, values: dict[str, Any]) -> Any:
    from huiqi.portal.acts.performing import perform

    key = f"{act}:{subject}:{values.get('dated', '')}"
    return perform(act, _officer(), subject, values, now=NOW, today=NOW.date(), key=key).subject


def _work() -> None:
    from huiqi.portal.jobs.models import Job
    from huiqi.portal.jobs.running import run_due

    run_due(lambda: NOW)
    failed = list(Job.objects.exclude(error="").values_list("kind", "error"))
    if failed:
        raise SystemExit(f"jobs failed: {failed}")


def _bare(rows: int) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_firm AS SELECT * FROM firms_firm WHERE 1 = 0")
        cursor.execute("SELECT * FROM firms_firm LIMIT 1")
        row = cursor.fetchone()
        marks = f"({', '.join(['%s'] * len(row))})"
        piece = 1_000
        for begin in range(0, rows, piece):
            many = min(piece, rows - begin)
            values = [each for _ in range(many) for each in row]
            cursor.execute(f"INSERT INTO bare_firm VALUES {', '.join([marks] * many)}", values)


def _step(name: str, rows: int, work: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    made = work()
    seconds = time.perf_counter() - began
    print(f"{name:>32} {seconds:8.1f} s {rows / seconds:10,.0f} rows a second", flush=True)
    return made


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _loop() -> float:
    return min(_timed(lambda: sum(number * number for number in range(1_000_000))) for _ in range(5))


def _peak() -> int:
    """Return the most memory that this process ever held, in MiB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A roster of many rows, read in and taken back.")
    parser.add_argument("rows", type=int, nargs="?", default=100_000)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
