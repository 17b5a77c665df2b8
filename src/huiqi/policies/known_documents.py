"""A user's copy of a document that the policies know, whatever its file is called: by number, or by title and day."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from huiqi.documents import Document, normalise
from huiqi.policies.library import PolicyDocument


def as_known(document: Document, known: Iterable[PolicyDocument]) -> Document:
    """Return the document under the id that measures cite it by, or as it is where nobody cites it.

    A number is enough; without one on the copy, the title must be equal, and the day where both print one.
    """
    known = tuple(known)
    if any(each.id == document.id for each in known):
        return document
    same = next((each for each in known if _is_same(document, each)), None)
    return document if same is None else dataclasses.replace(document, id=same.id)


def _is_same(document: Document, known: PolicyDocument) -> bool:
    if document.number and known.number:
        return normalise(document.number) == normalise(known.number)
    day = document.date.isoformat() if document.date else ""
    titled = bool(document.title) and normalise(document.title or "") == normalise(known.title)
    return titled and (not day or not known.date or day == known.date)
