"""Outline of ever longer texts: python benchmarks/documents_outline.py [COPIES…]

A fictional plan is written several times over, each copy a plan of its own. What is found is compared with what one
copy holds before anything is timed; then the cost per thousand characters, beside a fixed yardstick.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from huiqi.documents import read_document
from huiqi.documents.outline import Outline, outline

ONE = Path(__file__).resolve().parents[1] / "tests" / "documents" / "texts" / "gold-lanchuan-measures.txt"
CHARACTERS_OF_A_PAGE = 600


def yardstick() -> float:
    """Seconds for a million turns of an empty loop: the speed of this machine at this moment."""
    begun = time.perf_counter()
    for _ in range(1_000_000):
        pass
    return time.perf_counter() - begun


def copies_of(text: str, copies: int) -> str:
    """The body of the plan several times, its parts numbered on by restarting plans."""
    return "\n".join(f"岚川市专项行动{number}实施方案\n{text}" for number in range(copies))


def found(read: Outline) -> tuple[int, int, int]:
    """Offices, deadlines and figures in all."""
    clauses = list(read.clauses())
    return (
        sum(len(each.agencies) for each in clauses),
        sum(len(each.deadlines) for each in clauses),
        sum(len(each.quantities) for each in clauses),
    )


def main(arguments: list[str]) -> None:
    """Print a row a size."""
    text = ONE.read_text(encoding="utf-8")
    body = text[text.index("一、") :]
    folder = Path(tempfile.mkdtemp())
    print(f"yardstick {yardstick() * 1000:.0f} ms (a million turns of an empty loop)")
    print(
        "pages  characters  offices  deadlines  figures  read s  outline s  ms per 1,000 characters  peak MiB"
    )
    for copies in [int(each) for each in arguments] or [2, 8, 32]:
        file = folder / f"{copies}.txt"
        file.write_text(copies_of(body, copies), encoding="utf-8")
        begun = time.perf_counter()
        document = read_document(file)
        middle = time.perf_counter()
        read = outline(document)
        ended = time.perf_counter()
        offices, deadlines, figures = found(read)
        small = folder / "1.txt"
        small.write_text(copies_of(body, 1), encoding="utf-8")
        each = found(outline(read_document(small)))
        if (offices, deadlines, figures) != tuple(copies * one for one in each):
            sys.exit(f"{copies} copies hold {(offices, deadlines, figures)}, one holds {each}: not timed")
        characters = len(document.source.text)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"{characters // CHARACTERS_OF_A_PAGE:5}  {characters:10,}  {offices:7}  {deadlines:9}  {figures:7}"
            f"  {middle - begun:6.2f}  {ended - middle:9.2f}  {(ended - begun) * 1e6 / characters:23.1f}  {peak:8}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
