"""Files that visitors send: kept on disk while they come in, and no longer than a page allows."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest


class LimitedUpload(TemporaryFileUploadHandler):
    """Drops a file that grows beyond `most` bytes, and sets `too_large` on the request."""

    def __init__(self, request: HttpRequest, most: int) -> None:
        super().__init__(request)
        self.most = most
        self.seen = 0

    def new_file(self, *arguments: Any, **named: Any) -> None:
        """Begin a file."""
        self.seen = 0
        super().new_file(*arguments, **named)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece, or drop the file whole."""
        self.seen += len(raw_data)
        if self.seen > self.most:
            self.file.close()
            self.request.too_large = True  # type: ignore[union-attr]
            raise SkipFile
        super().receive_data_chunk(raw_data, start)
