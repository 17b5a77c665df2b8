"""`huiqi jobs`: what the site does by itself, run by hand, by cron, or for a day that is simulated."""

from __future__ import annotations

import datetime
import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from huiqi.cli.options import console, json_option, language_option, parse_day, print_json

if TYPE_CHECKING:
    from huiqi.portal.jobs.models import Job

_STATES = ("waiting", "running", "done", "failed", "cancelled")


@click.group("jobs")
def jobs_command() -> None:
    """The site's jobs 后台任务."""


@jobs_command.command("run")
@click.option(
    "--today", callback=parse_day, metavar="YYYY-MM-DD", help="Run as on this day (default: today)."
)
@click.option("--once", is_flag=True, help="Run one job at most.")
@click.option("--stay", is_flag=True, help="Go on until stopped: beside the servers of a province.")
@language_option
@json_option
def run_command(today: datetime.date | None, once: bool, stay: bool, as_json: bool, language: str) -> None:
    """Ask for the daily jobs of the day and run what is due, until nothing is; tells what was done.

    `huiqi serve` does this by itself. A job that fails is tried again after a pause, by the next run.
    """
    from huiqi.cli.site import open_site

    if stay and (once or today is not None):
        raise click.UsageError("--stay goes on with the real day: leave --once and --today out")
    open_site()
    if stay:
        _stay()
        return
    from huiqi.portal.jobs.running import ask_daily, day_of, run_due
    from huiqi.portal.look import clock

    day = today or clock.today()
    now: Callable[[], datetime.datetime] = clock.now if today is None else lambda: day_of(day)
    ran: list[Job] = []

    def tell(job: Job) -> None:
        ran.append(job)
        if not as_json:
            click.echo(_line(job, language))

    asked = ask_daily(day, now())
    run_due(now, most=1 if once else None, told=tell)
    if as_json:
        answer = {"day": day.isoformat(), "asked": [each.purpose for each in asked]}
        print_json({**answer, "ran": [_plain(each) for each in ran]})
    elif language == "zh":
        click.echo(f"{day.isoformat()}：新排{len(asked)}项每日任务，执行{len(ran)}项")
    else:
        click.echo(f"{day.isoformat()}: {len(asked)} daily jobs asked for, {len(ran)} run")


@jobs_command.command("list")
@click.option("--state", type=click.Choice(_STATES), help="Only those in this state.")
@click.option("--most", type=click.IntRange(1, 1000), default=50, show_default=True, help="Jobs shown.")
@language_option
@json_option
def list_command(state: str | None, most: int, as_json: bool, language: str) -> None:
    """List the jobs, newest first."""
    from rich.table import Table

    from huiqi.cli.site import open_site

    open_site()
    from huiqi.portal.jobs.models import Job

    rows = Job.objects.order_by("-id")
    shown = list((rows.filter(state=state) if state else rows)[:most])
    if as_json:
        print_json({"jobs": [_plain(each) for each in shown]})
        return
    headings = ("编号", "任务", "用途", "状态", "进度", "次数", "提出")
    if language == "en":
        headings = ("no.", "job", "purpose", "state", "progress", "attempts", "asked")
    table = Table(*headings)
    for column in table.columns:
        column.overflow = "fold"
    for each in shown:
        percent = "" if each.percent is None else f"{each.percent}%"
        when = each.asked_at.astimezone().strftime("%Y-%m-%d %H:%M")
        row = (str(each.pk), _title(each, language), each.purpose, _state(each, language), percent)
        table.add_row(*row, str(each.attempts), when)
    console().print(table)


def _stay() -> None:
    from huiqi.portal.jobs.steady import SteadyJobs

    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    jobs = SteadyJobs()
    jobs.start()
    click.echo("后台任务已开始执行 jobs are run until stopped")
    ended.wait()
    jobs.stop()


def _title(job: Job, language: str) -> str:
    from huiqi.portal.jobs.registry import kinds

    kind = kinds().get(job.kind)
    return job.kind if kind is None else kind.en if language == "en" else kind.zh


def _state(job: Job, language: str) -> str:
    from huiqi.portal.jobs.models import STATES

    return STATES[job.state][1 if language == "en" else 0]


def _line(job: Job, language: str) -> str:
    reason = job.error.strip().splitlines()[-1] if job.error else ""
    told = reason or ", ".join(f"{key}={value}" for key, value in job.result.items())
    return f"{_state(job, language)}  {_title(job, language)}  {job.purpose}  {told[:160]}".rstrip()


def _plain(job: Job) -> dict[str, Any]:
    return {
        "id": job.pk,
        "kind": job.kind,
        "purpose": job.purpose,
        "state": job.state,
        "attempts": job.attempts,
        "done": job.done,
        "total": job.total,
        "asked_by": job.asked_by,
        "asked_at": job.asked_at.isoformat(),
        "ended_at": job.ended_at.isoformat() if job.ended_at else None,
        "result": job.result,
        "error": job.error,
    }
