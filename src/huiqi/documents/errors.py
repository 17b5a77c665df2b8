"""What can go wrong with a document: each error says what, where, why and how to mend it."""

from __future__ import annotations

from huiqi.findings import BadInput, Finding


class DocumentError(BadInput):
    """A document, or a place in one, cannot be had; one finding, whose `code` is stable.

    `code` given to the constructor tells the reason apart within the class (a scanned PDF, a zip bomb).
    """

    code = "document"

    def __init__(self, what: str, *, where: str, why: str, mend: str, code: str = "") -> None:
        self.code = code or type(self).code
        super().__init__([Finding(where, 0, "", self.code, what, why, mend)])
        self.what = what
        self.where = where
        self.why = why
        self.mend = mend


class UnreadableDocument(DocumentError):
    """The file is no text that can be split into clauses (binary, too large, damaged, missing)."""

    code = "document-unreadable"


class UnknownClause(DocumentError):
    """No clause, or more than one, answers to the path; `nearest` are existing paths close to it."""

    code = "clause-unknown"

    def __init__(self, path: str, *, document: str, why: str, nearest: tuple[str, ...]) -> None:
        mend = f"nearest: {', '.join(nearest)}" if nearest else "the document has no numbered clause"
        super().__init__(f"no clause {path!r}", where=document, why=why, mend=mend)
        self.path = path
        self.nearest = nearest


class UnknownDocument(DocumentError):
    """The folder holds no text with this id."""

    code = "document-unknown"
