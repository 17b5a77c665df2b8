"""A measure or definition as the text of its file: keys in the fixed order, one spelling, nothing lost but comments.

Reading the text again gives an equal measure, examples included; only places in the file differ.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

import yaml

from huiqi.rules.examples import Example, Examples
from huiqi.rules.facts import FactDictionary
from huiqi.rules.measure import (
    NEVER,
    Agency,
    Cap,
    Condition,
    Dated,
    Definition,
    EquivalentMutant,
    Exclusion,
    Interpretation,
    Let,
    Measure,
    Parameter,
    Source,
)
from huiqi.rules.positions import Mapping, Node, Scalar
from huiqi.rules.positions import Sequence as SequenceNode
from huiqi.rules.typed import Typed
from huiqi.rules.unparse import decimal_text, unparse

_NEVER_FIRST = frozenset("-?:,[]{}#&*!|>'\"%@` ")
_RESOLVER = yaml.resolver.Resolver()
_WIDEST_BASE = 100
Pairs = list[tuple[str, str]]


def measure_file(measure: Measure, facts: FactDictionary) -> str:
    """Return the YAML text of a measure."""
    return _File(facts).measure(measure)


def definition_file(definition: Definition, facts: FactDictionary) -> str:
    """Return the YAML text of a definition."""
    return _File(facts).definition(definition)


class _File:
    def __init__(self, facts: FactDictionary) -> None:
        self.lists = {record.name: record.list_name for record in facts.records.values()}

    def measure(self, m: Measure) -> str:
        lines = [f"id: {m.id}", f"title: {_text(m.title)}"]
        lines += _optional("english", m.english)
        lines.append(f"kind: {m.kind}")
        lines += _optional("information", m.information)
        lines += _items("sources", map(_source, m.sources))
        lines.append(f"subject: {_words(m.subject)}")
        lines += _optional("per", m.per)
        lines.append(f"region: '{m.region}'")
        to = [] if m.in_force.to == NEVER else [("to", m.in_force.to.isoformat())]
        lines.append(f"in_force: {_flow([('from', m.in_force.first.isoformat()), *to])}")
        lines += self.conditions(m.when)
        lines += self.names(m.parameters, m.let)
        if m.amount is not None:
            lines.append(f"amount: {self.expression(m.amount)}")
        lines.append(f"amount_is: {m.amount_is}")
        lines += _optional("baseline", m.baseline)
        if m.rounding != "half_up_fen":
            lines.append(f"rounding: {m.rounding}")
        lines += _items("cap", map(self.cap, m.caps))
        lines += _items("not_with", map(_exclusion, m.not_with))
        if m.adds_to:
            lines.append(f"adds_to: {_words(m.adds_to)}")
        lines.append(f"delivery: {m.delivery}")
        lines += _items("agencies", map(_agency, m.agencies)) or ["agencies: []"]
        for key, text in (("paid_by", m.paid_by), ("apply_at", m.apply_at), ("account", m.account)):
            lines += _optional(key, text)
        if m.documents:
            lines.append(f"documents: {_words(m.documents)}")
        lines += _interpretation(m.interpretation)
        lines += _examples(m.examples)
        lines += _items("equivalent_mutants", map(_equivalent, m.equivalent_mutants))
        return "\n".join(lines) + "\n"

    def definition(self, d: Definition) -> str:
        lines = [f"id: {d.id}", f"title: {_text(d.title)}"]
        lines += _optional("english", d.english)
        lines += _items("sources", map(_source, d.sources))
        if d.subject:
            lines.append(f"subject: {_words(d.subject)}")
        lines += _optional("per", d.per)
        lines += self.names(d.parameters, d.let)
        if d.test is not None:
            lines.append(f"is: {self.expression(d.test)}")
        if d.cases:
            lines.append("cases:")
        for case in d.cases:
            pairs = [("value", case.value), ("title", _inline(case.title))]
            if case.test is not None:
                pairs.append(("if", self.expression(case.test, flow=True)))
            lines.append(f"  - {_flow(pairs)}")
        lines += _interpretation(d.interpretation)
        lines += _examples(d.examples)
        lines += _items("equivalent_mutants", map(_equivalent, d.equivalent_mutants))
        return "\n".join(lines) + "\n"

    def expression(self, node: Typed, flow: bool = False) -> str:
        return scalar_text(unparse(node, self.lists), flow)

    def conditions(self, conditions: Sequence[Condition]) -> list[str]:
        if not conditions:
            return ["when: []"]
        lines = ["when:"]
        for each in conditions:
            pairs = _given([("words", each.words)], _text) + _source_number(each.source)
            pairs += [(key, "true") for key in ("declared", "discretion") if getattr(each, key)]
            pairs += _given([("title", each.title)], _text)
            if not pairs:
                lines.append(f"  - {self.expression(each.test)}")
                continue
            lines.append(f"  - if: {self.expression(each.test)}")
            lines += [f"    {key}: {value}" for key, value in pairs]
        return lines

    def names(self, parameters: Sequence[Parameter], lets: Sequence[Let]) -> list[str]:
        lines = ["parameters:"] if parameters else []
        lines += [f"  {each.name}: {_flow(self.parameter(each))}" for each in parameters]
        lines += ["let:"] if lets else []
        for each in lets:
            rest = _given([("title", each.title), ("words", each.words)]) + _source_number(each.source)
            if rest:
                lines.append(f"  {each.name}: {_flow([('is', self.expression(each.body, True)), *rest])}")
            else:
                lines.append(f"  {each.name}: {self.expression(each.body)}")
        return lines

    def parameter(self, parameter: Parameter) -> Pairs:
        dated = [_dated(each, parameter) for each in parameter.values]
        if parameter.values[0].first is None:
            value = dated[0]
        else:
            spans = [(str(each.first), text) for each, text in zip(parameter.values, dated, strict=True)]
            value = f"[{', '.join(_flow([('from', first), ('value', text)]) for first, text in spans)}]"
        pairs = [("value", value)]
        if parameter.unit is not None:
            pairs.append(("unit", str(parameter.unit)))
        pairs += _given([("words", parameter.words)]) + _source_number(parameter.source)
        pairs += _given([("title", parameter.title)])
        if parameter.by is not None:
            pairs.append(("by", self.expression(parameter.by, True)))
        return pairs

    def cap(self, cap: Cap) -> Pairs:
        per = f"[{cap.level}, year]" if cap.yearly else f"[{cap.level}]"
        pairs = [("amount", self.expression(cap.amount, True)), ("per", per)]
        pairs += _given([("words", cap.words)]) + _source_number(cap.source)
        if cap.by is not None:
            pairs.append(("by", self.expression(cap.by, True)))
        return pairs + _given([("whose", cap.whose)])


def _source(source: Source) -> Pairs:
    return _given([("document", source.document), ("clause", source.clause), ("words", source.words)])


def _exclusion(exclusion: Exclusion) -> Pairs:
    pairs = [("measure", exclusion.measure), ("level", exclusion.level)]
    pairs += _given([("words", exclusion.words)]) + _source_number(exclusion.source)
    return pairs + _given([("whose", exclusion.whose)])


def _agency(agency: Agency) -> Pairs:
    return [("name", _inline(agency.name)), ("role", agency.role), *_source_number(agency.source)]


def _equivalent(mutant: EquivalentMutant) -> Pairs:
    return [("mutant", _inline(mutant.mutant)), ("reason", _inline(mutant.reason))]


def _interpretation(interpretation: Sequence[Interpretation]) -> list[str]:
    lines = ["interpretation:"] if interpretation else []
    for each in interpretation:
        pairs = _given([("chosen", each.chosen), ("instead", each.instead), ("why", each.why)], _text)
        lines += [
            f"  {'- ' if place == 0 else '  '}{key}: {value}" for place, (key, value) in enumerate(pairs)
        ]
    return lines


def _dated(dated: Dated, parameter: Parameter) -> str:
    if isinstance(dated.value, datetime.date):
        return dated.value.isoformat()
    if dated.percent:
        return decimal_text(dated.value * 100, max(0, dated.digits - 2)) + "%"
    scale = parameter.unit.scale if parameter.unit is not None else 1
    return decimal_text(Fraction(dated.value) / scale, dated.digits)


def _examples(examples: Examples) -> list[str]:
    if not examples.cases and not examples.base.entries:
        return []
    lines = ["examples:"]
    base = _node(examples.base)
    if len(base) <= _WIDEST_BASE:
        lines.append(f"  base: {base}")
    else:
        lines.append("  base:")
        lines += [
            f"    {scalar_text(key, True)}: {_node(value)}" for key, value in examples.base.entries.items()
        ]
    lines.append("  cases:")
    return lines + [f"    - {_flow(_example(each))}" for each in examples.cases]


def _example(example: Example) -> Pairs:
    pairs = [("name", _inline(example.name))]
    if example.changes.entries:
        pairs.append(("with", _node(example.changes)))
    if example.without:
        pairs.append(("without", _words(example.without)))
    pairs += _given([("verdict", example.verdict), ("value", example.value)])
    # Figures and arithmetic stay bare, where a text that looks like a figure is quoted.
    for key, text in (("amount", example.amount), ("because", example.because)):
        pairs += [(key, scalar_text(text, True))] if text else []
    for key, facts in (("missing", example.missing), ("needs", example.needs)):
        if facts is not None:
            pairs.append((key, _words(facts)))
    return pairs


def _node(node: Node) -> str:
    """Return a node of an example on one line, quoted where it was."""
    if isinstance(node, Scalar):
        return _quote(node.text) if node.quoted else scalar_text(node.text, True)
    if isinstance(node, SequenceNode):
        return f"[{', '.join(map(_node, node.items))}]"
    assert isinstance(node, Mapping)
    return _flow([(scalar_text(key, True), _node(value)) for key, value in node.entries.items()])


# Spelling of YAML


def _text(text: str) -> str:
    """Return a text as the value of a line of its own: quoted where YAML would read it as something else."""
    return _quote(text) if _means_otherwise(text) else scalar_text(text, False)


def _inline(text: str) -> str:
    """Return a text within {…} or […]."""
    return _quote(text) if _means_otherwise(text) else scalar_text(text, True)


def scalar_text(text: str, flow: bool) -> str:
    """Return a scalar, bare where that is safe; `flow` tells that it stands within {…} or […]."""
    unsafe = (
        not text
        or text[0] in _NEVER_FIRST
        or text[-1] in ": "
        or ": " in text
        or " #" in text
        or not text.isprintable()
        or (flow and any(mark in text for mark in ",[]{}"))
        or (flow and ":" in text)
    )
    return _quote(text) if unsafe else text


def _quote(text: str) -> str:
    if text.isprintable() and "'" not in text:
        return f"'{text}'"
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _means_otherwise(text: str) -> bool:
    """Tell whether a common YAML reader would take the bare text for a number, a date, yes, no or nothing."""
    tag: str = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return tag != "tag:yaml.org,2002:str"


def _flow(pairs: Pairs) -> str:
    return f"{{{', '.join(f'{key}: {value}' for key, value in pairs)}}}"


def _words(words: Iterable[str]) -> str:
    return f"[{', '.join(map(_inline, words))}]"


def _given(pairs: Pairs, written: Callable[[str], str] = _inline) -> Pairs:
    """Return the pairs that have a text, written."""
    return [(key, written(text)) for key, text in pairs if text]


def _optional(key: str, text: str) -> list[str]:
    return [f"{key}: {_text(text)}"] if text else []


def _items(key: str, items: Iterable[Pairs]) -> list[str]:
    lines = [f"  - {_flow(pairs)}" for pairs in items]
    return [f"{key}:", *lines] if lines else []


def _source_number(number: int) -> Pairs:
    return [("source", str(number))] if number != 1 else []
