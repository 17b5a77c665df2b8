"""The rules of monitoring fit their schema, have a check, and cite words that stand in their clause."""

import json

import jsonschema
import pytest
import yaml

from huiqi.portal.fund_watch.checks import CHECKS
from huiqi.portal.fund_watch.rules import FILE, SCHEMA, monitoring
from huiqi.portal.fund_watch.told import _WORDS


def test_they_fit_the_schema():
    read = yaml.safe_load(FILE.read_text("utf-8"))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(
        json.loads(json.dumps(read))
    )


def test_a_rule_without_its_days_does_not_fit():
    read = json.loads(json.dumps(yaml.safe_load(FILE.read_text("utf-8"))))
    del read["idle"]["working_days"]
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert not jsonschema.Draft202012Validator(schema).is_valid(read)


def test_every_check_is_used_and_can_be_told():
    assert {each.check for each in monitoring().values()} == CHECKS.keys() == _WORDS.keys()


@pytest.mark.documents
def test_the_words_stand_in_the_texts(source_texts):
    texts = {}
    for rule in monitoring().values():
        name = rule.source.document
        texts.setdefault(name, "".join((source_texts / f"{name}.txt").read_text("utf-8").split()))
        assert rule.source.words in texts[name], rule.name
