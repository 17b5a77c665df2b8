"""A situation written back as a case file, so that what an interview learnt can be kept."""

from __future__ import annotations

import io
from typing import Any

import yaml

from huiqi.rules.case import latest_period
from huiqi.rules.facts import SUBJECT, FactDictionary
from huiqi.rules.situation import Record, Situation
from huiqi.screening.answer import json_value


def case_text(situation: Situation, facts: FactDictionary) -> str:
    """Return YAML that reads back as the situation; a fact by period is written by its period, so that it stays
    true on another day."""
    body = _row(situation.subject, SUBJECT, 0, situation, facts)
    body |= {name: json_value(value, None) for name, value in situation.given.items()}
    for kind in facts.records.values():
        rows = situation.records.get(kind.name) if kind.name != SUBJECT else None
        if rows is not None:
            body[kind.list_name] = [
                _row(row, kind.name, index, situation, facts) for index, row in enumerate(rows)
            ]
    if situation.lists:
        body["lists"] = dict(situation.lists)
    out = io.StringIO()
    yaml.safe_dump(
        {"subject": situation.kind, situation.kind: body},
        out,
        allow_unicode=True,
        sort_keys=False,
        width=110,
    )
    return out.getvalue()


def _row(row: Record, record: str, index: int, s: Situation, facts: FactDictionary) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for key, value in row.items():
        name, period = (key, "") if isinstance(key, str) else key
        fact = facts.fact(record, name)
        if fact is None:
            continue
        if not period and fact.period and (name, latest_period(fact.period, s.as_of)) in row:
            continue  # it is the last period's value, written there
        shown = json_value(value, fact.unit)
        origin = s.origins.get((record, index, name))
        if origin is not None:
            shown = {"value": shown, "source": origin.source, "date": origin.date}
            shown = {key: text for key, text in shown.items() if text != ""}
        if period:
            written.setdefault(name, {})[period] = shown
        else:
            written[name] = shown
    return written
