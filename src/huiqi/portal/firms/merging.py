"""What a row of a roster changes in the register: new facts, changed facts, facts said again; and rows in doubt."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from huiqi.portal.firms.claims import Claim, with_claim
from huiqi.portal.firms.models import SUBJECTS, Firm
from huiqi.portal.firms.rows import FirmRow
from huiqi.rules.values import BadValue

MOST_IN_A_NAME = 120


@dataclass(frozen=True, slots=True)
class Word:
    """Whose word a roster is, of which day, and the roster's number."""

    source: str
    date: datetime.date
    roster: int


@dataclass(frozen=True, slots=True)
class Change:
    """One fact or list with its claims before and after."""

    fact: str
    before: list[Claim] | None
    after: list[Claim]


@dataclass(slots=True)
class Merged:
    """A firm with a row put into it; `confirmed` holds, by fact, the day of the source's word until now."""

    firm: Firm
    is_new: bool
    changes: list[Change] = field(default_factory=list)
    confirmed: dict[str, str] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """`new`, `changed` or `unchanged`: what a source says again is no change."""
        return "new" if self.is_new else "changed" if self.changes else "unchanged"


def doubt_of(row: FirmRow, firm: Firm | None, areas: tuple[str, ...]) -> BadValue | None:
    """Return why the register cannot take a row, None where it can; `areas` are prefixes of the office's regions."""
    if not row.code:
        return BadValue(
            "no-credit-code", "the credit code is missing", "", "copy its 18 characters from the licence"
        )
    if row.subject not in SUBJECTS:
        return BadValue(
            "person-in-register", "this is a person", "the register holds firms", "take the row out"
        )
    name = row.values.get("name", "")
    if len(name) > MOST_IN_A_NAME:
        return BadValue(
            "name-too-long",
            f"the name has {len(name)} characters",
            "",
            f"write at most {MOST_IN_A_NAME} as on the licence",
        )
    region = row.values.get("region", "")
    if region and not region.startswith(areas):
        return BadValue(
            "outside-area",
            f"the firm lies in {region}",
            "a roster reaches the area of the office that hands it in",
            "have the office of that place hand it in",
        )
    if firm is not None and firm.listed:
        if not firm.region.startswith(areas):
            return BadValue(
                "outside-area",
                "the register has this firm in another place",
                "a roster reaches the area of the office that hands it in",
                "have the office of that place, or one above both, hand it in",
            )
        return None
    for fact in ("name", "region"):
        if not row.values.get(fact):
            return BadValue(f"new-firm-without-{fact}", f"a new firm has no {fact}", "", "fill it in")
    return None


def merged(firm: Firm | None, row: FirmRow, word: Word, now: datetime.datetime) -> Merged:
    """Put a row into its firm (None: a new one) and return what it changed; nothing is saved."""
    if firm is None:
        firm = Firm(credit_code=row.code, subject=row.subject, updated_at=now)
        made = Merged(firm, is_new=True)
    else:
        made = Merged(firm, is_new=not firm.listed)
        firm.listed = True
    about = {"source": word.source, "date": word.date.isoformat(), "roster": word.roster}
    for fact, value in row.values.items():
        _say(made, firm.facts, fact, {"value": value, **about}, "value")
    for name, rows in row.records.items():
        _say(made, firm.records, name, {"rows": rows, **about}, "rows")
    return made


def _say(made: Merged, said: dict[str, Any], fact: str, claim: Mapping[str, Any], content: str) -> None:
    before: list[Claim] | None = said.get(fact)
    own = next((each for each in before or () if each["source"] == claim["source"]), None)
    if own is None or (own.get(content) != claim[content] and str(own["date"]) <= claim["date"]):
        said[fact] = with_claim(before or (), claim)
        made.changes.append(Change(fact, before, said[fact]))
    elif own.get(content) == claim[content] and str(own["date"]) < claim["date"]:
        said[fact] = with_claim(before or (), {**own, "date": claim["date"]})
        made.confirmed[fact] = str(own["date"])
