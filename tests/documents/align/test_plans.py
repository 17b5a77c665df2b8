"""Which plan below carries out which plan, or which clause, above."""

import pytest

from huiqi.documents.align import align

ABOVE = """某省支持企业发展工作方案

一、组织实施专项行动

（一）融资便利专项行动。引导银行业金融机构扩大首贷、信用贷规模，降低综合融资成本，对受困企业不抽贷、不断贷。（省地方金融监管局牵头）

（二）稳岗就业专项行动。实施失业保险稳岗返还，返还比例提高到90%，对招用高校毕业生的企业给予扩岗补助。（省人力资源社会保障厅牵头）

（三）清欠活企专项行动。全面排查拖欠中小企业账款，建立台账，2023年底前全部清偿。（省工业和信息化厅牵头）

二、强化保障

（一）强化宣传。通过报纸、电视、网络宣传惠企政策，营造良好氛围。
"""
BELOW = """某省支持企业发展融资便利专项行动实施方案
省地方金融监管局

为落实工作要求，制定本实施方案。

一、工作目标
扩大首贷、信用贷规模，降低综合融资成本。

二、工作措施
（一）扩大信贷投放。引导银行业金融机构扩大首贷、信用贷规模，单列信贷计划。（省地方金融监管局负责）
（二）帮扶受困企业。对受困企业不抽贷、不断贷，做好延期还本付息。（省地方金融监管局负责）

某省支持企业发展稳岗就业专项行动实施方案
省人力资源社会保障厅

为落实工作要求，制定本实施方案。

一、工作目标
稳定就业岗位。

二、工作措施
（一）稳岗返还。实施失业保险稳岗返还，返还比例提高到60%。（省人力资源社会保障厅负责）
（二）扩岗补助。对招用高校毕业生的企业给予扩岗补助。（省人力资源社会保障厅负责）
"""


@pytest.fixture(scope="module")
def alignment(written):
    return align(written(ABOVE, "one-plan"), written(BELOW, "two-plans"))


def test_a_clause_above_is_carried_out_by_the_plan_of_its_name(alignment):
    assert {each.subordinate: each.root for each in alignment.plans} == {
        "融资便利": "一/（一）",
        "稳岗就业": "一/（二）",
    }
    pairs = {pair.superior.path: [each.path for each in pair.subordinate] for pair in alignment.pairs}
    assert {"融资便利/二/（一）", "融资便利/二/（二）"} <= set(pairs["一/（一）"])
    assert {"稳岗就业/二/（一）", "稳岗就业/二/（二）"} <= set(pairs["一/（二）"])


def test_a_plan_that_was_not_issued_is_missing(alignment):
    assert alignment.missing_plans == ("清欠活企专项行动",)
    assert "一/（三）" in [each.path for each in alignment.dropped]


def test_what_a_plan_says_beyond_the_clause_is_no_difference_but_what_it_changes_is(alignment):
    pair = next(each for each in alignment.pairs if each.superior.path == "一/（二）")
    assert [(each.kind, each.superior.printed, each.subordinate.printed) for each in pair.differences] == [
        ("figure", "90%", "60%")
    ]


def test_plans_are_paired_by_name_though_the_level_and_the_order_differ(written):
    turned = BELOW.split("某省支持企业发展稳岗就业")
    other = "某市支持企业发展稳岗就业" + turned[1].replace("省", "市") + "\n" + turned[0].replace("省", "市")
    alignment = align(written(BELOW, "two-plans"), written(other, "turned"))
    assert {each.superior: each.subordinate for each in alignment.plans} == {
        "融资便利": "融资便利",
        "稳岗就业": "稳岗就业",
    }
    assert alignment.missing_plans == () and alignment.added_plans == ()
    assert alignment.dropped == () and alignment.added == ()
    assert [each for pair in alignment.pairs for each in pair.differences] == []


def test_a_plan_of_the_superior_that_the_subordinate_did_not_issue(written):
    only = BELOW.split("某省支持企业发展稳岗就业", maxsplit=1)[0]
    second = (
        only.replace("融资便利", "市场开拓").replace("信贷", "展会").replace("首贷、信用贷", "参展、办展")
    )
    alignment = align(written(BELOW, "two-plans"), written(only + second, "other-plans"))
    assert "稳岗就业" in alignment.missing_plans
    assert "融资便利" not in alignment.missing_plans
