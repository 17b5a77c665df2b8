"""The JSON Schema of rule files: completion and errors in an editor, before `huiqi check` is asked.

It says what keys there are and what words they take; types, units and citations are the reader's to check. YAML
scalars are text here (`region: 530000` is read as text), so most values allow text, numbers and booleans.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from huiqi.rules.facts import SUBJECTS
from huiqi.rules.measure import AGENCY_ROLES, AMOUNT_IS, CAP_LEVELS, DELIVERIES, KINDS
from huiqi.rules.read_measure import DEFINITION_KEYS, MEASURE_KEYS
from huiqi.rules.verdicts import VERDICTS

_SCALAR: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
_REQUIRED = (
    *("id", "title", "kind", "sources", "subject", "region", "in_force", "amount_is", "delivery", "agencies"),
    "examples",
)


def _object(properties: dict[str, Any], required: Iterable[str] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _list(item: dict[str, Any], least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": least}


def _words(allowed: Iterable[str], english: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(allowed), "description": english}


def _cited(**properties: dict[str, Any]) -> dict[str, Any]:
    return {**properties, "words": _TEXT, "source": {"type": ["integer", "string"]}}


def _parts() -> dict[str, dict[str, Any]]:
    dated = _object({"from": _SCALAR, "value": _SCALAR}, ("from", "value"))
    parameter = _object(
        _cited(value={"oneOf": [_SCALAR, _list(dated, 1)]}, unit=_TEXT, title=_TEXT, by=_TEXT), ("value",)
    )
    condition = _object({**_cited(title=_TEXT, declared=_SCALAR, discretion=_SCALAR), "if": _SCALAR}, ("if",))
    let = _object(_cited(title=_TEXT, **{"is": _SCALAR}), ("is",))
    example = _object(
        {
            "name": _SCALAR,
            "with": {"type": "object"},
            "without": {"oneOf": [_TEXT, _list(_TEXT)]},
            "verdict": _words(VERDICTS, "the verdict worked out by hand"),
            "amount": _SCALAR,
            "because": _SCALAR,
            "missing": {"oneOf": [_TEXT, _list(_TEXT)]},
            "needs": {"oneOf": [_TEXT, _list(_TEXT)]},
            "value": _SCALAR,
            "remains": _SCALAR,
            "open": _list(_TEXT),
        },
        ("name",),
    )
    subjects = {"type": "string", "enum": list(SUBJECTS)}
    cap = _object(
        _cited(
            amount=_SCALAR,
            per={"oneOf": [_TEXT, _list(_words((*CAP_LEVELS, "year"), "level"), 1)]},
            by=_TEXT,
            whose=_TEXT,
        ),
        ("amount", "per"),
    )
    exclusion = _object(
        _cited(measure=_TEXT, level=_words(("firm", "person", "record"), "level"), whose=_TEXT),
        ("measure", "level"),
    )
    agency = _object(
        {"name": _TEXT, "role": _words(AGENCY_ROLES, "role"), "source": {"type": ["integer", "string"]}},
        ("name", "role"),
    )
    reading = _object({"chosen": _TEXT, "instead": _SCALAR, "why": _SCALAR}, ("chosen",))
    return {
        "id": {"type": "string", "description": "the same in every region"},
        "title": _TEXT,
        "english": _TEXT,
        "kind": _words(KINDS, "what the promise is"),
        "information": _TEXT,
        "sources": _list(
            _object(
                {"document": _TEXT, "clause": _SCALAR, "words": _SCALAR}, ("document", "clause", "words")
            ),
            1,
        ),
        "subject": {"oneOf": [subjects, _list(subjects, 1)]},
        "per": _TEXT,
        "region": {"type": ["string", "integer"], "description": "six digits"},
        "in_force": _object({"from": _SCALAR, "to": _SCALAR}, ("from",)),
        "when": _list({"oneOf": [_SCALAR, condition]}),
        "parameters": {"type": "object", "additionalProperties": parameter},
        "let": {"type": "object", "additionalProperties": {"oneOf": [_SCALAR, let]}},
        "amount": _SCALAR,
        "amount_is": _words(AMOUNT_IS, "what the amount is"),
        "baseline": _TEXT,
        "rounding": _words(("half_up_fen",), "rounding"),
        "cap": _list(cap),
        "not_with": _list(exclusion),
        "adds_to": {"oneOf": [_TEXT, _list(_TEXT)]},
        "delivery": _words(DELIVERIES, "how it reaches the firm"),
        "agencies": _list(agency),
        "paid_by": _TEXT,
        "apply_at": _TEXT,
        "account": _TEXT,
        "documents": {"oneOf": [_TEXT, _list(_TEXT)]},
        "interpretation": _list(reading),
        "examples": _object({"base": {"type": "object"}, "cases": _list(example, 1)}, ("cases",)),
        "equivalent_mutants": _list(_object({"mutant": _TEXT, "reason": _TEXT}, ("mutant", "reason"))),
        "is": _SCALAR,
        "cases": _list(_object({"value": _SCALAR, "title": _SCALAR, "if": _SCALAR}, ("value", "title")), 2),
    }


def measure_schema() -> dict[str, Any]:
    """Return the schema of a measure file."""
    parts = _parts()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Huiqi measure (政策措施)",
        **_object({key: parts[key] for key in MEASURE_KEYS}, _REQUIRED),
    }


def definition_schema() -> dict[str, Any]:
    """Return the schema of a definition file."""
    parts = _parts()
    schema = _object({key: parts[key] for key in DEFINITION_KEYS}, ("id", "title", "sources", "examples"))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Huiqi definition (定义)",
        **schema,
        "oneOf": [{"required": ["is"]}, {"required": ["cases"]}],
    }


def schema_text(schema: dict[str, Any]) -> str:
    """Return a schema as the file that is kept beside the policies."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
