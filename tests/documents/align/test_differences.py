"""Single differences, each in two short clauses."""

import csv
from pathlib import Path

import pytest

import huiqi.documents.align
from huiqi.documents.align import align

TAIL = "\n\n二、强化宣传。通过报纸、电视、网络宣传惠企政策，营造良好氛围。\n"


@pytest.fixture
def differ(written, request):
    def compare(above, below):
        name = str(abs(hash((above, below))))
        texts = (f"某省措施\n\n一、{above}{TAIL}", f"某市措施\n\n一、{below}{TAIL}")
        alignment = align(written(texts[0], f"a{name}"), written(texts[1], f"b{name}"))
        pair = next(each for each in alignment.pairs if each.superior.path == "一")
        return {
            (
                each.kind,
                each.superior and each.superior.printed,
                each.subordinate and each.subordinate.printed,
                each.change,
            )
            for each in pair.differences
        }

    return compare


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        (
            "稳定就业。对招用高校毕业生的企业，按每人1500元给予一次性补助。",
            "稳定就业。对招用高校毕业生的企业，按每人2000元给予一次性补助。",
            {("figure", "1500元", "2000元", "strengthened")},
        ),
        (
            "优化办理。各部门要在2023年6月30日前完成系统改造，实现网上办理。",
            "优化办理。各部门要在2023年9月30日前完成系统改造，实现网上办理。",
            {("date", "2023年6月30日前", "2023年9月30日前", "weakened")},
        ),
        (
            "优化办理。各部门要在2023年底前完成系统改造，实现网上办理。",
            "优化办理。各部门要在2023年12月31日前完成系统改造，实现网上办理。",
            set(),
        ),
        (
            "加大投入。对“专精特新”企业给予200万元奖励。",
            "加大投入。对「专精特新」企业给予2,000,000元奖励。",
            set(),
        ),
        (
            "加大投入。对小微企业的贷款给予贴息，由银行直接办理。",
            "加大投入。对中小微企业的贷款给予贴息，由银行直接办理。",
            {("scope", "小微企业", "中小微企业", "strengthened")},
        ),
        (
            "加强调度。每周调度清欠进展，并将情况报省政府。（省工业和信息化厅、省财政厅负责）",
            "加强调度。每周调度清欠进展，并将情况报市政府。（市工业和信息化局、市财政局负责）",
            set(),
        ),
        (
            "加强调度。每周调度清欠进展，并将情况报省政府。（省工业和信息化厅牵头，省财政厅配合）",
            "加强调度。每周调度清欠进展，并将情况报市政府。（市财政局牵头，市工业和信息化局配合）",
            {
                ("agency", "省工业和信息化厅", "市工业和信息化局", "changed"),
                ("agency", "省财政厅", "市财政局", "changed"),
            },
        ),
    ],
)
def test_one_change_is_one_difference(differ, above, below, expected):
    assert differ(above, below) == expected


def test_words_of_scope_name_wider_circles_that_are_listed():
    file = Path(huiqi.documents.align.__file__).parent / "data" / "scope_words.csv"
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    words = [row["word"] for row in rows]
    assert len(set(words)) == len(words)
    for row in rows:
        assert row["role"] in {"subject", "qualifier"}
        assert {each for each in row["within"].split("|") if each} <= set(words) - {row["word"]}
        assert row["role"] == "subject" or not row["within"]
