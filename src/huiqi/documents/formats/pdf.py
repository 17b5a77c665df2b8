"""PDF files with text: opened in a process of its own, as some are made to break their reader."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from huiqi.documents.formats import limits
from huiqi.documents.formats.pdf_text import write_pages
from huiqi.documents.formats.refusals import Refused
from huiqi.documents.formats.source_text import SourceText

_CHILD = "huiqi.documents.formats.pdf_child"


def read_pdf(raw: bytes, digest: str) -> SourceText:
    """Read a PDF with text; its lines stay as printed. Raises Refused, for scanned pages too."""
    return text_of_pages(_ask_child(raw), digest)


def text_of_pages(told: dict[str, Any], digest: str) -> SourceText:
    """The text of what the child tells. Raises Refused."""
    if "code" in told:
        raise Refused(told["code"], told["why"])
    writer = write_pages(told["pages"])
    return SourceText(
        writer.text,
        digest,
        "pdf",
        whole_paragraphs=False,
        tables=tuple(writer.tables),
        mended=tuple(writer.mended),
        hints=tuple((str(name), str(words)) for name, words in told["hints"]),
    )


def _ask_child(raw: bytes) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", _CHILD],
            input=raw,
            capture_output=True,
            timeout=limits.CHILD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        why = f"its pages take more than {limits.CHILD_SECONDS} seconds to open"
        raise Refused("document-too-slow", why) from None
    except OSError as error:
        raise Refused(
            "document-unreadable", f"no process for it could be started ({error.strerror})"
        ) from None
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except (ValueError, RecursionError):
        slow = done.returncode < 0
        why = "it takes too much time or memory to open" if slow else "its reader broke on it"
        raise Refused("document-too-slow" if slow else "document-damaged", why) from None
    return told
