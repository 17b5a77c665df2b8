"""Values that do not fit are told in Chinese beside their field, and what no database takes is refused."""

import datetime
from typing import Annotated

import pytest
from pydantic import Field, ValidationError

from huiqi.portal.acts.misfits import not_fitting
from huiqi.portal.acts.registry import Input


class Asking(Input):
    name: Annotated[str, Field(max_length=4)]
    day: datetime.date
    many: list[dict[str, str]] = Field(default_factory=list)


def findings_of(**given):
    with pytest.raises(ValidationError) as raised:
        Asking.model_validate(given)
    return {(each.cell, each.what) for each in not_fitting(raised.value.errors(include_url=False)).findings}


def test_each_value_is_told_beside_its_field():
    assert findings_of(name="五个字太长", day="2022-02-30", more=1) == {
        ("name", "最多4个字"),
        ("day", "日期应写成2022-08-01这样，并且是真有的一天"),
        ("more", "没有这一项"),
    }


@pytest.mark.parametrize("text", ["\0", "a\x1b[2J", "\ud800"])
def test_what_no_database_takes_is_refused_at_any_depth(text):
    assert findings_of(name=text, day="2022-08-01") == {("", "文字中有不能保存的字符（控制字符）")}
    assert findings_of(name="a", day="2022-08-01", many=[{"a": text}]) == {
        ("", "文字中有不能保存的字符（控制字符）")
    }


def test_lines_and_rare_characters_can_be_written():
    assert Asking.model_validate({"name": "一\n𠮷", "day": "2022-08-01"}).name == "一\n𠮷"


def test_nesting_without_bottom_is_refused():
    deep = []
    for _ in range(100):
        deep = [deep]
    assert ("", "内容的层次太多") in findings_of(name="a", day="2022-08-01", many=deep)
