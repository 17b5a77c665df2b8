"""The bytes of a text file as UTF-8, whatever Chinese encoding it has; damage is found with its line."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import IO

from huiqi.screening.roster.tables import Unreadable

MOST_LINE = 1_000_000
_PIECE = 1 << 20
_MANY_HAN = re.compile(r"[\u4e00-\u9fff]")
_FEWEST_HAN = 3


class Utf8Stream:
    """Reads a file as UTF-8 bytes. The encoding is settled by the first line that is not plain ASCII.

    Raises Unreadable from `read`: other encodings, two encodings in one file, NUL characters, endless lines.
    """

    def __init__(self, path: Path) -> None:
        self._file: IO[bytes] = path.open("rb")
        self._rest = b""
        self._ready = b""
        self._ended = False
        self._utf16: codecs.IncrementalDecoder | None = None
        self.encoding = ""
        self.lines = 0
        self._first = True

    closed = False

    def readable(self) -> bool:
        """Tell pyarrow that it may read."""
        return True

    def close(self) -> None:
        """Close the file."""
        self.closed = True
        self._file.close()

    @property
    def position(self) -> int:
        """How many bytes of the file are read."""
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes of UTF-8, nothing at the end."""
        while not self._ended and (size < 0 or len(self._ready) < size):
            self._ready += self._next()
        size = len(self._ready) if size < 0 else size
        given, self._ready = self._ready[:size], self._ready[size:]
        return given

    def _next(self) -> bytes:
        raw = self._file.read(_PIECE)
        if self._first:
            self._first = False
            raw = self._without_mark(raw)
        self._ended = not raw
        if self._utf16 is not None:
            try:
                raw = self._utf16.decode(raw, final=self._ended).encode()
            except UnicodeDecodeError:
                raise self._bad(
                    "not-a-text", "this line is no UTF-16 text", "save the file as UTF-8"
                ) from None
        raw = self._rest + raw
        cut = len(raw) if self._ended else raw.rfind(b"\n") + 1
        piece, self._rest = raw[:cut], raw[cut:]
        if len(self._rest) > MOST_LINE:
            self.lines += piece.count(b"\n")
            what = f"this line has more than {MOST_LINE:,} bytes"
            mend = "check the line ends and the quotes, and save the file as CSV again"
            raise self._bad("line-too-long", what, mend)
        if b"\0" in piece:
            self.lines += piece.count(b"\n", 0, piece.index(b"\0"))
            raise self._bad(
                "nul-character", "there is a NUL character", "the file is damaged or no text; save it again"
            )
        made = piece if piece.isascii() or self._utf16 is not None else self._decoded(piece)
        self.lines += piece.count(b"\n")
        return made

    def _without_mark(self, raw: bytes) -> bytes:
        if raw.startswith(codecs.BOM_UTF8):
            self.encoding = "utf-8"
            return raw[3:]
        for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
            if raw.startswith(mark):
                self.encoding = name
                self._utf16 = codecs.getincrementaldecoder(name)()
                return raw[2:]
        return raw

    def _decoded(self, piece: bytes) -> bytes:
        if not self.encoding:
            line = next(each for each in piece.split(b"\n") if not each.isascii())
            self.encoding = "utf-8" if _is(line, "utf-8") else "gb18030"
        if self.encoding == "utf-8":
            if _is(piece, "utf-8"):
                return piece
        elif _is(piece, "gb18030"):
            for line in piece.split(b"\n"):
                if not line.isascii() and _is_surely_utf8(line):
                    break
            else:
                return piece.decode("gb18030").encode()
        self._say_where(piece)
        raise AssertionError("a piece that cannot be decoded has such a line")

    def _say_where(self, piece: bytes) -> None:
        other = {"utf-8": "gb18030", "gb18030": "utf-8"}[self.encoding]
        for line in piece.split(b"\n"):
            bad = not _is(line, self.encoding) or (
                self.encoding == "gb18030" and not line.isascii() and _is_surely_utf8(line)
            )
            if bad and _is(line, other):
                what = f"this line is in {other.upper()}, lines before it in {self.encoding.upper()}"
                raise self._bad("mixed-encodings", what, "save every part in one encoding, best UTF-8")
            if bad:
                what = f"this line is no text in {self.encoding.upper()}"
                raise self._bad("not-a-text", what, "save the file as UTF-8")
            self.lines += 1

    def _bad(self, code: str, what: str, mend: str) -> Unreadable:
        return Unreadable(code, what, "", mend, self.lines + 1)


def _is(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_surely_utf8(line: bytes) -> bool:
    """Chinese in GB18030 is hardly ever valid UTF-8 that again makes several Chinese characters."""
    return _is(line, "utf-8") and len(_MANY_HAN.findall(line.decode())) >= _FEWEST_HAN
