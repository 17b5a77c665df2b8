"""What was read of a text, kept as files beside the library: pages show it without reading the text again.

`HUIQI_DATA/documents/.read/<digest>/`: `outline.json` (the outline as `huiqi outline --json` gives it, with tasks,
targets and the measures of each sentence) and `ledger.xlsx`. They can be deleted and are made anew.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import shutil
import uuid
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from huiqi.documents import Document, UnreadableDocument, read_text
from huiqi.documents.formats import read_source
from huiqi.documents.formats.refusals import WHAT
from huiqi.documents.library import DocumentLibrary
from huiqi.documents.outline import Outline, outline
from huiqi.documents.outline.as_json import as_json
from huiqi.documents.outline.ledger import deadline_words, targets, tasks
from huiqi.documents.outline.ledger_workbook import write_ledger
from huiqi.policies.check.citations import document_day
from huiqi.policies.coverage import DocumentSentences, cover
from huiqi.policies.known_documents import as_known
from huiqi.portal.catalogue.shelf import library as policy_library
from huiqi.portal.clock.running import calendar
from huiqi.reference.regions import NATION

VERSION = 2
"""Raise it when what is kept changes: older readings are made anew."""
MOST_CHARACTERS = 1_500_000
"""Characters of a text that the site outlines: some two thousand pages."""
STEPS = 4
_LEVELS = {"国务院": "nation", "省": "province", "自治区": "province", "州": "prefecture", "市": "prefecture"}
_LEVELS |= {"县": "county", "区": "county"}
_LEVEL = re.compile(
    "(国务院|省|自治区|州|市|县|区)(?=人民政府|$|[\u3400-\u9fff]{2,12}(?:厅|局|委|办公室|组))"
)
OUTLINE, LEDGER = "outline.json", "ledger.xlsx"
Report = Callable[[int, int], None]


class NotRead(Exception):
    """What was read of a text is not there: it is being read, or its reading is of an older version."""


def library() -> DocumentLibrary:
    """Return the site's library, which `huiqi documents` shares."""
    return DocumentLibrary(settings.DATA / "documents")


@cache
def rules_digest() -> str:
    """Return the digest of the measures that sentences are bound to."""
    rows = sorted(f"{each.region}/{each.id}:{each.digest}" for each in policy_library().measures)
    return hashlib.sha256("\n".join([f"{VERSION}", *rows]).encode()).hexdigest()


def folder_of(digest: str) -> Path:
    """Return the folder of a text's reading."""
    folder: Path = settings.DATA / "documents" / ".read" / digest
    return folder


def reading_of(digest: str) -> dict[str, Any]:
    """Return what was read of a text; callers must not change it. Raises NotRead."""
    file = folder_of(digest) / OUTLINE
    try:
        read = _loaded(file, file.stat().st_mtime_ns)
    except (OSError, ValueError):
        raise NotRead from None
    if read.get("version") != VERSION:
        raise NotRead
    return read


@lru_cache(maxsize=12)
def _loaded(file: Path, _written: int) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return loaded


def is_read(digest: str) -> bool:
    """Whether the reading is there, by the rules as they are now."""
    try:
        return bool(reading_of(digest)["rules"] == rules_digest())
    except NotRead:
        return False


def read(file: Path, name: str, digest: str, report: Report = lambda done, total: None) -> dict[str, Any]:
    """Read a file and keep what was read; return it. `name` is its stem, by which measures may cite it.

    Raises UnreadableDocument.
    """
    report(0, STEPS)
    document = known(file, name)
    report(1, STEPS)
    outlined = outline(document, calendar())
    report(2, STEPS)
    made = _kept(outlined)
    report(3, STEPS)
    # Written beside and put in place whole: a page never sees half of it.
    folder = folder_of(digest)
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = folder.with_name(f".{uuid.uuid4().hex}")
    part.mkdir()
    try:
        write_ledger(outlined, part / LEDGER)
        (part / OUTLINE).write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")), "utf-8")
        folder.mkdir(exist_ok=True)
        for each in (LEDGER, OUTLINE):
            (part / each).replace(folder / each)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    report(STEPS, STEPS)
    return made


