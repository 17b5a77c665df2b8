"""A question as a page puts it: its words, why it is asked, what it decides, and the field for the answer."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from huiqi.portal.answers.told import MOST_RECORDS, token_of
from huiqi.portal.catalogue.cards import Card
from huiqi.portal.catalogue.shelf import Shelf
from huiqi.portal.catalogue.words import in_chinese
from huiqi.reference import industries
from huiqi.rules.facts import KNOWN_BY, Fact
from huiqi.rules.reasons import LISTS
from huiqi.rules.types import Kind
from huiqi.screening.interview import Question, known_by
from huiqi.screening.interview_answer import InterviewAnswerer
from huiqi.screening.open_facts import RECORDS, Place


@dataclass(frozen=True, slots=True)
class Decided:
    """A measure that waits for the answer, the answers that settle it alone, its money (fen) where known."""

    card: Card
    settled_by: str
    amount: int | None


@dataclass(frozen=True, slots=True)
class Asking:
    """A question for a page. `field` is yes_no, choice, date, number, count, industry, region or text."""

    token: str
    words: str
    why: str
    about: str
    known_by: str
    field: str
    unit: str
    choices: tuple[tuple[str, str], ...]
    decides: tuple[Decided, ...]
    hint: str


def asking_of(question: Question, house: Shelf) -> Asking:
    """Return a question of an interview for its page."""
    answerer = InterviewAnswerer(house.answerer, "zh" if in_chinese() else "en")
    decides = tuple(
        Decided(
            house.cards.of(each.measure),
            "、".join(filter(None, (answerer.shown(value, question) for value in each.settled_by))),
            each.amount,
        )
        for each in question.decides
    )
    fact, place = question.fact, question.place
    field, unit, choices = "yes_no", "", ()
    if place.record == RECORDS:
        field = "count"
    elif fact is not None and place.record != LISTS:
        field, unit, choices = _field(fact)
    return Asking(
        token_of(place),
        answerer.words(question),
        answerer.why(question) if decides else "",
        (fact.about if fact is not None and in_chinese() else ""),
        _(KNOWN_BY[question.known_by]),
        field,
        unit,
        choices,
        decides,
        _hint(field),
    )


def asking_again(place: Place, house: Shelf) -> Asking:
    """Return a question that was answered before, to be answered anew."""
    facts = house.library.facts
    fact = facts.fact(place.record, place.name) if place.record not in (LISTS, RECORDS) else None
    record = facts.records.get(place.name if place.record == RECORDS else place.record)
    return asking_of(Question(place, fact, record, known_by(place, facts), 0, 0, ()), house)


def _field(fact: Fact) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    kind = fact.type.kind
    if kind is Kind.CHOICE:
        named = [
            (value, label if in_chinese() else value.replace("_", " ")) for value, label in fact.type.choices
        ]
        return "choice", "", tuple(named)
    if kind is Kind.NUMBER:
        unit = fact.unit
        powers = unit is not None and unit.powers
        return "number", (unit.chinese if in_chinese() else str(unit)) if powers else "", ()
    if kind is Kind.INDUSTRY:
        return (
            "industry",
            "",
            tuple((each.code, each.name or each.code) for each in industries.listed("division")),
        )
    return {Kind.TRUTH: "yes_no", Kind.DATE: "date", Kind.REGION: "region"}.get(kind, "text"), "", ()


def _hint(field: str) -> str:
    return {
        "count": _("没有的填0，最多%(most)s。") % {"most": MOST_RECORDS},
        "number": _("可以写“12万”“3.85%”这样的数。"),
        "industry": _("写关键字（如“餐饮”“食品制造”），或者国民经济行业代码。"),
        "region": _("写县（市、区）的名称，或者六位代码。"),
        "text": _("只用来区分不同的人，请写甲、乙，不要写姓名和证件号码。"),
    }.get(field, "")
