"""Every text of the site has its English, and the files Django reads are the files people edit."""

import gettext
import re

import message_files
import pytest

DOMAINS = [each for each in message_files.domains() if message_files.used(each)]


def english_of(domain):
    return message_files.read_po(message_files.po(domain).read_text("utf-8"))


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_text_that_a_domain_shows_has_english(domain):
    assert message_files.po(domain).exists(), f"write it: python tests/portal/message_files.py {domain}"
    known = english_of(domain)
    lacking = [ids[0] for ids in message_files.used(domain) if not all(known.get(ids, ("",)))]
    assert not lacking, f"write their English: python tests/portal/message_files.py {domain} names them"


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_file_that_django_reads_says_what_the_file_that_people_edit_says(domain):
    assert message_files.mo(domain).read_bytes() == message_files.written_mo(english_of(domain))


def test_a_text_that_two_domains_show_is_the_same_in_english():
    said = {}
    for domain in DOMAINS:
        for ids, english in english_of(domain).items():
            earlier = said.setdefault(ids, (english, domain))
            assert earlier[0] == english, f"{ids[0]}: {domain} and {earlier[1]}"


def test_one_and_many_are_told_apart():
    read = message_files.translations(message_files.mo("catalogue").read_bytes())
    assert isinstance(read, gettext.GNUTranslations)
    assert read.gettext("政策库") == "Policies"
    assert [read.ngettext("共%(total)s项政策措施", "共%(total)s项政策措施", n) for n in (1, 2)] == [
        "%(total)s measure",
        "%(total)s measures",
    ]


@pytest.mark.parametrize("domain", DOMAINS)
def test_english_asks_for_the_same_values_and_holds_no_chinese(domain):
    # What a visitor must write in Chinese is quoted in Chinese.
    allowed = {"12万", "餐饮"}
    for ids, english in english_of(domain).items():
        for text in english:
            assert set(re.findall(r"%\((\w+)\)s", text)) == set(re.findall(r"%\((\w+)\)s", ids[0])), ids[0]
            assert set(re.findall(r"\d*[一-鿿]+", text)) <= allowed, text


def test_texts_of_templates_and_of_modules_are_found():
    found = message_files.used("answers")
    assert ("第%(number)s题",) in found
    assert ("请选择主体类型。",) in found
    assert ("另有%(total)s项只适用于其他主体。", "另有%(total)s项只适用于其他主体。") in found
