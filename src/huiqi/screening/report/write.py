"""Everything that is made of a screening's results: totals, page, workbooks, push list and missed list."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from huiqi.policies.library import PolicyLibrary
from huiqi.screening.report.fact_names import FactNames
from huiqi.screening.report.figures import missed_json, totals_json
from huiqi.screening.report.gathered import Gathered
from huiqi.screening.report.lists import MISSED, PUSH_LIST, ListWriter
from huiqi.screening.report.measure_texts import MeasureTexts
from huiqi.screening.report.page import report_page
from huiqi.screening.report.received import ReceiptReader, has_receipts
from huiqi.screening.report.row_texts import RowTexts
from huiqi.screening.report.sheets import MOST_ROWS, SYNTHETIC
from huiqi.screening.report.sorted_rows import sort_rows
from huiqi.screening.report.summary import write_summary
from huiqi.screening.report.workbooks import BY_COUNTY, WorkbookWriter
from huiqi.screening.results import RESULTS
from huiqi.screening.totals import Totals

Progress = Callable[[int, int], None]
_PART = ".report.part"
_OWN = ("totals.json", "report.html", f"{BY_COUNTY}", "summary*.xlsx", f"{PUSH_LIST}*", f"{MISSED}*")


def write_report(
    folder: Path,
    totals: Totals,
    library: PolicyLibrary,
    as_of: datetime.date,
    prepared: Path | None,
    synthetic: bool,
    source: str,
    progress: Progress | None = None,
    *,
    workbooks: bool = True,
    page: bool = True,
    most_rows: int = MOST_ROWS,
) -> None:
    """Make totals.json, report.html, push-list.parquet and the workbooks of the results.parquet in `folder`.

    All files appear in `folder` at the end, or none; the same results give the same bytes. The missed list is made
    where the `prepared` population says what was received. `progress` is called with rows done and rows in all;
    without `workbooks` only summary.xlsx is written of the XLSX files (a sheet of millions of rows serves nobody),
    else those per firm too, with at most `most_rows` rows a file. Without `page` report.html is left out: its charts
    take seconds, and `report_page` makes it of totals.json at any time.
    """
    part = folder / _PART
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    try:
        _write(
            part,
            folder / RESULTS,
            totals,
            library,
            as_of,
            prepared,
            synthetic,
            source,
            progress,
            workbooks,
            page,
            most_rows,
        )
        _take_place(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _write(
    part: Path,
    results: Path,
    totals: Totals,
    library: PolicyLibrary,
    as_of: datetime.date,
    prepared: Path | None,
    synthetic: bool,
    source: str,
    progress: Progress | None,
    workbooks: bool,
    page: bool,
    most_rows: int,
) -> None:
    texts, names = MeasureTexts(library), FactNames(library)
    with_missed = prepared is not None and has_receipts(prepared, library)
    receipts = ReceiptReader(prepared, texts, as_of) if prepared is not None and with_missed else None
    gathered = Gathered(texts, names)
    spill = part / "sorted.arrow"
    # Sorting is short beside the workbooks: half of the bar, so that it never runs backwards.
    share = 2 if workbooks else 1
    seen = 0

    def sorted_so_far(done: int, all_: int) -> None:
        nonlocal seen
        seen = all_
        if progress is not None:
            progress(done, all_ * share)

    rows = sort_rows(results, spill, texts, receipts, gathered.see, sorted_so_far)
    figures = totals_json(totals, library, as_of, synthetic, source, gathered)
    if with_missed:
        figures["missed"] = missed_json(gathered)
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    (part / "totals.json").write_text(f"{text}\n", encoding="utf-8")
    about = _about(as_of, synthetic, source, figures["rules"]["digest"])
    row_texts = RowTexts(texts, names, rows)
    with ThreadPoolExecutor(1) as drawing:
        # Drawing charts needs neither the rows nor, for the most part, Python's lock.
        drawn = drawing.submit(report_page, figures) if page else None
        ListWriter(part, row_texts, rows, as_of, synthetic, with_missed).write()
        if drawn is not None:
            (part / "report.html").write_text(drawn.result(), encoding="utf-8")
    write_summary(part, figures, about)
    if workbooks:
        in_play = max(sum(each.rows for each in gathered.groups.values()), 1)
        done = 0
        writer = WorkbookWriter(part, row_texts, rows, as_of, synthetic, about, with_missed, most_rows)
        for count in writer.write():
            done += count
            if progress is not None:
                progress(seen + seen * done // in_play, seen * share)
    spill.unlink()


def _about(as_of: datetime.date, synthetic: bool, source: str, digest: str) -> list[tuple[str, str]]:
    notes = [
        ("截至", as_of.isoformat()),
        ("名册", source),
        ("规则摘要", digest),
        ("金额", "人民币元，精确到分；“应享”为扣除不得重复享受的部分和各项上限之后的金额。"),
        ("未知不当作否", "缺信息的列入待补信息；只差申明或部门认定的列入待确认。"),
        ("效力", "筛查结果不代替主管部门的审核决定。"),
    ]
    return [("虚构数据", SYNTHETIC), *notes] if synthetic else notes


def _take_place(part: Path, folder: Path) -> None:
    """Move the finished files beside the results, in place of those of an earlier report."""
    for pattern in _OWN:
        for old in folder.glob(pattern):
            if old.is_dir():
                shutil.rmtree(old)
            else:
                old.unlink()
    for path in sorted(part.iterdir()):
        path.rename(folder / path.name)
