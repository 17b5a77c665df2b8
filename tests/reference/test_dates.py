from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.reference.dates import DateError, find_dates, parse_date_range

ISSUED = date(2022, 6, 8)


@pytest.mark.parametrize(
    ("text", "start", "end", "flag"),
    [
        ("2022年12月底前", None, "2023-01-01", ""),
        ("２０２２年６月３０日前", None, "2022-07-01", ""),
        ("2022年12月前", None, "2023-01-01", "confirm"),
        ("2022年底前", None, "2023-01-01", ""),
        ("2021 年年底前", None, "2022-01-01", "before_document"),
        ("5月底前", None, "2022-06-01", "before_document"),
        ("6月30日前", None, "2022-07-01", "year_inferred"),
        ("年内", "2022-01-01", "2023-01-01", "year_inferred"),
        ("当年", "2022-01-01", "2023-01-01", "year_inferred"),
        ("2022年", "2022-01-01", "2023-01-01", ""),
        ("2022年下半年", "2022-07-01", "2023-01-01", ""),
        ("2022年第一季度", "2022-01-01", "2022-04-01", ""),
        ("2021年第四季度", "2021-10-01", "2022-01-01", ""),
        ("2022年初", "2022-01-01", "2022-01-02", "confirm"),
        ("2022年4月1日至2022年12月31日", "2022-04-01", "2023-01-01", ""),
        ("2022年1月1日－2022年6月30日", "2022-01-01", "2022-07-01", ""),
        ("2022年1月1日至12月31日", "2022-01-01", "2023-01-01", ""),
        ("2022年1月1日至31日", "2022-01-01", "2022-02-01", ""),
        ("2022年4月至6月", "2022-04-01", "2022-07-01", ""),
        ("2022年4—6月", "2022-04-01", "2022-07-01", ""),
        ("4-6月", "2022-04-01", "2022-07-01", "year_inferred"),
        ("2022年4、5、6月", "2022-04-01", "2022-07-01", ""),
        ("2022年第二、三季度", "2022-04-01", "2022-10-01", ""),
        ("2022年第一至第三季度", "2022-01-01", "2022-10-01", ""),
        ("2022-2025", "2022-01-01", "2026-01-01", ""),
        ("截至2022年12月31日", None, "2023-01-01", ""),
        ("截止2022年12月31日", None, "2023-01-01", ""),
        ("到2023年4月", None, "2023-05-01", ""),
        ("延长至2023年4月30日", None, "2023-05-01", ""),
        ("不超过2022年底", None, "2023-01-01", ""),
        ("到2025年", None, "2026-01-01", ""),
        ("自2022年7月1日起", "2022-07-01", None, ""),
        ("2022年起", "2022-01-01", None, ""),
        ("2022年1月1日后", "2022-01-02", None, ""),
        ("自2022年7月1日至2023年 12月31日", "2022-07-01", "2024-01-01", ""),
        ("2022-12-31", "2022-12-31", "2023-01-01", ""),
        ("December 31, 2022", "2022-12-31", "2023-01-01", ""),
        ("from June 1, 2022", "2022-06-01", None, ""),
        ("June 2022", "2022-06-01", "2022-07-01", ""),
        ("by the end of 2022", None, "2023-01-01", ""),
        ("二〇二二年十二月三十一日", "2022-12-31", "2023-01-01", ""),
        ("2022年12月31曰", "2022-12-31", "2023-01-01", ""),
        ("二季度末前", None, "2022-07-01", "year_inferred"),
        ("三季度末", "2022-09-30", "2022-10-01", "year_inferred"),
        ("2022年三季度末", "2022-09-30", "2022-10-01", ""),
        ("2022年前三季度", "2022-01-01", "2022-10-01", ""),
        ("9月前", None, "2022-10-01", "confirm"),
        ("7月—12月", "2022-07-01", "2023-01-01", "year_inferred"),
        ("明年6月底前", None, "2023-07-01", "year_inferred"),
        ("by the end of June 2022", None, "2022-07-01", ""),
        ("by the end of June", None, "2022-07-01", "year_inferred"),
        ("before the end of the year", None, "2023-01-01", "year_inferred"),
        ("2022年2月30日", None, None, "impossible"),
        ("2022年12月31日至2022年1月1日", None, None, "impossible"),
    ],
)
def test_a_printed_date_is_a_range_of_days(text: str, start: str | None, end: str | None, flag: str) -> None:
    found = parse_date_range(text, ISSUED)
    assert (found.start and found.start.isoformat(), found.end and found.end.isoformat()) == (start, end)
    assert found.flag == flag
    assert found.printed == text


def test_a_second_quarter_takes_the_year_of_the_first() -> None:
    found = find_dates("2022年第一季度、第二季度部分税费")
    assert [(d.start, d.end) for d in found] == [
        (date(2022, 1, 1), date(2022, 4, 1)),
        (date(2022, 4, 1), date(2022, 7, 1)),
    ]


def test_without_the_documents_date_a_date_without_year_stays_open() -> None:
    found = parse_date_range("6月30日前")
    assert (found.start, found.end, found.flag) == (None, None, "needs_document_date")


def test_a_deadline_includes_its_printed_day() -> None:
    deadline = parse_date_range("2022年6月30日前")
    assert deadline.is_deadline
    assert deadline.last_day == date(2022, 6, 30)


@pytest.mark.parametrize(
    "text",
    [
        "每月20日前",
        "每年6月30日前",
        "每周四下班前",
        "不超过3年",
        "减免3个月租金",
        "云政办发〔2022〕42号",
        "每季度",
        "半年",
    ],
)
def test_rhythms_periods_and_numbers_are_no_dates(text: str) -> None:
    assert find_dates(text, ISSUED) == []


@pytest.mark.parametrize("text", ["", "尽快", "2022年6月30日前完成", "2022年和2023年"])
def test_a_text_that_is_not_one_date_is_refused(text: str) -> None:
    with pytest.raises(DateError, match="not one date"):
        parse_date_range(text)


def test_offsets_point_into_the_text_as_printed() -> None:
    text = "确保在２０２２年６月３０日前基本完成，政策执行期限至2022年12月31日。"
    found = find_dates(text)
    assert [text[d.span[0] : d.span[1]] for d in found] == ["２０２２年６月３０日前", "至2022年12月31日"]


@given(st.dates(date(1990, 1, 1), date(2098, 12, 30)), st.integers(0, 400))
def test_every_period_reads_back(first: date, days: int) -> None:
    last = min(first + timedelta(days=days), date(2098, 12, 31))
    printed = f"{first.year}年{first.month}月{first.day}日至{last.year}年{last.month}月{last.day}日"
    (found,) = find_dates(f"对{printed}期间的贷款")
    assert (found.start, found.last_day, found.printed) == (first, last, printed)


@given(st.text(alphabet="0123456789年月日底末初前后起至到自第一二四季度上下半内当每、-—. 〇", max_size=40))
def test_any_text_is_read_without_fault(text: str) -> None:
    for found in find_dates(text, ISSUED):
        assert text[found.span[0] : found.span[1]] == found.printed
        assert found.start is None or found.end is None or found.start < found.end


@pytest.mark.parametrize("text", ["3—6月龄", "每年4—6月", "5-10人", "第一、二批", "3—6个月"])
def test_numbers_that_only_look_like_months_are_no_dates(text):
    assert find_dates(text, ISSUED) == []


def test_quarters_with_one_missing_between_are_no_one_period():
    assert [each.printed for each in find_dates("2022年一、三季度", ISSUED)] == ["2022年"]
