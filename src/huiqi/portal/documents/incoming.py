"""Texts as they come in: kept under their digest until the library has them, never under a name of the user's.

`HUIQI_DATA/incoming-documents/<digest><ending>`; who handed a file in gets a ticket for it that nobody else can use.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.signing import BadSignature, Signer

from huiqi.documents.formats.refusals import WHAT
from huiqi.documents.formats.refusals import Refused as Unread
from huiqi.documents.formats.sniffing import sniff
from huiqi.findings import Finding, one_line
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.documents.said import refused

MOST_BYTES = 32 << 20
MOST_PASTED = 1_000_000
"""Characters of a pasted text."""
_KINDS: dict[str, frozenset[str]] = {
    ".txt": frozenset({"txt"}),
    ".docx": frozenset({"docx"}),
    # Word and WPS write both containers under either ending, and web pages saved as .doc are common.
    ".doc": frozenset({"doc", "docx", "html", "mht"}),
    ".wps": frozenset({"doc", "docx"}),
    ".pdf": frozenset({"pdf"}),
    ".html": frozenset({"html", "mht"}),
    ".htm": frozenset({"html", "mht"}),
    ".mht": frozenset({"mht", "html"}),
    ".mhtml": frozenset({"mht", "html"}),
}
ENDINGS = tuple(_KINDS)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that came in; `ticket` hands it in."""

    path: Path
    digest: str
    name: str
    ticket: str


def keep(name: str, pieces: Iterable[bytes], actor: Actor) -> Incoming:
    """Keep a file. Raises Refused: another ending, content that lies about its kind or is none, too many bytes."""
    ending = Path(name).suffix.lower()
    if ending not in _KINDS:
        raise refused(_finding("document-ending", f"its name ends with {one_line(ending, 20) or 'nothing'}"))
    descriptor, part_name = tempfile.mkstemp(prefix=".incoming-", suffix=ending, dir=_house())
    part = Path(part_name)
    try:
        digest, size = hashlib.sha256(), 0
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                size += len(piece)
                if size > MOST_BYTES:
                    raise too_large()
                digest.update(piece)
                file.write(piece)
        _refuse_lies(part, ending)
        kept = _house() / f"{digest.hexdigest()}{ending}"
        part.replace(kept)
    finally:
        part.unlink(missing_ok=True)
    shown = one_line(Path(name.replace("\\", "/")).name, 200)
    said = {"digest": digest.hexdigest(), "ending": ending, "by": actor.id, "name": shown}
    return Incoming(kept, digest.hexdigest(), shown, _signer().sign_object(said))


def keep_pasted(text: str, name: str, actor: Actor) -> Incoming:
    """Keep a pasted text as a plain file. Raises Refused: nothing in it, too long."""
    if not text.strip():
        raise refused(_finding("document-empty", "nothing was pasted"), cell="text")
    if len(text) > MOST_PASTED:
        raise refused(_finding("document-too-large", f"more than {MOST_PASTED} characters"), cell="text")
    plain = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    first = next(line.strip() for line in text.splitlines() if line.strip())
    stem = (name or first)[:60].replace("/", "-").replace("\\", "-")
    try:
        return keep(f"{stem}.txt", [plain], actor)
    except Refused as error:
        raise Refused(
            error.findings[0].what, mend=error.findings[0].mend, code=error.findings[0].code, cell="text"
        ) from None


def keep_copy(file: Path, digest: str) -> None:
    """Keep a copy of a file of a folder, as if it had come in."""
    kept = _house() / f"{digest}{file.suffix.lower()}"
    part = kept.with_name(f".incoming-{kept.name}")
    shutil.copyfile(file, part)
    part.replace(kept)


def too_large() -> Refused:
    """The refusal of a file beyond MOST_BYTES."""
    return refused(_finding("document-too-large", f"more than {MOST_BYTES >> 20} MB"))


def redeemed(ticket: str, actor: Actor) -> tuple[str, str]:
    """Return the digest and the user's file name of a ticket. Raises Refused for another's ticket or a made-up one."""
    try:
        said = _signer().unsign_object(ticket)
    except (BadSignature, ValueError):
        said = {}
    if said.get("by") != actor.id or incoming_file(said["digest"]) is None:
        raise refused(_finding("document-missing", "the ticket names no file of yours"))
    return said["digest"], said["name"]


def incoming_file(digest: str) -> Path | None:
    """Return the file that came in, None where the library has it by now or nobody handed it in."""
    return next((each for each in sorted(_house().glob(f"{digest}.*")) if each.suffix in _KINDS), None)


def forget_incoming(digest: str) -> None:
    """Delete the file: the library has it, or it could not be read."""
    while (file := incoming_file(digest)) is not None:
        file.unlink(missing_ok=True)


def _refuse_lies(part: Path, ending: str) -> None:
    try:
        kind = sniff(part.read_bytes())
    except Unread as error:
        raise refused(_finding(error.code, error.why, error.mend)) from None
    if kind not in _KINDS[ending]:
        raise refused(_finding("document-lies", f"it is named {ending} and is {kind.upper()}"))


def _finding(code: str, why: str, mend: str = "") -> Finding:
    return Finding("", 0, "", code, WHAT, why, mend)


def _house() -> Path:
    house: Path = settings.DATA / "incoming-documents"
    house.mkdir(parents=True, exist_ok=True, mode=0o700)
    return house


def _signer() -> Signer:
    return Signer(salt="huiqi.portal.documents")
