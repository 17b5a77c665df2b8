"""Acts on a bank's statement: handed in, previewed by a job, taken by a job, dropped."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from huiqi.portal.accounts.models import Agency
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing, Input, Nothing, act
from huiqi.portal.jobs.running import ask
from huiqi.portal.look.asking import Asked
from huiqi.portal.payments.batch_acts import After, Reason
from huiqi.portal.payments.drawing import PIECE
from huiqi.portal.payments.models import BankStatement, StatementLine
from huiqi.portal.payments.payment_acts import fen_of
from huiqi.portal.payments.settling import take_piece
from huiqi.portal.payments.statement_files import redeemed

PREVIEW_JOB, TAKE_JOB = "statement-preview", "statement-take"
_COUNT_AND_TOTAL = ("与文件中的笔数、合计核对", "Compared with the lines of the file")
_BALANCES = ("账户对账单填写；MT940文件中已有", "For an account's statement; an MT940 says it itself")


class HandingIn(Input):
    """The uploaded file, and what it is to come to: count and total, or opening and closing balance, in yuan."""

    count: Annotated[int | None, Field(ge=0, le=10**7), Asked("笔数", "Lines", *_COUNT_AND_TOTAL)] = None
    total: Annotated[
        str, Field(max_length=30), Asked("合计金额（元）", "Total (yuan)", *_COUNT_AND_TOTAL)
    ] = ""
    opening: Annotated[
        str, Field(max_length=30), Asked("期初余额（元）", "Opening balance (yuan)", *_BALANCES)
    ] = ""
    closing: Annotated[
        str, Field(max_length=30), Asked("期末余额（元）", "Closing balance (yuan)", *_BALANCES)
    ] = ""
    ticket: Annotated[str, Field(max_length=1000), Asked("上传凭证", "Ticket of the upload")]


class Read(Input):
    """What the reading came to."""

    counts: dict[str, Any]
    findings: list[dict[str, Any]]
    lines: int


@act(
    "statement.hand_in",
    BankStatement,
    zh="导入银行回单",
    en="Hand in a bank statement",
    takes=HandingIn,
    creates=True,
)
def hand_in(doing: Doing, given: HandingIn) -> BankStatement:
    """Hand in a statement of one's own government's account; the same file is not handed in twice."""
    digest, form, name = redeemed(given.ticket, doing.actor)
    agency = Agency.objects.get(pk=doing.capacity.agency)
    rows = BankStatement.objects.for_site("a file is taken once in a region").filter(region=agency.region)
    earlier = rows.filter(digest=digest).exclude(state="dropped").first()
    if earlier is not None:
        raise Refused(
            "这份回单已经导入过",
            why=f"第{earlier.pk}号，{earlier.handed_in_at:%Y-%m-%d}",
            mend="请查看已导入的回单；确需重新读取的，先放弃原来的",
            code="statement-known",
            cell="file",
        )
    declared: dict[str, int] = {} if given.count is None else {"count": given.count}
    for field in ("total", "opening", "closing"):
        if text := getattr(given, field):
            declared[field] = _balance(text, field)
    statement = BankStatement(
        region=agency.region,
        agency=agency.pk,
        file_name=name,
        digest=digest,
        form=form,
        declared=declared,
        handed_in_at=doing.now,
    )
    statement.save()
    _ask(PREVIEW_JOB, statement, doing)
    doing.say(digest=digest, form=form, declared=declared)
    return statement


@act("statement.preview", BankStatement, zh="读取银行回单", en="Read a bank statement", takes=Read)
def preview(doing: Doing, statement: BankStatement, given: Read) -> None:
    """Note what was read, and what is wrong in it: one that has errors cannot be taken."""
    statement.counts, statement.findings = given.counts, given.findings
    statement.lines_count = given.lines
    statement.state = "faulty" if given.counts["findings"] else "previewed"
    doing.say(counts=given.counts)


@act("statement.take", BankStatement, zh="确认入账", en="Take the statement", takes=Nothing)
def take(doing: Doing, statement: BankStatement, _given: Nothing) -> None:
    """Let a job settle what the statement says."""
    doing.say(lines=statement.lines_count)
    _ask(TAKE_JOB, statement, doing)


@act(
    "statement.take_lines",
    BankStatement,
    zh="核对回单明细",
    en="Match lines of a statement",
    takes=After,
    bulk=True,
)
def take_lines(doing: Doing, statement: BankStatement, given: After) -> None:
    """Settle the payments that the next lines name, and queue what fits none."""
    if given.done != statement.taken_count:
        raise Refused("这一段已经核对", code="piece-done")
    rows = StatementLine.objects.for_site("a statement's own lines").filter(statement=statement)
    piece = rows.filter(number__gt=given.done, number__lte=given.done + PIECE).order_by("number")
    take_piece(doing, statement, list(piece))


@act("statement.taken", BankStatement, zh="回单入账完毕", en="Statement taken", takes=Nothing)
def taken(doing: Doing, statement: BankStatement, _given: Nothing) -> None:
    """Note that each line was matched or queued."""
    doing.say(lines=statement.taken_count)


@act("statement.drop", BankStatement, zh="放弃回单", en="Drop the statement", takes=Reason)
def drop(doing: Doing, statement: BankStatement, given: Reason) -> None:
    """Drop a statement that was not taken; its file may be handed in again."""
    rows = StatementLine.objects.for_site("a statement's own lines").filter(statement=statement)
    rows.update(state="dropped")
    doing.say(reason=given.reason)


def _balance(text: str, field: str) -> int:
    """An account may be overdrawn: a balance may be below nought."""
    sign = -1 if field != "total" and text.startswith("-") else 1
    return sign * fen_of(text.removeprefix("-") if sign < 0 else text, field)


def _ask(job: str, statement: BankStatement, doing: Doing) -> None:
    ask(
        job,
        f"{job}:{statement.pk}",
        {"statement": statement.pk},
        by=doing.actor.id,
        now=doing.now,
        region=statement.region,
    )
