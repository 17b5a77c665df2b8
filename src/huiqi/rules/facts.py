"""The fact dictionary: every fact and record that a case may hold and a rule may read.

Data in `policies/facts/*.yaml`; the format is described in docs/rule-language.md, section 3.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from huiqi.findings import Finding
from huiqi.rules.positions import Node
from huiqi.rules.reading import Reader
from huiqi.rules.types import DATE, INDUSTRY, REGION, TEXT, TRUTH, Kind, Type, number
from huiqi.rules.units import DAY, ITEM, MONTH, PERSON, YEAR, Unit, parse_unit

SUBJECTS = {"enterprise": "企业", "self_employed": "个体工商户", "person": "个人", "institution": "机构"}
SUBJECT = "subject"
RESERVED = frozenset(
    {
        "as_of",
        "yes",
        "no",
        "min",
        "max",
        "floor",
        "ceil",
        "listed",
        "count",
        "total",
        "exists",
        "year",
        "lists",
    }
)
"""Words of expressions and cases that no fact can bear."""
KNOWN_BY = {
    "market_regulation": "市场监管部门",
    "tax": "税务部门",
    "social_insurance": "人力资源社会保障部门",
    "statistics": "统计部门",
    "industry_department": "工业和信息化部门",
    "science_department": "科技部门",
    "agriculture_department": "农业农村部门",
    "culture_department": "文化和旅游部门",
    "commerce_department": "商务部门",
    "transport_department": "交通运输部门",
    "bank": "银行",
    "guarantor": "担保机构",
    "landlord": "出租方",
    "office": "经办部门",
    "firm": "企业自己",
}
CHANGES = {"firm": "企业可以做到", "time": "时间会带来", "never": "不能改变"}
"""What can change a fact: the firm's own doing (an application or hiring too), the passing of time, nothing."""
_PLAIN_TYPES = {"yes_no": TRUTH, "date": DATE, "industry": INDUSTRY, "region": REGION, "text": TEXT}
_PERIODS = ("year", "quarter", "month")
_SPANS = (YEAR, MONTH, DAY)
MOST_YUAN = 100_000_000_000
MOST_NUMBER = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. `most` is the greatest sensible value in written units (yuan, persons, …); `positive`: never nought."""

    record: str
    name: str
    label: str
    english: str
    type: Type
    known_by: str
    period: str = ""
    decimals: int = 0
    most: int = MOST_NUMBER
    positive: bool = False
    subjects: tuple[str, ...] = ()
    about: str = ""
    question: str = ""
    changes: str = "firm"

    @property
    def unit(self) -> Unit | None:
        """The unit of a number, None for other kinds."""
        return self.type.unit

    @property
    def type_name(self) -> str:
        """The type as the fact file writes it."""
        return str(self.type.unit) if self.type.kind is Kind.NUMBER else self.type.kind.value


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record: `name` (lease), `list_name` (leases), its facts by name; `changes`: whether the firm can
    come by another one, or never."""

    name: str
    list_name: str
    label: str
    english: str
    counts: Unit
    facts: dict[str, Fact]
    changes: str = "firm"


class FactDictionary:
    """All facts, by record and name."""

    def __init__(self, records: Iterable[RecordKind]) -> None:
        self.records: dict[str, RecordKind] = {record.name: record for record in records}
        self.subject: dict[str, Fact] = self.records[SUBJECT].facts if SUBJECT in self.records else {}
        self.by_list: dict[str, RecordKind] = {
            record.list_name: record for record in self.records.values() if record.name != SUBJECT
        }

    def fact(self, record: str, name: str) -> Fact | None:
        """Return a fact, or None."""
        kind = self.records.get(record)
        return kind.facts.get(name) if kind else None

    def __iter__(self) -> Iterator[Fact]:
        for record in self.records.values():
            yield from record.facts.values()


