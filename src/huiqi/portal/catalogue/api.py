"""The policy library for programs, open to everybody: every measure, and one with its rule in Chinese."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Field, Path, Query, Schema

from huiqi.portal.acts.refusals import NotYours
from huiqi.portal.api.registry import PUBLIC, endpoint
from huiqi.portal.api.shapes import Cut, Part, bad_query
from huiqi.portal.catalogue.cards import Card
from huiqi.portal.catalogue.queries import found, wanted
from huiqi.portal.catalogue.shelf import shelf
from huiqi.portal.look.visits import Visit

_MOST_NAME = 120


class MeasureRow(Schema):
    """A measure in a list; `state` is now, ended or later on the day asked for, `last_day` null without an end."""

    id: str
    region: str
    title: str
    english: str
    kind: str
    delivery: str
    subjects: list[str]
    first_day: date
    last_day: date | None
    state: str


class MeasureCondition(Schema):
    """A condition in Chinese, its mark (declared, decided by an office) and its deciding words."""

    text: str
    rule: str
    mark: str
    source: int
    words: str


class MeasureAmount(Schema):
    """The amount as a formula in Chinese, with the words for its terms and its caps."""

    name: str
    formula: list[str]
    terms: list[list[str]]
    baseline: str
    caps: list[str]


class MeasureDefinition(Schema):
    """A definition that the conditions use."""

    title: str
    lines: list[str]
    source: str


class MeasureSource(Schema):
    """A clause that the measure stands on, with its deciding words."""

    number: int
    document: str
    title: str
    clause: str
    words: str


class MeasureDetail(MeasureRow):
    """A measure with its rule text."""

    subjects_text: str
    judged_per: str
    in_force: str
    delivery_text: str
    information: str
    conditions: list[MeasureCondition]
    definitions: list[MeasureDefinition]
    amount: MeasureAmount | None
    not_with: list[str]
    adds_to: list[str]
    offices: list[str]
    practical: list[list[str]]
    interpretation: list[list[str]]
    sources: list[MeasureSource]


class MeasuresAsked(Cut):
    """What the list is narrowed to, as on the page."""

    q: str = Field("", max_length=60)
    region: str = Field("", max_length=12)
    kind: str = Field("", max_length=40)
    delivery: str = Field("", max_length=40)
    subject: str = Field("", max_length=40)
    document: str = Field("", max_length=_MOST_NAME)
    on: str = Field(
        "", max_length=10, description="日期：只列当天有效的措施｜a day: only measures in force on it"
    )


@endpoint(
    "measures",
    "measures",
    zh="政策库",
    en="Measures of the policy library",
    answers=Part[MeasureRow],
    opens=PUBLIC,
)
def measures(request: Visit, asked: Annotated[MeasuresAsked, Query(...)]) -> Any:
    """The measures that fit; in a region its own variant of each."""
    house = shelf()
    narrowed, refused = wanted(asked.dict(), house.cards)
    if refused:
        raise bad_query(refused[0].field, refused[0].said)
    cards = found(house.cards, narrowed)
    begin = int(asked.after or 0)
    rows = [_row(each, narrowed.on or request.today) for each in cards[begin : begin + asked.most]]
    more = len(cards) > begin + asked.most
    return {"rows": rows, "next": str(begin + asked.most) if more else None}


@endpoint(
    "measure",
    "measures/{region}/{name}",
    zh="政策措施",
    en="One measure with its rule",
    answers=MeasureDetail,
    opens=PUBLIC,
)
def measure(
    request: Visit,
    region: Annotated[str, Path(..., max_length=6)],
    name: Annotated[str, Path(..., max_length=_MOST_NAME)],
) -> Any:
    """A region's variant of a measure: conditions, amount, definitions, offices, sources, interpretation notes."""
    card = shelf().cards.get(region, name)
    if card is None:
        raise NotYours
    page = card.page
    amount = page.amount
    return {
        **_row(card, request.today),
        "subjects_text": page.subjects,
        "judged_per": page.judged_per,
        "in_force": page.in_force,
        "delivery_text": page.delivery,
        "information": page.information,
        "conditions": [
            {
                "text": each.text,
                "rule": each.rule,
                "mark": each.mark,
                "source": each.source,
                "words": each.words,
            }
            for each in page.conditions
        ],
        "definitions": [
            {"title": each.title, "lines": each.lines, "source": each.source} for each in page.definitions
        ],
        "amount": None
        if amount is None
        else {
            "name": amount.name,
            "formula": amount.formula,
            "terms": amount.terms,
            "baseline": amount.baseline,
            "caps": amount.caps,
        },
        "not_with": page.not_with,
        "adds_to": page.adds_to,
        "offices": page.offices,
        "practical": page.practical,
        "interpretation": page.interpretation,
        "sources": [
            {
                "number": each.number,
                "document": each.document.id if each.document else "",
                "title": each.document.title if each.document else "",
                "clause": each.clause,
                "words": each.words,
            }
            for each in card.sources
        ],
    }


def _row(card: Card, day: date) -> dict[str, Any]:
    about = card.measure
    return {
        "id": about.id,
        "region": about.region,
        "title": about.title,
        "english": about.english,
        "kind": about.kind,
        "delivery": about.delivery,
        "subjects": list(about.subject),
        "first_day": about.in_force.first,
        "last_day": card.last_day,
        "state": card.state(day),
    }
