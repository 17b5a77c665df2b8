"""Read a measure or definition file into its typed form, with every finding at its line."""

from __future__ import annotations

import datetime
import hashlib
import keyword
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from huiqi.findings import Finding
from huiqi.reference.regions import UnknownRegion, region
from huiqi.rules.examples import read_examples
from huiqi.rules.expressions import ExpressionError, facts_of_record, typed_expression
from huiqi.rules.facts import RESERVED, SUBJECTS
from huiqi.rules.measure import (
    AGENCY_ROLES,
    AMOUNT_IS,
    CAP_LEVELS,
    DELIVERIES,
    KINDS,
    NEVER,
    Agency,
    Cap,
    Case,
    Condition,
    Dated,
    Definition,
    EquivalentMutant,
    Exclusion,
    InForce,
    Interpretation,
    Let,
    Measure,
    Parameter,
    Source,
    named,
)
from huiqi.rules.positions import Mapping as MappingNode
from huiqi.rules.positions import Node, Scalar, Sequence
from huiqi.rules.reading import Reader
from huiqi.rules.scope import DefinedName, Scope
from huiqi.rules.typed import AsOf, Compare, Exact, If, Literal, Named, Typed, day, exact
from huiqi.rules.types import BARE, DATE, TRUTH, Kind, Type, number
from huiqi.rules.units import YUAN, Unit, parse_unit
from huiqi.rules.values import parse_date
from huiqi.rules.verdicts import VERDICTS

MEASURE_KEYS = (
    *(
        "id",
        "title",
        "english",
        "kind",
        "information",
        "sources",
        "subject",
        "per",
        "region",
        "in_force",
        "when",
    ),
    *(
        "parameters",
        "let",
        "amount",
        "amount_is",
        "baseline",
        "rounding",
        "cap",
        "not_with",
        "adds_to",
        "delivery",
    ),
    *(
        "agencies",
        "paid_by",
        "apply_at",
        "account",
        "documents",
        "interpretation",
        "examples",
        "equivalent_mutants",
    ),
)
DEFINITION_KEYS = (
    *(
        "id",
        "title",
        "english",
        "sources",
        "subject",
        "per",
        "parameters",
        "let",
        "is",
        "cases",
        "interpretation",
    ),
    *("examples", "equivalent_mutants"),
)
_SOURCE_KEYS = ("document", "clause", "words")
_CONDITION_KEYS = ("if", "title", "words", "source", "declared", "discretion")
_PARAMETER_KEYS = ("value", "unit", "words", "source", "title", "by")
_MOST_FEN_DIGITS = 24


def read_measure(node: Node, scope: Scope) -> tuple[Measure | None, list[Finding]]:
    """Return the measure, or None with findings."""
    reading = _RuleReading(node, scope, MEASURE_KEYS, "measure")
    if not reading.reader.usable:
        return None, reading.findings
    measure = reading.measure()
    return (None if reading.findings else measure), reading.findings


def read_definition(node: Node, scope: Scope) -> tuple[Definition | None, list[Finding]]:
    """Return the definition, or None with findings."""
    reading = _RuleReading(node, scope, DEFINITION_KEYS, "definition")
    if not reading.reader.usable:
        return None, reading.findings
    definition = reading.definition()
    return (None if reading.findings else definition), reading.findings


def name_of_definition(node: Node) -> DefinedName | None:
    """Return a definition's name and type before its expressions are read, so that definitions may use each other."""
    if not isinstance(node, MappingNode):
        return None
    name, per, cases = node.get("id"), node.get("per"), node.get("cases")
    if not isinstance(name, Scalar):
        return None
    record = per.text.strip() if isinstance(per, Scalar) else ""
    if not isinstance(cases, Sequence):
        return DefinedName(name.text.strip(), TRUTH, record)
    choices: list[tuple[str, str]] = []
    for item in cases.items:
        if isinstance(item, MappingNode):
            value, title = item.get("value"), item.get("title")
            if isinstance(value, Scalar):
                choices.append((value.text, title.text if isinstance(title, Scalar) else value.text))
    return DefinedName(name.text.strip(), Type(Kind.CHOICE, None, tuple(choices)), record)


