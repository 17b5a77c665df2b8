"""What the sections of the page are built of: headings, tables, figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from huiqi.reference.money import format_yuan_grouped
from huiqi.rules.verdicts import VERDICTS
from huiqi.screening.report.figures import LISTED
from huiqi.screening.report.markup import Html, tag

_NUMBER = "n"


def in_force_here(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the measures that are in force for somebody here."""
    return [each for each in figures["measures"] if any(each["verdicts"][verdict] for verdict in LISTED)]


def section(title: str, english: str, *children: Html | None) -> Html:
    """Return a section under its heading."""
    return tag("section", tag("h2", title, tag("small", english, lang="en")), *children)


def keys() -> Html:
    """Return the colours of the verdicts."""
    keys = (tag("li", tag("span", class_=f"key {each}"), VERDICTS[each]) for each in LISTED)
    return tag("ul", *keys, class_="keys")


def table(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    numbers: Sequence[int],
    foot: Sequence[str | None] | None = None,
) -> Html:
    """Return a table that scrolls in its own frame where it is wider than the screen; `numbers` are columns of figures."""

    def kind(place: int) -> str | None:
        return _NUMBER if place in numbers else None

    def row(cells: Sequence[str | None]) -> Html:
        first = tag("th", cells[0], scope="row")
        return tag(
            "tr", first, *(tag("td", cell, class_=kind(place)) for place, cell in enumerate(cells[1:], 1))
        )

    top = tag("tr", *(tag("th", head, scope="col", class_=kind(place)) for place, head in enumerate(heads)))
    return tag(
        "div",
        tag(
            "table",
            tag("caption", caption),
            tag("thead", top),
            tag("tbody", *map(row, rows)),
            tag("tfoot", row(foot)) if foot else None,
        ),
        class_="table",
        tabindex="0",
        role="region",
        aria_label=caption,
    )


def counts(*numbers: int) -> list[str]:
    """Return whole numbers with thousands apart."""
    return [f"{each:,}" for each in numbers]


def yuan(fen: int) -> str:
    """Return an amount as tables show it."""
    return format_yuan_grouped(fen)
