"""The same policies with some figures or dates changed: `rent-waiver.usual_months=4`, for asking what if.

A rule is changed where it is written, in its file's nodes, and read again by the reader of all rules, so that
a changed figure is checked as a written one is. The library given stays as it is.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from huiqi.findings import BadInput, Finding, nearest
from huiqi.policies.library import PolicyLibrary
from huiqi.reference.amounts import NumeralError, parse_quantity
from huiqi.reference.regions import UnknownRegion, region
from huiqi.rules.measure import Definition, Measure, Parameter
from huiqi.rules.positions import Mapping as MappingNode
from huiqi.rules.positions import Node, Position, Scalar, read_text
from huiqi.rules.positions import Sequence as SequenceNode
from huiqi.rules.read_measure import read_definition, read_measure
from huiqi.rules.render import plain
from huiqi.rules.units import RATIO

_SETTING = re.compile(
    r"\s*(?P<rule>[\w-]+)(?:@(?P<region>\d+))?\.(?P<path>[\w.]+)(?:\[(?P<day>[^\]]*)\])?\s*=\s*(?P<value>.*?)\s*"
)
_PERIOD_KEYS = ("in_force.from", "in_force.to")
_FORM = "write measure.parameter=value, such as rent-waiver.usual_months=4, or measure.in_force.to=2023-06-30"
_PLAIN = re.compile(r"\d[\d_,]*(\.\d+)?%?")


@dataclass(frozen=True, slots=True)
class _Setting:
    text: str
    rule: str
    region: str
    path: str
    day: datetime.date | None
    value: str

    def refuse(self, code: str, what: str, why: str = "", mend: str = "") -> BadInput:
        return BadInput([Finding("", 0, self.text[:80], code, what, why, mend)])


def with_overrides(library: PolicyLibrary, settings: Sequence[str]) -> PolicyLibrary:
    """Return a library in which the settings hold; the one given does not change.

    A setting is `id.parameter=value`, `id.in_force.from=DATE` or `id.in_force.to=DATE`, for every variant of
    the measure that has it, or for one with `id@region`. A parameter with dated values becomes one value for all
    days; `id.parameter[2022-07-01]=value` changes the value that begins on that day. A last word that several
    parameters share sets them all: `rent-waiver.months` is both usual_months and risk_months. A definition's
    parameters are set in the same way. Values are written as in a policy file, or with their unit: `4`,
    `4 month`, `3个月`, `50%`.

    Raises:
        BadInput: a setting that cannot be read, names nothing, has a wrong unit, or makes a rule that does not
            read.
    """
    by_rule: dict[str, list[_Setting]] = {}
    for text in settings:
        setting = _parse(text)
        by_rule.setdefault(setting.rule, []).append(setting)
    measures = {(each.id, each.region): each for each in library.measures}
    definitions = dict(library.definitions)
    for name, wanted in by_rule.items():
        if name in library.by_id:
            for measure in _set_measures(library, library.by_id[name], wanted):
                measures[(measure.id, measure.region)] = measure
        elif name in definitions and definitions[name].parameters:
            definitions[name] = _set_definition(library, definitions[name], wanted)
        else:
            known = [*library.by_id, *(each.id for each in definitions.values() if each.parameters)]
            hint = nearest(name, known) or "`huiqi measures` lists them"
            raise wanted[0].refuse("unknown-measure", f"there is no measure {name}", "", hint)
    return PolicyLibrary(
        root=library.root,
        facts=library.facts,
        lists=library.lists,
        definitions=definitions,
        documents=library.documents,
        measures=tuple(measures.values()),
        scope=library.scope,
        files=library.files,
    )


def _parse(text: str) -> _Setting:
    match = _SETTING.fullmatch(text)
    if match is None:
        raise BadInput([Finding("", 0, text[:80], "setting-form", "this is no setting", "", _FORM)])
    place, day = "", None
    if match["region"]:
        try:
            place = region(match["region"]).code
        except UnknownRegion as error:
            mend = "write six digits such as 530000"
            raise BadInput([Finding("", 0, text[:80], "unknown-region", str(error), "", mend)]) from None
    if match["day"] is not None:
        day = _date(match["day"])
        if day is None:
            what = f"{match['day'][:30]} is no day"
            raise BadInput([Finding("", 0, text[:80], "no-such-date", what, "", "write YYYY-MM-DD")])
    return _Setting(
        text.strip(), match["rule"], place, match["path"].removeprefix("parameters."), day, match["value"]
    )


def _set_measures(
    library: PolicyLibrary, variants: Sequence[Measure], wanted: Sequence[_Setting]
) -> Iterable[Measure]:
    chosen: dict[str, list[_Setting]] = {}
    for setting in wanted:
        here = [each for each in variants if setting.region in ("", each.region)]
        if not here:
            regions = ", ".join(each.region for each in variants)
            what = f"{setting.rule} has no text of its own for {setting.region}"
            raise setting.refuse("unknown-variant", what, "", f"it stands for {regions}")
        having = [each for each in here if setting.path in _PERIOD_KEYS or _parameters(each, setting.path)]
        if not having:
            raise _unknown_path(setting, here)
        for each in having:
            chosen.setdefault(each.region, []).append(setting)
    for measure in variants:
        settings = chosen.get(measure.region, [])
        if settings:
            node = _changed(
                _rule_node(library.files[(measure.id, measure.region)], measure.at), measure, settings
            )
            made, findings = read_measure(node, library.scope)
            if made is None:
                raise _unreadable(settings[-1], findings)
            yield made


def _set_definition(library: PolicyLibrary, definition: Definition, wanted: Sequence[_Setting]) -> Definition:
    for setting in wanted:
        if setting.region:
            raise setting.refuse("unknown-variant", f"{setting.rule} is one definition for all regions")
        if not _parameters(definition, setting.path):
            raise _unknown_path(setting, [definition])
    path = library.root / "definitions" / Path(definition.at.file).name
    made, findings = read_definition(
        _changed(_rule_node(path, definition.at), definition, wanted), library.scope
    )
    if made is None:
        raise _unreadable(wanted[-1], findings)
    return made


def _rule_node(path: Path, at: Position) -> MappingNode:
    """Return the nodes of a rule's file up to its examples, which would not hold any more."""
    node = read_text(path.read_text("utf-8-sig").split("\nexamples:\n", 1)[0], at.file)
    assert isinstance(node, MappingNode)  # it was read as a rule before
    return node


