"""One value of a case as its text says it, read by the type of its fact."""

from __future__ import annotations

import datetime
import re
from fractions import Fraction

from huiqi.reference.amounts import NumeralError, parse_quantity
from huiqi.reference.industries import UnknownIndustry, industry
from huiqi.reference.money import MoneyError, parse_yuan
from huiqi.reference.regions import UnknownRegion, region
from huiqi.rules.facts import Fact
from huiqi.rules.situation import Value
from huiqi.rules.typed import exact
from huiqi.rules.types import Kind, Type
from huiqi.rules.units import RATIO
from huiqi.rules.wording import plain

_YES = ("yes", "true", "是", "有")
_NO = ("no", "false", "否", "无")
_PLAIN = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+|\d{1,3}(_\d{3})+)(\.\d+)?")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOST_CHARACTERS = 60
NOTHING = ("", "null", "~", "~null")


class BadValue(ValueError):
    """A text that is no value of its fact: a stable code, what is wrong, why, and how to mend it."""

    def __init__(self, code: str, what: str, why: str, mend: str) -> None:
        super().__init__(what)
        self.code, self.what, self.why, self.mend = code, what, why, mend


def parse_value(text: str, fact: Fact) -> Value:
    """Return the exact value of a fact's text; raise BadValue."""
    text = text.strip()
    shown = text if len(text) <= _MOST_CHARACTERS else text[:_MOST_CHARACTERS] + "…"
    if fact.type.kind is Kind.NUMBER:
        return _number(text, shown, fact)
    return parse_plain(text, shown, fact.type, fact.name)


def parse_plain(text: str, shown: str, type_: Type, name: str) -> Value:
    """Return a value that is no number."""
    kind = type_.kind
    if kind is Kind.TRUTH:
        if text.lower() in _YES or text.lower() in _NO:
            return text.lower() in _YES
        raise BadValue("not-yes-no", f"{name} cannot be {shown}", "it is a yes-no fact", "write yes or no")
    if kind is Kind.CHOICE:
        return _choice(text, shown, type_, name)
    if kind is Kind.DATE:
        try:
            return parse_date(text)
        except ValueError as error:
            raise BadValue(
                "not-a-date", f"{name} cannot be {shown}", f"it is a date, and {error}", "write YYYY-MM-DD"
            ) from None
    if kind is Kind.INDUSTRY:
        try:
            return industry(text).code
        except UnknownIndustry as error:
            raise BadValue(
                "unknown-industry", str(error), "", "write a code of GB/T 4754-2017 such as C26"
            ) from None
    if kind is Kind.REGION:
        try:
            return region(text).code
        except UnknownRegion as error:
            raise BadValue("unknown-region", str(error), "", "write six digits such as 532503") from None
    return text


def parse_date(text: str) -> datetime.date:
    """Return the day of YYYY-MM-DD and of no other form; raise ValueError with the reason."""
    if not _ISO_DATE.fullmatch(text):
        raise ValueError("a date has the form YYYY-MM-DD")
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError("there is no such day") from None


def _choice(text: str, shown: str, type_: Type, name: str) -> str:
    for value, label in type_.choices:
        if text in (value, label):
            return value
    words = ", ".join(f"{value} ({label})" for value, label in type_.choices)
    raise BadValue("unknown-choice", f"{name} cannot be {shown}", "", f"it is one of {words}")


def _number(text: str, shown: str, fact: Fact) -> Value:
    unit = fact.unit or RATIO
    value = _money(text, shown, fact) if unit.power("yuan") == 1 else _plain_number(text, shown, fact)
    written = Fraction(value) / unit.scale
    if written < 0:
        raise BadValue(
            "impossible-value", f"{fact.name} cannot be {shown}", "it is below nought", "check the sign"
        )
    if written > fact.most:
        raise _too_great(written, shown, fact)
    if written == 0 and fact.positive:
        why = "it is more than nought by its nature"
        raise BadValue(
            "impossible-value", f"{fact.name} cannot be {shown}", why, "leave it out if it is not known"
        )
    if (written * 10**fact.decimals).denominator != 1:
        why = f"it has at most {fact.decimals} decimals" if fact.decimals else "it is a whole number"
        raise BadValue("impossible-value", f"{fact.name} cannot be {shown}", why, "round it")
    return exact(value)


def _too_great(written: Fraction, shown: str, fact: Fact) -> BadValue:
    unit = fact.unit or RATIO
    why = f"the greatest sensible value is {fact.most:,} {unit}"
    mend = f"write it in {unit}"
    if not unit.powers and fact.most == 1:
        # 3.85 for 3.85%: the usual slip, a hundred times too much.
        why = f"{plain(written)} is above 1"
        mend = "a share of the whole is at most 1 (100%): check it"
        if written <= 100 and "%" not in shown:
            mend = f"write {plain(written / 100)} or {plain(written)}%"
    return BadValue("impossible-value", f"{fact.name} cannot be {shown}", why, mend)


def _money(text: str, shown: str, fact: Fact) -> Fraction:
    if len(text) > _MOST_CHARACTERS:
        why = f"it has {len(text):,} characters"
        raise BadValue("not-money", f"{fact.name} cannot be {shown}", why, "write yuan such as 12000.50")
    try:
        return Fraction(parse_yuan(text))
    except MoneyError as error:
        reason, _, mend = str(error).partition("; ")
    try:
        quantity = parse_quantity(text)
    except (NumeralError, ValueError):
        raise BadValue(
            "not-money", f"{fact.name} cannot be {shown}", reason, mend or "write yuan such as 12000.50"
        ) from None
    if quantity.unit != "yuan" or quantity.direction != "exactly":
        raise BadValue(
            "wrong-unit", f"{fact.name} cannot be {shown}", f"it is in {fact.unit}", "write an amount in yuan"
        )
    fen = quantity.value * 100
    if fen.denominator != 1:
        raise BadValue(
            "not-money", f"{fact.name} cannot be {shown}", "yuan have two decimals", "write whole fen"
        )
    return fen


def _plain_number(text: str, shown: str, fact: Fact) -> Fraction:
    if len(text) <= _MOST_CHARACTERS and text.isascii() and _PLAIN.fullmatch(text):
        return Fraction(text.replace(",", "").replace("_", ""))
    unit = fact.unit or RATIO
    try:
        quantity = parse_quantity(text[:_MOST_CHARACTERS])
    except (NumeralError, ValueError):
        raise BadValue(
            "not-a-number", f"{fact.name} cannot be {shown}", f"it is in {unit}", "write digits"
        ) from None
    if quantity.direction != "exactly":
        raise BadValue(
            "not-exact", f"{fact.name} cannot be {shown}", "a fact is one value", "write one number"
        )
    if quantity.unit != str(unit):
        raise BadValue(
            "wrong-unit",
            f"{fact.name} cannot be {shown}",
            f"it is a number in {unit}" + (f" ({unit.chinese})" if unit.powers else ""),
            "write the number alone, in that unit",
        )
    return quantity.value
