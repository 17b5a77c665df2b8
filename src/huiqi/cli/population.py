"""`huiqi population`: a synthetic population of a region to try on."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import click

from huiqi.cli.options import (
    as_of_option,
    console,
    json_option,
    language_option,
    library,
    policies_option,
    print_json,
)
from huiqi.findings import BadInput, Finding

DAY = datetime.date(2022, 7, 31)


@click.command("population")
@click.option("--region", "code", required=True, help="Six digits of the region, or 53, 5325.")
@click.option(
    "--firms", type=int, required=True, help="How many subjects: firms, households, persons, institutions."
)
@click.option("--seed", type=int, required=True, help="The same seed gives the same files.")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Folder to write; it must be empty."
)
@as_of_option(required=False)
@policies_option
@json_option
@language_option
def population_command(
    code: str,
    firms: int,
    seed: int,
    out: Path,
    as_of: datetime.date | None,
    policies: Path | None,
    as_json: bool,
    language: str,
) -> None:
    """Write a SYNTHETIC population with all its records; no row is a real firm (day: 2022-07-31 if none is given)."""
    from huiqi.reference.regions import UnknownRegion, full_name
    from huiqi.screening.population.margins import margins
    from huiqi.screening.population.region import RegionPopulation, write_population

    try:
        population = RegionPopulation(library(policies), code, firms, seed, as_of or DAY)
    except UnknownRegion as error:
        finding = Finding(
            "", 0, "--region", "unknown-region", str(error), "", "write six digits such as 532500"
        )
        raise BadInput([finding]) from None
    shown = None if as_json or not sys.stderr.isatty() else _Progress(firms)
    with shown or _Silent():
        rows = write_population(population, out, done=shown.done if shown else lambda number: None)
    assumed = sorted(each.name for each in margins().values() if each.assumed)
    if as_json:
        print_json(
            {
                "synthetic": True,
                "region": population.region,
                "as_of": population.as_of.isoformat(),
                "seed": seed,
                "folder": str(out),
                "rows": rows,
                "margins_published": [each.provenance for each in margins().values() if not each.assumed],
                "margins_assumed": assumed,
            }
        )
        return
    zh = language == "zh"
    say = console().print
    say("合成数据，没有一户是真实主体" if zh else "SYNTHETIC: no row is a real firm")
    say(f"{full_name(population.region)}  {population.as_of}  seed {seed}  {out}")
    facts = library(policies).facts.records
    for record, number in rows.items():
        name = facts[record].label if zh else facts[record].english
        say(f"  {name}: {number:,}")
    published = len(margins()) - len(assumed)
    said = (
        f"有出处的统计 {published} 组，假定 {len(assumed)} 组，见"
        if zh
        else f"{published} published, {len(assumed)} assumed, in"
    )
    say(f"{said} population.json")


class _Silent:
    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: object) -> None:
        return None


class _Progress:
    """A bar on standard error with the time left."""

    def __init__(self, firms: int) -> None:
        from rich.console import Console
        from rich.progress import Progress

        self.bar = Progress(console=Console(stderr=True))
        self.task = self.bar.add_task("", total=firms)

    def __enter__(self) -> None:
        self.bar.start()

    def __exit__(self, *error: object) -> None:
        self.bar.stop()

    def done(self, rows: int) -> None:
        """Move the bar."""
        self.bar.update(self.task, completed=rows)
