"""Texts of places that do not exist, in the styles of official documents, against what a reader finds in them.

Each outline is one clause a line: path | heading. The text before the first number has an empty path.
"""

import datetime
from pathlib import Path

import pytest

from huiqi.documents import read_document

TEXTS = Path(__file__).parent / "texts"

OUTLINES = {
    "xinghe-detailed-rules": """
        第一章 | 总则
        第一章/第一条 |
        第一章/第二条 |
        第二章 | 使用与管理
        第二章/第三条 | 使用额度
        第二章/第四条 | 使用期限
        第二章/第四条/（一） |
        第二章/第四条/（二） |
        第二章/第五条 | 延长期限
        第二章/第五条/1 |
        第二章/第五条/2 |
        第三章 | 附则
        第三章/第六条 |
        第三章/第七条 |
    """,
    "baishan-department-notice": """
        |
        一 | 支持对象
        二 | 支持标准
        二/（一） | 设备补助
        二/（二） | 贴息补助
        三 | 申报程序
        三/1 | 企业申报
        三/2 | 县级初审
        四 | 有关要求
        附件1 |
        附件2/一 | 申报条件
        附件2/二 | 申报材料
        附件2/二/（一） |
        附件2/二/（二） |
        附件3 |
    """,
    "liuhe-joint-notice": """
        |
        一 | 奖补对象
        二 | 奖补方式
        二/（一） | 分档奖补
        二/（二） | 加强管理
        三 | 工作要求
    """,
    "qingtan-decimal-plan": """
        1 | 总则
        1/1.1 | 编制目的
        1/1.2 | 工作原则
        2 | 组织体系
        2/2.1 | 领导小组
        2/2.1/2.1.1 | 组长
        2/2.1/2.1.2 | 成员
        2/2.1/2.1.2/（1） |
        2/2.1/2.1.2/（2） |
        2/2.2 | 办公室
        3 | 响应程序
        3/3.1 | 受理
        3/3.2 | 办结
    """,
    "wanquan-opinion": """
        |
        一 | 主要目标
        二 | 重点任务
        二/（一） | 降低成本
        二/（二） | 优化服务
        二/（三） | 畅通融资
        二/（四） | 做好清欠
        三 | 组织保障
    """,
    "haiyan-web-copy": """
        |
        强化金融支持 | 强化金融支持
        强化金融支持/1 | 降低贷款利率
        强化金融支持/2 | 扩大信用贷款
        减轻税费负担 | 减轻税费负担
        减轻税费负担/3 | 减免房租
        减轻税费负担/4 | 缓缴社保
        保障措施 | 保障措施
    """,
    "pingchuan-printed-pages": """
        |
        一 | 工作目标
        二 | 主要任务
        二/（一） | 优化登记服务
        二/（二） | 加大金融支持
        二/（三） | 减免租金
        三 | 保障措施
    """,
    "nanpu-task-measures": """
        措施1 | 减免场地租金
        措施2 | 发放消费券
        措施2/（1） |
        措施2/（2） |
        措施3 | 做好用工服务
        措施4 | 兑现奖补
    """,
    "huaichuan-web-notice": """
        一 | 促进消费
        一/（一） | 加大补贴
        一/（二） | 举办活动
        二 | 扩大投资
        二/（三） | 抓项目
        附件 |
    """,
    "anyangchuan-growth-plan": """
        |
        一 | 主要目标
        一/（一） | 总量目标
        一/（二） | 质量目标
        二 | 重点任务
        二/（一） | 减免房租
        二/（二） | 贷款贴息
        二/（二）/1 | 对首贷户贴息
        二/（二）/2 | 对续贷户贴息
        二/（三） | 培育工程
        二/（三）/1 | “小巨人”培育工程
        二/（三）/1/专栏1 | 培育目标
        二/（四） | 用工保障
        三 | 保障措施
    """,
    "linhai-translated-measures": """
        第一章 | General Provisions
        第一章/第一条 |
        第一章/第二条 |
        第二章 | Support
        第二章/第三条 | Rent is cut by two months
        第二章/第三条/（1） |
        第二章/第三条/（2） |
    """,
    "dongling-two-attachments": """
        融资畅通/一 | 总体目标
        融资畅通/二 | 主要任务
        融资畅通/二/（一） | 建平台
        融资畅通/二/（一）/1） |
        融资畅通/二/（一）/2） |
        融资畅通/二/（二） | 降费率
        用工保障/一 | 总体目标
        用工保障/二 | 主要任务
        用工保障/二/（一） | 招聘会
    """,
}


def read(name):
    return read_document(TEXTS / f"{name}.txt")


@pytest.mark.parametrize("name", OUTLINES)
def test_clauses_and_headings_are_those_of_a_reader(name):
    expected = [
        tuple(part.strip() for part in line.split("|")) for line in OUTLINES[name].strip().splitlines()
    ]
    clauses = [clause for plan in read(name).plans for clause in plan.clauses]
    assert [(clause.path, clause.heading) for clause in clauses] == expected


