import codecs
import hashlib

import pytest

from huiqi.documents import UnreadableDocument
from huiqi.documents.text_files import LARGEST_FILE, read_text_file

TEXT = "一、总体要求\n坚持少跑腿。\n"


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("gb18030"),
        TEXT.encode("gbk"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with its mark", "gb18030", "gbk", "utf-16-le", "utf-16-be"],
)
def test_the_encodings_of_official_copies_are_read(tmp_path, raw):
    path = tmp_path / "notice.txt"
    path.write_bytes(raw)
    file = read_text_file(path)
    assert file.text == TEXT
    assert file.digest == hashlib.sha256(raw).hexdigest()


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"%PDF-1.7 \xe4\xb8\x80", "PDF"),
        (b"PK\x03\x04rest", "DOCX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Word"),
        ("一、总则".encode() + b"\0", "NUL"),
        (TEXT.encode("utf-16-le"), "NUL"),
        (b"\xff\xfe\x00\xd8", "damaged"),
        (b"\x80\x81\xff" * 40, "neither UTF-8 nor GB18030"),
        (b"\x01\x02\x03\x04" * 40, "binary"),
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(tmp_path, raw, why):
    path = tmp_path / "notice.txt"
    path.write_bytes(raw)
    with pytest.raises(UnreadableDocument, match=why) as caught:
        read_text_file(path)
    assert "\n" not in str(caught.value)
    assert "notice.txt" in str(caught.value)


def test_a_file_beyond_the_limit_is_not_even_read(tmp_path):
    path = tmp_path / "notice.txt"
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(UnreadableDocument, match=str(LARGEST_FILE)):
        read_text_file(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "nothing.txt", tmp_path):
        with pytest.raises(UnreadableDocument, match="not a file"):
            read_text_file(path)


def test_a_file_of_endless_lines_is_refused(tmp_path):
    path = tmp_path / "notice.txt"
    path.write_bytes(b"a\n" * 1_000_001)
    with pytest.raises(UnreadableDocument, match="lines"):
        read_text_file(path)
