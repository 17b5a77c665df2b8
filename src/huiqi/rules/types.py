"""The types of facts and expressions."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from huiqi.rules.units import Unit


class Kind(Enum):
    """What a value is."""

    TRUTH = "yes_no"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    INDUSTRY = "industry"
    REGION = "region"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Type:
    """A kind, with the unit of a number (None: a bare number) or the values of a choice (value to Chinese)."""

    kind: Kind
    unit: Unit | None = None
    choices: tuple[tuple[str, str], ...] = field(default=())

    @property
    def values(self) -> frozenset[str]:
        """The values of a choice."""
        return frozenset(value for value, _ in self.choices)

    def __str__(self) -> str:
        if self.kind is Kind.NUMBER:
            if self.unit is None:
                return "a bare number"
            return f"a number in {self.unit}" if self.unit.powers else "a ratio"
        return {
            Kind.TRUTH: "yes or no",
            Kind.DATE: "a date",
            Kind.CHOICE: "one of " + ", ".join(sorted(self.values)),
            Kind.INDUSTRY: "an industry",
            Kind.REGION: "a region",
            Kind.TEXT: "a text",
        }[self.kind]


TRUTH = Type(Kind.TRUTH)
DATE = Type(Kind.DATE)
INDUSTRY = Type(Kind.INDUSTRY)
REGION = Type(Kind.REGION)
TEXT = Type(Kind.TEXT)
BARE = Type(Kind.NUMBER)


def number(unit: Unit) -> Type:
    """Return the type of a number in that unit."""
    return Type(Kind.NUMBER, unit)
