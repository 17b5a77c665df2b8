"""`huiqi demo`: three example firms, a synthetic Honghe screened, and the site on it."""

from __future__ import annotations

import datetime
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huiqi.cli.options import console, json_option, language_option, library, policies_option, print_json
from huiqi.findings import BadInput, Finding

if TYPE_CHECKING:
    from huiqi.policies.library import PolicyLibrary
    from huiqi.screening.roster_run import RosterRun

DAY = datetime.date(2022, 7, 31)
_HONGHE = "532500"
_FIRMS = 5_000
_SEED = 7


@click.command("demo")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("huiqi-demo"),
    help="Folder of the screening's results and of the site.",
)
@click.option(
    "--port", type=click.IntRange(1, 65_535), default=8000, show_default=True, help="Port to serve at."
)
@json_option
@policies_option
@language_option
def demo_command(out: Path, port: int, as_json: bool, policies: Path | None, language: str) -> None:
    """Assess three example firms of Honghe as of 31 July 2022, screen a synthetic Honghe, and serve its site.

    The site is served on this machine until it is stopped. With HUIQI_DEMO_ONCE=1 it is set up, asked for its pages, and
    the command ends; with --json it is left out.
    """
    found = library(policies)
    answers = _assess_examples(found)
    if not as_json:
        _print_examples(answers, found, language)
    made = _screen_honghe(found, out)
    if as_json:
        from huiqi.cli.screen import screen_answer

        print_json({"firms": answers, "screening": screen_answer(made)})
        return
    from huiqi.cli.screen import print_screened

    screen = console()
    screen.print()
    screen.rule(
        "红河州筛查（虚构的 5,000 户）" if language == "zh" else "Honghe screened (5,000 synthetic subjects)"
    )
    print_screened(made, language)
    report = made.run.folder / "report.html"
    if _on_a_desktop():
        click.launch(report.resolve().as_uri())
    _site(out / "site", port, language)


def _site(folder: Path, port: int, language: str) -> None:
    """Set the demonstration's site up, and serve it on this machine; or ask for its pages once."""
    from huiqi.cli.demo_site import ask_for_pages, demo_site, print_people
    from huiqi.cli.serve import serve_site

    zh = language == "zh"
    click.echo("正在建立演示网站（已建立的会继续使用）" if zh else "Setting up the site, once", err=True)
    people = demo_site(folder, language)
    print_people(people, f"http://127.0.0.1:{port}/", language)
    if os.environ.get("HUIQI_DEMO_ONCE") == "1":
        pages = ask_for_pages(people)
        click.echo(f"已请求{pages}个页面，均正常" if zh else f"Asked for {pages} pages: all answered")
        return
    serve_site("127.0.0.1", port)


def _assess_examples(found: PolicyLibrary) -> list[dict[str, Any]]:
    from huiqi.policies.shipped import shipped_examples
    from huiqi.rules.positions import read_file
    from huiqi.screening.answer import Answerer
    from huiqi.screening.assess import assess

    folder = shipped_examples()
    cases = sorted(folder.glob("*.yaml"))
    if not cases:
        what = "there are no example firms here"
        raise BadInput([Finding(str(folder), 0, "", "no-examples", what, "", "reinstall")])
    answerer = Answerer(found)
    answers: list[dict[str, Any]] = []
    for case in cases:
        situation = found.cases.read(read_file(case, case.name), DAY)
        answers.append({"file": case.name, **answerer.answer(assess(found, situation))})
    return answers


def _print_examples(answers: list[dict[str, Any]], found: PolicyLibrary, language: str) -> None:
    from huiqi.cli.assess import print_assessment

    for answer in answers:
        print_assessment(answer, found, language, False)
    out = console()
    zh = language == "zh"
    out.rule()
    out.print(
        "以上企业均为虚构。查看一项政策的全部理由："
        if zh
        else "These firms are fictional. Every reason of one measure:"
    )
    first = answers[0]["file"]
    out.print(f"  .venv/bin/huiqi assess examples/{first} --as-of {DAY} --measure rent-waiver", style="bold")


def _screen_honghe(found: PolicyLibrary, out: Path) -> RosterRun:
    """Screen a synthetic Honghe into `out`; an earlier demonstration there is replaced, nothing else is."""
    from huiqi.screening.population.region import RegionPopulation, write_population
    from huiqi.screening.roster_run import screen_roster

    if (out / "manifest.json").is_file() and (out / "totals.json").is_file():
        # The site beside the results stays.
        site = out.with_name(f".{out.name}.site")
        if (out / "site").exists():
            (out / "site").rename(site)
        shutil.rmtree(out)
    with tempfile.TemporaryDirectory(prefix="huiqi-demo-") as folder:
        population = Path(folder) / "honghe"
        write_population(RegionPopulation(found, _HONGHE, _FIRMS, _SEED, DAY), population)
        made = screen_roster(population, found, DAY, out)
    if out.with_name(f".{out.name}.site").exists():
        out.with_name(f".{out.name}.site").rename(out / "site")
    return made


def _on_a_desktop() -> bool:
    if os.environ.get("HUIQI_DEMO_ONCE") == "1" or os.environ.get("CI") or not sys.stdout.isatty():
        return False
    return sys.platform in ("win32", "darwin") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
