import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from huiqi.documents.quantities import read_list_mismatches, read_mismatches


@pytest.mark.parametrize(
    ("text", "announced", "found", "kind"),
    [
        ("分别对甲县、乙县、丙县、丁县等3个县市进行检查", 3, 4, "count"),
        ("落实三项制度（即公示制度、记录制度）。", 3, 2, "count"),
        ("实现入库157户，其中批发业29户、零售业86户、住宿业15户、餐饮业28户。", 157, 158, "sum"),
        ("降低费率1%（单位0.7%，个人0.4%）", 1, None, "sum"),
        ("省级占60%、市级占50%。", 100, 110, "percent"),
    ],
)
def test_what_does_not_agree_is_found(text: str, announced: int, found: int | None, kind: str) -> None:
    (mismatch,) = read_mismatches(text)
    assert (mismatch.kind, mismatch.announced) == (kind, announced)
    assert found is None or mismatch.found == found
    assert text[mismatch.start : mismatch.end] == mismatch.printed


@pytest.mark.parametrize(
    "text",
    [
        "共157户，其中批发业29户、零售业86户、住宿业15户、餐饮业27户。",
        "对餐饮、零售、旅游、民航、公路水路铁路运输等5个特困行业实施缓缴",
        "扩大到纺织、医药制造等17个行业",
        "税务、公安和海关三个部门",
        "落实三项制度（即公示制度、记录制度、审核制度）。",
        "重点做好三项工作：做好甲、乙；做好丙；做好丁。",
        "降低费率1%（单位0.7%，个人0.3%）",
        "省级占60%、市级占40%。",
        "甲、乙两部门对4个县督办，各部门负责2个县",
    ],
)
def test_what_agrees_or_names_only_some_is_left_alone(text: str) -> None:
    assert read_mismatches(text) == ()


def test_an_announced_count_is_compared_with_the_clauses_below() -> None:
    headings = [f"措施{number}" for number in range(9)]
    (mismatch,) = read_list_mismatches("现提出以下八项措施：", headings)
    assert (mismatch.announced, mismatch.found) == (8, 9)
    assert read_list_mismatches("现提出以下九项措施：", headings) == ()


def test_a_named_group_is_compared_with_the_headings_of_its_name() -> None:
    headings = ["财政惠企专项行动", "减税降费专项行动", "加强领导"]
    (mismatch,) = read_list_mismatches("组织实施“十大专项行动”。", headings)
    assert (mismatch.announced, mismatch.found) == (10, 2)


def test_a_part_of_a_total_may_be_all_that_is_named() -> None:
    (mismatch,) = read_mismatches("共100户，其中甲业20户、乙业30户。")
    assert not mismatch.certain


@example([1, 3])
@given(st.lists(st.integers(1, 500), min_size=2, max_size=6))
def test_true_sums_are_never_flagged(parts: list[int]) -> None:
    listed = "、".join(f"行业{name}{part}户" for name, part in zip("甲乙丙丁戊己", parts, strict=False))
    assert read_mismatches(f"共{sum(parts)}户，其中{listed}。") == ()


@given(st.text(alphabet="0123456789一二三十个项户家%占其中共等、，。（）即:：大以下甲乙", max_size=80))
def test_any_text_is_compared_without_fault(text: str) -> None:
    for mismatch in (*read_mismatches(text), *read_list_mismatches(text, ["甲大", "乙大"])):
        assert text[mismatch.start : mismatch.end] == mismatch.printed
        assert mismatch.announced != mismatch.found