def day(printed):
    return datetime.date.fromisoformat(printed) if printed else None


FRONT = {
    # name: number, issuers, date of issue, the text's own date, printed on
    "xinghe-detailed-rules": (
        "星政规〔2030〕12号",
        "星河县人民政府",
        "2030-11-23",
        "2030-11-23",
        "2030-11-24",
    ),
    "baishan-department-notice": (
        "白工信企业〔2031〕18号",
        "白杉市工业和信息化局",
        "2031-04-08",
        "2031-04-08",
        None,
    ),
    "liuhe-joint-notice": (
        "柳财金〔2030〕45号",
        "柳河省财政厅 柳河省工业和信息化厅 中国人民银行柳河省分行",
        "2030-09-02",
        "2030-09-02",
        "2030-09-03",
    ),
    "qingtan-decimal-plan": (None, "", None, None, None),
    "wanquan-opinion": (
        None,
        "中共万泉市委办公室 万泉市人民政府办公室",
        "2030-05-06",
        "2030-04-28",
        None,
    ),
    "haiyan-web-copy": ("海政发〔2030〕5号", "海雁市人民政府", "2030-03-15", "2030-03-15", None),
    "pingchuan-printed-pages": (None, "平川县人民政府办公室", "2030-07-09", "2030-07-09", None),
    "nanpu-task-measures": (
        "南政办函〔2030〕31号",
        "南浦自治州人民政府办公室",
        "2030-08-01",
        "2030-08-01",
        None,
    ),
    "huaichuan-web-notice": (
        "怀政办发〔2033〕9号",
        "怀川市人民政府办公室",
        "2033-03-15",
        "2033-03-15",
        None,
    ),
    "dongling-two-attachments": (
        "东企组办〔2030〕6号",
        "东岭市中小企业工作领导小组办公室",
        "2030-10-08",
        "2030-10-08",
        None,
    ),
}


@pytest.mark.parametrize("name", FRONT)
def test_number_offices_and_days_are_those_printed(name):
    front = read(name).front
    number, issuers, issued, own, printed = FRONT[name]
    assert (front.number, front.issuers) == (number, tuple(issuers.split()))
    assert (front.date, front.text_date, front.printed_on) == (day(issued), day(own), day(printed))


TITLES = {
    "xinghe-detailed-rules": "星河县人民政府关于印发《星河县小微企业应急转贷资金管理实施细则（试行）》的通知",
    "liuhe-joint-notice": (
        "柳河省财政厅柳河省工业和信息化厅中国人民银行柳河省分行关于开展小微企业融资担保降费奖补工作的通知"
    ),
    "wanquan-opinion": "中共万泉市委办公室万泉市人民政府办公室印发《关于促进民营经济发展的实施意见》的通知",
    "haiyan-web-copy": "海雁市人民政府关于支持小微企业稳定发展的若干措施",
    "anyangchuan-growth-plan": "安阳川市中小企业成长三年行动计划（2030—2032年）",
    "linhai-translated-measures": "Measures of Linhai City for Supporting Small Enterprises",
    "huaichuan-web-notice": (
        "怀川市人民政府办公室关于印发《怀川市贯彻落实〈关于打好经济增长主动仗的若干政策措施〉实施方案》的通知"
    ),
    "pingchuan-printed-pages": "平川县促进个体工商户发展工作方案",
}


@pytest.mark.parametrize("name", TITLES)
def test_titles_are_whole_though_printed_in_several_lines(name):
    assert read(name).front.title == TITLES[name]


def test_addressees_and_copies_are_listed_office_by_office():
    front = read("xinghe-detailed-rules").front
    assert front.addressees == ("各镇人民政府", "各街道办事处", "县政府各部门", "各直属机构")
    assert front.copies == ("县委办公室", "县人大常委会办公室", "县政协办公室", "县法院", "县检察院")
    assert read("liuhe-joint-notice").front.copies == (
        *("财政部", "工业和信息化部", "省委办公厅", "省政府办公厅"),
    )
    assert read("haiyan-web-copy").front.addressees == ("各县（市、区）人民政府", "市政府各部门")


def test_documents_cited_have_title_and_number():
    cited = read("xinghe-detailed-rules").front.cited
    assert [(each.title, each.number) for each in cited] == [
        ("东湖市小微企业转贷资金管理办法", "东政办规〔2029〕3号"),
        (None, "东政办规〔2029〕8号"),
    ]
    joint = read("liuhe-joint-notice")
    assert [(each.title, each.number) for each in joint.front.cited] == [
        (
            "国务院办公厅关于有效发挥政府性融资担保基金作用切实支持小微企业和“三农”发展的指导意见",
            "国办发〔2019〕6号",
        ),
        ("柳河省进一步优化营商环境若干措施", None),
        (None, "柳政办发〔2030〕9号"),
    ]
    for each in joint.front.cited:
        assert joint.source.text[each.start : each.end] == each.printed


