"""Options that commands share, and how they answer."""

from __future__ import annotations

import datetime
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huiqi.findings import BadInput, Finding

if TYPE_CHECKING:
    from rich.console import Console

    from huiqi.policies.library import PolicyLibrary


def parse_day(context: click.Context, parameter: click.Parameter, text: str | None) -> datetime.date | None:
    """Read YYYY-MM-DD."""
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError:
        what = f"--{str(parameter.name).replace('_', '-')} cannot be {text[:30]}"
        raise BadInput([Finding("", 0, "", "not-a-date", what, "it is a day", "write YYYY-MM-DD")]) from None


json_option = click.option("--json", "as_json", is_flag=True, help="Print UTF-8 JSON for programs.")
policies_option = click.option(
    "--policies",
    type=click.Path(path_type=Path),
    envvar="HUIQI_POLICIES",
    help="Folder of policies (default: those that come with Huiqi).",
)
language_option = click.option(
    "--language",
    type=click.Choice(["zh", "en"]),
    default="zh",
    envvar="HUIQI_LANGUAGE",
    help="Language of headings and titles.",
)


def as_of_option(required: bool) -> Callable[[Any], Any]:
    """Return the option --as-of."""
    return click.option(
        "--as-of",
        callback=parse_day,
        required=required,
        metavar="YYYY-MM-DD",
        help="The day that is asked about.",
    )


def library(policies: Path | None) -> PolicyLibrary:
    """Return the library of the folder given, or the shipped one."""
    from huiqi.policies.library import load_library
    from huiqi.policies.shipped import shipped_policies

    return load_library(policies or shipped_policies())


def print_json(answer: object) -> None:
    """Print UTF-8 JSON."""
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
    sys.stdout.write("\n")


def console() -> Console:
    """Return the terminal; at least 100 columns where it is no terminal, so that tables stay whole in a file."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else int(os.environ.get("COLUMNS") or 110)
    return Console(width=width, highlight=False, soft_wrap=False, emoji=False, markup=False)


def documents_folder(given: Path | None) -> Path | None:
    """Return the folder of source texts: as given, else HUIQI_DOCUMENTS, else none."""
    text = os.environ.get("HUIQI_DOCUMENTS")
    return given or (Path(text) if text else None)
