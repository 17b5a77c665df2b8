"""The ways notices attribute, each with the offices, roles and nothing else that they say."""

import pytest

from huiqi.documents.agencies import Declared, Place, read_agencies

DATONG, HONGHE, YUNNAN = (Place.of(code) for code in ("1402", "5325", "53"))


def told(text, place=DATONG, declared=None):
    """The reading as a short line: role=names, in printed order; 等 at the end where others are left out."""
    reading = read_agencies(text, place, declared)
    words = [f"{mention.printed}={mention.role}" for mention in reading.mentions]
    return " ".join(words + ["等"] * reading.and_others)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("办好事。（市财政局牵头，市工信局、市商务局配合）", "市财政局=lead 市工信局=with 市商务局=with"),
        ("办好事。（市财政局负责）", "市财政局=responsible"),
        ("办好事。（市财政局具体负责）", "市财政局=responsible"),
        ("办好事。（市财政局、市工信局分别牵头）", "市财政局=lead 市工信局=lead"),
        ("办好事。（市财政局、市工信局按照职责分工负责）", "市财政局=by_duty 市工信局=by_duty"),
        ("办好事。（市财政局、市工信局、按职责分工负责）", "市财政局=by_duty 市工信局=by_duty"),
        ("办好事。（市财政局、市工信局按职责分工落实）", "市财政局=implement 市工信局=implement"),
        ("办好事。（市财政局统筹，各县区人民政府落实）", "市财政局=lead 各县区人民政府=implement"),
        ("办好事。（市财政局牵头负责）", "市财政局=lead"),
        ("办好事。（市工信局牵头，市直有关部门）", "市工信局=lead 市直有关部门=with"),
        ("办好事。（市工信局会同市财政局负责）", "市工信局=responsible 市财政局=with"),
        ("办好事。（市工信局牵头，会同市财政局、市税务局实施）", "市工信局=lead 市财政局=with 市税务局=with"),
        ("办好事。（市工信局负责，市能源局指导）", "市工信局=responsible 市能源局=with"),
        (
            "办好事。（市商务局负责批发零售、餐饮业，市文旅局负责住宿业）",
            "市商务局=responsible 市文旅局=responsible",
        ),
        (
            "办好事。(市工信局牵头;市财政局、市商务局,各县区人民政府按照职责分工负责)",
            "市工信局=lead 市财政局=by_duty 市商务局=by_duty 各县区人民政府=by_duty",
        ),
        (
            "办好事。（市工信局等按照职责分工负责，各县（区）政府抓落实）",
            "市工信局=by_duty 各县（区）政府=implement 等",
        ),
        ("办好事。（市工信局牵头，市商务局等有关单位按职责分工负责）", "市工信局=lead 市商务局=by_duty 等"),
        (
            "办好事。（市工信局等市级有关部门及链长办、各产业链专班按照职责分工负责）",
            "市工信局=by_duty 链长办=by_duty 各产业链专班=by_duty 等",
        ),
        ("办好事。（市工信局负责，完成时限：2022年12月前）", "市工信局=responsible"),
        ("办好事。（市工信局负责，2022年12月底前）", "市工信局=responsible"),
        ("办好事。（2022年6月底前完成，市工信局负责）", "市工信局=responsible"),
        ("办好事。（市工信局（市中小企业局）负责）", "市工信局（市中小企业局）=responsible"),
        ("办好事。〔市工信局牵头〕", "市工信局=lead"),
        ("办好事。（市财政局、市工信\n局负责）", "市财政局=responsible 市工信局=responsible"),
        ("办好事。（市财政局、市工信局）", "市财政局=responsible 市工信局=responsible"),
        ("办好事。（此项工作由市工信局牵头）", "市工信局=lead"),
        ("办好事。（市医保局、市卫健委等分工负责）", "市医保局=by_duty 市卫健委=by_duty 等"),
        ("办好事。（市工信局主办，市财政局协办）", "市工信局=responsible 市财政局=with"),
        (
            "办好事。（市工信局、财政局等市有关部门和各县（市、区）人民政府按职责分工负责）",
            "市工信局=by_duty 财政局=by_duty 各县（市、区）人民政府=by_duty 等",
        ),
        ("补贴（市财政局负责）；培训（市人社局牵头）。", "市财政局=responsible 市人社局=lead"),
    ],
)
def test_a_closing_bracket(text, expected):
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("办好事。（责任单位：市财政局、市工信局）", "市财政局=responsible 市工信局=responsible"),
        ("办好事。(责任 单位:市财政局)", "市财政局=responsible"),
        ("办好事。（责任单位：市财政局、市工信局按职责分工负责）", "市财政局=by_duty 市工信局=by_duty"),
        (
            "办好事。（责任单位：市财政局，各县区人民政府负责落实，以下措施均需各县区人民政府落实，不再列出。）",
            "市财政局=responsible 各县区人民政府=implement",
        ),
        (
            "办好事。（责任单位：市税务局、市财政局等有关单位）",
            "市税务局=responsible 市财政局=responsible 等",
        ),
        ("办好事。责任单位：市财政局、市工信局", "市财政局=responsible 市工信局=responsible"),
        ("办好事。【责任单位：市财政局】", "市财政局=responsible"),
        ("办好事。【责任单位】市财政局、市工信局", "市财政局=responsible 市工信局=responsible"),
        ("办好事。牵头单位：市金融办；配合单位：市财政局。", "市金融办=lead 市财政局=with"),
        ("办好事。（牵头单位：市金融办，责任单位：市财政局）", "市金融办=lead 市财政局=responsible"),
        ("责任单位：市工信局（牵头）、市财政局", "市工信局=lead 市财政局=responsible"),
        ("负责部门：市财政局；适用范围：各县区人民政府、市属企业。", "市财政局=responsible"),
        (
            "办好事。\n牵头部门：市国资委\n责任单位：市财政局、\n各县（市、区）人民政府\n完成时限：2023年6月底",
            "市国资委=lead 市财政局=responsible 各县（市、区）人民政府=responsible",
        ),
        ("办好事。\n责任单位：\n市财政局\n完成时限：长期", "市财政局=responsible"),
        ("办好事。\n责任单位：市财政局　　完成时限：2022年底", "市财政局=responsible"),
        (
            "责任单位：市财政局（由市工信局牵头，市商务局配合）",
            "市财政局=responsible 市工信局=lead 市商务局=with",
        ),
        ("▲责任单位：市财政局", "市财政局=responsible"),
        ("1. 牵头单位：市发改委\n2. 配合单位：市财政局", "市发改委=lead 市财政局=with"),
        ("牵头单位\t市发改委、市财政局\n配合单位\t市工信局", "市发改委=lead 市财政局=lead 市工信局=with"),
        ("序号\t任务\t责任单位\n1\t减税\t市税务局", "市税务局=responsible"),
        (
            "序号\t任务\t牵头单位\t配合单位\t完成时限\n1\t减税\t市税务局\t市财政局、市工信局\t年底前\n2\t稳岗\t市人社局\t\t持续推进",
            "市税务局=lead 市财政局=with 市工信局=with 市人社局=lead",
        ),
        ("牵头单位\t市财政局\n完成时限\t年底前\n工作内容\t减税", "市财政局=lead"),
        (
            "办好事。\n责任单位：市人社局 市财政局 市税务局",
            "市人社局=responsible 市财政局=responsible 市税务局=responsible",
        ),
        ("办好事。（市市场监管局/市行政审批局）", "市市场监管局=responsible 市行政审批局=responsible"),
        (
            "办好事。（县国资中心、县机关事务中心，6月底前完成）",
            "县国资中心=responsible 县机关事务中心=responsible",
        ),
        (
            "办好事。（市税务局、市财政局，各县〔市、区〕政府，列第一位的为牵头单位，下同。以下均需各县〔市、区〕政府落实，不再列出）",
            "市税务局=lead 市财政局=with 各县〔市、区〕政府=with",
        ),
        (
            "办好事。（责任单位：市发展改革委、市财政局；以下各项均需各县、市、区政府落实，不再列出）",
            "市发展改革委=responsible 市财政局=responsible",
        ),
        ("办好事。\n责任单位：市财政局\n责任人：张三", "市财政局=responsible"),
        ("办好事。\n落实单位：市财政局\n协办单位：市税务局", "市财政局=implement 市税务局=with"),
    ],
)
def test_a_unit_line(text, expected):
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("由市财政局牵头，市商务局配合，制定办法。", "市财政局=lead 市商务局=with"),
        ("各县区人民政府负责本辖区清欠工作。市级财政安排资金。", "各县区人民政府=responsible"),
        ("市工信局、市财政局按照职责分工负责。", "市工信局=by_duty 市财政局=by_duty"),
        ("市工信局牵头制定办法。", "市工信局=lead"),
        ("此项工作由市工信局牵头负责，市财政局配合。", "市工信局=lead 市财政局=with"),
        ("实行市长负责制。企业负责人负责制定计划。", ""),
        ("本方案由市工信局负责解释。", ""),
        ("市工信局组织专家。加强与市财政局、市税务局的沟通。", ""),
        ("各县（区）、各部门要加强政策研究。", ""),
        ("企业负责人应当到场（法定代表人、财务负责人）。", ""),
        ("由市工信局负责汇总。（市财政局牵头）", "市财政局=lead"),
        ("规上（规模以上）企业（含个体工商户）给予奖励（以下简称奖补）。", ""),
        ("报州清欠办（市财政局）审核。", ""),
    ],
)
def test_running_text_counts_only_where_it_opens_with_the_attribution_and_nothing_formal_stands(
    text, expected
):
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "（Provincial Department of Finance牵头,省商务厅配合）",
            "Provincial Department of Finance=lead 省商务厅=with",
        ),
        (
            "Do it. (The Provincial Department of Finance takes the lead, the relevant provincial departments are "
            "responsible, and the state and municipal people's governments cooperate)",
            "Provincial Department of Finance=lead relevant provincial departments=responsible "
            "state and municipal people's governments=with",
        ),
        (
            "Do it. (Led by the Provincial Department of Commerce, with the cooperation of relevant units)",
            "Provincial Department of Commerce=lead relevant units=with",
        ),
        (
            "Do it. (The Provincial Tax Office and the Provincial Energy Bureau are responsible in accordance with "
            "their duties and division of labor)",
            "Provincial Tax Office=by_duty Provincial Energy Bureau=by_duty",
        ),
        (
            "Do it. (Each member unit shall implement it according to their responsibilities)",
            "Each member unit=implement",
        ),
        ("Do it (see the annex). (This item is public)", ""),
    ],
)
def test_a_machine_translated_copy(text, expected):
    assert told(text, YUNNAN) == expected


