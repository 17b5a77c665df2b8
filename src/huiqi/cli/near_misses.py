"""The part of an assessment that tells what is nearly granted (差一点)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from huiqi.screening.near_miss import NearMiss
    from huiqi.screening.near_miss_answer import NearMissAnswerer


def print_near_misses(out: Console, answerer: NearMissAnswerer, misses: Iterable[NearMiss]) -> None:
    """Print a table of what the firm or time can bring, nothing where there is none."""
    from rich.table import Table
    from rich.text import Text

    lines = list(answerer.lines(misses))
    if not lines:
        return
    zh = answerer.zh
    heading = Text(f"{'差一点' if zh else 'nearly'}  {len(lines)}", style="bold magenta")
    table = Table(title=heading, title_justify="left", expand=True)
    table.add_column("政策措施" if zh else "measure", ratio=3, overflow="fold")
    table.add_column("还差什么" if zh else "what is wanting", ratio=4, overflow="fold")
    table.add_column("可增加（元）" if zh else "adds (yuan)", justify="right", no_wrap=True)
    table.add_column("截止" if zh else "until", no_wrap=True)
    for line in lines:
        table.add_row(*line)
    out.print()
    out.print(table)