def _parameters(rule: Measure | Definition, name: str) -> list[Parameter]:
    """Return the parameter of that name, else those whose last word it is."""
    own = [each for each in rule.parameters if each.name == name]
    return own or [each for each in rule.parameters if each.name.endswith(f"_{name}")]


def _unknown_path(setting: _Setting, rules: Sequence[Measure | Definition]) -> BadInput:
    names = list(dict.fromkeys(each.name for rule in rules for each in rule.parameters))
    known = [*names, *(_PERIOD_KEYS if isinstance(rules[0], Measure) else ())]
    parts = [name for name in names if setting.path in name.split("_") or name in setting.path]
    hint = f"did you mean {' or '.join(parts)}?" if parts else nearest(setting.path, known)
    mend = hint or f"it has {', '.join(known)}"
    return setting.refuse("unknown-parameter", f"{setting.rule} has no parameter {setting.path}", "", mend)


def _unreadable(setting: _Setting, findings: Sequence[Finding]) -> BadInput:
    first = findings[0]
    return setting.refuse(first.code, first.what, first.why, first.mend)


def _changed(node: MappingNode, rule: Measure | Definition, settings: Sequence[_Setting]) -> MappingNode:
    for setting in settings:
        if setting.path in _PERIOD_KEYS:
            if setting.day is not None:
                raise setting.refuse("not-dated", f"{setting.path} has one day")
            if _date(setting.value) is None:
                raise setting.refuse(
                    "wrong-unit",
                    f"{setting.path} cannot be {setting.value[:30]}",
                    "it is a day",
                    "write YYYY-MM-DD",
                )
            outer, key = setting.path.split(".")
            node = _with(node, outer, _with(_mapping(node, outer), key, _scalar(setting, setting.value)))
            continue
        for parameter in _parameters(rule, setting.path):
            value = _scalar(setting, _written(setting, parameter))
            parameters = _mapping(node, "parameters")
            own = _mapping(parameters, parameter.name)
            made = value if setting.day is None else _dated(own, setting, value)
            changed = _with(parameters, parameter.name, _with(own, "value", made))
            node = _with(node, "parameters", changed)
    return node


def _dated(own: MappingNode, setting: _Setting, value: Scalar) -> SequenceNode:
    dated = own.get("value")
    items = list(dated.items) if isinstance(dated, SequenceNode) else []
    days = [_text(each, "from") for each in items]
    wanted = str(setting.day)
    if wanted not in days:
        mend = f"its values begin on {', '.join(days)}" if days else "it has one value for all days"
        raise setting.refuse("no-such-date", f"no value of {setting.path} begins on {wanted}", "", mend)
    assert isinstance(dated, SequenceNode)
    place = days.index(wanted)
    items[place] = _with(items[place], "value", value)
    return SequenceNode(tuple(items), dated.at)


def _written(setting: _Setting, parameter: Parameter) -> str:
    """Return a parameter's new value as a policy file writes it; refuse another unit than the parameter's."""
    text, value = setting.value, parameter.values[0].value
    unit = parameter.unit or RATIO
    if isinstance(value, datetime.date):
        if _date(text) is None:
            raise _wrong_unit(setting, "a day", "write YYYY-MM-DD")
        return text
    is_ratio = unit == RATIO
    shown = "a ratio" if is_ratio else f"in {unit}"
    mend = "write 50% or 0.5" if is_ratio else f"write a number, or a number with {unit}"
    if _PLAIN.fullmatch(text):
        if text.endswith("%") and not is_ratio:
            raise _wrong_unit(setting, shown, mend)
        return text
    number, _, word = text.partition(" ")
    if word.strip() == str(unit) and _PLAIN.fullmatch(number) and not number.endswith("%"):
        return number
    try:
        quantity = parse_quantity(text)
    except (NumeralError, ValueError):
        raise _wrong_unit(setting, shown, mend) from None
    if quantity.unit != str(unit) or quantity.direction != "exactly":
        raise _wrong_unit(setting, shown, mend)
    return plain(Fraction(quantity.value))


def _wrong_unit(setting: _Setting, shown: str, mend: str) -> BadInput:
    return setting.refuse(
        "wrong-unit", f"{setting.path} cannot be {setting.value[:30]}", f"it is {shown}", mend
    )


def _date(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text.strip()) if len(text.strip()) == 10 else None
    except ValueError:
        return None


def _mapping(node: MappingNode, key: str) -> MappingNode:
    inner = node.get(key)
    assert isinstance(inner, MappingNode)  # the rule was read with it
    return inner


def _text(node: Node, key: str) -> str:
    inner = node.get(key) if isinstance(node, MappingNode) else None
    return inner.text.strip() if isinstance(inner, Scalar) else ""


def _with(node: Node, key: str, value: Node) -> MappingNode:
    assert isinstance(node, MappingNode)
    entries: Mapping[str, Node] = {**node.entries, key: value}
    return MappingNode(dict(entries), node.at, {**node.key_positions, key: value.at})


def _scalar(setting: _Setting, text: str) -> Scalar:
    return Scalar(text, Position(setting.text, 0, 0))
