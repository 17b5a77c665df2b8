"""Names that nothing uses, and measures that are named but do not exist."""

from __future__ import annotations

from collections.abc import Iterable

from huiqi.findings import nearest
from huiqi.policies.check.report import Notes
from huiqi.policies.check.rule_parts import Rule, all_parts, mentions, used_parts
from huiqi.policies.library import PolicyLibrary
from huiqi.rules.facts import SUBJECT
from huiqi.rules.measure import Measure
from huiqi.rules.positions import Position
from huiqi.rules.typed import FactOf, Over, walk


def check_names(library: PolicyLibrary, rule: Rule, notes: Notes) -> None:
    """Note parameters and `let` that no expression uses, and unknown measures of exclusions and additions."""
    roots = [part.node for part in used_parts(rule)]
    for word, names in (("parameters", rule.parameters), ("let", rule.let)):
        for each in names:
            if not any(mentions(root, each.name) for root in roots):
                what = f"{each.name} is used by nothing"
                notes.tell(each.at, f"{word}.{each.name}", "unused-name", what, "", "use it or take it out")
    if not isinstance(rule, Measure):
        return
    for exclusion in rule.not_with:
        _check_measure(library, rule, exclusion.measure, "not_with", exclusion.at, notes)
    for name in rule.adds_to:
        _check_measure(library, rule, name, "adds_to", rule.at, notes)
    both = sorted({each.measure for each in rule.not_with} & set(rule.adds_to))
    if both:
        what = f"{', '.join(both)} is excluded by not_with and had beside by adds_to"
        notes.error(rule.at, "adds_to", "exclusion-contradiction", what, "", "keep one of the two")


def _check_measure(
    library: PolicyLibrary, measure: Measure, name: str, cell: str, at: Position, notes: Notes
) -> None:
    if name == measure.id:
        notes.error(at, cell, "exclusion-of-itself", f"{name} names itself", "", "name the other measure")
    elif name not in library.by_id:
        hint = nearest(name, library.by_id) or "`huiqi measures` lists them"
        notes.error(at, cell, "unknown-measure", f"there is no measure {name}", "", hint)


def check_unread_facts(library: PolicyLibrary, rules: Iterable[Rule], notes: Notes) -> None:
    """Note, once for the whole folder, facts that no rule reads."""
    read: set[tuple[str, str]] = {(SUBJECT, "region")}
    records: set[str] = {"receipt"}  # what was received already is read by assessing, not by rules
    for rule in rules:
        for part in all_parts(rule):
            for node in walk(part.node):
                if isinstance(node, FactOf):
                    read.add((node.record, node.name))
                elif isinstance(node, Over):
                    records.add(node.record)
        if isinstance(rule, Measure):
            records.add(rule.per)
            named = {each.whose for each in rule.caps} | {each.whose for each in rule.not_with}
            read |= {(rule.per or SUBJECT, name) for name in named}
    for fact in library.facts:
        if (fact.record, fact.name) not in read and fact.record != "receipt":
            what = f"no rule reads {fact.name} of {fact.record}"
            notes.tell(
                Position("policies/facts", 0, 0), fact.name, "unread-fact", what, "", "use it or take it out"
            )
