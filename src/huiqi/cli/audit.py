"""`huiqi audit`: the chain of events checked, on the site or far from it, and exported for that."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from huiqi.cli.options import json_option, language_option, print_json
from huiqi.findings import Finding

if TYPE_CHECKING:
    from huiqi.portal.acts.checking import ChainCheck, PublishedPoint

_MOST_IN_JSON = 1_000


@click.group("audit")
def audit_command() -> None:
    """The chain of events 事件链."""


@audit_command.command("verify")
@click.option("--events", type=click.Path(path_type=Path), help="An export to check, far from the site.")
@click.option("--heads", type=click.Path(path_type=Path), help="Published heads that the chain must hold.")
@click.option(
    "--funds", type=click.Path(path_type=Path), help="An export's monthly heads of funds, with --events."
)
@language_option
@json_option
def verify_command(
    events: Path | None, heads: Path | None, funds: Path | None, as_json: bool, language: str
) -> int:
    """Check that no event was changed, lost or put in later: in the site's database, or in an export.

    Status 1 and one finding for each break. For an export, give the heads too: those that you kept from the
    site's public page tell an export that was rewritten as a whole. The monthly heads of funds are checked with
    the events that froze them; in the site's database also against the ledger.
    """
    if funds is not None and events is None:
        raise click.UsageError("--funds goes with --events: the events say which heads were frozen")
    from huiqi.portal.acts.exported import read_heads

    points = read_heads(heads) if heads is not None else []
    if events is not None:
        check, found = _of_export(events, points, funds)
        compared = len(points)
    else:
        check, found, compared = _of_site(points)
    return _tell(check, found, compared, as_json, language)


@audit_command.command("export")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File of events, one a line.")
@click.option(
    "--heads", type=click.Path(path_type=Path), help="File of heads (default: OUT with .heads.jsonl)."
)
@language_option
@json_option
def export_command(out: Path, heads: Path | None, as_json: bool, language: str) -> None:
    """Write all events, all published heads and all monthly heads of funds as JSON lines, to be checked anywhere."""
    from huiqi.cli.site import open_site, to_terminal
    from huiqi.portal.acts.exported import event_line, head_line
    from huiqi.portal.upkeep.whole_file import whole_file

    open_site()
    from huiqi.portal.acts.stored import events, head, published_points
    from huiqi.portal.fund_watch.checked_heads import fund_head_line
    from huiqi.portal.fund_watch.stored_heads import read_heads

    beside, of_funds = heads or out.with_suffix(".heads.jsonl"), out.with_suffix(".funds.jsonl")
    # The events last: each head of funds has its event among them.
    with whole_file(of_funds) as fund_file:
        fund_file.writelines(fund_head_line(each) for each in read_heads())
    points, last = published_points(), head()
    written = 0
    with whole_file(beside) as head_file, whole_file(out) as file:
        for event in events(1, last.sequence, to_terminal("events")):
            file.write(event_line(event.content))
            written += 1
        head_file.writelines(head_line(each) for each in [*points, last])
    if as_json:
        files = {"events_file": str(out), "heads_file": str(beside), "funds_file": str(of_funds)}
        print_json({**files, "events": written, "heads": len(points), "head": last.digest})
    elif language == "zh":
        click.echo(f"已导出事件{written:,}条：{out}；已公布摘要{len(points):,}个：{beside}")
        click.echo(f"链尾摘要 {last.digest}")
    else:
        click.echo(f"{written:,} events: {out}; {len(points):,} published heads: {beside}")
        click.echo(f"head {last.digest}")


def _of_export(
    path: Path, points: list[PublishedPoint], funds: Path | None
) -> tuple[ChainCheck, Iterator[Finding]]:
    from huiqi.portal.acts.checking import ChainCheck
    from huiqi.portal.acts.exported import opened, read_events
    from huiqi.portal.fund_watch.checked_heads import HeadsCheck, read_fund_heads

    check = ChainCheck(points, file=str(path))
    file = opened(path)

    def found() -> Iterator[Finding]:
        if funds is None:
            with file:
                yield from check.findings(read_events(path, file))
            return
        of_funds = HeadsCheck(str(funds))
        with file, opened(funds) as fund_file:
            yield from check.findings(of_funds.heard(read_events(path, file)))
            yield from of_funds.findings(read_fund_heads(funds, fund_file))

    return check, found()


def _of_site(points: list[PublishedPoint]) -> tuple[ChainCheck, Iterator[Finding], int]:
    from huiqi.cli.site import open_site, to_terminal

    open_site()
    from huiqi.portal.acts.stored import StoredCheck
    from huiqi.portal.fund_watch.stored_heads import stored_findings

    stored = StoredCheck(also=points)
    found = itertools.chain(stored.findings(to_terminal("events")), stored_findings())
    return stored.check, found, stored.heads


def _tell(check: ChainCheck, found: Iterator[Finding], heads: int, as_json: bool, language: str) -> int:
    count = 0
    kept: list[Finding] = []
    for finding in found:
        count += 1
        if not as_json:
            sys.stdout.write(f"{finding}\n")
        elif len(kept) < _MOST_IN_JSON:
            kept.append(finding)
    if as_json:
        print_json(
            {
                "sound": count == 0,
                "events": check.events,
                "heads": heads,
                "head": {"sequence": check.sequence, "digest": check.digest},
                "breaks": count,
                "findings": [each.as_json() for each in kept],
            }
        )
    elif language == "zh":
        verdict = "完整，未被改动" if count == 0 else f"有{count:,}处断裂"
        click.echo(f"事件{check.events:,}条，对照已公布摘要{heads:,}个：{verdict}")
        click.echo(f"链尾：第{check.sequence:,}条 {check.digest}")
    else:
        verdict = "whole, nothing was changed" if count == 0 else f"{count:,} breaks"
        click.echo(f"{check.events:,} events, {heads:,} published heads: {verdict}")
        click.echo(f"head: event {check.sequence:,} {check.digest}")
    return 0 if count == 0 else 1
