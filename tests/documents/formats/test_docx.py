import re

import pytest


def lines(source):
    return source.text.splitlines()


def kinds(source):
    return [(mending.kind, mending.printed) for mending in source.mended]


@pytest.fixture
def outline(word):
    """Lists 1 (一、（一）1.), 2 (circled) and 3, which continues 2 from five on."""
    first = (
        word.level(0, "chineseCountingThousand", "%1、", '<w:pStyle w:val="Part"/>')
        + word.level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="Item"/>')
        + word.level(2, "decimal", "%3.")
    )
    return (
        f'<w:abstractNum w:abstractNumId="1">{first}</w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="2">{word.level(0, "decimalEnclosedCircle", "%1")}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="2"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )


def test_automatic_numbers_are_in_the_text_as_they_print(read, word, outline):
    p = word.paragraph
    body = (
        p("临江市稳增长措施")
        + p("减负", number=(1, 0))
        + p("减税", number=(1, 1))
        + p("留抵退税", number=(1, 2))
        + p("缓缴", number=(1, 2))
        + p("降费", number=(1, 1))
        + p("社保", number=(1, 2))
        + p("融资", number=(1, 0))
        + p("贴息", number=(1, 1))
    )
    source = read(word.bytes(body, numbering=outline))
    assert lines(source) == [
        "临江市稳增长措施",
        "一、减负",
        "（一）减税",
        "1.留抵退税",
        "2.缓缴",
        "（二）降费",
        "1.社保",
        "二、融资",
        "（一）贴息",
    ]
    assert source.format == "docx"
    assert source.whole_paragraphs
    assert re.fullmatch("[0-9a-f]{64}", source.digest)


def test_numbers_come_from_styles_too_and_can_be_switched_off(read, word, outline):
    styles = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="N"/>'
        '<w:style w:type="paragraph" w:styleId="Part"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Item"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Narrow"><w:basedOn w:val="Item"/></w:style>'
    )
    p = word.paragraph
    body = (
        p("甲", style="Part")
        + p("乙", style="Item")
        + p("丙", style="Narrow")
        + p("丁", style="Part", number=(0, 0))
    )
    source = read(word.bytes(body + p("戊", style="Part"), numbering=outline, styles=styles))
    assert lines(source) == ["一、甲", "（一）乙", "（二）丙", "丁", "二、戊"]


def test_a_list_starts_anew_where_the_file_says_so_and_once_only(read, word, outline):
    p = word.paragraph
    body = p("甲", number=(2, 0)) + p("乙", number=(2, 0)) + p("丙", number=(3, 0)) + p("丁", number=(3, 0))
    source = read(word.bytes(body + p("戊", number=(2, 0)), numbering=outline))
    assert lines(source) == ["①甲", "②乙", "⑤丙", "⑥丁", "⑦戊"]


