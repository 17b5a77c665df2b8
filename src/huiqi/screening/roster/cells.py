"""One cell of a roster as the exact value of its fact: what case files take, and what rosters write besides."""

from __future__ import annotations

import datetime
import re
import unicodedata
from fractions import Fraction
from functools import cache

from huiqi.policies.library import PolicyLibrary
from huiqi.reference import regions
from huiqi.reference.industries import Industry, UnknownIndustry, industry, listed
from huiqi.reference.numerals import fold
from huiqi.reference.regions import Region
from huiqi.rules.facts import Fact
from huiqi.rules.situation import Value
from huiqi.rules.types import Kind
from huiqi.rules.values import BadValue, parse_value
from huiqi.screening.roster.words import NO, UNKNOWN, YES

MOST_CHARACTERS = 1_000
FIRST_DAY = datetime.date(1900, 1, 1)
LAST_DAY = datetime.date(2100, 1, 1)
_DAY = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]|(\d{2})(\d{2}))"
    r"(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?",
    re.ASCII,
)
_PLAIN = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", re.ASCII)
_CURRENCY = re.compile(r"^(?:¥|人民币|RMB)\s*")
_CODE_AND_NAME = re.compile(
    r"([A-Ta-t]?\d{2,4}|[A-Ta-t])[\s\-—_、:：.|/]+(\D.*)|(\D+?)[\s(（\-—_、:：|/]+([A-Ta-t]?\d{2,4}|[A-T])[)）]?"
)
DAMAGED_WORDS = "锟斤拷|烫烫烫"
"""What two wrong turns through UTF-8 and GBK leave of a text."""
_DAMAGED = re.compile(rf"[\ufffd\x00-\x1f\x7f]|{DAMAGED_WORDS}")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))


def cleaned(text: str) -> str:
    """Return a cell in half width, without blanks around it and characters that nobody sees."""
    return fold(text.translate(_UNSEEN)).replace("\xa0", " ").strip()


def parse_cell(text: str, fact: Fact, library: PolicyLibrary, scale: Fraction = Fraction(1)) -> Value | None:
    """Return the value of a cell, None for unknown; raise BadValue. `scale`: what the column's numbers are times."""
    kind = fact.type.kind
    if len(text) > MOST_CHARACTERS:
        raise BadValue(
            "cell-too-long",
            f"{fact.name} has {len(text):,} characters",
            "",
            f"write at most {MOST_CHARACTERS:,}",
        )
    word = cleaned(text)
    lower = word.casefold()
    if kind is Kind.TRUTH and (lower in YES or lower in NO):
        return lower in YES
    if lower in UNKNOWN:
        return None
    if kind is Kind.NUMBER:
        return _number(word, fact, scale)
    if kind is Kind.DATE:
        return _day(word, fact)
    if kind is Kind.REGION:
        return _region(word)
    if kind is Kind.INDUSTRY:
        return _industry(word)
    if kind is Kind.CHOICE:
        return _choice(word, fact)
    if _DAMAGED.search(text):
        what = f"{fact.name} holds damaged characters or line breaks"
        raise BadValue("damaged-text", what, "", "write it again, or save the file as UTF-8")
    if fact.record == "receipt" and fact.name == "measure":
        return _measure(word, library)
    return parse_value(word, fact)


def stored(value: Value, fact: Fact) -> int:
    """Return a number as its column holds it: fen, or the value times 10 to the decimals."""
    assert isinstance(value, (int, Fraction))
    money = fact.unit is not None and fact.unit.power("yuan") == 1
    made = Fraction(value) * (1 if money else 10**fact.decimals)
    assert made.denominator == 1, "parse_value holds numbers to their decimals"
    return made.numerator


def _number(word: str, fact: Fact, scale: Fraction) -> Value:
    # Only bare numbers are in the unit of the heading: a cell that names its own unit means that.
    bare = _CURRENCY.sub("", word)
    if scale != 1 and _PLAIN.fullmatch(bare):
        word = _decimal(Fraction(bare.replace(",", "")) * scale)
    return parse_value(word, fact)


def _decimal(value: Fraction) -> str:
    """Return a number with a finite decimal expansion, written out."""
    sign, value = ("-", -value) if value < 0 else ("", value)
    whole, rest = divmod(value, 1)
    digits = ""
    while rest:
        digit, rest = divmod(rest * 10, 1)
        digits += str(digit)
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