def known(file: Path, name: str) -> Document:
    """Read a file as the document that measures cite, where it is one of them. Raises UnreadableDocument."""
    source = read_source(file)
    if len(source.text) > MOST_CHARACTERS:
        why = f"more than {MOST_CHARACTERS} characters of text"
        mend = "split it into its notices"
        raise UnreadableDocument(WHAT, where=name, why=why, mend=mend, code="document-too-large")
    cited = policy_library().documents
    document = as_known(read_text(name, source), cited.values())
    if document.date is None and document.id in cited and (day := document_day(cited[document.id])):
        # Copies often lack the head; the policies know the day of the texts that they cite.
        document = dataclasses.replace(document, date=day)
    return document


def forget(digest: str) -> None:
    """Delete what was read of a text."""
    shutil.rmtree(folder_of(digest), ignore_errors=True)


def summary(made: dict[str, Any]) -> dict[str, Any]:
    """Return what a row keeps of a reading."""
    coverage = made["coverage"]
    place = made["place"]
    cited = policy_library().documents.get(made["id"])
    day = made["date"] or made["text_date"] or made["published_on"]
    clauses = [clause for plan in made["plans"] for clause in plan["clauses"]]
    counts = {
        "plans": len(made["plans"]),
        "clauses": len(clauses),
        "sentences": coverage["sentences"],
        "benefits": coverage["by_class"].get("benefit", 0),
        "bound": len(coverage["bound"]),
        "tasks": len(made["tasks"]),
        "targets": len(made["targets"]),
        "deadlines": sum(len(each["deadlines"]) for each in clauses),
        "doubts": sum(len(each["doubts"]) for each in made["tasks"]),
    }
    return {
        # What a copy lacks, the policies know of the texts that they cite.
        "title": (made["title"] or (cited.title if cited else ""))[:300],
        "number": (made["number"] or (cited.number if cited else ""))[:60],
        "issuer": (made["issuer"] or "")[:200],
        "level": place["level"] or _level_by_name(made["issuer"] or made["title"] or ""),
        "place": "" if place["region"] in (None, NATION) else place["region"],
        "dated": day,
        "counts": counts,
        "unencoded": len(coverage["unencoded"]),
        "rules": made["rules"],
    }


def _level_by_name(office: str) -> str:
    """The level that an office's name tells where its place is in no register."""
    found = _LEVEL.search(office)
    return _LEVELS[found[1]] if found else ""


def _kept(outlined: Outline) -> dict[str, Any]:
    made = as_json(outlined)
    sentences = DocumentSentences(
        outlined.document, {each.path: each.sentences for each in outlined.clauses() if each.sentences}
    )
    covered = cover(policy_library().measures, sentences)
    made["coverage"] |= covered.as_json()
    bound = {(each["path"], each["sentence"]): each["measures"] for each in made["coverage"]["bound"]}
    of = {each.path: each for each in outlined.clauses()}
    for name, clauses in (
        ("", [made["letter"]] if made["letter"] else []),
        *((plan["short_name"], plan["clauses"]) for plan in made["plans"]),
    ):
        for clause in clauses:
            within = clause["path"].removeprefix(f"{name}/" if name else "")
            clause["depth"] = within.count("/") + 1 if clause["printed"] else 0
            read_of = of[clause["path"]]
            clause["body_start"] = read_of.clause.body_start
            for deadline, each in zip(clause["deadlines"], read_of.deadlines, strict=True):
                deadline["words"] = deadline_words(each)
            for number, sentence in enumerate(clause["sentences"]):
                sentence["measures"] = bound.get((clause["path"], number), [])
    made["tasks"] = [
        {field.name: getattr(each, field.name) for field in dataclasses.fields(each)}
        for each in tasks(outlined)
    ]
    made["targets"] = [
        {
            "number": each.number,
            "plan": each.plan,
            "of": each.of,
            "printed": each.printed,
            "direction": each.quantity.direction,
            "until": each.quantity.until.isoformat() if each.quantity.until else None,
            "path": each.path,
        }
        for each in targets(outlined)
    ]
    return {"version": VERSION, "rules": rules_digest(), "id": outlined.document.id, **made}