def read_facts(nodes: Iterable[Node]) -> tuple[FactDictionary, list[Finding]]:
    """Read the fact files together; return the dictionary and what is wrong with it."""
    findings: list[Finding] = []
    kinds: dict[str, RecordKind] = {}
    for node in nodes:
        reader = Reader(
            node, findings, {"record", "list", "label", "english", "counts", "changes", "facts"}, "fact-file"
        )
        if not reader.usable:
            continue
        name = reader.text("record", required=True)
        kind = kinds.get(name)
        if kind is None:
            counts = {"person": PERSON}.get(reader.text("counts"), ITEM)
            list_name = reader.text("list", required=name != SUBJECT)
            kind = RecordKind(
                name,
                list_name,
                reader.text("label", required=True),
                reader.text("english"),
                counts,
                {},
                reader.choice("changes", CHANGES) or "firm",
            )
            kinds[name] = kind
        for item in reader.mappings("facts", _FACT_KEYS, "fact"):
            fact = _read_fact(item, name)
            if fact is None:
                continue
            if fact.name in kind.facts:
                item.say("duplicate-fact", f"the fact {fact.name} of {name} is defined twice", "", "keep one")
            kind.facts[fact.name] = fact
    dictionary = FactDictionary(kinds.values())
    findings.extend(_clashes(dictionary))
    return dictionary, findings


_FACT_KEYS = {
    *("name", "label", "english", "type", "known_by", "period", "decimals", "most", "subjects", "about"),
    *("question", "choices", "positive", "changes"),
}


def _read_fact(reader: Reader, record: str) -> Fact | None:
    name = reader.text("name", required=True)
    label = reader.text("label", required=True)
    type_ = _read_type(reader)
    known_by = reader.choice("known_by", KNOWN_BY, required=True)
    if type_ is None or not name:
        return None
    if not name.isidentifier():
        reader.say(
            "fact-name", f"{name} is no name", "expressions use it", "use letters, digits and _", "name"
        )
    elif name in RESERVED or name in SUBJECTS or keyword.iskeyword(name):
        reader.say(
            "reserved-name", f"{name} is a word of the language", "", "give the fact another name", "name"
        )
    is_yuan = type_.unit is not None and type_.unit.power("yuan") == 1
    default_decimals = (
        2 if is_yuan else 6 if type_.kind is Kind.NUMBER and not (type_.unit and type_.unit.powers) else 0
    )
    return Fact(
        record,
        name,
        label,
        reader.text("english"),
        type_,
        known_by,
        reader.choice("period", _PERIODS),
        reader.whole("decimals", default_decimals),
        reader.whole("most", MOST_YUAN if is_yuan else MOST_NUMBER),
        reader.truth("positive"),
        reader.texts("subjects", allowed=SUBJECTS),
        reader.text("about"),
        reader.text("question"),
        reader.choice("changes", CHANGES) or _usual_change(record, type_, reader.text("period")),
    )


def _usual_change(record: str, type_: Type, period: str) -> str:
    """Return what changes a fact that does not say so: what a firm is and what is past stays, spans of time grow."""
    if type_.kind in (Kind.REGION, Kind.INDUSTRY, Kind.DATE, Kind.TEXT) or period:
        return "never"
    if type_.kind is Kind.NUMBER and type_.unit is not None and type_.unit in _SPANS:
        return "time"
    return "never" if type_.kind is Kind.CHOICE and record != SUBJECT else "firm"


def _read_type(reader: Reader) -> Type | None:
    word = reader.text("type", required=True)
    if word in _PLAIN_TYPES:
        return _PLAIN_TYPES[word]
    if word == "choice":
        choices = reader.pairs("choices")
        if not choices:
            reader.say(
                "choices", "a choice without choices", "", "write choices: {value: 中文, …}", "choices"
            )
        return Type(Kind.CHOICE, None, tuple(choices.items()))
    try:
        return number(parse_unit(word)) if word else None
    except ValueError as error:
        reader.say(
            "fact-type", f"{error} is no type or unit", "", "see docs/rule-language.md, section 3", "type"
        )
        return None


def _clashes(dictionary: FactDictionary) -> Iterator[Finding]:
    for record in dictionary.records.values():
        for fact in record.facts.values():
            if record.name != SUBJECT and fact.name in dictionary.subject:
                yield Finding(
                    "policies/facts",
                    0,
                    fact.name,
                    "fact-clash",
                    f"{fact.name} is a fact of the subject and of {record.name}",
                    "an expression could not tell them apart",
                    "rename one",
                )
            for value in fact.type.values:
                if value in dictionary.subject or value in record.facts:
                    yield Finding(
                        "policies/facts",
                        0,
                        fact.name,
                        "choice-clash",
                        f"the value {value} of {fact.name} is also the name of a fact",
                        "an expression could not tell them apart",
                        "rename the value",
                    )
