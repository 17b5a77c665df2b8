"""What an order of money would do, reckoned before it is drafted, shown before it is confirmed, and then posted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from huiqi.findings import Finding
from huiqi.portal.acts.chain import canonical, sm3
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.funds.models import KINDS, Account, FundOrder, FundOrderLine, Programme
from huiqi.portal.funds.order_models import ORDER_KINDS
from huiqi.portal.funds.posting import Entry
from huiqi.portal.funds.programmes import accounts_of
from huiqi.portal.funds.shares import Settlement, given_to, settlements
from huiqi.reference.money import MoneyError, format_yuan, parse_yuan
from huiqi.reference.regions import UnknownRegion, full_name, is_within, region

MOST_LINES = 500
MOST_FEN = 10**15
"""Ten thousand billion yuan: beyond it an amount is a mistake."""
MATCHING = ("advance", "settle")


@dataclass(frozen=True, slots=True)
class Wanted:
    """An order as somebody wants it: lines of region and amount in yuan as written (none for a settlement)."""

    kind: str
    programme: Programme
    region: str
    year: int
    direct: bool
    document: str
    until: date | None
    final: bool
    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """A line that can be posted. `settlement` tells how a settlement was reckoned."""

    number: int
    region: str
    amount: int
    settlement: Settlement | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Money of one line between two accounts (kind and region of each)."""

    line: int
    debit: tuple[str, str]
    credit: tuple[str, str]
    amount: int
    beside: bool = False
    """It moves what stands as advanced, not the money itself."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account has free before an order and after it."""

    region: str
    kind: str
    before: int
    after: int

    @property
    def short(self) -> bool:
        """Whether it has not so much."""
        return self.kind == "available" and self.after < 0


@dataclass(slots=True)
class Plan:
    """What a wanted order comes to: its lines, what is wrong with it, and what the accounts would have."""

    wanted: Wanted
    lines: list[Line] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def doubt(self, number: int, cell: str, code: str, what: str, why: str = "", mend: str = "") -> None:
        """Note what is wrong with a line (0: with the whole)."""
        where = f"lines.{number - 1}.{cell}" if number else cell
        self.findings.append(Finding("", number, where, code, what, why, mend))

    @property
    def total(self) -> int:
        """Fen that the order moves downwards (into `available` for an appropriation), net."""
        return sum(
            each.amount - (each.settlement.back if each.settlement is not None else 0) for each in self.lines
        )

    @property
    def digest(self) -> str:
        """Return the digest of what is ordered, settlements by what they settle."""
        it = self.wanted
        said = [it.kind, it.programme.pk, it.region, it.year, it.direct, it.document]
        said += [it.until.isoformat() if it.until else "", it.final]
        amounts = [[each.region, each.amount if it.kind != "settle" else 0] for each in self.lines]
        return sm3(canonical([*said, sorted(amounts)]))


def planned(wanted: Wanted, today: date) -> Plan:
    """Reckon what an order would do. All that is wrong stands in the plan's findings; nothing is changed."""
    plan = Plan(wanted)
    _check_whole(plan, today)
    if plan.findings:
        return plan
    _read_lines(plan)
    if plan.findings:
        return plan
    if wanted.kind == "settle":
        _settle(plan)
    if wanted.kind in MATCHING:
        _refuse_overlaps(plan)
    if wanted.kind == "recall":
        _refuse_beyond_allocated(plan)
    return plan


def wanted_of(order: FundOrder) -> Wanted:
    """Return a drafted order as it was wanted."""
    lines = FundOrderLine.objects.for_site("an order's own lines").filter(order=order).order_by("number")
    settles = order.kind == "settle"
    return Wanted(
        order.kind,
        order.programme,
        order.region,
        order.year,
        order.direct,
        order.document,
        order.until,
        order.final,
        [(each.region, "" if settles else format_yuan(each.amount)) for each in lines],
    )


