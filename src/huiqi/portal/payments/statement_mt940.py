"""A statement in MT940, as banks send it to treasuries: balances, and each movement of the account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import mt940

from huiqi.portal.acts.refusals import Refused
from huiqi.portal.payments.statement_lines import MOST_LINES, ReadLine, ReadStatement

_OUT, _BACK = ("D", "RC"), ("C", "RD")
"""Marks of money out and in; R is the reversal of an entry."""
_MOST_BALANCES = 1_000


def read_mt940(path: Path) -> ReadStatement:
    """Read the statements of a file; several follow each other, each beginning where the one before ended. Raises Refused."""
    content = path.read_bytes()
    text = _text(content)
    if ":61:" not in text and ":60" not in text:
        raise _unreadable("没有:60:、:61:等栏位")
    if text.count("\n:61:") > MOST_LINES or text.count("\n:60") > _MOST_BALANCES:
        raise Refused(
            f"超过{MOST_LINES:,}笔", mend="请按日期分成几个文件", code="statement-too-long", cell="file"
        )
    read = ReadStatement(is_account=True)
    for number, message in enumerate(_messages(text), start=1):
        try:
            parsed = mt940.parse(message)
        except Exception as error:  # the library raises what its parts raise
            raise _unreadable(type(error).__name__) from None
        _take(read, parsed, number)
    return read


def _take(read: ReadStatement, parsed: Any, number: int) -> None:
    opening = _balance(parsed.data, "opening")
    closing = _balance(parsed.data, "closing")
    if opening is None or closing is None:
        read.doubt("no-balance", "缺少期初余额（:60F:）或期末余额（:62F:）", row=number)
    elif read.closing is not None and read.closing != opening:
        read.doubt("control-balance", "期初余额与上一份的期末余额不符，可能缺页", row=number)
    begin = len(read.lines)
    for transaction in parsed:
        if not transaction.data.get("status"):
            # The library keeps one empty transaction where a message has none.
            continue
        _movement(read, transaction.data)
    if opening is not None and closing is not None:
        change = sum(each.amount if each.way == "returned" else -each.amount for each in read.lines[begin:])
        if opening + change != closing:
            read.doubt("control-balance", "期初余额加减各笔后与期末余额不符", row=number)
    read.opening = opening if read.opening is None else read.opening
    read.closing = closing


def _movement(read: ReadStatement, said: Mapping[str, Any]) -> None:
    row = len(read.lines) + 1
    mark = str(said.get("status") or "")
    amount = said.get("amount")
    fen = _fen(amount.amount) if amount is not None else None
    if mark not in (*_OUT, *_BACK):
        read.doubt("unknown-direction", "借贷标志应为D、C、RD或RC", row=row, value=mark)
    elif str(said.get("currency") or "CNY") != "CNY":
        read.doubt("other-currency", "只处理人民币", row=row, value=str(said["currency"]))
    elif fen is None or fen == 0 or fen > 10**15:
        read.doubt("not-money", "金额应大于零，最多两位小数", row=row)
    else:
        day = said["date"]
        names = ("customer_reference", "bank_reference", "extra_details", "transaction_details", "purpose")
        # What a bank breaks into lines of 65 characters may break a reference: without breaks it is whole again.
        words = " ".join(str(said.get(name) or "").replace("\n", "") for name in names)
        read.lines.append(
            ReadLine(
                row,
                date(day.year, day.month, day.day),
                fen,
                "paid" if mark in _OUT else "returned",
                words[:500],
            )
        )


def _balance(data: Mapping[str, Any], which: str) -> int | None:
    found = data.get(f"final_{which}_balance") or data.get(f"intermediate_{which}_balance")
    if found is None or found.amount is None or found.amount.amount is None:
        return None
    return _signed_fen(found.amount.amount)


def _fen(amount: Decimal) -> int | None:
    # The library signs amounts by their mark; the mark is read by itself.
    signed = _signed_fen(amount)
    return None if signed is None else abs(signed)


def _signed_fen(amount: Decimal) -> int | None:
    if not amount.is_finite() or abs(amount) > Decimal(10) ** 14:
        return None
    fen = amount * 100
    return int(fen) if fen == fen.to_integral_value() else None


def _messages(text: str) -> list[str]:
    """Return each statement of a file: they end with a line of one hyphen, or begin with :20:."""
    made: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip() in ("-", "-}") or (line.startswith(":20:") and made[-1]):
            made.append([])
        if line.strip() not in ("-", "-}"):
            made[-1].append(line)
    return ["\n".join(each) for each in made if any(line.startswith(":") for line in each)]


def _text(content: bytes) -> str:
    if b"\0" in content:
        raise _unreadable("含有空字符")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable("文字编码有误")


def _unreadable(why: str) -> Refused:
    return Refused("MT940文件无法读入", why=why, mend="请重新导出后上传", code="not-mt940", cell="file")
