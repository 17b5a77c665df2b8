"""`huiqi outline`: what a text asks of whom by when, how much, and what became of each sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huiqi.cli.options import console, json_option, library, policies_option, print_json
from huiqi.findings import BadInput, Finding

if TYPE_CHECKING:
    from huiqi.documents.outline import Outline, OutlinedClause
    from huiqi.policies.coverage import Coverage
    from huiqi.policies.library import PolicyLibrary

LEDGER, PAGE, TREE = "ledger.xlsx", "coverage.html", "outline.json"


@click.command("outline")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the task ledger (XLSX), the coverage page (HTML) and the tree (JSON).",
)
@json_option
@policies_option
def outline_command(file: Path, out: Path | None, as_json: bool, policies: Path | None) -> None:
    """Read an official text (TXT, DOCX, DOC, WPS, PDF, HTML): clauses, offices, deadlines, targets, coverage."""
    from huiqi.documents import read_document
    from huiqi.documents.outline import outline
    from huiqi.documents.outline.as_json import as_json as plain
    from huiqi.policies.coverage import DocumentSentences, cover
    from huiqi.policies.known_documents import as_known

    found = library(policies)
    read = outline(as_known(read_document(file), found.documents.values()))
    sentences = DocumentSentences(
        read.document, {each.path: each.sentences for each in read.clauses() if each.sentences}
    )
    covered = cover(found.measures, sentences)
    answer = plain(read)
    answer["coverage"] |= covered.as_json()
    if out is not None:
        _write(read, covered, found, answer, out)
    if as_json:
        print_json(answer)
    else:
        _print(read, answer, out)


def _write(read: Outline, covered: Coverage, found: PolicyLibrary, answer: dict[str, Any], out: Path) -> None:
    from huiqi.documents.outline.ledger_workbook import write_ledger
    from huiqi.policies.coverage_page import write_coverage_page

    if out.exists() and not out.is_dir():
        what = f"{out} is no folder"
        raise BadInput([Finding(str(out), 0, "", "not-a-folder", what, "", "name a folder with --out")])
    titles = {(each.id, each.region): each.title for each in found.measures}
    bound = {
        (place.path, covered.sentences.sentence(place).start): [
            (name, titles[name, region]) for name, region in each
        ]
        for place, each in covered.bound.items()
    }
    out.mkdir(parents=True, exist_ok=True)
    write_ledger(read, out / LEDGER)
    write_coverage_page(read, bound, out / PAGE)
    unfinished = out / f".{TREE}.unfinished"
    unfinished.write_text(json.dumps(answer, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(out / TREE)


def _print(read: Outline, answer: dict[str, Any], out: Path | None) -> None:
    from rich.tree import Tree

    from huiqi.documents.sentences import KINDS

    screen = console()
    screen.print(answer["title"] or "（未印标题）", style="bold")
    front = [answer["number"], answer["issuer"], answer["date"]]
    screen.print("  ".join(each for each in front if each) or "（未印文号、机关、日期）")
    for plan in read.plans:
        tree = Tree(plan.plan.short_name or plan.plan.title or "正文")
        branches = {"": tree}
        for each in plan.clauses:
            above = next((path for path in _above(each.path) if path in branches), "")
            branch = branches[above].add(_line(each))
            if each.clause.printed or each.clause.heading:
                # What stands before the first number is no parent of what follows.
                branches[each.path] = branch
        screen.print(tree)
    coverage = answer["coverage"]
    by_class = coverage["by_class"]
    counted = "  ".join(f"{word} {by_class[kind]}" for kind, word in KINDS.items() if kind in by_class)
    screen.print(f"句子 {coverage['sentences']}：{counted}")
    unencoded = len(coverage["unencoded"])
    benefits = by_class.get("benefit", 0)
    screen.print(f"惠企句 {benefits}，已编入规则 {benefits - unencoded}，未编入 {unencoded}")
    if out is None:
        screen.print("加上 --out 文件夹，可得任务分解表（XLSX）、逐句对照页（HTML）和条款树（JSON）")
    else:
        screen.print(f"已写入 {out}：{LEDGER} 任务分解表、{PAGE} 逐句对照、{TREE} 条款树")


def _above(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:length]) for length in range(len(parts) - 1, 0, -1)]


def _line(outlined: OutlinedClause) -> str:
    from huiqi.documents.outline.ledger import deadline_words
    from huiqi.documents.sentences import KINDS

    words = outlined.clause.heading or outlined.clause.text.strip().split("\n")[0]
    shown = words if len(words) <= 36 else words[:35] + "…"
    parts = [f"{outlined.clause.printed}{shown}"]
    if outlined.kind != "heading":
        parts.append(f"〔{KINDS[outlined.kind]}〕")
    lead = [each.printed for each in outlined.agencies if each.role not in {"with", "implement"}]
    if lead:
        parts.append("、".join(lead[:3]) + ("…" if len(lead) > 3 else ""))
    if outlined.deadlines:
        parts.append(deadline_words(outlined.deadlines[0]))
    return " ".join(parts)