def moves(kind: str, region: str, lines: Sequence[Line]) -> Iterator[Move]:
    """Yield the moves of an order's lines, in their order; `region` is the government that gives it."""
    above = ("available", region)
    for each in lines:
        below = ("available", each.region)
        if kind == "appropriate":
            yield Move(each.number, ("budget", region), above, each.amount)
        elif kind == "recall":
            yield Move(each.number, below, above, each.amount)
        else:
            if each.amount:
                yield Move(each.number, above, below, each.amount)
            if each.settlement is not None and each.settlement.back:
                yield Move(each.number, below, above, each.settlement.back)
            cleared = each.settlement.cleared if each.settlement is not None else -each.amount
            if kind in MATCHING and cleared:
                given, got = ("advances", region), ("advanced", each.region)
                way = (got, given) if cleared > 0 else (given, got)
                yield Move(each.number, *way, abs(cleared), beside=True)


def entries(order: FundOrder, lines: Sequence[Line]) -> list[Entry]:
    """Return the ledger's entries of an order, its accounts opened where there are none. All or none are posted."""
    made = list(moves(order.kind, order.region, lines))
    wanted = {(place, kind) for each in made for kind, place in (each.debit, each.credit)}
    accounts = accounts_of(order.programme, order.year, order.direct, wanted, create=True)

    def number(side: tuple[str, str]) -> int:
        kind, place = side
        return int(accounts[place, kind].pk)

    return [
        Entry(
            f"fund-order:{order.pk}:{each.line}{':advanced' if each.beside else ''}",
            number(each.debit),
            number(each.credit),
            each.amount,
            order.kind,
        )
        for each in made
    ]


def balances(plan: Plan) -> list[Balance]:
    """Return what each account that has money moved would have, the giver's first, then by line."""
    it = plan.wanted
    change: dict[tuple[str, str], int] = {}
    for each in moves(it.kind, it.region, plan.lines):
        if not each.beside:
            change[each.debit] = change.get(each.debit, 0) - each.amount
            change[each.credit] = change.get(each.credit, 0) + each.amount
    accounts = accounts_of(it.programme, it.year, it.direct, {(place, kind) for kind, place in change})
    ordered = sorted(change, key=lambda side: (side[0] != "budget", side[1] != it.region))
    return [
        Balance(place, kind, before, before + change[kind, place])
        for kind, place in ordered
        for before in [_free(accounts.get((place, kind)))]
    ]


def refuse_short(plan: Plan) -> None:
    """Raise Refused where an account would have less than nothing, each named."""
    short = [each for each in balances(plan) if each.short]
    if short:
        why = "；".join(
            f"{full_name(each.region)}“{plan.wanted.programme.title}”{plan.wanted.year}年{KINDS[each.kind][0]}"
            f"尚有{format_yuan(each.before)}元，要转出{format_yuan(each.before - each.after)}元"
            for each in short[:5]
        )
        raise Refused("账户余额不足", why=why, mend="请先下达或收回资金，或者减少金额", code="not-enough")


def _free(account: Account | None) -> int:
    return account.free if account is not None else 0


def _check_whole(plan: Plan, today: date) -> None:
    it = plan.wanted
    programme = it.programme
    title = ORDER_KINDS[it.kind][0]
    if programme.state != "open" and it.kind in ("appropriate", "allocate", "advance"):
        plan.doubt(0, "programme", "programme-closed", "资金项目已结束", "已结束的项目只能清算和收回")
    try:
        within = is_within(it.region, programme.region)
    except UnknownRegion:
        within = None
    if within is not True:
        plan.doubt(0, "region", "other-region", f"{title}的地区不在资金项目范围内", mend="请选择项目所属地区")
        return
    if it.kind in ("appropriate", *MATCHING) and it.region != programme.region:
        where = full_name(programme.region)
        plan.doubt(0, "region", "not-the-programme's", f"{title}只能由资金项目所属的{where}办理")
    if it.kind in MATCHING and not programme.share_numerator:
        said = "这个项目没有上级分担比例"
        plan.doubt(0, "kind", "bears-no-share", said, mend="不按支出比例分担的资金请用“分解下达”")
    if not 2000 <= it.year <= today.year + 1:
        plan.doubt(0, "year", "year-out-of-range", "年度有误", mend=f"请填写2000至{today.year + 1}")
    if it.kind == "settle":
        if it.until is None or it.until >= today:
            said = "清算应写明支出截至哪一天，并早于今天"
            plan.doubt(0, "until", "settles-until", said, mend="当天的支付还可能增加，请填写昨天或更早")
    elif it.until is not None or it.final:
        plan.doubt(0, "until", "only-settlements", "截止日期和结清只用于清算", mend="请留空")
    if not 1 <= len(it.lines) <= MOST_LINES:
        plan.doubt(0, "lines", "no-lines", f"应有1至{MOST_LINES}行", mend="请至少填写一个地区")


