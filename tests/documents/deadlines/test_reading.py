from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.documents.deadlines import read_deadlines

ISSUED = date(2022, 6, 8)


def one(text: str, issued: date | None = ISSUED, year: int | None = None):
    (found,) = read_deadlines(text, issued, year)
    return found


@pytest.mark.parametrize(
    ("text", "kind", "day"),
    [
        ("2022年12月底前完成", "by", "2022-12-31"),
        ("６月底前明确还款计划", "by", "2022-06-30"),
        ("年底前全部清偿", "by", "2022-12-31"),
        ("今年年内建成投用", "within", "2022-12-31"),
        ("2022年，培育小巨人企业60户", "within", "2022-12-31"),
        ("2023年在各县（市、区）开展营商环境评价", "within", "2023-12-31"),
        ("2022年下半年面向中小企业的份额", "within", "2022-12-31"),
        ("本月底前报送", "by", "2022-06-30"),
        ("8月上旬召开推进会", "by", "2022-08-10"),
        ("二季度末前完成", "by", "2022-06-30"),
        ("2022年7月—12月开展整治", "span", "2022-12-31"),
        ("对2022年1月1日至2022年12月31日期间的新增贷款", "span", "2022-12-31"),
        ("政策执行期限延长至2023年4月30日", "by", "2023-04-30"),
        ("实施期限截至2022年12月31日。", "by", "2022-12-31"),
        ("到“十四五”末，建成10个", "by", "2025-12-31"),
        ("（市财政局负责，完成时限：2022年9月）", "by", "2022-09-30"),
        ("（市财政局牵头，2022年10月底）", "by", "2022-10-31"),
        ("1\t建平台\t市工信局\t第三季度", "by", "2022-09-30"),
        ("report by the end of July 2022.", "by", "2022-07-31"),
        ("finish before July 15.", "by", "2022-07-15"),
    ],
)
def test_a_date_by_which_or_within_which_something_is_due(text: str, kind: str, day: str) -> None:
    found = one(text)
    assert (found.kind, str(found.date), found.flag) == (kind, day, None)


@pytest.mark.parametrize(
    "text",
    [
        "截至2021年底，全市共有市场主体30万户",
        "贷款增速较2021年提高",
        "2021年以来，各地积极行动",
        "根据《2022年工作要点》（政办发〔2022〕42号）",
        "对制造业企业2021年第四季度部分税费",
        "在2022年初预算安排基础上",
        "2021年，全市实现增加值300亿元",
        "2022年被列为中高风险区的县",
        "参加失业保险并在2021年底前足额缴费的企业",
        "按照每人每月1000元的标准",
        "每户企业每年可使用额度不超过30万元",
        "使用费率不高于每日0.2‰",
        "对吸纳离校 2 年内未就业毕业生的单位",
        "审批时间压减至60个工作日以内",
        "企业开办时间压缩至0.5个工作日以内",
    ],
)
def test_a_date_that_only_names_a_fact_is_no_deadline(text: str) -> None:
    assert read_deadlines(text, ISSUED) == ()


@pytest.mark.parametrize(
    ("text", "rhythm", "day"),
    [
        ("每周四下班前报送", "weekly", "thursday"),
        ("于每月20日前报送", "monthly", 20),
        ("每季度末月25日前报送", "quarterly", "last-month-25"),
        ("每季度首月10日前报送", "quarterly", "first-month-10"),
        ("每季度末前汇总", "quarterly", "end"),
        ("每半年开展一次督查", "half-yearly", None),
        ("每年6月30日前公布", "yearly", "06-30"),
        ("按季度通报", "quarterly", None),
        ("坚持“一周一报”", "weekly", None),
        ("实行月调度", "monthly", None),
        ("实时更新台账", "real-time", None),
        ("每两个月会商", "other", None),
        ("（市工信局负责，完成时限：长期坚持）", "long-term", None),
        ("完成时限：持续推进", "long-term", None),
        ("report every Thursday", "weekly", "thursday"),
        ("report on the 20th of each month", "monthly", 20),
    ],
)
def test_a_rhythm_keeps_its_day(text: str, rhythm: str, day: str | int | None) -> None:
    found = one(text)
    assert (found.kind, found.rhythm, found.rhythm_day, found.date) == ("rhythm", rhythm, day, None)


