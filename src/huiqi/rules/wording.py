"""Numbers, dates and enumerations as Chinese official texts write them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from fractions import Fraction

from huiqi.rules.typed import Exact
from huiqi.rules.units import ITEM, RATIO, Unit

_SIZES = (
    (("中型企业", "小型企业", "微型企业"), "中小微企业"),
    (("小微企业", "中型企业"), "中小微企业"),
    (("小型企业", "微型企业"), "小微企业"),
    (("大型企业", "中型企业"), "大中型企业"),
)
# What counts as one item is told by the label: 处罚次数 is counted in 次; so are points of a ratio.
_COUNTERS = {"次数": "次", "户数": "户", "家数": "家", "台数": "台", "辆数": "辆", "提高幅度": "个百分点"}


def written_number(value: Exact, unit: Unit | None, counter: str = "项") -> str:
    """Return a stored number with its unit: 5000万元, 50%, 3个月; `counter` is the word for an item."""
    if unit is None:
        return plain(value)
    if unit == RATIO:
        return f"{plain(Fraction(value) * 100)}{counter if counter == '个百分点' else '%'}"
    amount = Fraction(value) / unit.scale
    shown = unit.chinese if counter == "项" else unit.chinese.replace("项", counter)
    if unit.power("yuan") == 1:
        for size, word in ((10**8, "亿"), (10**4, "万")):
            # 14400 yuan stays as it is: nobody writes 1.44万元.
            if abs(amount) >= size and (amount * 10 / size).denominator == 1:
                return f"{plain(amount / size)}{word}{shown}"
    return f"{plain(amount)}{shown}"


def written_date(value: datetime.date) -> str:
    """Return 2022年6月30日."""
    return f"{value.year}年{value.month}月{value.day}日"


def written_period(period: str) -> str:
    """Return 2021年, 2021年第一季度 or 2021年3月 for 2021, 2021Q1 or 2021-03."""
    year, _, quarter = period.partition("Q")
    if quarter:
        return f"{year}年第{'一二三四'[int(quarter) - 1]}季度"
    year, _, month = period.partition("-")
    return f"{year}年{int(month)}月" if month else f"{year}年"


def counter_of(label: str) -> str:
    """Return the word that a label's number is counted in: 户 for 首次培育户数, else 项."""
    return next((word for ending, word in _COUNTERS.items() if label.endswith(ending)), "项")


def listed(names: Sequence[str], last: str = "或者") -> str:
    """Return 甲、乙或者丙; sizes that have a common name get it: 中小微企业."""
    for parts, whole in _SIZES:
        if all(part in names for part in parts):
            names = [whole if name == parts[0] else name for name in names if name not in parts[1:]]
    return names[0] if len(names) == 1 else "、".join(names[:-1]) + last + names[-1]


def plain(value: Exact) -> str:
    """Return an exact number in digits; a fraction without end as numerator/denominator."""
    fraction = Fraction(value)
    if fraction.denominator == 1:
        return str(fraction.numerator)
    scaled, powers = fraction.denominator, {2: 0, 5: 0}
    for prime in powers:
        while scaled % prime == 0:
            scaled //= prime
            powers[prime] += 1
    if scaled != 1:
        return f"{fraction.numerator}/{fraction.denominator}"
    digits = max(powers.values())
    text = str(abs(fraction * 10**digits).numerator).rjust(digits + 1, "0")
    return ("-" if fraction < 0 else "") + f"{text[:-digits]}.{text[-digits:]}"


def is_counted(unit: Unit | None) -> bool:
    """Tell whether a unit speaks of items, whose word depends on what is counted."""
    return unit is not None and unit.power(ITEM.powers[0][0]) != 0
