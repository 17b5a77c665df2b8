"""The figures of a screening as one JSON object (totals.json); the page and the summary workbook show these and no others."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from huiqi.policies.library import PolicyLibrary
from huiqi.policies.size import CLASSES
from huiqi.reference.industries import UnknownIndustry, industry
from huiqi.reference.money import format_yuan
from huiqi.reference.regions import UnknownRegion, region
from huiqi.rules.columns.judge import ORDER
from huiqi.rules.facts import SUBJECTS
from huiqi.rules.measure import AMOUNT_IS, DELIVERIES, KINDS
from huiqi.rules.reasons import MissingFact
from huiqi.rules.verdicts import ELIGIBLE, INELIGIBLE, LIKELY, UNDETERMINED
from huiqi.screening.assess import COUNTED, DEFERRED
from huiqi.screening.report.fact_names import FactNames
from huiqi.screening.report.gathered import Gathered, GroupFigures
from huiqi.screening.report.groups import ENGLISH, GROUPS, TITLES
from huiqi.screening.report.measure_texts import MeasureTexts
from huiqi.screening.results import fact_name
from huiqi.screening.totals import Totals

FORMAT = 1
LISTED = (ELIGIBLE, LIKELY, UNDETERMINED, INELIGIBLE)
_UNKNOWN = "不明"


def totals_json(
    totals: Totals,
    library: PolicyLibrary,
    as_of: datetime.date,
    synthetic: bool,
    source: str,
    gathered: Gathered | None = None,
) -> dict[str, Any]:
    """Return every figure of the screening; yuan are text with two decimals, with the fen beside them.

    `gathered` adds what only the rows tell: subjects owed money by county, the push list's groups, subjects by missing
    fact, and the missed list where the population says what was received.
    """
    made: dict[str, Any] = {
        "format": FORMAT,
        "as_of": as_of.isoformat(),
        "synthetic": synthetic,
        "source": source,
        "subjects": {"all": totals.firms, **{kind: totals.subjects[kind] for kind in SUBJECTS}},
        "owed_subjects": totals.owed_subjects,
        "judged_one_by_one": totals.one_by_one,
        "excluded_one_by_one": totals.excluded_one_by_one,
        "rules": _rules(library),
        "documents": _documents(library),
        **_yuan("total_certain", totals.certain_fen),
        **_yuan("total_deferred", _sum(totals, DEFERRED)),
        **_yuan("total_likely", _likely(totals)),
        "measures": _measures(totals, library),
        "counties": _by(totals, 0, _county_names, gathered.owed_by_county if gathered else None),
        "sections": _by(totals, 1, _section_names, None),
        "sizes": _sizes(totals),
        "missing": _missing(totals, library, gathered),
    }
    if gathered is not None:
        made["push_list"] = [_group(name, gathered.groups[name], library) for name in GROUPS]
        made["confirm_by_declaration"] = _group_figures(gathered.declared_only)
    return made


def missed_json(gathered: Gathered) -> dict[str, Any]:
    """Return the figures of the missed list."""
    return {
        "rows": gathered.missed_rows,
        "subjects": gathered.missed_subjects,
        **_yuan("missed", sum(gathered.missed_fen.values())),
        "measures": [
            {"id": measure, **_yuan("missed", fen)} for measure, fen in sorted(gathered.missed_fen.items())
        ],
        "unclear_rows": gathered.unclear_rows,
    }


def _yuan(name: str, fen: int) -> dict[str, Any]:
    return {name: format_yuan(fen), f"{name}_fen": fen}


def _sum(totals: Totals, kinds: Iterable[str]) -> int:
    kinds = tuple(kinds)
    return sum(fen for measure, fen in totals.fen.items() if totals.amount_is.get(measure) in kinds)


def _likely(totals: Totals) -> int:
    return sum(fen for measure, fen in totals.likely_fen.items() if totals.amount_is.get(measure) in COUNTED)


def _rules(library: PolicyLibrary) -> dict[str, Any]:
    digests = sorted(f"{each.id}@{each.region} {each.digest}" for each in library.measures)
    digest = hashlib.sha256("\n".join(digests).encode()).hexdigest()
    return {"measures": len(library.by_id), "files": len(library.measures), "digest": digest}


def _documents(library: PolicyLibrary) -> list[dict[str, str]]:
    """Return the documents that measures have their origin in."""
    cited = {variant.sources[0].document for variant in library.measures}
    rows = []
    for each in sorted(cited):
        document = library.documents.get(each)
        title, number = (document.title, document.number) if document else (each, "")
        rows.append({"id": each, "title": title, "number": number})
    return rows


def _measures(totals: Totals, library: PolicyLibrary) -> list[dict[str, Any]]:
    texts = MeasureTexts(library)
    fen = totals.fen
    rows = []
    for name, variants in sorted(library.by_id.items()):
        verdicts = {verdict: totals.verdicts[(name, verdict)] for verdict in ORDER}
        if not any(verdicts.values()):
            continue
        first = variants[0]
        rows.append(
            {
                "id": name,
                "title": first.title,
                "english": first.english,
                "kind": first.kind,
                "kind_title": KINDS[first.kind],
                "amount_is": first.amount_is,
                "amount_is_title": AMOUNT_IS[first.amount_is],
                "delivery": first.delivery,
                "delivery_title": DELIVERIES[first.delivery],
                "has_amount": any(each.amount is not None for each in variants),
                "regions": [
                    {
                        "region": each.region,
                        "name": _region_name(each.region),
                        "title": each.title,
                        "digest": each.digest,
                        "sources": [
                            {
                                "document": origin.document,
                                "clause": origin.clause,
                                "basis": texts.source(origin),
                            }
                            for origin in each.sources
                        ],
                    }
                    for each in variants
                ],
                "verdicts": verdicts,
                **_yuan("certain", fen[name]),
                **_yuan("likely", totals.likely_fen[name]),
                "unknown_amounts": totals.unknown_amounts[name],
            }
        )
    return rows


def _by(
    totals: Totals,
    place: int,
    names: Callable[[str], tuple[str, str]],
    owed: Counter[str] | None,
) -> list[dict[str, Any]]:
    """Return the figures by county (place 0), section of industry (1) or size class (2) of the totals' cells."""
    subjects: Counter[str] = Counter()
    for cell, count in totals.firms_by_cell.items():
        subjects[cell[place]] += count
    verdicts = totals.cells.subjects_by(place)
    money: Counter[tuple[str, str]] = Counter()
    for (label, measure), fen in totals.cells.fen_by(place).items():
        kind = totals.amount_is.get(measure)
        group = "certain" if kind in COUNTED else "deferred" if kind in DEFERRED else ""
        money[(label, group)] += fen
    rows = []
    for code in sorted(subjects, key=lambda each: (not each, each)):
        name, english = names(code)
        row: dict[str, Any] = {"code": code or None, "name": name, "english": english}
        row["subjects"] = subjects[code]
        if owed is not None:
            row["owed_subjects"] = owed[code]
        row["verdicts"] = {verdict: verdicts[(code, verdict)] for verdict in LISTED}
        row |= {**_yuan("certain", money[(code, "certain")]), **_yuan("deferred", money[(code, "deferred")])}
        rows.append(row)
    return rows


