"""Long texts, of which not every pair of clauses is compared."""

import random

from huiqi.documents.align import align

_CHARACTERS = (
    "融资担保奖励培育企业技术改造市场税费减免就业培训物流通畅债务清欠数字转型绿色低碳标准专利人才引进"
)


def long_text(place, raised):
    """Ten parts of sixteen clauses each; the first clause of every part gives `raised` more."""
    chance = random.Random(11)
    lines = [f"某{place}支持企业发展总体方案"]
    for part in "一二三四五六七八九十":
        lines.append(f"{part}、{''.join(chance.choices(_CHARACTERS, k=6))}")
        for number in range(1, 17):
            words = "".join(chance.choices(_CHARACTERS, k=60))
            more = raised if number == 1 else 0
            lines.append(f"{number}.{words[:8]}。{words[8:]}，给予{chance.randint(10, 90) + more}万元奖励。")
    return "\n\n".join(lines)


def test_every_clause_of_a_long_text_finds_its_own(written):
    alignment = align(written(long_text("省", 0), "long-above"), written(long_text("市", 5), "long-below"))
    assert [pair.superior.path for pair in alignment.pairs] == [
        pair.subordinate[0].path for pair in alignment.pairs
    ]
    assert alignment.dropped == () and alignment.added == ()
    differing = [pair.superior.path for pair in alignment.pairs if pair.differences]
    assert differing == [f"{part}/1" for part in "一二三四五六七八九十"]
