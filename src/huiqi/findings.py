"""What is wrong with an input, said in one line: what, where, why and how to mend it."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_MOST_SHOWN = 240
_MOST_COMPARED = 60
# Controls, marks of direction, halves of characters, separators of lines: they would change what is read.
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing wrong. `code` is stable; `line` counts from 1; `cell` is a column, a key or a sheet cell.

    Parts often quote the input: they are cut to a line's length, without line breaks and control characters.
    """

    file: str
    line: int
    cell: str
    code: str
    what: str
    why: str
    mend: str

    def __post_init__(self) -> None:
        for part in ("file", "cell", "what", "why", "mend"):
            object.__setattr__(self, part, one_line(getattr(self, part)))

    def as_json(self) -> dict[str, str | int | None]:
        """Return the keys of DESIGN section 6: code, file, line, cell, what, why, mend."""
        return {
            "code": self.code,
            "file": self.file,
            "line": self.line or None,
            "cell": self.cell or None,
            "what": self.what,
            "why": self.why,
            "mend": self.mend,
        }

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f":{self.line}"
        if self.cell:
            place += f":{self.cell}"
        sentence = f"{place}: {self.what}" if place else self.what
        for part in (self.why, self.mend):
            if part:
                sentence += f"; {part}"
        return f"{sentence} [{self.code}]"


def one_line(text: str, most: int = _MOST_SHOWN) -> str:
    """Return the text as one line that a terminal shows as it is: controls escaped, cut to `most`."""
    if len(text) <= most and text.isprintable():
        return text
    shown = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(
        each.encode("unicode_escape").decode() if unicodedata.category(each) in _UNSEEN else each
        for each in shown
    )


class BadInput(Exception):
    """Input that cannot be taken; carries every finding, the message is the first of them."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        first = self.findings[0]
        more = len(self.findings) - 1
        super().__init__(f"{first} (and {more} more)" if more else str(first))


def nearest(word: str, words: Iterable[str], most: int = 3) -> str:
    """Return the hint `did you mean …` with the words nearest to `word`, or an empty string."""
    if len(word) > _MOST_COMPARED:
        return ""
    close = difflib.get_close_matches(word, list(words), n=most, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else ""
