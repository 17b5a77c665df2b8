"""Pictures as bytes: what makes the picture is kept, what tells of maker, place and day, and what stands behind it, is left out."""

from __future__ import annotations

from collections.abc import Iterator

_KEPT_CHUNKS = (b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"pHYs", b"sBIT")
_TURNED = 0x0112
"""The tag of EXIF that says how a picture is to be turned."""


class Broken(ValueError):
    """Bytes that are no whole picture."""


def plain_jpeg(content: bytes) -> bytes:
    """Return a JPEG up to its end, without comments and without EXIF but how it is turned. Raises Broken."""
    return _joined(_jpeg(content))


def plain_png(content: bytes) -> bytes:
    """Return a PNG up to its end, without texts, days and EXIF. Raises Broken."""
    return _joined(_png(content))


def _joined(parts: Iterator[bytes]) -> bytes:
    try:
        return b"".join(parts)
    except IndexError:
        raise Broken from None


def _jpeg(content: bytes) -> Iterator[bytes]:
    yield content[:2]
    at = 2
    while True:
        if content[at] != 0xFF:
            raise Broken
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            yield content[at : at + 2]
            return
        size = int.from_bytes(content[at + 2 : at + 4], "big")
        segment = content[at : at + 2 + size]
        if size < 2 or len(segment) < 2 + size:
            raise Broken
        if _makes_the_picture(marker, segment):
            yield segment
        elif marker == 0xE1 and (turned := _turned(segment[4:])) is not None:
            yield _turning(turned)
        at += 2 + size
        if marker == 0xDA:
            end = _end_of_scan(content, at)
            yield content[at:end]
            at = end


def _makes_the_picture(marker: int, segment: bytes) -> bool:
    # APP0 tells the density, APP2 may hold the colours, APP14 how they are written; the other APPs and comments tell of other things.
    if marker == 0xFE:
        return False
    if marker == 0xE2:
        return segment[4:].startswith(b"ICC_PROFILE\0")
    return marker in (0xE0, 0xEE) or not 0xE0 <= marker <= 0xEF


def _turned(body: bytes) -> int | None:
    """Return how EXIF says that a picture is to be turned (2 to 8), None where it does not."""
    if not body.startswith(b"Exif\0\0") or body[6:8] not in (b"II", b"MM"):
        return None
    order = "little" if body[6:8] == b"II" else "big"
    tiff = body[6:]
    first = int.from_bytes(tiff[4:8], order)  # type: ignore[arg-type]
    count = int.from_bytes(tiff[first : first + 2], order)  # type: ignore[arg-type]
    for number in range(min(count, 200)):
        entry = tiff[first + 2 + 12 * number : first + 14 + 12 * number]
        if len(entry) == 12 and int.from_bytes(entry[:2], order) == _TURNED:  # type: ignore[arg-type]
            value = int.from_bytes(entry[8:10], order)  # type: ignore[arg-type]
            return value if 2 <= value <= 8 else None
    return None


def _turning(turned: int) -> bytes:
    entry = b"\x12\x01\x03\0\x01\0\0\0" + bytes([turned, 0, 0, 0])
    body = b"Exif\0\0II*\0\x08\0\0\0\x01\0" + entry + b"\0\0\0\0"
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body


def _end_of_scan(content: bytes, at: int) -> int:
    """Return where the data of a scan ends: at a marker that is no restart and no stuffed byte."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise Broken
        if content[at + 1] == 0 or 0xD0 <= content[at + 1] <= 0xD7:
            at += 2
        elif content[at + 1] == 0xFF:
            at += 1
        else:
            return at


def _png(content: bytes) -> Iterator[bytes]:
    yield content[:8]
    at = 8
    while True:
        size = int.from_bytes(content[at : at + 4], "big")
        name = content[at + 4 : at + 8]
        if len(name) < 4 or at + 12 + size > len(content):
            raise Broken
        # A capital: the chunk makes the picture; of the others colours and density are kept.
        if name[:1].isupper() or name in _KEPT_CHUNKS:
            yield content[at : at + 12 + size]
        at += 12 + size
        if name == b"IEND":
            return
