"""A paid measure delivered to a million firms, from the drawing to the last approval: what it comes to first, then the seconds.

    .venv/bin/python tests/portal/postgresql.py .venv/bin/python benchmarks/delivery.py [FIRMS]

A site of its own on the PostgreSQL that DATABASE_URL names; its folder is made and thrown away. Firms are drawn as for
`benchmarks/site` and all made employers to whom premiums are refunded (but for a zombie firm in twenty, where the rule
asks), screened by the job of screenings, and delivered by the acts and jobs of delivery in a process of its own, whose
memory is printed. Then the notice, three approvals, and the pages on which people wait. The yardstick is the same number
of lines put by bare INSERTs of 1,000 into a table of the same columns, without triggers or keys.
"""

from __future__ import annotations

import argparse
import datetime
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

NOW = datetime.datetime(2022, 8, 1, 2, 0, tzinfo=datetime.UTC)
TODAY = datetime.date(2022, 8, 1)
DAYS_OF_NOTICE = datetime.timedelta(days=14)
MEASURE, PROVINCE = "job-retention-refund", "530000"
PEOPLE = {"head": "leading_group", "reviewer": "reviewer"} | {
    f"approver-{number}": "approver" for number in (1, 2, 3)
}
PAGES = {
    "board": "/deliveries/board/",
    "board, run by run": "/deliveries/board/?by=run",
    "runs": "/deliveries/",
    "the run": "/deliveries/{run}/",
    "the run's page 200": "/deliveries/{run}/?page=200",
    "the run, one county": "/deliveries/{run}/?county=532503",
    "the run, a word": "/deliveries/{run}/?q=企业",
}
SINGLY = 200
"""Lines that are judged once more, one by one."""
_EMPLOYER = {
    "months_premiums_paid": "12",
    "paying_premiums_now": "yes",
    "industrial_policy_kept": "yes",
    "gravely_dishonest": "no",
    "zombie": "no",
    "staff_let_go@2021": "0",
    "employees": "5",
    "revenue": "1200000",
}
_SAID = (
    "jsonb_build_array(jsonb_build_object('value', {}, 'source', 'tax', 'date', '2022-06-30', 'roster', 1))"
)


def main() -> None:
    """Make the site, deliver, print; or do one step of that in this process."""
    arguments = _arguments()
    if arguments.step:
        import django

        django.setup()
        {"fill": _fill, "screen": _screen, "deliver": _deliver}[arguments.step](arguments)
        return
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        raise SystemExit("DATABASE_URL names no PostgreSQL: run this by tests/portal/postgresql.py")
    with tempfile.TemporaryDirectory(prefix="huiqi-benchmark-") as folder:
        os.environ |= {"HUIQI_DATA": folder, "DJANGO_SETTINGS_MODULE": "huiqi.portal.settings"}
        for step in ("fill", "screen", "deliver"):
            subprocess.run([sys.executable, __file__, *sys.argv[1:], "--step", step], check=True)


def _fill(arguments: argparse.Namespace) -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    sys.path.insert(0, str(Path(__file__).parent / "site"))
    from fill import copy, drawn_firms

    from huiqi.portal.accounts.models import Agency, Appointment, User
    from huiqi.portal.catalogue.shelf import library

    began = time.perf_counter()
    have = len(drawn_firms(library(), min(arguments.drawn, arguments.firms)))
    facts = ", ".join(f"'{name}', {_SAID.format(repr(value))}" for name, value in _EMPLOYER.items())
    premiums = _SAID.format("CAST(1000 + id * 37 % 9000 AS text)")
    zombie = _SAID.format("CASE WHEN id % 20 = 0 THEN 'yes' ELSE 'no' END")
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE firms_firm SET subject = 'enterprise', facts = facts || jsonb_build_object({facts}) || "
            f"jsonb_build_object('unemployment_premiums@2021', {premiums}, 'zombie', {zombie})"
        )
        # What the register says was received already a line is less by, and the screening's amount is not.
        cursor.execute(
            "UPDATE firms_firm SET records = records - 'receipts' WHERE CAST(records AS text) LIKE %s",
            [f'%"{MEASURE}"%'],
        )
        copy(have, arguments.firms)
        cursor.execute("VACUUM ANALYZE")
    agency = Agency.objects.create(code="province", name="省人社厅", region=PROVINCE)
    for name, role in PEOPLE.items():
        user = User.objects.create_user(name, name=name)
        Appointment.objects.create(user=user, agency=agency, role=role, begins=TODAY)
    print(f"{arguments.firms:,} firms filled in {time.perf_counter() - began:.0f} s", flush=True)


