"""A folder of policies, read and ready: facts, lists, definitions, documents and measures.

The format is described in docs/rule-language.md. Reading never stops at the first error: `read_library`
returns what stands and every finding; `load_library` refuses a folder with findings.
"""

from __future__ import annotations

import datetime
import keyword
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from huiqi.findings import BadInput, Finding
from huiqi.policies.size import SIZE, size_definition
from huiqi.reference.industries import GROUPS
from huiqi.reference.regions import NATION, chain, is_within
from huiqi.rules.case import CaseReader
from huiqi.rules.evaluate import Evaluator
from huiqi.rules.facts import RESERVED, SUBJECTS, FactDictionary, read_facts
from huiqi.rules.judge import Judge
from huiqi.rules.measure import Definition, Measure
from huiqi.rules.positions import MOST_BYTES, Node, Scalar, read_file, read_text
from huiqi.rules.positions import Mapping as MappingNode
from huiqi.rules.read_measure import name_of_definition, read_definition, read_measure
from huiqi.rules.reading import Reader
from huiqi.rules.render import Renderer
from huiqi.rules.scope import DefinedName, Scope
from huiqi.rules.typed import Defined, Typed, walk

_MOST_REMEMBERED = 100_000
_HOUSE_FOLDERS = ("facts", "lists", "definitions")


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """An official document as far as it is cited; `at_hand` tells whether its text can be had to check words."""

    id: str
    title: str
    english: str
    number: str
    issuer: str
    date: str
    region: str
    plans: tuple[str, ...]
    at_hand: bool


@dataclass(frozen=True, slots=True)
class PolicyList:
    """A dated list (名单) whose membership is a fact; `of` tells of what: the subject or its region."""

    id: str
    title: str
    english: str
    of: str
    kept_by: str


@dataclass
class PolicyLibrary:
    """All policies of a folder. Measures with one id hold in different regions."""

    root: Path
    facts: FactDictionary
    lists: dict[str, PolicyList]
    definitions: dict[str, Definition]
    documents: dict[str, PolicyDocument]
    measures: tuple[Measure, ...]
    scope: Scope
    files: dict[tuple[str, str], Path] = field(default_factory=dict)
    """The file of each measure, by id and region."""
    _possible: dict[tuple[str, str | None, datetime.date | None], tuple[tuple[Measure, ...], bool]] = field(
        default_factory=dict, repr=False
    )

    @cached_property
    def evaluator(self) -> Evaluator:
        """The first reading, over this library's definitions."""
        return Evaluator(self.definitions)

    @cached_property
    def judge(self) -> Judge:
        """Judges measures one subject at a time."""
        return Judge(self.evaluator)

    @cached_property
    def cases(self) -> CaseReader:
        """Reads cases against this library's facts."""
        return CaseReader(self.facts, self.evaluator, self.lists)

    def renderer(self, measure: Measure | Definition | None = None) -> Renderer:
        """Return a renderer that knows the Chinese names of a measure's own parts."""
        titles: dict[str, str] = {}
        if measure is not None:
            titles = {each.name: each.title for each in measure.parameters}
            titles |= {each.name: each.title for each in measure.let}
        lists = {each.id: each.title for each in self.lists.values()}
        return Renderer(
            self.facts, self.definitions, lists, {name: title for name, title in titles.items() if title}
        )

    @cached_property
    def by_id(self) -> dict[str, tuple[Measure, ...]]:
        """Every measure under its id, nation first, counties last."""
        found: dict[str, list[Measure]] = {}
        for measure in self.measures:
            found.setdefault(measure.id, []).append(measure)
        return {
            name: tuple(sorted(variants, key=lambda each: (len(chain(each.region)), each.region)))
            for name, variants in found.items()
        }

    def possible(
        self, measure_id: str, region: str | None, as_of: datetime.date | None = None
    ) -> tuple[tuple[Measure, ...], bool]:
        """Return the variants that may apply in a region, and whether none of them applying is possible too.

        With a county there is one: the nearest on its chain that has begun by as-of, for until a lower text is
        issued the higher one speaks for itself. With a province or nothing known, lower variants may apply as well.
        """
        key = (measure_id, region, as_of)
        found = self._possible.get(key)
        if found is None:
            if len(self._possible) > _MOST_REMEMBERED:
                self._possible.clear()
            found = self._possible[key] = self._find_possible(measure_id, region, as_of)
        return found

    def _find_possible(
        self, measure_id: str, region: str | None, as_of: datetime.date | None
    ) -> tuple[tuple[Measure, ...], bool]:
        variants = tuple(
            each for each in self.by_id.get(measure_id, ()) if _within(region, each.region) is not False
        )
        begun = tuple(each for each in variants if as_of is None or each.in_force.first <= as_of)
        variants = begun or variants
        certain = [each for each in variants if _within(region, each.region) is True]
        open_below = [each for each in variants if _within(region, each.region) is None]
        nearest = certain[-1:]
        return (*nearest, *open_below), not nearest

    def applying(self, region: str | None, as_of: datetime.date) -> Iterator[tuple[Measure, ...]]:
        """Yield the possible variants of each measure that is in force and may hold in the region."""
        for measure_id in sorted(self.by_id):
            variants, _ = self.possible(measure_id, region, as_of)
            if any(each.in_force.holds(as_of) for each in variants):
                yield variants


