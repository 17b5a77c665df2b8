"""The class of every sentence of a document, and the words that decided."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from huiqi.documents.lines import is_foreign
from huiqi.documents.model import Clause, Document
from huiqi.documents.sentences.folding import fold, pieces
from huiqi.documents.sentences.model import ClassedSentence, Kind
from huiqi.documents.sentences.ruleset import Rule, RuleSet, chinese, english
from huiqi.documents.sentences.structure import clause_parts

PREAMBLE = "前言"
"""The heading that the rules know (sections.yaml) for what stands before the first number."""
_CONDITIONS_FOLLOW = re.compile(
    r"(?:以下|下列|如下|下述)[^，。；：]{0,6}(?:条件|情形|情况|要求|标准|对象|范围|主体|企业)"
)
"""What a benefit's sentence says before it lists who has it."""
_IN_LIST = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,2}是|第[一二三四五六七八九十]{1,2}[，,、]|[（(](?:[一二三四五六七八九十]{1,2}|\d{1,2})[）)]"
    r"|\d{1,2}[.．、](?!\d)|[①-⑳])"
)
_LONGEST_READ = 3000
"""Characters of a sentence that rules look at: a longer one is a paragraph that lost its marks."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The class of a sentence, the rule that gave it and the words it found."""

    kind: Kind
    rule: str
    cue: str = ""


def class_sentences(document: Document) -> dict[str, tuple[ClassedSentence, ...]]:
    """Every sentence of every clause of a document by the clause's path; each has exactly one class.

    The spans of a clause hold every visible character of its text once.
    """
    found: dict[str, tuple[ClassedSentence, ...]] = {}
    openings = _openings(document)
    headings: dict[str, str] = {}
    for clause in document.clauses():
        if clause.path in openings:
            found[clause.path] = _clause_sentences(clause, [PREAMBLE])
            continue
        headings[clause.path] = clause.heading or clause.path.rpartition("/")[2]
        found[clause.path] = _clause_sentences(clause, _above(clause.path, headings))
    return found


def _openings(document: Document) -> frozenset[str]:
    """Paths of the covering letter and of what stands before the first number of a numbered text."""
    found = {document.letter.path} if document.letter else set()
    for plan in document.plans:
        if len(plan.clauses) > 1 and not plan.clauses[0].printed and not plan.clauses[0].heading:
            found.add(plan.clauses[0].path)
    return frozenset(found)


def _above(path: str, headings: Mapping[str, str]) -> list[str]:
    """The headings over a clause's sentences, nearest first, its own among them."""
    over = []
    while path:
        if path in headings:
            over.append(headings[path])
        path = path.rpartition("/")[0]
    return over


def _clause_sentences(clause: Clause, headings: Sequence[str]) -> tuple[ClassedSentence, ...]:
    sentences = []
    listing: Verdict | None = None
    for part in clause_parts(clause):
        words = clause.text[part.start : part.end]
        if part.form == "text":
            verdict = class_of(words, headings)
            if listing is not None and _IN_LIST.match(words):
                verdict = listing
            else:
                listing = _listing(words, verdict)
        elif part.form == "heading":
            verdict = Verdict("heading", "heading")
        elif part.form == "table":
            verdict = Verdict("table", "table")
        else:
            verdict = Verdict("attribution", "attribution")
        sentences.append(ClassedSentence(part.start, part.end, verdict.kind, verdict.rule, verdict.cue))
    return tuple(sentences)


def _listing(words: str, verdict: Verdict) -> Verdict | None:
    """What the items are that a sentence announces: the conditions of a benefit are part of it (一是…。二是…。)."""
    found = _CONDITIONS_FOLLOW.search(words) if verdict.kind == "benefit" else None
    return Verdict("benefit", "condition-of-benefit", found[0]) if found else None


def class_of(sentence: str, headings: Sequence[str] = ()) -> Verdict:
    """The class of one sentence of a clause's body.

    `headings` are those that it stands under, nearest first; they decide what nothing in the sentence does.
    """
    rules = english() if is_foreign(sentence) else chinese()
    folded = fold(sentence)[:_LONGEST_READ]
    parts = pieces(folded)
    telling = [each for each in parts if not _is_topic(rules, each)] or parts
    sections = section_names(rules, headings)
    for rule in rules.rules:
        asked = telling if rule.place == "most" else parts
        if (cue := _cue(rule, folded, asked, sections)) is not None:
            return Verdict(rule.kind, rule.id, cue)
    for part in telling:
        for rule in rules.openings:
            if (cue := _cue(rule, folded, [part], sections)) is not None:
                return Verdict(rule.kind, rule.id, cue)
    name = next((each for each in sections if each in rules.defaults), "")
    return Verdict(rules.defaults[name], f"section-{name}" if name else "default")


def section_names(rules: RuleSet, headings: Sequence[str]) -> tuple[str, ...]:
    """What kinds of section the headings announce, nearest first."""
    folded = [fold(heading) for heading in headings]
    return tuple(
        dict.fromkeys(name for each in folded for name, pattern in rules.sections if pattern.search(each))
    )


def _is_topic(rules: RuleSet, piece: str) -> bool:
    return any(pattern.match(piece) for pattern in rules.topics)


def _cue(rule: Rule, folded: str, parts: Sequence[str], sections: Sequence[str]) -> str | None:
    """The words by which the rule holds; None where it does not."""
    if rule.section and not rule.section.intersection(sections):
        return None
    if rule.not_section and rule.not_section.intersection(sections):
        return None
    if any(each.search(folded) for each in rule.none_in_sentence):
        return None
    if rule.place == "sentence":
        return _found(rule, folded)
    cues = [_found(rule, part) for part in parts]
    held = [cue for cue in cues if cue is not None]
    if not held or (rule.place == "most" and not _is_most(cues, len(held))):
        return None
    return held[0]


def _is_most(cues: Sequence[str | None], held: int) -> bool:
    """Whether more than half of the pieces have a cue, or half of them with the first."""
    return 2 * held > len(cues) or (2 * held == len(cues) and cues[0] is not None)


def _found(rule: Rule, text: str) -> str | None:
    cue = ""
    for each in rule.all:
        found: re.Match[str] | None = each.search(text)
        if found is None:
            return None
        cue = cue or found[0][:40]
    if any(each.search(text) for each in rule.none):
        return None
    return cue or text[:12]