def _screen(_arguments: argparse.Namespace) -> None:
    from huiqi.portal.jobs.running import run_due
    from huiqi.portal.screenings.models import Screening

    began = time.perf_counter()
    _do("head", "screening.start", None, {"region": PROVINCE, "as_of": "2022-08-01", "measures": MEASURE})
    run_due(lambda: NOW)
    found = Screening.objects.for_site("benchmark").get()
    if found.state != "finished":
        raise SystemExit(f"the screening came to {found.state}: {found.error}")
    print(f"screened in {time.perf_counter() - began:.0f} s, {_peak()} MiB", flush=True)


def _deliver(arguments: argparse.Namespace) -> None:
    from django.db import connection

    from huiqi.portal.delivery import run_work
    from huiqi.portal.delivery.models import Line, Run
    from huiqi.portal.delivery.outliers import to_look_at
    from huiqi.portal.jobs.running import run_due

    took: dict[str, float] = {}
    _time_acts(run_work, took)
    began = time.perf_counter()
    run = _do("head", "run.draw", None, {"measure": MEASURE, "region": PROVINCE})
    took["run.draw"] = time.perf_counter() - began
    run_due(lambda: NOW)
    _expect(run.pk, "drawn")
    drawing = time.perf_counter() - began
    began = time.perf_counter()
    numbers = list(to_look_at(run).values_list("pk", flat=True))
    _do("reviewer", "run.look", run.pk, {"lines": numbers})
    took["run.look"] = time.perf_counter() - began
    _do("reviewer", "run.check", run.pk, {})
    took["run.check"] = time.perf_counter() - began - took["run.look"]
    run_due(lambda: NOW)
    fixing = time.perf_counter() - began
    peak = _peak()
    ended = _expect(run.pk, "checked")
    _check(ended)
    lines = ended.figures["listed"]
    judged = ended.figures["judged"]
    print(
        f"{lines:,} lines, {ended.figures['listed_fen']:,} fen: as the column engine screened; {judged:,} judged by "
        f"the other engine while drawing, {SINGLY} once more after it"
    )
    for act, seconds in took.items():
        print(f"{act:>28} {seconds:8.1f} s {lines / seconds:10,.0f} a second")
    for name, seconds in (("drawn in all", drawing), ("looked at and fixed in all", fixing)):
        print(f"{name:>28} {seconds:8.1f} s {lines / seconds:10,.0f} a second")
    print(f"{'memory of the worker':>28} {peak:8,} MiB at most")
    for name, seconds in _decide(run.pk).items():
        print(f"{name:>28} {seconds:8.1f} s {lines / seconds:10,.0f} a second")
    print(f"{'memory of the worker':>28} {_peak():8,} MiB at most")
    for name, milliseconds in _pages(run.pk).items():
        print(f"{name:>28} {milliseconds:8.0f} ms, median of five")
    bare = _timed(lambda: _bare(lines))
    print(f"{'yardstick: bare inserts':>28} {bare:8.1f} s {lines / bare:10,.0f} a second")
    assert Line.objects.for_site("benchmark").count() == lines
    assert Run.objects.for_site("benchmark").count() == 1
    connection.close()


def _decide(number: int) -> dict[str, float]:
    """Give notice, end it, and let three approvers agree; the seconds of each."""
    later = NOW + DAYS_OF_NOTICE
    took = {"run.notice": _timed(lambda: _do("head", "run.notice", number, {}))}
    took["run.end_notice"] = _timed(lambda: _do("head", "run.end_notice", number, {}, later))
    for name in ("approver-1", "approver-2", "approver-3"):
        took[f"run.approve, {name}"] = _timed(partial(_do, name, "run.approve", number, {}, later))
    _expect(number, "approved")
    return took


def _pages(number: int) -> dict[str, float]:
    """Return the milliseconds that pages take in the office, asked for in this process."""
    from django.test import Client

    from huiqi.portal.accounts.models import User

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username="head"))
    found = {}
    for name, address in PAGES.items():
        path = address.format(run=number)
        if client.get(path).status_code != 200:
            raise SystemExit(f"{path} is not answered")
        found[name] = statistics.median(_timed(partial(client.get, path)) for _ in range(5)) * 1000
    return found


