"""Search over the clauses of the library: words of two characters are found, hits are marked."""

from __future__ import annotations

import json
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass

from huiqi.documents.library.store import DocumentLibrary
from huiqi.reference.bigrams import phrases, plain, words

MOST_HITS = 200
_AROUND = 60


@dataclass(frozen=True, slots=True)
class Hit:
    """One clause that holds all words asked for. `marks` are (start, end) in `excerpt`."""

    document: str
    title: str | None
    path: str
    heading: str
    excerpt: str
    marks: tuple[tuple[int, int], ...]


def search(
    library: DocumentLibrary, query: str, most: int = 50, *, within: Collection[str] | None = None
) -> tuple[Hit, ...]:
    """Return the clauses that hold every word of the query, in the order of the texts; () for a query without words.

    `within` are the ids of the texts that are looked into, None for all of them.
    """
    wanted = [_phrase(terms) for terms in phrases(query)[:20]]
    if not wanted or not library.folder.is_dir():
        return ()
    with closing(library.connect()) as index:
        rows = index.execute(
            "SELECT c.document, d.title, c.path, c.heading, c.text FROM terms JOIN clauses c ON c.row = terms.rowid"
            " JOIN documents d ON d.id = c.document WHERE terms MATCH ?1"
            " AND (?2 IS NULL OR c.document IN (SELECT value FROM json_each(?2)))"
            " ORDER BY c.document, c.place LIMIT ?3",
            (
                " AND ".join(wanted),
                None if within is None else json.dumps(sorted(within), ensure_ascii=False),
                min(most, MOST_HITS),
            ),
        ).fetchall()
    looked_for = words(query)
    hits = []
    for document, title, path, heading, text in rows:
        excerpt, marks = _excerpt(text, looked_for)
        hits.append(Hit(document, title, path, heading, excerpt, marks))
    return tuple(hits)


def _phrase(terms: tuple[str, ...]) -> str:
    quoted = " ".join(term.replace('"', "") for term in terms)
    # A single character is the beginning of a pair, or stands alone.
    single = len(terms) == 1 and len(terms[0]) == 1 and not terms[0].isascii()
    return f'"{quoted}"' + ("*" if single else "")


def _excerpt(text: str, looked_for: tuple[str, ...]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The words around the first hit, with every hit in them marked."""
    form, origin = _plain_with_origin(text)
    found = [(form.find(word), word) for word in looked_for]
    places = [place for place, _ in found if place >= 0]
    first = origin[min(places)] if places else 0
    start = max(0, first - _AROUND)
    end = min(len(text), first + 3 * _AROUND)
    marks = []
    for word in looked_for:
        at = form.find(word)
        while at >= 0:
            begins, ends = origin[at], origin[at + len(word) - 1] + 1
            if start <= begins and ends <= end:
                marks.append((begins - start, ends - start))
            at = form.find(word, at + len(word))
    return text[start:end], tuple(sorted(set(marks)))


def _plain_with_origin(text: str) -> tuple[str, list[int]]:
    """The text in the form of comparison, and for each of its characters where it stands in the text."""
    form: list[str] = []
    origin: list[int] = []
    for place, character in enumerate(text):
        shown = plain(character)
        form.append(shown)
        origin.extend([place] * len(shown))
    return "".join(form), origin
