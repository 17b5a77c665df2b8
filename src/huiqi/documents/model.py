"""A document as plans and clauses, and how a cited path finds its clause."""

from __future__ import annotations

import bisect
import datetime
import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from huiqi.documents.comparison import count_words
from huiqi.documents.errors import UnknownClause
from huiqi.documents.formats.source_text import Mending, SourceText
from huiqi.documents.front_matter.model import FrontMatter
from huiqi.documents.numerals import han_number
from huiqi.documents.plan_names import known_name

LETTER = "通知"
"""The path of a covering letter, which belongs to no plan."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered clause, or the unnumbered text before the first number (a preamble).

    `path` is the normalised labels, 二/（三）/4, after the plan's short name where the document has
    several plans; a heading without a number stands in it as it is printed. `printed` is the label as it
    stands in the copy. `text` are the clause's own words, heading included, without its children's: as
    printed, lines that the copy broke joined. `heading` is the line of its own, or a short first sentence
    with something behind it, else empty. `start` and `end` are offsets of label and own words in the source.

    `points` are lists inside the text (一是…；二是…, 1.…；2.…), each a clause whose words are part of `text`;
    `document.clause("二/（三）/一是")` finds them, `document.clauses()` does not count them.

    `origins` are the slices that `text` is made of, (offset in text, offset in source, length), in order;
    what stands between them is a line break or space that joined two lines.
    """

    path: str
    printed: str
    heading: str
    text: str
    start: int
    end: int
    children: tuple[Clause, ...] = ()
    origins: tuple[tuple[int, int, int], ...] = ()
    body_start: int = 0
    points: tuple[Clause, ...] = ()

    @property
    def body(self) -> str:
        """The words behind the heading."""
        return self.text[self.body_start :]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Where text[start:end] stands in the source. Raises ValueError when it is empty or outside."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"{start}..{end} is no part of the {len(self.text)} characters of {self.path}")
        return self._source(start), self._source(end - 1) + 1

    def _source(self, at: int) -> int:
        index = bisect.bisect_right(self.origins, at, key=lambda each: each[0]) - 1
        begins, source, length = self.origins[max(index, 0)]
        return source + min(at - begins, length - 1)

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

    `short_name` is None where the document has a single plan, and for the main text before attachments.
    `attachment` is the heading under which the plan is attached, 附件2; None for others.
    """

    short_name: str | None
    title: str | None
    issuer: str | None
    clauses: tuple[Clause, ...]
    attachment: str | None = None


@dataclass(frozen=True, slots=True)
class Margin:
    """Printed matter that is no clause.

    `kind` is title, number, issuer, masthead, closing, attachment (its heading, or the list of attachments),
    page (what a web page prints around the text) or furniture (page numbers, rules, running heads).
    """

    kind: str
    text: str
    start: int
    end: int


_NO_FRONT = FrontMatter()
_NO_SOURCE = SourceText("", "", "txt", whole_paragraphs=False)


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
    front: FrontMatter = _NO_FRONT
    source: SourceText = _NO_SOURCE
    mended: tuple[Mending, ...] = ()
    _by_path: dict[str, Clause] = field(init=False, repr=False, compare=False)
    _points: dict[str, Clause] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_path", {clause.path: clause for clause in self.clauses()})
        points: dict[str, Clause] = {}
        pending = [point for clause in reversed(self.clauses()) for point in reversed(clause.points)]
        while pending:
            point = pending.pop()
            points.setdefault(point.path, point)
            pending.extend(reversed(point.points))
        object.__setattr__(self, "_points", points)

    def clauses(self) -> tuple[Clause, ...]:
        """All clauses in printed order, the covering letter first."""
        letter = (self.letter,) if self.letter else ()
        return letter + tuple(clause for plan in self.plans for clause in plan.clauses)

    def clause(self, path: str) -> Clause:
        """The clause that `path` names, whatever the widths of its brackets.

        A path that leaves out upper labels is accepted while only one clause answers to it: 15 or 二/15 for
        二/（六）/15; so are a plan's title or attachment (附件2) for its short name, and one kind of numeral for
        the other where that is unique. Raises UnknownClause with the nearest existing paths.
        """
        wanted = normal_path(path)
        exact = self._by_path.get(path) or self._by_path.get(wanted)
        if exact is not None:
            return exact
        if not wanted:
            raise self._unknown(path, "text before the first number is cited by its plan's name")
        wanted = self._with_plan_name(wanted)
        for known in (self._by_path, self._points):
            if wanted in known:
                return known[wanted]
        labels = wanted.split("/")
        for known, form in ((self._by_path, str), (self._points, str), (self._by_path, _bare_label)):
            asked = [form(label) for label in labels]
            found = [path for path in known if _shortened(asked, [form(each) for each in path.split("/")])]
            if found:
                break
        if len(found) == 1:
            return known[found[0]]
        if found:
            raise UnknownClause(
                path, document=self.id, why=f"{len(found)} clauses answer to it", nearest=tuple(found[:5])
            )
        raise self._unknown(path, "no clause of the document answers to it")

    def _with_plan_name(self, path: str) -> str:
        """The path, its plan cited by its short name where it was cited by its title or attachment."""
        first, slash, rest = path.partition("/")
        for plan in self.plans:
            if plan.short_name and first in (plan.attachment, re.sub(r"\s", "", plan.title or "")):
                return plan.short_name + slash + rest
        return path

    def _unknown(self, path: str, why: str) -> UnknownClause:
        paths = [each for each in self._by_path if each]
        wanted = normal_path(path)
        near = difflib.get_close_matches(wanted, paths, n=3, cutoff=0.5)
        if not near:
            beginning = wanted.split("/")[0]
            near = [each for each in paths if each.startswith(beginning)][:3] or paths[:3]
        return UnknownClause(path, document=self.id, why=why, nearest=tuple(near))


_CIRCLED = frozenset("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")


def normal_path(path: str) -> str:
    """A path as clauses carry it: full-width brackets, half-width digits, no spaces, known plan names."""
    pieces = re.split("([①-⑳])", re.sub(r"\s", "", path))
    form = "".join(each if each in _CIRCLED else unicodedata.normalize("NFKC", each) for each in pieces)
    form = form.replace("(", "（").replace(")", "）")
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


def _bare_label(label: str) -> str:
    """A label without its kind of numeral: （三） and （3）, 三 and 3 are one."""
    inner = label.strip("（）")
    number = int(inner) if inner.isdecimal() else han_number(inner)
    return label.replace(inner, str(number)) if inner and number else label
