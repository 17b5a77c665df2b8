"""The rules of monitoring, read from monitoring.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent / "monitoring.yaml"
SCHEMA = Path(__file__).parent / "monitoring.schema.json"


@dataclass(frozen=True, slots=True)
class Source:
    """The clause that a rule comes from, and the few deciding words of it."""

    document: str
    clause: str
    words: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of monitoring: its check, and from which figures on it finds something.

    `working_days` by level of government, `least` in fen, `promised` the share to be paid by the end of a month.
    """

    name: str
    zh: str
    en: str
    check: str
    source: Source
    set_by: str
    working_days: Mapping[str, int] = field(default_factory=dict)
    least: int = 0
    promised: Mapping[int, Fraction] = field(default_factory=dict)


@cache
def monitoring() -> Mapping[str, Rule]:
    """Return the rules by name, in their order."""
    return read(FILE.read_text("utf-8"))


def read(text: str) -> dict[str, Rule]:
    """Return the rules of a YAML text that fits the schema."""
    found: Mapping[str, Any] = yaml.load(text, yaml.CSafeLoader)
    return {
        name: Rule(
            name,
            about["zh"],
            about["en"],
            about["check"],
            Source(**about["source"]),
            about["set_by"],
            about.get("working_days", {}),
            100 * about.get("least", 0),
            {int(month): _share(share) for month, share in about.get("promised", {}).items()},
        )
        for name, about in found.items()
    }


def _share(text: str) -> Fraction:
    return Fraction(int(text.removesuffix("%")), 100)
