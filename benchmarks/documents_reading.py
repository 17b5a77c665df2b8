"""Reading files of every format: time and memory as documents grow, which have to grow with them and no faster.

Every text is fictional. What is read is first compared with what was written, sentence marks and quotes included.
DOCX and PDF files are written here (PDF by reportlab), TXT is the same text; each size is read in a process of its
own, so that its greatest memory is its own. Times are of the processor, so that other work on the machine does not
count. The last column is the time for a thousand characters: it stays level.

Run: .venv/bin/python benchmarks/documents_reading.py [PAGES …]
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from huiqi.documents.formats import read_source

PAGES = (25, 50, 100, 200, 400)
PAGE_LINES, LINE = 22, 28
"""Lines of a page and characters of a line as the standard of official documents (GB/T 9704) prints them."""

NUMERALS = "一二三四五六七八九十"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = "http://schemas.openxmlformats.org/package/2006/relationships"


def paragraphs(pages: int) -> list[str]:
    """Return as many paragraphs of a notice as fill the pages."""
    out, room = ["临江市人民政府关于印发稳住经济大盘一揽子措施的通知"], pages * PAGE_LINES * LINE
    while room > 0:
        number = len(out)
        out.append(
            f"（{NUMERALS[number % 10]}）强化第{number}项资金保障。市级财政安排“专精特新”资金{number}万元，对符合条件的中小"
            f"企业按照贷款贴息、以奖代补等方式予以支持，单户最高不超过{number % 90 + 10}万元。（市财政局牵头，市工业和"
            "信息化局、各县区人民政府配合，2022年12月底前完成）"
        )
        room -= -(-len(out[-1]) // LINE) * LINE
    return out


def docx(words: list[str]) -> bytes:
    """Return the paragraphs as a DOCX file, every run with properties as offices set them."""
    look = '<w:rPr><w:rFonts w:eastAsia="仿宋_GB2312"/><w:sz w:val="32"/></w:rPr>'
    body = "".join(
        f'<w:p><w:pPr><w:spacing w:line="560"/><w:ind w:firstLine="640"/></w:pPr>'
        f"<w:r>{look}<w:t>{each[:40]}</w:t></w:r><w:r>{look}<w:t>{each[40:]}</w:t></w:r></w:p>"
        for each in words
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        file.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_P}"><Relationship Id="r" Type="{_R}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        file.writestr("word/document.xml", f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>')
    return out.getvalue()


def pdf(words: list[str]) -> bytes:
    """Return the paragraphs as a PDF file with page numbers."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    lines = [each[at : at + LINE] for each in words for at in range(0, len(each), LINE)]
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for number, first in enumerate(range(0, len(lines), PAGE_LINES), start=1):
        canvas.setFont("STSong-Light", 15)
        for row, line in enumerate(lines[first : first + PAGE_LINES]):
            canvas.drawString(85, 740 - 28 * row, line)
        canvas.drawString(270, 60, f"— {number} —")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def page(words: list[str]) -> bytes:
    """Return the paragraphs as a web page."""
    inner = "".join(f"<p>　　{each}</p>\n" for each in words)
    return f'<html><head><meta charset="gbk"></head><body><div id="zoom">{inner}</div></body></html>'.encode(
        "gb18030"
    )


def _processor_seconds() -> float:
    """Return the seconds of the processor that this process and those it started took."""
    took = os.times()
    return took.user + took.system + took.children_user + took.children_system


def read_one(path: Path) -> None:
    """Read a file and print what it took, for the process that measures."""
    start = _processor_seconds()
    source = read_source(path)
    seconds = _processor_seconds() - start
    memory = max(
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(json.dumps({"seconds": seconds, "memory": memory // 1024, "text": source.text}))


def main(sizes: list[int]) -> None:
    """Print a line for each format and size."""
    print(f"{'format':8}{'pages':>7}{'characters':>12}{'seconds':>10}{'MiB':>7}{'ms per 1000':>13}")
    writers = {
        "txt": lambda words: "\n".join(words).encode(),
        "docx": docx,
        "html": page,
        "pdf": pdf,
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, writer in writers.items():
            for pages in sizes:
                words = paragraphs(pages)
                path = Path(folder) / f"notice-{pages}.{name}"
                path.write_bytes(writer(words))
                ran = subprocess.run(
                    [sys.executable, __file__, "--one", str(path)], capture_output=True, check=True, text=True
                )
                told = json.loads(ran.stdout)
                if "".join(told["text"].split()) != "".join(words):
                    sys.exit(f"{name}, {pages} pages: what was read is not what was written")
                count = len("".join(words))
                each = told["seconds"] * 1e6 / count
                print(
                    f"{name:8}{pages:7}{count:12,}{told['seconds']:10.2f}{told['memory']:7}{each:13.2f}",
                    flush=True,
                )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        read_one(Path(sys.argv[2]))
    else:
        main([int(each) for each in sys.argv[1:]] or list(PAGES))