def _do(
    name: str, act: str, subject: int | None, values: Mapping[str, Any], now: datetime.datetime = NOW
) -> Any:
    from huiqi.portal.accounts.capacities import actor_of
    from huiqi.portal.accounts.models import User
    from huiqi.portal.acts.performing import perform

    actor = actor_of(User.objects.get(username=name), now.date())
    return perform(
        act, actor, subject, values, now=now, today=now.date(), key=f"{act}:{subject}:{name}"
    ).subject


def _time_acts(module: Any, took: dict[str, float]) -> None:
    """Let the acts of a job's module note how long they take."""
    real = module.perform

    def timed(act: str, *given: Any, **named: Any) -> Any:
        began = time.perf_counter()
        done = real(act, *given, **named)
        took[act] = took.get(act, 0) + time.perf_counter() - began
        return done

    module.perform = timed


def _expect(number: int, state: str) -> Any:
    from huiqi.portal.delivery.models import Run
    from huiqi.portal.jobs.models import Job

    found = Run.objects.for_site("benchmark").get(pk=number)
    if found.state != state:
        errors = list(Job.objects.exclude(error="").values_list("kind", "error"))
        raise SystemExit(f"the run came to {found.state}, not to {state}: {found.reason} {errors}")
    return found


def _check(run: Any) -> None:
    """Stop where lines and fen are not what was screened, or a line is not what its firm is owed: a fast wrong answer is none."""
    import pyarrow.parquet as pq
    from django.db.models import Count, Sum

    from huiqi.portal.delivery.digests import digest_of
    from huiqi.portal.delivery.making import Maker
    from huiqi.portal.delivery.models import Claimed, Line
    from huiqi.portal.firms.outside import outside_claims
    from huiqi.portal.screenings.folders import RunFolder
    from huiqi.rules.columns.judge import ORDER
    from huiqi.rules.verdicts import ELIGIBLE

    path = RunFolder(run.screening_id).measures / f"{MEASURE}.parquet"
    said = pq.read_table(path, columns=["pk", "verdict", "counted_fen"]).to_pydict()
    eligible = ORDER.index(ELIGIBLE)
    screened = {
        pk: fen
        for pk, verdict, fen in zip(said["pk"], said["verdict"], said["counted_fen"], strict=True)
        # Who is owed nothing has no line.
        if verdict == eligible and fen
    }
    rows = Line.objects.for_site("benchmark").filter(run=run, state="listed")
    kept = dict(rows.values_list("firm_id", "amount").iterator(chunk_size=20_000))
    sums = rows.aggregate(lines=Count("pk"), fen=Sum("amount"))
    if kept != screened or sums != {"lines": len(screened), "fen": sum(screened.values())}:
        raise SystemExit(f"the lines are not what was screened: {sums}, {len(screened)}")
    figures = (run.figures["listed"], run.figures["listed_fen"], run.figures["differ"])
    if figures != (sums["lines"], sums["fen"], 0) or Claimed.objects.count() != sums["lines"]:
        raise SystemExit(f"the run's figures are wrong: {figures}")
    if digest_of(run) != (run.digest, sums["lines"], sums["fen"]):
        raise SystemExit("the digest is wrong")
    numbers = random.Random(7).sample(sorted(kept), min(SINGLY, len(kept)))
    judge = Maker(run).judge
    for line in rows.filter(firm_id__in=numbers).select_related("firm"):
        outside = outside_claims([line.firm], run.as_of).get(line.firm_id, {})
        (owed,) = judge.judged(line.firm, outside).owed
        if (owed.amount, owed.facts) != (line.amount, line.facts):
            raise SystemExit(f"line {line.pk} is not what its firm is owed")


def _bare(count: int) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_line AS SELECT * FROM delivery_line WHERE 1 = 0")
        cursor.execute("SELECT * FROM delivery_line LIMIT 1")
        row = cursor.fetchone()
        marks = f"({', '.join(['%s'] * len(row))})"
        piece = 1_000
        for begin in range(0, count, piece):
            many = min(piece, count - begin)
            cursor.execute(
                f"INSERT INTO bare_line VALUES {', '.join([marks] * many)}",
                [each for _ in range(many) for each in row],
            )


def _peak() -> int:
    """Return the most memory that this process ever held, in MiB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A paid measure delivered to many firms.")
    parser.add_argument("firms", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--drawn", type=int, default=20_000, help="firms that are drawn; the rest are copies")
    parser.add_argument("--step", choices=("fill", "screen", "deliver"), help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
