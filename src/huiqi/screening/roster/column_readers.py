"""Columns of text as columns of values: plain numbers at once and exactly, all else once for each distinct text."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huiqi.policies.library import PolicyLibrary
from huiqi.reference.credit_codes import CreditCodeError, parse_credit_code
from huiqi.rules.columns.frame import Bools
from huiqi.rules.facts import Fact
from huiqi.rules.types import Kind
from huiqi.rules.values import BadValue
from huiqi.screening.roster.cells import DAMAGED_WORDS, cleaned, parse_cell, stored
from huiqi.screening.roster.credit_code_columns import surely_good
from huiqi.screening.roster.headings import CREDIT_CODE, Column
from huiqi.screening.roster.tables import Cells
from huiqi.screening.roster.words import UNKNOWN

Faults = list[tuple[NDArray[np.int64], BadValue]]
"""Places in the chunk, with the reason that they share."""
_FINE = 6
_PLAIN_NUMBER = r"^[0-9]{1,12}(\.[0-9]{1,6})?$"
_GROUPED = r"^[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$"
_DECIMAL = pa.decimal128(38, _FINE)
_MOST = 2**62
_MOST_REMEMBERED = 200_000
_MOST_DIGITS = 15
_ROUNDED = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_NOTHING = pa.array(sorted(UNKNOWN))


class ColumnReader(Protocol):
    """Reads one column, chunk after chunk."""

    type: pa.DataType

    def read(self, cells: Cells) -> tuple[pa.Array, Faults]:
        """Return the values (null: unknown, or faulty) and what is wrong."""


def reader_of(column: Column, library: PolicyLibrary) -> ColumnReader:
    """Return the reader of a column."""
    assert column.fact is not None
    fact = column.fact
    if fact.type.kind is Kind.NUMBER:
        return _Numbers(fact, column.scale, library)
    if column.name == CREDIT_CODE:
        return _CreditCodes()
    if fact.type.kind is Kind.TEXT:
        return _Texts(fact, library)
    return _Words(fact, library)


class _Distinct:
    """Parses each distinct text of a column once."""

    def __init__(self, fact: Fact, library: PolicyLibrary, scale: Fraction = Fraction(1)) -> None:
        self.fact = fact
        self.library = library
        self.scale = scale
        self._known: dict[str, Any] = {}

    def read(self, text: pa.Array, wanted: pa.DataType) -> tuple[pa.Array, Faults]:
        """Return the values of the texts in the column's type."""
        encoded = text.dictionary_encode()
        values: list[Any] = []
        bad: list[tuple[int, BadValue]] = []
        for place, word in enumerate(encoded.dictionary.to_pylist()):
            value = self._value(word)
            if isinstance(value, BadValue):
                bad.append((place, value))
                value = None
            values.append(value)
        codes = encoded.indices
        made = pa.array(values, wanted).take(codes)
        faults: Faults = []
        if bad:
            plain = codes.fill_null(-1).to_numpy(zero_copy_only=False)
            faults = [(np.flatnonzero(plain == place), error) for place, error in bad]
        return made, faults

    def _value(self, word: str) -> Any:
        found = self._known.get(word, self)
        if found is not self:
            return found
        try:
            value: Any = parse_cell(word, self.fact, self.library, self.scale)
            if value is not None and self.fact.type.kind is Kind.NUMBER:
                value = stored(value, self.fact)
        except BadValue as error:
            value = error
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[word] = value
        return value


class _Words:
    """Yes-no facts, dates, choices, industries and regions."""

    def __init__(self, fact: Fact, library: PolicyLibrary) -> None:
        self.fact = fact
        self.type = {Kind.TRUTH: pa.bool_(), Kind.DATE: pa.date32()}.get(fact.type.kind, pa.string())
        self._distinct = _Distinct(fact, library)

    def read(self, cells: Cells) -> tuple[pa.Array, Faults]:
        made, faults = self._distinct.read(cells.text, self.type)
        if self.fact.type.kind is Kind.INDUSTRY and cells.numeric is not None:
            # 0111 and 011 become 111 and 11 in a number cell, which are other industries: four digits are certain.
            short = cells.numeric & ~_matches(cells.text, "^[0-9]{4}$")
            made = _blanked(made, short)
            faults = [(places[~short[places]], error) for places, error in faults]
            if short.any():
                why = "leading noughts of a code are lost in it"
                mend = "format the column as text and write the code again"
                error = BadValue("numeric-cell", f"{self.fact.name} is in a number cell", why, mend)
                faults.append((np.flatnonzero(short), error))
        return made, [each for each in faults if len(each[0])]


