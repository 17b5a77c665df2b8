"""An answer as a visitor writes it, read by the type of its fact; what cannot be read is told in their language."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from huiqi.policies.library import PolicyLibrary
from huiqi.portal.answers.told import MOST_RECORDS, MOST_TEXT
from huiqi.portal.catalogue.words import in_chinese
from huiqi.reference import industries, regions
from huiqi.rules.facts import Fact
from huiqi.rules.reasons import LISTS
from huiqi.rules.types import TRUTH, Kind
from huiqi.rules.values import BadValue, parse_plain, parse_value
from huiqi.screening.answer import json_value
from huiqi.screening.interview import Answer
from huiqi.screening.open_facts import RECORDS, Place

_MOST_CHOICES = 30


class NotUnderstood(ValueError):
    """An answer that cannot be read: how to write it, and what may be meant, as (value, words)."""

    def __init__(self, said: str, meant: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(said)
        self.said = said
        self.meant = meant


@dataclass(frozen=True, slots=True)
class Read:
    """An answer with the text that stands for it in a session."""

    text: str
    value: Answer


def read(place: Place, text: str, library: PolicyLibrary) -> Read:
    """Return the answer that a text gives. Raises NotUnderstood."""
    text = text.strip()
    fact = library.facts.fact(place.record, place.name) if place.record not in (LISTS, RECORDS) else None
    if not text:
        raise NotUnderstood(_("请填写或者选择；不清楚的请点“不清楚，跳过”。"))
    if len(text) > MOST_TEXT:
        raise NotUnderstood(_("填写的内容太长，最多%(most)s个字。") % {"most": MOST_TEXT})
    if place.record == RECORDS:
        return _records(text)
    try:
        if fact is None:
            return Read(text, parse_plain(text, text, TRUTH, place.name))
        if fact.type.kind is Kind.INDUSTRY:
            text = _industry(text)
        elif fact.type.kind is Kind.REGION:
            text = _region(text)
        value = parse_value(text, fact)
        if fact.type.kind is Kind.NUMBER:
            text = str(json_value(value, fact.unit))
        return Read(text, value)
    except BadValue as error:
        raise NotUnderstood(_said(error, fact)) from None


def _records(text: str) -> Read:
    if not (text.isascii() and text.isdigit()) or len(text) > 3 or int(text) > MOST_RECORDS:
        raise NotUnderstood(_("请填0到%(most)s的整数，没有的填0。") % {"most": MOST_RECORDS})
    return Read(str(int(text)), tuple({} for _each in range(int(text))))


def _said(error: BadValue, fact: Fact | None) -> str:
    code = error.code
    if code == "not-yes-no":
        return _("请选择是或者否。")
    if code == "unknown-choice":
        return _("没有这个选项，请从列出的选项中选择。")
    if code == "not-a-date":
        return _("日期请写成2022-08-01这样，并且是真有的一天。")
    if fact is None or fact.unit is None:
        return _("这个答案读不懂，请核对后重新填写。")
    unit = fact.unit.chinese if in_chinese() else str(fact.unit)
    about = {"unit": unit, "most": f"{fact.most:,}", "decimals": fact.decimals}
    if not fact.unit.powers:
        return _("请填写比例，例如3.85%%；最大为%(most)s。") % {**about, "most": f"{fact.most * 100:,}%"}
    if code == "impossible-value":
        return _("这个数不合理：以%(unit)s为单位，不小于零，最大%(most)s，最多%(decimals)s位小数。") % about
    return _("请填写数字，单位为%(unit)s，例如12000。") % about


def _industry(text: str) -> str:
    """Return the code of an industry given as code or name; several that fit are told for a choice."""
    try:
        return industries.industry(text).code
    except industries.UnknownIndustry:
        pass
    found = [each for each in industries.listed() if each.name and text in each.name]
    exact = [each for each in found if each.name == text]
    # A name that several levels bear (餐饮业 and its parts) means the widest.
    if exact:
        return min(exact, key=lambda each: len(each.code)).code
    if not found:
        raise NotUnderstood(_("没有找到这个行业。请写行业的关键字（如“餐饮”“食品制造”）或者代码（如H62）。"))
    meant = tuple((each.code, f"{each.name}（{each.code}）") for each in found[:_MOST_CHOICES])
    raise NotUnderstood(_("请从下面选择最接近的行业。"), meant)


def _region(text: str) -> str:
    try:
        return regions.region(text).code
    except regions.UnknownRegion:
        pass
    found = regions.find(text)
    if len(found) == 1:
        return found[0].code
    if not found:
        raise NotUnderstood(_("没有找到这个地区。请写县（市、区）的名称或者六位代码。"))
    meant = tuple((each.code, regions.full_name(each.code)) for each in found[:_MOST_CHOICES])
    raise NotUnderstood(_("请从下面选择所在的地区。"), meant)
