"""A comparison of two readings of policies as JSON: money as yuan with two decimals, counts of subjects."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from typing import Any

from huiqi.policies.library import PolicyLibrary
from huiqi.policies.size import CLASSES
from huiqi.reference.industries import UnknownIndustry, industry
from huiqi.reference.money import format_yuan
from huiqi.reference.regions import UnknownRegion, region
from huiqi.rules.columns.judge import ORDER
from huiqi.screening.budgets import LAST, Spending
from huiqi.screening.whatif import ALL, CHANGED, Cell, WhatIf

_GROUPS = ("region", "industry", "size")
_EPOCH = datetime.date(1970, 1, 1)


def whatif_answer(
    found: WhatIf, before: PolicyLibrary, after: PolicyLibrary, as_of: datetime.date
) -> dict[str, Any]:
    """Return who gains, who loses and what it costs: in all, by measure, region, industry and size; how far budgets reach.

    `total` and the groups are paid and saved together; a measure's own figures are of whatever its amount is. Only
    measures that some subject meets differently are listed, and groups in which there is a subject.
    """
    sums = found.differences.sums
    moves: dict[str, list[tuple[str, str, int]]] = {}
    for (name, old, new), count in found.differences.moves.items():
        moves.setdefault(name, []).append((old, new, count))
    by_cell: dict[str, list[tuple[str, Cell, int]]] = {}
    for (name, what, cell), value in found.differences.cells.items():
        by_cell.setdefault(name, []).append((what, cell, value))
    rows = [
        {
            **_measure(name, before, after),
            **_money(sums[(name, "before")], sums[(name, "after")]),
            "subjects_before": sums[(name, "owed_before")],
            "subjects_after": sums[(name, "owed_after")],
            **{kind: sums[(name, kind)] for kind in CHANGED},
            "changes": _moves(moves.get(name, [])),
            **_groups(by_cell[name], CHANGED),
        }
        for name in sorted({name for name, _ in sums} - {ALL})
        if any(sums[(name, kind)] for kind in CHANGED)
    ]
    whole = ("subjects", "gain", "lose")
    return {
        "as_of": as_of.isoformat(),
        "synthetic": found.about.synthetic,
        "source": found.about.source,
        "changed_rules": sorted(found.changed),
        "total": {
            **_money(sums[(ALL, "before")], sums[(ALL, "after")]),
            **{what: sums[(ALL, what)] for what in whole},
        },
        "measures": rows,
        **_groups(by_cell.get(ALL, []), whole),
        "budgets": [_budget(*each) for each in zip(found.before, found.after, strict=True)],
    }


def _money(before: int, after: int) -> dict[str, str]:
    return {
        "before": format_yuan(before),
        "after": format_yuan(after),
        "difference": format_yuan(after - before),
    }


def _measure(name: str, before: PolicyLibrary, after: PolicyLibrary) -> dict[str, Any]:
    variant = (after.by_id.get(name) or before.by_id[name])[0]
    return {"id": name, "title": variant.title, "english": variant.english, "amount_is": variant.amount_is}


def _moves(moves: list[tuple[str, str, int]]) -> list[dict[str, Any]]:
    """Return how many subjects went from which verdict to which, in the order of verdicts."""
    moves.sort(key=lambda each: (ORDER.index(each[0]), ORDER.index(each[1])))
    return [{"before": old, "after": new, "subjects": count} for old, new, count in moves]


def _groups(cells: Sequence[tuple[str, Cell, int]], counts: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the sums by each part of the cell; those groups in which the cost changes most come first."""
    made = {}
    for place, group in enumerate(_GROUPS):
        sums: dict[str, Counter[str]] = {}
        for what, cell, value in cells:
            sums.setdefault(cell[place], Counter())[what] += value
        rows = sorted(sums.items(), key=lambda each: (-abs(each[1]["after"] - each[1]["before"]), each[0]))
        made[f"by_{group}"] = [
            {
                "code": code or None,
                "name": _name(place, code),
                **_money(row["before"], row["after"]),
                **{what: row[what] for what in counts},
            }
            for code, row in rows
        ]
    return made


def _name(place: int, code: str) -> str:
    if not code:
        return "不明"
    try:
        if _GROUPS[place] == "region":
            return region(code).name
        return industry(code).name or code if _GROUPS[place] == "industry" else dict(CLASSES).get(code, code)
    except (UnknownRegion, UnknownIndustry):
        return code


def _budget(before: Spending, after: Spending) -> dict[str, Any]:
    budget = before.budget
    return {
        "measure": budget.measure,
        "counts": "subjects" if budget.of_subjects else "yuan",
        "limit": _shown(before, budget.limit),
        "origin": budget.origin,
        "order": budget.by or "row",
        "before": _reach(before),
        "after": _reach(after),
    }


def _reach(spending: Spending) -> dict[str, Any]:
    row = spending.ran_out_row
    day = spending.ran_out_day() if spending.budget.by else None
    ran_out: dict[str, Any] | None = None
    if row is not None:
        ran_out = {"row": row, "firm": spending.ran_out_name}
    elif day is not None:
        ran_out = {"date": None if day == LAST else (_EPOCH + datetime.timedelta(days=day)).isoformat()}
    return {
        "asked": _shown(spending, spending.asked),
        "covered": _shown(spending, spending.covered),
        "uncovered": _shown(spending, spending.uncovered),
        "share_covered": _share(spending.covered, spending.asked),
        "subjects": spending.subjects,
        "subjects_covered": spending.subjects_reached(),
        "runs_out": ran_out,
    }


def _shown(spending: Spending, value: int) -> str | int:
    return value if spending.budget.of_subjects else format_yuan(value)


def _share(covered: int, asked: int) -> str:
    """Return the share as percent with two decimals, rounded down, so that 100.00% is all."""
    if not asked:
        return "100.00%"
    hundredths = covered * 10_000 // asked
    return f"{hundredths // 100}.{hundredths % 100:02d}%"
