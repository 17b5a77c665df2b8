"""What the acts of delivery take."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import Field

from huiqi.portal.accounts.models import User
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.registry import Input
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.look.asking import Asked
from huiqi.reference import regions


def places(actor: Actor) -> Sequence[tuple[str, str]]:
    """Return the regions that the actor may begin a run for: the own areas and what lies directly within."""
    areas = sorted({area for each in actor.allowed("run.draw") for area in each.areas})
    found: dict[str, str] = {}
    for area in areas:
        for each in (regions.region(area.ljust(6, "0")), *regions.children(area.ljust(6, "0"))):
            found.setdefault(each.code, each.name)
    return list(found.items())


def measures(actor: Actor) -> Sequence[tuple[str, str]]:
    """Return the measures that can be delivered: those that give somebody an amount."""
    return [
        (name, of_id[0].title) for name, of_id in sorted(library().by_id.items()) if gives_an_amount(name)
    ]


def gives_an_amount(measure: str) -> bool:
    """Whether a measure gives somebody an amount, and can be delivered."""
    of_id = library().by_id.get(measure, ())
    return any(each.amount_is in ("paid", "saved", "deferred") for each in of_id)


class Drawing(Input):
    """Which measure, where, on which day, for which period, from which screening (none: the newest)."""

    measure: Annotated[str, Field(max_length=60), Asked("政策措施", "Measure", choices=measures)]
    region: Annotated[str, Field(max_length=6), Asked("地区", "Region", choices=places)]
    screening: Annotated[
        int | None,
        Field(ge=1, le=2**63 - 1),
        Asked("筛查编号", "Screening", "不填为最新一次", "The newest where none is given"),
    ] = None
    period: Annotated[
        str,
        Field(max_length=7, pattern=r"^(\d{4}(Q[1-4]|-(0[1-9]|1[0-2]))?)?$"),
        Asked(
            "所属期",
            "Period",
            "例如2022、2022Q1、2022-03；一次性的不填",
            "2022, 2022Q1, 2022-03; none for what is had once",
        ),
    ] = ""
    note: Annotated[str, Field(max_length=200), Asked("备注", "Note")] = ""


class Reason(Input):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=500), Asked("理由", "Reason", long=True)]


class Opinion(Input):
    """What was found, where something is to be said."""

    note: Annotated[str, Field(max_length=500), Asked("意见", "Opinion", long=True)] = ""


class Looking(Input):
    """Lines (by number) that were looked at and found right."""

    lines: Annotated[list[int], Field(min_length=1, max_length=500)]


class Objecting(Input):
    """To which run a firm objects, and why; to its own line where it has one, else to having none."""

    run: Annotated[int, Field(ge=1, le=2**63 - 1), Asked("公示编号", "Notice")]
    firm: Annotated[int, Field(ge=1, le=2**63 - 1), Asked("企业", "Firm")]
    reason: Annotated[
        str,
        Field(min_length=1, max_length=1000),
        Asked("异议理由和依据", "Objection and its grounds", long=True),
    ]
    line: Annotated[
        int | None,
        Field(ge=1, le=2**63 - 1),
        Asked("明细编号", "Line", "有多条明细的填写", "Where the firm has several lines"),
    ] = None


class Answering(Input):
    """The office's answer to an objection."""

    answer: Annotated[str, Field(min_length=1, max_length=1000), Asked("答复", "Answer", long=True)]


class Sampled(Input):
    """What a firm of the sample said."""

    received: Annotated[bool, Asked("已到账", "Received")]
    note: Annotated[str, Field(max_length=500), Asked("情况说明", "Note", long=True)] = ""


class Telling(Input):
    """What a firm says of money that did not come."""

    said: Annotated[str, Field(min_length=1, max_length=500), Asked("情况说明", "What happened", long=True)]


def officers(actor: Actor) -> Sequence[tuple[str, str]]:
    """Return the people of the actor's own offices."""
    agencies = {each.agency for each in actor.allowed("case.assign") if each.agency}
    people = User.objects.filter(
        appointments__agency__in=agencies, appointments__ends=None, is_active=True
    ).distinct()
    return [(str(each.pk), each.name) for each in people.order_by("name", "pk")]


class Assigning(Input):
    """Who follows a case up."""

    assignee: Annotated[int, Field(ge=1, le=2**63 - 1), Asked("承办人", "Assignee", choices=officers)]


class Closing(Input):
    """What came out of a case."""

    finding: Annotated[
        str, Field(min_length=1, max_length=500), Asked("核查结果", "What was found", long=True)
    ]


class Returning(Input):
    """The file that came back from the third party, by the ticket of its upload, with the totals that it declares."""

    ticket: Annotated[str, Field(max_length=1000), Asked("上传凭证", "Ticket of the upload")]
    rows: Annotated[int, Field(ge=0, le=10_000_000), Asked("户（笔）数", "Number of rows")]
    total: Annotated[
        str,
        Field(max_length=20, pattern=r"^\d{1,15}(\.\d{1,2})?$"),
        Asked("金额合计（元）", "Total in yuan"),
    ]


class Drawn(Input):
    """What a run came to, as its job says."""

    figures: dict[str, object]
    digest: str
    facts: list[str]
    facts_seen: int
    before: int | None = None


class Fixed(Input):
    """What fixing the lines came to, as its job says."""

    figures: dict[str, int]
    digest: str


class Reopened(Input):
    """Lines whose facts changed, with the facts; up to which change of a fact, and which event of a list, was looked."""

    lines: list[int]
    facts: list[str]
    seen: int
    lists_seen: int = 0


class Batched(Input):
    """The payment batch that the lines went into."""

    batch: int
    lines: int
    fen: int


class Failed(Input):
    """Why a run could not be drawn."""

    error: Annotated[str, Field(max_length=4000)]


class Noticing(Input):
    """From which day the list is shown; how long is in the rules."""

    begins: Annotated[
        date | None, Asked("公示起始日", "First day", "不填为今天", "Today where none is given")
    ] = None
