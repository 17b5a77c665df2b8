"""The short name of a plan: what stands before its clauses in a path, 减税降费（一）/二/（三）."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import takewhile

from huiqi.documents.numerals import han_number, number_to_han

# The special actions of the Yunnan relief work plan (云政办发〔2022〕42号, part one), under the names its
# clauses give them, with the other names that plans and machine-translated copies print.
_ACTIONS: dict[str, tuple[str, ...]] = {
    "财政惠企": ("financial benefits for enterprises",),
    "减税降费": ("tax reduction and fee reduction",),
    "融资便利": ("financing facilitation",),
    "稳岗就业": ("stabilize employment",),
    "保通保畅": ("物流保通保畅", "smooth flow of logistics"),
    "清欠活企": ("clear debts and revitalize enterprises",),
    "创新创业": ("innovation and entrepreneurship",),
    "企业培优": ("enterprise training",),
    "复工复产": ("resume work and production",),
    "融通发展": ("financing and development",),
}
_PLACE = re.compile(r"[\u3400-\u9fff]{1,12}(?:省|市|县|区|州|旗)(?:关于)?")
_ORDINAL = re.compile(r"\s*（([0-9]{1,2}|[一二三四五六七八九十]{1,3})）$")
_KIND = re.compile(
    r"(专项)?(行动)?(实施|工作|行动|推进|细化|若干)?(政策)?(方案|计划|意见|措施|办法|细则|规定|规划)$"
)
_OPENING = re.compile(r"^(.*关于)?(印发|进一步|深入|加快|全面|贯彻落实|扎实|做好|推进|实施|开展)*")


def known_name(name: str) -> str | None:
    """The name used in paths for a special action, whatever a plan calls it; None for any other name."""
    stem, ordinal = _split_ordinal(name)
    folded = stem.casefold().replace(" ", "")
    for short, others in _ACTIONS.items():
        if folded in (short, *(other.replace(" ", "") for other in others)):
            return short + ordinal
    return None


def short_name(title: str) -> str:
    """The short name of the plan with this title (the plan's own line, without a general line before it)."""
    stem, ordinal = _split_ordinal(title)
    folded = stem.casefold()
    for short, others in _ACTIONS.items():
        if any(name in folded for name in (short, *others)):
            return short + ordinal
    core = _KIND.sub("", _OPENING.sub("", re.sub(r"\s", "", stem))).strip('《》“”"的') or stem
    return core.replace("/", "／") + ordinal


def common_place(titles: Sequence[str]) -> str:
    """The name of the place that all of several titles open with (东岭市), or nothing."""
    if len(titles) < 2:
        return ""
    found = _PLACE.match("".join(chars[0] for chars in takewhile(_is_same, zip(*titles, strict=False))))
    return found[0] if found else ""


def _is_same(chars: tuple[str, ...]) -> bool:
    return len(set(chars)) == 1


def _split_ordinal(name: str) -> tuple[str, str]:
    """The name without its closing number, and that number as （一）, or nothing."""
    form = unicodedata.normalize("NFKC", name).strip().replace("(", "（").replace(")", "）")
    found = _ORDINAL.search(form)
    if not found:
        return form, ""
    number = int(found[1]) if found[1].isdigit() else han_number(found[1])
    return (form[: found.start()], f"（{number_to_han(number)}）") if number else (form, "")
