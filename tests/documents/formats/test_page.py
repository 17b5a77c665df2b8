import pytest

TITLE = "临江市人民政府关于稳住经济大盘的通知"
BODY = (
    "<p>各县（市、区）人民政府：</p>"
    "<p>&nbsp;&nbsp;&nbsp;&nbsp;为贯彻落实稳住经济\n大盘部署，经市政府同意，现就有关事项通知如下：<br>一、强化资金保障。</p>"
    "<p>市级财政安排纾困资金一亿元，对困难企业予以贷款贴息，单户最高不超过十万元，由市财政局牵头落实。</p>"
)
HEAD = (
    '<html><head><meta charset="{charset}"><title>' + TITLE + "_临江市人民政府</title>"
    f'<meta name="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="2022-06-08">'
    '<meta name="ContentSource" content="市政府办公室"><script>var a="<p>不是正文</p>";</script></head><body>'
)
SITE = (
    '<div class="nav"><a href="/">首页</a></div><div class="w">当前位置：<a href="/">首页</a> &gt; <a>政策文件</a></div>'
    "<table><tr><td>索引号：</td><td>015-1</td><td>发布机构：</td><td>临江市人民政府</td></tr>"
    "<tr><td>文　号：</td><td>临政发〔2022〕9号</td><td>成文日期：</td><td>2022年6月7日</td></tr></table>"
    f"<h1>{TITLE}</h1><div>发布时间：2022-06-08　来源：市政府办公室　字体：【大 中 小】</div>"
)
FOOT = (
    '<div class="bdsharebuttonbox">分享到：<a>微信</a></div><p><a>打印</a> <a>关闭</a></p>'
    "<div>主办单位：临江市人民政府　网站标识码：0000</div></body></html>"
)


def page(body=BODY, *, around='<div class="{name}">{body}</div>', name="TRS_Editor", charset="utf-8"):
    return HEAD.replace("{charset}", charset) + SITE + around.format(name=name, body=body) + FOOT


def lines(source):
    return source.text.splitlines()


@pytest.mark.parametrize(
    "name", ["TRS_Editor", "UCAP-CONTENT", "article-content", "zoom", "of-no-known-name"]
)
def test_the_document_is_found_in_its_site(read, name):
    source = read(page(name=name).encode())
    assert lines(source) == [
        TITLE,
        "各县（市、区）人民政府：",
        "为贯彻落实稳住经济大盘部署，经市政府同意，现就有关事项通知如下：",
        "一、强化资金保障。",
        "市级财政安排纾困资金一亿元，对困难企业予以贷款贴息，单户最高不超过十万元，由市财政局牵头落实。",
    ]
    assert source.format == "html"
    assert source.whole_paragraphs


def test_a_page_laid_out_by_tables_within_tables_gives_the_document_alone(read):
    record = (
        "<table><tr><td>索 引 号：</td><td>000-1</td><td>主题分类：</td><td>财政、金融</td></tr>"
        f'<tr><td>标　　题：</td><td colspan="3">{TITLE}</td></tr>'
        "<tr><td>发文字号：</td><td>临政发〔2022〕9号</td><td>发布日期：</td><td>2022年6月8日</td></tr></table>"
        "<table><tr><td>主 题 词：</td><td></td></tr></table>"
    )
    body = "<p>临江市人民政府</p><p>关于稳住经济大盘的通知</p>" + BODY + "<p>2022年6月7日 &nbsp; &nbsp;</p>"
    raw = (
        f"<html><body><div class='wrap'><table><tr><td>{record}</td></tr></table><br><table><tr><td><br>"
        f'<table><tr><td id="UCAP-CONTENT">{body}</td></tr><tr><td></td></tr></table>'
        "<div>扫一扫在手机打开当前页</div><table><tr><td><a href='#'>打印</a></td></tr></table></td></tr></table></div>"
    )
    source = read(raw.encode())
    assert lines(source)[:3] == ["临江市人民政府", "关于稳住经济大盘的通知", "各县（市、区）人民政府："]
    assert lines(source)[-1] == "2022年6月7日"
    assert source.tables == ()
    assert dict(source.hints)["number"] == "临政发〔2022〕9号"
    assert dict(source.hints)["title"] == TITLE


