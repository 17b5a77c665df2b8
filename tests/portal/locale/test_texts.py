"""Every text of the site has its English, and the file Django reads is the file people edit."""

import gettext
import re

import message_files
import pytest


@pytest.fixture(scope="module")
def messages():
    return message_files.read_po(message_files.PO.read_text("utf-8"))


def test_every_text_that_a_page_shows_has_english(messages):
    lacking = [ids[0] for ids in message_files.used() if not all(messages.get(ids, ("",)))]
    assert not lacking, "write their English: python tests/portal/message_files.py names them"


def test_the_file_that_django_reads_says_what_the_file_that_people_edit_says(messages):
    assert message_files.MO.read_bytes() == message_files.written_mo(messages)
    read = message_files.translations(message_files.MO.read_bytes())
    assert isinstance(read, gettext.GNUTranslations)
    assert read.gettext("政策库") == "Policies"
    assert [read.ngettext("共%(total)s项政策措施", "共%(total)s项政策措施", n) for n in (1, 2)] == [
        "%(total)s measure",
        "%(total)s measures",
    ]


def test_english_asks_for_the_same_values_and_holds_no_chinese(messages):
    for ids, english in messages.items():
        for text in english:
            assert set(re.findall(r"%\((\w+)\)s", text)) == set(re.findall(r"%\((\w+)\)s", ids[0])), ids[0]
    # What a visitor must write in Chinese is quoted in Chinese.
    allowed = {"12万", "餐饮"}
    for english in messages.values():
        for text in english:
            assert set(re.findall(r"\d*[一-鿿]+", text)) <= allowed, text


def test_texts_of_templates_and_of_modules_are_found(tmp_path):
    found = message_files.used()
    assert ("第%(number)s题",) in found
    assert ("请选择主体类型。",) in found
    assert ("另有%(total)s项只适用于其他主体。", "另有%(total)s项只适用于其他主体。") in found
