"""What of a run can be taken out as a sheet: its headings and its rows, of what the actor sees alone.

Words stand in the language of the visit; beside each a code that does not change, which the SQL of `docs/how-to/deliver.md` asks for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.transitions import tables
from huiqi.portal.delivery.models import (
    ACCOUNTS,
    WHYS,
    LeftOut,
    Line,
    NotReceived,
    Objection,
    Run,
    SampleItem,
)
from huiqi.portal.delivery.queries import (
    cases_of,
    left_out_of,
    lines_of,
    not_reached_of,
    objections_of,
    sample_items_of,
)
from huiqi.portal.delivery.shown import chosen
from huiqi.reference.money import format_yuan

_AT_ONCE = 2_000
Rows = Iterator[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its title, how its columns are called, and its rows for an actor and a run."""

    title: str
    headings: Callable[[], Sequence[str]]
    rows: Callable[[Actor, Run], Rows]


def _firm_headings() -> tuple[str, ...]:
    return _("统一社会信用代码"), _("企业"), _("地区")


def _line_headings() -> tuple[str, ...]:
    return (
        *(_("明细编号"), *_firm_headings(), _("记录"), _("所属期"), _("金额（元）")),
        *(_("状态"), _("状态代码"), _("支付日期"), _("上次金额（元）"), _("与上次相比代码")),
        *(_("收款账户"), _("缺收款账户"), _("随机抽样"), _("已享受的明细"), _("原因")),
        *(_("规则摘要"), _("依据的信息"), _("金额计算")),
    )


def _lines(actor: Actor, run: Run) -> Rows:
    return _of_lines(lines_of(actor, run))


def _not_reached(actor: Actor, run: Run) -> Rows:
    return _of_lines(not_reached_of(actor, run))


def _of_lines(rows: ScopedQuerySet) -> Rows:
    line: Line
    for line in rows.order_by("pk").iterator(chunk_size=_AT_ONCE):
        yield (
            *(str(line.pk), line.firm.credit_code, line.firm.name, line.county, line.record, line.period),
            *(format_yuan(line.amount), _state("delivery.line", line.state), line.state),
            *(_day(line.paid_on), _yuan(line.before), line.change),
            *(chosen(ACCOUNTS[line.account]), _yes(line.account_missing), _yes(line.sampled)),
            *(str(line.taken_by_id or ""), line.reason, line.rule_digest),
            json.dumps(line.facts, ensure_ascii=False),
            json.dumps(line.derivation, ensure_ascii=False, sort_keys=True),
        )


def _left_out_headings() -> tuple[str, ...]:
    return *_firm_headings(), _("金额（元）"), _("原因"), _("原因代码"), _("依据的信息")


def _left_out(actor: Actor, run: Run) -> Rows:
    each: LeftOut
    for each in left_out_of(actor, run).order_by("pk").iterator(chunk_size=_AT_ONCE):
        yield (
            *(each.firm.credit_code, each.firm.name, each.county, _yuan(each.amount)),
            *(chosen(WHYS[each.why]), each.why),
            json.dumps(each.details, ensure_ascii=False, sort_keys=True),
        )


def _objection_headings() -> tuple[str, ...]:
    return (
        *(_("编号"), *_firm_headings(), _("明细编号"), _("异议"), _("提出日期")),
        *(_("状态"), _("状态代码"), _("答复"), _("答复前金额（元）"), _("答复后金额（元）")),
    )


def _objections(actor: Actor, run: Run) -> Rows:
    each: Objection
    for each in objections_of(actor).filter(run=run).order_by("pk").iterator(chunk_size=_AT_ONCE):
        yield (
            *(str(each.pk), each.firm.credit_code, each.firm.name, each.county, str(each.line_id or "")),
            *(
                each.reason,
                _day(localtime(each.at).date()),
                _state("delivery.objection", each.state),
                each.state,
            ),
            *(each.answer, _yuan(each.before), _yuan(each.after)),
        )


def _case_headings() -> tuple[str, ...]:
    return (
        *(_("编号"), *_firm_headings(), _("明细编号"), _("金额（元）"), _("情况说明"), _("提出日期")),
        *(_("状态"), _("状态代码"), _("核查结果")),
    )


def _cases(actor: Actor, run: Run) -> Rows:
    each: NotReceived
    for each in cases_of(actor).filter(line__run=run).order_by("pk").iterator(chunk_size=_AT_ONCE):
        firm = each.line.firm
        yield (
            *(str(each.pk), firm.credit_code, firm.name, each.county, str(each.line_id)),
            *(format_yuan(each.line.amount), each.said, _day(localtime(each.at).date())),
            *(_state("delivery.notreceived", each.state), each.state, each.finding),
        )


def _sample_headings() -> tuple[str, ...]:
    return (
        *(_("明细编号"), *_firm_headings(), _("金额（元）")),
        *(_("状态"), _("状态代码"), _("情况说明"), _("答复日期")),
    )


def _sample(actor: Actor, run: Run) -> Rows:
    each: SampleItem
    for each in sample_items_of(actor, run).order_by("line_id").iterator(chunk_size=_AT_ONCE):
        line = each.line
        yield (
            *(str(line.pk), line.firm.credit_code, line.firm.name, each.county, format_yuan(line.amount)),
            *(_state("delivery.sampleitem", each.state), each.state, each.note),
            _day(localtime(each.answered_at).date() if each.answered_at else None),
        )


SHEETS: Mapping[str, Sheet] = {
    "lines": Sheet(gettext_lazy("兑现明细"), _line_headings, _lines),
    "not_reached": Sheet(gettext_lazy("应享未到的企业"), _line_headings, _not_reached),
    "left_out": Sheet(gettext_lazy("未列入的企业"), _left_out_headings, _left_out),
    "objections": Sheet(gettext_lazy("公示异议"), _objection_headings, _objections),
    "cases": Sheet(gettext_lazy("未到账核查"), _case_headings, _cases),
    "sample": Sheet(gettext_lazy("到账抽查"), _sample_headings, _sample),
}
"""By their names in addresses and events."""


def _state(kind: str, state: str) -> str:
    return chosen(tables()[kind].states[state])


def _yuan(fen: int | None) -> str:
    return "" if fen is None else format_yuan(fen)


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _yes(said: bool) -> str:
    return "1" if said else "0"
