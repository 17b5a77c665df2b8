"""The parts of a DOCX file, unpacked within limits and parsed without entities."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib

from lxml import etree

from huiqi.documents.formats import limits
from huiqi.documents.formats.refusals import Refused

_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FREE_BYTES = 1 << 20
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError),
    *(RuntimeError, IndexError, KeyError, OverflowError),
)


class Package:
    """A zip file whose parts are XML."""

    def __init__(self, raw: bytes) -> None:
        self._unpacked = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
            members = self._zip.infolist()
        except (*_BROKEN, UnicodeDecodeError) as error:
            raise Refused(
                "document-damaged", f"its zip container is damaged ({type(error).__name__})"
            ) from None
        if len(members) > limits.MOST_PARTS:
            raise Refused("document-hostile", f"{len(members)} parts, more than {limits.MOST_PARTS}")
        self.names = frozenset(member.filename for member in members)

    def part(self, name: str) -> bytes:
        """The bytes of a part. Raises Refused when it is too large or grew too much in unpacking."""
        try:
            info = self._zip.getinfo(name)
            if info.flag_bits & 1:
                raise Refused("document-locked", "it is encrypted")
            with self._zip.open(info) as file:
                raw = file.read(limits.MOST_MARKUP_BYTES + 1)
        except _BROKEN as error:
            why = f"its part {name} cannot be unpacked ({type(error).__name__})"
            raise Refused("document-damaged", why) from None
        self._unpacked += len(raw)
        if len(raw) > limits.MOST_MARKUP_BYTES or self._unpacked > limits.MOST_UNPACKED_BYTES:
            raise Refused(
                "document-hostile", f"its part {name} is larger than {limits.MOST_MARKUP_BYTES} bytes"
            )
        if len(raw) > _FREE_BYTES and len(raw) > limits.MOST_UNPACKING * max(info.compress_size, 1):
            raise Refused(
                "document-hostile",
                f"its part {name} grows more than {limits.MOST_UNPACKING} times in unpacking",
            )
        return raw

    def xml(self, name: str) -> etree._Element:
        """A part as XML. Raises Refused on a document type, entities, deep nesting or damage."""
        raw = self.part(name)
        plain = raw.replace(b"\0", b"") if raw[:2] in {b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"} else raw
        if _DECLARATION.search(plain):
            raise Refused("document-hostile", f"its part {name} declares XML entities")
        if plain.count(b"<") > limits.MOST_TAGS:
            raise Refused("document-too-large", f"its part {name} has more than {limits.MOST_TAGS} tags")
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
        )
        try:
            root = etree.fromstring(raw, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            deep = "depth" in str(error)
            why = f"its part {name} is nested too deep" if deep else f"its part {name} is no well-formed XML"
            raise Refused("document-hostile" if deep else "document-damaged", why) from None
        if root is None or root.getroottree().docinfo.doctype:
            raise Refused("document-hostile", f"its part {name} declares a document type")
        return root

    def related(self, source: str, kind: str) -> list[str]:
        """The parts that `source` ("" for the package) points to by relationships whose type ends with `kind`."""
        folder, name = posixpath.split(source)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        if relations not in self.names:
            return []
        found = []
        for each in self.xml(relations):
            if str(each.get("Type", "")).endswith(f"/{kind}") and each.get("TargetMode") != "External":
                target = str(each.get("Target", ""))
                part = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                part = posixpath.normpath(part)
                if part in self.names:
                    found.append(part)
        return found


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """The attribute `name` of whatever namespace."""
    for key, value in element.attrib.items():
        if key == name or key.endswith("}" + name):
            return str(value)
    return None


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first child along a path of local names."""
    for name in path:
        if element is None:
            return None
        element = next((each for each in element if local(each) == name), None)
    return element


def value(element: etree._Element | None, *path: str) -> str | None:
    """The `val` of the child along a path, or None."""
    found = child(element, *path)
    return attribute(found, "val") if found is not None else None


def number(words: str | None) -> int | None:
    """A small whole number as an attribute gives it, or None."""
    return int(words) if words and re.fullmatch(r"-?[0-9]{1,9}", words) else None


def switched_on(element: etree._Element | None) -> bool:
    """Whether an on/off element is there and not switched off."""
    return element is not None and (attribute(element, "val") or "true") not in {"0", "false", "off"}
