"""What copies of other places print otherwise; every text is invented."""

import pytest

from huiqi.documents import read_document
from huiqi.documents.agencies import place_of
from huiqi.documents.outline import outline
from huiqi.documents.sentences import class_sentences

LETTER = """青岚省人民政府办公厅
关于印发青岚省激发市场主体活力若干措施的
通　　知
青政办规〔2034〕7号

各市、县、自治县人民政府，省政府直属各单位：
《青岚省激发市场主体活力若干措施》已经省政府同意，现印发给你们，请认真组织实施。

青岚省人民政府办公厅
2034年4月18日

青岚省激发市场主体活力若干措施

当前，我省经济运行总体平稳，但面临的困难仍然较多。为提振信心，现制定10条措施。
一、稳投资
1.对新开工的仓库，按投资额的2%给予补助。
"""
PAGE = """青岚省推进服务业提质增效行动计划
发布日期：2034-04-22 16:05　来源：

青政办发〔2034〕35号

为推动服务业提质增效，制定本行动计划。
一、总体要求
稳字当头。
"""
UNTITLED = """各区人民政府，各有关单位：
《兰川市中小企业工作要点》已经市政府同意，现印发给你们，请认真组织实施。
兰川市人民政府办公室
2034年3月31日
兰川市中小企业工作要点
为做好今年工作，制定如下要点：
一、工作目标
新增企业100家。
"""
EXTRACT = """兰川市支持企业渡过难关若干措施

三、降低成本
10.减免房租。对承租国有房屋的商户，免收2个月租金。（市国资委牵头）
11.增设补贴。给予3个月的运营补贴。（市人社局牵头）
12.延长期限。贷款可以展期。（市金融办牵头）
"""
DECREE = """兰川市促进中小企业发展条例

《兰川市促进中小企业发展条例》已于2034年9月29日修订通过，现予公布，自2034年11月1日起施行。
兰川市人民代表大会常务委员会
2034年9月29日

第一章　总则
第一条　为了促进中小企业发展，制定本条例。
第二条　本条例适用于本市促进中小企业发展的活动。
本条例所称中小企业，是指符合国家标准的企业。
第二章　扶持
第三条　市财政每年安排不少于3000万元专项资金。资金由县工信局会同县财政局管理。
第四条　企业首次年产值突破1亿元的，奖励10万元。同一企业晋档的，补足差额。
第五条　对获得下列认定的企业给予一次性奖励：
（一）单项冠军，奖励100万元；
（二）小巨人，奖励20万元。
"""


@pytest.fixture
def read(tmp_path):
    def reading(text):
        path = tmp_path / "text.txt"
        path.write_text(text, encoding="utf-8")
        return read_document(path)

    return reading


def test_a_title_may_end_in_a_word_set_wide(read):
    front = read(LETTER).front
    assert front.title == "青岚省人民政府办公厅关于印发青岚省激发市场主体活力若干措施的通知"
    assert (front.number, front.addressees) == (
        "青政办规〔2034〕7号",
        ("各市、县、自治县人民政府", "省政府直属各单位"),
    )


def test_what_stands_before_the_first_number_tells_the_occasion(read):
    kinds = {path: [each.kind for each in found] for path, found in class_sentences(read(LETTER)).items()}
    assert kinds[""] == ["citation", "citation"]
    assert kinds["通知"] == ["citation"]
    assert kinds["一/1"] == ["benefit"]


def test_a_number_below_the_frame_of_a_page_is_the_documents(read):
    assert read(PAGE).front.number == "青政办发〔2034〕35号"


def test_a_letter_without_a_title_is_called_after_what_it_issues(read):
    document = read(UNTITLED)
    assert document.title == "兰川市中小企业工作要点"
    assert document.letter is not None


def test_an_extract_may_begin_with_any_number(read):
    document = read(EXTRACT)
    assert [clause.path for clause in document.clauses()] == ["三", "三/10", "三/11", "三/12"]
    found = {each.path: [office.printed for office in each.agencies] for each in outline(document).clauses()}
    assert found["三/11"] == ["市人社局"]


def test_the_signature_of_a_decree_is_no_part_of_the_text(read):
    document = read(DECREE)
    assert [margin.text for margin in document.margins if margin.kind == "closing"] == [
        "兰川市人民代表大会常务委员会",
        "2034年9月29日",
    ]
    assert str(document.date) == "2034-09-29"


def test_a_first_sentence_that_rules_something_is_no_heading(read):
    document = read(DECREE)
    assert {clause.heading for clause in document.clauses() if "条" in clause.path} == {""}
    kinds = {path: [each.kind for each in found] for path, found in class_sentences(document).items()}
    assert kinds["第二章/第四条"] == ["benefit", "benefit"]
    assert kinds["第二章/第五条"] == ["benefit"]
    assert kinds["第二章/第三条"][0] == "benefit"


@pytest.mark.parametrize(
    ("first", "heading"),
    [
        ("根据本地实际，对纳税确有困难的纳税人给予减免。", ""),
        ("对新开业的书店，每家奖励2万元。", ""),
        ("本措施自2034年5月1日起施行，有效期2年。", ""),
        ("延续实施降低失业保险费率。", "延续实施降低失业保险费率"),
        ("对接企业需求，精准服务。", "对接企业需求，精准服务"),
        ("增量扩面，加大信贷投放力度。", "增量扩面，加大信贷投放力度"),
    ],
)
def test_headings_name_what_follows(read, first, heading):
    text = f"兰川市若干措施\n一、稳企业\n1.{first}符合条件的可以享受。\n2.减租金。减两个月。\n"
    assert read(text).clause("一/1").heading == heading


def test_an_office_that_acts_jointly_is_no_county(read):
    assert place_of(read(DECREE)).region is None
