"""What one is owed, for programs: the calculator for anybody, and a firm of the register for its members."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Query, Schema

from huiqi.findings import BadInput, Finding
from huiqi.portal.acts.refusals import NotYours
from huiqi.portal.answers.assessing import assessed
from huiqi.portal.api.registry import PUBLIC, endpoint
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.firms.api import Number
from huiqi.portal.firms.case import FirmCase, case_of
from huiqi.portal.firms.queries import firms_of
from huiqi.portal.look.visits import Visit
from huiqi.rules.positions import read_text

_CASE = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "title": "Case",
                    "description": "与huiqi assess所用的情形文件相同，事实的名称见huiqi facts｜a case as `huiqi assess` takes it: `huiqi facts` lists the names",
                    "examples": [
                        {
                            "subject": "enterprise",
                            "enterprise": {"region": "532503", "industry": "H62", "employees": 12},
                        }
                    ],
                }
            }
        },
    }
}
Day = Annotated[
    date | None,
    Query(
        None, description="按哪一天的规定测算，默认为今天｜the day that rules are applied on; default: today"
    ),
]
Language = Annotated[
    Literal["zh", "en"], Query("zh", description="“差一点可享”所用的语言｜the language of near misses")
]
Measure = Annotated[
    str,
    Query(
        "", max_length=120, description="只测算这一项措施｜only this measure, wherever and whenever it holds"
    ),
]


class Owed(Schema):
    """What a subject is owed; amounts are text in yuan. The same as `huiqi assess --json`."""

    as_of: date
    subject: str
    name: str | None
    region: str | None
    measures: list[dict[str, Any]]
    total_certain: str
    total_if_declared: str
    total_deferred: str
    excluded: list[dict[str, Any]]
    bundle: list[dict[str, Any]]
    bundle_exact: bool
    apply_in_order: list[dict[str, Any]]
    near_misses: list[dict[str, Any]]


class OwedFirm(Owed):
    """What a firm of the register is owed, and what of the register could not be read."""

    unread: list[dict[str, Any]]


class NearMissesOut(Schema):
    """What a firm is nearly granted: the smallest changes, what they bring (yuan), until when."""

    near_misses: list[dict[str, Any]]


@endpoint(
    "assess",
    "assess",
    zh="政策测算",
    en="Assess a case",
    answers=Owed,
    opens=PUBLIC,
    method="POST",
    more=_CASE,
)
def assess_case(request: Visit, as_of: Day = None, measure: Measure = "", language: Language = "zh") -> Any:
    """What a subject is owed by the facts that are sent; nothing is kept. Absent facts are unknown, [] means none."""
    try:
        text = request.body.decode()
    except UnicodeDecodeError:
        finding = Finding("case", 0, "", "not-utf-8", "the case is not UTF-8 text", "", "send it as UTF-8")
        raise BadInput([finding]) from None
    found = library()
    situation = found.cases.read(read_text(text, "case"), as_of or request.today)
    return assessed(found, situation, measure or None, language)


@endpoint(
    "firm-owed",
    "firms/{int:number}/owed",
    zh="本企业应享政策",
    en="What a firm is owed",
    answers=OwedFirm,
    opens="owed",
)
def firm_owed(request: Visit, number: Number, as_of: Day = None, language: Language = "zh") -> Any:
    """What a firm is owed by what the register knows of it, with every reason."""
    case = _case(request, number, as_of, "owed")
    said = assessed(library(), case.situation, None, language)
    return {**said, "unread": [each.as_json() for each in case.unread]}


@endpoint(
    "firm-near-misses",
    "firms/{int:number}/near-misses",
    zh="差一点可享的政策",
    en="What a firm nearly has",
    answers=NearMissesOut,
    opens="near-misses",
)
def firm_near_misses(request: Visit, number: Number, as_of: Day = None, language: Language = "zh") -> Any:
    """The measures that a firm is nearly granted."""
    case = _case(request, number, as_of, "near-misses")
    return {"near_misses": assessed(library(), case.situation, None, language)["near_misses"]}


def _case(request: Visit, number: int, as_of: date | None, page: str) -> FirmCase:
    firm = firms_of(request.actor, page).filter(pk=number).first()
    if firm is None:
        raise NotYours
    return case_of(firm, library(), as_of or request.today)