def _day(word: str, fact: Fact) -> datetime.date:
    match = _DAY.fullmatch(word)
    if match is None:
        shown = word[:60]
        if re.fullmatch(r"[34]\d{4}(?:\.\d+)?", word):
            day = datetime.date(1899, 12, 30) + datetime.timedelta(days=int(word.partition(".")[0]))
            what = f"{fact.name} cannot be the number {shown}"
            raise BadValue(
                "not-a-date", what, f"in a spreadsheet it may stand for {day}", "format the column as a date"
            )
        mend = "write YYYY-MM-DD, year first"
        raise BadValue("not-a-date", f"{fact.name} cannot be {shown}", "it is a date", mend)
    year, month, day_ = (
        int(part) for part in (match[1], match[3] or match[5] or match[7], match[4] or match[6] or match[8])
    )
    try:
        day = datetime.date(year, month, day_)
    except ValueError:
        raise BadValue(
            "not-a-date", f"{fact.name} cannot be {word}", "there is no such day", "check it"
        ) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        why = f"days from {FIRST_DAY.year} to {LAST_DAY.year} are sensible"
        raise BadValue("impossible-value", f"{fact.name} cannot be {word}", why, "check the year")
    return day


def _choice(word: str, fact: Fact) -> str:
    bare = "".join(word.split()).casefold()
    for value, label in fact.type.choices:
        if bare in (value.casefold(), _bare(label), _bare(label).removesuffix("企业")):
            return value
    labels = "、".join(f"{label}" for _, label in fact.type.choices)
    raise BadValue("unknown-choice", f"{fact.name} cannot be {word[:60]}", "", f"it is one of {labels}")


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _region(word: str) -> str:
    if word.isascii():
        try:
            return regions.region(word).code
        except regions.UnknownRegion as error:
            raise BadValue("unknown-region", str(error), "", "write six digits such as 532503") from None
    code = re.match(r"(\d{6})", word) or re.search(r"(\d{6})\)?$", word)
    if code is not None:
        return _region(code[1])
    # A former name counts where it lives on in the name of its one successor (蒙自县, now 蒙自市).
    found = [each for each in regions.find(word) if _lives_on(word, each)]
    if len(found) == 1:
        return found[0].code
    if found:
        names = "、".join(f"{each.code} {regions.full_name(each.code)}" for each in found[:6])
        raise BadValue(
            "ambiguous-region",
            f"{word[:40]} may be {names}",
            "",
            "write the six digits, or the names from the province down",
        )
    zone = regions.find_zone(word)
    if zone is not None:
        near = f"{zone.within} {regions.full_name(zone.within)}"
        raise BadValue(
            "unknown-region", f"{word[:40]} is a zone, no division", f"it lies in {near}", "write the county"
        )
    raise BadValue(
        "unknown-region", f"{word[:40]} is no division of today", "", "write six digits such as 532503"
    )


def _lives_on(word: str, found: Region) -> bool:
    return found.name[:2] in "".join(word.split())


def _industry(word: str) -> str:
    if word.isascii() and " " not in word.strip():
        return _industry_code(word)
    match = _CODE_AND_NAME.fullmatch(word)
    code, name = "", word
    if match is not None:
        code, name = (match[1], match[2]) if match[1] else (match[4], match[3])
    found = _industries_by_name().get(_bare(name), ())
    if code:
        made = _industry_code(code)
        if found and not any(made.startswith(each) or each.startswith(made) for each in found):
            raise BadValue(
                "unknown-industry",
                f"{code} is not {name[:40]}",
                f"that is {' or '.join(found)}",
                "write the code only",
            )
        return made
    if not found:
        hint = "write a code of GB/T 4754-2017 such as C26"
        raise BadValue("unknown-industry", f"{word[:40]} is no industry of GB/T 4754-2017", "", hint)
    widest = min(found, key=len)
    if not all(each.startswith(widest) for each in found):
        raise BadValue("ambiguous-industry", f"{word[:40]} may be {' or '.join(found)}", "", "write the code")
    return widest


def _industry_code(word: str) -> str:
    try:
        return industry(word).code
    except UnknownIndustry as error:
        raise BadValue(
            "unknown-industry", str(error), "", "write a code of GB/T 4754-2017 such as C26"
        ) from None


@cache
def _industries_by_name() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[Industry]] = {}
    for each in listed():
        if each.name:
            found.setdefault(_bare(each.name), []).append(each)
    return {name: tuple(each.code for each in those) for name, those in found.items()}


def _measure(word: str, library: PolicyLibrary) -> str:
    if word in library.by_id:
        return word
    found = sorted({each.id for each in library.measures if each.title == word})
    if len(found) == 1:
        return found[0]
    why = f"it may be {' or '.join(found)}" if found else "`huiqi measures` lists them"
    raise BadValue("unknown-measure", f"{word[:40]} is no measure", why, "write the measure's id")
