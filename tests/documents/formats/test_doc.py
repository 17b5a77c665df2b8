import pytest

LINES = [
    "临江市人民政府文件",
    "一、总则",
    "（一）目标",
    "（二）任务",
    "二、措施",
    "（一）资金",
    "①甲事",
    "②乙事",
    "⑤重来",
    "不编号",
    "补助十万元。",
    "第一行",
    "第二行\t后",
]


@pytest.mark.parametrize(
    ("name", "kind"), [("notice.doc", "doc"), ("notice.wps", "wps"), ("notice.txt", "doc")]
)
def test_an_old_word_file_reads_with_its_automatic_numbers(read, old_word_file, name, kind):
    source = read(old_word_file.read_bytes(), name)
    assert source.text.splitlines()[: len(LINES)] == LINES
    assert source.format == kind
    assert source.whole_paragraphs


def test_revisions_notes_boxes_and_headers_of_an_old_word_file_are_recorded(read, old_word_file):
    source = read(old_word_file.read_bytes())
    told = {mending.kind: mending.printed for mending in source.mended}
    assert told["deleted-revision"] == "五万元"
    assert told["page-header"] == "内部资料"
    assert source.text.splitlines()[-2:] == ["注1：按次年计。", "急件"]
    for mending in source.mended:
        assert source.text[mending.start : mending.end] == mending.became


def test_tables_of_an_old_word_file_keep_their_rows(read, old_word_file):
    source = read(old_word_file.read_bytes())
    (table,) = source.tables
    assert table.rows[0][:2] == ("单位", "时限")
    assert table.rows[1] == ("", "六月 底", "十二月")
    assert source.text[table.start : table.end] == "\n".join("\t".join(row) for row in table.rows)


def test_a_container_whose_chains_run_in_circles_is_refused(refusal, old_word_file):
    raw = bytearray(old_word_file.read_bytes())
    at = 512 * (int.from_bytes(raw[76:80], "little") + 1)
    raw[at : at + 512] = b"\1\0\0\0" * 128
    assert refusal(bytes(raw)) == "document-damaged"


def test_an_encrypted_old_word_file_is_refused_as_locked(refusal, old_word_file):
    raw = bytearray(old_word_file.read_bytes())
    at = raw.index(b"\xec\xa5")
    raw[at + 11] |= 1
    assert refusal(bytes(raw)) == "document-locked"
