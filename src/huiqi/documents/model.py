"""A document as plans and clauses, and how a cited path finds its clause."""

from __future__ import annotations

import datetime
import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from huiqi.documents.comparison import count_words
from huiqi.documents.errors import UnknownClause
from huiqi.documents.plan_names import known_name

LETTER = "通知"
"""The path of a covering letter, which belongs to no plan."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered clause, or the unnumbered text before the first number (a preamble).

    `path` is the normalised labels, 二/（三）/4, after the plan's short name where the document has
    several plans. `printed` is the label as it stands in the copy; `heading` the first sentence or the
    line of its own; `text` the clause's own words, heading included, without its children's. `start` and
    `end` are offsets of label and own words in the text as decoded.
    """

    path: str
    printed: str
    heading: str
    text: str
    start: int
    end: int
    children: tuple[Clause, ...] = ()

    @property
    def full_text(self) -> str:
        """Own words and those of all clauses below, in printed order, one paragraph a line."""
        return "\n".join(clause.text for clause in self.walk() if clause.text)

    def walk(self) -> Iterable[Clause]:
        """This clause and all below it, in printed order."""
        pending = [self]
        while pending:
            clause = pending.pop()
            yield clause
            pending.extend(reversed(clause.children))


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan of a document: `clauses` are all its clauses in printed order, at every depth.

    `short_name` is None where the document has a single plan.
    """

    short_name: str | None
    title: str | None
    issuer: str | None
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Margin:
    """Printed matter that is no clause: `kind` is title, number, issuer, masthead, closing or furniture."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Document:
    """An official text. `id` is the file's stem; title, number and date are None where not printed.

    `letter` is the covering letter before several plans (or before one that has its own title); `digest` is
    the SHA-256 of the file's bytes.
    """

    id: str
    title: str | None
    number: str | None
    date: datetime.date | None
    plans: tuple[Plan, ...]
    digest: str
    letter: Clause | None = None
    margins: tuple[Margin, ...] = ()
    _by_path: dict[str, Clause] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_path", {clause.path: clause for clause in self.clauses()})

    def clauses(self) -> tuple[Clause, ...]:
        """All clauses in printed order, the covering letter first."""
        letter = (self.letter,) if self.letter else ()
        return letter + tuple(clause for plan in self.plans for clause in plan.clauses)

    def clause(self, path: str) -> Clause:
        """The clause that `path` names, whatever the widths of its brackets.

        A path that leaves out upper labels is accepted while only one clause answers to it: 15 or 二/15 for
        二/（六）/15. Raises UnknownClause with the nearest existing paths.
        """
        wanted = normal_path(path)
        exact = self._by_path.get(wanted)
        if exact is not None:
            return exact
        if not wanted:
            raise self._unknown(path, "text before the first number is cited by its plan's name")
        labels = wanted.split("/")
        found = [each for each in self._by_path if _shortened(labels, each.split("/"))]
        if len(found) == 1:
            return self._by_path[found[0]]
        if found:
            raise UnknownClause(
                path, document=self.id, why=f"{len(found)} clauses answer to it", nearest=tuple(found[:5])
            )
        raise self._unknown(path, "no clause of the document answers to it")

    def _unknown(self, path: str, why: str) -> UnknownClause:
        paths = [each for each in self._by_path if each]
        wanted = normal_path(path)
        near = difflib.get_close_matches(wanted, paths, n=3, cutoff=0.5)
        if not near:
            beginning = wanted.split("/")[0]
            near = [each for each in paths if each.startswith(beginning)][:3] or paths[:3]
        return UnknownClause(path, document=self.id, why=why, nearest=tuple(near))


def normal_path(path: str) -> str:
    """A path as clauses carry it: full-width brackets, half-width digits, no spaces, known plan names."""
    form = re.sub(r"\s", "", unicodedata.normalize("NFKC", path)).replace("(", "（").replace(")", "）")
    labels = [label.rstrip("、.,") for label in form.strip("/").split("/")]
    labels[0] = known_name(labels[0]) or labels[0]
    return "/".join(labels)


def find_words(document: Document, path: str, words: str) -> int:
    """How often `words` stand in the clause `path` or below it, whatever the widths and line breaks.

    Raises UnknownClause, and ValueError for empty words.
    """
    return count_words(words, document.clause(path).full_text)


def _shortened(wanted: list[str], labels: list[str]) -> bool:
    """Whether `wanted` is `labels` with upper ones left out: same end, same order."""
    if wanted[-1] != labels[-1]:
        return False
    rest = iter(labels)
    return all(label in rest for label in wanted)
