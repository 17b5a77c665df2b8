"""The API as its page tells it: every operation with what it takes and gives, from the OpenAPI itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from huiqi.portal.acts.registry import acts
from huiqi.portal.api.building import whole_schema
from huiqi.portal.api.registry import PUBLIC, endpoints
from huiqi.portal.look.asking import Asked

BOTH = "｜"
"""Stands between the Chinese and the English of a description."""
_ACT = "act:"


@dataclass(frozen=True, slots=True)
class Taken:
    """A parameter, a header or a field of the body."""

    name: str
    where: str
    kind: str
    required: bool
    said: str


@dataclass(frozen=True, slots=True)
class Told:
    """An operation in the language of the visit. `gives` are the fields of its answer, as (name, kind)."""

    anchor: str
    method: str
    path: str
    title: str
    more: str
    public: bool
    takes: tuple[Taken, ...]
    gives: tuple[tuple[str, str], ...]


def described() -> tuple[list[Told], list[Told]]:
    """Return the endpoints and the acts, each in their order."""
    english = (get_language() or "").startswith("en")
    schema = whole_schema()
    reading, acting = [], []
    for path, methods in schema["paths"].items():
        for method, about in methods.items():
            (acting if about["operationId"].startswith(_ACT) else reading).append(
                _told(path, method, about, schema, english)
            )
    return reading, acting


def _told(path: str, method: str, about: Mapping[str, Any], schema: Mapping[str, Any], english: bool) -> Told:
    name = about["operationId"]
    if name.startswith(_ACT):
        kind = acts()[name.removeprefix(_ACT)]
        title, more, public = kind.en if english else kind.zh, "", False
    else:
        of = endpoints()[name]
        title, public = of.en if english else of.zh, PUBLIC in of.opens
        more = (of.view.__doc__ or "").strip() if english else ""
    takes = (*_parameters(about, english), *_fields(about, schema, english))
    return Told(
        name.replace(":", "-").replace(".", "-"),
        method.upper(),
        path,
        title,
        more,
        public,
        takes,
        tuple(_gives(about, schema)),
    )


def _parameters(about: Mapping[str, Any], english: bool) -> Iterator[Taken]:
    for each in about["parameters"]:
        said = _in(each.get("description", ""), english)
        yield Taken(each["name"], each["in"], _kind(each["schema"]), each["required"], said)


def _fields(about: Mapping[str, Any], schema: Mapping[str, Any], english: bool) -> Iterator[Taken]:
    content = about.get("requestBody", {}).get("content", {})
    for kind, body in content.items():
        shape = _resolved(body["schema"], schema)
        if kind != "application/json" or not shape.get("properties"):
            yield Taken("—", kind, _kind(shape), True, _in(shape.get("description", ""), english))
            continue
        labels = _labels(about["operationId"], english)
        needed = shape.get("required", ())
        for name, field in shape["properties"].items():
            said = labels.get(name) or _in(field.get("description", ""), english)
            yield Taken(name, "body", _kind(field), name in needed, said)


def _labels(operation: str, english: bool) -> dict[str, str]:
    """The labels of an act's fields, as its page shows them."""
    kind = acts().get(operation.removeprefix(_ACT))
    if kind is None:
        return {}
    asked = {
        name: next((each for each in about.metadata if isinstance(each, Asked)), None)
        for name, about in kind.takes.model_fields.items()
    }
    return {name: each.en if english else each.zh for name, each in asked.items() if each is not None}


def _gives(about: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    content = about["responses"][200].get("content", {}).get("application/json", {})
    shape = _resolved(content.get("schema", {}), schema)
    rows = shape.get("properties", {}).get("rows")
    if rows is not None and "items" in rows:
        yield "rows[]", ""
        shape = _resolved(rows["items"], schema)
        for name, field in shape.get("properties", {}).items():
            yield f"rows[].{name}", _kind(field)
        yield "next", "string | null"
        return
    for name, field in shape.get("properties", {}).items():
        yield name, _kind(field)


def _resolved(shape: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = shape.get("$ref", "")
    if not reference:
        return shape
    found: Mapping[str, Any] = schema["components"]["schemas"][reference.rpartition("/")[2]]
    return found


def _kind(field: Mapping[str, Any]) -> str:
    if "anyOf" in field:
        return " | ".join(dict.fromkeys(_kind(each) for each in field["anyOf"]))
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    if "enum" in field:
        return " | ".join(str(each) for each in field["enum"])
    if field.get("type") == "array":
        return f"{_kind(field.get('items', {})) or 'any'}[]"
    kind = str(field.get("format") or field.get("type") or "any")
    return f"{kind} ≤ {field['maxLength']}" if "maxLength" in field else kind


def _in(said: str, english: bool) -> str:
    chinese, found, other = said.partition(BOTH)
    return (other if english else chinese) if found else said
