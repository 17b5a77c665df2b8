"""The sections of the page on what is open: missing facts, and what was owed and not received."""

from __future__ import annotations

from typing import Any

from huiqi.screening.report.charts import Bar, bars, short_yuan
from huiqi.screening.report.markup import Html, tag
from huiqi.screening.report.page_parts import counts, section, table, yuan

MOST_BARS = 15
MOST_FACTS = 40


def missing_section(figures: dict[str, Any]) -> Html:
    """Return the missing facts, with what they would unlock."""
    facts = figures["missing"]
    if not facts:
        return section("缺少的信息", "Missing facts", tag("p", "没有缺少的信息。"))
    titles = {each["id"]: each["title"] for each in figures["measures"]}
    top = [Bar(each["label"], each["openings"], f"{each['openings']:,} 户项") for each in facts[:MOST_BARS]]
    has_rows = "subjects" in facts[0]
    rows = [
        [
            each["label"],
            each["who"],
            *counts(each["openings"], *([each["subjects"], each["settles_alone"]] if has_rows else [])),
            f"{len(each['measures']):,}",
            _unlocks(each, titles),
        ]
        for each in facts[:MOST_FACTS]
    ]
    alone = ["缺它的户数", "只缺它即可定"] if has_rows else []
    heads = ["缺少的信息", "谁掌握", "未定户项", *alone, "涉及措施", "补上后有望定下的措施（户数最多的）"]
    more = len(facts) - MOST_FACTS
    left = f"其余 {more:,} 条见 summary.xlsx。" if more > 0 else ""
    return section(
        "缺少的信息，补上能解开什么",
        "Facts missing most, and what they would unlock",
        bars("missing", "缺得最多的信息（所牵住的户项数）", f"最多的是{top[0].label}，{top[0].text}。", top),
        table("缺少的信息", heads, rows, tuple(range(2, len(heads) - 1))),
        tag("p", f"{left}同一户项可能同时缺几条信息，故各行不能相加。", class_="note"),
    )


def _unlocks(fact: dict[str, Any], titles: dict[str, str]) -> str:
    measures = fact["measures"]
    shown = "；".join(
        f"{titles.get(each['id'], each['id'])}（{each['subjects']:,}）" for each in measures[:3]
    )
    return f"{shown}等" if len(measures) > 3 else shown


def missed_section(figures: dict[str, Any]) -> Html:
    """Return what was owed and not received."""
    missed = figures["missed"]
    titles = {each["id"]: each["title"] for each in figures["measures"]}
    ordered = sorted(missed["measures"], key=lambda each: (-each["missed_fen"], each["id"]))
    drawn = [
        Bar(titles.get(each["id"], each["id"]), each["missed_fen"], short_yuan(each["missed_fen"]))
        for each in ordered[:MOST_BARS]
    ]
    rows = [[titles.get(each["id"], each["id"]), yuan(each["missed_fen"])] for each in ordered]
    return section(
        "应享未享",
        "Owed and not received",
        tag(
            "p",
            f"名册载有已享受记录：{missed['subjects']:,} 户、{missed['rows']:,} 户项确定应享而未享或少享，差额 "
            f"{yuan(missed['missed_fen'])} 元；另有 {missed['unclear_rows']:,} 户项不知已享多少，不列入。",
        ),
        bars("missed", "各项措施应享未享的金额", f"最高的是{drawn[0].label}，{drawn[0].text}。", drawn)
        if drawn
        else None,
        table(
            "各项措施应享未享的金额",
            ["政策措施", "差额（元）"],
            rows,
            (1,),
            ["合计", yuan(missed["missed_fen"])],
        ),
    )
