"""Every measure as Chinese, kept as a golden file: what an officer would sign changes only where it is seen.

Rewrite with `pytest tests/policies/test_golden_rendering.py --update-golden`, then read the difference.
"""

import re
from pathlib import Path

from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.policies.shipped import shipped_policies
from huiqi.rules.facts import Fact
from huiqi.rules.measure import Measure
from huiqi.rules.render_measure import measure_text, rendered_measure
from huiqi.rules.statements import affirmed, denied
from huiqi.rules.types import Kind


def file_name(measure: Measure) -> str:
    return f"{measure.id}.{measure.region}.txt"


def pages(library: PolicyLibrary) -> dict[str, str]:
    return {file_name(measure): measure_text(library, measure) for measure in library.measures}


def statements(library: PolicyLibrary) -> str:
    facts = [fact for fact in library.facts if fact.type.kind is Kind.TRUTH]
    return "".join(
        f"{fact.record}.{fact.name}\n  是：{affirmed(fact.label)}\n  否：{denied(fact.label)}\n"
        for fact in facts
    )


def test_each_measure_reads_as_it_was_approved(
    shipped: PolicyLibrary, golden_folder: Path, update_golden: bool
) -> None:
    made = {**pages(shipped), "statements.txt": statements(shipped)}
    if update_golden:
        for old in golden_folder.glob("*.txt"):
            old.unlink()
        for name, text in made.items():
            (golden_folder / name).write_text(text, "utf-8")
    kept = {path.name: path.read_text("utf-8") for path in golden_folder.glob("*.txt")}
    assert sorted(kept) == sorted(made), "a golden file is missing or has no measure: --update-golden"
    changed = [name for name in made if kept[name] != made[name]]
    assert not changed, "these read otherwise than approved; read them, then --update-golden"


def test_a_fresh_library_says_the_same_words(shipped: PolicyLibrary) -> None:
    assert pages(load_library(shipped_policies())) == pages(shipped)


def test_no_name_of_the_rule_file_reaches_the_reader(shipped: PolicyLibrary) -> None:
    for measure in shipped.measures:
        page = rendered_measure(shipped, measure)
        amount = page.amount
        shown = [
            *(each.text for each in page.conditions),
            *(each.rule for each in page.conditions),
            *page.offices,
            *(text for pair in page.terms for text in pair),
            *(amount.formula if amount else ()),
            *(text for pair in (amount.terms if amount else ()) for text in pair),
            *(amount.caps if amount else ()),
        ]
        for text in shown:
            names = [word for word in re.findall(r"[A-Za-z_]{2,}", text) if word not in ("LPR",)]
            assert not names, f"{measure.id}: {text}"


def test_every_condition_names_its_clause(shipped: PolicyLibrary) -> None:
    for measure in shipped.measures:
        text = measure_text(shipped, measure)
        for condition in rendered_measure(shipped, measure).conditions:
            assert f"依据〔{condition.source}〕" in text
            assert f"〔{condition.source}〕" in text.split("\n依据\n")[1]
            assert condition.words


def test_a_page_says_when_where_and_for_whom(shipped: PolicyLibrary) -> None:
    for measure in shipped.measures:
        lines = measure_text(shipped, measure).splitlines()
        assert lines[0] == measure.title
        for head in ("适用地区", "适用主体", "有效期", "兑现方式", "责任单位"):
            assert any(line.startswith(head) for line in lines), f"{measure.id} lacks {head}"
        if measure.information:
            assert measure.information in "".join(lines)


def test_facts_can_be_named_and_asked_for(shipped: PolicyLibrary) -> None:
    def wanting(fact: Fact) -> bool:
        asked = fact.known_by == "firm" and fact.type.kind is not Kind.TEXT and fact.record != "receipt"
        return not fact.label or not fact.english or (asked and not fact.question.endswith("？"))

    assert [f"{fact.record}.{fact.name}" for fact in shipped.facts if wanting(fact)] == []
    assert [f.name for f in shipped.facts if f.question and not f.question.endswith("？")] == []


def test_choices_are_labelled_in_chinese(shipped: PolicyLibrary) -> None:
    for fact in shipped.facts:
        labels = [label for _, label in fact.type.choices]
        assert len(set(labels)) == len(labels), f"two choices of {fact.name} read alike"
        assert all(re.search(r"[一-鿿]", label) for label in labels), fact.name
