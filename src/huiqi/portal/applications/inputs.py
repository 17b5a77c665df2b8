"""What the acts on applications take."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from huiqi.portal.acts.registry import Input
from huiqi.portal.look.asking import Asked

MOST_ANSWERS = 400


class Beginning(Input):
    """Which firm applies for which measure."""

    firm: Annotated[int, Field(ge=1, le=2**63 - 1), Asked("企业", "Firm")]
    measure: Annotated[str, Field(min_length=1, max_length=60), Asked("政策措施", "Measure")]


class Saving(Input):
    """The answers of a draft, all of them: [record, fact, period, index, text] each."""

    answers: Annotated[list[list[Any]], Field(max_length=MOST_ANSWERS)]
    note: Annotated[str, Field(max_length=1000), Asked("补充说明", "Anything else", long=True)] = ""


class Attaching(Input):
    """An uploaded file, by its ticket, and what it proves."""

    slot: Annotated[str, Field(min_length=1, max_length=40), Asked("材料", "What it shows")]
    ticket: Annotated[str, Field(min_length=1, max_length=2000), Asked("上传凭据", "Ticket of the upload")]


class Detaching(Input):
    """A file that is taken away."""

    attachment: Annotated[int, Field(ge=1, le=2**63 - 1), Asked("材料", "File")]


class Mending(Input):
    """What must be mended, a line each."""

    mend: Annotated[
        str,
        Field(min_length=1, max_length=1000),
        Asked("需要补正的内容（每行一项）", "What must be mended (one a line)", long=True),
    ]


class Why(Input):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=1000), Asked("理由", "Reason", long=True)]


class Granting(Input):
    """The amount where the rule gives a limit only, or where less is granted; and why."""

    amount: Annotated[
        str,
        Field(max_length=20),
        Asked(
            "核准金额（元）",
            "Amount granted (yuan)",
            "不填则按规则计算的金额核准；规则只给出上限的必须填写，并在理由中写明依据",
            "Left empty, it is what the rule gives; where the rule gives a limit only it is wanted, with the grounds",
        ),
    ] = ""
    reason: Annotated[str, Field(max_length=1000), Asked("审核意见", "Opinion", long=True)] = ""


class Finding(Input):
    """What the office finds of a fact that it knows or has looked into; it counts before the firm's answer."""

    fact: Annotated[str, Field(min_length=1, max_length=200), Asked("事实", "Fact")]
    value: Annotated[str, Field(min_length=1, max_length=200), Asked("认定为", "What it is found to be")]
    reason: Annotated[str, Field(min_length=1, max_length=500), Asked("依据", "Grounds", long=True)]
