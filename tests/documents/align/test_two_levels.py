"""What a careful reader finds between the two fictional texts, written down by hand."""

import datetime

EXPECTED = {
    "一/（一）": (
        ["一/（一）"],
        {("figure", "20万元", "10万元", "weakened"), ("agency", "省统计局", None, "changed")},
    ),
    "一/（二）": (
        ["一/（三）"],
        {
            ("date", "至2023年12月31日", "至２０２３年９月３０日", "weakened"),
            ("scope", "中小微企业", "小微企业", "weakened"),
        },
    ),
    "一/（三）": (["一/（二）"], set()),
    "二/（四）": (["二/（四）"], set()),
    "二/（五）": (
        ["二/（五）"],
        {("rhythm", "每月", "每季度", "weakened"), ("agency", None, "市市场监管局", "changed")},
    ),
    "三/（七）": (["三/（六）", "三/（七）"], set()),
    "三/（八）": (
        ["三/（八）"],
        {
            ("figure", "0.1元", None, "weakened"),
            ("figure", "最高不超过30万元", None, "weakened"),
            ("promise", "对受灾停产后恢复生产的中小微企业", "鼓励各县（市、区）", "weakened"),
        },
    ),
}


def found(pair):
    """The differences of a pair as in EXPECTED; of promises the beginning of each sentence."""
    return {
        (each.kind, beginning(each, each.superior), beginning(each, each.subordinate), each.change)
        for each in pair.differences
    }


def beginning(difference, passage):
    if passage is None:
        return None
    return (
        passage.printed.split("，")[0].split("对受灾")[0] or passage.printed.split("，")[0]
        if difference.kind == "promise"
        else passage.printed
    )


def test_every_clause_finds_those_that_carry_it_out(aligned):
    pairs = {pair.superior.path: [each.path for each in pair.subordinate] for pair in aligned.pairs}
    assert {path: pairs.get(path) for path in EXPECTED} == {
        path: paths for path, (paths, _) in EXPECTED.items()
    }


def test_differences_are_those_that_were_put_there_and_no_others(aligned):
    pairs = {pair.superior.path: pair for pair in aligned.pairs}
    assert {path: found(pairs[path]) for path in EXPECTED} == {
        path: what for path, (_, what) in EXPECTED.items()
    }


def test_widths_commas_in_numbers_and_quotes_make_no_difference(aligned):
    pair = next(each for each in aligned.pairs if each.superior.path == "二/（四）")
    below = aligned.below(pair.subordinate[0]).clause.text
    assert "1,000万元" in below and "50％" in below
    assert pair.differences == ()


def test_what_is_dropped_and_what_is_added(aligned):
    assert [each.path for each in aligned.dropped] == ["二/（六）"]
    assert [each.path for each in aligned.added] == ["三/（九）"]


def test_one_clause_that_became_two_is_one_pair(aligned):
    pair = next(each for each in aligned.pairs if each.superior.path == "三/（七）")
    assert pair.way == "split"


def test_order_changed_is_told(aligned):
    ways = {pair.superior.path: pair.way for pair in aligned.pairs}
    assert {ways["一/（二）"], ways["一/（三）"]} == {"same-place", "elsewhere"}


def test_rules_issued_late_are_told(aligned):
    (demand,) = aligned.demands
    assert demand.last_day == datetime.date(2023, 3, 15)
    assert demand.issued == datetime.date(2023, 3, 31)
    assert demand.days_late == 16


def test_scores_are_whole_and_the_mean_of_their_parts(aligned):
    for pair in aligned.pairs:
        parts = pair.likeness.parts
        whole = sum(weight for _, _, weight in parts)
        assert pair.likeness.score == sum(points * weight for _, points, weight in parts) // whole
        assert 0 <= pair.likeness.score <= 100


def test_passages_stand_where_they_are_said_to(aligned):
    for pair in aligned.pairs:
        for each in pair.differences:
            for passage, texts in (
                (each.superior, aligned.superior),
                (each.subordinate, aligned.subordinate),
            ):
                if passage is not None:
                    text = texts.document.clause(passage.path).text
                    assert text[passage.start : passage.end].strip() == passage.printed
