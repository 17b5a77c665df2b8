"""The JSON Schema that editors use: it lies beside the policies, takes every shipped rule and refuses slips."""

from pathlib import Path

import jsonschema
import pytest
import yaml

from huiqi.policies.shipped import shipped_policies
from huiqi.rules.schema import definition_schema, measure_schema, schema_text

POLICIES = shipped_policies()
MEASURES = [
    path
    for path in sorted(POLICIES.glob("*/*.yaml"))
    if path.name != "document.yaml" and path.parent.name not in ("facts", "lists", "definitions")
]


def read(path: Path) -> object:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def test_the_schemas_beside_the_policies_are_those_of_the_code():
    for name, schema in (("measure", measure_schema()), ("definition", definition_schema())):
        assert (POLICIES / f"{name}.schema.json").read_text(encoding="utf-8") == schema_text(schema)


def test_every_shipped_rule_fits_its_schema():
    of_measures = jsonschema.Draft202012Validator(measure_schema())
    of_definitions = jsonschema.Draft202012Validator(definition_schema())
    assert len(MEASURES) > 100
    wrong = [
        (path.name, next(of_measures.iter_errors(read(path))).message)
        for path in MEASURES
        if not of_measures.is_valid(read(path))
    ]
    wrong += [
        (path.name, next(of_definitions.iter_errors(read(path))).message)
        for path in sorted((POLICIES / "definitions").glob("*.yaml"))
        if not of_definitions.is_valid(read(path))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("kind", "gift"),
        ("amount_is", "given"),
        ("delivery", "by_post"),
        ("wen", []),
        ("subject", ["company"]),
    ],
)
def test_a_slip_is_refused_in_the_editor(key, value):
    measure = read(MEASURES[0])
    assert isinstance(measure, dict)
    measure[key] = value
    assert not jsonschema.Draft202012Validator(measure_schema()).is_valid(measure)
