"""DOCX files, as Word and WPS write them."""

from __future__ import annotations

from lxml import etree

from huiqi.documents.formats.package import Package, attribute, local
from huiqi.documents.formats.refusals import Refused
from huiqi.documents.formats.source_text import SourceText
from huiqi.documents.formats.text_writer import TextWriter, one_cell
from huiqi.documents.formats.word_body import UnclosedContents, WordBody
from huiqi.documents.formats.word_numbering import Styles, WordLists

_USUAL_MAIN = "word/document.xml"
_NOTE_WORDS = {"footnote": "注", "endnote": "尾注"}


def read_docx(raw: bytes, digest: str) -> SourceText:
    """Read a DOCX file; automatic numbers are written as they print. Raises Refused."""
    package = Package(raw)
    mains = package.related("", "officeDocument")
    main = next(iter(mains), _USUAL_MAIN)
    if main not in package.names:
        raise Refused("document-damaged", "it has no main part")
    root = package.xml(main)
    body = next((each for each in root if local(each) == "body"), None)
    if body is None:
        raise Refused("document-damaged", f"its part {main} holds no document")
    try:
        writer = _write(package, main, body, keep_contents=False)
    except UnclosedContents:
        writer = _write(package, main, body, keep_contents=True)
    if not writer.text.strip() and package.related(main, "aFChunk"):
        raise Refused("document-format", "its text is embedded as a file of another kind")
    if not writer.text.strip() and package.related(main, "image"):
        raise Refused("document-scanned", "it holds pictures and no text")
    return SourceText(
        writer.text,
        digest,
        "docx",
        whole_paragraphs=True,
        tables=tuple(writer.tables),
        mended=tuple(writer.mended),
        hints=_hints(package),
    )


def _write(package: Package, main: str, body: etree._Element, *, keep_contents: bool) -> TextWriter:
    writer = TextWriter()
    for kind in ("header", "footer"):
        seen: set[str] = set()
        for part in package.related(main, kind):
            words = one_cell(_words(package.xml(part)))
            if words and words not in seen:
                seen.add(words)
                writer.drop(f"page-{kind}", words)
    styles = Styles(_first(package, main, "styles"))
    lists = WordLists(_first(package, main, "numbering"), styles)
    reader = WordBody(writer, lists, styles, keep_contents=keep_contents)
    try:
        reader.write(body)
    except RecursionError:
        raise Refused("document-hostile", "its elements are nested too deep") from None
    for kind, words in _NOTE_WORDS.items():
        _write_notes(package, main, writer, [name for of, name in reader.notes if of == kind], kind, words)
    return writer


def _write_notes(
    package: Package, main: str, writer: TextWriter, wanted: list[str], kind: str, words: str
) -> None:
    """Write the notes behind the text, each a line of its own."""
    root = _first(package, main, f"{kind}s") if wanted else None
    if root is None:
        return
    notes = {attribute(each, "id"): one_cell(_words(each)) for each in root if local(each) == kind}
    for place, name in enumerate(dict.fromkeys(wanted), start=1):
        if note := notes.get(name):
            writer.end_line()
            writer.replace(kind, note, f"{words}{place}：{note}")
            writer.end_line()


def _words(element: etree._Element) -> str:
    paragraphs = (each for each in element.iter() if local(each) == "p")
    return " ".join(
        "".join(each.text or "" for each in paragraph.iter() if local(each) == "t")
        for paragraph in paragraphs
    )


def _first(package: Package, main: str, kind: str) -> etree._Element | None:
    part = next(iter(package.related(main, kind)), None)
    return package.xml(part) if part else None


def _hints(package: Package) -> tuple[tuple[str, str], ...]:
    part = next(iter(package.related("", "core-properties")), None)
    try:
        root = package.xml(part) if part else None
    except Refused as refusal:
        if refusal.code != "document-damaged":
            raise
        root = None
    if root is None:
        return ()
    wanted = {"title": "title", "created": "created", "modified": "modified", "creator": "author"}
    return tuple(
        (wanted[local(each)], one_cell(each.text)) for each in root if local(each) in wanted and each.text
    )
