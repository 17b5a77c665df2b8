"""Units of numbers: yuan, persons, months and what they make when multiplied.

A number without a unit (`BARE`) is one that a rule writes plainly; it takes the unit of what it stands beside.
"""

from __future__ import annotations

from dataclasses import dataclass

BASES = {
    "yuan": "元",
    "person": "人",
    "month": "个月",
    "day": "天",
    "year": "年",
    "item": "项",
    "kilowatt": "千瓦",
    "metre": "米",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of base units with powers, e.g. yuan/person/month; no powers is a pure number."""

    powers: tuple[tuple[str, int], ...] = ()

    def times(self, other: Unit) -> Unit:
        """Return the unit of a product."""
        return _made({**dict(self.powers)}, other, 1)

    def over(self, other: Unit) -> Unit:
        """Return the unit of a quotient."""
        return _made({**dict(self.powers)}, other, -1)

    def power(self, base: str) -> int:
        """Return the power of a base unit, 0 where it does not occur."""
        return dict(self.powers).get(base, 0)

    @property
    def scale(self) -> int:
        """How many stored units make one written unit: yuan are stored as fen, so 100."""
        return 100 if self.power("yuan") == 1 else 1

    def __str__(self) -> str:
        above = [base for base, power in self.powers if power > 0 for _ in range(power)]
        below = [base for base, power in self.powers if power < 0 for _ in range(-power)]
        return "/".join(["·".join(above) or "1", *below]) if self.powers else "ratio"

    @property
    def chinese(self) -> str:
        """The unit as Chinese texts write it: 元/人·月."""
        above = [BASES[base] for base, power in self.powers if power > 0]
        below = [
            {"month": "月", "item": "项"}.get(base, BASES[base]) for base, power in self.powers if power < 0
        ]
        return "/".join(part for part in ("".join(above), "·".join(below)) if part)


def _made(powers: dict[str, int], other: Unit, sign: int) -> Unit:
    for base, power in other.powers:
        powers[base] = powers.get(base, 0) + sign * power
    order = list(BASES)
    kept = sorted(
        ((base, power) for base, power in powers.items() if power), key=lambda pair: order.index(pair[0])
    )
    return Unit(tuple(kept))


RATIO = Unit()
YUAN = Unit((("yuan", 1),))
PERSON = Unit((("person", 1),))
MONTH = Unit((("month", 1),))
DAY = Unit((("day", 1),))
YEAR = Unit((("year", 1),))
ITEM = Unit((("item", 1),))


def parse_unit(text: str) -> Unit:
    """Read `yuan/person/month`, `ratio`, …; raise ValueError with the word that is no unit."""
    if text == "ratio":
        return RATIO
    made = RATIO
    for place, word in enumerate(text.split("/")):
        if word not in BASES:
            raise ValueError(word)
        unit = Unit(((word, 1),))
        made = made.times(unit) if place == 0 else made.over(unit)
    return made
