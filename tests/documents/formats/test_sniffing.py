import io
import zipfile

import pytest

PAGE = "<!DOCTYPE html><html><body><p>一、总则。坚持少跑腿。</p></body></html>".encode()


def zipped(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, "<x/>")
    return out.getvalue()


def test_a_lying_name_changes_nothing(read, word, pdf, old_word_file):
    files = {
        "docx": word.bytes(word.paragraph("一、总则")),
        "pdf": pdf.bytes([[(90, 700, "一、总则")]]),
        "doc": old_word_file.read_bytes(),
        "html": PAGE,
        "txt": "一、总则".encode(),
    }
    for kind, raw in files.items():
        for name in ("notice.txt", "notice.pdf", "notice.doc", "notice"):
            assert read(raw, name).format == kind


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (zipped("xl/workbook.xml"), "document-format"),
        (zipped("OFD.xml"), "document-format"),
        (zipped("notice.txt"), "document-format"),
        (b"PK\x03\x04rest", "document-damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "document-damaged"),
        (b"{\\rtf1 x}", "document-format"),
        (b"\x89PNG\r\n", "document-scanned"),
        (b"\xff\xd8\xff\xe0", "document-scanned"),
        (b'<?xml version="1.0"?><w:wordDocument/>', "document-format"),
    ],
)
def test_other_formats_are_refused_by_their_name(refusal, raw, code):
    assert refusal(raw, "notice.docx") == code


def test_a_text_that_begins_with_an_angle_bracket_is_a_text(read):
    assert read("<临江市>一、总则".encode()).format == "txt"
