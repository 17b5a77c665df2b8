"""Classes of sentences, after the examples of docs/sentence-classes.md and others that are as invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.documents import read_document
from huiqi.documents.sentences import KINDS, class_of, class_sentences

TEXT = """青岚县助企办法

为稳住市场主体，制定本办法。

一、总体要求
坚持问题导向、分类施策。
二、主要措施
（一）减免房租。对小微企业免收三个月租金。鼓励商场与商户共渡难关。（责任单位：县国资局）
（二）数据共享。建立银企信息共享机制。
三、保障措施
各乡镇要加强领导，压实责任。各乡镇于每月5日前报送台账。
四、附则
本办法自印发之日起施行。
"""


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("为落实省政府助企部署，结合本县实际，制定本细则。", "citation"),
        ("对新入规企业，一次性奖励5万元。", "benefit"),
        ("落实失业保险稳岗返还政策，返还比例提高到90%。", "benefit"),
        ("鼓励商业银行对受灾小微企业办理无还本续贷，不得抽贷断贷。", "benefit"),
        ("引导平台下调餐饮商户服务费。", "benefit"),
        ("每户最高不超过10万元。", "benefit"),
        ("支出的见习费用不计入社会保险缴费基数。", "benefit"),
        ("支出的见习费用可以在计算应纳税所得额时扣除。", "benefit"),
        ("构建优质中小企业梯度培育体系。", "status"),
        ("支持企业申报省级技术创新中心。", "status"),
        ("年底前培育省级“小巨人”企业30户以上。", "target"),
        ("力争清欠率高于全市平均水平。", "target"),
        ("编制涉企收费目录清单并向社会公布。", "duty"),
        ("各乡镇于每月5日前报送台账。", "duty"),
        ("加快项目审批，协调解决用地问题。", "duty"),
        ("建立银企信息共享机制，推动数据互联互通。", "mechanism"),
        ("优化专项资金支出结构，向小微企业倾斜。", "mechanism"),
        ("支持中小企业参与城市更新项目。", "encouragement"),
        ("推动大企业向中小企业开放场景。", "encouragement"),
        ("通过网站、微信等渠道开展政策解读。", "publicity"),
        ("选树一批先进典型，营造良好氛围。", "publicity"),
        ("各部门要加强领导，压实责任，密切配合。", "organisation"),
        ("对落实不力的单位予以通报约谈。", "organisation"),
    ],
)
def test_the_examples_of_the_definition_have_their_class(sentence, kind):
    assert class_of(sentence).kind == kind


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("落实好国家和省各项纾困政策。", "duty"),
        ("加大对各县区的转移支付力度，兜牢基层底线。", "duty"),
        ("严厉打击骗取留抵退税行为。", "duty"),
        ("广泛宣传减税降费和稳岗补贴政策。", "publicity"),
        ("对成绩突出的单位给予表彰奖励。", "organisation"),
        ("鼓励房东适当减免租金。", "encouragement"),
        ("每月召开调度会2次，协调解决问题。", "organisation"),
        ("举办招聘活动，为高校毕业生搭建平台。", "duty"),
    ],
)
def test_what_resembles_a_promise_is_told_from_it(sentence, kind):
    assert class_of(sentence).kind == kind


def test_the_heading_decides_where_no_word_does():
    assert class_of("树立大局观念，久久为功。", ["组织保障"]).kind == "organisation"
    assert class_of("树立大局观念，久久为功。", ["（一）工作思路"]).kind == "citation"
    assert class_of("树立大局观念，久久为功。").kind == "duty"


def test_widths_quotes_and_line_breaks_do_not_matter():
    printed = "对“专精特新”企业，一次性奖励50000元。"
    assert class_of("对 «专精特新»企业,一次性\n奖励５００００元.") == class_of(printed)


def test_a_title_in_the_sentence_decides_nothing():
    assert class_of("落实《中小企业奖励补贴资金管理办法》，组织业务对接。").kind != "benefit"


def test_machine_translated_sentences_are_classed_too():
    assert (
        class_of("Enterprises that hire graduates receive a one-time subsidy of 1,500 yuan.").kind
        == "benefit"
    )
    assert class_of("Carry out publicity through websites.").kind == "publicity"


def test_every_sentence_says_why():
    verdict = class_of("对个体工商户免收摊位费。")
    assert (verdict.kind, verdict.rule, verdict.cue) == ("benefit", "cut", "免收摊位费")


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "qinglan.txt"
    path.write_text(TEXT, encoding="utf-8")
    return read_document(path)


def test_a_document_is_classed_clause_by_clause(document):
    kinds = {path: [each.kind for each in found] for path, found in class_sentences(document).items()}
    assert kinds == {
        "": ["citation"],
        "一": ["heading", "citation"],
        "二": ["heading"],
        "二/（一）": ["heading", "benefit", "encouragement", "attribution"],
        "二/（二）": ["heading", "mechanism"],
        "三": ["heading", "organisation", "duty"],
        "四": ["heading", "closing"],
    }


def test_the_sentences_of_a_clause_hold_all_its_words_once(document):
    for clause in document.clauses():
        spans = [(each.start, each.end) for each in class_sentences(document)[clause.path]]
        held = [at for start, end in spans for at in range(start, end)]
        assert held == sorted(set(held))
        assert {at for at, each in enumerate(clause.text) if not each.isspace()} <= set(held)


@given(
    st.text(
        alphabet="对企业给予补贴奖励免收租金培育家制定办法宣传督查，。；（）《》0１%元每月前报送 a",
        max_size=60,
    )
)
def test_every_sentence_whatever_it_says_has_one_class_and_a_reason(sentence):
    verdict = class_of(sentence)
    assert verdict.kind in KINDS
    assert verdict.rule
    assert class_of(sentence) == verdict


CONDITIONS = """青岚县助企办法

一、稳岗
（一）稳岗返还。符合下列条件的单位可以享受稳岗返还：一是足额缴费满12个月。二是不属于严重违法失信企业。三是裁员率不高于5.5%。政策执行至2022年12月31日。各乡镇要加强宣传。
（二）做好服务。重点抓好以下工作：一是建立台账。二是上门走访。
"""


def test_the_conditions_that_a_benefit_lists_belong_to_it(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text(CONDITIONS, encoding="utf-8")
    classed = class_sentences(read_document(path))
    kinds = [each.kind for each in classed["一/（一）"] if each.kind != "heading"]
    assert kinds[:3] == ["benefit", "benefit", "benefit"]
    assert kinds[3:] == ["closing", "publicity"]
    assert "benefit" not in {each.kind for each in classed["一/（二）"]}
