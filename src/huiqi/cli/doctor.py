"""`huiqi doctor`: what is wrong with an installation, and how to mend it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from huiqi.cli.options import console, json_option, language_option, print_json
from huiqi.findings import BadInput

if TYPE_CHECKING:
    from huiqi.portal.upkeep.signs import Sign

_MARKS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "error": ("✗", "bold red")}


@click.command("doctor")
@language_option
@json_option
def doctor_command(as_json: bool, language: str) -> int:
    """Look at the installation: software, settings, keys, policies, calendar, database, jobs, backup, events.

    Status 1 when something is found; each with how to mend it.
    """
    signs = list(_signs())
    found = [each for each in signs if each.level != "ok"]
    if as_json:
        print_json({"sound": not found, "checks": [_plain(each, language) for each in signs]})
    else:
        _print(signs, len(found), language)
    return 1 if found else 0


def _signs() -> Iterator[Sign]:
    from huiqi.portal.upkeep.machine import machine_signs
    from huiqi.portal.upkeep.signs import error

    yield from machine_signs(Path(os.environ.get("HUIQI_DATA") or "huiqi-data"))
    from huiqi.cli.site import open_site

    try:
        open_site(migrated=False)
    except BadInput as refused:
        first = refused.findings[0]
        said = f"{first.what}（{first.file}）" if first.file else first.what
        yield error("settings", (said, said), (first.mend, first.mend))
        return
    except (ImportError, OSError, ValueError) as refused:
        said = f"{type(refused).__name__}: {refused}"
        mend = ("检查 HUIQI_ 开头的环境变量和 DJANGO_SETTINGS_MODULE", "check the HUIQI_… variables")
        yield error("settings", (said, said), mend)
        return
    from huiqi.portal.look import clock
    from huiqi.portal.upkeep.installation import installation_signs
    from huiqi.portal.upkeep.running_site import site_signs

    yield from installation_signs(clock.today())
    yield from site_signs(clock.now())


def _plain(sign: Sign, language: str) -> dict[str, str | None]:
    mend = sign.mend.in_language(language) if sign.mend else None
    return {"check": sign.check, "level": sign.level, "what": sign.said.in_language(language), "mend": mend}


def _print(signs: list[Sign], found: int, language: str) -> None:
    from rich.text import Text

    from huiqi.portal.upkeep.signs import TITLES

    out = console()
    for each in signs:
        mark, style = _MARKS[each.level]
        title = TITLES[each.check].in_language(language)
        out.print(
            Text.assemble((f"{mark} {title}  ", style), each.said.in_language(language)), soft_wrap=True
        )
        if each.mend is not None:
            way = "处理：" if language == "zh" else "to mend: "
            out.print(Text(f"    {way}{each.mend.in_language(language)}"), soft_wrap=True)
    if language == "zh":
        out.print("没有发现问题" if not found else f"发现{found}个问题")
    else:
        out.print("nothing was found" if not found else f"{found} found")
