import pytest

PROSE = "市级财政安排“专精特新”资金，对困难企业予以贷款贴息，"


def notice(pages, *, header="临江市人民政府公报", rows=20):
    """Pages of prose with a header and a page number between dashes."""
    return [
        [
            (200, 800, header),
            *((90, 760 - 28 * row, PROSE + str(row) + "。") for row in range(rows)),
            (280, 40, f"— {number} —"),
        ]
        for number in range(1, pages + 1)
    ]


def test_lines_and_quotes_stay_as_printed_and_what_repeats_is_dropped(read, pdf):
    source = read(pdf.bytes(notice(4)), "notice.pdf")
    assert source.text.splitlines() == [f"{PROSE}{row}。" for row in range(20)] * 4
    assert source.format == "pdf"
    assert not source.whole_paragraphs
    dropped = [(mending.kind, mending.printed) for mending in source.mended]
    assert dropped.count(("page-header", "临江市人民政府公报")) == 4
    assert ("page-number", "— 3 —") in dropped
    for mending in source.mended:
        assert source.text[mending.start : mending.end] == mending.became == ""


def test_what_repeats_in_the_middle_of_pages_stays(read, pdf):
    pages = [[(90, 420, "责任单位：市财政局"), (90, 700, f"第{number}项措施")] for number in range(1, 6)]
    assert read(pdf.bytes(pages)).text.splitlines() == [
        words for number in range(1, 6) for words in (f"第{number}项措施", "责任单位：市财政局")
    ]


def test_bare_page_numbers_are_dropped_where_they_grow_with_the_pages(read, pdf):
    pages = [[(90, 700, f"甲{number}"), (290, 30, str(number + 4))] for number in range(1, 4)]
    assert read(pdf.bytes(pages)).text.splitlines() == ["甲1", "甲2", "甲3"]
    assert read(pdf.bytes([[(90, 700, "合计"), (90, 60, "120")]])).text.splitlines() == ["合计", "120"]


def test_two_columns_are_read_one_after_the_other_below_their_common_title(read, pdf):
    rows = range(12)
    page = [
        (120, 780, "临江市人民政府关于稳住经济大盘若干措施的通知公告全文"),
        *((60, 740 - 24 * row, f"左栏第{row}行文字文字文字文字") for row in rows),
        *((320, 740 - 24 * row, f"右栏第{row}行文字文字文字文字") for row in rows),
    ]
    shown = read(pdf.bytes([page])).text.splitlines()
    assert shown[1:13] == [f"左栏第{row}行文字文字文字文字" for row in rows]
    assert shown[13:] == [f"右栏第{row}行文字文字文字文字" for row in rows]


def test_ruled_tables_are_kept_as_rows(read, pdf):
    words = [(100, 660, "责任单位"), (250, 660, "时限"), (100, 620, "市财政局"), (250, 620, "六月底")]
    rules = [(90, y, 390, y) for y in (680, 640, 600)] + [(x, 600, x, 680) for x in (90, 240, 390)]
    source = read(pdf.bytes([[(90, 720, "任务分解表"), *words, (90, 560, "表后")]], rules=rules))
    (table,) = source.tables
    assert table.rows == (("责任单位", "时限"), ("市财政局", "六月底"))
    assert source.text == "任务分解表\n责任单位\t时限\n市财政局\t六月底\n表后\n"


def test_radicals_that_stand_for_characters_become_those(read, pdf):
    from huiqi.documents.formats.pdf_text import write_pages

    line = ["⼀、⼈⺠政府", 90, 200, 100, 114, 14]
    writer = write_pages([{"picture": 0, "turned": "", "height": 842, "lines": [line], "tables": []}])
    assert writer.text == "一、人民政府\n"
    assert [(each.printed, each.became) for each in writer.mended] == [("⼀", "一"), ("⼈⺠", "人民")]


def test_fonts_that_tell_no_characters_are_refused():
    from huiqi.documents.formats.pdf_text import write_pages
    from huiqi.documents.formats.refusals import Refused

    line = ["(cid:12)(cid:7)(cid:99)", 90, 200, 100, 114, 14]
    with pytest.raises(Refused) as caught:
        write_pages([{"picture": 0, "turned": "", "height": 842, "lines": [line], "tables": []}])
    assert caught.value.code == "document-unreadable"


def test_a_watermark_across_the_page_is_dropped_and_recorded(read, pdf):
    source = read(pdf.bytes([[(90, 700, "一、总则")]], watermark="内部资料"))
    assert source.text == "一、总则\n"
    assert [(each.kind, each.printed) for each in source.mended] == [("turned-text", "内部资料")]


def test_scanned_and_locked_files_are_refused_with_the_reason(refusal, pdf):
    assert refusal(pdf.scanned(2)) == "document-scanned"
    assert refusal(pdf.bytes(notice(1), password="geheim")) == "document-locked"
    assert refusal(b"%PDF-1.7 \xe4\xb8\x80") == "document-damaged"
