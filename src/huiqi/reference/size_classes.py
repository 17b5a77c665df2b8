"""Large, medium, small and micro enterprises by industry, employees, revenue and assets.

Sources: 中小企业划型标准规定 (工信部联企业〔2011〕300号) and 统计上大中小微型企业划分办法(2017)
(国统字〔2017〕213号), whose thresholds are the same; they differ in the industries of the last row.
A class needs all its criteria; where one is not met the firm falls to the next lower class, so its class is
the lowest that any of its criteria gives. Lower bounds are included (及以上), so 以下 here
excludes the number.

Self-employed households (个体工商户) are a class of their own here: both texts size them "by reference" only.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from huiqi.reference.industries import member
from huiqi.reference.money import format_yuan

Edition = Literal["2011", "2017"]
Fact = Literal["employees", "revenue", "assets"]
SizeClass = Literal["large", "medium", "small", "micro", "self_employed", "not_covered"]

CLASSES: tuple[SizeClass, ...] = ("micro", "small", "medium", "large")
"""The four classes of the standard, lowest first: a criterion meeting n lower bounds gives `CLASSES[n]`."""

FACTS: tuple[Fact, ...] = ("employees", "revenue", "assets")
_FEN_IN_WAN_YUAN = 10_000 * 100
_DATA = Path(__file__).parent / "data" / "size_classes.csv"


class SizeInputError(ValueError):
    """A number that no firm can have, or an edition that does not exist."""


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One industry row of the standard: `bounds[fact]` holds the lower bounds of small, medium and large.

    Employees are counted in persons, revenue and assets in fen. The row `not_covered` has no bounds.
    """

    id: str
    name: str
    codes: tuple[str, ...]
    codes_2011: tuple[str, ...]
    bounds: Mapping[Fact, tuple[int, int, int]]

    def codes_in(self, edition: Edition) -> tuple[str, ...]:
        """Return the industry codes (GB/T 4754-2017) of this row in an edition."""
        return self.codes_2011 if edition == "2011" else self.codes


@dataclass(frozen=True, slots=True)
class Criterion:
    """One lower bound asked: does `value` of `fact` reach the `threshold` of `size`? None where unknown.

    Persons for employees, fen for revenue and assets.
    """

    fact: Fact
    size: SizeClass
    threshold: int
    value: int | None

    @property
    def met(self) -> bool | None:
        """Whether the value reaches the threshold; None while the value is unknown."""
        return None if self.value is None else self.value >= self.threshold


@dataclass(frozen=True, slots=True)
class SizeVerdict:
    """The class of a firm, or the classes that are still possible.

    `size` is None while more than one class is possible; `missing` then names the facts that can settle it
    (industry, employees, revenue, assets). `row` is None while the industry leaves several rows open.
    """

    size: SizeClass | None
    possible: frozenset[SizeClass]
    row: SizeRow | None
    criteria: tuple[Criterion, ...]
    missing: tuple[str, ...]
    note: str = ""

    def to_json(self) -> dict[str, object]:
        """Return the shape of `huiqi size --json`; persons are numbers, money a string of yuan."""
        return {
            "class": self.size or "undetermined",
            "possible": [
                name for name in (*CLASSES, "self_employed", "not_covered") if name in self.possible
            ],
            "industry_row": self.row.id if self.row else None,
            "industry_row_name": self.row.name if self.row else None,
            "criteria": [_criterion_json(criterion) for criterion in self.criteria],
            "missing": list(self.missing),
            "note": self.note,
        }


def size_rows() -> tuple[SizeRow, ...]:
    """Return the 16 rows of the standard and, last, the row of the industries it leaves out."""
    return _table()


def classify(
    industry: str | None,
    employees: int | None = None,
    revenue: int | None = None,
    assets: int | None = None,
    self_employed: bool | None = None,
    *,
    edition: Edition = "2017",
) -> SizeVerdict:
    """Return the class of a firm from what is known; None is unknown, never zero.

    Args:
        industry: GB/T 4754-2017 code at any depth; a code that spans several rows leaves them open.
        employees: persons at the year's end. revenue, assets: fen.
        self_employed: true for a 个体工商户; unknown counts as an enterprise, the usual subject.
        edition: "2017" (statistical) or "2011"; they differ in real estate leasing (K704) only.

    Raises:
        SizeInputError: a negative number, a value that is no whole number, or an unknown edition.
        UnknownIndustry: no such industry code.
    """
    if edition not in {"2011", "2017"}:
        raise SizeInputError(f"there is no edition {edition!r} of the size standard; take 2011 or 2017")
    values = _checked({"employees": employees, "revenue": revenue, "assets": assets})
    candidates = _rows_of(industry, edition)
    if self_employed:
        row = candidates[0] if len(candidates) == 1 else None
        return SizeVerdict("self_employed", frozenset({"self_employed"}), row, (), (), "个体工商户自为一类")
    return _verdict(candidates, values)


