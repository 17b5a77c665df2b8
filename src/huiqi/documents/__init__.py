"""Official texts as clauses: where a cited sentence stands."""

from huiqi.documents.comparison import normalise
from huiqi.documents.errors import DocumentError, UnknownClause, UnknownDocument, UnreadableDocument
from huiqi.documents.folder import DocumentFolder
from huiqi.documents.formats import Mending, SourceText
from huiqi.documents.front_matter import CitedDocument, FrontMatter
from huiqi.documents.model import LETTER, Clause, Document, Margin, Plan, find_words
from huiqi.documents.reading import read_document, read_text

__all__ = [
    "LETTER",
    "CitedDocument",
    "Clause",
    "Document",
    "DocumentError",
    "DocumentFolder",
    "FrontMatter",
    "Margin",
    "Mending",
    "Plan",
    "SourceText",
    "UnknownClause",
    "UnknownDocument",
    "UnreadableDocument",
    "find_words",
    "normalise",
    "read_document",
    "read_text",
]
