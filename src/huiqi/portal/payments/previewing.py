"""A statement read, its lines put down, and what taking it would do, counted; nothing is settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from huiqi.portal.acts.refusals import Refused
from huiqi.portal.payments.drawing import PIECE
from huiqi.portal.payments.matching import matches
from huiqi.portal.payments.models import BankStatement, StatementLine
from huiqi.portal.payments.orders import references_in
from huiqi.portal.payments.payees import account_digest, keys, shown_account
from huiqi.portal.payments.statement_files import opened
from huiqi.portal.payments.statement_lines import ReadLine, ReadStatement, hold_against
from huiqi.portal.payments.statement_mt940 import read_mt940
from huiqi.portal.payments.statement_tables import read_table

Report = Callable[[int, int], None]


def read_statement(statement: BankStatement, today: date, report: Report) -> dict[str, Any]:
    """Read a statement's file and put its lines down, in place of those of an earlier attempt; what the preview notes."""
    try:
        with opened(statement.digest, statement.form, statement.pk) as path:
            if statement.form == "mt940":
                read = read_mt940(path)
            else:
                read = read_table(path, statement.form, path.parent)
    except Refused as refused:
        read = ReadStatement()
        finding = refused.findings[0]
        read.doubt(finding.code, "；".join(filter(None, (finding.what, finding.why, finding.mend))))
    else:
        hold_against(read, statement.declared, today)
    expected = _put_down(statement, read, report) if not read.findings_count else {}
    counts: dict[str, Any] = {
        "lines": len(read.lines),
        "findings": read.findings_count,
        "total": read.total,
        "opening": read.opening,
        "closing": read.closing,
        "expected": expected,
    }
    for way in ("paid", "rejected", "returned"):
        its = [each.amount for each in read.lines if each.way == way]
        counts[way] = [len(its), sum(its)]
    lines = 0 if read.findings_count else len(read.lines)
    return {"counts": counts, "findings": read.findings, "lines": lines}


def _put_down(statement: BankStatement, read: ReadStatement, report: Report) -> dict[str, int]:
    """Write the lines; return how many would be matched, and how many queued for which reason."""
    expected: Counter[str] = Counter()
    claimed: set[str] = set()
    sealing = keys()
    with transaction.atomic():
        # Locked, so that a worker taken for dead does not write beside its successor.
        locked = BankStatement.objects.for_site("its own lines are written").select_for_update()
        if locked.get(pk=statement.pk).state != "handed_in":
            return {}
        rows = StatementLine.objects.for_site("those of an earlier attempt").filter(statement=statement)
        rows.delete()
        for begin in range(0, len(read.lines), PIECE):
            piece = [
                _row(statement, number, each, sealing)
                for number, each in enumerate(read.lines[begin : begin + PIECE], start=begin + 1)
            ]
            StatementLine.objects.bulk_create(piece, batch_size=PIECE)
            for match in matches(statement, piece):
                twice = not match.why and match.line.reference in claimed
                claimed.add(match.line.reference)
                expected["settled-before" if twice else match.why or "matched"] += 1
            report(begin + len(piece), len(read.lines))
    return dict(expected)


def _row(statement: BankStatement, number: int, line: ReadLine, sealing: Any) -> StatementLine:
    references: Sequence[str] = references_in(line.texts)
    account = "".join(line.account.split())
    return StatementLine(
        statement=statement,
        number=number,
        row=line.row,
        day=line.day,
        amount=line.amount,
        way=line.way,
        reference=references[0] if len(references) == 1 else "",
        why="several-references" if len(references) > 1 else "",
        account_digest=account_digest(account, sealing) if account else "",
        account_shown=shown_account(account)[:24] if account else "",
        said=line.said,
    )