class _RuleReading:
    """Reads one file; names become known in the order parameters, let, conditions, amount."""

    def __init__(self, node: Node, scope: Scope, keys: tuple[str, ...], what: str) -> None:
        self.findings: list[Finding] = []
        self.reader = Reader(node, self.findings, keys, what)
        self.node = node
        self.check_order()
        per = self.reader.text("per")
        if per and per not in scope.facts.records:
            known = ", ".join(name for name in scope.facts.records if name != "subject")
            self.reader.say("unknown-record", f"per cannot be {per}", "", f"records are {known}", "per")
            per = ""
        self.scope = scope.within(per)
        self.per = per
        self.sources = self.read_sources() if self.reader.usable else ()

    def measure(self) -> Measure:
        r = self.reader
        parameters = self.read_parameters()
        lets = self.read_lets()
        when = tuple(self.read_conditions())
        amount = self.expression(r.scalar("amount"), "amount", number(YUAN)) if r.has("amount") else None
        amount_is = r.choice("amount_is", AMOUNT_IS, required=True)
        information = r.text("information")
        if information and (amount is not None or amount_is not in ("none", "")):
            r.say(
                "information-amount", "a measure for information has no amount", "", "drop one", "information"
            )
        if not r.has("amount") and amount_is not in ("none", "") and not information:
            r.say("no-amount", f"amount_is {amount_is} needs an amount", "", "add `amount:`", "amount_is")
        if amount is not None and amount_is == "none":
            r.say(
                "amount-is-none",
                "there is an amount, but amount_is says none",
                "",
                "say what it is",
                "amount_is",
            )
        if amount_is == "saved" and not r.text("baseline"):
            r.say("no-baseline", "what is saved needs its baseline", "", "add `baseline:`", "amount_is")
        return Measure(
            id=r.text("id", required=True),
            title=r.text("title", required=True),
            english=r.text("english"),
            kind=r.choice("kind", KINDS, required=True),
            information=information,
            sources=self.sources,
            subject=r.texts("subject", required=True, allowed=SUBJECTS),
            per=self.per,
            region=self.read_region(),
            in_force=self.read_in_force(),
            when=when,
            parameters=parameters,
            let=lets,
            amount=amount,
            amount_is=amount_is,
            baseline=r.text("baseline"),
            rounding=r.choice("rounding", ("half_up_fen",)) or "half_up_fen",
            caps=tuple(self.read_caps()),
            not_with=tuple(self.read_exclusions()),
            adds_to=r.texts("adds_to"),
            delivery=r.choice("delivery", DELIVERIES, required=True),
            agencies=tuple(self.read_agencies()),
            paid_by=r.text("paid_by"),
            apply_at=r.text("apply_at"),
            account=r.text("account"),
            documents=r.texts("documents"),
            interpretation=tuple(self.read_interpretation()),
            examples=read_examples(r.node.get("examples"), self.findings, tuple(VERDICTS)),
            equivalent_mutants=tuple(self.read_equivalents()),
            at=r.place(),
            digest=digest_of(self.rule_itself()),
        )

    def definition(self) -> Definition:
        r = self.reader
        parameters = self.read_parameters()
        lets = self.read_lets()
        own = name_of_definition(self.node)
        test = self.expression(r.scalar("is"), "is", TRUTH) if r.has("is") else None
        cases = tuple(self.read_cases())
        if (test is None) == (not cases):
            r.say("is-or-cases", "a definition has either `is` or `cases`", "", "write one of them")
        return Definition(
            id=r.text("id", required=True),
            title=r.text("title", required=True),
            english=r.text("english"),
            sources=self.sources,
            subject=r.texts("subject", allowed=SUBJECTS),
            per=self.per,
            parameters=parameters,
            let=lets,
            type=own.type if own else TRUTH,
            test=test,
            cases=cases,
            interpretation=tuple(self.read_interpretation()),
            examples=read_examples(r.node.get("examples"), self.findings, ()),
            equivalent_mutants=tuple(self.read_equivalents()),
            at=r.place(),
        )

    # Parts

    def rule_itself(self) -> Node:
        """Return the file without its examples, so that the digest is one whether they are read or not."""
        node = self.reader.node
        kept = {
            key: each for key, each in node.entries.items() if key not in ("examples", "equivalent_mutants")
        }
        return MappingNode(kept, node.at)

    def check_order(self) -> None:
        """Note a key behind `examples`: assessing reads a file only up to there."""
        keys = list(self.reader.node.entries)
        behind = keys[keys.index("examples") + 1 :] if "examples" in keys else []
        for key in behind:
            if key != "equivalent_mutants":
                why = "a firm is assessed without reading the examples and what follows"
                self.reader.say(
                    "key-order", f"{key} stands behind examples", why, "move it above `examples:`", key
                )

    def expression(self, scalar: Scalar | None, key: str, wanted: Type | None) -> Typed | None:
        if scalar is None:
            return None
        try:
            return typed_expression(scalar, self.scope, key, wanted)
        except ExpressionError as error:
            self.findings.append(error.finding)
            return None

    def read_sources(self) -> tuple[Source, ...]:
        sources = [
            Source(
                item.text("document", True), item.text("clause", True), item.text("words", True), item.place()
            )
            for item in self.reader.mappings("sources", _SOURCE_KEYS, "source", required=True)
        ]
        if not sources and self.reader.has("sources"):
            self.reader.say(
                "no-source", "there is no source", "every promise has a clause", "cite one", "sources"
            )
        return tuple(sources)

    def source_number(self, reader: Reader) -> int:
        place = reader.whole("source", 1)
        if not 1 <= place <= max(1, len(self.sources)):
            reader.say(
                "source-number", f"there is no source {place}", "", f"1 to {len(self.sources)}", "source"
            )
            return 1
        return place

    def read_region(self) -> str:
        text = self.reader.text("region", required=True)
        try:
            return region(text).code if text else ""
        except UnknownRegion as error:
            self.reader.say("unknown-region", str(error), "", "write six digits such as 530000", "region")
            return ""

    def read_in_force(self) -> InForce:
        inner = self.reader.mapping("in_force", ("from", "to"), "period in force", required=True)
        if inner is None:
            return InForce(datetime.date.min, NEVER)
        first = self.read_date(inner, "from", required=True) or datetime.date.min
        to = self.read_date(inner, "to") or NEVER
        if to <= first:
            inner.say(
                "empty-period", "the period ends before it begins", "`to` is the day after the last", "", "to"
            )
        return InForce(first, to)

    def read_date(self, reader: Reader, key: str, required: bool = False) -> datetime.date | None:
        text = reader.text(key, required)
        if not text:
            return None
        try:
            return parse_date(text)
        except ValueError as error:
            reader.say("no-such-date", f"{key} is no date: {text[:30]}", str(error), "write YYYY-MM-DD", key)
            return None

    def read_parameters(self) -> tuple[Parameter, ...]:
        parameters: list[Parameter] = []
        for name, node in self.reader.entries("parameters").items():
            reader = Reader(node, self.findings, _PARAMETER_KEYS, "parameter")
            if not reader.usable or not self.new_name(reader, name):
                continue
            parameter = self.read_parameter(reader, name)
            if parameter is not None:
                parameters.append(parameter)
                self.scope = self.scope.with_name(named(parameter, parameter_body(parameter)))
        return tuple(parameters)

    def new_name(self, reader: Reader, name: str) -> bool:
        if not name.isidentifier():
            reader.say("bad-name", f"{name} is no name", "expressions use it", "use letters, digits and _")
        elif name in RESERVED or keyword.iskeyword(name):
            reader.say("name-taken", f"{name} is a word of the language", "", "choose another name")
        elif self.scope.find(name) is not None:
            reader.say("name-taken", f"{name} is already a fact or a name here", "", "choose another name")
        else:
            return True
        return False

    def read_parameter(self, reader: Reader, name: str) -> Parameter | None:
        unit: Unit | None = None
        unit_text = reader.text("unit")
        if unit_text:
            try:
                unit = parse_unit(unit_text)
            except ValueError as error:
                reader.say(
                    "unknown-unit", f"{error} is no unit", "", "yuan, person, month, … joined by /", "unit"
                )
        values: list[Dated] = []
        value = reader.node.get("value")
        if isinstance(value, Sequence):
            for item in reader.mappings("value", ("from", "value"), "dated value"):
                made = self.read_value(item, unit, self.read_date(item, "from", required=True))
                values.extend([made] if made else [])
            if [each.first for each in values] != sorted({each.first for each in values if each.first}):
                reader.say(
                    "dates-out-of-order", "the dates of the values do not rise", "", "earliest first", "value"
                )
        else:
            made = self.read_value(reader, unit, None)
            values.extend([made] if made else [])
        if len({isinstance(each.value, datetime.date) for each in values}) > 1:
            reader.say(
                "mixed-values", f"{name} is a date and a number", "", "keep one kind of value", "value"
            )
            values.clear()
        by = self.expression(reader.scalar("by"), f"{name}.by", DATE) if reader.has("by") else None
        if not values:
            return None
        words, place = reader.text("words"), self.source_number(reader)
        return Parameter(name, reader.text("title"), unit, tuple(values), by, words, place, reader.place())

    def read_value(self, reader: Reader, unit: Unit | None, first: datetime.date | None) -> Dated | None:
        text = reader.text("value", required=True).replace("_", "").replace(",", "")
        if not text:
            return None
        if len(text) == 10 and text[4] == text[7] == "-":
            value = self.read_date(reader, "value")
            return Dated(first, value, 0, False) if value else None
        percent = text.endswith("%")
        digits = text.removesuffix("%")
        try:
            decimal = Decimal(digits)
            if not decimal.is_finite() or len(digits) > _MOST_FEN_DIGITS or "e" in digits.lower():
                raise InvalidOperation
        except InvalidOperation:
            reader.say(
                "not-a-number", f"{text[:30]} is no figure", "", "write 50%, 14400 or 2022-06-30", "value"
            )
            return None
        places = len(digits.partition(".")[2])
        made = Fraction(decimal) / (100 if percent else 1)
        scaled = exact(made * (unit.scale if unit else 1))
        return Dated(first, scaled, places + (2 if percent else 0), percent)

    def read_lets(self) -> tuple[Let, ...]:
        lets: list[Let] = []
        for name, node in self.reader.entries("let").items():
            title, words, place = "", "", 1
            if isinstance(node, Scalar):
                scalar: Scalar | None = node
                reader = self.reader
            else:
                reader = Reader(node, self.findings, ("is", "title", "words", "source"), "let")
                scalar, title, words = reader.scalar("is", True), reader.text("title"), reader.text("words")
                place = self.source_number(reader)
            if not self.new_name(reader, name):
                continue
            body = self.expression(scalar, f"let.{name}", None)
            if body is not None:
                lets.append(Let(name, title, body, words, place, node.at))
                self.scope = self.scope.with_name(Named(type=body.type, name=name, body=body))
        return tuple(lets)

    def read_conditions(self) -> list[Condition]:
        conditions: list[Condition] = []
        for item in self.reader.sequence("when", required=True):
            if isinstance(item, Scalar):
                test = self.expression(item, "when", TRUTH)
                if test is not None:
                    conditions.append(Condition(test, "", "", 1, False, False, item.at))
                continue
            reader = Reader(item, self.findings, _CONDITION_KEYS, "condition")
            if not reader.usable:
                continue
            test = self.expression(reader.scalar("if", True), "when.if", TRUTH)
            declared, discretion = reader.truth("declared"), reader.truth("discretion")
            if declared and discretion:
                reader.say(
                    "declared-and-discretion", "a condition is declared or at discretion, not both", "", ""
                )
            if test is not None:
                title, words = reader.text("title"), reader.text("words")
                place = self.source_number(reader)
                conditions.append(Condition(test, title, words, place, declared, discretion, reader.place()))
        return conditions

    def read_caps(self) -> list[Cap]:
        caps: list[Cap] = []
        keys = ("amount", "per", "words", "source", "by", "whose")
        for reader in self.reader.mappings("cap", keys, "cap"):
            amount = self.expression(reader.scalar("amount", True), "cap.amount", number(YUAN))
            per = reader.texts("per", required=True, allowed=(*CAP_LEVELS, "year"))
            levels = [each for each in per if each != "year"]
            if len(levels) != 1:
                reader.say(
                    "cap-level", "a cap holds per one of firm, person, record, programme", "", "", "per"
                )
                continue
            by = self.expression(reader.scalar("by"), "cap.by", DATE) if reader.has("by") else None
            whose = self.whose(reader, levels[0])
            if amount is not None:
                if levels[0] in ("firm", "programme") and any(facts_of_record(amount)):
                    reader.say(
                        "cap-of-a-record",
                        f"the amount of a cap per {levels[0]} reads facts of a {self.per}",
                        "it would differ from record to record",
                        "use facts of the subject, or total(…)",
                        "amount",
                    )
                words, place = reader.text("words"), self.source_number(reader)
                caps.append(Cap(amount, levels[0], "year" in per, by, whose, words, place, reader.place()))
        return caps

    def whose(self, reader: Reader, level: str) -> str:
        whose = reader.text("whose")
        if whose and self.scope.facts.fact(self.per or "subject", whose) is None:
            reader.say("unknown-name", f"{whose} is no fact of {self.per or 'the subject'}", "", "", "whose")
        if level == "person" and not whose and self.per:
            reader.say(
                "no-whose", "a level per person needs `whose`", "", "name the fact that says who", "per"
            )
        return whose

    def read_exclusions(self) -> list[Exclusion]:
        exclusions: list[Exclusion] = []
        keys = ("measure", "level", "words", "source", "whose")
        for reader in self.reader.mappings("not_with", keys, "exclusion"):
            level = reader.choice("level", ("firm", "person", "record"), required=True)
            words, place = reader.text("words"), self.source_number(reader)
            whose = self.whose(reader, level)
            exclusions.append(
                Exclusion(reader.text("measure", True), level, whose, words, place, reader.place())
            )
        return exclusions

    def read_agencies(self) -> list[Agency]:
        return [
            Agency(item.text("name", True), item.choice("role", AGENCY_ROLES, True), self.source_number(item))
            for item in self.reader.mappings("agencies", ("name", "role", "source"), "agency", required=True)
        ]

    def read_interpretation(self) -> list[Interpretation]:
        keys = ("chosen", "instead", "why")
        return [
            Interpretation(item.text("chosen", True), item.text("instead"), item.text("why"))
            for item in self.reader.mappings("interpretation", keys, "interpretation")
        ]

    def read_equivalents(self) -> list[EquivalentMutant]:
        return [
            EquivalentMutant(item.text("mutant", True), item.text("reason", True))
            for item in self.reader.mappings("equivalent_mutants", ("mutant", "reason"), "equivalent mutant")
        ]

    def read_cases(self) -> list[Case]:
        cases: list[Case] = []
        readers = list(self.reader.mappings("cases", ("value", "title", "if"), "case"))
        for place, reader in enumerate(readers):
            last = place == len(readers) - 1
            test = self.expression(reader.scalar("if", required=not last), "cases.if", TRUTH)
            if last and test is not None:
                reader.say(
                    "no-last-case", "the last case must hold for the rest", "", "add one without `if`", "if"
                )
            value = reader.text("value", True)
            if any(each.value == value for each in cases):
                reader.say(
                    "duplicate-case", f"two cases are named {value}", "", "join them with `or`", "value"
                )
            cases.append(Case(value, reader.text("title", True), test))
        return cases


