"""Quantities in official documents, read exactly: 不超过三十万元, 10%—20%, 30人（含）以下, 百分之五十.

Inclusive and exclusive follow article 1259 of the Civil Code (民法典第一千二百五十九条): 以上, 以下, 以内
include the number itself, 超过, 不满, 以外 do not. A text that defines 以下 otherwise (the size standard of
2011 pairs it with 及以上) must be read by its own definition, not by this module.

Machine-translated copies print "more than" and "less than" where the Chinese has 以上 and 以下, and are
read so; "exceeding" and "below" keep their own meaning.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from fractions import Fraction
from operator import itemgetter
from typing import Literal, cast

from huiqi.reference.numerals import Numeral, NumeralError, find_numerals, fold, parse_number

__all__ = ["NumeralError", "Quantity", "find_quantities", "numbers_in", "parse_number", "parse_quantity"]

Direction = Literal["exactly", "at_least", "at_most", "more_than", "less_than", "about", "range"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """One amount of a text, exact.

    `value` is in `unit` ('yuan', 'ratio', 'month', …): 三十万元 is 300000 yuan, 50% is 1/2 ratio, 1个百分点
    is 1/100 percentage_point. Of a range (`direction` 'range') `value` is the lower and `high` the upper
    end, both included. `per` names what it is counted by ('person', 'household', 'month', 'year', …).
    `text[start:end] == printed` in the text given, with its limit words. `noun` is the unit as printed, in
    half width without multipliers ('元', '%', '户', '个百分点', 'percent'), empty where none is printed.
    """

    value: Fraction
    unit: str
    direction: Direction
    start: int
    end: int
    printed: str
    high: Fraction | None = None
    per: tuple[str, ...] = ()
    noun: str = ""


# Longest first where one name opens another. 个 stands before a noun that the grammar need not know.
_UNITS: tuple[tuple[str, str], ...] = (
    ("个百分点", "percentage_point"),
    ("百分点", "percentage_point"),
    ("个基点", "basis_point"),
    ("基点", "basis_point"),
    ("%", "ratio"),
    ("‰", "permille"),
    ("个工作日", "working_day"),
    ("工作日", "working_day"),
    ("个自然日", "day"),
    ("自然日", "day"),
    ("个月", "month"),
    ("个季度", "quarter"),
    ("个年度", "year"),
    ("个小时", "hour"),
    ("小时", "hour"),
    ("分钟", "minute"),
    ("周岁", "year_of_age"),
    ("岁", "year_of_age"),
    ("年", "year"),
    ("天", "day"),
    ("日", "day"),
    ("周", "week"),
    ("千瓦时", "kilowatt_hour"),
    ("兆瓦", "megawatt"),
    ("千瓦", "kilowatt"),
    ("平方公里", "square_kilometre"),
    ("平方米", "square_metre"),
    ("公里", "kilometre"),
    ("米", "metre"),
    ("吨", "tonne"),
    ("亩", "mu"),
    ("平方千米", "square_kilometre"),
    ("立方米", "cubic_metre"),
    ("公顷", "hectare"),
    ("美元", "us_dollar"),
    ("欧元", "euro"),
    ("港元", "hong_kong_dollar"),
    ("BP", "basis_point"),
    ("标箱", "container"),
    ("课时", "class_hour"),
    ("学时", "class_hour"),
    ("元", "yuan"),
    ("人次", "visit"),
    ("人", "person"),
    ("名", "person"),
    ("位", "person"),
    ("户次", "visit"),
    ("户", "household"),
    ("家", "firm"),
    ("倍", "multiple"),
    ("个批次", "batch"),
    ("批次", "batch"),
    ("次", "time"),
    ("项", "item"),
    ("件", "item"),
    ("条", "item"),
    ("台", "item"),
    ("套", "item"),
    ("辆", "item"),
    ("种", "item"),
    ("类", "item"),
    ("所", "item"),
    ("场", "item"),
    ("座", "item"),
    ("处", "item"),
    ("艘", "item"),
    ("架", "item"),
    ("头", "item"),
    ("株", "item"),
    ("份", "item"),
    ("篇", "item"),
    ("支", "item"),
    ("款", "item"),
    ("张", "item"),
    ("个", "item"),
)
_UNIT_OF = dict(_UNITS)
_TIMES = {"working_day", "day", "month", "quarter", "year", "hour", "minute", "week"}
_ENGLISH_UNITS = {
    "yuan": "yuan",
    "rmb": "yuan",
    "percentage point": "percentage_point",
    "percent": "ratio",
    "per cent": "ratio",
    "working day": "working_day",
    "month": "month",
    "year": "year",
    "day": "day",
    "week": "week",
    "hour": "hour",
    "people": "person",
    "person": "person",
    "employee": "person",
    "household": "household",
    "enterprise": "firm",
    "time": "time",
}
_SCALE = {
    "ratio": Fraction(1, 100),
    "percentage_point": Fraction(1, 100),
    "permille": Fraction(1, 1000),
    "basis_point": Fraction(1, 10000),
}
_KIND = {"permille": "ratio", "basis_point": "percentage_point"}

_UNIT = re.compile(
    r"\s*(?:"
    + "|".join(f"(?P<u{i}>{re.escape(name)})" for i, (name, _) in enumerate(_UNITS))
    + r"|(?P<tenth>成(?![立为本果员功分熟品绩效交型套就长人年]))|(?P<fold>折(?!旧|扣|算|合|价|叠|现))"
    + r"|(?P<english>(?:"
    + "|".join(sorted(_ENGLISH_UNITS, key=len, reverse=True))
    + r")s?)\b)",
    re.IGNORECASE,
)
# What follows the character of a unit and takes it into another word.
_OTHER_WORDS = re.compile(
    r"年[初底末]|年(?=[一二三四五六七八九十]季)|名单|名录|位一体|家庭|项目|条龙|条线|条鞭|次性|类型|人[大行民社才均]|户籍"
    r"|个性|周边|周年|期货|场所|所有|所得|日前|台账|项工程目|家属|窗|项债|位数|件事一|倍增"
)

_AT_LEAST = (
    r"不(?:得|应|能|可)?(?:低于|少于|小于|短于)|至少|最低(?:不低于)?|最少|最短(?:不少于)?|起码|不下于|(?<![不未])(?:年|已|届)?满"
    r"|\b(?:at least|no less than|not less than|no fewer than|more than|a minimum of)\s*"
)
_AT_MOST = (
    r"不(?:得|应|能|可|予|准)?(?:超过|高于|大于|多于|长于|超出)|未(?:超过|超出)|最高(?:不超过)?|最多(?:不超过)?|最长(?:不超过)?|至多|上限"
    r"|\b(?:(?:(?:shall|should|may|must|does|do|will|can)\s+)?(?:not|cannot)\s+exceed(?:ing)?|no more than"
    r"|not more than|up to|at most|less than|fewer than|a maximum of|not exceeding)\s*"
)
_MORE_THAN = r"超过|突破|超出|(?<![不未])超|高于|大于|多于|长于|\b(?:exceeding|exceeds?|over|above)\s+"
_LESS_THAN = r"不满|不足|不到|未满|未达到?|低于|少于|小于|短于|\b(?:below|under)\s+"
_ABOUT = r"大?约(?:为|合|占)?|大概|接近|将?近|\b(?:about|around|approximately|nearly|some)\s+"
_LINK = (
    r"(?:可达到?|可至|为|可|达到?|给予|的|按|到|至|调度|解决|举办|召开|组织|开展|培育|安排|一次性|每[人户家日月年次]"
    r"|补助|奖励|补贴|资助|支持|奖补|贷款|授信|额度|限额|[:,是]|\s)"
)
_BEFORE = re.compile(
    rf"(?:(?P<at_most>{_AT_MOST})|(?P<at_least>{_AT_LEAST})|(?P<more_than>{_MORE_THAN})"
    rf"|(?P<less_than>{_LESS_THAN})|(?P<about>{_ABOUT}))(?P<link>{_LINK}{{0,3}})"
    r"(?:人民币|RMB\s*|CNY\s*|[¥$]\s*)?$",
    re.IGNORECASE,
)
_CURRENCY_BEFORE = re.compile(r"(?:人民币|RMB\s*|CNY\s*|¥\s*)$", re.IGNORECASE)
_NOTE = r"\s*\((?P<{0}>不?含|inclusive|including)[^()]{{0,12}}\)"
_AFTER = re.compile(
    rf"(?:{_NOTE.format('note')})?\s*(?:"
    r"(?P<at_least>(?:\(含\)|含|及|或|和)?以上|及更多|or more\b|or above\b)"
    r"|(?P<at_most>(?:\(含\)|含|及|或|和)?以下|(?:之|以)内|封顶|or less\b|or below\b"
    r"|(?P<inside>内(?![部容外地需设置在资销贸循])))"
    r"|(?P<more_than>(?:之|以)外)"
    r"|(?P<about>左右|上下))?"
    rf"(?:{_NOTE.format('note_after')})?",
    re.IGNORECASE,
)
_NOTE_ONLY = re.compile(_NOTE.format("note"), re.IGNORECASE)
_JOIN = re.compile(r"\s*(?:-|—|–|―|－|~|～|−|至|到|一(?=[0-9])|\bto\b)+\s*")
_HUNDREDTHS = re.compile(r"(?P<base>[百千万])分之\s*$")
_PER_BEFORE = re.compile(
    r"(?:每(?P<a>人次|户企业|家企业|人|户|家|名|月|年|个?季度|平方米|千瓦时|吨|亩|车))(?:每(?P<b>人|户|月|年|次|个?季度|天|日))?"
    r"(?:每(?P<c>月|年|次))?[^每,.;。；，、0-9]{0,16}$"
)
_PER_AFTER = re.compile(
    r"\s*/\s*(?P<a>人|户|家|月|年|天|日|次|平方米|吨|千瓦时|亩|辆)(?:\s*[·•./]\s*(?P<b>月|年|天|日|次))?"
)
_PER = {
    "人": "person",
    "名": "person",
    "户": "household",
    "户企业": "firm",
    "家": "firm",
    "家企业": "firm",
    "月": "month",
    "年": "year",
    "季度": "quarter",
    "个季度": "quarter",
    "天": "day",
    "日": "day",
    "次": "time",
    "人次": "visit",
    "平方米": "square_metre",
    "吨": "tonne",
    "千瓦时": "kilowatt_hour",
    "亩": "mu",
    "车": "vehicle",
    "辆": "vehicle",
}

# Words that are an amount by themselves: printed form -> value, unit.
_WORDS = re.compile(
    r"(?P<half>过?半数|一半|减半|对半)|(?P<double>双倍|加倍(?!努力)|翻番|翻一番)|(?P<half_year>(?<![上下前后每])半年(?=[内以之后的,。；、]))"
)

# Digits here name a day, a document or a place in a text, and count nothing.
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}\s*年(?:度|初|底|末|内)?(?:\s*[0-9]{1,2}\s*月(?:\s*[0-9]{1,2}\s*[日曰号])?)?"
    r"|(?:19|20)[0-9]{2}\s*[-—–~/]\s*(?:19|20)[0-9]{2}(?![0-9])(?:\s*年)?"
    r"|(?:19|20)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}"
    r"|[〇○零一二三四五六七八九]{4}年(?:[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}日)?)?"
    r"|[0-9]{1,2}\s*月\s*[0-9]{1,2}\s*[日曰号]|(?<=月)[0-9]{1,2}日|[0-9]{1,2}\s*月(?:份|底|末|初|前|上旬|中旬|下旬)"
    r"|第\s*[0-9〇零一二三四五六七八九十百千]+\s*(?:号|条|款|项|期|届|次|批|方|年|季度|位|个|名|、|\b)?"
    r"|[〔\[【(][0-9]{4}[〕\]】)]\s*(?:第\s*)?[0-9]+\s*号|(?<![0-9])[0-9]{1,2}[.、](?=[^\W\d])"
    r"|(?<![0-9])[0-9]+[-—][A-Za-z]+|(?<![A-Za-z])(?!RMB|CNY)[A-Za-z]+-?[0-9]+|(?<![0-9])[0-9]+G\b"
    r"|[A-Z][a-z]+\s+[0-9]{1,2},\s*[0-9]{4}|(?:January|February|March|April|May|June|July|August|September"
    r"|October|November|December)\s+[0-9]{1,4}\b",
)
_IDIOM = re.compile(
    r"一.一(?!次|年|季度|个月)\w|同一\w|逐一|唯一|统一|万一|专一|第一|(?<!分)之一|一次性|一对一|翻一番|最后一公里"
)


def find_quantities(text: str) -> list[Quantity]:
    """Return every quantity of a text in its order, with offsets into the text as given.

    A number without a unit is no quantity, unless English limit words stand before it ("more than 400").
    Dates, document numbers, ordinals, clause numbers and idioms (一次性, 一户一策) are passed over.
    """
    folded = fold(text)
    closed = _closed_spans(folded)
    numerals = {n.start: n for n in find_numerals(folded) if not _within(n.start, closed)}
    found: list[Quantity] = []
    reached = 0
    for numeral in numerals.values():
        if numeral.start < reached:
            continue
        quantity = _quantity_at(folded, numeral, numerals, reached)
        if quantity is not None:
            found.append(replace(quantity, printed=text[quantity.start : quantity.end]))
            reached = quantity.end
    starts = [quantity.start for quantity in found]
    words: list[Quantity] = []
    for match in _WORDS.finditer(folded):
        before = bisect_left(starts, match.end()) - 1
        if before < 0 or found[before].end <= match.start():
            reached = found[before].end if before >= 0 else 0
            words.append(_word_quantity(folded, match, text, reached))
    return sorted(found + words, key=lambda quantity: quantity.start)


def parse_quantity(text: str) -> Quantity:
    """Return the one quantity that the whole text is (spaces at the ends aside).

    Raises:
        NumeralError: the text is no quantity, holds more than one, or holds other words.
    """
    found = find_quantities(text)
    if len(found) == 1 and found[0].printed == text.strip():
        return found[0]
    if not found:
        raise NumeralError(f"{text!r} is no quantity; write a number with its unit, such as 30万元 or 50%")
    rest = text.replace(found[0].printed, "", 1).strip()
    raise NumeralError(f"{text!r} is not one quantity: beside {found[0].printed!r} stands {rest!r}")


def numbers_in(text: str, *, dates: bool = False) -> set[Fraction]:
    """Return every value the words back, so that a number in a rule can be asked to occur in them.

    An amount backs its value and its printed figure (500万元: 5000000 and 500; 50%: 1/2 and 50), years also
    their months (1年: 1 and 12), 半数 1/2, 双倍 2. Digits back their value whatever follows them; a single
    Chinese digit only where it counts something, so 一次性 and 统一 back nothing. Digits of dates, document
    and clause numbers back nothing unless `dates` is true, which admits those of dates and numbers too.
    """
    folded = fold(text)
    closed = [] if dates else _closed_spans(folded)
    backed: set[Fraction] = set()
    for quantity in find_quantities(text):
        for value in (quantity.value, quantity.high):
            if value is not None:
                backed.add(value)
                if quantity.unit == "year":
                    backed.add(value * 12)
    for numeral in find_numerals(folded):
        if _within(numeral.start, closed):
            continue
        if numeral.han and numeral.end - numeral.start == 1 and not _counts(folded, numeral):
            continue
        backed.add(numeral.value)
        if numeral.mantissa is not None:
            backed.add(numeral.mantissa)
    return backed


def _quantity_at(folded: str, first: Numeral, numerals: dict[int, Numeral], reached: int) -> Quantity | None:
    """Read the quantity that opens with this number, or None where the number counts nothing."""
    share = _share(folded, first, numerals)
    if share is not None:
        value, end, numeral = share
        return _limited(
            folded, _start_of_share(folded, numeral.start), end, reached, value=value, unit="ratio"
        )
    low_unit = _unit_after(folded, first.end)
    low_end = low_unit[1] if low_unit else first.end
    inexact = first.inexact
    if low_unit is None and folded[low_end : low_end + 1] in {"多", "余"}:
        inexact = folded[low_end]
        low_unit = _unit_after(folded, low_end + 1)
        low_end = low_unit[1] if low_unit else low_end
    if inexact and low_unit is not None:
        # 500多户 is somewhat more than 500: the figure itself is outside.
        unit, end = low_unit
        noun = folded[first.end : end].strip("多余 \t\n")
        per, end = _per(folded, first.start, end)
        return Quantity(
            _scaled(first.value, unit), _kind(unit), "more_than", first.start, end, "", None, per, noun
        )
    high = _upper_end(folded, first, low_unit, low_end, numerals)
    if high is not None:
        return _range(folded, first, low_unit, high, reached)
    if low_unit is None:
        return _bare(folded, first, reached)
    unit, end = low_unit
    noun = folded[first.end : end].strip()
    return _limited(folded, first.start, end, reached, value=_scaled(first.value, unit), unit=unit, noun=noun)


def _bare(folded: str, numeral: Numeral, reached: int) -> Quantity | None:
    """Read a number without unit: money after RMB, a plain number after English limit words or 亿, 万."""
    before = folded[max(reached, numeral.start - 40) : numeral.start]
    if _CURRENCY_BEFORE.search(before):
        return _limited(folded, numeral.start, numeral.end, reached, value=numeral.value, unit="yuan")
    limit = _BEFORE.search(before)
    english = limit is not None and re.search(r"[A-Za-z]", limit.group()) is not None
    if english or numeral.multiplier >= 10**4:
        return _limited(folded, numeral.start, numeral.end, reached, value=numeral.value, unit="number")
    return None


def _limited(
    folded: str,
    start: int,
    end: int,
    reached: int,
    *,
    value: Fraction,
    unit: str,
    high: Fraction | None = None,
    noun: str = "",
) -> Quantity:
    """Add the limit words before and after a number with its unit, and what it is counted per."""
    per, end = _per(folded, start, end)
    limit: str = ""
    note = ""
    after = _AFTER.match(folded, end)
    if after is not None and not (after["inside"] and unit not in _TIMES):
        # A bare 内 bounds only a time: 3年内, but 3户内 holds no limit.
        end = after.end() if after.group().strip() else end
        note = after["note"] or after["note_after"] or ""
        limit = _named(after, ("at_least", "at_most", "more_than", "about"))
    currency = _CURRENCY_BEFORE.search(folded, max(reached, start - 8), start)
    if currency is not None:
        start = currency.start()
    before = _BEFORE.search(folded, max(reached, start - 40), start)
    if before is not None and not (before["about"] in {"近", "将近"} and unit in _TIMES):
        # 近三年 is the last three years, not nearly three.
        start = before.start()
        limit = _named(before, ("at_most", "at_least", "more_than", "less_than", "about"))
    inclusive = {"less_than": "at_most", "more_than": "at_least"}
    exclusive = {included: excluded for excluded, included in inclusive.items()}
    if note:
        limit = (exclusive if note == "不含" else inclusive).get(limit, limit)
    direction = "range" if high is not None else limit or "exactly"
    return Quantity(value, _kind(unit), cast(Direction, direction), start, end, "", high, per, noun)


def _named(match: re.Match[str], names: tuple[str, ...]) -> str:
    return next((name for name in names if match[name]), "")


def _range(
    folded: str,
    first: Numeral,
    low_unit: tuple[str, int] | None,
    high: tuple[Numeral, str, int],
    reached: int,
) -> Quantity | None:
    second, unit, end = high
    low = first.value
    if low_unit is None and first.mantissa is None and second.mantissa is not None and low < second.mantissa:
        # 10-20万元 shares its 万; 5000-1万元 does not.
        low *= second.multiplier
    low_name = low_unit[0] if low_unit else unit
    low, top = _scaled(low, low_name), _scaled(second.value, unit)
    if low > top or _kind(low_name) != _kind(unit):
        return None
    noun = folded[second.end : end].strip()
    return _limited(folded, first.start, end, reached, value=low, unit=unit, high=top, noun=noun)


def _upper_end(
    folded: str, first: Numeral, low_unit: tuple[str, int] | None, low_end: int, numerals: dict[int, Numeral]
) -> tuple[Numeral, str, int] | None:
    """Find the number behind 6%- or 2.5万(含本级数)-, with its unit and where that ends."""
    note = _NOTE_ONLY.match(folded, low_end)
    join = _JOIN.match(folded, note.end() if note else low_end)
    if join is None:
        return None
    second = numerals.get(join.end())
    if second is None:
        return None
    unit = _unit_after(folded, second.end)
    if unit is None:
        return None
    if low_unit is not None and _kind(low_unit[0]) != _kind(unit[0]):
        return None
    return second, unit[0], unit[1]


def _share(
    folded: str, numeral: Numeral, numerals: dict[int, Numeral]
) -> tuple[Fraction, int, Numeral] | None:
    """Read 百分之五十 (from its number) and 三分之二 (from its denominator)."""
    base = _HUNDREDTHS.search(folded, max(0, numeral.start - 5), numeral.start)
    if base is not None:
        denominator = {"百": 100, "千": 1000, "万": 10000}[base["base"]]
        return numeral.value / denominator, numeral.end, numeral
    if folded.startswith("分之", numeral.end) and numeral.value > 0:
        upper = numerals.get(numeral.end + len("分之"))
        if upper is not None:
            return upper.value / numeral.value, upper.end, numeral
    return None


def _start_of_share(folded: str, start: int) -> int:
    base = _HUNDREDTHS.search(folded, max(0, start - 5), start)
    return base.start() if base else start


def _unit_after(folded: str, at: int) -> tuple[str, int] | None:
    """Return the unit printed at this place and its end; None where the character belongs to another word."""
    match = _UNIT.match(folded, at)
    if match is None or "\n\n" in match.group():
        return None
    if match["tenth"]:
        return "tenth", match.end()
    if match["fold"]:
        return "fold", match.end()
    if match["english"]:
        return _ENGLISH_UNITS[re.sub(r"(?<=[a-z])s$", "", match["english"].lower())], match.end()
    name = match.group().strip()
    if _OTHER_WORDS.match(folded, match.end() - len(name)):
        return None
    return _UNIT_OF[name], match.end()


def _counts(folded: str, numeral: Numeral) -> bool:
    if _IDIOM.search(folded, max(0, numeral.start - 1), numeral.end + 2):
        return False
    return (
        _unit_after(folded, numeral.end) is not None
        or _HUNDREDTHS.search(folded, max(0, numeral.start - 5), numeral.start) is not None
        or folded.startswith("分之", numeral.end)
        or folded.endswith("分之", 0, numeral.start)
    )


def _scaled(value: Fraction, unit: str) -> Fraction:
    if unit == "tenth":
        return value / 10
    if unit == "fold":
        return value / 10 if value < 10 else value / 100
    return value * _SCALE.get(unit, Fraction(1))


def _kind(unit: str) -> str:
    return "ratio" if unit in {"tenth", "fold"} else _KIND.get(unit, unit)


def _per(folded: str, start: int, end: int) -> tuple[tuple[str, ...], int]:
    """Return what the amount is counted by (每人每月1000元, 500元/人) and where that ends."""
    names: list[str] = []
    before = _PER_BEFORE.search(folded, max(0, start - 30), start)
    if before is not None:
        names += [_PER[name] for name in before.groups() if name]
    after = _PER_AFTER.match(folded, end)
    if after is not None:
        names += [_PER[name] for name in after.groups() if name]
        end = after.end()
    return tuple(dict.fromkeys(names)), end


def _word_quantity(folded: str, match: re.Match[str], text: str, reached: int) -> Quantity:
    value, unit = {
        "half": (Fraction(1, 2), "ratio"),
        "double": (Fraction(2), "multiple"),
        "half_year": (Fraction(1, 2), "year"),
    }[match.lastgroup or ""]
    if unit != "multiple" and match.group() not in {"过半数", "减半", "对半"}:
        limited = _limited(folded, *match.span(), reached, value=value, unit=unit)
        return replace(limited, printed=text[limited.start : limited.end])
    direction: Direction = "more_than" if match.group() == "过半数" else "exactly"
    return Quantity(value, unit, direction, match.start(), match.end(), text[match.start() : match.end()])


def _closed_spans(folded: str) -> list[tuple[int, int]]:
    """Return in their order, merged, where digits name a day, a document or a place, or are an idiom's."""
    spans = sorted(match.span() for match in (*_DATE.finditer(folded), *_IDIOM.finditer(folded)))
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _within(at: int, spans: list[tuple[int, int]]) -> bool:
    index = bisect_right(spans, at, key=itemgetter(0)) - 1
    return index >= 0 and at < spans[index][1]