def test_an_office_is_resolved_with_the_division_carried_on():
    reading = read_agencies("建平台。（省发展改革委、工业和信息化厅、财政厅按职责分工负责）", YUNNAN)
    assert [mention.agency for mention in reading.mentions] == [
        "云南省发展和改革委员会",
        "云南省工业和信息化厅",
        "云南省财政厅",
    ]


def test_governments_may_be_named_by_their_divisions_alone():
    reading = read_agencies("（昆明市、曲靖市人民政府负责）", YUNNAN)
    assert [mention.agency for mention in reading.mentions] == ["昆明市人民政府", "曲靖市人民政府"]


def test_an_unknown_office_is_kept_as_printed():
    reading = read_agencies("供好气。（市能源局、大同煤气公司负责）", DATONG)
    assert [(each.printed, each.agency) for each in reading.mentions] == [
        ("市能源局", "大同市能源局"),
        ("大同煤气公司", None),
    ]


def test_names_of_a_text_of_an_unknown_place_are_split_but_not_resolved():
    reading = read_agencies("（市文化和旅游局和市财政局，各县（市、区）人民政府负责）", Place())
    assert [(each.printed, each.agency) for each in reading.mentions] == [
        ("市文化和旅游局", None),
        ("市财政局", None),
        ("各县（市、区）人民政府", None),
    ]


def test_the_first_leads_where_the_document_or_the_bracket_says_so():
    assert (
        told("（责任单位：市工信局、市财政局）", declared=Declared(first_leads=True))
        == "市工信局=lead 市财政局=with"
    )
    assert told("（市工信局、市财政局按职责分工负责）", declared=Declared(first_leads=True)) == (
        "市工信局=by_duty 市财政局=by_duty"
    )
    assert told("[责任单位：市财政局、市税务局，排在首位为牵头单位，下同]") == "市财政局=lead 市税务局=with"


def test_offsets_and_spans_are_those_of_the_text():
    text = "办好事。\n（责任 单位：市财 政局、市工信局）"
    reading = read_agencies(text, DATONG)
    assert [text[each.start : each.end] for each in reading.mentions] == ["市财 政局", "市工信局"]
    assert [each.printed for each in reading.mentions] == ["市财政局", "市工信局"]
    assert [text[start:end] for start, end in reading.spans] == ["（责任 单位：市财 政局、市工信局）"]
