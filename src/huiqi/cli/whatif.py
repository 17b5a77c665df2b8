"""`huiqi whatif`: another figure, another date, another policy folder, on a whole population."""

from __future__ import annotations

import datetime
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huiqi.cli.options import (
    as_of_option,
    console,
    json_option,
    language_option,
    library,
    policies_option,
    print_json,
)
from huiqi.findings import BadInput, Finding

if TYPE_CHECKING:
    from huiqi.screening.budgets import Budget

_SHOWN = 12
ANSWER = "whatif.json"


@click.command("whatif")
@click.argument("roster", type=click.Path(path_type=Path))
@click.option(
    "--set", "settings", multiple=True, metavar="MEASURE.PARAMETER=VALUE", help="Change a figure or a day."
)
@click.option("--against", type=click.Path(path_type=Path), help="Another policy folder to compare with.")
@as_of_option(required=True)
@click.option(
    "--budget", "budgets", multiple=True, metavar="MEASURE=YUAN", help="How far would this much reach?"
)
@click.option(
    "--quota", "quotas", multiple=True, metavar="MEASURE=N", help="How far would this many subjects reach?"
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for whatif.json and changes.parquet.")
@click.option("--mapping", type=click.Path(path_type=Path), help="A saved mapping of columns to facts.")
@click.option("--without-bad-rows", is_flag=True, help="Go on without bad rows.")
@json_option
@policies_option
@language_option
def whatif_command(
    roster: Path,
    settings: tuple[str, ...],
    against: Path | None,
    as_of: datetime.date,
    budgets: tuple[str, ...],
    quotas: tuple[str, ...],
    out: Path | None,
    mapping: Path | None,
    without_bad_rows: bool,
    as_json: bool,
    policies: Path | None,
    language: str,
) -> None:
    """Tell who gains, who loses and what it costs if a figure or a date were another, over a whole roster.

    A setting is written rent-waiver.months=4, rent-waiver@532500.usual_months=4 or rent-waiver.in_force.to=2023-06-30.
    A budget is spent in the order of rows; with @record.fact, in the order of that day of each subject's first claim:
    --budget innovation-voucher=3000000@service_deal.deal_made
    """
    from huiqi.policies.overrides import with_overrides
    from huiqi.rules.situation import Situation
    from huiqi.screening.budgets import programme_budgets, read_budget
    from huiqi.screening.roster.reading import read_roster
    from huiqi.screening.whatif import CHANGES, what_if
    from huiqi.screening.whatif_answer import whatif_answer

    before = library(policies)
    if not (settings or against or budgets or quotas):
        mend = "give --set measure.parameter=value, --against FOLDER, --budget or --quota"
        raise BadInput([Finding("", 0, "--set", "nothing-changed", "nothing is to be changed", "", mend)])
    after = with_overrides(library(against) if against else before, settings)
    wanted: list[Budget] = [read_budget(each, False, before) for each in budgets]
    wanted += [read_budget(each, True, before) for each in quotas]
    wanted += programme_budgets(before, Situation(as_of, "enterprise", {}))
    if out is not None:
        _take_folder(out)
    with read_roster(roster, before, as_of, mapping, without_bad_rows=without_bad_rows) as read:
        if read.folder is None:
            raise BadInput(read.findings)
        found = what_if(
            read.folder,
            before,
            after,
            as_of,
            budgets=wanted,
            changes=out / CHANGES if out is not None else None,
            threads=os.cpu_count() or 1,
            progress=_progress if not as_json and sys.stderr.isatty() else None,
        )
        left_out = {name: count.left_out for name, count in read.counts.items() if count.left_out}
    answer = {
        "settings": list(settings),
        "against": str(against) if against else None,
        "left_out": left_out,
        **whatif_answer(found, before, after, as_of),
    }
    if out is not None:
        import json

        text = json.dumps(answer, ensure_ascii=False, indent=2) + "\n"
        (out / ANSWER).write_text(text, encoding="utf-8")
    if as_json:
        print_json(answer)
    else:
        _Page(language).show(answer)


def _take_folder(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        what = "there is something in this folder already"
        raise BadInput(
            [Finding(str(out), 0, "--out", "folder-taken", what, "", "name another, or take it away")]
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"the folder cannot be made ({error.strerror})"
        raise BadInput([Finding(str(out), 0, "--out", "not-written", what, "", "name another")]) from None


def _progress(done: int, total: int) -> None:
    share = 100 * done // total if total else 100
    sys.stderr.write(f"\r\x1b[K{share}% {done:,}/{total:,}" + ("\n" if done >= total else ""))
    sys.stderr.flush()


class _Page:
    """The answer for people: totals, measures, groups, budgets as tables."""

    def __init__(self, language: str) -> None:
        self.zh = language == "zh"
        self.out = console()

    def show(self, answer: dict[str, Any]) -> None:
        if answer["synthetic"]:
            self.out.print("虚构数据 SYNTHETIC DATA", style="bold red")
        for name, count in answer["left_out"].items():
            self.out.print(f"{name}: {count:,} {'行未进入' if self.zh else 'rows left out'}", style="yellow")
        total = answer["total"]
        self.out.print(
            f"确定应享（发放与减免）：{_yuan(total['before'])} → {_yuan(total['after'])} 元，{_signed(total['difference'])} 元"
            if self.zh
            else f"surely owed (paid and saved), yuan: {_yuan(total['before'])} → {_yuan(total['after'])}, "
            f"{_signed(total['difference'])}",
            style="bold",
        )
        self.out.print(
            f"主体 {total['subjects']:,} 户：增 {total['gain']:,} 户，减 {total['lose']:,} 户"
            if self.zh
            else f"of {total['subjects']:,} subjects {total['gain']:,} gain and {total['lose']:,} lose"
        )
        if not answer["measures"]:
            self.out.print("没有主体受影响" if self.zh else "no subject is affected")
        else:
            self._measures(answer["measures"])
            for key, chinese, english in (
                ("by_region", "地区", "region"),
                ("by_industry", "行业", "industry"),
                ("by_size", "规模", "size"),
            ):
                self._group(chinese if self.zh else english, answer[key])
        if answer["budgets"]:
            self._budgets(answer["budgets"])

    def _table(self, title: str, *columns: str) -> Any:
        from rich.table import Table

        table = Table(box=None, pad_edge=False, show_edge=False)
        table.add_column(title, overflow="fold")
        for each in columns:
            table.add_column(each, justify="right", no_wrap=True)
        self.out.print()
        return table

    def _measures(self, rows: list[dict[str, Any]]) -> None:
        heads = (
            ("差额（元）", "新增", "退出", "增额", "减额")
            if self.zh
            else ("yuan", "newly", "no longer", "more", "less")
        )
        table = self._table("政策措施" if self.zh else "measure", *heads)
        for each in rows:
            counts = (f"{each[kind]:,}" for kind in ("newly_owed", "no_longer_owed", "more", "less"))
            title = each["title"] if self.zh else each["english"]
            table.add_row(f"{title}  {each['id']}", _signed(each["difference"]), *counts)
        self.out.print(table)

    def _group(self, title: str, rows: list[dict[str, Any]]) -> None:
        heads = ("差额（元）", "增（户）", "减（户）") if self.zh else ("yuan", "gain", "lose")
        table = self._table(title, *heads)
        touched = [each for each in rows if each["gain"] or each["lose"]]
        for each in touched[:_SHOWN]:
            table.add_row(each["name"], _signed(each["difference"]), f"{each['gain']:,}", f"{each['lose']:,}")
        if touched:
            self.out.print(table)
        if len(touched) > _SHOWN:
            more = len(touched) - _SHOWN
            self.out.print(
                f"另有 {more} 个，见 --json" if self.zh else f"and {more} more with --json", style="dim"
            )

    def _budgets(self, rows: list[dict[str, Any]]) -> None:
        heads = (
            ("额度", "需求", "覆盖", "缺口", "用完于")
            if self.zh
            else ("limit", "asked", "covered", "short", "runs out")
        )
        table = self._table("预算与名额" if self.zh else "budgets and quotas", *heads)
        for each in rows:
            for side, chinese in (("before", "现行"), ("after", "调整后")):
                reach = each[side]
                order = "" if each["order"] == "row" else f" ({each['order']})"
                table.add_row(
                    f"{each['measure']}{order} {chinese if self.zh else side}",
                    _yuan(each["limit"]),
                    _yuan(reach["asked"]),
                    reach["share_covered"],
                    _yuan(reach["uncovered"]),
                    self._when(reach["runs_out"]),
                )
        self.out.print(table)

    def _when(self, ran_out: dict[str, Any] | None) -> str:
        if ran_out is None:
            return "够用" if self.zh else "never"
        if "date" in ran_out:
            return str(ran_out["date"] or ("日期不明" if self.zh else "unknown day"))
        number = ran_out["row"] + 1
        return f"第 {number:,} 户" if self.zh else f"subject {number:,}"


def _yuan(amount: str | int) -> str:
    from huiqi.reference.money import format_yuan_grouped, parse_yuan

    return f"{amount:,}" if isinstance(amount, int) else format_yuan_grouped(parse_yuan(amount))


def _signed(amount: str) -> str:
    return _yuan(amount) if amount.startswith("-") or amount == "0.00" else f"+{_yuan(amount)}"
