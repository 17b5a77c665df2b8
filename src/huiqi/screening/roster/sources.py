"""What a path holds: which tables, of which record kind. Content decides, never the ending of a name alone."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from huiqi.findings import nearest
from huiqi.rules.facts import SUBJECT, FactDictionary
from huiqi.screening.prepared import FIRMS
from huiqi.screening.roster.csv_files import CsvFile
from huiqi.screening.roster.doubts import Doubts, Place
from huiqi.screening.roster.headings import plain
from huiqi.screening.roster.parquet_files import ParquetFile
from huiqi.screening.roster.tables import Source, Unreadable
from huiqi.screening.roster.workbooks import open_workbook

_ENDINGS = {
    ".csv": "text",
    ".tsv": "text",
    ".txt": "text",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".et": "xls",
    ".xls": "xls",
    ".ods": "ods",
    ".parquet": "parquet",
}
_KINDS = {
    "text": "a text table",
    "xlsx": "an .xlsx workbook",
    "xls": "an .xls workbook",
    "ods": "an .ods workbook",
    "parquet": "a Parquet table",
}
_OTHER = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
)
_NO_TEXT = b"\0\0\0\0"
"""What no text holds, however it is encoded, and programs and pictures are full of."""
_FIRMS_NAMES = (
    *(
        FIRMS,
        "firm",
        "subjects",
        "subject",
        "enterprises",
        "roster",
        "企业",
        "主体",
        "市场主体",
        "名册",
        "企业名册",
    ),
    *("企业名单", "企业信息", "企业基本信息", "基本信息", "主体信息", "花名册", "企业花名册"),
)

LIST_OF_PROBLEMS = "问题清单"
"""The sheet that lists the doubts of a roster given back: it is no table."""


@dataclass(slots=True)
class Table:
    """A table with its record kind (`subject` for the firms)."""

    record: str
    source: Source


def find_tables(path: Path, facts: FactDictionary, spool: Path, doubts: Doubts) -> list[Table]:
    """Return the tables of a file or folder, firms first; what cannot be one is noted."""
    if path.is_dir():
        found = list(_of_folder(path, facts, spool, doubts))
    else:
        found = _named(_of_file(path, facts, spool, doubts), path.stem, facts, doubts, is_alone=True)
    tables: dict[str, Table] = {}
    for each in found:
        if each.record in tables:
            other = tables[each.record].source.place
            error = Unreadable(
                "duplicate-table",
                f"{other} holds {each.record} records too",
                "",
                "keep one table of each kind",
            )
            doubts.table(each.source.place, error)
        else:
            tables[each.record] = each
    if SUBJECT not in tables and not doubts.stopped:
        what = "there is no table of firms"
        doubts.table(Place(path.name), Unreadable("no-firms", what, "", f"name it {FIRMS} or 企业"))
    return sorted(tables.values(), key=lambda each: (each.record != SUBJECT, each.record))


def _of_folder(folder: Path, facts: FactDictionary, spool: Path, doubts: Doubts) -> Iterator[Table]:
    for path in sorted(folder.iterdir()):
        # ~$ begins the lock file that an office program leaves beside an open workbook.
        if path.name.startswith((".", "~$")):
            continue
        sources = _of_file(path, facts, spool, doubts)
        yield from _named(sources, path.stem, facts, doubts, is_alone=False)


def _named(
    sources: list[Source], stem: str, facts: FactDictionary, doubts: Doubts, is_alone: bool
) -> list[Table]:
    """Give each table its record kind: by sheet, by file name where there is one sheet; a file alone is the firms."""
    if len(sources) == 1:
        name = sources[0].place.sheet if _record(sources[0].place.sheet, facts) else stem
        record = SUBJECT if is_alone else _record(name, facts)
        return [Table(record, sources[0])] if record else _unknown(sources[0], stem, facts, doubts)
    records = [_record(each.place.sheet, facts) for each in sources]
    strange = [each for each, record in zip(sources, records, strict=True) if not record]
    named = [Table(record, each) for each, record in zip(sources, records, strict=True) if record]
    if len(strange) == 1 and SUBJECT not in records and (is_alone or _record(stem, facts) == SUBJECT):
        return [Table(SUBJECT, strange[0]), *named]
    for each in strange:
        _unknown(each, each.place.sheet, facts, doubts)
    return named


def _unknown(source: Source, name: str, facts: FactDictionary, doubts: Doubts) -> list[Table]:
    names = [FIRMS, "企业", *facts.by_list, *(each.label for each in facts.by_list.values())]
    mend = (
        nearest(name, names)
        or f"name it after what it holds: {', '.join([FIRMS, *facts.by_list])}; or take it away"
    )
    doubts.table(source.place, Unreadable("unknown-table", f"{name} is no kind of table", "", mend))
    return []


def _record(name: str, facts: FactDictionary) -> str:
    word = plain(name)
    if word in map(plain, _FIRMS_NAMES):
        return SUBJECT
    for kind in facts.by_list.values():
        if word in map(plain, (kind.name, kind.list_name, kind.label, kind.english)):
            return kind.name
    return ""


def _of_file(path: Path, facts: FactDictionary, spool: Path, doubts: Doubts) -> list[Source]:
    place = Place(path.name)
    try:
        return _opened(path, place, facts, spool)
    except Unreadable as error:
        doubts.table(place, error, error.row)
    except OSError as error:
        what = f"the file cannot be read ({error.strerror or type(error).__name__})"
        doubts.table(place, Unreadable("file-unreadable", what, "", "check the path and the permissions"))
    return []


def sniffed(path: Path) -> str:
    """Return what a file holds by its content: text, xlsx, xls, ods, parquet.

    Raises Unreadable where it is no table, or where the ending of its name says something else.
    """
    if path.exists() and not path.is_file():
        raise Unreadable(
            "file-unreadable", "this is no file", "", "give a file, or a folder with one table per kind"
        )
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        raise Unreadable("empty-file", "the file is empty", "", "export the roster again")
    kind = _kind(path, start)
    wanted = _ENDINGS.get(path.suffix.lower())
    if wanted is not None and wanted != kind:
        ending = {"text": ".csv"}.get(kind, f".{kind}")
        what = f"the file is named {path.suffix}, but it is {_KINDS[kind]}"
        raise Unreadable("wrong-ending", what, "", f"rename it to {ending}")
    return kind


def _opened(path: Path, place: Place, facts: FactDictionary, spool: Path) -> list[Source]:
    kind = sniffed(path)
    if kind == "text":
        return [CsvFile(path, place)]
    if kind == "parquet":
        return [ParquetFile(path, place)]
    sheets = open_workbook(path, place, spool / f"workbook-{len(list(spool.glob('workbook-*')))}")
    # A hidden sheet under another name holds the choices of a form, not records.
    sheets = [
        each
        for each in sheets
        if each.place.sheet != LIST_OF_PROBLEMS and (each.is_visible or _record(each.place.sheet, facts))
    ]
    if not sheets:
        raise Unreadable(
            "empty-file", "no sheet of the workbook holds anything", "", "export the roster again"
        )
    return list(sheets)


def _kind(path: Path, start: bytes) -> str:
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        # A workbook locked by a password is packed like an old .xls.
        return "xlsx" if path.suffix.lower() in {".xlsx", ".xlsm"} else "xls"
    if start.startswith(b"PK\x03\x04"):
        return _kind_of_zip(path)
    other = next((name for mark, name in _OTHER if start.startswith(mark)), "")
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        other = "a web page or XML, as some systems export under the name of a workbook"
    elif head.startswith(b"{\\rtf"):
        other = "a text document"
    elif not other and _NO_TEXT in start:
        other = "a program or another file that is no text"
    if other:
        raise Unreadable("not-a-roster", f"this is {other}", "", "open it and save the table as .xlsx or CSV")
    return "text"


def _kind_of_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as book:
            names = set(book.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        raise Unreadable(
            "not-a-workbook", "the workbook is damaged or not whole", "", "copy or export it again"
        ) from None
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    what = "an .xlsb workbook" if "xl/workbook.bin" in names else "an archive or a document"
    raise Unreadable("not-a-roster", f"this is {what}", "", "save the table as .xlsx or CSV")
