"""`huiqi facts`, `huiqi measures`, `huiqi show`: what can be said, what holds, and how a rule reads."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huiqi.cli.options import (
    as_of_option,
    console,
    json_option,
    language_option,
    library,
    policies_option,
    print_json,
)
from huiqi.findings import BadInput, Finding, nearest

if TYPE_CHECKING:
    from huiqi.policies.library import PolicyLibrary
    from huiqi.rules.measure import Measure


@click.command("facts")
@click.option("--record", help="Only this record (subject, lease, loan, …).")
@json_option
@policies_option
@language_option
def facts_command(record: str | None, as_json: bool, policies: Path | None, language: str) -> None:
    """List the fact dictionary: every fact and record that a case may hold."""
    from rich.table import Table

    from huiqi.rules.facts import KNOWN_BY

    found = library(policies)
    rows = [row for row in fact_rows(found) if record in (None, row["record"], row.get("list"))]
    if not rows:
        hint = nearest(str(record), found.facts.records)
        raise BadInput(
            [Finding("", 0, "--record", "unknown-record", f"there is no record {record}", "", hint)]
        )
    if as_json:
        records = [
            {"name": each.name, "list": each.list_name, "label": each.label, "english": each.english}
            for each in found.facts.records.values()
        ]
        lists = [
            {"id": each.id, "title": each.title, "english": each.english, "of": each.of}
            for each in found.lists.values()
        ]
        print_json({"facts": rows, "records": records, "lists": lists})
        return
    zh = language == "zh"
    heads = (
        ("记录", "名称", "类型", "中文", "谁掌握") if zh else ("record", "name", "type", "label", "known by")
    )
    table = Table(*heads)
    for row in rows:
        type_ = "|".join(row["choices"]) if row["choices"] else str(row["unit"] or row["type"])
        known = KNOWN_BY.get(row["known_by"], row["known_by"]) if zh else row["known_by"]
        table.add_row(row["record"], row["name"], type_, row["label"] if zh else row["english"], known)
    console().print(table)


def fact_rows(found: PolicyLibrary) -> list[dict[str, Any]]:
    """Return every fact, record list, definition and dated list as rows."""
    rows: list[dict[str, Any]] = []
    for fact in found.facts:
        rows.append(
            {
                "record": fact.record,
                "list": found.facts.records[fact.record].list_name,
                "name": fact.name,
                "type": "number" if fact.unit is not None else fact.type_name,
                "unit": str(fact.unit) if fact.unit is not None else None,
                "label": fact.label,
                "english": fact.english,
                "known_by": fact.known_by,
                "choices": dict(fact.type.choices),
                "period": fact.period or None,
                "subjects": list(fact.subjects),
                "about": fact.about or None,
                "question": fact.question or None,
            }
        )
    blank: dict[str, Any] = {
        "unit": None,
        "period": None,
        "subjects": [],
        "about": None,
        "question": None,
        "choices": {},
        "list": "",
    }
    for record in found.facts.by_list.values():
        row = {"record": "subject", "name": record.list_name, "type": "records", "label": record.label}
        rows.append({**blank, **row, "english": record.english, "known_by": "firm", "list": record.list_name})
    for definition in found.definitions.values():
        if definition.per:
            continue
        row = {"record": "subject", "name": definition.id, "type": "computed", "label": definition.title}
        choices = dict(definition.type.choices)
        rows.append(
            {**blank, **row, "english": definition.english, "known_by": "computed", "choices": choices}
        )
    for each in found.lists.values():
        row = {
            "record": "list",
            "name": each.id,
            "type": "yes_no",
            "label": each.title,
            "english": each.english,
        }
        rows.append({**blank, **row, "known_by": each.kept_by or "office"})
    return rows


@click.command("measures")
@click.option("--region", help="Code of a region (53, 5325, 532503).")
@as_of_option(required=False)
@json_option
@policies_option
@language_option
def measures_command(
    region: str | None, as_of: datetime.date | None, as_json: bool, policies: Path | None, language: str
) -> None:
    """List the measures that hold in a region on a day."""
    from rich.table import Table

    from huiqi.rules.measure import DELIVERIES, KINDS

    found = library(policies)
    measures = measures_of(found, region, as_of)
    if as_json:
        print_json(
            {
                "region": _region_code(region),
                "as_of": as_of.isoformat() if as_of else None,
                "measures": [measure_row(each) for each in measures],
            }
        )
        return
    zh = language == "zh"
    table = Table(
        *(
            ("编号", "名称", "类别", "地区", "有效期", "兑现")
            if zh
            else ("id", "title", "kind", "region", "in force", "delivery")
        )
    )
    for each in measures:
        until = "" if each.in_force.to.year == 9999 else str(each.in_force.to - datetime.timedelta(days=1))
        table.add_row(
            each.id,
            each.title if zh else each.english,
            KINDS[each.kind] if zh else each.kind,
            each.region,
            f"{each.in_force.first}~{until}",
            DELIVERIES[each.delivery] if zh else each.delivery,
        )
    out = console()
    out.print(table)
    out.print(f"{len(measures)} {'项' if zh else 'measures'}")


def _region_code(region: str | None) -> str | None:
    from huiqi.reference.regions import UnknownRegion
    from huiqi.reference.regions import region as find_region

    if region is None:
        return None
    try:
        return find_region(region).code
    except UnknownRegion as error:
        mend = "write six digits such as 532503"
        raise BadInput([Finding("", 0, "--region", "unknown-region", str(error), "", mend)]) from None


def measures_of(found: PolicyLibrary, region: str | None, as_of: datetime.date | None) -> list[Measure]:
    """Return the measures of a region's chain (all regions without one), in force on the day (any without one)."""
    from huiqi.reference.regions import is_within

    code = _region_code(region)
    chosen: list[Measure] = []
    for variants in found.by_id.values():
        held = [each for each in variants if code is None or is_within(code, each.region) is True]
        if code is not None:
            begun = [each for each in held if as_of is None or each.in_force.first <= as_of]
            held = (begun or held)[-1:]
        chosen.extend(each for each in held if as_of is None or each.in_force.holds(as_of))
    return sorted(chosen, key=lambda each: (each.id, each.region))


def measure_row(each: Measure) -> dict[str, Any]:
    """Return a measure without its rule."""
    to = None if each.in_force.to.year == 9999 else each.in_force.to.isoformat()
    return {
        "id": each.id,
        "title": each.title,
        "english": each.english,
        "kind": each.kind,
        "region": each.region,
        "subject": list(each.subject),
        "per": each.per or None,
        "in_force": {"from": each.in_force.first.isoformat(), "to": to},
        "amount_is": each.amount_is,
        "information": each.information or None,
        "delivery": each.delivery,
        "agencies": [{"name": agency.name, "role": agency.role} for agency in each.agencies],
        "sources": [{"document": s.document, "clause": s.clause, "words": s.words} for s in each.sources],
        "digest": each.digest,
    }


@click.command("show")
@click.argument("measure")
@click.option("--region", help="The variant that holds in this region (default: all).")
@policies_option
def show_command(measure: str, region: str | None, policies: Path | None) -> None:
    """Show a measure's rule as readable Chinese, with its sources."""
    from huiqi.rules.render_measure import measure_text

    found = library(policies)
    if measure not in found.by_id:
        hint = nearest(measure, found.by_id) or "`huiqi measures` lists them"
        raise BadInput([Finding("", 0, "", "unknown-measure", f"there is no measure {measure}", "", hint)])
    code = _region_code(region)
    variants = found.by_id[measure] if code is None else found.possible(measure, code)[0]
    click.echo("\n\n".join(measure_text(found, each) for each in variants))
