"""Every attachment that is asked for has its clause, or is the office's."""

import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from huiqi.portal.applications.needed import FILE, SCHEMA, needed_for
from huiqi.portal.catalogue.shelf import library

MEASURES = sorted(yaml.safe_load(FILE.read_text("utf-8"))["measures"])


def test_the_table_follows_its_schema():
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(
        yaml.safe_load(FILE.read_text("utf-8"))
    )


@pytest.mark.parametrize("name", MEASURES)
def test_every_item_belongs_to_a_measure_and_a_text_that_it_rests_on(name):
    assert name in library().by_id
    for each in needed_for(name):
        if each.set_by == "clause":
            assert each.document in library().documents
            assert each.source.startswith("《")
    assert len({each.id for each in needed_for(name)}) == len(needed_for(name))


def test_an_unknown_measure_asks_for_nothing_that_must_be_there():
    assert not [each for each in needed_for("no-such-measure") if each.required]
