"""One door for files of every format: what it is, is told by its bytes; then its reader takes it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from huiqi.documents.formats import limits
from huiqi.documents.formats.doc import read_doc
from huiqi.documents.formats.docx import read_docx
from huiqi.documents.formats.page import read_mail_page, read_page
from huiqi.documents.formats.pdf import read_pdf
from huiqi.documents.formats.plain import read_plain
from huiqi.documents.formats.refusals import Refused
from huiqi.documents.formats.sniffing import sniff
from huiqi.documents.formats.source_text import SourceText


def read_source(path: Path) -> SourceText:
    """Read a file of any format as text. Raises UnreadableDocument, whose code tells the reason."""
    try:
        raw = _bytes(path)
        source = _read(raw, hashlib.sha256(raw).hexdigest(), path)
        _check(source.text)
    except Refused as refusal:
        raise refusal.about(path.name) from None
    return source


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise Refused("document-missing", "it is not a file", "give the path of a document")
        with path.open("rb") as file:
            raw = file.read(limits.MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "the system refuses it"
        raise Refused("document-missing", why) from None
    if len(raw) > limits.MOST_BYTES:
        raise Refused("document-too-large", f"more than the {limits.MOST_BYTES} bytes allowed")
    return raw


def _read(raw: bytes, digest: str, path: Path) -> SourceText:
    kind = sniff(raw)
    if kind == "doc":
        # WPS keeps its files in Word's container: only the name tells whose it is.
        return read_doc(raw, digest, "wps" if path.suffix.lower() == ".wps" else "doc")
    if kind == "docx":
        return read_docx(raw, digest)
    if kind == "pdf":
        return read_pdf(raw, digest)
    if kind == "html":
        return read_page(raw, digest)
    if kind == "mht":
        return read_mail_page(raw, digest)
    return read_plain(raw, digest)


def _check(text: str) -> None:
    if not text.strip():
        raise Refused("document-empty", "it is empty")
    if len(text) > limits.MOST_CHARACTERS:
        raise Refused("document-too-large", f"more than {limits.MOST_CHARACTERS} characters of text")
    if text.count("\n") > limits.MOST_LINES:
        raise Refused("document-too-large", f"more than {limits.MOST_LINES} lines")
    if max(map(len, text.split("\n"))) > limits.LONGEST_LINE:
        raise Refused("document-too-large", f"a line of more than {limits.LONGEST_LINE} characters")
