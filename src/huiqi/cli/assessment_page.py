"""An assessment for people: totals first, then what is certain, likely, still open, and why the rest is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from huiqi.policies.library import PolicyLibrary
from huiqi.reference.money import format_yuan_grouped, parse_yuan
from huiqi.reference.regions import full_name
from huiqi.rules.facts import SUBJECT, SUBJECTS
from huiqi.rules.measure import AMOUNT_IS, DELIVERIES
from huiqi.rules.verdicts import ELIGIBLE, INELIGIBLE, LIKELY, UNDETERMINED, VERDICTS

_STYLES = {ELIGIBLE: "bold green", LIKELY: "bold cyan", UNDETERMINED: "bold yellow", INELIGIBLE: "dim"}
_MARKS = {"pass": ("✓", "green"), "fail": ("✗", "red"), "unknown": ("?", "yellow")}
_MOST_MISSING = 4


class AssessmentPage:
    """Prints assessments to a terminal, Chinese first."""

    def __init__(self, library: PolicyLibrary, out: Console, language: str) -> None:
        self.library = library
        self.out = out
        self.zh = language == "zh"

    def say(self, chinese: str, english: str) -> str:
        """Return the text in the language of the page."""
        return chinese if self.zh else english

    def print(self, answer: dict[str, Any], reasons: bool) -> None:
        """Print the whole page."""
        self._head(answer)
        measures: list[dict[str, Any]] = answer["measures"]
        by_verdict = {
            verdict: [each for each in measures if each["verdict"] == verdict] for verdict in VERDICTS
        }
        self._certain(by_verdict[ELIGIBLE], answer)
        self._likely(by_verdict[LIKELY])
        self._open(by_verdict[UNDETERMINED])
        self._failed(by_verdict[INELIGIBLE])
        for verdict in ("not_in_force", "not_here"):
            for each in by_verdict[verdict]:
                self.out.print(
                    Text(f"{self._title(each)}：{self.say(VERDICTS[verdict], verdict)}", style="dim")
                )
        if reasons:
            for each in measures:
                self._reasons(each)

    def _head(self, answer: dict[str, Any]) -> None:
        region = full_name(answer["region"]) if answer["region"] else self.say("地区不明", "region unknown")
        name = answer["name"] or self.say("未具名", "unnamed")
        kind = self.say(SUBJECTS[answer["subject"]], answer["subject"])
        self.out.print()
        self.out.rule(Text(f"惠企 Huiqi  {name}", style="bold"))
        self.out.print(f"{kind}  {region}  {self.say('截至', 'as of')} {answer['as_of']}")
        totals = Table.grid(padding=(0, 2))
        for chinese, english, key in (
            ("确定可享", "certain", "total_certain"),
            ("经申明或认定后合计", "with what is declared or decided", "total_if_declared"),
            ("可缓缴", "deferred", "total_deferred"),
        ):
            totals.add_row(
                self.say(chinese, english), Text(self._yuan(answer[key]), style="bold", justify="right")
            )
        self.out.print(totals)

    def _certain(self, measures: Sequence[dict[str, Any]], answer: dict[str, Any]) -> None:
        table = self._table(
            ELIGIBLE, len(measures), ("金额", "amount"), ("兑现", "delivery"), ("依据", "clause")
        )
        losers = {each["id"] for each in answer["excluded"]}
        for each in measures:
            mark = self.say("（不重复享受）", " (gives way)") if each["id"] in losers else ""
            delivery = self.say(DELIVERIES[each["delivery"]], each["delivery"])
            table.add_row(self._title(each) + mark, self._amount(each), delivery, self._clause(each))
        self._show(table, measures)
        for each in answer["excluded"]:
            self.out.print(Text(f"  {each['id']}: {each['why']}", style="dim"))

    def _likely(self, measures: Sequence[dict[str, Any]]) -> None:
        table = self._table(
            LIKELY, len(measures), ("金额", "amount"), ("尚待申明或认定", "to be declared or decided")
        )
        for each in measures:
            table.add_row(self._title(each), self._amount(each), "；".join(each["open"]))
        self._show(table, measures)

    def _open(self, measures: Sequence[dict[str, Any]]) -> None:
        table = self._table(UNDETERMINED, len(measures), ("还缺哪些信息", "facts still missing"))
        for each in measures:
            table.add_row(self._title(each), self._missing(each["missing"]))
        self._show(table, measures)

    def _failed(self, measures: Sequence[dict[str, Any]]) -> None:
        own = [each for each in measures if not each["for_other_subjects"]]
        table = self._table(INELIGIBLE, len(own), ("未满足的条件", "condition not met"))
        for each in own:
            table.add_row(self._title(each), self._why_not(each))
        self._show(table, own)
        others = len(measures) - len(own)
        if others:
            line = self.say(
                f"另有 {others} 项只适用于其他主体。", f"{others} more are for other subjects only."
            )
            self.out.print(Text(line, style="dim"))

    def _table(self, verdict: str, count: int, *columns: tuple[str, str]) -> Table:
        heading = Text(f"{self.say(VERDICTS[verdict], verdict)}  {count}", style=_STYLES[verdict])
        table = Table(title=heading, title_justify="left", expand=True, show_lines=False)
        table.add_column(self.say("政策措施", "measure"), ratio=3, overflow="fold")
        for chinese, english in columns:
            narrow = chinese in ("金额", "兑现")
            justify: Literal["left", "right"] = "right" if chinese == "金额" else "left"
            ratio = None if narrow else 4
            table.add_column(
                self.say(chinese, english), ratio=ratio, justify=justify, no_wrap=narrow, overflow="fold"
            )
        return table

    def _show(self, table: Table, measures: Sequence[dict[str, Any]]) -> None:
        if measures:
            self.out.print()
            self.out.print(table)

    def _title(self, each: dict[str, Any]) -> str:
        return str(each["title"] if self.zh else each["english"] or each["title"])

    def _amount(self, each: dict[str, Any]) -> str:
        if each["information"]:
            return self.say("未写明金额", "not stated")
        if each["amount_is"] == "none":
            return "—"
        if each["amount"] is None:
            return self.say("缺：", "needs: ") + self._missing(each["needs"])
        kind = self.say(AMOUNT_IS[each["amount_is"]], each["amount_is"])
        return f"{self._yuan(each['amount'])} {kind if each['amount_is'] not in ('paid', 'saved') else ''}".strip()

    def _yuan(self, text: str) -> str:
        return f"{format_yuan_grouped(parse_yuan(text))} {self.say('元', 'yuan')}"

    def _clause(self, each: dict[str, Any]) -> str:
        source = each["sources"][0]
        document = self.library.documents.get(source["document"])
        name = document.number or document.title if document else source["document"]
        return f"{name} {source['clause']}"

    def _missing(self, missing: Sequence[dict[str, str]]) -> str:
        labels = list(dict.fromkeys(self._label(each) for each in missing))
        more = len(labels) - _MOST_MISSING
        shown = "、".join(labels[:_MOST_MISSING])
        return f"{shown} {self.say(f'等{len(labels)}项', f'and {more} more')}" if more > 0 else shown

    def _label(self, fact: dict[str, str]) -> str:
        facts = self.library.facts
        if fact["record"] == "list":
            return self.library.lists[fact["name"]].title
        if fact["record"] == SUBJECT and fact["name"] in facts.by_list:
            kind = facts.by_list[fact["name"]]
            return self.say(f"{kind.label}清单", kind.english + " records")
        found = facts.fact(fact["record"], fact["name"])
        period = fact.get("period", "")
        label = self.say(found.label, found.english) if found else fact["name"]
        return f"{period}{self.say('年', ' ') if len(period) == 4 else ''}{label}"

    def _why_not(self, each: dict[str, Any]) -> str:
        if not each["failed"]:
            return self.say("没有相应的记录", "no such record")
        first = each["failed"][0]
        text = str(first["condition"])
        value = first.get("value_text") if self.zh else first["value"]
        if value is None or value is True or value is False or value in ("是", "否"):
            return text
        text += self.say(f"（现为{value}", f" (it is {value}")
        if first["distance"] not in (None, 0, "0.00"):
            text += self.say(f"，相差 {first['distance']}", f", off by {first['distance']}")
        return text + self.say("）", ")")

    def _reasons(self, each: dict[str, Any]) -> None:
        self.out.print()
        verdict = self.say(VERDICTS[each["verdict"]], each["verdict"])
        self.out.print(Text(f"{self._title(each)}  [{each['id']}]  {verdict}", style="bold"))
        if each["information"]:
            self.out.print(Text(f"  {each['information']}", style="dim"))
        for reason in each["reasons"]:
            mark, style = _MARKS[reason["result"]]
            place = f"#{reason['index'] + 1} " if "index" in reason else ""
            self.out.print(Text.assemble(("  " + mark + " ", style), place, reason["condition"]))
            known = [fact for fact in reason["facts"] if fact["value"] is not None]
            used = "；".join(f"{self._label(fact)}={fact['value']}{self._origin(fact)}" for fact in known)
            if used:
                self.out.print(Text(f"      {used}", style="dim"))
            where = f"{reason['document']} {reason['clause']}：“{reason['words']}”"
            self.out.print(Text(f"      {where}", style="dim italic"))
        for claim in each["per_record"]:
            verdict = self.say(VERDICTS[claim["verdict"]], claim["verdict"])
            amount = f" {self._yuan(claim['amount'])}" if claim["amount"] is not None else ""
            self.out.print(f"  {claim['record']} #{claim['index'] + 1}: {verdict}{amount}")
        if each["amount"] is not None:
            self.out.print(
                Text(
                    f"  {self.say(AMOUNT_IS[each['amount_is']], each['amount_is'])}：{self._amount(each)}",
                    style="bold",
                )
            )

    def _origin(self, fact: dict[str, Any]) -> str:
        parts = [part for part in (fact.get("source"), fact.get("date")) if part]
        return f"（{'，'.join(parts)}）" if parts else ""
