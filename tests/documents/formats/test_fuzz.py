"""Files damaged at random, of every format: each ends in an answer or a clear refusal."""

import base64
import io
import os
import random
import time
import zipfile

import pytest

from huiqi.documents.errors import UnreadableDocument
from huiqi.documents.formats import read_source
from huiqi.documents.formats.pdf import text_of_pages
from huiqi.documents.formats.pdf_child import answer
from huiqi.documents.formats.refusals import Refused

EACH = 40
PAGE = (
    '<html><head><meta charset="utf-8"><title>临江市通知</title></head><body><div class="TRS_Editor"><h1>临江市通知</h1>'
    "<p>一、减负。<br>二、融资。</p><ol start=3><li>甲<ol type=a><li>乙</li></ol></li></ol>"
    "<table><tr><td rowspan=2>单位</td><td colspan=2>时限</td></tr><tr><td>六月</td><td>底</td></tr></table></div></body></html>"
)
_BYTES = (b"\0", b"\xff", b"<", b">", b"&", b'"', b"\x7f", b"9", b"-1", b"99999999", b"%", b"\x80")


def damaged(raw, chance):
    """The bytes with a few of them changed, cut out, doubled or put in."""
    out = bytearray(raw)
    for _ in range(chance.choice((1, 1, 2, 4, 16, 64))):
        if not out:
            break
        at = chance.randrange(len(out))
        span = chance.choice((1, 1, 4, 64, 700))
        match chance.randrange(6):
            case 0:
                out[at] = chance.randrange(256)
            case 1:
                del out[at : at + span]
            case 2:
                out[at:at] = out[at : at + span] * chance.choice((1, 3))
            case 3:
                out[at:at] = chance.choice(_BYTES)
            case 4:
                out[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f"))
            case _:
                other = chance.randrange(len(out))
                out[at : at + span] = out[other : other + span]
    return bytes(out[: chance.randrange(len(out) + 1)] if chance.random() < 0.1 else out)


def damaged_within(raw, chance):
    """A DOCX file whose container is whole and one of whose parts is damaged."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        hurt = chance.choice(names)
        for name in names:
            new.writestr(name, damaged(old.read(name), chance) if name == hurt else old.read(name))
    return out.getvalue()


@pytest.fixture
def seeds(word, pdf, old_word_file):
    """A whole file of every format."""
    levels = word.level(0, "chineseCounting", "%1、") + word.level(1, "decimal", "%1.%2")
    numbering = (
        f'<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    p = word.paragraph
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/><w:vMerge/></w:tcPr>{p("格")}</w:tc>'
    body = (
        p("临江市")
        + p("减负", number=(1, 0))
        + p("甲", number=(1, 1))
        + f"<w:tbl><w:tr>{cell}{cell}</w:tr></w:tbl>"
    )
    mail = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n"
    mail += (
        "Content-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(PAGE.encode()).decode()
        + "\r\n--x--\r\n"
    )
    rules = [(80, y, 390, y) for y in (680, 640, 600)] + [(x, 600, x, 680) for x in (80, 240, 390)]
    return {
        "docx": word.bytes(body, numbering=numbering),
        "doc": old_word_file.read_bytes(),
        "pdf": pdf.bytes(
            [[(90, 650, "单位"), (250, 650, "时限"), (90, 610, "甲"), (250, 610, "乙")]] * 2, rules=rules
        ),
        "html": PAGE.encode("gb18030"),
        "mht": mail.encode(),
        "txt": "一、减负。\r\n　　二、融资。\n".encode() * 20,
    }


def ends_well(path):
    """Whether reading ends in an answer, rather than in a refusal; anything else is raised."""
    try:
        source = read_source(path)
    except UnreadableDocument as error:
        assert error.code.startswith("document-")
        assert "\n" not in str(error)
        return False
    assert source.text.strip()
    for table in source.tables:
        assert source.text[table.start : table.end] == "\n".join("\t".join(row) for row in table.rows)
    for mending in source.mended:
        assert source.text[mending.start : mending.end] == mending.became
    return True


@pytest.mark.parametrize("kind", ["docx", "doc", "html", "mht", "txt"])
def test_damaged_files_end_in_an_answer_or_a_refusal(tmp_path, seeds, kind):
    chance = random.Random(f"{kind} 1")
    path = tmp_path / f"notice.{kind}"
    path.write_bytes(seeds[kind])
    assert ends_well(path)
    answers = 0
    for number in range(2 * EACH if kind == "docx" else EACH):
        hurt = damaged_within if kind == "docx" and number % 2 else damaged
        path.write_bytes(hurt(seeds[kind], chance))
        answers += ends_well(path)
    assert answers or kind == "txt"  # a text with one wrong byte is refused, not guessed at


def test_damaged_pdf_files_end_in_an_answer_or_a_refusal(tmp_path, seeds):
    chance = random.Random("pdf 1")
    answers = 0
    for _ in range(EACH):
        try:
            answers += bool(text_of_pages(answer(damaged(seeds["pdf"], chance)), "").text)
        except Refused as refusal:
            assert refusal.code.startswith("document-")
    assert answers
    path = tmp_path / "notice.pdf"
    for _ in range(4):
        path.write_bytes(damaged(seeds["pdf"], chance))
        ends_well(path)


@pytest.mark.long
def test_an_hour_of_damaged_files(tmp_path, seeds):
    """HUIQI_FUZZ_MINUTES and HUIQI_FUZZ_SEED change how long and which."""
    seed = os.environ.get("HUIQI_FUZZ_SEED") or str(random.SystemRandom().getrandbits(32))
    end = time.monotonic() + 60 * float(os.environ.get("HUIQI_FUZZ_MINUTES", "60"))
    chance = random.Random(seed)
    tried = 0
    while time.monotonic() < end:
        kind = chance.choice([*seeds] * 5 + ["docx", "doc"] * 20)
        hurt = damaged_within if kind == "docx" and chance.random() < 0.7 else damaged
        path = tmp_path / f"{kind}-{seed}-{tried % 10}"
        path.write_bytes(hurt(seeds[kind], chance))
        ends_well(path)
        tried += 1
    assert tried
