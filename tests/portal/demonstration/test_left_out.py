"""A demonstration of too few firms says which part it leaves out, in both languages, and leaves out just that."""

import pytest

from huiqi.portal.applications.models import Application
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.delivery.models import Run
from huiqi.portal.demonstration.left_out import say_bindings, say_contest, say_lists, say_rosters, say_story
from huiqi.portal.demonstration.people import SECOND_OWNER
from huiqi.portal.demonstration.story_firms import LEAST, are_enough, chosen_of
from huiqi.portal.firms.models import Binding, Firm, Roster
from huiqi.portal.firms.rows import FirmRow
from huiqi.portal.funds.models import FundOrder
from huiqi.portal.payments.models import Payment

MENGZI, GEJIU = "532503", "532501"


def count(model, **asked):
    return model.objects.for_site("test").filter(**asked).count()


@pytest.mark.django_db
@pytest.mark.xdist_group("too small a demonstration")
def test_each_part_that_is_missing_is_said_and_is_missing(too_small):
    said, _people = too_small
    chinese, english = ("\n".join(words) for words in zip(*said, strict=True))
    missing = {
        ("资金", "the funds"): count(FundOrder),
        ("兑现", "the deliveries"): count(Run) + count(Payment),
        ("申请", "the applications"): count(Application),
        ("第二个企业经办人", "the second owner"): count(Binding, user__username=SECOND_OWNER),
    }
    for (zh, en), there in missing.items():
        assert f"未演示{zh}" in chinese
        assert f"left out: {en}" in english
        assert there == 0
    # Why: a county of the story has too few.
    assert f"至少要{LEAST}户" in chinese
    assert f"too few firms in {GEJIU}" in english
    # Whatever can be shown is there.
    assert count(Firm) > 0
    assert count(Roster, state="taken") > 0
    for words in said:
        assert [bool(each) and "\n" not in each for each in words] == [True, True]


def heard(say, *arguments):
    said = []
    say(*arguments, lambda *words: said.append(words))
    return said


@pytest.mark.parametrize(
    ("say", "enough", "too_few"),
    [
        (say_rosters, [[]], [["532502", "532504"]]),
        (say_lists, [MENGZI, 4], [MENGZI, 3]),
        (say_bindings, [MENGZI, 2], [MENGZI, 1]),
        (say_bindings, [MENGZI, 2], [MENGZI, 0]),
    ],
)
def test_nothing_is_said_where_there_are_enough_and_one_sentence_where_there_are_too_few(
    say, enough, too_few
):
    assert heard(say, *enough) == []
    [(zh, en)] = heard(say, *too_few)
    assert zh.startswith("未演示")
    assert en.startswith("left out: ")


def test_the_story_is_said_part_by_part_after_the_counties_that_are_too_small():
    said = heard(say_story, [MENGZI, GEJIU])
    assert [each[1].split(":")[0] for each in said] == [
        f"too few firms in {MENGZI}",
        f"too few firms in {GEJIU}",
        *["left out"] * 4,
    ]
    assert len(set(said)) == len(said)


def test_a_fact_that_nobody_told_is_said_not_to_be_contested():
    [(zh, en)] = heard(say_contest, library().facts.subject["employees"])
    assert "从业人员" in zh
    assert "employees" in en


@pytest.mark.parametrize(
    ("enterprises", "self_employed", "enough"),
    [(6, 2, True), (1, 7, True), (0, 9, False), (7, 1, False), (5, 2, False), (0, 0, False), (40, 40, True)],
)
def test_a_county_with_enough_firms_has_somebody_for_each_part(enterprises, self_employed, enough):
    kinds = ["self_employed"] * self_employed + ["enterprise"] * enterprises + ["institution"] * 5
    rows = [row(number, kind) for number, kind in enumerate(kinds)]
    assert are_enough(rows) == enough
    if enough:
        chosen = chosen_of(rows)
        assert len(chosen.first) >= 4
        assert len(chosen.second) >= 2
        assert chosen.first[0].subject == "enterprise"
        assert [each.subject for each in chosen.first].count("self_employed") >= 2
        assert len(chosen.first) + len(chosen.second) + len(chosen.others) == len(rows)


def row(number, subject):
    return FirmRow(code=f"{number}", subject=subject, values={"region": MENGZI}, records={})