@lru_cache(maxsize=16_384)
def _within(region: str | None, area: str) -> bool | None:
    if area == NATION:
        return True
    return None if region is None else is_within(region, area)


def load_library(root: Path) -> PolicyLibrary:
    """Return the library of a folder without its examples; raise BadInput if anything in it is wrong."""
    library, findings = read_library(root, examples=False)
    if findings:
        raise BadInput(findings)
    return library


def read_library(root: Path, examples: bool = True) -> tuple[PolicyLibrary, list[Finding]]:
    """Return what can be read of a folder, with every finding."""
    findings: list[Finding] = []
    if not root.is_dir():
        what = "there is no policy folder here"
        raise BadInput(
            [Finding(str(root), 0, "", "no-policies", what, "", "give the folder that holds facts/")]
        )
    facts, fact_findings = read_facts(_nodes(root, root / "facts", findings))
    findings.extend(fact_findings)
    lists = _read_lists(root, findings)
    names, nodes = _definition_names(root, facts, findings, examples)
    scope = Scope(facts, names, frozenset(lists), frozenset(GROUPS))
    definitions: dict[str, Definition] = {SIZE: size_definition(facts)} if "industry" in facts.subject else {}
    for node in nodes:
        definition, found = read_definition(node, scope)
        findings.extend(found)
        if definition is not None:
            definitions[definition.id] = definition
    findings.extend(_circles(definitions))
    documents: dict[str, PolicyDocument] = {}
    measures: list[Measure] = []
    files: dict[tuple[str, str], Path] = {}
    for folder in sorted(
        each for each in root.iterdir() if each.is_dir() and each.name not in _HOUSE_FOLDERS
    ):
        for path in sorted(folder.glob("*.yaml")):
            made = _node(root, path, findings, examples)
            if made is None:
                continue
            if path.name == "document.yaml":
                document = _read_document(made, findings)
                documents[document.id] = document
                continue
            measure, found = read_measure(made, scope)
            findings.extend(found)
            if measure is not None:
                findings.extend(_misplaced(measure, path, files))
                files[(measure.id, measure.region)] = path
                measures.append(measure)
    return PolicyLibrary(root, facts, lists, definitions, documents, tuple(measures), scope, files), findings


def _nodes(root: Path, folder: Path, findings: list[Finding]) -> Iterator[Node]:
    for path in sorted(folder.glob("*.yaml")):
        node = _node(root, path, findings, True)
        if node is not None:
            yield node


def _node(root: Path, path: Path, findings: list[Finding], examples: bool) -> Node | None:
    shown = str(path.relative_to(root.parent)) if path.is_relative_to(root.parent) else str(path)
    try:
        if examples:
            return read_file(path, shown)
        # Examples are most of a file and serve only `huiqi check`; by the fixed order of keys they stand last.
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(MOST_BYTES)
        return read_text(text.split("\nexamples:\n", 1)[0], shown)
    except BadInput as error:
        findings.extend(error.findings)
    except (OSError, UnicodeDecodeError):
        return _node(root, path, findings, True) if not examples else None
    return None


