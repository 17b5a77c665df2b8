"""A statement as it was read: its lines, what it declares of itself, and what is wrong in it, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from huiqi.findings import one_line
from huiqi.reference.money import format_yuan

MOST_LINES = 200_000
MOST_FINDINGS = 500


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line: `way` is paid, rejected or returned; `texts` is where our reference may stand; fen."""

    row: int
    day: date
    amount: int
    way: str
    texts: str
    account: str = ""
    said: str = ""


@dataclass(slots=True)
class ReadStatement:
    """The lines of a statement. Balances are fen, None where it does not say them; `own_total` is its line 合计."""

    lines: list[ReadLine] = field(default_factory=list)
    opening: int | None = None
    closing: int | None = None
    own_count: int | None = None
    own_total: int | None = None
    is_account: bool = False
    """Whether it is an account's, with money out and in, or the bank's answer to a file of ours."""
    findings: list[dict[str, Any]] = field(default_factory=list)
    findings_count: int = 0

    def doubt(
        self, code: str, said: str, *, row: int = 0, cell: str = "", heading: str = "", value: str = ""
    ) -> None:
        """Note what is wrong, and where. The value is not a payee's: of accounts none is noted."""
        self.findings_count += 1
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(
                {
                    "row": row,
                    "cell": cell,
                    "heading": one_line(heading, 60),
                    "value": one_line(value, 60),
                    "code": code,
                    "zh": said,
                }
            )

    @property
    def total(self) -> int:
        """Fen of all lines, whatever the bank says of them: what a control total is compared with."""
        return sum(each.amount for each in self.lines)

    @property
    def net(self) -> int:
        """Fen by which the account changed."""
        return sum(each.amount if each.way == "returned" else -each.amount for each in self.lines)


def hold_against(read: ReadStatement, declared: dict[str, int], today: date) -> None:
    """Compare the lines with the control totals and balances that the officer declared, and that the file says itself."""
    for line in read.lines:
        if line.day > today:
            read.doubt("day-to-come", "日期在今天之后，请核对", row=line.row, value=line.day.isoformat())
    counted = [(declared.get("count"), "申报"), (read.own_count, "文件中")]
    totals = [(declared.get("total"), "申报"), (read.own_total, "文件中")]
    for whole, whose in counted:
        if whole is not None and whole != len(read.lines):
            read.doubt("control-count", f"{whose}共{whole}笔，读到{len(read.lines)}笔，请核对文件是否完整")
    for whole, whose in totals:
        if whole is not None and whole != read.total:
            read.doubt(
                "control-total",
                f"{whose}合计{format_yuan(whole)}元，读到{format_yuan(read.total)}元，请核对文件是否完整",
            )
    opening = declared.get("opening", read.opening)
    closing = declared.get("closing", read.closing)
    for mine, its, name in ((opening, read.opening, "期初"), (closing, read.closing, "期末")):
        if mine is not None and its is not None and mine != its:
            read.doubt(
                "control-balance", f"申报的{name}余额{format_yuan(mine)}元，文件中为{format_yuan(its)}元"
            )
    if opening is not None and closing is not None and opening + read.net != closing:
        read.doubt(
            "control-balance",
            f"期初余额{format_yuan(opening)}元，加减各笔后为{format_yuan(opening + read.net)}元，与期末余额{format_yuan(closing)}元不符",
        )
    has_balances = opening is not None and closing is not None
    has_total = any(whole is not None for whole, _whose in totals)
    has_count = any(whole is not None for whole, _whose in counted)
    if not has_balances and not (has_total and has_count):
        read.doubt("no-control", "没有可核对的控制数，请填写笔数和合计金额，或期初和期末余额")
    if not read.lines and not read.findings:
        read.doubt("no-rows", "没有读到任何一笔")
