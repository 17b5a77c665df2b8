"""The arithmetic by which an example gives its amount, worked out again exactly: `10000 * 3 = 30000`.

Numbers with points, underscores and %, the operations + - * / (also × ÷), brackets, min, max and round
(to the fen, half up). Nothing else is read.
"""

from __future__ import annotations

import re
from fractions import Fraction

from huiqi.reference.money import half_up
from huiqi.reference.numerals import fold

_TOKEN = re.compile(r"\s*(?:(?P<number>\d[\d_]*(?:\.\d+)?%?)|(?P<word>[a-z]+)|(?P<sign>[-+*/(),]))")
_MOST_DEPTH = 30
_MOST_CHARACTERS = 500


class BadArithmetic(ValueError):
    """Text that is no arithmetic; the message says where."""


def worked_out(text: str) -> Fraction:
    """Return the exact value of one side; raise BadArithmetic."""
    folded = fold(text).replace("×", "*").replace("÷", "/").replace("−", "-").lower()
    if len(folded) > _MOST_CHARACTERS:
        raise BadArithmetic(f"it is longer than {_MOST_CHARACTERS} characters")
    working = _Working(_tokens(folded))
    value = working.sum(0)
    if working.place < len(working.tokens):
        raise BadArithmetic(f"{working.tokens[working.place]!r} is not expected there")
    return value


def fen_of_sides(text: str) -> list[int]:
    """Return the value of each side of `=` (or ≈) in fen, rounded half up; raise BadArithmetic."""
    sides = re.split(r"[=≈]", fold(text).replace("≈", "="))
    if len(sides) < 2:
        raise BadArithmetic("it has no `=`")
    return [half_up(worked_out(side) * 100) for side in sides]


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    place = 0
    text = text.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise BadArithmetic(f"{text[place : place + 10].strip()!r} is no arithmetic")
        tokens.append(match[0].strip())
        place = match.end()
    return tokens


class _Working:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.place = 0

    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.next()
        if not token or (wanted and token != wanted):
            raise BadArithmetic(f"{wanted or 'a number'} is missing")
        self.place += 1
        return token

    def sum(self, depth: int) -> Fraction:
        if depth > _MOST_DEPTH:
            raise BadArithmetic("it is nested too deep")
        value = self.product(depth)
        while self.next() in ("+", "-"):
            add = self.take() == "+"
            part = self.product(depth)
            value = value + part if add else value - part
        return value

    def product(self, depth: int) -> Fraction:
        value = self.factor(depth)
        while self.next() in ("*", "/"):
            times = self.take() == "*"
            part = self.factor(depth)
            if not times and part == 0:
                raise BadArithmetic("it divides by nought")
            value = value * part if times else value / part
        return value

    def factor(self, depth: int) -> Fraction:
        token = self.take()
        if token == "-":
            if depth > _MOST_DEPTH:
                raise BadArithmetic("it is nested too deep")
            return -self.factor(depth + 1)
        if token == "(":
            value = self.sum(depth + 1)
            self.take(")")
            return value
        if token in ("min", "max", "round"):
            values = self.arguments(depth)
            if token == "round":
                if len(values) != 1:
                    raise BadArithmetic("round takes one number")
                return Fraction(half_up(values[0] * 100), 100)
            return min(values) if token == "min" else max(values)
        if token[0].isdigit():
            digits = token.replace("_", "")
            return Fraction(digits[:-1]) / 100 if digits.endswith("%") else Fraction(digits)
        raise BadArithmetic(f"{token!r} is no number")

    def arguments(self, depth: int) -> list[Fraction]:
        self.take("(")
        values = [self.sum(depth + 1)]
        while self.next() == ",":
            self.take()
            values.append(self.sum(depth + 1))
        self.take(")")
        return values