@pytest.mark.parametrize(("restart", "third"), [("", "1.丙"), ('<w:lvlRestart w:val="0"/>', "2.丙")])
def test_a_level_counts_on_where_it_never_restarts(read, word, restart, third):
    levels = word.level(0, "japaneseCounting", "第%1条 ") + word.level(1, "decimal", "%2.", restart)
    numbering = (
        f'<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    p = word.paragraph
    body = p("甲", number=(1, 0)) + p("乙", number=(1, 1)) + p("又", number=(1, 0)) + p("丙", number=(1, 1))
    assert lines(read(word.bytes(body, numbering=numbering))) == ["第一条 甲", "1.乙", "第二条 又", third]


def test_numbers_of_several_levels_print_together_and_in_plain_figures_where_legal(read, word):
    levels = word.level(0, "upperRoman", "%1. ") + word.level(1, "decimal", "%1.%2 ", "<w:isLgl/>")
    numbering = (
        f'<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    body = "".join(
        word.paragraph(words, number=(1, level)) for words, level in [("甲", 0), ("乙", 0), ("丙", 1)]
    )
    assert lines(read(word.bytes(body, numbering=numbering))) == ["I. 甲", "II. 乙", "2.1 丙"]


def test_what_was_deleted_is_dropped_and_recorded_what_was_inserted_stays(read, word):
    runs = (
        "<w:del><w:r><w:delText>五万元</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>十万元</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom>"
    )
    source = read(word.bytes(word.paragraph("每户补助", runs=runs)))
    assert source.text == "每户补助十万元\n"
    assert kinds(source) == [("deleted-revision", "五万元"), ("deleted-revision", "旧")]
    assert [mending.start for mending in source.mended] == [4, 7]


def test_paragraphs_whose_mark_was_deleted_run_together(read, word):
    first = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半，</w:t></w:r></w:p>"
    assert read(word.bytes(first + word.paragraph("后半。"))).text == "前半，后半。\n"


def test_hidden_text_codes_and_tables_of_contents_are_not_text(read, word):
    def mark(kind):
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    contents = (
        word.paragraph(
            runs=mark("begin") + "<w:r><w:instrText> TOC \\o </w:instrText></w:r>" + mark("separate")
        )
        + word.paragraph("一、减负 3")
        + word.paragraph(runs=mark("end"))
    )
    date = mark("begin") + "<w:r><w:instrText> DATE </w:instrText></w:r>" + mark("separate")
    circled = mark("begin") + r"<w:r><w:instrText> eq \o\ac(○,3) </w:instrText></w:r>" + mark("end")
    body = (
        contents
        + word.paragraph(runs=date + "<w:r><w:t>2022年6月7日</w:t></w:r>" + mark("end"))
        + word.paragraph("看得见", runs="<w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r>")
        + word.paragraph(runs=circled + "<w:r><w:t>丙</w:t></w:r>")
    )
    source = read(word.bytes(body))
    assert lines(source) == ["2022年6月7日", "看得见", "③丙"]
    assert ("contents", "一、减负 3") in kinds(source)
    assert ("hidden-text", "看不见") in kinds(source)


def test_a_table_of_contents_without_end_swallows_nothing(read, word):
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
    separate = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    body = word.paragraph(runs=begin + separate) + word.paragraph("一、减负") + word.paragraph("正文。")
    assert lines(read(word.bytes(body))) == ["一、减负", "正文。"]


def test_breaks_within_a_paragraph_are_lines_and_tabs_stay(read, word):
    runs = "<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t><w:br w:type='page'/></w:r>"
    assert read(word.bytes(word.paragraph(runs=runs))).text == "甲\n乙\t丙\n"


def test_tables_are_rows_of_cells_with_merged_ones_once(read, word):
    def cell(words, more=""):
        return f"<w:tc><w:tcPr>{more}</w:tcPr>{word.paragraph(words)}</w:tc>"

    rows = (
        f"<w:tr>{cell('单位', '<w:vMerge w:val=' + chr(34) + 'restart' + chr(34) + '/>')}"
        f"{cell('时限', '<w:gridSpan w:val=' + chr(34) + '2' + chr(34) + '/>')}</w:tr>"
        f"<w:tr>{cell('', '<w:vMerge/>')}{cell('六月')}{cell('十二月')}</w:tr>"
    )
    source = read(word.bytes(word.paragraph("表前") + f"<w:tbl>{rows}</w:tbl>" + word.paragraph("表后")))
    (table,) = source.tables
    assert table.rows == (("单位", "时限", ""), ("", "六月", "十二月"))
    assert source.text[table.start : table.end] == "单位\t时限\t\n\t六月\t十二月"
    assert lines(source)[0] == "表前"
    assert lines(source)[-1] == "表后"


def test_a_frame_around_the_text_is_no_table(read, word):
    inner = word.paragraph("临江市人民政府文件") + word.paragraph("临政发〔2022〕9号")
    source = read(word.bytes(f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"))
    assert lines(source) == ["临江市人民政府文件", "临政发〔2022〕9号"]
    assert source.tables == ()


def test_notes_stand_behind_the_text_boxes_behind_their_paragraph_headers_nowhere(read, word):
    box = (
        "<w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>急件</w:t></w:r></w:p></w:txbxContent>"
        "</mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>急件</w:t></w:r></w:p></w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    source = read(
        word.bytes(
            word.paragraph("每户十万元", runs=note + box) + word.paragraph("止"),
            footnotes='<w:footnote w:id="2"><w:p><w:r><w:t>按年计。</w:t></w:r></w:p></w:footnote>',
            header="<w:p><w:r><w:t>内部资料</w:t></w:r></w:p>",
        )
    )
    assert lines(source) == ["每户十万元", "急件", "止", "注1：按年计。"]
    assert ("page-header", "内部资料") in kinds(source)
    for mending in source.mended:
        assert source.text[mending.start : mending.end] == mending.became
