"""The whole check of a policy folder, rule by rule, on as many cores as there are."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from huiqi.documents import DocumentError, DocumentFolder
from huiqi.findings import Finding
from huiqi.policies.check.branches import check_branches
from huiqi.policies.check.citations import Citations
from huiqi.policies.check.cliffs import check_cliffs
from huiqi.policies.check.dates import check_dates
from huiqi.policies.check.examples import check_examples
from huiqi.policies.check.mutation import check_mutants
from huiqi.policies.check.names import check_names, check_unread_facts
from huiqi.policies.check.outcomes import Answers, Names
from huiqi.policies.check.report import CheckReport, Covered, Notes, Score
from huiqi.policies.check.rule_parts import Rule, all_parts
from huiqi.policies.check.variants import check_variant
from huiqi.policies.coverage import FolderSentences, cover
from huiqi.policies.library import PolicyLibrary, read_library
from huiqi.rules.measure import Measure
from huiqi.rules.typed import Defined, walk

Progress = Callable[[int, int], None]
"""Called with the rules done and the rules in all."""
_LEAST_SHARED = 8
_MOST_EQUIVALENT_PERCENT = 2


@dataclass(frozen=True, slots=True)
class _Checked:
    errors: tuple[Finding, ...]
    information: tuple[Finding, ...]
    score: Score | None
    examples: int


@dataclass(frozen=True, slots=True)
class _Work:
    library: PolicyLibrary
    rules: tuple[Rule, ...]
    texts: DocumentFolder | None
    sentences: FolderSentences | None
    mutation: bool


def check_library(
    root: Path,
    only: Sequence[Path] | None = None,
    documents: Path | None = None,
    mutation: bool = False,
    progress: Progress | None = None,
) -> CheckReport:
    """Check the policies under `root`.

    `only` are files or folders whose rules are checked (all are read); `documents` holds the texts against
    which words are checked; `mutation` asks for every mutant. Raises BadInput without a policy folder.
    """
    library, findings = read_library(root)
    rules = tuple(_chosen(library, only))
    errors = [each for each in findings if only is None or _concerns(each.file, library, only)]
    texts = DocumentFolder(documents) if documents is not None else None
    sentences = FolderSentences(texts) if texts is not None else None
    work = _Work(library, rules, texts, sentences, mutation)
    checked: list[_Checked] = []
    for done, each in enumerate(_results(work), 1):
        checked.append(each)
        if progress is not None:
            progress(done, len(rules))
    information: list[Finding] = []
    for each in checked:
        errors.extend(each.errors)
        information.extend(each.information)
    scores = tuple(sorted(each.score for each in checked if each.score is not None))
    if only is None:
        errors.extend(_too_many_equivalent(scores))
        notes = Notes()
        check_unread_facts(library, (*library.definitions.values(), *library.measures), notes)
        information.extend(notes.information)
    return CheckReport(
        tuple(sorted(dict.fromkeys(errors))),
        tuple(sorted(dict.fromkeys(information))),
        scores,
        len(rules),
        sum(each.examples for each in checked),
        tuple(_covered(work)) if only is None else (),
    )


def _covered(work: _Work) -> Iterator[Covered]:
    """Count, document by document, the promises that no measure cites."""
    if work.texts is None or work.sentences is None:
        return
    for name in work.texts:
        if name in work.library.documents:
            try:
                sentences = work.sentences.of(name)
            except DocumentError:
                continue  # noted where it is cited
            kinds = sentences.by_class
            unencoded = len(cover(work.library.measures, sentences).unencoded)
            yield Covered(name, sum(kinds.values()), kinds.get("benefit", 0), unencoded)


def _results(work: _Work) -> Iterator[_Checked]:
    cores = min(os.cpu_count() or 1, 8)
    if cores == 1 or len(work.rules) < _LEAST_SHARED or "fork" not in multiprocessing.get_all_start_methods():
        for rule in work.rules:
            yield _check(work, rule)
        return
    global _shared  # noqa: PLW0603 - what forked processes find as it stood when they began
    _shared = work
    if work.texts is not None and work.sentences is not None:
        for rule in work.rules:
            for source in rule.sources:
                if source.document in work.texts:
                    work.sentences.of(source.document)
    with multiprocessing.get_context("fork").Pool(cores) as pool:
        yield from pool.imap_unordered(_check_shared, range(len(work.rules)))


_shared: _Work | None = None


def _check_shared(place: int) -> _Checked:
    assert _shared is not None
    return _check(_shared, _shared.rules[place])


def _check(work: _Work, rule: Rule) -> _Checked:
    notes = Notes()
    score = None
    broken = sorted(
        {
            each.name
            for part in all_parts(rule)
            for each in walk(part.node)
            if isinstance(each, Defined) and each.name not in work.library.definitions
        }
    )
    if broken:
        what = f"{rule.id} uses {', '.join(broken)}, which cannot be read"
        notes.error(rule.at, "", "definition-broken", what, "", "mend the definition first")
        return _Checked(tuple(notes.errors), (), None, len(rule.examples.cases))
    answers = Answers(work.library.definitions, Names(work.library.facts, work.library.lists))
    Citations(work.library, work.texts, work.sentences, notes).check(rule)
    check_names(work.library, rule, notes)
    check_dates(work.library, rule, notes)
    check_branches(work.library, rule, notes)
    if isinstance(rule, Measure):
        check_variant(work.library, rule, notes)
    trials = check_examples(work.library, rule, answers, notes)
    check_cliffs(work.library, rule, trials, answers, notes)
    if work.mutation:
        score = check_mutants(rule, trials, answers, notes)
    return _Checked(tuple(notes.errors), tuple(notes.information), score, len(rule.examples.cases))


def _chosen(library: PolicyLibrary, only: Sequence[Path] | None) -> Iterator[Rule]:
    rules: tuple[Rule, ...] = (*library.definitions.values(), *library.measures)
    for rule in rules:
        if not rule.at.file:
            continue  # built in
        if only is None or _concerns(rule.at.file, library, only):
            yield rule


def _concerns(file: str, library: PolicyLibrary, only: Iterable[Path]) -> bool:
    path = (library.root.parent / file).resolve()
    return any(path.is_relative_to(each.resolve()) for each in only)


def _too_many_equivalent(scores: Sequence[Score]) -> Iterator[Finding]:
    equivalent = sum(each.equivalent for each in scores)
    total = sum(each.mutants for each in scores)
    if equivalent * 100 > total * _MOST_EQUIVALENT_PERCENT:
        what = f"{equivalent} of {total} mutants are excused as equivalent"
        why = f"at most {_MOST_EQUIVALENT_PERCENT}% may be"
        yield Finding(
            "", 0, "equivalent_mutants", "too-many-equivalents", what, why, "write examples that notice them"
        )