def _read_lists(root: Path, findings: list[Finding]) -> dict[str, PolicyList]:
    lists: dict[str, PolicyList] = {}
    keys = ("id", "title", "english", "of", "kept_by", "sources", "about", "document", "number")
    for node in _nodes(root, root / "lists", findings):
        reader = Reader(node, findings, keys, "list")
        made = PolicyList(
            reader.text("id", True),
            reader.text("title", True),
            reader.text("english"),
            reader.choice("of", ("region", "subject", "record")) or "subject",
            reader.text("kept_by"),
        )
        if made.id in lists:
            reader.say("duplicate-list", f"two lists are named {made.id}", "", "keep one", "id")
        lists[made.id] = made
    return lists


def _definition_names(
    root: Path, facts: FactDictionary, findings: list[Finding], examples: bool
) -> tuple[dict[str, DefinedName], list[Node]]:
    names: dict[str, DefinedName] = {SIZE: DefinedName(SIZE, size_definition(None).type)}
    taken = {SIZE, *RESERVED, *SUBJECTS, *facts.by_list, *(fact.name for fact in facts)}
    nodes: list[Node] = []
    for path in sorted((root / "definitions").glob("*.yaml")):
        node = _node(root, path, findings, examples)
        name = name_of_definition(node) if node is not None else None
        if node is None:
            continue
        if name is None:
            what, mend = "a definition needs id", "add `id: its_name`"
            findings.append(Finding(node.at.file, node.at.line, "id", "missing-key", what, "", mend))
        elif name.name in taken or not name.name.isidentifier() or keyword.iskeyword(name.name):
            what, why = f"{name.name} cannot name a definition", "another fact, list or definition bears it"
            if not name.name.isidentifier() or keyword.iskeyword(name.name):
                why = "expressions use it: letters, digits and _, and no word of Python"
            mend = "choose another id"
            findings.append(Finding(node.at.file, node.at.line, "id", "name-taken", what, why, mend))
        else:
            taken.add(name.name)
            nodes.append(node)
            names[name.name] = name
    return names, nodes


def _circles(definitions: Mapping[str, Definition]) -> Iterator[Finding]:
    def used(definition: Definition) -> set[str]:
        tests: Iterable[Typed | None] = (definition.test, *(case.test for case in definition.cases))
        return {each.name for test in tests if test for each in walk(test) if isinstance(each, Defined)}

    for name, definition in definitions.items():
        seen: set[str] = set()
        waiting = used(definition)
        while waiting:
            inner = waiting.pop()
            if inner == name:
                at = definition.at
                why = "a definition that needs itself has no value"
                yield Finding(
                    at.file, at.line, "", "definition-circle", f"{name} is defined by itself", why, ""
                )
                break
            if inner not in seen and inner in definitions:
                seen.add(inner)
                waiting |= used(definitions[inner])


_DOCUMENT_KEYS = (
    *("id", "title", "english", "number", "issuer", "date", "region", "plans", "at_hand", "note", "source"),
    *("amended_by", "amends", "about"),
)


def _read_document(node: Node, findings: list[Finding]) -> PolicyDocument:
    reader = Reader(node, findings, _DOCUMENT_KEYS, "document")
    plans: list[str] = []
    for item in reader.sequence("plans"):
        name = item.get("short_name") if isinstance(item, MappingNode) else item
        if isinstance(name, Scalar):
            plans.append(name.text)
    texts = {key: "" if reader.text(key) in ("null", "~") else reader.text(key) for key in ("number", "date")}
    return PolicyDocument(
        reader.text("id", True),
        reader.text("title", True),
        reader.text("english"),
        texts["number"],
        reader.text("issuer"),
        texts["date"],
        reader.text("region", True),
        tuple(plans),
        reader.truth("at_hand", True),
    )


def _misplaced(measure: Measure, path: Path, files: Mapping[tuple[str, str], Path]) -> Iterator[Finding]:
    at = measure.at
    if path.stem != measure.id:
        what = f"the file is named {path.stem}, the measure {measure.id}"
        yield Finding(
            at.file, at.line, "id", "file-name", what, "a measure is found by its file", "rename one"
        )
    if (measure.id, measure.region) in files:
        other = files[(measure.id, measure.region)].parent.name
        what = f"{measure.id} for {measure.region} stands in {other} too"
        yield Finding(
            at.file, at.line, "id", "duplicate-measure", what, "", "keep one file per measure and region"
        )