def _read_lines(plan: Plan) -> None:
    it = plan.wanted
    seen: dict[str, int] = {}
    for number, (code, text) in enumerate(it.lines, start=1):
        place = _place(plan, number, code)
        amount = 0 if it.kind == "settle" else _amount(plan, number, text)
        if it.kind == "settle" and text.strip():
            plan.doubt(number, "amount", "settled-amount", "清算的金额由系统按比例计算", mend="请留空")
        if place in seen:
            said = f"与第{seen[place]}行是同一地区"
            plan.doubt(number, "region", "region-twice", said, mend="请合并为一行")
        elif place is not None:
            seen[place] = number
            plan.lines.append(Line(number, place, amount))


def _place(plan: Plan, number: int, code: str) -> str | None:
    it = plan.wanted
    try:
        found = region(code)
    except UnknownRegion as error:
        plan.doubt(number, "region", "unknown-region", "没有这个地区", error.hint, "请填写六位行政区划代码")
        return None
    if it.kind == "appropriate":
        if found.code != it.region:
            plan.doubt(
                number, "region", "other-region", "下达预算只能进入本级账户", mend="分给下级请用“分解下达”"
            )
            return None
    elif found.code == it.region or not is_within(found.code, it.region):
        where = full_name(it.region)
        plan.doubt(
            number,
            "region",
            "other-region",
            f"{full_name(found.code)}不是{where}的下级",
            mend="请填写本级所辖的地区",
        )
        return None
    return found.code


def _amount(plan: Plan, number: int, text: str) -> int:
    try:
        fen = parse_yuan(text[:40])
    except MoneyError:
        fen = 0
    if not 0 < fen <= MOST_FEN:
        plan.doubt(number, "amount", "not-money", "金额应为大于零、最多两位小数的数字", mend="以元为单位")
        return 0
    return fen


def _settle(plan: Plan) -> None:
    it = plan.wanted
    assert it.until is not None
    found = settlements(
        it.programme, it.year, it.direct, [each.region for each in plan.lines], it.until, it.final
    )
    plan.lines = [
        Line(each.number, each.region, found[each.region].amount, found[each.region]) for each in plan.lines
    ]
    if not any(each.settlement and (each.amount or each.settlement.back) for each in plan.lines) and not any(
        each.settlement and each.settlement.cleared for each in plan.lines
    ):
        said = "截至这一天没有要清算的"
        plan.doubt(0, "until", "nothing-to-settle", said, "应分担的与已拨付的相等", "请核对截止日期和地区")


def _refuse_overlaps(plan: Plan) -> None:
    """What a county spends counts for its prefecture too: only one of them is given the share."""
    it = plan.wanted
    rows = Account.objects.for_site("who else is given a share of this programme").filter(
        programme=it.programme, year=it.year, direct=it.direct, kind="advanced"
    )
    before = FundOrderLine.objects.for_site("as above").filter(
        order__programme=it.programme,
        order__year=it.year,
        order__direct=it.direct,
        order__kind__in=MATCHING,
        order__state="confirmed",
    )
    others = {*rows.values_list("region", flat=True), *before.values_list("region", flat=True)}
    others |= {each.region for each in plan.lines}
    for each in plan.lines:
        for other in sorted(others - {each.region}):
            if is_within(each.region, other) is not False:
                plan.doubt(
                    each.number,
                    "region",
                    "share-twice",
                    f"{full_name(each.region)}与{full_name(other)}是上下级，不能都按支出分担",
                    "下级的支出已计入上级",
                    "请只对其中一级预拨和清算",
                )
                break


def _refuse_beyond_allocated(plan: Plan) -> None:
    it = plan.wanted
    regions = [each.region for each in plan.lines]
    given: Mapping[str, int] = given_to(
        it.programme, it.year, it.direct, it.region, regions, ("allocate", "recall")
    )
    for each in plan.lines:
        if each.amount > given[each.region]:
            plan.doubt(
                each.number,
                "amount",
                "recalls-too-much",
                "收回金额超过本级分解下达的",
                f"净下达{format_yuan(given[each.region])}元",
                "请减少金额；预拨的资金通过清算收回",
            )