def test_contact_and_open_note_are_kept_apart():
    front = read("baishan-department-notice").front
    assert front.contact == ("联系人：王某；联系电话：0000-1234567。",)
    assert front.open_note == "（信息公开形式：主动公开）"


def test_a_table_is_one_row_a_line_and_opens_no_clause():
    table = read("baishan-department-notice").clause("附件1")
    assert table.text.split("\n")[1] == "1\t甲厂\t80\t8"


@pytest.mark.parametrize(
    ("name", "path", "text"),
    [
        ("liuhe-joint-notice", "二/（一）/二是", "对费率0.5%至1%的，按0.6%奖补；"),
        ("liuhe-joint-notice", "二/（一）/三是", "其余机构不予奖补。"),
        ("liuhe-joint-notice", "二/（二）/第一", "建立台账。各市按月更新。"),
        ("liuhe-joint-notice", "一/③", "支小支农占比80%以上。"),
        ("wanquan-opinion", "二/（一）/2", "减税费。落实普惠性税收减免；"),
        ("wanquan-opinion", "二/（一）/3", "降电价。工商业电价下降5%。"),
        ("wanquan-opinion", "三/二是", "强化调度。每月调度一次。"),
    ],
)
def test_lists_inside_a_paragraph_are_cited_entry_by_entry(name, path, text):
    document = read(name)
    point = document.clause(path)
    assert point.text == text
    assert point not in document.clauses()
    assert point.text in document.clause(path.rpartition("/")[0]).text
    assert document.source.text[point.start : point.end].endswith(text)


@pytest.mark.parametrize(
    ("name", "cited", "path"),
    [
        ("qingtan-decimal-plan", "2.1.2", "2/2.1/2.1.2"),
        ("dongling-two-attachments", "附件2/二/（一）", "用工保障/二/（一）"),
        ("dongling-two-attachments", "东岭市融资畅通行动方案/一", "融资畅通/一"),
        ("nanpu-task-measures", "措施2/（一）", "措施2/（1）"),
        ("haiyan-web-copy", "3", "减轻税费负担/3"),
        ("xinghe-detailed-rules", "第四条/（二）", "第二章/第四条/（二）"),
    ],
)
def test_clauses_are_found_as_a_person_cites_them(name, cited, path):
    assert read(name).clause(cited).path == path


def test_what_a_web_page_prints_around_the_text_is_no_clause():
    document = read("haiyan-web-copy")
    page = [margin.text for margin in document.margins if margin.kind == "page"]
    assert len(page) == 13
    assert document.front.published_on == datetime.date(2030, 3, 20)
    assert "扫一扫" not in "".join(clause.text for clause in document.clauses())


def test_lines_broken_by_pages_are_joined_and_every_mending_has_its_place():
    document = read("pingchuan-printed-pages")
    assert document.clause("一").body == (
        "到2031年底,全县个体工商户达到2.5万户，带动就业6万人以上，其中新登记2500户左右."
    )
    assert document.clause("二/（二）").text.split("\n")[1:] == [
        "责任单位：县财政局、县人社局",
        "完成时限：2031年6月底前",
    ]
    kinds = {each.kind for each in document.mended}
    assert kinds == {"line-joined", "furniture-dropped"}
    for each in document.mended:
        if each.kind == "furniture-dropped":
            assert document.source.text[each.start : each.end] == each.printed


def test_a_label_glued_to_the_line_before_opens_its_clause():
    document = read("wanquan-opinion")
    assert document.clause("二/（二）").text == "优化服务。企业诉求实行闭环办理。（市工信局牵头）"
    assert document.clause("二/（三）").body == "首贷户增长10%。"


def test_dates_below_a_signature_are_no_part_of_a_clause():
    assert read("pingchuan-printed-pages").clause("三").body.endswith("予以通报.")
    assert read("liuhe-joint-notice").clause("三").body == "各地要于每年3月底前报送总结。"


def test_a_draft_says_so_in_its_title_and_a_list_of_contents_is_furniture():
    document = read("huaichuan-web-notice")
    plan, attached = document.plans
    assert plan.title.endswith("实施方案（征求意见稿）")
    assert (attached.short_name, attached.title) == ("附件", "重点项目清单")
    assert [margin.text for margin in document.margins if margin.kind == "furniture"] == [
        *("目  录", "一、促进消费", "二、扩大投资"),
    ]


def test_a_document_does_not_cite_itself():
    assert [each.title for each in read("huaichuan-web-notice").front.cited] == [
        "关于打好经济增长主动仗的若干政策措施"
    ]
