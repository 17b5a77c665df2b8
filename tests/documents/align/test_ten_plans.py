"""The provincial ten plans, partly machine-translated, beside Honghe's: what a reader of both texts finds."""

import pytest

from huiqi.documents import read_document
from huiqi.documents.align import align
from huiqi.documents.align.chain import align_chain
from huiqi.documents.outline import outline

pytestmark = pytest.mark.documents

PLANS = (
    *(
        "财政惠企",
        "减税降费（一）",
        "减税降费（二）",
        "融资便利（一）",
        "融资便利（二）",
        "融资便利（三）",
        "稳岗就业",
        "保通保畅",
    ),
    *("清欠活企", "创新创业", "企业培优", "复工复产", "融通发展（一）", "融通发展（二）", "融通发展（三）"),
)
RENUMBERED = {
    "财政惠企/二/（六）": ["财政惠企/二/（五）"],
    "融资便利（二）/二/（五）": ["融资便利（二）/二/（六）"],
    "融资便利（二）/二/（六）": ["融资便利（二）/二/（七）"],
    "稳岗就业/二/（五）": ["稳岗就业/二/（四）"],
    "稳岗就业/二/（十）": ["稳岗就业/二/（九）"],
    "融通发展（二）/二/（六）": ["融通发展（二）/二/（五）"],
    "融通发展（二）/三/（四）": ["融通发展（二）/三/（三）"],
}
SPLIT = {
    "融资便利（三）/二/（二）": {
        "融资便利（三）/二/（二）/4",
        "融资便利（三）/二/（二）/5",
        "融资便利（三）/二/（二）/6",
    },
    "融资便利（三）/二/（五）": {"融资便利（三）/二/（三）/8", "融资便利（三）/二/（三）/9"},
    "融资便利（三）/二/（八）": {"融资便利（三）/二/（五）/14", "融资便利（三）/二/（五）/15"},
}
DROPPED = {
    "财政惠企/二/（五）",
    "融资便利（二）/二/（七）",
    "稳岗就业/二/（四）",
    "复工复产/二/（七）",
    "融通发展（二）/二/（五）",
    "融通发展（二）/二/（九）",
}
ADDED = {"融资便利（二）/二/（五）", "融通发展（一）/二/（四）/4", "融通发展（一）/二/（四）/5"}
WITHOUT_DIFFERENCES = (
    "减税降费（一）/二/（二）",
    "减税降费（一）/二/（三）",
    "减税降费（二）/二/（一）",
    "融资便利（二）/二/（一）",
    "融资便利（二）/二/（二）",
    "稳岗就业/二/（五）",
    "稳岗就业/二/（七）",
    "稳岗就业/二/（八）",
    "稳岗就业/二/（九）",
    "保通保畅/二/（三）",
    "清欠活企/二/（七）",
    "创新创业/二/（三）",
    "企业培优/二/（四）",
    "企业培优/二/（八）",
    "企业培优/三/（四）",
)


@pytest.fixture(scope="module")
def outlined(source_texts):
    return lambda name: outline(read_document(source_texts / f"{name}.txt"))


@pytest.fixture(scope="module")
def ten(outlined):
    return align(outlined("yunnan-2022-4-ten-action-plans"), outlined("honghe-2022-1-ten-action-plans"))


@pytest.fixture(scope="module")
def pairs(ten):
    return {pair.superior.path: pair for pair in ten.pairs}


def printed(pair, kind):
    """What a pair says differently of one kind: (above, below)."""
    return {
        (each.superior and each.superior.printed, each.subordinate and each.subordinate.printed)
        for each in pair.differences
        if each.kind == kind
    }


def test_the_fifteen_plans_are_paired(ten):
    assert [(each.superior, each.subordinate) for each in ten.plans] == [(name, name) for name in PLANS]
    assert ten.missing_plans == () and ten.added_plans == ()


def test_clauses_are_paired_whatever_their_numbers(pairs):
    found = {path: [each.path for each in pairs[path].subordinate] for path in RENUMBERED}
    assert found == RENUMBERED


def test_clauses_that_honghe_took_apart_are_found_in_all_their_parts(pairs):
    assert {path: {each.path for each in pairs[path].subordinate} for path in SPLIT} == SPLIT


def test_translated_clauses_find_their_chinese_ones(pairs):
    translated = [f"保通保畅/二/（{number}）" for number in "三四五六七八"]
    translated += ["企业培优/三/（一）", "企业培优/三/（二）", "企业培优/三/（四）", "清欠活企/二/（七）"]
    assert {path: [each.path for each in pairs[path].subordinate] for path in translated} == {
        path: [path] for path in translated
    }


def test_what_honghe_dropped_and_added(ten):
    assert {each.path for each in ten.dropped} >= DROPPED
    assert {each.path for each in ten.added} >= ADDED
    assert len(ten.dropped) <= len(DROPPED) + 2 and len(ten.added) <= len(ADDED) + 2


def test_figures_that_honghe_changed(pairs):
    assert ("1307户", "88户") in printed(pairs["企业培优/二/（二）"], "figure")
    assert ("1000户以上", "78户以上") in printed(pairs["融通发展（二）/二/（三）"], "figure")
    assert {(None, "20万元"), (None, "15万元"), (None, "1500万元")} <= printed(
        pairs["财政惠企/二/（一）"], "figure"
    )


def test_days_that_honghe_set_or_left_out(pairs):
    assert printed(pairs["清欠活企/二/（二）"], "date") == {(None, "2022年7月15日前")}
    assert printed(pairs["清欠活企/二/（一）"], "date") == {("5月底前", None)}
    assert printed(pairs["融通发展（二）/三/（四）"], "rhythm") == {(None, "每月18日前")}


def test_a_circle_that_became_narrower(pairs):
    (difference,) = [each for each in pairs["减税降费（一）/二/（四）"].differences if each.kind == "scope"]
    assert (difference.superior.printed, difference.subordinate.printed) == (
        "个体工商户",
        "有雇工的个体工商户",
    )
    assert difference.change == "weakened"


@pytest.mark.parametrize("path", WITHOUT_DIFFERENCES)
def test_nothing_is_invented_from_widths_quotes_or_translated_offices(pairs, path):
    exact = [each for each in pairs[path].differences if each.kind in {"figure", "date", "rhythm", "agency"}]
    assert exact == []


def test_offices_of_both_levels_are_counterparts(pairs):
    assert printed(pairs["企业培优/二/（二）"], "agency") == {
        ("国开行云南省分行", None),
        ("中国出口信用保险云南分公司", None),
    }
    assert printed(pairs["清欠活企/二/（六）"], "agency") == {("云南证监局", None)}


def test_three_levels_from_the_work_plan_down(outlined):
    names = ("yunnan-2022-42-work-plan", "yunnan-2022-4-ten-action-plans", "honghe-2022-1-ten-action-plans")
    chain = align_chain([outlined(name) for name in names])
    roots = {each.subordinate: each.root for each in chain.alignments[0].plans}
    assert roots["财政惠企"] == "一/（一）" and roots["融通发展（三）"] == "一/（十）"
    assert len(roots) == 15
    (demand,) = chain.alignments[0].demands
    assert demand.side.path == "三/（一）"
    assert "二/（四）" in {each.clause.path for each in chain.lost}
