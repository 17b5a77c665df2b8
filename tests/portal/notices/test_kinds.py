"""The kinds of notices as data: both languages alike, and nothing personal in an SMS."""

import re

import pytest

from huiqi.portal.accounts.roles import roles
from huiqi.portal.notices.kinds import kinds

ALL = list(kinds().values())


@pytest.mark.parametrize("kind", ALL, ids=lambda each: each.name)
def test_each_kind_says_the_same_in_both_languages(kind):
    values = dict.fromkeys(kind.values, "x")
    assert "%" not in kind.text("zh-hans", values) + kind.text("en", values)
    assert re.search("[一-鿿]", kind.zh.subject) and re.search("[一-鿿]", kind.zh.sms)
    assert not re.search("[一-鿿]", kind.en.subject + kind.en.text + kind.en.sms)


@pytest.mark.parametrize("kind", ALL, ids=lambda each: each.name)
def test_an_sms_is_one_short_message_without_values(kind):
    for words in (kind.zh, kind.en):
        assert "%" not in words.sms and len(words.sms) <= 70


@pytest.mark.parametrize("kind", ALL, ids=lambda each: each.name)
def test_each_kind_opens_with_a_page_that_some_role_holds(kind):
    assert not kind.opens or any(kind.opens in role.pages for role in roles().values())


def test_values_say_each_language_its_own_and_stay_one_line():
    kind = kinds()["deadline-near"]
    values = {"rule": {"zh": "核对绑定", "en": "Check of a binding"}, "due": "2022-08-04"}
    assert kind.text("zh-hans", values) == "“核对绑定”须于2022-08-04前办结。"
    assert kind.text("en", values) == '"Check of a binding" is due on 2022-08-04.'
    hostile = {"rule": "a\r\nBcc: all@example.com\0", "due": "x"}
    assert "\n" not in kind.text("en", hostile) and "\0" not in kind.text("en", hostile)
