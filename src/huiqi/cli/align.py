"""`huiqi align`: which clause of the lower text carries out which above, and what differs."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huiqi.cli.options import console, json_option, library, parse_day, policies_option, print_json
from huiqi.findings import BadInput, Finding

if TYPE_CHECKING:
    from huiqi.documents.align import Alignment, Difference, Passage
    from huiqi.documents.align.chain import Chain
    from huiqi.documents.outline import Outline
    from huiqi.policies.library import PolicyLibrary

TREE, BOOK, PAGE = "alignment.json", "alignment.xlsx", "alignment.html"


@click.command("align")
@click.argument("superior", type=click.Path(path_type=Path))
@click.argument("subordinate", type=click.Path(path_type=Path))
@click.argument("lower", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--before",
    type=click.Path(path_type=Path),
    help="The version of SUPERIOR before it was amended: what hangs on the changed clauses is listed.",
)
@click.option(
    "--issued",
    callback=parse_day,
    metavar="YYYY-MM-DD",
    help="The day SUPERIOR was issued, where its text does not print it.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the side-by-side page (HTML), the tables (XLSX) and the pairs (JSON).",
)
@json_option
@policies_option
def align_command(
    superior: Path,
    subordinate: Path,
    lower: tuple[Path, ...],
    before: Path | None,
    issued: datetime.date | None,
    out: Path | None,
    as_json: bool,
    policies: Path | None,
) -> None:
    """Align a superior's text with a lower one (and further ones below): pairs, differences, gaps 上下级对照."""
    from huiqi.documents.align.chain import align_chain
    from huiqi.policies.align_answer import alignment_answer, amendment_answer

    measures = library(policies)
    outlines = [
        _outline(superior, measures, issued),
        *(_outline(each, measures) for each in (subordinate, *lower)),
    ]
    chain = align_chain(outlines)
    answer = alignment_answer(chain, measures)
    if before is not None:
        older = _outline(before, measures)
        answer["amended"] = amendment_answer(older, outlines[0], outlines[1], measures)
    if out is not None:
        _write(chain, answer, out)
    if as_json:
        print_json(answer)
    else:
        for alignment in chain.alignments:
            _print(alignment)
        _print_more(answer, chain, out)


def _outline(file: Path, measures: PolicyLibrary, issued: datetime.date | None = None) -> Outline:
    from huiqi.documents import read_document
    from huiqi.documents.outline import outline
    from huiqi.policies.align_measures import policy_document
    from huiqi.policies.check.citations import document_day

    document = read_document(file)
    if issued is None and document.date is None:
        # Copies often lack the head; the policies know the day of the texts they cite.
        known = policy_document(measures, document)
        issued = document_day(known) if known else None
    if issued is not None:
        document = dataclasses.replace(document, date=issued)
    return outline(document)


def _write(chain: Chain, answer: dict[str, Any], out: Path) -> None:
    import json

    from huiqi.documents.align.page import write_page
    from huiqi.documents.align.workbook import write_workbook

    if out.exists() and not out.is_dir():
        what = f"{out} is no folder"
        raise BadInput([Finding(str(out), 0, "", "not-a-folder", what, "", "name a folder with --out")])
    out.mkdir(parents=True, exist_ok=True)
    write_workbook(chain, out / BOOK)
    for number, alignment in enumerate(chain.alignments, 1):
        write_page(alignment, out / (PAGE if number == 1 else f"alignment-{number}.html"))
    unfinished = out / f".{TREE}.unfinished"
    unfinished.write_text(json.dumps(answer, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(out / TREE)


def _print(alignment: Alignment) -> None:
    from rich.table import Table

    screen = console()
    titles = (each.document.title or each.document.id for each in (alignment.superior, alignment.subordinate))
    screen.print(" → ".join(titles), style="bold")
    table = Table("上级条款", "下级条款", "分", "不同之处")
    for pair in alignment.pairs:
        if alignment.above(pair.superior).kind == "heading":
            continue
        differences = [_line(each) for each in pair.differences]
        shown = differences[:3] + ([f"…另有{len(differences) - 3}处"] if len(differences) > 3 else [])
        lower = "\n".join(each.path for each in pair.subordinate)
        table.add_row(pair.superior.path, lower, str(pair.likeness.score), "\n".join(shown))
    screen.print(table)
    for name, sides, at in (
        ("上级有、下级没有", alignment.dropped, alignment.above),
        ("下级增加", alignment.added, alignment.below),
    ):
        screen.print(f"{name}（{len(sides)}）", style="bold")
        for side in sides:
            screen.print(f"  {side.path} {at(side).clause.heading}")
    for missing in alignment.missing_plans:
        screen.print(f"下级没有印发的方案：{missing}", style="bold")


def _line(difference: Difference) -> str:
    from huiqi.documents.align.wording import CHANGES, KINDS

    above = _short(difference.superior)
    below = _short(difference.subordinate)
    return f"{KINDS[difference.kind]} {above} → {below}（{CHANGES[difference.change]}）"


def _short(passage: Passage | None) -> str:
    if passage is None:
        return "无"
    words = passage.printed.replace("\n", " ")
    return words if len(words) <= 18 else words[:17] + "…"


def _print_more(answer: dict[str, Any], chain: Chain, out: Path | None) -> None:
    screen = console()
    for alignment in chain.alignments:
        for demand in alignment.demands:
            late = demand.days_late
            judged = "未知" if late is None else "按时" if late == 0 else f"迟{late}天"
            screen.print(
                f"要求{demand.last_day}前印发，下级文件{demand.issued}：{judged}（{demand.side.path}）"
            )
    if len(chain.alignments) > 1:
        screen.print(f"逐级丢失的条款（{len(chain.lost)}）", style="bold")
        for lost in chain.lost:
            screen.print(f"  {lost.clause.path}：第{lost.lost_at}级以下没有对应条款")
    if "amended" in answer:
        amended = answer["amended"]
        counts = [len(amended[key]) for key in ("changed", "repealed", "new", "measures", "duties", "lower")]
        names = ("修改", "删除", "新增", "牵连政策措施", "牵连任务", "牵连下级条款")
        screen.print(
            "  ".join(f"{name} {count}" for name, count in zip(names, counts, strict=True)), style="bold"
        )
        for row in amended["measures"]:
            screen.print(f"  {row['path']} → 政策措施 {row['id']} {row['title']}（{row['region']}）")
        for row in amended["duties"]:
            screen.print(f"  {row['path']} → 任务 {'、'.join((*row['agencies'], *row['deadlines']))}")
        for row in amended["lower"]:
            screen.print(f"  {row['path']} → 下级 {'、'.join(each['path'] for each in row['lower'])}")
    if out is not None:
        screen.print(f"已写入 {out}：{PAGE} 左右对照、{BOOK} 表格、{TREE} 数据")
