"""Files that programs send: the body is the file as it is, and the answer a ticket for the act that hands it in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any

from ninja import Query, Schema

from huiqi.portal.acts.refusals import Refused
from huiqi.portal.look.visits import Visit

AS_IT_IS: Mapping[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""What an endpoint that takes a file adds to its OpenAPI."""
FileName = Annotated[
    str,
    Query(
        ...,
        min_length=1,
        max_length=200,
        description="文件名，须带扩展名｜the file's name with its ending",
    ),
]
_PIECE = 1 << 16


class Ticket(Schema):
    """What the act that hands a file in takes for the file that was sent; it is worth something to the sender only."""

    ticket: str


def pieces(request: Visit, most: int, too_large: Callable[[], Refused]) -> Iterator[bytes]:
    """Yield the body piece by piece; raise the refusal once it has more than `most` bytes."""
    read = 0
    while piece := request.read(_PIECE):
        read += len(piece)
        if read > most:
            raise too_large()
        yield piece
