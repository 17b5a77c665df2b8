"""The compound file (OLE) in which old Word and WPS keep their streams ([MS-CFB]), read with bounds."""

from __future__ import annotations

import struct

from huiqi.documents.formats.refusals import Refused

_FREE = 0xFFFFFFFA  # sector numbers from here on are marks, not sectors
_NAMED = 128
_MOST_ENTRIES = 100_000


class CompoundFile:
    """The streams of the root storage, by name."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        try:
            self._open()
        except (struct.error, IndexError, ValueError, OverflowError) as error:
            raise Refused("document-damaged", f"its container is damaged ({type(error).__name__})") from None

    @property
    def names(self) -> frozenset[str]:
        """The names of the streams and storages in the root."""
        return frozenset(self._entries)

    def _open(self) -> None:
        shift, small_shift = struct.unpack_from("<HH", self._raw, 30)
        if shift not in {9, 12} or small_shift != 6:
            raise ValueError("sector size")
        self._size = 1 << shift
        directory, self._cutoff = (
            struct.unpack_from("<I", self._raw, 48)[0],
            struct.unpack_from("<I", self._raw, 56)[0],
        )
        small_fat, _, table, _ = struct.unpack_from("<IIII", self._raw, 60)
        self._most = len(self._raw) // self._size + 1
        sectors = [each for each in struct.unpack_from("<109I", self._raw, 76) if each < _FREE]
        seen: set[int] = set()
        while table < _FREE and table not in seen:
            seen.add(table)
            row = struct.unpack(f"<{self._size // 4}I", self._sector(table))
            sectors.extend(each for each in row[:-1] if each < _FREE)
            table = row[-1]
        if len(sectors) > self._most:
            raise ValueError("allocation table")
        self._fat: list[int] = []
        for each in sectors:
            self._fat.extend(struct.unpack(f"<{self._size // 4}I", self._sector(each)))
        entries = self._chain(directory)
        self._small_fat = self._numbers(self._chain(small_fat)) if small_fat < _FREE else []
        self._entries = self._root(entries)

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        found = self._raw[at : at + self._size]
        if len(found) < self._size:
            if not found:
                raise ValueError("a sector beyond the end")
            found = found.ljust(self._size, b"\0")
        return found

    def _chain(self, first: int) -> bytes:
        parts, number, left = [], first, self._most
        while number < _FREE:
            parts.append(self._sector(number))
            number = self._fat[number]
            left -= 1
            if left < 0:
                raise ValueError("a chain without end")
        return b"".join(parts)

    @staticmethod
    def _numbers(raw: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(raw) // 4}I", raw))

    def _root(self, directory: bytes) -> dict[str, tuple[int, int]]:
        """The children of the root storage: where each begins and how long it is."""
        if len(directory) // _NAMED > _MOST_ENTRIES:
            raise ValueError("too many entries")

        def entry(number: int) -> bytes:
            found = directory[number * _NAMED : (number + 1) * _NAMED]
            if len(found) < _NAMED:
                raise ValueError("an entry beyond the end")
            return found

        root = entry(0)
        self._small_start, self._small_length = struct.unpack_from("<II", root, 116)
        self._small: bytes | None = None
        found: dict[str, tuple[int, int]] = {}
        waiting, seen = [struct.unpack_from("<I", root, 76)[0]], set()
        while waiting:
            number = waiting.pop()
            if number >= _FREE or number in seen:
                continue
            seen.add(number)
            raw = entry(number)
            length = struct.unpack_from("<H", raw, 64)[0]
            name = raw[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            found[name] = struct.unpack_from("<II", raw, 116)
            waiting.extend(struct.unpack_from("<II", raw, 68))
        return found

    def stream(self, name: str) -> bytes:
        """The bytes of a stream. Raises Refused when it is not there or damaged."""
        if name not in self._entries:
            raise Refused("document-damaged", f"its stream {name} is missing")
        start, length = self._entries[name]
        try:
            found = self._chain(start) if length >= self._cutoff else self._small_stream(start)
        except (struct.error, IndexError, ValueError) as error:
            raise Refused(
                "document-damaged", f"its stream {name} is damaged ({type(error).__name__})"
            ) from None
        return found[:length]

    def _small_stream(self, first: int) -> bytes:
        if self._small is None:
            self._small = self._chain(self._small_start)[: self._small_length]
        parts, number, left = [], first, len(self._small_fat)
        while number < _FREE:
            parts.append(self._small[number * 64 : number * 64 + 64])
            number = self._small_fat[number]
            left -= 1
            if left < 0:
                raise ValueError("a chain without end")
        return b"".join(parts)
