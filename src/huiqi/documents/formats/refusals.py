"""Why a file is not read: stable codes, each with the sentence that says how to mend it."""

from __future__ import annotations

from huiqi.documents.errors import UnreadableDocument

WHAT = "cannot be read as an official text"

_MEND = {
    "document-unreadable": "save it as DOCX, PDF or plain text (UTF-8 or GB18030)",
    "document-missing": "check that it exists and may be read",
    "document-empty": "give the text of the document",
    "document-too-large": "split it into its notices",
    "document-damaged": "open it in its program and save it again",
    "document-hostile": "do not open it; ask the sender for the document as plain text",
    "document-locked": "save it without password",
    "document-scanned": "recognise its characters first (OCR), or ask the issuer for the text",
    "document-format": "save it as DOCX, PDF or plain text (UTF-8 or GB18030)",
    "document-too-slow": "save it as DOCX or plain text",
}


class Refused(Exception):
    """A reader's reason, before the file's name is known to it. `code` is one of those above."""

    def __init__(self, code: str, why: str, mend: str = "") -> None:
        super().__init__(why)
        self.code = code
        self.why = why
        self.mend = mend or _MEND[code]

    def about(self, file: str) -> UnreadableDocument:
        """Return the error for the user."""
        return UnreadableDocument(WHAT, where=file, why=self.why, mend=self.mend, code=self.code)