def vat_refund_class(industry: str | None, sales: int | None, assets: int | None) -> SizeVerdict:
    """Return the size class by which the VAT refund of 2022 goes (财政部 税务总局公告2022年第14号, 第六条).

    It uses the standard of 2011 without employees: `sales` are the VAT sales of the year before (fen, scaled
    to twelve months by the caller), `assets` the assets at the end of that year (fen). Industries without
    either criterion: sales below 1m yuan micro, 20m small, 100m medium. Finance (J) has a standard of its
    own (银发〔2015〕309号), which this table does not hold: it is not_covered.
    """
    values = _checked({"revenue": sales, "assets": assets})
    candidates = [_without_employees(row) for row in _rows_of(industry, "2011")]
    finance = None if industry is None else member(industry, _FINANCE.codes)
    if finance is not False:
        candidates = [_FINANCE] if finance else [*candidates, _FINANCE]
    return _verdict(candidates, values)


def _without_employees(row: SizeRow) -> SizeRow:
    bounds: dict[Fact, tuple[int, int, int]] = {
        fact: bound for fact, bound in row.bounds.items() if fact != "employees"
    }
    return replace(row, bounds=bounds or {"revenue": _VAT_SALES})


_FINANCE = SizeRow("finance", "金融业（银发〔2015〕309号）", ("J",), ("J",), {})
_VAT_SALES = (100 * _FEN_IN_WAN_YUAN, 2000 * _FEN_IN_WAN_YUAN, 10_000 * _FEN_IN_WAN_YUAN)


def _verdict(candidates: Sequence[SizeRow], values: Mapping[Fact, int | None]) -> SizeVerdict:
    possible: set[SizeClass] = set()
    open_facts: set[str] = set()
    for candidate in candidates:
        of_candidate = _possible(candidate, values)
        possible |= of_candidate
        if len(of_candidate) > 1:
            open_facts |= {fact for fact in candidate.bounds if values.get(fact) is None}
    if len(candidates) > 1:
        open_facts.add("industry")
    settled = len(possible) == 1
    row = candidates[0] if len(candidates) == 1 else None
    criteria = tuple(
        Criterion(fact, size, bound, values.get(fact))
        for fact, bounds in (row.bounds.items() if row else ())
        for size, bound in zip(CLASSES[1:], bounds, strict=True)
    )
    return SizeVerdict(
        size=next(iter(possible)) if settled else None,
        possible=frozenset(possible),
        row=row,
        criteria=criteria,
        missing=() if settled else tuple(name for name in ("industry", *FACTS) if name in open_facts),
        note="划型标准未列该行业" if possible == {"not_covered"} else "",
    )


def _possible(row: SizeRow, values: Mapping[Fact, int | None]) -> set[SizeClass]:
    """Return the classes a firm of this row can have: an unknown criterion may lower it to any below."""
    if not row.bounds:
        return {"not_covered"}
    known = [
        _level(bounds, value)
        for fact, bounds in row.bounds.items()
        if (value := values.get(fact)) is not None
    ]
    highest = min(known, default=len(CLASSES) - 1)
    lowest = highest if len(known) == len(row.bounds) else 0
    return set(CLASSES[lowest : highest + 1])


def _level(bounds: tuple[int, int, int], value: int) -> int:
    return sum(value >= bound for bound in bounds)


@lru_cache(maxsize=4096)
def _rows_of(industry: str | None, edition: Edition) -> tuple[SizeRow, ...]:
    if industry is None:
        return _table()
    belongs = {row.id: member(industry, row.codes_in(edition)) for row in _table()}
    certain = tuple(row for row in _table() if belongs[row.id])
    return certain or tuple(row for row in _table() if belongs[row.id] is None)


def _checked(values: Mapping[Fact, int | None]) -> Mapping[Fact, int | None]:
    for fact, value in values.items():
        unit = "persons" if fact == "employees" else "fen"
        if value is not None and (type(value) is not int or value < 0):
            raise SizeInputError(
                f"{fact} is {value!r}; give a whole number of {unit}, 0 or more, or leave it out"
            )
    return values


def _criterion_json(criterion: Criterion) -> dict[str, object]:
    money = criterion.fact != "employees"
    value = criterion.value
    return {
        "fact": criterion.fact,
        "class": criterion.size,
        "threshold": format_yuan(criterion.threshold) if money else criterion.threshold,
        "value": format_yuan(value) if money and value is not None else value,
        "met": criterion.met,
    }


@cache
def _table() -> tuple[SizeRow, ...]:
    with _DATA.open(encoding="utf-8", newline="") as file:
        return tuple(_row(line) for line in csv.DictReader(file))


def _row(line: Mapping[str, str]) -> SizeRow:
    codes = tuple(line["codes"].split())
    bounds: dict[Fact, tuple[int, int, int]] = {
        fact: _bounds(line[fact].split(), 1 if fact == "employees" else _FEN_IN_WAN_YUAN)
        for fact in FACTS
        if line[fact]
    }
    return SizeRow(line["row"], line["name"], codes, tuple(line["codes_2011"].split()) or codes, bounds)


def _bounds(printed: Iterable[str], unit: int) -> tuple[int, int, int]:
    small, medium, large = (int(number) * unit for number in printed)
    return small, medium, large
