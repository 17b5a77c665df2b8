"""The subjects of a block: where they are, what they do, how large they are, what they earn and pay."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from huiqi.reference.credit_codes import ALPHABET
from huiqi.reference.industries import listed
from huiqi.screening.population.boundaries import days_of
from huiqi.screening.population.cells import Cells, known
from huiqi.screening.population.credit_codes import credit_codes
from huiqi.screening.population.draws import Draws, Whole
from huiqi.screening.population.facts import Bearers
from huiqi.screening.population.margins import value

KINDS = ("enterprise", "self_employed", "person", "institution")
NAMES = {
    "enterprise": "虚构企业",
    "self_employed": "虚构个体",
    "person": "虚构个人",
    "institution": "虚构机构",
}
_CODE_KINDS = {"enterprise": "91", "self_employed": "92", "person": "92", "institution": "52"}
_SECTIONS = {
    "enterprise": ("enterprise_sections", "enterprise_sections_left"),
    "self_employed": ("self_employed_sections", "self_employed_sections_left"),
    "person": ("self_employed_sections", "self_employed_sections_left"),
    "institution": ("institution_sections",),
}


@dataclass(frozen=True, slots=True)
class Shares:
    """Weights worked out once: kinds of subject, counties, industry codes by kind of subject."""

    kinds: tuple[int, ...]
    counties: tuple[str, ...]
    county_weights: tuple[int, ...]
    industries: tuple[str, ...]
    industry_weights: dict[str, tuple[int, ...]]
    sizes: Whole
    """Relative size of a unit of each industry, in hundredths."""


def shares(counties: dict[str, int]) -> Shares:
    """Return the weights for the counties of a region."""
    registered, other = value("subjects"), value("other_subjects")
    total = sum(registered.values())
    kinds = tuple(
        int(registered[kind]) * int(other["of"]) if kind in registered else int(other[kind]) * total
        for kind in KINDS
    )
    codes: dict[str, dict[str, int]] = {kind: _industries(kind) for kind in KINDS}
    industries = tuple(sorted({code for weights in codes.values() for code in weights}))
    size = value("section_size")
    return Shares(
        kinds,
        tuple(counties),
        tuple(counties.values()),
        industries,
        {kind: tuple(weights.get(code, 0) for code in industries) for kind, weights in codes.items()},
        np.array([size.get(code[0], 100) for code in industries], dtype=np.int64),
    )


def _industries(kind: str) -> dict[str, int]:
    """Return industry codes with weights: sections split into divisions and these into groups."""
    depth, travel, divisions = value("industry_depth"), value("travel_trades"), value("divisions")
    found: dict[str, int] = {}
    for margin in _SECTIONS[kind]:
        for section, weight in value(margin).items():
            inner = [each.code for each in listed("division") if each.code[0] == section]
            parts = {code: int(divisions.get(code, 0)) for code in inner}
            if not any(parts.values()):
                parts = dict.fromkeys(inner, 1)
            total, whole = sum(parts.values()), int(weight) * 1_000_000
            _add(found, section, whole * depth["section"] // 100)
            for code, part in parts.items():
                of_division = whole * part // total
                _add(found, code, of_division * depth["division"] // 100)
                groups = [each.code for each in listed("group") if each.code.startswith(code)]
                for group in groups or [code]:
                    _add(found, group, of_division * depth["group"] // 100 // max(1, len(groups)))
    for code, group in (("L7291", "L72"), ("N786", "N78")):
        within = {each: weight for each, weight in found.items() if each.startswith(group) and len(each) == 4}
        _add(found, code, sum(within.values()) * int(travel[code]) // int(travel["of"]))
    return {code: weight for code, weight in found.items() if weight}


def _add(found: dict[str, int], code: str, weight: int) -> None:
    found[code] = found.get(code, 0) + weight


@dataclass(slots=True)
class Subjects:
    """The subjects of a block, with what is true of them."""

    bearers: Bearers
    county: Whole
    cells: dict[str, Cells]
    """The columns that hang together, by fact."""
    texts: dict[str, pa.Array]


def draw_subjects(of: Shares, first: int, rows: int, as_of: datetime.date, draws: Draws) -> Subjects:
    """Return the subjects from the row `first` on."""
    kind = draws.among(of.kinds, rows)
    county = draws.among(of.county_weights, rows)
    industry, employees = np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.int64)
    per_head = np.zeros(rows, dtype=np.int64)
    for number, name in enumerate(KINDS):
        own = np.flatnonzero(kind == number)
        industry[own] = draws.among(of.industry_weights[name], len(own))
        employees[own] = draws.quantiles(value("employees")[name], len(own))
        per_head[own] = draws.quantiles(value("revenue_per_head")[name], len(own))
    is_firm = kind == KINDS.index("enterprise")
    scaled = employees * of.sizes[industry] // 100
    employees = np.where(is_firm, np.where(employees > 0, np.maximum(scaled, 1), 0), employees)
    revenue = np.maximum(employees, 1) * per_head
    assets = revenue * draws.quantiles(value("assets_of_revenue"), rows) // 1000
    pay = draws.quantiles(value("pay"), rows)
    insured = _insured(kind, employees, draws)
    payroll = insured * pay
    days = days_of(as_of) - draws.quantiles(value("established"), rows)
    numbers = {"employees": employees, "revenue": revenue, "assets": assets, "pay": pay, "payroll": payroll}
    numbers["insured_staff"] = insured
    place = np.zeros(rows, dtype=np.int64)
    bearers = Bearers(as_of, KINDS, kind, of.industries, industry, numbers, place)
    counties, where = _with_prefectures(of.counties, county, draws)
    cells = {
        "region": known(where, counties),
        "industry": known(industry, of.industries),
        "established": known(days),
        "employees": known(employees),
        "revenue": known(_fen(revenue, draws)),
        "assets": known(_fen(assets, draws)),
        **_insurance(bearers, draws),
    }
    return Subjects(bearers, county, cells, _texts(of, kind, county, first, rows))


def _fen(yuan: Whole, draws: Draws) -> Whole:
    with_fen = draws.holds(value("fen_of_a_hundred")["with_fen"] * 10_000, len(yuan)) & (yuan > 0)
    return np.asarray(yuan * 100 + np.where(with_fen, draws.below(100, len(yuan)), 0))


def _insured(kind: Whole, employees: Whole, draws: Draws) -> Whole:
    """Return the insured staff: none, most or all of those employed."""
    table = value("insured")
    percent = np.array([table[name] for name in KINDS], dtype=np.int64)[kind]
    percent = np.minimum(100, percent + np.where(employees >= 20, table["large_more"], 0))
    has = draws.holds(percent * 10_000, len(kind)) & (employees > 0) & (kind != KINDS.index("person"))
    share = draws.quantiles((100, 300, 600, 900, 1000, 1000, 1000, 1000, 1000), len(kind))
    return np.where(has, np.maximum(1, employees * share // 1000), 0)


def _insurance(bearers: Bearers, draws: Draws) -> dict[str, Cells]:
    insured, payroll = bearers.numbers["insured_staff"], bearers.numbers["payroll"]
    before = (
        insured * draws.quantiles((500, 800, 930, 1000, 1030, 1120, 1400, 2000, 4000), bearers.rows) // 1000
    )
    left = before * draws.quantiles((0, 0, 0, 0, 20, 60, 200, 500, 900), bearers.rows) // 1000
    rate = int(value("premium_rates")["unemployment_all"])
    return {
        "insured_staff": known(insured),
        "insured_staff@before": known(before),
        "staff_let_go": known(left),
        "insured_payroll": known(payroll * 100),
        "unemployment_premiums": known(_fen(payroll * 12 * rate // 1000, draws)),
        "insured_as_unit": known(insured > 0),
    }


def _with_prefectures(
    counties: tuple[str, ...], county: Whole, draws: Draws
) -> tuple[tuple[str, ...], Whole]:
    """Return the registered region: the county, seldom no more than the prefecture or province above it."""
    above = tuple(sorted({code[:4] + "00" for code in counties if not code.endswith("00")} - set(counties)))
    table = np.array([above.index(code[:4] + "00") if code[:4] + "00" in above else -1 for code in counties])
    upper = table[county]
    coarse = draws.holds(value("coarse_region_of_a_thousand")["prefecture"] * 1000, len(county)) & (
        upper >= 0
    )
    return counties + above, np.where(coarse, upper + len(counties), county)


def _texts(of: Shares, kind: Whole, county: Whole, first: int, rows: int) -> dict[str, pa.Array]:
    numbers = np.arange(first, first + rows, dtype=np.int64)
    pair = [
        ALPHABET.index(_CODE_KINDS[name][0]) * 31 + ALPHABET.index(_CODE_KINDS[name][1]) for name in KINDS
    ]
    regions = np.array([int(code) for code in of.counties], dtype=np.int64)[county]
    codes = credit_codes(np.array(pair, dtype=np.int64)[kind], regions, numbers)
    words = [NAMES[name] for name in KINDS]
    names = [
        f"{words[each]}{number + 1:06d}" for each, number in zip(kind.tolist(), numbers.tolist(), strict=True)
    ]
    # A person has no credit code of an organisation.
    is_person = pa.array(kind == KINDS.index("person"))
    return {
        "credit_code": pa.compute.if_else(is_person, pa.scalar(None, pa.string()), codes),
        "name": pa.array(names),
    }