class _Numbers:
    """Numbers: digits go through exact decimals in one step, other writings one by one."""

    type = pa.int64()

    def __init__(self, fact: Fact, scale: Fraction, library: PolicyLibrary) -> None:
        money = fact.unit is not None and fact.unit.power("yuan") == 1
        shift = 100 if money else 10**fact.decimals
        self._factor = Fraction(shift) * scale / 10**_FINE
        self._most = fact.most * shift
        self._least = 1 if fact.positive else 0
        self._distinct = _Distinct(fact, library, scale)

    def read(self, cells: Cells) -> tuple[pa.Array, Faults]:
        text = cells.text
        grouped = _matches(text, _GROUPED)
        if grouped.any():
            text = pc.if_else(pa.array(grouped), pc.replace_substring(text, ",", ""), text)
        digits = _matches(text, _PLAIN_NUMBER)
        fine = _fine_integers(pc.if_else(pa.array(digits), text, "0"))
        top, bottom = self._factor.numerator, self._factor.denominator
        sure = digits & (fine <= _MOST // top)
        scaled = np.where(sure, fine, 0) * top
        value = scaled // bottom
        sure &= (scaled % bottom == 0) & (value <= self._most) & (value >= self._least)
        made = pa.array(value, mask=~sure)
        rest = ~sure & text.is_valid().to_numpy(zero_copy_only=False)
        if not rest.any():
            return made, []
        others, faults = self._distinct.read(pc.if_else(pa.array(rest), cells.text, None), pa.int64())
        return pc.coalesce(made, others), faults


class _Texts:
    """Names and numbers of persons: kept as they are written."""

    type = pa.string()

    def __init__(self, fact: Fact, library: PolicyLibrary) -> None:
        self._distinct = _Distinct(fact, library)
        # Each name of a measure is looked up; other texts are good unless something unusual is in them.
        self._is_free = not (fact.record == "receipt" and fact.name == "measure")
        self._name = fact.name

    def read(self, cells: Cells) -> tuple[pa.Array, Faults]:
        faults: Faults = []
        text = cells.text
        if cells.numeric is not None:
            rounded = cells.numeric & ~_matches(text, rf"^[0-9]{{1,{_MOST_DIGITS}}}$")
            if rounded.any():
                faults.append((np.flatnonzero(rounded), _number_cell(self._name)))
                text = pc.if_else(pa.array(rounded), None, text)
        if not self._is_free:
            made, more = self._distinct.read(text, self.type)
            return made, faults + more
        plain = _matches(text, r"^[\x21-\x7e\x{4e00}-\x{9fff}（）·]{1,60}$") & ~_is_nothing(text)
        plain &= ~_matches(text, DAMAGED_WORDS)
        made, more = self._distinct.read(pc.if_else(pa.array(plain), None, text), self.type)
        return pc.if_else(pa.array(plain), text, made), faults + more


class _CreditCodes:
    """Credit codes with their check characters."""

    type = pa.string()

    def read(self, cells: Cells) -> tuple[pa.Array, Faults]:
        faults: Faults = []
        text = cells.text
        if cells.numeric is not None and cells.numeric.any():
            faults.append((np.flatnonzero(cells.numeric), _number_cell(CREDIT_CODE)))
            text = pc.if_else(pa.array(cells.numeric), None, text)
        good = surely_good(text)
        rest = np.flatnonzero(~good & text.is_valid().to_numpy(zero_copy_only=False))
        values: list[str | None] = [None] * len(text) if len(rest) else []
        for place in rest.tolist():
            word = text[place].as_py()
            try:
                values[place] = _credit_code(word)
            except BadValue as error:
                faults.append((np.array([place]), error))
        made = pc.if_else(pa.array(good), text, None)
        return (pc.coalesce(made, pa.array(values, pa.string())) if len(rest) else made), faults


def _credit_code(text: str) -> str | None:
    word = cleaned(text)
    if word.casefold() in UNKNOWN:
        return None
    if _ROUNDED.fullmatch(word):
        what = f"credit_code cannot be {word}"
        why = "a spreadsheet has taken the code for a number and rounded it"
        raise BadValue(
            "rounded-code", what, why, "format the column as text and write the code again from the licence"
        )
    try:
        return parse_credit_code(word[:100]).code
    except CreditCodeError as error:
        raise BadValue(f"credit-code-{error.check.replace('_', '-')}", str(error), "", "") from None


def _number_cell(name: str) -> BadValue:
    why = "a spreadsheet keeps fifteen digits of a number, the rest is lost"
    mend = "format the column as text and write it again from the licence"
    return BadValue("numeric-cell", f"{name} is in a number cell", why, mend)


def _matches(text: pa.Array, pattern: str) -> Bools:
    found = pc.fill_null(pc.match_substring_regex(text, pattern), False)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)


def _is_nothing(text: pa.Array) -> Bools:
    found = pc.is_in(pc.utf8_lower(text), value_set=_NOTHING)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)


def _fine_integers(text: pa.Array) -> NDArray[np.int64]:
    """Return plain digits times 10 to `_FINE`; below 2**63 a decimal's low word is its value."""
    made = text.cast(_DECIMAL)
    words = np.frombuffer(made.buffers()[1], dtype="<i8").reshape(-1, 2)
    return np.asarray(words[made.offset : made.offset + len(made), 0])


def _blanked(made: pa.Array, places: Bools) -> pa.Array:
    return pc.if_else(pa.array(places), None, made) if places.any() else made
