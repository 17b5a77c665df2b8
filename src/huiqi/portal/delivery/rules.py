"""The rules of delivery, read from rules.yaml: notice, approvals by amount, review, sampling, accounts, periods."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from huiqi.portal.delivery.models import APPLICATION, AUTOMATIC, THIRD_PARTY
from huiqi.rules.measure import Measure

_FILE = Path(__file__).parent / "rules.yaml"
WAY_OF = {
    "automatic": AUTOMATIC,
    "on_application": APPLICATION,
    "at_own_wish": APPLICATION,
    "by_approval": APPLICATION,
    "by_filing": APPLICATION,
    "by_selection": APPLICATION,
    "by_third_party": THIRD_PARTY,
    "on_tax_return": THIRD_PARTY,
}
"""The way of a run by how its measure is delivered."""


@cache
def rules() -> Mapping[str, Any]:
    """Return the rules that a run begun now is bound by."""
    found: Mapping[str, Any] = yaml.load(_FILE.read_text("utf-8"), yaml.CSafeLoader)
    return found


def frozen(measure: Measure) -> dict[str, Any]:
    """Return the rules of a run of a measure, as plain values to be kept with it."""
    chosen = {name: rules()[name] for name in ("notice", "approvals", "review", "sample_after_payment")}
    chosen["accounts"] = list(account_order(measure.id))
    return json.loads(json.dumps(chosen))  # type: ignore[no-any-return]


def account_order(measure: str) -> Sequence[str]:
    """Return the accounts that a measure is paid into, the first that a firm has counting."""
    by_measure = rules()["accounts"]
    order: Sequence[str] = by_measure.get(measure, by_measure["default"])["order"]
    return order


def every(measure: Measure) -> str:
    """Return how often a measure is had: once, year, quarter, month."""
    by_measure = rules()["periods"]
    said = str(by_measure.get(measure.id, by_measure["default"])["every"])
    if said != "caps":
        return said
    return "year" if any(cap.yearly and cap.level == "firm" for cap in measure.caps) else "once"


def band_of(kept: Mapping[str, Any], fen: int) -> Mapping[str, Any]:
    """Return the approval band of a run's rules for an amount."""
    bands: Sequence[Mapping[str, Any]] = kept["approvals"]
    return next(each for each in bands if "up_to" not in each or fen <= each["up_to"] * 100)


def share(text: str) -> Fraction:
    """Return 95% as an exact fraction."""
    return Fraction(text.removesuffix("%")) / 100
