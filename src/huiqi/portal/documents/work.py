"""The jobs of documents: texts read, texts of folders taken in, two texts aligned. Each may be run again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.acts.performing import perform
from huiqi.portal.documents.aligning import align_texts
from huiqi.portal.documents.folders import FolderFile, folder_files
from huiqi.portal.documents.incoming import keep_copy
from huiqi.portal.documents.models import HELD, RUNNING, Comparison, OfficialText
from huiqi.portal.documents.readings import rules_digest
from huiqi.portal.documents.taking_in import take_in
from huiqi.portal.jobs.registry import Working, job


@job("document-read", zh="读取文件", en="Read a text", attempts=3)
def read_text(working: Working) -> Mapping[str, Any] | None:
    """Read a text that was handed in, or anew where rules have changed."""
    text = OfficialText.objects.for_site("a job's own text").get(pk=working.arguments["text"])
    return take_in(text, now=working.now, today=working.today, report=working.report)


@job("document-adopt", zh="收入目录中的文件", en="Take in texts of folders", attempts=2, daily=True)
def adopt_texts(working: Working) -> Mapping[str, Any] | None:
    """Take in texts that lie in HUIQI_DOCUMENTS or were added by `huiqi documents`; examples where there are none."""
    files = folder_files()
    known = set(
        OfficialText.objects.for_site("a text is taken in once").values_list("digest", flat=True).distinct()
    )
    adopted = 0
    for number, each in enumerate(files, 1):
        with each.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest not in known:
            known.add(digest)
            adopted += _adopted(working, each.path.name, digest, each)
        working.report(number, len(files))
    return {"adopted": adopted}


@job(
    "document-recheck", zh="按现行规则重新比对文件", en="Bind texts to the rules anew", attempts=2, daily=True
)
def recheck_texts(working: Working) -> Mapping[str, Any] | None:
    """Read texts anew whose sentences were bound by older rules."""
    stale = (
        OfficialText.objects.for_site("every text is checked")
        .filter(state=HELD)
        .exclude(rules=rules_digest())
    )
    rows = list(stale.order_by("pk"))
    for number, text in enumerate(rows, 1):
        take_in(text, now=working.now, today=working.today)
        working.report(number, len(rows))
    return {"read": len(rows)}


@job("document-align", zh="对照两份文件", en="Align two texts", attempts=2)
def align_two(working: Working) -> Mapping[str, Any] | None:
    """Align the two texts of an alignment and keep the result."""
    rows = Comparison.objects.for_site("a job's own alignment").select_related(
        "superior", "subordinate", "before"
    )
    comparison = rows.get(pk=working.arguments["alignment"])
    if comparison.state != RUNNING:
        return None
    return align_texts(comparison, now=working.now, today=working.today, report=working.report)


def _adopted(working: Working, name: str, digest: str, each: FolderFile) -> int:
    if not each.kept:
        keep_copy(each.path, digest)
    done = perform(
        "document.adopt",
        site_actor("document-adopt"),
        None,
        {"digest": digest, "file_name": name[-200:], "example": each.example},
        now=working.now,
        today=working.today,
        key=f"document.adopt:{digest[:48]}",
    )
    take_in(done.subject, now=working.now, today=working.today)  # type: ignore[arg-type]
    return 1
