"""The folder of the library: each text as it was handed in, under an id, and an index made from them.

The files are the truth; `index.sqlite3` beside them can be deleted and is made anew.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from huiqi.documents.errors import DocumentError, UnknownDocument
from huiqi.documents.model import Document
from huiqi.documents.reading import read_document
from huiqi.reference.bigrams import bigrams

INDEX = "index.sqlite3"
_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, file TEXT NOT NULL, digest TEXT NOT NULL, title TEXT, number TEXT, issuer TEXT,
    day TEXT, clauses INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS clauses (
    row INTEGER PRIMARY KEY, document TEXT NOT NULL, place INTEGER NOT NULL, path TEXT NOT NULL,
    heading TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS clauses_of ON clauses (document, place);
CREATE VIRTUAL TABLE IF NOT EXISTS terms USING fts5 (words, content='', tokenize='unicode61');
"""


class DocumentTaken(DocumentError):
    """Another text bears this id already."""

    code = "document-taken"


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """One text of the library; `day` is ISO 8601, parts that the text does not print are None."""

    id: str
    file: str
    digest: str
    title: str | None
    number: str | None
    issuer: str | None
    day: str | None
    clauses: int


def default_folder() -> Path:
    """Return HUIQI_LIBRARY, else documents in the site's folder (HUIQI_DATA), else in the user's (XDG_DATA_HOME)."""
    given = os.environ.get("HUIQI_LIBRARY")
    if given:
        return Path(given)
    site = os.environ.get("HUIQI_DATA")
    if site:
        return Path(site) / "documents"
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "huiqi" / "documents"


class DocumentLibrary:
    """The library in a folder; the folder is made when the first text is added."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, file: Path, name: str | None = None) -> LibraryEntry:
        """Take in a copy of a file under the id `name` (default: its stem); the same file again changes nothing.

        Raises DocumentError for what cannot be read, DocumentTaken for an id that another text bears. Nothing
        is kept of a file that is refused.
        """
        document = read_document(file)
        wanted = _id(name if name is not None else file.stem, file)
        for entry in self.entries():
            if entry.digest == document.digest:
                return entry
            if entry.id == wanted:
                raise DocumentTaken(
                    f"the library has another text {wanted!r}",
                    where=file.name,
                    why="an id names one text",
                    mend="give this one another id with --as",
                )
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = self.folder / f"{wanted}{file.suffix.lower()}"
        unfinished = kept.with_name(f".{uuid.uuid4().hex}")
        try:
            shutil.copyfile(file, unfinished)
            if _digest(unfinished) != document.digest:
                raise DocumentError(
                    "the file changed while it was read", where=file.name, why="", mend="add it again"
                )
            with closing(self._index()) as index, index:
                entry = _write(index, wanted, kept.name, document)
                unfinished.replace(kept)
        finally:
            unfinished.unlink(missing_ok=True)
        return entry

    def remove(self, name: str) -> LibraryEntry:
        """Take a text out of the library. Raises UnknownDocument."""
        entry = self.entry(name)
        with closing(self._index()) as index, index:
            _forget(index, entry.id)
        (self.folder / entry.file).unlink(missing_ok=True)
        return entry

    def entries(self) -> tuple[LibraryEntry, ...]:
        """All texts by id."""
        if not self.folder.is_dir():
            return ()
        with closing(self._index()) as index:
            rows = index.execute(
                "SELECT id, file, digest, title, number, issuer, day, clauses FROM documents ORDER BY id"
            )
            return tuple(LibraryEntry(*row) for row in rows)

    def entry(self, name: str) -> LibraryEntry:
        """One text by its id. Raises UnknownDocument."""
        entries = {each.id: each for each in self.entries()}
        if name not in entries:
            raise UnknownDocument(
                f"no document {name!r}",
                where="library",
                why="the library has no text of this id",
                mend=f"add it, or name one of: {', '.join(entries) or 'nothing yet'}",
            )
        return entries[name]

    def document(self, name: str) -> Document:
        """Read one text by its id."""
        return read_document(self.folder / self.entry(name).file)

    def connect(self) -> sqlite3.Connection:
        """The index, for the search; the caller closes it."""
        return self._index()

    def _index(self) -> sqlite3.Connection:
        index = sqlite3.connect(self.folder / INDEX, timeout=20)
        if index.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            self._build(index)
        return index

    def _build(self, index: sqlite3.Connection) -> None:
        """Make the index from the files: on first use, and where another version left one behind."""
        with index:
            for table in ("documents", "clauses", "terms"):
                index.execute(f"DROP TABLE IF EXISTS {table}")
            index.executescript(_SCHEMA)
            for file in self._files():
                _write(index, file.stem, file.name, read_document(file))
            index.execute(f"PRAGMA user_version = {_VERSION}")

    def _files(self) -> Iterator[Path]:
        return (
            file
            for file in sorted(self.folder.iterdir())
            if file.is_file() and not file.name.startswith((".", "index.sqlite3"))
        )


def _write(index: sqlite3.Connection, name: str, file: str, document: Document) -> LibraryEntry:
    clauses = document.clauses()
    front = document.front
    day = document.date.isoformat() if document.date else None
    entry = LibraryEntry(
        name, file, document.digest, document.title, document.number, front.issuer, day, len(clauses)
    )
    index.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (name, file, document.digest, document.title, document.number, front.issuer, day, len(clauses)),
    )
    # The title is found as well: a row without a path before the clauses.
    rows = [("", "", document.title or ""), *((each.path, each.heading, each.text) for each in clauses)]
    for place, (path, heading, text) in enumerate(rows):
        row = index.execute(
            "INSERT INTO clauses (document, place, path, heading, text) VALUES (?, ?, ?, ?, ?)",
            (name, place, path, heading, text),
        ).lastrowid
        index.execute("INSERT INTO terms (rowid, words) VALUES (?, ?)", (row, bigrams(text)))
    return entry


def _forget(index: sqlite3.Connection, name: str) -> None:
    for row, text in index.execute("SELECT row, text FROM clauses WHERE document = ?", (name,)).fetchall():
        # A contentless index forgets a row only when it is told the words again.
        index.execute("INSERT INTO terms (terms, rowid, words) VALUES ('delete', ?, ?)", (row, bigrams(text)))
    index.execute("DELETE FROM clauses WHERE document = ?", (name,))
    index.execute("DELETE FROM documents WHERE id = ?", (name,))


def _id(name: str, file: Path) -> str:
    """An id fit for a file's name: letters of any script, digits, dots, hyphens."""
    form = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFKC", name)).strip("-._")[:120]
    if not form or form.lower() in {"index.sqlite3", "index"}:
        raise DocumentTaken(
            f"{name[:60]!r} cannot be an id",
            where=file.name,
            why="it has no letters",
            mend="give one with --as",
        )
    return form


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
