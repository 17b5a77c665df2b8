"""What a file of any format becomes: one text with its tables, and a record of what was mended."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """A table at text[start:end]: each row is one printed line, its cells joined by a tab.

    `rows` hold the cells as printed in the text. A merged cell stands once, where it begins; the places that it
    covers are "".
    """

    start: int
    end: int
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Mending:
    """Something printed in the file that the text gives otherwise: `printed` became text[start:end].

    What was dropped has an empty span (start == end) at the place where it stood, and `became` is "".
    """

    kind: str
    start: int
    end: int
    printed: str
    became: str


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of a file: one paragraph or printed line a line, "\\n" between them (a TXT as it is in the file).

    `digest` is the SHA-256 of the bytes in hex; `format` is txt, docx, doc, wps, pdf or html. `whole_paragraphs`
    tells that no paragraph is broken over lines. `hints` are what the file says of itself (title, date, source),
    as pairs of name and words: evidence, not the printed text.
    """

    text: str
    digest: str
    format: str
    whole_paragraphs: bool
    tables: tuple[Table, ...] = ()
    mended: tuple[Mending, ...] = ()
    encoding: str = ""
    hints: tuple[tuple[str, str], ...] = ()
