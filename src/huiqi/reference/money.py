"""Money between what people read (yuan, text) and what the product keeps (fen, whole numbers).

No function here passes through a binary float: text becomes an integer, an integer becomes text.
"""

from __future__ import annotations

import re
from fractions import Fraction

from huiqi.reference.numerals import fold

FEN_PER_YUAN = 100
_YUAN_TEXT = re.compile(r"(?P<sign>[+-]?)(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<cents>[0-9]+))?")


class MoneyError(ValueError):
    """A text that is no amount of money, with what is wrong and how to write it."""


def parse_yuan(text: str) -> int:
    """Return the fen of an amount written in yuan, exactly.

    Accepts "1234.56", "1,234.5", a sign, full-width digits, a leading ¥, 人民币 or RMB and a closing 元.
    Multipliers such as 万元 belong to official prose: see `huiqi.reference.amounts`.

    Raises:
        MoneyError: the text is no amount, or has more than two decimals that are not nought.
    """
    plain = fold(text).strip().replace("\u2212", "-")
    plain = re.sub(r"^([+-]?)\s*(?:¥|人民币|RMB)\s*", r"\1", plain)
    plain = re.sub(r"\s*元$", "", plain)
    match = _YUAN_TEXT.fullmatch(plain)
    if match is None:
        raise MoneyError(f"{text!r} is no amount in yuan; write digits, such as 1234.56")
    # Zeros that a column of four decimals writes change nothing.
    cents = (match["cents"] or "").rstrip("0")
    if len(cents) > 2:
        raise MoneyError(f"{text!r} has {len(cents)} decimals; an amount in yuan has at most two")
    fen = int(match["whole"].replace(",", "")) * FEN_PER_YUAN + int(cents.ljust(2, "0"))
    return -fen if match["sign"] == "-" else fen


def format_yuan(fen: int) -> str:
    """Return the amount as JSON and files carry it: yuan with two decimals, no grouping ("1234.50")."""
    sign = "-" if fen < 0 else ""
    yuan, cents = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{yuan}.{cents:02d}"


def format_yuan_grouped(fen: int) -> str:
    """Return the amount as a table shows it: thousands apart, two decimals ("1,234.50")."""
    sign = "-" if fen < 0 else ""
    yuan, cents = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{yuan:,}.{cents:02d}"


def format_yuan_zh(fen: int) -> str:
    """Return the amount as Chinese prose says it ("3.5万元", "1.2亿元", "980元"), never rounded.

    万 and 亿 are used where the amount then needs at most two decimals; otherwise the yuan are written
    out with thousands apart ("12,345.67元"), since a rounded figure would promise another amount.
    """
    for name, yuan_in_unit in (("亿元", 100_000_000), ("万元", 10_000)):
        fen_in_unit = yuan_in_unit * FEN_PER_YUAN
        if abs(fen) >= fen_in_unit and fen % (fen_in_unit // 100) == 0:
            return _without_trailing_zeros(format_yuan(fen // (fen_in_unit // 100))) + name
    return _without_trailing_zeros(format_yuan_grouped(fen)) + "元"


def half_up(value: Fraction) -> int:
    """Return the nearest integer; a half goes away from zero (2.5 -> 3, -2.5 -> -3).

    This is 四舍五入, the one rounding of amounts, applied symmetrically, so that a recall of an amount
    rounds to the same figure as its payment.
    """
    doubled = 2 * abs(value.numerator) + value.denominator
    rounded = doubled // (2 * value.denominator)
    return -rounded if value < 0 else rounded


def yuan_to_fen(value: Fraction) -> int:
    """Return an exact amount of yuan in fen, half up to the fen."""
    return half_up(value * FEN_PER_YUAN)


def _without_trailing_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
