"""A folder of official texts, each read when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from huiqi.documents.errors import UnknownDocument
from huiqi.documents.model import Document
from huiqi.documents.reading import read_document

_SUFFIXES = (".txt", ".docx", ".html", ".htm", ".doc", ".wps", ".pdf")


class DocumentFolder:
    """The texts of a folder by id, the file's stem; of files with one stem the plainest format is read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        found = [
            file for suffix in reversed(_SUFFIXES) for file in folder.glob(f"*{suffix}") if file.is_file()
        ]
        plainest = {file.stem: file for file in found}
        self._files = dict(sorted(plainest.items()))
        self._read: dict[str, Document] = {}

    def __contains__(self, document_id: object) -> bool:
        return document_id in self._files

    def __iter__(self) -> Iterator[str]:
        """The ids, sorted."""
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def document(self, document_id: str) -> Document:
        """The document with this id. Raises UnknownDocument, and UnreadableDocument for its file."""
        if document_id not in self._files:
            raise UnknownDocument(
                f"no document {document_id!r}",
                where=self.folder.name,
                why=f"no file of that name is there ({', '.join(_SUFFIXES)})",
                mend=f"put it there or cite one of: {', '.join(self._files) or 'nothing yet'}",
            )
        if document_id not in self._read:
            self._read[document_id] = read_document(self._files[document_id])
        return self._read[document_id]
