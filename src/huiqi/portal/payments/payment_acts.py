"""The act on one payment: what was wrongly paid is recovered."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.look.asking import Asked
from huiqi.portal.payments.models import Payment
from huiqi.portal.payments.recovering import recover
from huiqi.reference.money import MoneyError, parse_yuan


class Recovering(Input):
    """How much, in yuan, and why."""

    amount: Annotated[
        str, Field(min_length=1, max_length=30), Asked("追回金额（元）", "Amount to recover (yuan)")
    ]
    reason: Annotated[str, Field(min_length=1, max_length=300), Asked("理由", "Reason", long=True)]


def fen_of(text: str, cell: str) -> int:
    """Return the fen of an amount in yuan, 0 or more. Raises Refused."""
    try:
        fen = parse_yuan(text)
    except MoneyError:
        fen = -1
    if fen < 0 or fen > 10**15:
        raise Refused("金额有误", mend="请填写以元为单位、最多两位小数的数字", code="not-money", cell=cell)
    return fen


@act("payment.recover", Payment, zh="追回", en="Recover", takes=Recovering)
def recover_payment(doing: Doing, payment: Payment, given: Recovering) -> None:
    """Book what has come back of a wrong payment."""
    recover(doing, payment, fen_of(given.amount, "amount"), given.reason)
    doing.say(reason=given.reason)
