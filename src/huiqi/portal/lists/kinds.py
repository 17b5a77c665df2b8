"""The kinds of lists, read from kinds.yaml and the office's own lists.yaml; their rules typed against the policy library."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from huiqi.findings import Finding
from huiqi.policies.library import PolicyLibrary
from huiqi.portal.accounts.roles import appointable
from huiqi.portal.acts.chain import canonical, sm3
from huiqi.portal.catalogue.shelf import library as site_library
from huiqi.portal.catalogue.words import in_chinese
from huiqi.portal.clock.rules import deadline_rules
from huiqi.rules.expressions import ExpressionError, typed_expression
from huiqi.rules.positions import Mapping as MappingNode
from huiqi.rules.positions import Node, read_file
from huiqi.rules.reading import Reader
from huiqi.rules.typed import Defined, Typed, walk
from huiqi.rules.types import TRUTH, Kind
from huiqi.rules.unparse import unparse

FIRM, COUNTY = "firm", "county"
NOMINATION, RULE = "nomination", "rule"
PROPOSAL, MEMBER = "proposal", "member"
LEVELS = ("nation", "province", "prefecture", "county")
_FILE = Path(__file__).parent / "kinds.yaml"
_KEYS = (
    *("zh", "en", "of", "owner", "kept_at", "is", "stays", "complete_from", "sources", "admission", "exit"),
    *("review", "term", "seen_by", "firms_see", "shared_for"),
)


@dataclass(frozen=True, slots=True)
class ListSource:
    """A clause that sets a list up, with its deciding words."""

    document: str
    clause: str
    words: str


@dataclass(frozen=True, slots=True)
class SetBy:
    """Who set something: the office itself, a source of the kind, or another document by its number."""

    office: bool = False
    source: ListSource | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class ListRule:
    """A rule in the rule language: its text as written, typed, and who set it."""

    text: str
    node: Typed
    set_by: SetBy


@dataclass(frozen=True, slots=True)
class Sharing:
    """A purpose for which entries may leave the site, and with whom."""

    purpose: str
    zh: str
    en: str
    with_zh: str
    with_en: str

    @property
    def title(self) -> str:
        """The purpose in the language of the visit."""
        return self.zh if in_chinese() else self.en

    @property
    def partners(self) -> str:
        """With whom, in the language of the visit."""
        return self.with_zh if in_chinese() else self.with_en


@dataclass(frozen=True, slots=True)
class ListKind:
    """A kind of list. `says_list` or `says_fact` is what membership says to rules; `term` is in years, 0 without end."""

    id: str
    zh: str
    en: str
    of: str
    owner_level: str
    owner_zh: str
    owner_en: str
    kept_at: tuple[str, ...]
    says_list: str
    says_fact: str
    stays: bool
    complete_from: datetime.date | None
    sources: tuple[ListSource, ...]
    admission: ListRule | None
    admission_set_by: SetBy
    then: str
    exit: ListRule | None
    review: str
    review_set_by: SetBy
    term: int
    term_set_by: SetBy
    seen_by: frozenset[str]
    firms_see: bool
    shared_for: tuple[Sharing, ...]
    digest: str = field(compare=False, default="")
    """SM3 of the rules and of all definitions they use: what an entry was decided by."""

    @property
    def title(self) -> str:
        """The title in the language of the visit."""
        return self.zh if in_chinese() else self.en

    @property
    def owner(self) -> str:
        """The office that decides, in the language of the visit."""
        return self.owner_zh if in_chinese() else self.owner_en

    @property
    def says(self) -> str:
        """The name under which rules read membership, empty where none does."""
        return self.says_list or self.says_fact

    def sharing(self, purpose: str) -> Sharing | None:
        """Return a purpose by its name."""
        return next((each for each in self.shared_for if each.purpose == purpose), None)


@dataclass(slots=True)
class _Remembered:
    """The kinds as read against one library: a site has one."""

    library: PolicyLibrary | None = None
    kinds: Mapping[str, ListKind] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


_remembered = _Remembered()


def kinds() -> Mapping[str, ListKind]:
    """Return the kinds of this site by id. One that cannot be read is left out; `faults` tells why."""
    return _read().kinds


def faults() -> tuple[Finding, ...]:
    """Return what is wrong with the kinds of this site, line by line."""
    return _read().findings


def _read() -> _Remembered:
    library = site_library()
    if _remembered.library is not library:
        findings: list[Finding] = []
        found: dict[str, ListKind] = {}
        own = settings.DATA / "lists.yaml"
        for path in (_FILE, own) if own.exists() else (_FILE,):
            found |= read_kinds(path, library, findings)
        _remembered.kinds, _remembered.findings = found, tuple(findings)
        _remembered.library = library
    return _remembered


def read_kinds(path: Path, library: PolicyLibrary, findings: list[Finding]) -> dict[str, ListKind]:
    """Return the kinds of a file that stand; what is wrong with the others goes into `findings`."""
    node = read_file(path, path.name)
    found: dict[str, ListKind] = {}
    for name, inner in node.entries.items() if isinstance(node, MappingNode) else ():
        own: list[Finding] = []
        kind = _KindReading(name, inner, library, own).kind()
        findings.extend(own)
        if not own:
            found[name] = kind
    return found


class _KindReading:
    def __init__(self, name: str, node: Node, library: PolicyLibrary, findings: list[Finding]) -> None:
        self.name = name
        self.library = library
        self.findings = findings
        self.reader = Reader(node, findings, _KEYS, "list")
        self.sources = tuple(
            ListSource(each.text("document", True), each.text("clause", True), each.text("words", True))
            for each in self.reader.mappings("sources", ("document", "clause", "words"), "source", True)
        )

    def kind(self) -> ListKind:
        reader = self.reader
        for each in self.sources:
            if each.document not in self.library.documents:
                reader.say("unknown-document", f"{each.document} is no document of policies/", key="sources")
        owner = reader.mapping("owner", ("level", "zh", "en"), "owner", True)
        level = owner.choice("level", LEVELS, True) if owner else ""
        says_list, says_fact = self._says()
        admission, then, admission_set_by = self._admission()
        leaving = self._rule("exit")
        review, review_set_by = self._review()
        term, term_set_by = self._term()
        return ListKind(
            self.name,
            reader.text("zh", True),
            reader.text("en", True),
            reader.choice("of", (FIRM, COUNTY), True),
            level,
            owner.text("zh", True) if owner else "",
            owner.text("en", True) if owner else "",
            reader.texts("kept_at", True, LEVELS[1:]),
            says_list,
            says_fact,
            reader.truth("stays"),
            self._day("complete_from"),
            self.sources,
            admission,
            admission_set_by,
            then,
            leaving,
            review,
            review_set_by,
            term,
            term_set_by,
            frozenset(reader.texts("seen_by", True, appointable())),
            reader.truth("firms_see"),
            tuple(self._shared()),
            rule_digest(self.name, self.library, admission, leaving),
        )

    def _says(self) -> tuple[str, str]:
        inner = self.reader.mapping("is", ("list", "fact"), "meaning")
        if inner is None:
            return "", ""
        listed, fact = inner.text("list"), inner.text("fact")
        known = self.library.facts.subject.get(fact)
        if listed and listed not in self.library.lists:
            inner.say("unknown-list", f"{listed} is no list of policies/lists", key="list")
        if fact and (known is None or known.type.kind is not Kind.TRUTH):
            inner.say("unknown-fact", f"{fact} is no yes-or-no fact of the subject", key="fact")
        if bool(listed) == bool(fact):
            inner.say("one-meaning", "give a list or a fact, and not both")
        return listed, fact

    def _admission(self) -> tuple[ListRule | None, str, SetBy]:
        inner = self.reader.mapping(
            "admission", ("by", "if", "then", "source", "set_by", "number"), "admission", True
        )
        if inner is None:
            return None, "", SetBy()
        by = inner.choice("by", (NOMINATION, RULE), True)
        if by == NOMINATION:
            return None, "", self._set_by(inner)
        if self.reader.text("of") == COUNTY:
            inner.say("rule-of-counties", "a rule judges firms: counties are nominated", key="by")
        return self._typed(inner), inner.choice("then", (PROPOSAL, MEMBER), True), self._set_by(inner)

    def _rule(self, key: str) -> ListRule | None:
        inner = self.reader.mapping(key, ("if", "source", "set_by", "number"), key)
        return self._typed(inner) if inner is not None else None

    def _typed(self, inner: Reader) -> ListRule | None:
        scalar = inner.scalar("if", True)
        if scalar is None:
            return None
        try:
            node = typed_expression(scalar, self.library.scope, "if", TRUTH)
        except ExpressionError as error:
            self.findings.append(error.finding)
            return None
        return ListRule(scalar.text, node, self._set_by(inner))

    def _review(self) -> tuple[str, SetBy]:
        inner = self.reader.mapping("review", ("clock", "source", "set_by", "number"), "review", True)
        if inner is None:
            return "", SetBy()
        return inner.choice("clock", deadline_rules(), True), self._set_by(inner)

    def _term(self) -> tuple[int, SetBy]:
        inner = self.reader.mapping("term", ("years", "source", "set_by", "number"), "term")
        if inner is None:
            return 0, SetBy()
        years = inner.whole("years", 0)
        if not 1 <= years <= 30:
            inner.say("impossible-term", "a term is 1 to 30 years", key="years")
        return years, self._set_by(inner)

    def _set_by(self, inner: Reader) -> SetBy:
        office, number, place = (
            inner.choice("set_by", ("office",)),
            inner.text("number"),
            inner.text("source"),
        )
        if sum(map(bool, (office, number, place))) != 1:
            inner.say("set-by-whom", "say set_by: office, source: 1 or number: …, and only one of them")
        if not place:
            return SetBy(bool(office), None, number)
        if place not in map(str, range(1, len(self.sources) + 1)):
            inner.say("no-such-source", f"there is no source {place[:20]}", key="source")
            return SetBy()
        return SetBy(source=self.sources[int(place) - 1])

    def _shared(self) -> Iterator[Sharing]:
        keys = ("purpose", "zh", "en", "with", "with_en")
        for each in self.reader.mappings("shared_for", keys, "purpose"):
            yield Sharing(*(each.text(key, True) for key in keys))

    def _day(self, key: str) -> datetime.date | None:
        text = self.reader.text(key)
        try:
            return datetime.date.fromisoformat(text) if text else None
        except ValueError:
            self.reader.say(
                "not-a-date", f"{key} must be a day, not {text[:20]}", "", "write YYYY-MM-DD", key
            )
            return None


def rule_digest(
    name: str, library: PolicyLibrary, admission: ListRule | None, leaving: ListRule | None
) -> str:
    """Return the digest of a kind's rules with all definitions they use, as they are meant, not as they are written."""
    titles = {each.id: each.title for each in library.lists.values()}
    meant = [unparse(each.node, titles) if each is not None else "" for each in (admission, leaving)]
    waiting = [each.node for each in (admission, leaving) if each is not None]
    used: dict[str, list[str]] = {}
    while waiting:
        for node in walk(waiting.pop()):
            if isinstance(node, Defined) and node.name not in used:
                definition = library.definitions[node.name]
                tests = [definition.test, *(case.test for case in definition.cases)]
                stands = [each for each in tests if each is not None]
                used[node.name] = [unparse(each, titles) for each in stands]
                waiting += stands
    return sm3(canonical([name, meant, used]))
