"""The rules are data: each is well formed, fires on an example, and refuses another shape in one clear line."""

from pathlib import Path

import pytest
import yaml

from huiqi.documents.sentences import KINDS, class_of
from huiqi.documents.sentences.ruleset import RuleSet, chinese, english, read_rules
from huiqi.findings import BadInput

EXAMPLES = yaml.safe_load((Path(__file__).parent / "examples.yaml").read_text(encoding="utf-8"))
BOTH = [pytest.param(chinese(), id="chinese"), pytest.param(english(), id="english")]
SOUND = {
    "words.yaml": "firms:\n- '企业|商户'\n",
    "sections.yaml": "sections: {goals: 目标}\ntopics: ['^围绕']\ndefaults: {'': duty, goals: citation}\n",
    "10-only.yaml": "- id: paid\n  class: benefit\n  all: ['对<firms>补贴']\n",
}


def every(rules: RuleSet):
    return (*rules.rules, *rules.openings)


@pytest.mark.parametrize("rules", BOTH)
def test_every_rule_gives_a_class_of_sentences_by_some_words(rules):
    for rule in every(rules):
        assert rule.kind in KINDS
        assert rule.all
        assert not any(each.search("") for each in rule.all), f"{rule.id} holds without any word"


@pytest.mark.parametrize("rules", BOTH)
def test_sections_that_rules_ask_for_are_announced_by_headings(rules):
    announced = {name for name, _ in rules.sections}
    asked = {name for rule in every(rules) for name in rule.section | rule.not_section}
    assert asked <= announced
    assert set(rules.defaults) - {""} <= announced
    assert set(rules.defaults.values()) <= set(KINDS)
    assert "" in rules.defaults


def test_every_chinese_rule_has_an_example():
    assert {rule.id for rule in every(chinese())} == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_is_decided_by_its_rule(name):
    example = EXAMPLES[name]
    verdict = class_of(example["sentence"], [example["under"]] if "under" in example else [])
    assert (verdict.rule, bool(verdict.cue)) == (name, True)


@pytest.fixture
def rule_folder(tmp_path):
    for name, text in SOUND.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_groups_of_words_are_put_in(rule_folder):
    rules = read_rules(rule_folder)
    assert [rule.id for rule in rules.rules] == ["paid"]
    assert rules.rules[0].all[0].search("对商户补贴")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("- id: paid\n  class: gift\n  all: ['补贴']\n", "unknown class"),
        ("- id: paid\n  class: benefit\n  every: ['补贴']\n", "unknown class"),
        ("- id: paid\n  class: benefit\n  in: page\n  all: ['补贴']\n", "`in` is unknown"),
        ("- id: paid\n  class: benefit\n  all: []\n", "`all` is empty"),
        ("- id: paid\n  class: benefit\n  all: ['补贴（(']\n", "is no pattern"),
        ("- id: paid\n  class: benefit\n  all: ['<farms>补贴']\n", "no group of words <farms>"),
        ("id: paid\n", "no list of rules"),
        (SOUND["10-only.yaml"] * 2, "two rules have this id"),
    ],
)
def test_a_broken_rule_is_told_in_one_line(rule_folder, text, what):
    (rule_folder / "10-only.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=what) as raised:
        read_rules(rule_folder)
    assert raised.value.findings[0].code == "sentence-rules"
    assert "\n" not in str(raised.value)
