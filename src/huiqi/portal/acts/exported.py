"""Exports of the chain: one event a line, one published head a line, both as JSON. Written for strangers to check.

Reading is made for hostile files: a line that is no event becomes a finding, never an error or a guess.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from huiqi.findings import BadInput, Finding
from huiqi.portal.acts.chain import CONTENT, canonical
from huiqi.portal.acts.checking import MEND, ChainEvent, PublishedPoint

MOST_BYTES_OF_A_LINE = 16 << 20
_KEYS = {*CONTENT, "previous", "digest"}
_NUMBERS = {"sequence", "version"}
_MOST = 2**63


class NotAnEvent(ValueError):
    """Why a line of an export is none."""


def event_line(content: Mapping[str, Any]) -> bytes:
    """Return an event as one line of an export."""
    return canonical(content) + b"\n"


def head_line(point: PublishedPoint) -> bytes:
    """Return a published head as one line of an export."""
    return canonical({"day": point.day or None, "sequence": point.sequence, "digest": point.digest}) + b"\n"


def read_events(path: Path, file: IO[bytes]) -> Iterator[ChainEvent | Finding]:
    """Yield the events of an export; a line that holds none is a finding."""
    number = 0
    while line := file.readline(MOST_BYTES_OF_A_LINE):
        number += 1
        try:
            if len(line) == MOST_BYTES_OF_A_LINE and not line.endswith(b"\n"):
                while (rest := file.readline(MOST_BYTES_OF_A_LINE)) and not rest.endswith(b"\n"):
                    pass
                raise NotAnEvent("the line is too long")
            yield ChainEvent(number, _event(json_object(line)))
        except NotAnEvent as error:
            what = "this line is no event of a chain"
            yield Finding(str(path), number, "", "chain-line-unreadable", what, str(error), MEND)


def read_heads(path: Path) -> list[PublishedPoint]:
    """Return the published heads of an export. Raises BadInput for a line that is none."""
    points = []
    with opened(path) as file:
        for number, line in enumerate(file, 1):
            try:
                points.append(_point(json_object(line)))
            except NotAnEvent as error:
                what = "this line is no published head"
                mend = "take the heads from the site's page of published heads, or from `huiqi audit export`"
                raise BadInput(
                    [Finding(str(path), number, "", "head-unreadable", what, str(error), mend)]
                ) from None
    return points


def opened(path: Path) -> IO[bytes]:
    """Open a file to read. Raises BadInput where it cannot be."""
    try:
        return path.open("rb")
    except OSError as error:
        what = "the file cannot be read"
        reason = error.strerror or ""
        raise BadInput(
            [Finding(str(path), 0, "", "file-unreadable", what, reason, "check the path")]
        ) from None


def json_object(line: bytes) -> dict[str, Any]:
    """Return the JSON object of a line: no key twice, no float. Raises NotAnEvent."""
    try:
        read = json.loads(
            line.decode(), object_pairs_hook=_once, parse_float=_no_float, parse_constant=_no_float
        )
    except NotAnEvent:
        raise
    except (ValueError, RecursionError):
        raise NotAnEvent("it is no JSON object in UTF-8") from None
    if not isinstance(read, dict):
        raise NotAnEvent("it is no JSON object in UTF-8")
    return read


def _event(read: dict[str, Any]) -> dict[str, Any]:
    if read.keys() != _KEYS:
        odd = sorted(read.keys() ^ _KEYS)[0]
        raise NotAnEvent(f"the key {odd} {'is missing' if odd in _KEYS else 'is unknown'}")
    for key, value in read.items():
        wanted = int if key in _NUMBERS else dict if key == "body" else str
        if type(value) is not wanted:
            raise NotAnEvent(f"{key} is of another kind")
    if not 1 <= read["sequence"] < _MOST:
        raise NotAnEvent("sequence counts from 1")
    try:
        canonical(read)
    except (ValueError, RecursionError):
        raise NotAnEvent("it holds what is no text") from None
    return read


def _point(read: dict[str, Any]) -> PublishedPoint:
    day, sequence, digest = read.get("day"), read.get("sequence"), read.get("digest")
    if type(sequence) is not int or not 0 <= sequence < _MOST:
        raise NotAnEvent("sequence is no number")
    if not isinstance(digest, str) or not (day is None or isinstance(day, str)):
        raise NotAnEvent("it has no day or no digest")
    return PublishedPoint(sequence, digest, day or "")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotAnEvent("a key stands twice")
    return found


def _no_float(text: str) -> None:
    raise NotAnEvent(f"{text[:20]} is no whole number")
