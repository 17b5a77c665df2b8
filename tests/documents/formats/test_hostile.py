"""Files made to break a reader end in a refusal, soon."""

import io
import zipfile
import zlib

import pytest

from huiqi.documents.formats import limits


def with_part(raw, name, content):
    """The DOCX file with one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, content if each == name else old.read(each))
    return out.getvalue()


@pytest.fixture
def notice(word):
    return word.bytes(word.paragraph("一、总则"))


def test_a_part_that_grows_out_of_measure_is_refused(refusal, notice):
    bomb = b"<w:document>" + b" " * (3 << 20)
    assert refusal(with_part(notice, "word/document.xml", bomb)) == "document-hostile"


def test_a_part_beyond_the_limit_is_not_unpacked_whole(refusal, notice, monkeypatch):
    monkeypatch.setattr(limits, "MOST_MARKUP_BYTES", 1000)
    assert refusal(with_part(notice, "word/document.xml", b"<a>" * 2000)) == "document-hostile"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_before_they_are_read(refusal, notice, encoding):
    laughs = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    part = f'<?xml version="1.0" encoding="{encoding}"?>{laughs}<w:document xmlns:w="x">&b;</w:document>'
    assert refusal(with_part(notice, "word/document.xml", part.encode(encoding))) == "document-hostile"


def test_more_elements_than_memory_has_room_for_are_refused_before_they_are_built(refusal, word, monkeypatch):
    monkeypatch.setattr(limits, "MOST_TAGS", 1000)
    assert refusal(word.bytes("<w:p/>" * 1001)) == "document-too-large"
    assert refusal(("<html><body>" + "<p>一" * 1001).encode()) == "document-too-large"


def test_a_file_of_this_machine_is_never_read(refusal, notice):
    part = '<!DOCTYPE x SYSTEM "file:///etc/hostname"><w:document xmlns:w="x"/>'
    assert refusal(with_part(notice, "word/document.xml", part)) == "document-hostile"


def test_deep_nesting_is_refused_in_every_markup(refusal, notice, word):
    tables = "<w:tbl><w:tr><w:tc>" * 200 + word.paragraph("深") + "</w:tc></w:tr></w:tbl>" * 200
    assert refusal(word.bytes(tables)) == "document-hostile"
    page = "<html><body>" + "<div>" * 5000 + "深" + "</div>" * 5000
    assert refusal(page.encode()) == "document-hostile"


def test_a_page_nested_as_deep_as_sloppy_pages_are_is_read(read):
    page = "<html><body>" + "<div><font>" * 300 + "一、总则。" + "</body></html>"
    assert read(page.encode()).text == "一、总则。\n"


@pytest.mark.parametrize("across", ["501", "100000"])
def test_gigantic_spans_of_a_table_are_refused(refusal, word, across):
    page = (
        f'<html><body><table><tr><td colspan="{across}">甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>'
    )
    assert refusal(page.encode()) == "document-hostile"
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="{across}"/></w:tcPr>{word.paragraph("甲")}</w:tc>'
    rows = f"<w:tr>{cell}{cell}</w:tr>" * 2
    assert refusal(word.bytes(f"<w:tbl>{rows}</w:tbl>")) == "document-hostile"


def test_a_span_over_more_rows_than_there_are_ends_with_the_table(read):
    page = '<html><body><table><tr><td rowspan="65000">甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>'
    (table,) = read(page.encode()).tables
    assert table.rows == (("甲", "乙"), ("", "丙"))


def test_endless_text_is_refused(refusal, monkeypatch):
    monkeypatch.setattr(limits, "MOST_LINES", 1000)
    assert refusal(b"a\n" * 1001) == "document-too-large"
    monkeypatch.setattr(limits, "MOST_CHARACTERS", 1000)
    assert refusal(b"a" * 1001) == "document-too-large"


def test_a_line_without_end_is_refused(refusal, monkeypatch):
    monkeypatch.setattr(limits, "LONGEST_LINE", 1000)
    assert refusal("一".encode() * 1001) == "document-too-large"


def test_a_file_beyond_the_limit_is_not_read(tmp_path):
    from huiqi.documents.errors import UnreadableDocument
    from huiqi.documents.formats import read_source

    path = tmp_path / "notice.txt"
    with path.open("wb") as file:
        file.truncate(limits.MOST_BYTES + 1)
    with pytest.raises(UnreadableDocument) as caught:
        read_source(path)
    assert caught.value.code == "document-too-large"


def test_more_parts_than_any_document_has_are_refused(refusal, notice, monkeypatch):
    monkeypatch.setattr(limits, "MOST_PARTS", 2)
    assert refusal(notice) == "document-hostile"


def pdf_of(objects):
    """A PDF of raw objects, the first of which is the catalogue."""
    out = b"%PDF-1.4\n"
    for number, content in enumerate(objects, start=1):
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    return out + b"trailer << /Root 1 0 R /Size %d >>\n%%%%EOF\n" % (len(objects) + 1)


def test_pages_that_contain_themselves_end_in_a_refusal(refusal):
    circle = pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"])
    assert refusal(circle) == "document-damaged"


def test_a_form_that_draws_itself_ends(refusal):
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 4 0 R >> >> /Length 5 >>\n"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 5 0 R /Resources << /XObject << /F 4 0 R >> >> >>"
    raw = pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page,
            form + b"stream\n/F Do\nendstream",
            b"<< /Length 5 >>\nstream\n/F Do\nendstream",
        ]
    )
    assert refusal(raw) in {"document-hostile", "document-scanned", "document-damaged", "document-empty"}


def test_a_stream_that_unpacks_without_end_is_stopped(refusal, monkeypatch):
    monkeypatch.setattr(limits, "CHILD_SECONDS", 2)
    packed = zlib.compress(b"\0" * (64 << 20), 9)
    for _ in range(2):
        packed = zlib.compress(packed, 9)
    head = b"<< /Filter [/FlateDecode /FlateDecode /FlateDecode] /Length %d >>\nstream\n" % len(packed)
    raw = pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
            head + packed + b"\nendstream",
        ]
    )
    assert refusal(raw) == "document-too-slow"
