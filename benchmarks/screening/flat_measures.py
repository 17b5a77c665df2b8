"""Flat measures made from a seed: every engine is given the same ones, each in its own language.

A measure reads 6 to 13 facts of the firm itself and none of its records: conditions on money, counts, ratios, dates,
choices, industries and regions, and an amount with rates, bands, floors, caps and divisions by constants. The tree here
is the benchmark's own; each engine prints it anew, so none inherits another's reading.
"""

from __future__ import annotations

import datetime
import math
import random
from dataclasses import dataclass
from fractions import Fraction

FIRST_DAY = datetime.date(1995, 1, 1)
LAST_DAY = datetime.date(2022, 6, 30)
AS_OF = datetime.date(2022, 7, 31)


@dataclass(frozen=True)
class Field:
    """A fact of a firm. `low` and `high` are the range of its values (yuan, persons, a share); `words` those of a choice."""

    name: str
    kind: str
    low: float = 0
    high: float = 0
    words: tuple[str, ...] = ()

    @property
    def scale(self) -> int:
        """Stored units in one written unit: fen in a yuan, ten-thousandths in a share."""
        return {"money": 100, "monthly": 100, "ratio": 10_000}.get(self.kind, 1)


_MONEY = (
    *("revenue", "assets", "payroll", "loan_balance", "exports", "inventory", "receivable", "rnd_spending"),
    *(
        "equipment_bought",
        "training_spending",
        "pension_paid",
        "medical_paid",
        "unemployment_paid",
        "injury_paid",
    ),
    *(
        "housing_fund_paid",
        "vat_paid",
        "income_tax_paid",
        "property_tax_paid",
        "land_tax_paid",
        "interest_paid",
    ),
    *("power_cost", "gas_cost", "logistics_cost"),
)
_BIG = frozenset({"revenue", "assets", "loan_balance", "exports", "inventory", "receivable", "payroll"})
_COUNTS = (
    "employees",
    "insured",
    "graduates_hired",
    "disabled_hired",
    "veterans_hired",
    "laid_off",
    "patents",
)
_RATIOS = ("debt_ratio", "layoff_rate", "rnd_share", "export_share", "local_share")
_DATES = ("established", "registered", "first_insured", "licensed")
_CHOICES = {
    "ownership": ("private", "state", "collective", "foreign", "mixed"),
    "credit_grade": ("grade_a", "grade_b", "grade_c", "grade_d", "grade_m"),
    "tax_kind": ("general_payer", "small_scale_payer", "not_registered"),
    "premises": ("own", "rent_state", "rent_private", "shared"),
}
_YES_NO = ("high_tech", "exporter", "hit_by_epidemic", "in_arrears", "zombie_firm")

FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        *(
            Field(name, "money", 10_000 if name in _BIG else 500, 2e9 if name in _BIG else 3e7)
            for name in _MONEY
        ),
        *(Field(name, "monthly", 500, 400_000) for name in ("monthly_rent", "monthly_power")),
        *(Field(name, "count", 1, 5_000 if name in ("employees", "insured") else 300) for name in _COUNTS),
        *(Field(name, "ratio", 0, 1) for name in _RATIOS),
        *(Field(name, "date") for name in _DATES),
        *(Field(name, "choice", words=words) for name, words in _CHOICES.items()),
        *(Field(name, "yes_no") for name in _YES_NO),
        Field("industry", "industry"),
        Field("region", "region"),
    )
}


# Numbers


@dataclass(frozen=True)
class Num:
    """A pure number, or one in yuan."""

    value: Fraction
    yuan: bool = False


@dataclass(frozen=True)
class Fact:
    """The value of a fact."""

    name: str


@dataclass(frozen=True)
class Op:
    """`+` `-` `*`, or `/` by a constant."""

    sign: str
    left: Number
    right: Number


@dataclass(frozen=True)
class Extreme:
    """The smaller (`min`) or the greater (`max`) of two."""

    which: str
    left: Number
    right: Number


@dataclass(frozen=True)
class PerHead:
    """Some yuan for each one counted."""

    count: str
    yuan: Fraction


