import codecs
import hashlib

import pytest

TEXT = "一、总体要求\r\n坚持少跑腿。１０％\n"


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.encode("gbk"), "gb18030"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with its mark", "gb18030", "gbk", "utf-16-le", "utf-16-be"],
)
def test_the_encodings_of_official_copies_are_read_and_the_text_stays_as_it_is(read, raw, encoding):
    source = read(raw, "notice.txt")
    assert source.text == TEXT
    assert source.encoding == encoding
    assert source.digest == hashlib.sha256(raw).hexdigest()
    assert source.format == "txt"
    assert not source.whole_paragraphs


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("一、总则".encode() + b"\0", "document-unreadable"),
        (TEXT.encode("utf-16-le"), "document-unreadable"),
        (b"\xff\xfe\x00\xd8", "document-damaged"),
        (b"\x80\x81\xff" * 40, "document-unreadable"),
        (b"\x01\x02\x03\x04" * 40, "document-unreadable"),
        (b"", "document-empty"),
        (b"\xef\xbb\xbf \n", "document-empty"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(refusal, raw, code):
    assert refusal(raw) == code


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    from huiqi.documents.errors import UnreadableDocument
    from huiqi.documents.formats import read_source

    for path in (tmp_path / "nothing.txt", tmp_path):
        with pytest.raises(UnreadableDocument) as caught:
            read_source(path)
        assert caught.value.code == "document-missing"
