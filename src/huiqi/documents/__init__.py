"""Official texts as clauses: where a cited sentence stands."""

from huiqi.documents.comparison import normalise
from huiqi.documents.errors import DocumentError, UnknownClause, UnknownDocument, UnreadableDocument
from huiqi.documents.folder import DocumentFolder
from huiqi.documents.model import LETTER, Clause, Document, Margin, Plan, find_words
from huiqi.documents.reading import read_document

__all__ = [
    "LETTER",
    "Clause",
    "Document",
    "DocumentError",
    "DocumentFolder",
    "Margin",
    "Plan",
    "UnknownClause",
    "UnknownDocument",
    "UnreadableDocument",
    "find_words",
    "normalise",
    "read_document",
]