@dataclass(frozen=True)
class Banded:
    """A rate that depends on a fact: the rate of the first limit it is below, else the last."""

    of: Fact
    bands: tuple[tuple[Num, Num], ...]
    last: Num


Number = Num | Fact | Op | Extreme | PerHead | Banded


# Conditions


@dataclass(frozen=True)
class Compare:
    """Two numbers, or a date with a day."""

    operator: str
    left: Number
    right: Number | datetime.date


@dataclass(frozen=True)
class Among:
    """A choice, an industry or a region among some."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Is:
    """A yes-no fact."""

    name: str


@dataclass(frozen=True)
class Joined:
    """`and` or `or`."""

    word: str
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """Denial."""

    of: Condition


Condition = Compare | Among | Is | Joined | Not


@dataclass(frozen=True)
class FlatMeasure:
    """All of `when` must hold; the amount is yuan, rounded half up to the fen."""

    number: int
    when: tuple[Condition, ...]
    amount: Number

    @property
    def id(self) -> str:
        """Its id in the rule language."""
        return f"flat-{self.number:03}"


def facts_of(node: Number | Condition | datetime.date) -> frozenset[str]:
    """Return the facts that a number or condition reads."""
    if isinstance(node, (Fact, Among, Is)):
        return frozenset({node.name})
    if isinstance(node, PerHead):
        return frozenset({node.count})
    if isinstance(node, Banded):
        return facts_of(node.of)
    if isinstance(node, Joined):
        return frozenset().union(*map(facts_of, node.parts))
    if isinstance(node, Not):
        return facts_of(node.of)
    if isinstance(node, (Op, Extreme, Compare)):
        return facts_of(node.left) | facts_of(node.right)
    return frozenset()


def reads(measure: FlatMeasure) -> frozenset[str]:
    """Return the facts that a measure reads."""
    return facts_of(measure.amount).union(*map(facts_of, measure.when))


# Making them


def quantile(field: Field, share: float) -> Fraction:
    """Return a round value that about this share of firms lies below (money and counts spread evenly by their logarithm)."""
    if field.kind == "ratio":
        return Fraction(round(share * 1000), 1000)
    value = math.exp(math.log(field.low) + share * (math.log(field.high) - math.log(field.low)))
    digits = max(0, math.floor(math.log10(value)) - 1)
    return Fraction(max(1, round(value / 10**digits)) * 10**digits)


class _Maker:
    def __init__(self, random_: random.Random, industries: tuple[str, ...], areas: tuple[str, ...]) -> None:
        self.random = random_
        self.industries = industries
        self.areas = areas

    def measure(self, number: int) -> FlatMeasure:
        while True:
            when = tuple(self.condition() for _ in range(self.random.randint(3, 6)))
            made = FlatMeasure(number, when, self.amount())
            if 6 <= len(reads(made)) <= 13:
                return made

    def condition(self) -> Condition:
        draw = self.random.random()
        if draw < 0.12:
            return Joined("or", (self.atom(0.2, 0.6), self.atom(0.2, 0.6)))
        if draw < 0.17:
            return Not(Joined("and", (self.atom(0.3, 0.6), self.atom(0.3, 0.6))))
        return self.atom(0.5, 0.95)

    def atom(self, least: float, most: float) -> Condition:
        """A condition that holds for a share of firms between `least` and `most`."""
        share = self.random.uniform(least, most)
        kind = self.random.choice(
            (
                "money",
                "money",
                "money",
                "count",
                "count",
                "ratio",
                "date",
                "choice",
                "industry",
                "region",
                "yes_no",
                "two",
            )
        )
        if kind in ("money", "count", "ratio"):
            field = self.field(kind)
            if self.random.random() < 0.6:
                operator = self.random.choice(("<", "<="))
                return Compare(operator, Fact(field.name), Num(quantile(field, share), kind == "money"))
            operator = self.random.choice((">", ">="))
            return Compare(operator, Fact(field.name), Num(quantile(field, 1 - share), kind == "money"))
        if kind == "date":
            field = self.field("date")
            days = (LAST_DAY - FIRST_DAY).days
            if self.random.random() < 0.5:
                return Compare("<", Fact(field.name), FIRST_DAY + datetime.timedelta(round(days * share)))
            return Compare(">=", Fact(field.name), FIRST_DAY + datetime.timedelta(round(days * (1 - share))))
        if kind == "choice":
            field = self.field("choice")
            return Among(
                field.name,
                tuple(sorted(self.random.sample(field.words, max(1, round(share * len(field.words)))))),
            )
        if kind == "industry":
            return Among("industry", self.run(self.industries, share))
        if kind == "region":
            return Among("region", self.run(self.areas, share))
        if kind == "yes_no":
            fact = Is(self.field("yes_no").name)
            return fact if self.random.random() < 0.5 else Not(fact)
        one, other = self.random.sample(
            [each for each in FIELDS.values() if each.kind == "money" and each.name not in _BIG], 2
        )
        times = Num(Fraction(self.random.choice((2, 3, 5, 10, 20))))
        return Compare("<=", Fact(one.name), Op("*", Fact(other.name), times))

    def run(self, words: tuple[str, ...], share: float) -> tuple[str, ...]:
        """A run of codes that stand together, and one more: no engine has to test many ranges."""
        length = max(1, round(share * len(words)) - 1)
        start = self.random.randint(0, len(words) - length)
        return tuple(sorted({*words[start : start + length], self.random.choice(words)}))

    def field(self, kind: str) -> Field:
        return self.random.choice([each for each in FIELDS.values() if each.kind == kind])

    def money(self) -> Number:
        """Some yuan: a fact, a sum, a difference above nought, a rent over months, a share of a fact."""
        draw = self.random.random()
        a, b = Fact(self.field("money").name), Fact(self.field("money").name)
        if draw < 0.35:
            return a
        if draw < 0.55:
            return Op("+", a, b)
        if draw < 0.7:
            return Extreme("max", Num(Fraction(0)), Op("-", a, b))
        if draw < 0.8:
            return Op("*", Op("/", a, Num(Fraction(12))), Num(Fraction(self.random.randint(2, 11))))
        if draw < 0.9:
            return Op("*", a, Fact(self.field("ratio").name))
        return Extreme(self.random.choice(("min", "max")), a, b)

    def rate(self) -> Number:
        share = self.random.choice(("0.05", "0.1", "0.3", "0.5", "0.015", "0.125", "0.75"))
        rate = Fraction(share)
        if self.random.random() < 0.45:
            return Num(rate)
        field = self.field(self.random.choice(("money", "count")))
        cuts = sorted(
            {quantile(field, self.random.uniform(0.15, 0.85)) for _ in range(self.random.randint(1, 3))}
        )
        rates = [rate * Fraction(step, 5) for step in range(6, 6 - len(cuts) - 1, -1)]
        bands = tuple(
            (Num(cut, field.kind == "money"), Num(each)) for cut, each in zip(cuts, rates, strict=False)
        )
        return Banded(Fact(field.name), bands, Num(rates[-1]))

    def amount(self) -> Number:
        draw = self.random.random()
        if draw < 0.25:
            heads = PerHead(
                self.field("count").name, Fraction(self.random.choice((200, 500, 1000, 1500, 2400)))
            )
            made: Number = Op("+", heads, Op("*", self.money(), self.rate())) if draw < 0.1 else heads
        elif draw < 0.85:
            made = Op("*", self.money(), self.rate())
        else:
            made = Op(
                "+",
                Op("*", self.money(), self.rate()),
                Op("/", Op("*", self.money(), Num(Fraction(3))), Num(Fraction(12))),
            )
        if self.random.random() < 0.85:
            made = Extreme(
                "min", made, Num(Fraction(self.random.choice((5_000, 20_000, 100_000, 500_000, 3_000_000))))
            )
        if self.random.random() < 0.2:
            made = Extreme("max", made, Num(Fraction(self.random.choice((100, 500, 2_000)))))
        return made


def make_measures(
    count: int, seed: int, industries: tuple[str, ...], areas: tuple[str, ...]
) -> list[FlatMeasure]:
    """Return `count` measures, the same for the same seed. `industries` and `areas` are what conditions may name."""
    maker = _Maker(random.Random(seed), industries, areas)
    return [maker.measure(number) for number in range(count)]
