"""Web pages of government sites, saved as HTML or MHT: the document in them, without the site around it."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import Message

from lxml import etree

from huiqi.documents.formats import limits
from huiqi.documents.formats.page_body import find_body, find_title
from huiqi.documents.formats.page_furniture import label_and_value, trim
from huiqi.documents.formats.page_lines import HOLE, PageLine, render
from huiqi.documents.formats.refusals import Refused
from huiqi.documents.formats.source_text import SourceText
from huiqi.documents.formats.text_writer import TextWriter

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,30})", re.IGNORECASE)
_SAME = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "unicode": "utf-16",
}
_HEAD = 8192
_META = {
    "articletitle": "title",
    "pubdate": "published",
    "contentsource": "source",
    "author": "author",
    "sitename": "site",
    "columnname": "column",
}
_UNPRINTABLE = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_MOST_MAIL_PARTS = 2_000
_LONGEST_HINT = 500


def read_page(raw: bytes, digest: str, charset: str | None = None) -> SourceText:
    """Read an HTML page; `charset` is what the sender declared beside it. Raises Refused."""
    if len(raw) > limits.MOST_MARKUP_BYTES:
        raise Refused("document-too-large", f"a page of more than {limits.MOST_MARKUP_BYTES} bytes")
    text, encoding = _decode(raw, charset)
    if text.count("<") > limits.MOST_TAGS:
        raise Refused("document-too-large", f"a page of more than {limits.MOST_TAGS} tags")
    root = _parse(_UNPRINTABLE.sub("", text))
    hints = dict(_meta(root))
    body = find_body(root)
    if body is None:
        raise Refused("document-empty", "the page shows no text")
    lines = render(body)
    around = render(root, without=body) if body is not root else []
    hole = next((place for place, line in enumerate(around) if line.words == HOLE), len(around))
    for name, words in _labelled([*around, *lines]):
        hints.setdefault(name, words[:_LONGEST_HINT])
    writer = TextWriter()
    kept, dropped_before, dropped_after = trim(lines)
    title = find_title(root, body, kept, hints.get("title"))
    for line in [*around[:hole], *dropped_before]:
        if not title or line.shown not in title:
            writer.drop("page-furniture", line.shown)
    if title:
        writer.replace("page-title", title, title)
        writer.end_line()
    for item in kept:
        if item.dropped:
            writer.drop("page-furniture", item.shown)
        elif item.rows is not None:
            writer.table(item.rows)
        else:
            writer.write(item.words)
            writer.end_line()
    for line in [*dropped_after, *around[hole + 1 :]]:
        writer.drop("page-furniture", line.shown)
    return SourceText(
        writer.text,
        digest,
        "html",
        whole_paragraphs=True,
        tables=tuple(writer.tables),
        mended=tuple(writer.mended),
        encoding=encoding,
        hints=tuple(hints.items()),
    )


def read_mail_page(raw: bytes, digest: str) -> SourceText:
    """Read a page saved with its pictures as one file (MHT). Raises Refused."""
    try:
        message = email.message_from_bytes(raw, policy=email.policy.compat32)
        part = _page_part(message)
        payload = part.get_payload(decode=True) if part else None
        charset = part.get_content_charset() if part else None
    except (RecursionError, ValueError, LookupError, AssertionError, TypeError, AttributeError) as error:
        raise Refused("document-damaged", f"its mail container is damaged ({type(error).__name__})") from None
    if not isinstance(payload, bytes) or not payload:
        raise Refused("document-damaged", "its mail container holds no page")
    return read_page(payload, digest, charset)


def _page_part(message: Message) -> Message | None:
    for number, part in enumerate(message.walk()):
        if number > _MOST_MAIL_PARTS:
            raise Refused("document-hostile", f"more than {_MOST_MAIL_PARTS} parts")
        if part.get_content_type() == "text/html":
            return part
    return None


def _decode(raw: bytes, declared: str | None) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace"), encoding
    found = _CHARSET.search(raw[:_HEAD])
    named = (declared or (found[1].decode("ascii") if found else "gb18030")).lower()
    named = _SAME.get(named, named)
    # A page that is whole UTF-8 is UTF-8, whatever it says: other encodings hardly ever are by chance.
    for encoding in ("utf-8", named, "gb18030"):
        try:
            return raw.decode(encoding), encoding
        except (UnicodeDecodeError, LookupError):
            continue
    try:
        text = raw.decode(named, "replace")
    except LookupError:
        text = raw.decode("gb18030", "replace")
    if text.count("\ufffd") * 200 > len(text):
        raise Refused("document-damaged", f"it is not in the encoding that it declares ({named})")
    return text, named


def _parse(text: str) -> etree._Element:
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if any("depth" in each.message.lower() for each in parser.error_log):
        raise Refused("document-hostile", "its elements are nested too deep")
    if root is None:
        raise Refused("document-empty", "the page shows no text")
    return root


def _meta(root: etree._Element) -> list[tuple[str, str]]:
    found = []
    for each in root.iter("meta"):
        name = _META.get(str(each.get("name") or each.get("property") or "").strip().lower())
        words = " ".join(str(each.get("content") or "").split())
        if name and words:
            found.append((name, words[:_LONGEST_HINT]))
    return found


def _labelled(lines: list[PageLine]) -> list[tuple[str, str]]:
    """What the page says of the document in labelled cells and lines (文号, 发布机构, 成文日期)."""
    found = []
    for line in lines:
        cells = [cell for row in line.rows or () for cell in row] or [line.words]
        for place, cell in enumerate(cells):
            pair = label_and_value(cell, cells[place + 1] if place + 1 < len(cells) else "")
            if pair:
                found.append(pair)
    return found
