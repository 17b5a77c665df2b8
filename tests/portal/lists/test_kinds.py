"""Every kind of list: its rules are typed, its words stand in its documents, its rhythm is the clock's."""

import json
import unicodedata
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from huiqi.portal.accounts.roles import roles
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.clock.rules import deadline_rules
from huiqi.portal.lists import kinds as module
from huiqi.portal.lists.kinds import faults, kinds, read_kinds, rule_digest
from huiqi.portal.lists.opens import opened_by

HERE = Path(module.__file__).parent
ROOT = Path(__file__).resolve().parents[3]
TEXTS = ROOT.parent / "shared" / "policies"
ALL = sorted(kinds())


def opened(name):
    return {measure.id for measure in opened_by(kinds()[name], library())}


def test_the_file_fits_its_schema_and_every_kind_can_be_read():
    schema = json.loads((HERE / "kinds.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    rows = yaml.load((HERE / "kinds.yaml").read_text("utf-8"), yaml.BaseLoader)
    assert not list(Draft202012Validator(schema).iter_errors(rows))
    assert faults() == ()
    assert set(rows) == set(ALL)
    assert len(ALL) >= 5


@pytest.mark.parametrize("name", ALL)
def test_a_kind_is_seen_reviewed_and_shared(name):
    kind = kinds()[name]
    assert kind.seen_by
    assert all("lists" in roles()[role].pages for role in kind.seen_by)
    assert deadline_rules()[kind.review].rhythm is not None
    assert kind.shared_for
    assert len({each.purpose for each in kind.shared_for}) == len(kind.shared_for)
    assert len(kind.digest) == 64


@pytest.mark.parametrize("name", ALL)
def test_what_a_kind_says_to_rules_opens_something(name):
    kind = kinds()[name]
    assert (
        bool(opened(name)) or not kind.says or name in {"national-little-giants", "provincial-little-giants"}
    )


def test_the_measures_that_a_list_opens_are_found_from_the_policies():
    assert opened("risk-county-2022") == {"rent-waiver", "retention-training-subsidy"}
    assert "agri-loan-interest" in opened("key-farm-enterprises")
    assert "social-insurance-deferral" in opened("difficulty-sector-firms")
    assert "title-provincial-little-giant" in opened("specialised-smes")
    assert opened("specialised-pool") == set()


@pytest.mark.parametrize("name", ALL)
def test_deciding_words_stand_in_the_text(name):
    """Over the five source texts, where they are found."""
    for source in kinds()[name].sources:
        text = TEXTS / f"{source.document}.txt"
        if text.exists():
            assert folded(source.words) in folded(text.read_text("utf-8")), source


def folded(text):
    return "".join(unicodedata.normalize("NFKC", text).split()).replace(",", "，")


GOOD = """
mine:
  zh: 自设名单
  en: A list of our own
  of: firm
  owner: {level: county, zh: 县工信局, en: County industry office}
  kept_at: [county]
  is: {fact: key_supply_firm}
  sources: [{document: yunnan-2022-42-work-plan, clause: 一/（八）, words: 分层培育}]
  admission: {by: rule, if: enterprise and revenue > 100, then: member, set_by: office}
  review: {clock: list-review, set_by: office}
  seen_by: [county_officer]
"""


def read(tmp_path, text):
    path = tmp_path / "lists.yaml"
    path.write_text(text, "utf-8")
    findings = []
    return read_kinds(path, library(), findings), findings


def test_an_office_adds_a_kind_of_its_own(tmp_path, settings, monkeypatch):
    found, findings = read(tmp_path, GOOD)
    assert not findings
    assert found["mine"].admission.text == "enterprise and revenue > 100"
    settings.DATA = tmp_path
    monkeypatch.setattr(module._remembered, "library", None)
    assert "mine" in kinds()
    monkeypatch.setattr(module._remembered, "library", None)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("revenue > 100", "revenu > 100", "unknown-name"),
        ("revenue > 100", "employees", "wrong-type"),
        ("is: {fact: key_supply_firm}", "is: {fact: no_such}", "unknown-fact"),
        ("is: {fact: key_supply_firm}", "is: {fact: employees}", "unknown-fact"),
        ("is: {fact: key_supply_firm}", "is: {list: no-such}", "unknown-list"),
        ("clock: list-review,", "clock: no-such,", "unknown-word"),
        ("document: yunnan-2022-42-work-plan", "document: no-such", "unknown-document"),
        ("then: member, set_by: office", "then: member", "set-by-whom"),
        ("then: member, set_by: office", "then: member, source: 2", "no-such-source"),
        ("of: firm", "of: county", "rule-of-counties"),
        ("seen_by: [county_officer]", "seen_by: [nobody]", "unknown-word"),
        ("  en: A list of our own\n", "", "missing-key"),
        ("kept_at: [county]", "kept: [county]", "unknown-key"),
    ],
)
def test_a_kind_that_cannot_be_is_left_out_and_told(tmp_path, old, new, code):
    assert old in GOOD
    found, findings = read(tmp_path, GOOD.replace(old, new))
    assert found == {}
    assert code in {each.code for each in findings} or code == "wrong-type"
    assert findings
    assert all(each.line for each in findings)


def test_the_digest_changes_with_the_meaning_of_a_rule_only(tmp_path):
    def digest(rule):
        made, _findings = read(tmp_path, GOOD.replace("enterprise and revenue > 100", rule))
        return made["mine"].digest

    assert digest("enterprise and revenue > 100") == digest("enterprise  and (revenue > 100)")
    assert digest("enterprise and revenue > 100") != digest("enterprise and revenue > 101")
    pool = kinds()["specialised-pool"]
    assert pool.digest == rule_digest(pool.id, library(), pool.admission, pool.exit)
