"""Plain text: the encodings met in official copies, told apart without guessing by frequency."""

from __future__ import annotations

import unicodedata

from huiqi.documents.formats.refusals import Refused
from huiqi.documents.formats.source_text import SourceText

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SAMPLE = 200_000


def read_plain(raw: bytes, digest: str) -> SourceText:
    """Read UTF-8, UTF-16 with its mark, or GB18030; the text stays as it is in the file. Raises Refused."""
    text, encoding = decode(raw)
    if _looks_binary(text):
        raise Refused("document-unreadable", "most of it is no writing: binary data or another encoding")
    return SourceText(text, digest, "txt", whole_paragraphs=False, encoding=encoding)


def decode(raw: bytes) -> tuple[str, str]:
    """Return the text without its byte-order mark, and the encoding. Raises Refused."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            try:
                text = raw[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise Refused("document-damaged", f"damaged {encoding} at byte {error.start}") from None
            if "\0" in text:
                raise Refused("document-damaged", "it holds NUL characters, so it is binary or damaged")
            return text, encoding
    if b"\0" in raw:
        why = f"a NUL byte at {raw.index(0)}: binary data, or UTF-16 without its byte-order mark"
        raise Refused("document-unreadable", why)
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        at = error.start
    try:
        return raw.decode("gb18030"), "gb18030"
    except UnicodeDecodeError:
        why = f"neither UTF-8 nor GB18030; the first byte that is no UTF-8 is {at}"
        raise Refused("document-unreadable", why) from None


def _looks_binary(text: str) -> bool:
    """Whether more than one character in a hundred of the beginning is a control or an unassigned code."""
    sample = text[:_SAMPLE]
    odd = sum(
        1
        for char in sample
        if unicodedata.category(char) in {"Cc", "Cn", "Co", "Cs"} and char not in "\t\n\r\f\v"
    )
    return odd * 100 > len(sample)
