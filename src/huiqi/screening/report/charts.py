"""The charts of the report, each in a width for desks and one for phones. Layouts need no font of this machine."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from huiqi.screening.report.markup import Html, joined, tag
from huiqi.screening.report.svg import svg_of

if TYPE_CHECKING:
    import altair as alt

WIDE, NARROW = 520, 320
_GRID = 760
COLOURS = {"eligible": "#1b7a5a", "likely": "#4a90c4", "undetermined": "#e3a537", "ineligible": "#d5dade"}
_INK, _FAINT, _BAR = "#1d2a26", "#5b6b66", "#1b7a5a"
_SHADES = ("#e6f2ec", "#bcdfce", "#86c2a7", "#3f9674", "#156248")
_NOTHING = "#f1f3f3"
_BAND = 36
_TILE_HEIGHT = 76


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its label and the text at its right."""

    label: str
    value: int
    text: str


@dataclass(frozen=True, slots=True)
class Stack:
    """A whole bar in parts, in the order of their names."""

    label: str
    parts: tuple[tuple[str, int], ...]
    text: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of the region grid."""

    label: str
    value: int
    lines: tuple[str, ...]


def short_yuan(fen: int) -> str:
    """Return an amount for a chart, rounded half up: 1.23亿元, 45.6万元, 789元."""
    yuan = (abs(fen) + 50) // 100
    sign = "-" if fen < 0 else ""
    if yuan >= 99_999_500:
        hundredths = (abs(fen) + 50_000_000) // 100_000_000
        return f"{sign}{hundredths // 100:,}.{hundredths % 100:02}亿元"
    if yuan >= 10_000:
        tenths = (abs(fen) + 50_000) // 100_000
        return f"{sign}{tenths // 10:,}.{tenths % 10}万元"
    return f"{sign}{yuan:,}元"


def bars(name: str, title: str, description: str, rows: Sequence[Bar]) -> Html:
    """Return horizontal bars, each under its label."""

    def chart(width: int) -> dict[str, Any]:
        import altair as alt

        values = [
            {"place": place, "label": _cut(row.label, row.text, width), "value": row.value, "text": row.text}
            for place, row in enumerate(rows)
        ]
        base = alt.Chart(alt.InlineData(values=values), width=width, height=_BAND * len(rows))
        most = max((row.value for row in rows), default=0) or 1
        x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, most], nice=False))
        drawn = base.mark_bar(color=_BAR, height=12, yOffset=8).encode(y=_place(), x=x)
        return _finished(alt.layer(drawn, *_labels(base, width)))

    return _both(name, title, description, chart)


def stacks(name: str, title: str, description: str, rows: Sequence[Stack]) -> Html:
    """Return bars of equal length in coloured parts, each under its label."""

    def chart(width: int) -> dict[str, Any]:
        import altair as alt

        labels = [
            {"place": place, "label": _cut(row.label, row.text, width), "text": row.text}
            for place, row in enumerate(rows)
        ]
        parts = [
            {"place": place, "part": part, "order": order, "value": value}
            for place, row in enumerate(rows)
            for order, (part, value) in enumerate(row.parts)
        ]
        height = _BAND * len(rows)
        drawn = (
            alt.Chart(alt.InlineData(values=parts), width=width, height=height)
            .mark_bar(height=12, yOffset=8)
            .encode(
                y=_place(),
                x=alt.X("value:Q", axis=None, stack="normalize"),
                order=alt.Order("order:O"),
                color=alt.Color(
                    "part:N", legend=None, scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
                ),
            )
        )
        base = alt.Chart(alt.InlineData(values=labels), width=width, height=height)
        return _finished(alt.layer(drawn, *_labels(base, width)))

    return _both(name, title, description, chart)


def tiles(name: str, title: str, description: str, rows: Sequence[Tile]) -> Html:
    """Return a grid of tiles in the order given, darker where the value is greater."""

    def chart(width: int) -> dict[str, Any]:
        import altair as alt

        columns = min(len(rows) or 1, width // 106)
        ranked = sorted(row.value for row in rows if row.value > 0)
        side = width // columns
        shapes, words = [], []
        for place, row in enumerate(rows):
            shade = _shade(row.value, ranked)
            left, top = place % columns * side, place // columns * _TILE_HEIGHT
            shapes.append(
                {
                    "x": left + 2,
                    "x2": left + side - 2,
                    "y": top + 2,
                    "y2": top + _TILE_HEIGHT - 2,
                    "fill": shade,
                }
            )
            lines = [*_wrapped(row.label, (side - 8) // 12), *row.lines]
            first = top + _TILE_HEIGHT // 2 - (len(lines) - 1) * 8
            ink = "#ffffff" if shade in _SHADES[3:] else _INK
            words += [
                {"x": left + side // 2, "y": first + 16 * number, "text": text, "ink": ink}
                for number, text in enumerate(lines)
            ]
        height = _TILE_HEIGHT * -(-len(rows) // columns)
        across = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False))
        down = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
        drawn = (
            alt.Chart(alt.InlineData(values=shapes), width=width, height=height)
            .mark_rect(stroke="#c9d6d0", strokeWidth=1)
            .encode(x=across, x2="x2:Q", y=down, y2="y2:Q", color=alt.Color("fill:N", scale=None))
        )
        text = (
            alt.Chart(alt.InlineData(values=words), width=width, height=height)
            .mark_text(fontSize=12, baseline="middle")
            .encode(x=across, y=down, text="text:N", color=alt.Color("ink:N", scale=None))
        )
        return _finished(alt.layer(drawn, text))

    return _both(name, title, description, chart, _GRID)


def _place() -> alt.Y:
    import altair as alt

    return alt.Y("place:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))


def _labels(base: alt.Chart, width: int) -> list[alt.Chart]:
    """Return the labels at the left above the bars and the figures at the right."""
    import altair as alt

    label = base.mark_text(align="left", dy=-9, fontSize=13, color=_INK, baseline="middle")
    figure = base.mark_text(align="right", dy=-9, fontSize=13, color=_FAINT, baseline="middle")
    return [
        label.encode(y=_place(), x=alt.value(0), text="label:N"),
        figure.encode(y=_place(), x=alt.value(width), text="text:N"),
    ]


def _finished(chart: alt.LayerChart | alt.FacetChart) -> dict[str, Any]:
    import altair as alt

    made = chart.properties(autosize=alt.AutoSizeParams(type="none"), padding=2, background="transparent")
    spec: dict[str, Any] = made.configure_view(stroke=None).to_dict()
    return spec


def _both(
    name: str, title: str, description: str, chart: Callable[[int], dict[str, Any]], wide: int = WIDE
) -> Html:
    return tag(
        "figure",
        *(
            tag("div", svg_of(chart(width), f"{name}-{form}", title, description), class_=form)
            for form, width in (("wide", wide), ("narrow", NARROW))
        ),
        tag("figcaption", joined(title)),
    )


def _cut(label: str, text: str, width: int) -> str:
    """Return the label as far as the line has room beside the figure; a Chinese character is 13 wide."""
    room = (width - _width(text) - 16) // 13
    return label if _width(label) <= room * 13 else f"{label[: max(room - 1, 1)]}…"


def _width(text: str) -> int:
    return sum(8 if each.isascii() else 13 for each in text)


def _wrapped(text: str, most: int) -> list[str]:
    if len(text) <= most:
        return [text]
    half = -(-len(text) // 2)
    return [text[:half], text[half : half + most]]


def _shade(value: int, ranked: Sequence[int]) -> str:
    """Return the colour of a value by its fifth among all that are above nought, so that one giant hides no other."""
    if value <= 0:
        return _NOTHING
    below = bisect_right(ranked, value) * len(_SHADES) // len(ranked)
    return _SHADES[max(below - 1, 0)]
