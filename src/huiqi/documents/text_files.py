"""From the bytes of a file to its text: encodings met in official copies, and what is refused."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from huiqi.documents.errors import UnreadableDocument

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes. The longest notices have a few megabytes; anything beyond this is no official text."""

MOST_LINES = 1_000_000

_FORMATS = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a DOCX, WPS or ZIP file"),
    (b"\xd0\xcf\x11\xe0", "an old Word or WPS file"),
    (b"{\\rtf", "an RTF file"),
)
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SAVE_AS_TEXT = "save it as plain text (UTF-8 or GB18030)"
_SAMPLE = 200_000
_Refusal = Callable[[str], UnreadableDocument]


@dataclass(frozen=True, slots=True)
class TextFile:
    """A decoded file: `text` without its byte-order mark, `digest` the SHA-256 of the bytes in hex."""

    text: str
    digest: str
    encoding: str


def read_text_file(path: Path) -> TextFile:
    """Read `path` as UTF-8, UTF-16 with its mark, or GB18030. Raises UnreadableDocument."""

    def unreadable(why: str, mend: str = _SAVE_AS_TEXT) -> UnreadableDocument:
        return UnreadableDocument("cannot be read as an official text", where=path.name, why=why, mend=mend)

    try:
        if not path.is_file():
            raise unreadable("it is not a file", "give the path of a text file")
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise unreadable(
                f"{size} bytes, more than the {LARGEST_FILE} allowed", "split it into its notices"
            )
        raw = path.read_bytes()
    except OSError as error:
        raise unreadable(
            error.strerror or "the system refuses it", "check that it exists and may be read"
        ) from None
    for mark, name in _FORMATS:
        if raw.startswith(mark):
            raise unreadable(f"it is {name}, not text")
    text, encoding = _decode(raw, unreadable)
    if not text.strip():
        raise unreadable("it is empty", "give the text of the document")
    if text.count("\n") > MOST_LINES:
        raise unreadable(f"more than {MOST_LINES} lines", "split it into its notices")
    if _looks_binary(text):
        raise unreadable("most of it is no writing: binary data or another encoding")
    return TextFile(text, hashlib.sha256(raw).hexdigest(), encoding)


def _decode(raw: bytes, refuse: _Refusal) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            try:
                text = raw[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise refuse(f"damaged {encoding} at byte {error.start}") from None
            if "\0" in text:
                raise refuse("it holds NUL characters, so it is binary or damaged")
            return text, encoding
    if b"\0" in raw:
        raise refuse(f"a NUL byte at {raw.index(0)}: binary data, or UTF-16 without its byte-order mark")
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        at = error.start
    try:
        return raw.decode("gb18030"), "gb18030"
    except UnicodeDecodeError:
        raise refuse(f"neither UTF-8 nor GB18030; the first byte that is no UTF-8 is {at}") from None


def _looks_binary(text: str) -> bool:
    """Whether more than one character in a hundred of the beginning is a control or an unassigned code."""
    sample = text[:_SAMPLE]
    odd = sum(
        1
        for char in sample
        if unicodedata.category(char) in {"Cc", "Cn", "Co", "Cs"} and char not in "\t\n\r\f\v"
    )
    return odd * 100 > len(sample)