def test_long_term_in_running_text_is_no_time_limit() -> None:
    assert read_deadlines("要长期坚持、持续推进这项工作。", ISSUED) == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("在本方案正式印发7个工作日内出台", "2022-06-17"),
        ("自印发之日起30日内制定", "2022-07-08"),
        ("本通知发布后1个月内", "2022-07-08"),
        ("within 7 working days of issuance", "2022-06-17"),
    ],
)
def test_a_limit_is_counted_from_the_day_of_issue(text: str, day: str) -> None:
    assert str(one(text).date) == day


def test_working_days_explain_the_holiday_they_skip() -> None:
    found = one("印发7个工作日内", date(2022, 5, 31))
    assert str(found.date) == "2022-06-10"
    assert "6月3日端午节" in found.explanation


def test_working_days_of_an_unpublished_year_are_not_guessed() -> None:
    found = one("自印发之日起5个工作日内", date(2031, 3, 5))
    assert (found.date, found.flag) == (None, "calendar-unknown")


def test_a_limit_that_hangs_on_an_event_has_no_day() -> None:
    found = one("自收到申请之日起3个工作日内办结")
    assert (found.date, found.flag, found.event) == (None, "from-event", "收到申请")
    assert found.printed == "自收到申请之日起3个工作日内"


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("5月底前完成排查", "before-issue"),
        ("2022年12月前完成", "confirm"),
        ("2022年2月30日前完成", "impossible"),
        ("力争用3年时间培育100家", "confirm"),
        ("次年1月31日前报送", "from-event"),
        ("春节前兑付", "confirm"),
    ],
)
def test_what_a_person_must_look_at_is_flagged(text: str, flag: str) -> None:
    assert one(text).flag == flag


def test_without_a_date_the_year_may_be_given_or_stays_unknown() -> None:
    assert one("6月底前完成", None).flag == "year-unknown"
    assert str(one("6月底前完成", None, 2023).date) == "2023-06-30"
    assert one("自印发之日起30日内", None).flag == "issue-unknown"


def test_coming_into_force_opens_a_period_of_validity() -> None:
    force, validity = read_deadlines("本办法自2023年1月1日起施行，有效期两年。", ISSUED)
    assert (force.kind, force.begins) == ("since", date(2023, 1, 1))
    assert (validity.kind, validity.date) == ("by", date(2024, 12, 31))


def test_a_task_s_own_limit_is_told_apart() -> None:
    text = "6月底前启动。（市工信局负责，完成时限：2022年12月底前）"
    assert [found.field for found in read_deadlines(text, ISSUED)] == [False, True]


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)))
def test_any_printed_day_reads_back(day: date) -> None:
    found = one(f"各地于{day.year}年{day.month}月{day.day}日前完成任务", date(2000, 1, 1))
    assert (found.date, found.kind) == (day, "by")


@given(
    st.text(
        alphabet="0123456789一二三十年月日底前内每周季度起至自印发之工作个按，。（）：《》长期坚持完成时限\t\n",
        max_size=80,
    )
)
def test_any_text_is_read_in_order_with_true_offsets(text: str) -> None:
    found = read_deadlines(text, ISSUED)
    assert all(text[each.start : each.end] == each.printed for each in found)
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert all(each.explanation for each in found)


@pytest.mark.parametrize("piece", ["每月20日前", "自印发之日起", "2022年6月至", "（", "收到", "完成时限："])
def test_a_long_hostile_text_is_read_to_its_end(piece: str) -> None:
    found = read_deadlines(piece * 5000, ISSUED)
    assert all(each.printed for each in found)
