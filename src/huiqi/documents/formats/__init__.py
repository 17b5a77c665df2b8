"""Files of any format as one text: TXT, DOCX, DOC, WPS, PDF and web pages."""

from huiqi.documents.formats.reading import read_source
from huiqi.documents.formats.source_text import Mending, SourceText, Table

__all__ = ["Mending", "SourceText", "Table", "read_source"]
