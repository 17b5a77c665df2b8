"""A statement as a table (CSV, XLSX): the bank's answer to our file, line by line, or an account's money out and in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from huiqi.portal.acts.refusals import Refused
from huiqi.portal.payments.statement_lines import MOST_LINES, ReadLine, ReadStatement
from huiqi.reference.money import MoneyError, parse_yuan
from huiqi.screening.roster.cells import cleaned
from huiqi.screening.roster.csv_files import CsvFile
from huiqi.screening.roster.doubts import Place, column_letters
from huiqi.screening.roster.problems import problem
from huiqi.screening.roster.sources import sniffed
from huiqi.screening.roster.tables import MOST_COLUMNS, Source, Unreadable
from huiqi.screening.roster.workbooks import open_workbook

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "day": (
        *("交易日期", "记账日期", "入账日期", "处理日期", "支付日期", "交易时间", "处理时间", "日期"),
        *("date", "bookingdate", "valuedate"),
    ),
    "amount": (*("金额", "交易金额", "发生额", "实付金额", "代发金额", "支付金额", "交易额"), "amount"),
    "debit": (*("借方发生额", "借方金额", "借方", "支出", "支出金额", "付款金额", "转出金额"), "debit"),
    "credit": (*("贷方发生额", "贷方金额", "贷方", "收入", "收入金额", "收款金额", "转入金额"), "credit"),
    "direction": ("借贷标志", "借贷方向", "借/贷", "借贷", "收支方向", "收/支", "debitorcredit"),
    "balance": ("余额", "账户余额", "当前余额", "本次余额", "balance"),
    "account": (
        *("收款账号", "收款帐号", "收款人账号", "收款人帐号", "对方账号", "对方帐号", "账号", "帐号"),
        *("account", "payeeaccount"),
    ),
    "result": (
        "处理结果",
        "处理状态",
        "交易状态",
        "交易结果",
        "支付状态",
        "状态",
        "结果",
        "result",
        "status",
    ),
    "said": ("失败原因", "退回原因", "错误信息", "错误原因", "返回信息", "原因", "reason"),
}
_TEXTS = (
    *(
        "业务编号",
        "业务参考号",
        "客户参考号",
        "参考号",
        "用途",
        "摘要",
        "附言",
        "交易附言",
        "备注",
        "交易摘要",
    ),
    *("reference", "customerreference", "purpose", "remarks", "details"),
)
_PAID = {
    "成功",
    "交易成功",
    "处理成功",
    "支付成功",
    "代发成功",
    "已入账",
    "入账成功",
    "success",
    "succeeded",
    "paid",
}
_REJECTED = {
    *(
        "失败",
        "交易失败",
        "处理失败",
        "支付失败",
        "代发失败",
        "入账失败",
        "退回",
        "已退回",
        "退票",
        "退汇",
        "拒绝",
    ),
    *("fail", "failed", "failure", "rejected", "returned"),
}
_OUT = {"借", "借方", "支", "支出", "付", "付款", "d", "dr", "debit"}
_IN = {"贷", "贷方", "收", "收入", "收款", "c", "cr", "credit"}
_WHOLE = {"合计", "总计", "合计金额", "本页合计", "total"}
_PASSED_OVER = {"小计", "承前页", "过次页", "本页小计", "subtotal"}
_DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\.0+)?)?")
_PACKED_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?")
_COUNT = re.compile(r"共?(\d{1,7})笔")


@dataclass(frozen=True, slots=True)
class _Cell:
    heading: str
    column: int
    text: str
    numeric: bool
    broken: bool


def read_table(path: Path, form: str, spool: Path) -> ReadStatement:
    """Read a statement from a CSV or XLSX file. Raises Refused where the whole file cannot be read."""
    try:
        return _read(_source(path, form, spool))
    except Unreadable as error:
        raise Refused(
            "文件无法读入", why=problem(error.code), mend="请改正后重新上传", code=error.code, cell="file"
        ) from None


def _source(path: Path, form: str, spool: Path) -> Source:
    kind = sniffed(path)
    place = Place(path.name)
    if kind == "text" and form == "csv":
        return CsvFile(path, place)
    if kind != "xlsx":
        raise Unreadable("wrong-ending", "", "", "")
    sheets = [each for each in open_workbook(path, place, spool / "sheets") if each.is_visible]
    if len(sheets) != 1:
        raise Refused(
            f"工作簿有{len(sheets)}张表", mend="请只保留回单一张表", code="statement-sheets", cell="file"
        )
    return sheets[0]


def _read(source: Source) -> ReadStatement:
    header, columns, texts = _header(source.head())
    read = ReadStatement(is_account="result" not in columns)
    balance: int | None = None
    for row, cells, words in _rows(source, header, columns, texts):
        first = _plain(cells["first"].text) or _plain(words)
        if first in _PASSED_OVER:
            continue
        if first in _WHOLE:
            _own_total(read, cells, words)
            continue
        if len(read.lines) + read.findings_count > MOST_LINES:
            raise Refused(
                f"超过{MOST_LINES:,}笔", mend="请按日期分成几个文件", code="statement-too-long", cell="file"
            )
        line = _line(read, row, cells, words)
        balance = _balanced(read, row, cells.get("balance"), line, balance)
        if line is not None:
            read.lines.append(line)
    return read


def _line(read: ReadStatement, row: int, cells: Mapping[str, _Cell], words: str) -> ReadLine | None:
    before = read.findings_count
    for cell in cells.values():
        if cell.broken:
            _doubt(read, row, cell, "error-cell", problem("error-cell"))
    account = cells.get("account")
    if account is not None and account.numeric:
        said = "账号被存成数字，末位可能已丢失，请设为文本后重新导出"
        read.doubt("account-numeric-cell", said, row=row, cell=_place(row, account), heading=account.heading)
    day = _day(read, row, cells.get("day"))
    amount, way = _amount_and_way(read, row, cells)
    if read.findings_count > before or day is None or amount is None:
        return None
    said = cleaned(cells["said"].text)[:200] if "said" in cells and way == "rejected" else ""
    return ReadLine(row, day, amount, way, words, cleaned(account.text) if account else "", said)


def _amount_and_way(read: ReadStatement, row: int, cells: Mapping[str, _Cell]) -> tuple[int | None, str]:
    if "result" in cells:
        result = cells["result"]
        word = _plain(result.text)
        if word not in _PAID | _REJECTED:
            _doubt(read, row, result, "unknown-result", "处理结果应为成功或失败，请与银行核实")
            return None, ""
        return _money(read, row, cells.get("amount")), "paid" if word in _PAID else "rejected"
    if "direction" in cells and "amount" in cells:
        direction = cells["direction"]
        word = _plain(direction.text)
        if word not in _OUT | _IN:
            _doubt(read, row, direction, "unknown-direction", "借贷方向应为借（支出）或贷（收入）")
            return None, ""
        return _money(read, row, cells["amount"]), "paid" if word in _OUT else "returned"
    sides = [(cells[name], way) for name, way in (("debit", "paid"), ("credit", "returned")) if name in cells]
    filled = [(cell, way) for cell, way in sides if _is_something(cell.text)]
    if len(filled) != 1:
        cell = sides[0][0]
        said = "借方和贷方都有金额" if filled else "没有金额"
        _doubt(read, row, cell, "not-money", f"{said}，每笔应有且只有一个")
        return None, ""
    return _money(read, row, filled[0][0]), filled[0][1]


def _money(read: ReadStatement, row: int, cell: _Cell | None) -> int | None:
    text = cell.text if cell is not None else ""
    try:
        fen = parse_yuan(text[:40])
    except MoneyError:
        fen = 0
    if fen <= 0 or fen > 10**15:
        said = "金额应为大于零、最多两位小数的数字"
        if cell is None:
            read.doubt("not-money", said, row=row)
        else:
            _doubt(read, row, cell, "not-money", said)
        return None
    return fen


def _is_something(text: str) -> bool:
    try:
        return parse_yuan(text[:40]) != 0
    except MoneyError:
        return text not in ("", "-", "—")


def _day(read: ReadStatement, row: int, cell: _Cell | None) -> date | None:
    text = cleaned(cell.text[:40]) if cell is not None else ""
    match = _PACKED_DAY.fullmatch(text) or _DAY.fullmatch(text)
    try:
        if match is not None:
            return date(*(int(part) for part in match.groups()))
    except ValueError:
        pass
    if cell is None:
        read.doubt("not-a-date", problem("not-a-date"), row=row)
    else:
        _doubt(read, row, cell, "not-a-date", problem("not-a-date"))
    return None


def _balanced(
    read: ReadStatement, row: int, cell: _Cell | None, line: ReadLine | None, before: int | None
) -> int | None:
    """Follow the running balance of an account, and note the row at which it does not fit; where it begins and ends."""
    if cell is None or not cell.text or not read.is_account:
        return before
    try:
        now = parse_yuan(cell.text[:40])
    except MoneyError:
        _doubt(read, row, cell, "not-money", "余额不是金额")
        return None
    if line is not None:
        change = line.amount if line.way == "returned" else -line.amount
        if before is None and read.opening is None and not read.lines:
            read.opening = now - change
        elif before is not None and before + change != now:
            _doubt(read, row, cell, "control-balance", "余额与上一笔余额加减本笔金额不符，可能缺行或顺序有误")
    read.closing = now
    return now


def _own_total(read: ReadStatement, cells: Mapping[str, _Cell], words: str) -> None:
    if "amount" in cells and cells["amount"].text:
        try:
            read.own_total = parse_yuan(cells["amount"].text[:40])
        except MoneyError:
            return
        match = _COUNT.search("".join(words.split()))
        read.own_count = int(match[1]) if match else read.own_count


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int], list[int]]:
    """Return the row of the headings (from 1), the columns that are known, and those where a reference may stand."""
    for number, row in enumerate(rows, start=1):
        columns: dict[str, int] = {}
        texts: list[int] = []
        for place, text in enumerate(row[:MOST_COLUMNS]):
            word = _plain(text)
            for name, words in HEADINGS.items():
                if word in words:
                    columns.setdefault(name, place)
            if word in _TEXTS:
                texts.append(place)
        answers = {"result", "amount"} <= columns.keys() or {"direction", "amount"} <= columns.keys()
        if "day" in columns and texts and (answers or columns.keys() & {"debit", "credit"}):
            return number, columns, texts
    raise Refused(
        "没有找到表头",
        why="须有日期、业务编号（或用途、摘要），以及金额和处理结果，或者借方、贷方金额",
        mend="请核对列名后重新上传",
        code="no-columns",
        cell="file",
    )


def _rows(
    source: Source, header: int, columns: Mapping[str, int], texts: Sequence[int]
) -> Iterator[tuple[int, dict[str, _Cell], str]]:
    headings = source.head()[header - 1]
    for chunk in source.chunks(header, len(headings)):
        for fault in chunk.faults:
            raise Unreadable(fault.error.code, fault.error.what, fault.error.why, fault.error.mend, fault.row)
        wanted = {0: "first", **{place: name for name, place in columns.items()}}
        lists = {place: chunk.columns[place].text.to_pylist() for place in {*wanted, *texts}}
        for at, row in enumerate(chunk.rows.tolist()):
            cells = {"first": _cell(headings, chunk.columns[0], 0, lists, at)}
            for name, place in columns.items():
                cells[name] = _cell(headings, chunk.columns[place], place, lists, at)
            yield row, cells, " ".join(filter(None, (lists[place][at] for place in texts)))[:500]


def _cell(
    headings: Sequence[str], whole: object, place: int, lists: Mapping[int, list[str]], at: int
) -> _Cell:
    numeric = getattr(whole, "numeric", None)
    broken = at in getattr(whole, "broken", ())
    text = lists[place][at] or ""
    return _Cell(headings[place], place, text, numeric is not None and bool(numeric[at]), broken)


def _doubt(read: ReadStatement, row: int, cell: _Cell, code: str, said: str) -> None:
    read.doubt(code, said, row=row, cell=_place(row, cell), heading=cell.heading, value=cell.text)


def _place(row: int, cell: _Cell) -> str:
    return f"{column_letters(cell.column)}{row}"


def _plain(text: str) -> str:
    return re.sub(
        r"[（(](?:元|人民币|人民币元|rmb|cny|yuan)[）)]$", "", "".join(cleaned(text[:200]).split()).casefold()
    )
