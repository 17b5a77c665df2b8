"""What is inside a file decides, not its name."""

import io
import zipfile
import zlib

import pytest
from attached_files import PAGE, PAGES, active_pdf, locked_pdf, pdf, picture, raw_pdf
from PIL import Image

from huiqi.portal.acts.refusals import Refused
from huiqi.portal.applications.content import checked


def code_of(ending, content):
    with pytest.raises(Refused) as caught:
        checked(ending, content)
    [finding] = caught.value.findings
    assert finding.mend, "a refusal says how to mend it"
    return finding.code


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        (".pdf", pdf(3)),
        (".PDF", pdf()),
        (".png", picture()),
        (".jpg", picture("JPEG")),
        (".jpeg", picture("JPEG")),
    ],
)
def test_scans_photos_and_prints_are_taken(ending, content):
    made = checked(ending, content)
    assert made.kind == ending.lower().lstrip(".").replace("jpeg", "jpg")
    if made.kind == "pdf":
        assert made.content == content
    else:
        with Image.open(io.BytesIO(made.content)) as kept:
            assert kept.size == (40, 30)


def archive():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("evil.exe", "MZ")
    return made.getvalue()


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        (".pdf", picture()),
        (".png", picture("JPEG")),
        (".jpg", pdf()),
        (".png", b"<svg onload='alert(1)'/>"),
        (".pdf", b"MZ\x90\0" + pdf()),
        (".pdf", archive()),
    ],
)
def test_files_that_lie_about_their_type_are_refused(ending, content):
    assert code_of(ending, content) == "attachment-content"


@pytest.mark.parametrize("ending", [".exe", ".svg", ".html", ".docx", ".pdf.exe", ""])
def test_other_endings_are_refused(ending):
    assert code_of(ending, pdf()) == "attachment-ending"


def test_an_empty_file_is_refused():
    assert code_of(".pdf", b" \n") == "attachment-empty"


@pytest.mark.parametrize(
    "what",
    [
        b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>",
        b"/OpenAction << /S /Launch /F (cmd.exe) >>",
        b"/Names << /EmbeddedFiles << /Names [(a) << /F (a.exe) >>] >> >>",
        b"/AcroForm << /XFA (x) /Fields [] >>",
        b"/AA << /WC << /S /SubmitForm /F (http) >> >>",
        b"/OpenAction << /S /#4aavaScript /#4aS (app.alert\\(1\\)) >>",
    ],
)
def test_a_pdf_that_does_something_is_refused(what):
    assert code_of(".pdf", active_pdf(what)) == "attachment-active"


def test_a_pdf_that_hides_its_program_in_a_compressed_part_is_refused():
    hidden = b"4 0 << /S /JavaScript /JS (app.alert\\(1\\)) >>"
    packed = zlib.compress(hidden)
    stream = b"<< /Type /ObjStm /N 1 /First 4 /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (
        len(packed),
        packed,
    )
    content = raw_pdf(b"<< /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R >>", PAGES, PAGE)
    body, _xref, _rest = content.partition(b"xref\n")
    at = len(body)
    made = body + b"5 0 obj\n%b\nendobj\n" % stream
    start = len(made)
    places = [body.index(b"%d 0 obj" % number) for number in (1, 2, 3)]
    rows = b"\0\0\0\0\xff" + b"".join(b"\1" + place.to_bytes(3, "big") + b"\0" for place in places)
    rows += b"\2\0\0\5\0" + b"\1" + at.to_bytes(3, "big") + b"\0" + b"\1" + start.to_bytes(3, "big") + b"\0"
    table = b"<< /Type /XRef /Size 7 /W [1 3 1] /Root 1 0 R /Length %d >>\nstream\n%b\nendstream" % (
        len(rows),
        rows,
    )
    made += b"6 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, start)
    assert code_of(".pdf", made) == "attachment-active"


def test_a_locked_pdf_is_refused():
    assert code_of(".pdf", locked_pdf()) == "attachment-locked"


def test_a_pdf_with_something_behind_it_is_refused():
    assert code_of(".pdf", pdf() + archive()) == "attachment-polyglot"


def test_a_pdf_cut_off_is_refused():
    assert code_of(".pdf", pdf()[:-200]) in ("attachment-polyglot", "attachment-unreadable")


def test_a_pdf_of_too_many_pages_is_refused():
    assert code_of(".pdf", pdf(201)) == "attachment-pages"


def test_a_picture_that_unpacks_to_too_much_is_refused():
    head = b"\x89PNG\r\n\x1a\n"

    def chunk(name, body):
        return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    size = (60_000).to_bytes(4, "big") * 2
    bomb = head + chunk(b"IHDR", size + b"\x01\0\0\0\0") + chunk(b"IDAT", zlib.compress(bytes(10_000)))
    assert code_of(".png", bomb + chunk(b"IEND", b"")) == "attachment-pixels"


@pytest.mark.parametrize("content", [picture()[:-30], picture("JPEG")[:-30], b"\xff\xd8\xff\xe0\0"])
def test_a_picture_cut_off_is_refused(content):
    ending = ".png" if content.startswith(b"\x89PNG") else ".jpg"
    assert code_of(ending, content) == "attachment-unreadable"


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_what_stands_behind_a_picture_and_where_it_was_taken_is_left_out(form):
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Maker of the phone", 6
    content = picture(form, exif=exif) + archive()
    kept = checked(".png" if form == "PNG" else ".jpg", content).content
    assert b"Maker of the phone" in content
    assert b"Maker of the phone" not in kept
    assert b"evil.exe" not in kept
    if form == "JPEG":
        with Image.open(io.BytesIO(kept)) as opened:
            assert dict(opened.getexif()) == {0x0112: 6}
