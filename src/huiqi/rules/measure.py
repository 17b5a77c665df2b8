"""A measure (政策措施), a definition and a document as they stand after reading: typed, dated, cited."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from huiqi.rules.examples import Examples
from huiqi.rules.positions import Position
from huiqi.rules.typed import Exact, Named, Typed
from huiqi.rules.types import Type
from huiqi.rules.units import Unit

KINDS = {
    "pay": "资金补助",
    "cut": "减免",
    "defer": "缓缴",
    "rate": "优惠费率",
    "right": "权利",
    "status": "资格名单",
}
AMOUNT_IS = {
    "paid": "应发金额",
    "saved": "减免金额",
    "deferred": "缓缴金额",
    "deduction": "扣除金额",
    "limit": "最高限额",
    "price": "应付金额",
    "none": "无金额",
}
DELIVERIES = {
    "automatic": "免申即享",
    "on_application": "申请享受",
    "at_own_wish": "自愿选择",
    "on_tax_return": "申报即享",
    "by_third_party": "由第三方落实",
    "by_approval": "审批后享受",
    "by_filing": "备案后享受",
    "by_selection": "评选认定",
}
AGENCY_ROLES = {
    "lead": "牵头",
    "with": "配合",
    "by_duty": "按职责分工负责",
    "responsible": "负责",
    "implement": "落实",
}
CAP_LEVELS = {"firm": "户", "person": "人", "record": "笔", "programme": "项目总额"}
NEVER = datetime.date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a measure is promised: document id, clause path and the deciding words (依据原文)."""

    document: str
    clause: str
    words: str
    at: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class InForce:
    """From the first day to the day before `to`; `to` is NEVER where the text is open-ended."""

    first: datetime.date
    to: datetime.date

    def holds(self, on: datetime.date) -> bool:
        """Tell whether the day lies within."""
        return self.first <= on < self.to


@dataclass(frozen=True, slots=True)
class Dated:
    """A value from a day on."""

    first: datetime.date | None
    value: Exact | datetime.date
    digits: int = field(compare=False)
    percent: bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of the text with its own words; yuan are stored as fen."""

    name: str
    title: str
    unit: Unit | None
    values: tuple[Dated, ...]
    by: Typed | None
    words: str
    source: int
    at: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class Let:
    """A named part of the rule."""

    name: str
    title: str
    body: Typed
    words: str
    source: int
    at: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of `when`. `declared`: the applicant states it; `discretion`: an office or third party decides it."""

    test: Typed
    title: str
    words: str
    source: int
    declared: bool
    discretion: bool
    at: Position = field(compare=False)

    @property
    def soft(self) -> bool:
        """Whether the verdict is likely, not undetermined, while this is open."""
        return self.declared or self.discretion


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `amount` (fen) for each of `per`: firm, person, record or programme, and year."""

    amount: Typed
    level: str
    yearly: bool
    by: Typed | None
    whose: str
    words: str
    source: int
    at: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Not together with another measure for the same firm, person or record."""

    measure: str
    level: str
    whose: str
    words: str
    source: int
    at: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class Agency:
    """An office named by the clause, with its role."""

    name: str
    role: str
    source: int


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A reading taken where the text leaves a choice."""

    chosen: str
    instead: str
    why: str


@dataclass(frozen=True, slots=True)
class EquivalentMutant:
    """A mutant that no example can notice, with the reason."""

    mutant: str
    reason: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One promise of a government, as a rule."""

    id: str
    title: str
    english: str
    kind: str
    information: str
    sources: tuple[Source, ...]
    subject: tuple[str, ...]
    per: str
    region: str
    in_force: InForce
    when: tuple[Condition, ...]
    parameters: tuple[Parameter, ...]
    let: tuple[Let, ...]
    amount: Typed | None
    amount_is: str
    baseline: str
    rounding: str
    caps: tuple[Cap, ...]
    not_with: tuple[Exclusion, ...]
    adds_to: tuple[str, ...]
    delivery: str
    agencies: tuple[Agency, ...]
    paid_by: str
    apply_at: str
    account: str
    documents: tuple[str, ...]
    interpretation: tuple[Interpretation, ...]
    examples: Examples
    equivalent_mutants: tuple[EquivalentMutant, ...]
    at: Position = field(compare=False)
    digest: str = field(compare=False, default="")


@dataclass(frozen=True, slots=True)
class Case:
    """One value of a class, where its test holds and none before it does; the last has no test."""

    value: str
    title: str
    test: Typed | None


@dataclass(frozen=True, slots=True)
class Definition:
    """A name that measures share: yes or no (`test`), or an ordered class (`cases`)."""

    id: str
    title: str
    english: str
    sources: tuple[Source, ...]
    subject: tuple[str, ...]
    per: str
    parameters: tuple[Parameter, ...]
    let: tuple[Let, ...]
    type: Type
    test: Typed | None
    cases: tuple[Case, ...]
    interpretation: tuple[Interpretation, ...]
    examples: Examples
    equivalent_mutants: tuple[EquivalentMutant, ...]
    at: Position = field(compare=False)


def named(parameter: Parameter, body: Typed) -> Named:
    """Return a parameter as a name in expressions."""
    return Named(type=body.type, name=parameter.name, body=body, parameter=True)
