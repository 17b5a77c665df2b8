"""Charts of Altair as plain SVG for a page with a strict content security policy.

Only shapes, texts and their own attributes are let through: no style, no script, no reference to anything.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from huiqi.screening.report.markup import Html, escaped, joined, tag

_SPACE = "{http://www.w3.org/2000/svg}"
_SHAPES = frozenset({"g", "path", "rect", "line", "circle", "text", "tspan"})
_ATTRIBUTES = (
    *("transform", "d", "x", "y", "x1", "x2", "y1", "y2", "dx", "dy", "cx", "cy", "r", "width", "height"),
    *("fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "opacity"),
    *("font-size", "font-weight", "text-anchor", "dominant-baseline"),
)
_VALUE = re.compile(r"[-+#%., ()\w]*")
_INVISIBLE = {"display": "none"}


def svg_of(spec: dict[str, Any], name: str, title: str, description: str) -> Html:
    """Return a Vega-Lite chart as an SVG element that is one image to a screen reader.

    `name` is unique on the page; width and height are those of the chart.
    """
    import vl_convert

    # Parsing what the converter in this process made, not what anyone sent.
    root = ElementTree.fromstring(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))
    label, about = f"{name}-title", f"{name}-desc"
    width, height = (_safe(root.get(each, "0")) for each in ("width", "height"))
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{label} {about}" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    )
    head = joined(tag("title", title, id=label), tag("desc", description, id=about))
    return Html(f"{opening}{head}{''.join(map(_cleaned, root))}</svg>")


def _cleaned(element: ElementTree.Element) -> str:
    name = element.tag.removeprefix(_SPACE)
    if name not in _SHAPES or any(element.get(key) == value for key, value in _INVISIBLE.items()):
        return ""
    inner = "".join(map(_cleaned, element))
    text = escaped(element.text or "") if name in {"text", "tspan"} else ""
    if not inner and not text and (name in {"g", "text"} or not _visible(element)):
        return ""
    attributes = "".join(
        f' {key}="{_safe(value)}"' for key in _ATTRIBUTES if (value := element.get(key)) is not None
    )
    if name == "g" and not attributes:
        return inner
    return f"<{name}{attributes}>{text}{inner}</{name}>" if inner or text else f"<{name}{attributes}/>"


def _visible(element: ElementTree.Element) -> bool:
    """Tell whether a shape draws anything: Vega writes a background path for every group."""
    return element.get("class") != "background" and element.get("d") != ""


def _safe(value: str) -> str:
    if not _VALUE.fullmatch(value) or "url" in value.lower():
        raise ValueError(f"an attribute of a chart that is no plain value: {value[:40]!r}")
    return value
