"""By third parties: the list goes to the landlord, bank or tax office; what comes back is held against it row by row."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce

from huiqi.portal.acts.refusals import NotNow, Refused
from huiqi.portal.acts.registry import Doing, Nothing, act
from huiqi.portal.delivery.claims import release
from huiqi.portal.delivery.inputs import Returning
from huiqi.portal.delivery.lines import of_run
from huiqi.portal.delivery.models import THIRD_PARTY, Handover, Line, Run
from huiqi.portal.delivery.returned_files import Row, rows_of
from huiqi.portal.delivery.steps import enter
from huiqi.portal.delivery.telling import measure_of, tell_run
from huiqi.portal.firms.sheets import FORMULA_MARKS
from huiqi.portal.payments.payment_acts import fen_of
from huiqi.portal.payments.statement_files import opened, redeemed
from huiqi.reference.money import MoneyError, format_yuan, parse_yuan
from huiqi.reference.regions import full_name

HEADINGS = (
    *("明细编号", "统一社会信用代码", "企业名称", "地区", "政策措施", "应享金额（元）"),
    *("落实结果", "落实金额（元）", "说明"),
)
GRANTED, NOT_GRANTED = ("已落实", "是", "granted"), ("未落实", "否", "not granted")
MOST_FINDINGS = 200
PIECE = 1_000


@act("thirdparty.send", Run, zh="送第三方落实", en="Send to the third party", bulk=True)
def send(doing: Doing, run: Run, _given: Nothing) -> None:
    """Fix the list that the third party gets, by its digest."""
    if run.way != THIRD_PARTY:
        raise NotNow("这项措施不由第三方落实", mend="请办理公示")
    rows = of_run(run).filter(state="listed")
    sums = rows.aggregate(lines=Count("pk"), fen=Coalesce(Sum("amount"), 0))
    if not sums["lines"]:
        raise Refused("名单中没有要落实的企业", mend="请取消这次兑现，或核对后重新测算", code="nobody-listed")
    digest = hashlib.sha256()
    for piece in list_csv(run):
        digest.update(piece)
    handover = Handover(
        run=run,
        goes_out=True,
        rows=sums["lines"],
        total=sums["fen"],
        digest=digest.hexdigest(),
        at=doing.now,
    )
    handover.save()
    doing.say(handover=handover.pk, lines=sums["lines"], fen=sums["fen"], digest=handover.digest)
    enter(doing, run, "sent")
    tell_run(doing, run, "delivery-sent", ["listed"])


@act("thirdparty.take_back", Run, zh="接收落实结果", en="Take the results back", takes=Returning, bulk=True)
def take_back(doing: Doing, run: Run, given: Returning) -> None:
    """Hold what came back against the list and the declared totals. Rows that cannot be taken are told, and change nothing;
    what is not in the file stays open for the next one."""
    digest, form, _name = redeemed(given.ticket, doing.actor)
    if form == "mt940":
        raise Refused("不能读取这种文件", mend="请上传CSV或XLSX文件", code="list-ending", cell="ticket")
    earlier = Handover.objects.for_site("a file is taken once").filter(run=run, goes_out=False, digest=digest)
    if earlier.exists():
        raise Refused("这个文件已接收过", mend="请上传新的结果文件", code="file-taken", cell="ticket")
    with opened(digest, form, -run.pk) as path:
        rows = list(rows_of(path, form))
    total = _total(rows)
    if (len(rows), total) != (given.rows, fen_of(given.total, "total")):
        raise Refused(
            "文件与申报的笔数或金额不符",
            why=f"文件{len(rows)}笔、落实金额合计{format_yuan(total)}元",
            mend="请核对文件是否完整、申报数是否有误",
            code="not-as-declared",
            cell="rows",
        )
    found = _checked(run, rows)
    _written(run, found)
    figures: dict[str, Any] = {
        "granted": len(found.granted),
        "granted_fen": sum(found.granted.values()),
        "not_granted": len(found.refused),
        "findings_count": sum(found.counts.values()),
        "findings": found.findings,
        "by_code": dict(found.counts),
    }
    Handover.objects.create(
        run=run, goes_out=False, rows=len(rows), total=total, digest=digest, figures=figures, at=doing.now
    )
    doing.say(
        digest=digest, rows=len(rows), total=total, granted=len(found.granted), not_granted=len(found.refused)
    )
    enter(doing, run, "returned")
    tell_run(doing, run, "delivery-granted", ["granted"])
    tell_run(doing, run, "delivery-not-granted", ["not_granted"])


def list_csv(run: Run) -> Iterator[bytes]:
    """Yield the list as CSV (UTF-8 with a mark, as spreadsheets expect), row by row; equal lines give equal bytes."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield b"\xef\xbb\xbf"
    for row in (HEADINGS, *list_rows(run)):
        writer.writerow(row)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def list_rows(run: Run) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the list that the third party gets: for CSV, and for `write_sheet` under HEADINGS."""
    title = measure_of(run.measure)["zh"]
    rows = of_run(run).exclude(state__in=["drawn", "dropped", "taken_elsewhere"]).select_related("firm")
    line: Line
    for line in rows.order_by("pk").iterator(chunk_size=2_000):
        firm = line.firm
        yield (
            *(str(line.pk), firm.credit_code, _harmless(firm.name), full_name(line.county), title),
            *(format_yuan(line.amount), "", "", ""),
        )


@dataclass
class _Found:
    """What a file that came back says: fen by line that was granted, reasons by line that was not, what is in doubt."""

    granted: dict[int, int] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    findings: list[dict[str, str | int]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def doubt(self, row: Row, code: str, what: str, mend: str) -> None:
        self.counts[code] += 1
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append({"row": row.row, "code": code, "what": what, "mend": mend})


def _checked(run: Run, rows: list[Row]) -> _Found:
    found = _Found()
    waiting = {
        number: (code, amount)
        for number, code, amount in of_run(run)
        .filter(state="listed")
        .values_list("pk", "firm__credit_code", "amount")
    }
    seen: set[int] = set()
    for row in rows:
        number = int(row.number) if row.number.isdecimal() and len(row.number) < 19 else 0
        if number in seen:
            found.doubt(row, "line-twice", "同一明细出现两次", "请只保留一行")
        elif number not in waiting:
            found.doubt(row, "line-unknown", "没有这条明细，或已有结果", "请按送出的名单填写明细编号")
        elif row.code and row.code.upper() != waiting[number][0]:
            found.doubt(row, "code-differs", "统一社会信用代码与明细编号不符", "请核对是否错行")
        else:
            seen.add(number)
            _judged(found, row, number, waiting[number][1])
    return found


def _judged(found: _Found, row: Row, number: int, due: int) -> None:
    if row.result in NOT_GRANTED:
        if row.amount not in ("", "0", "0.00"):
            found.doubt(row, "amount-not-granted", "未落实却有落实金额", "请核对结果和金额")
        else:
            found.refused[number] = row.note
        return
    if row.result not in GRANTED:
        found.doubt(row, "unknown-result", "落实结果应为“已落实”或“未落实”", "请补填")
        return
    try:
        fen = parse_yuan(row.amount[:40])
    except MoneyError:
        fen = 0
    if not 0 < fen <= due:
        found.doubt(
            row, "amount-differs", f"落实金额应大于零且不超过应享金额{format_yuan(due)}元", "请核对金额"
        )
    else:
        found.granted[number] = fen


def _written(run: Run, found: _Found) -> None:
    rows = of_run(run).filter(state="listed")
    whole: list[int] = []
    for numbers in _pieces(list(found.granted)):
        part = []
        for line in rows.filter(pk__in=numbers):
            if line.amount == found.granted[line.pk]:
                whole.append(line.pk)
                continue
            line.derivation = {**line.derivation, "due": line.amount}
            line.amount, line.state = found.granted[line.pk], "granted"
            part.append(line)
        rows.bulk_update(part, ["derivation", "amount", "state"], batch_size=500)
    for numbers in _pieces(whole):
        rows.filter(pk__in=numbers).update(state="granted", version=F("version") + 1)
    for numbers in _pieces(list(found.refused)):
        refused = [*rows.filter(pk__in=numbers)]
        release(refused)
        for line in refused:
            line.state, line.reason = "not_granted", found.refused[line.pk][:500]
        rows.bulk_update(refused, ["state", "reason"], batch_size=500)


def _total(rows: list[Row]) -> int:
    total = 0
    for row in rows:
        try:
            total += parse_yuan(row.amount[:40]) if row.amount else 0
        except MoneyError:
            continue
    return total


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text


def _pieces(numbers: list[int]) -> Iterator[list[int]]:
    for begin in range(0, len(numbers), PIECE):
        yield numbers[begin : begin + PIECE]