def _sizes(totals: Totals) -> list[dict[str, Any]]:
    titles = dict(CLASSES)
    order = ("large", "medium", "small", "micro", "self_employed", "not_covered", "")
    rows = _by(
        totals, 2, lambda code: (titles.get(code, _UNKNOWN), code.replace("_", " ") or "unknown"), None
    )
    return sorted(rows, key=lambda row: order.index(row["code"] or ""))


def _region_name(code: str) -> str:
    try:
        return region(code).name
    except UnknownRegion:
        return code


def _county_names(code: str) -> tuple[str, str]:
    return (_region_name(code), code) if code else (_UNKNOWN, "unknown")


def _section_names(code: str) -> tuple[str, str]:
    if not code:
        return _UNKNOWN, "unknown"
    try:
        return industry(code).name or code, code
    except UnknownIndustry:
        return code, code


def _missing(totals: Totals, library: PolicyLibrary, gathered: Gathered | None) -> list[dict[str, Any]]:
    """Return the missing facts, those that keep most open first."""
    names = FactNames(library)
    of_fact: dict[MissingFact, Counter[str]] = {}
    for (record, name, period, measure), count in totals.missing.items():
        if count:
            of_fact.setdefault(MissingFact(record, name, period), Counter())[measure] += count
    rows = []
    for fact, measures in of_fact.items():
        written = fact_name(fact, library)
        row = {
            "fact": written,
            "record": fact.record,
            "name": fact.name,
            "period": fact.period or None,
            "label": names.label(fact),
            "english": names.english(fact),
            "who": names.who(fact),
            "openings": sum(measures.values()),
            "measures": [
                {"id": measure, "subjects": count}
                for measure, count in sorted(measures.items(), key=lambda each: (-each[1], each[0]))
            ],
        }
        if gathered is not None:
            row["subjects"] = gathered.lacking[written]
            row["settles_alone"] = gathered.alone[written]
        rows.append(row)
    return sorted(rows, key=lambda row: (-row["openings"], row["fact"]))


def _group(name: str, figures: GroupFigures, library: PolicyLibrary) -> dict[str, Any]:
    return {
        "group": name,
        "title": TITLES[name],
        "english": ENGLISH[name],
        **_group_figures(figures),
        "measures": [
            {
                "id": measure,
                "title": library.by_id[measure][0].title,
                "rows": count,
                **_yuan("amount", figures.fen_by_measure[measure]),
            }
            for measure, count in sorted(figures.rows_by_measure.items())
        ],
    }


def _group_figures(figures: GroupFigures) -> dict[str, Any]:
    return {"rows": figures.rows, "subjects": figures.subjects, **_yuan("amount", figures.fen)}
