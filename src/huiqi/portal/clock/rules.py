"""The deadline rules of the site, read from rules.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from huiqi.portal.clock.reckoning import Rhythm

_FILE = Path(__file__).parent / "rules.yaml"


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """How a deadline is reckoned, and whether a clause or the office set it. One of the two ways is given."""

    name: str
    zh: str
    en: str
    working_days: int | None
    rhythm: Rhythm | None
    set_by: str
    document: str = ""
    clause: str = ""


@cache
def deadline_rules() -> Mapping[str, DeadlineRule]:
    """Return all rules by name. Raises ValueError for a row with both ways or none."""
    rules = {}
    for name, row in yaml.load(_FILE.read_text("utf-8"), yaml.CSafeLoader).items():
        if ("working_days" in row) == ("rhythm" in row):
            raise ValueError(f"clock/rules.yaml: {name} needs working_days or a rhythm, and not both")
        if row["set_by"] not in {"clause", "office"} or (row["set_by"] == "clause" and "document" not in row):
            raise ValueError(
                f"clock/rules.yaml: {name} must be set by the office, or by a clause of a document"
            )
        rhythm = Rhythm(**row["rhythm"]) if "rhythm" in row else None
        rules[name] = DeadlineRule(
            name,
            row["zh"],
            row["en"],
            row.get("working_days"),
            rhythm,
            row["set_by"],
            row.get("document", ""),
            row.get("clause", ""),
        )
    return rules