def test_what_was_dropped_is_recorded_and_what_the_page_says_of_the_document_is_kept(read):
    source = read(page().encode())
    dropped = " ".join(mending.printed for mending in source.mended if mending.kind == "page-furniture")
    for words in ("当前位置", "分享到", "打印", "网站标识码", "索引号"):
        assert words in dropped
    assert dict(source.hints) == {
        "title": TITLE,
        "published": "2022-06-08",
        "source": "市政府办公室",
        "index": "015-1",
        "publisher": "临江市人民政府",
        "number": "临政发〔2022〕9号",
        "dated": "2022年6月7日",
    }
    for mending in source.mended:
        assert source.text[mending.start : mending.end] == mending.became


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("gb2312", "gb18030"),
        ("utf-8", "utf-8"),
        ("gb2312", "utf-8"),
        ("utf-8", "gb18030"),
        ("utf-8", "utf-16"),
    ],
)
def test_the_encoding_is_found_even_where_the_page_lies(read, declared, encoding):
    source = read(page(charset=declared).encode(encoding))
    assert lines(source)[0] == TITLE


def test_a_page_saved_as_one_file_reads_like_the_page(read):
    import base64

    inner = base64.encodebytes(page(charset="gb2312").encode("gb18030")).decode()
    mail = (
        "From: <Saved by a browser>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="--=_x"\r\n\r\n'
        "----=_x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"{inner}\r\n----=_x--\r\n"
    )
    assert read(mail.encode(), "notice.mht").text == read(page().encode()).text


def test_tables_of_entries_are_kept_and_those_that_lay_out_the_page_are_not(read):
    entries = (
        '<table><tr><td rowspan="2">责任单位</td><td colspan="2">时限</td></tr>'
        "<tr><td>六月<br>底</td><td>十二月</td></tr></table>"
    )
    source = read(page(BODY + entries, around="<table><tr><td>{body}</td></tr></table>").encode())
    (table,) = source.tables
    assert table.rows == (("责任单位", "时限", ""), ("", "六月 底", "十二月"))
    assert source.text[table.start : table.end] == "责任单位\t时限\t\n\t六月 底\t十二月"
    assert "各县（市、区）人民政府：" in lines(source)


def test_lists_are_numbered_as_a_browser_prints_them(read):
    lists = (
        '<ol style="list-style-type: cjk-ideographic"><li>减负<ol><li>减税</li><li value="5">降费</li><li>缓缴</li></ol></li>'
        '<li>融资</li></ol><ol type="A" start="3"><li>甲</li></ol><ol><li>1.自带编号</li></ol><ul><li>无号</li></ul>'
    )
    shown = lines(read(page(BODY + lists).encode()))[-8:]
    assert shown == ["一、减负", "1. 减税", "5. 降费", "6. 缓缴", "二、融资", "C. 甲", "1.自带编号", "无号"]


def test_what_a_browser_hides_is_not_text(read):
    hidden = '<p style="display: none">看不见</p><!-- 注释 --><style>p{}</style><p hidden>也不见</p>'
    text = read(page(BODY + hidden).encode()).text
    assert "看不见" not in text
    assert "注释" not in text
    assert "也不见" not in text


def test_links_to_other_pages_below_are_dropped_but_attachments_stay(read):
    below = (
        '<p>附件：<a href="1.doc">任务分解表</a></p><p>临江市人民政府</p><p>2022年6月7日</p>'
        "<div>相关阅读</div><p><a>临江市召开稳增长会议</a></p><p><a>一图读懂</a></p>"
    )
    shown = lines(read(page(BODY + below).encode()))
    assert shown[-3:] == ["附件：任务分解表", "临江市人民政府", "2022年6月7日"]


def test_a_date_that_signs_the_document_and_a_clause_named_like_a_list_of_links_stay(read):
    below = "<p>政策解读</p><p>由市财政局及时解读本通知，回应企业关切。</p><p>2022-06-07</p>"
    assert lines(read(page(BODY + below).encode()))[-3:] == [
        "政策解读",
        "由市财政局及时解读本通知，回应企业关切。",
        "2022-06-07",
    ]


def test_a_document_within_the_part_to_be_printed_is_no_button(read):
    source = read(page(BODY * 5, around='<div id="print-area"><div>{body}</div></div>').encode())
    assert lines(source)[1] == "各县（市、区）人民政府："


def test_a_document_beginning_with_its_own_title_has_it_once(read):
    assert lines(read(page(f"<p>{TITLE}</p>" + BODY).encode())).count(TITLE) == 1


def test_a_page_without_text_is_refused(refusal):
    assert refusal(b"<html><body><script>load()</script></body></html>") == "document-empty"
