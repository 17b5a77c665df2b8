"""report.html: the figures of a screening as one self-contained page, made from totals.json and nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from huiqi.rules.facts import SUBJECTS
from huiqi.screening.report.groups import ABOUT
from huiqi.screening.report.markup import Html, escaped, joined, tag
from huiqi.screening.report.page_money import measures_section, regions_section, sizes_section
from huiqi.screening.report.page_open import missed_section, missing_section
from huiqi.screening.report.page_parts import in_force_here, section, table, yuan

_STYLE = Path(__file__).with_name("page.css")
_POPULATION = "huiqi population:"
"""How the source of a population that Huiqi made up begins."""
_WITH_MONEY = ("pay", "tell", "confirm")


def report_page(figures: dict[str, Any]) -> str:
    """Return the page; it runs no script and asks for nothing outside itself."""
    style = _STYLE.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{escaped(policy)}">'),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", f"惠企政策筛查报告 {figures['as_of']}{'（虚构数据）' if figures['synthetic'] else ''}"),
        Html(f"<style>{style}</style>"),
    )
    banner = None
    if figures["synthetic"] and str(figures["source"]).startswith(_POPULATION):
        banner = tag(
            "p",
            "虚构数据",
            tag("small", "Synthetic data: no firm here exists"),
            class_="synthetic",
            role="note",
        )
    body = tag("body", banner, _header(figures), tag("main", *_sections(figures)), _footer(figures))
    return f'<!DOCTYPE html>\n<html lang="zh-CN">{head}{body}</html>\n'


def _roster(figures: dict[str, Any]) -> str:
    """Return where the firms come from."""
    if figures["synthetic"] and str(figures["source"]).startswith(_POPULATION):
        return "按 huiqi population 生成的虚构人口，没有一户真实企业"
    return figures["source"] or "未注明"


def _sections(figures: dict[str, Any]) -> Iterable[Html]:
    yield _headline(figures)
    if "push_list" in figures:
        yield _push_list(figures)
    yield measures_section(figures)
    yield regions_section(figures)
    yield sizes_section(figures)
    yield missing_section(figures)
    if "missed" in figures:
        yield missed_section(figures)
    yield _method(figures)


def _header(figures: dict[str, Any]) -> Html:
    subjects = figures["subjects"]
    kinds = "，".join(f"{title} {subjects[kind]:,}" for kind, title in SUBJECTS.items() if subjects[kind])
    return tag(
        "header",
        tag("h1", "惠企政策筛查报告", tag("small", "Who is owed what: screening report")),
        tag(
            "p",
            f"截至 {figures['as_of']}；名册：{_roster(figures)}；共 {subjects['all']:,} 户（{kinds or '无'}）",
        ),
    )


def _headline(figures: dict[str, Any]) -> Html:
    cards = [
        ("确定应享（发放与减免）", "certain: paid and saved", f"{yuan(figures['total_certain_fen'])} 元"),
        ("有确定金额的主体", "owed some money", f"{figures['owed_subjects']:,} 户"),
        ("待确认金额", "likely, exclusions not taken off", f"{yuan(figures['total_likely_fen'])} 元"),
        ("可缓缴", "deferred", f"{yuan(figures['total_deferred_fen'])} 元"),
        ("筛查主体", "screened", f"{figures['subjects']['all']:,} 户"),
        ("在用政策措施", "measures in force here", f"{len(in_force_here(figures)):,} 项"),
    ]
    return tag(
        "dl",
        *(
            tag(
                "div",
                tag("dt", chinese, tag("small", english)),
                tag("dd", value),
                class_="first" if not place else None,
            )
            for place, (chinese, english, value) in enumerate(cards)
        ),
        class_="cards",
    )


def _push_list(figures: dict[str, Any]) -> Html:
    rows = []
    for each in figures["push_list"]:
        about = ABOUT[each["group"]]
        if each["group"] == "confirm":
            own = figures["confirm_by_declaration"]
            about += f"；其中只待企业自己申明的 {own['rows']:,} 户项、{own['subjects']:,} 户"
        title = joined(
            tag("b", each["title"]),
            tag("span", about, class_="basis"),
            tag("span", each["english"], class_="basis", lang="en"),
        )
        money = yuan(each["amount_fen"]) if each["amount_fen"] or each["group"] in _WITH_MONEY else "—"
        rows.append([title, f"{each['subjects']:,}", money, f"{each['rows']:,}"])
    rows_in_play = sum(each["rows"] for each in figures["push_list"])
    return section(
        "推送清单",
        "Push list: what stands between each firm and its due",
        tag(
            "p",
            "户项：一户对一项措施，各在一组。名单见 push-list.xlsx 和 push-list.parquet。",
            class_="note",
        ),
        table(
            "推送清单各组",
            ["组别", "户数", "发放与减免（元）", "户项数"],
            rows,
            (1, 2, 3),
            ["合计", None, None, f"{rows_in_play:,}"],
        ),
    )


def _method(figures: dict[str, Any]) -> Html:
    rules = figures["rules"]
    notes = [
        f"按 {figures['as_of']} 有效的规定和名册所载事实判定；规则 {rules['measures']:,} 项措施、{rules['files']:,} 个文件。",
        "未知不当作否：缺事实的判为尚不确定，并写明缺什么；只差申明或部门认定的判为可能符合。",
        "确定应享只加应发金额和减免金额，已扣除不得重复享受的部分和各项上限，精确到分；待确认金额未扣除重复享受。",
        f"{figures['judged_one_by_one']:,} 户有超出列式计算范围的数，{figures['excluded_one_by_one']:,} 户的重复享受须逐户选择，均已逐户判定，结果同样精确。",
        "图中金额四舍五入，表中为准确值。本报告不代替主管部门的审核决定。",
    ]
    if figures["synthetic"] and str(figures["source"]).startswith(_POPULATION):
        notes.insert(0, "虚构数据：本报告的企业和数字均为虚构，不得作任何决策依据。")
    return section(
        "口径与限制",
        "Limits and method",
        tag("ul", *(tag("li", each) for each in notes)),
        tag("h3", "依据的文件"),
        tag(
            "ol",
            *(
                tag("li", f"《{each['title']}》", f"（{each['number']}）" if each["number"] else None)
                for each in figures["documents"]
            ),
        ),
        tag("p", "规则摘要 ", tag("code", rules["digest"]), class_="note"),
        tag(
            "p",
            "Unknown is not no. Amounts are exact to the fen; only paid and saved amounts are added up. Figures in charts are rounded, those in tables are not.",
            class_="note",
            lang="en",
        ),
    )


def _footer(figures: dict[str, Any]) -> Html:
    label = "虚构数据 Synthetic data。" if figures["synthetic"] else ""
    return tag("footer", tag("p", f"{label}惠企 Huiqi，截至 {figures['as_of']}。", class_="note"))
