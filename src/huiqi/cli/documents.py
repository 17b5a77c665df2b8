"""`huiqi documents`: the local library of official texts, and the search in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from huiqi.cli.options import console, json_option, print_json
from huiqi.findings import BadInput, Finding

if TYPE_CHECKING:
    from huiqi.documents.library import DocumentLibrary, Hit, LibraryEntry

library_option = click.option(
    "--library",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the library (default: HUIQI_LIBRARY, else documents in HUIQI_DATA, else in your data folder).",
)


@click.group("documents")
def documents_command() -> None:
    """The local library of official texts 文件库."""


@documents_command.command("add")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--as", "name", help="The id it gets (default: the file's name without its ending).")
@library_option
@json_option
def add_command(files: tuple[Path, ...], name: str | None, folder: Path | None, as_json: bool) -> None:
    """Take in texts: TXT, DOCX, DOC, WPS, PDF, HTML. Nothing is taken in if one of them is refused."""
    from huiqi.documents import read_document

    if name is not None and len(files) != 1:
        what = "--as names one text"
        raise BadInput(
            [Finding("", 0, "", "usage", what, f"{len(files)} files are given", "add them one by one")]
        )
    library = _library(folder)
    # Every file is read before the first one is taken in.
    findings: list[Finding] = []
    for file in files:
        try:
            read_document(file)
        except BadInput as error:
            findings.extend(error.findings)
    if findings:
        raise BadInput(findings)
    added = [library.add(file, name) for file in files]
    if as_json:
        print_json({"library": str(library.folder), "documents": [_plain(each) for each in added]})
        return
    for each in added:
        console().print(f"已收入 {each.id}：{each.title or '（未印标题）'}，{each.clauses} 条")


@documents_command.command("list")
@library_option
@json_option
def list_command(folder: Path | None, as_json: bool) -> None:
    """List the texts of the library."""
    from rich.table import Table

    library = _library(folder)
    entries = library.entries()
    if as_json:
        print_json({"library": str(library.folder), "documents": [_plain(each) for each in entries]})
        return
    if not entries:
        console().print("文件库还是空的：用 huiqi documents add 文件 收入第一份")
        return
    table = Table("编号", "标题", "文号", "日期", "条款")
    for column in table.columns:
        # Nothing of a number or an id is cut, however narrow the terminal.
        column.overflow = "fold"
    for each in entries:
        table.add_row(each.id, each.title or "", each.number or "", each.day or "", str(each.clauses))
    console().print(table)


@documents_command.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--most", type=click.IntRange(1, 200), default=20, show_default=True, help="Clauses shown.")
@library_option
@json_option
def search_command(words: tuple[str, ...], most: int, folder: Path | None, as_json: bool) -> None:
    """Find the clauses that hold all of the words; words of two characters are found too."""
    from huiqi.documents.library import search

    hits = search(_library(folder), " ".join(words), most)
    if as_json:
        print_json(
            {
                "hits": [
                    {
                        "document": each.document,
                        "title": each.title,
                        "path": each.path,
                        "heading": each.heading,
                        "excerpt": each.excerpt,
                        "marks": [list(mark) for mark in each.marks],
                    }
                    for each in hits
                ]
            }
        )
        return
    if not hits:
        console().print("没有找到：换一个词，或先用 huiqi documents add 收入文件")
    for each in hits:
        _print_hit(each)


@documents_command.command("remove")
@click.argument("name")
@library_option
@json_option
def remove_command(name: str, folder: Path | None, as_json: bool) -> None:
    """Take a text out of the library."""
    removed = _library(folder).remove(name)
    if as_json:
        print_json({"removed": _plain(removed)})
    else:
        console().print(f"已移出 {removed.id}")


def _library(folder: Path | None) -> DocumentLibrary:
    from huiqi.documents.library import DocumentLibrary, default_folder

    return DocumentLibrary(folder or default_folder())


def _plain(entry: LibraryEntry) -> dict[str, str | int | None]:
    return {
        "id": entry.id,
        "title": entry.title,
        "number": entry.number,
        "issuer": entry.issuer,
        "date": entry.day,
        "clauses": entry.clauses,
        "digest": entry.digest,
    }


def _print_hit(hit: Hit) -> None:
    from rich.text import Text

    screen = console()
    screen.print(f"{hit.title or hit.document}  {hit.path}", style="bold")
    excerpt = Text(hit.excerpt.replace("\n", " "))
    for start, end in hit.marks:
        excerpt.stylize("reverse", start, end)
    screen.print(Text("  ") + excerpt)