def parameter_body(parameter: Parameter, changed: Mapping[int, Dated] | None = None) -> Typed:
    """Return what a parameter stands for: a constant, or a choice by date (the earliest value before its first day)."""
    values = [(changed or {}).get(place, each) for place, each in enumerate(parameter.values)]
    body: Typed = _literal(values[0], parameter.unit)
    by = parameter.by or AsOf(type=DATE)
    for each in values[1:]:
        assert each.first is not None
        later = Compare(type=TRUTH, operator=">=", left=by, right=day(each.first))
        body = If(type=body.type, condition=later, then=_literal(each, parameter.unit), otherwise=body)
    return body


def _literal(dated: Dated, unit: Unit | None) -> Literal:
    if isinstance(dated.value, datetime.date):
        return day(dated.value)
    kind: Type = BARE if unit is None else number(unit)
    if unit is None and dated.percent:
        kind = number(parse_unit("ratio"))
    value: Exact = dated.value
    return Literal(type=kind, value=value, digits=dated.digits, percent=dated.percent)


def digest_of(node: Node) -> str:
    """Return the SHA-256 of a rule's content: the same for the same words, whatever the layout."""
    pieces: list[str] = []

    def visit(each: Node) -> None:
        if isinstance(each, Scalar):
            pieces.append(f"s{len(each.text)}:{each.text}")
        elif isinstance(each, Sequence):
            pieces.append(f"l{len(each.items)}")
            for item in each.items:
                visit(item)
        else:
            pieces.append(f"m{len(each.entries)}")
            for key in sorted(each.entries):
                pieces.append(f"k{len(key)}:{key}")
                visit(each.entries[key])

    visit(node)
    return hashlib.sha256("".join(pieces).encode()).hexdigest()
