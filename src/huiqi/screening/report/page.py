"""report.html: the figures of a screening as one self-contained page, made from totals.json and nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from huiqi.reference.money import format_yuan_grouped
from huiqi.reference.regions import UnknownRegion, region
from huiqi.rules.facts import SUBJECTS
from huiqi.rules.verdicts import ELIGIBLE, VERDICTS
from huiqi.screening.assess import COUNTED
from huiqi.screening.report.charts import Bar, Stack, Tile, bars, short_yuan, stacks, tiles
from huiqi.screening.report.figures import LISTED
from huiqi.screening.report.groups import ABOUT
from huiqi.screening.report.markup import Html, escaped, joined, tag

MOST_BARS = 15
MOST_TILES = 150
_STYLE = Path(__file__).with_name("page.css")
_NUMBER = "n"


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
    if figures["synthetic"]:
        banner = tag(
            "p",
            "虚构数据",
            tag("small", "Synthetic data: no firm here exists"),
            class_="synthetic",
            role="note",
        )
    body = tag("body", banner, _header(figures), tag("main", *_sections(figures)), _footer(figures))
    return f'<!DOCTYPE html>\n<html lang="zh-CN">{head}{body}</html>\n'


def _sections(figures: dict[str, Any]) -> Iterable[Html]:
    yield _headline(figures)
    if "push_list" in figures:
        yield _push_list(figures)
    yield _measures(figures)
    yield _counties(figures)
    yield _sizes_and_sections(figures)
    yield _missing(figures)
    if "missed" in figures:
        yield _missed(figures)
    yield _method(figures)


def _header(figures: dict[str, Any]) -> Html:
    subjects = figures["subjects"]
    kinds = "，".join(f"{title} {subjects[kind]:,}" for kind, title in SUBJECTS.items() if subjects[kind])
    return tag(
        "header",
        tag("h1", "惠企政策筛查报告", tag("small", "Who is owed what: screening report")),
        tag(
            "p",
            f"截至 {figures['as_of']}；名册：{figures['source'] or '未注明'}；共 {subjects['all']:,} 户（{kinds or '无'}）",
        ),
    )


def _headline(figures: dict[str, Any]) -> Html:
    cards = [
        ("确定应享（发放与减免）", "certain: paid and saved", f"{_yuan(figures['total_certain_fen'])} 元"),
        ("有确定金额的主体", "owed some money", f"{figures['owed_subjects']:,} 户"),
        ("待确认金额", "likely, exclusions not taken off", f"{_yuan(figures['total_likely_fen'])} 元"),
        ("可缓缴", "deferred", f"{_yuan(figures['total_deferred_fen'])} 元"),
        ("筛查主体", "screened", f"{figures['subjects']['all']:,} 户"),
        ("在用政策措施", "measures in force here", f"{len(_listed(figures)):,} 项"),
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
            about += f"；其中只待企业自己申明的 {own['rows']:,} 项、{own['subjects']:,} 户"
        rows.append(
            [
                _both(each["title"], each["english"]),
                about,
                *_counts(each["subjects"], each["rows"]),
                _yuan(each["amount_fen"]),
            ]
        )
    rows_in_play = sum(each["rows"] for each in figures["push_list"])
    return _section(
        "推送清单",
        "Push list: what stands between each firm and its due",
        tag("p", "每一户、每一项措施只在一组；名单见 push-list.xlsx 和 push-list.parquet。", class_="note"),
        _table(
            "推送清单各组",
            ["组别", "含义", "户数", "户项数", "发放与减免金额（元）"],
            rows,
            (2, 3, 4),
            ["合计", None, None, f"{rows_in_play:,}", None],
        ),
    )


def _measures(figures: dict[str, Any]) -> Html:
    listed = _listed(figures)
    with_money = sorted(
        (each for each in listed if each["amount_is"] in COUNTED and each["certain_fen"]),
        key=lambda each: (-each["certain_fen"], each["id"]),
    )
    top = [
        Bar(each["title"], each["certain_fen"], short_yuan(each["certain_fen"]))
        for each in with_money[:MOST_BARS]
    ]
    if len(with_money) > MOST_BARS:
        rest = sum(each["certain_fen"] for each in with_money[MOST_BARS:])
        top.append(Bar(f"其他 {len(with_money) - MOST_BARS} 项", rest, short_yuan(rest)))
    in_play = sorted(listed, key=lambda each: (-_in_play(each), each["id"]))[: MOST_BARS + 1]
    parts = [
        Stack(
            each["title"],
            tuple((verdict, each["verdicts"][verdict]) for verdict in LISTED),
            f"符合 {each['verdicts'][ELIGIBLE]:,}",
        )
        for each in in_play
    ]
    highest = (
        f"最高的是{with_money[0]['title']}，{short_yuan(with_money[0]['certain_fen'])}。"
        if with_money
        else "没有确定金额。"
    )
    ordered = sorted(
        listed, key=lambda each: (-each["certain_fen"] * (each["amount_is"] in COUNTED), each["id"])
    )
    rows = [
        [
            joined(each["title"], tag("span", _basis(each), class_="basis")),
            each["amount_is_title"],
            each["delivery_title"],
            *_counts(*(each["verdicts"][verdict] for verdict in LISTED)),
            _yuan(each["certain_fen"]) if each["has_amount"] else "—",
            _yuan(each["likely_fen"]) if each["has_amount"] else "—",
            f"{each['unknown_amounts']:,}" if each["has_amount"] else "—",
        ]
        for each in ordered
    ]
    heads = ["政策措施与依据", "金额性质", "兑现方式", *(VERDICTS[each] for each in LISTED)]
    return _section(
        "各项措施",
        "Cost and verdicts by measure",
        tag(
            "div",
            tag(
                "div",
                tag("h3", "确定应享金额"),
                bars("cost", "各项措施确定应享的金额（发放与减免）", highest, top),
            )
            if top
            else tag("p", "没有确定的发放或减免金额。"),
            tag(
                "div",
                tag("h3", "判定结果"),
                _keys(),
                stacks(
                    "verdicts",
                    "各项措施判定结果所占比例（涉及户数最多的措施）",
                    "每条为一项措施，按户数分为符合、可能符合、尚不确定、不符合。",
                    parts,
                ),
            ),
            class_="pair",
        ),
        _table(
            "全部在用措施：判定户数与金额",
            [*heads, "确定金额（元）", "待确认金额（元）", "金额待定户数"],
            rows,
            tuple(range(3, 10)),
            [
                "发放与减免合计",
                *[None] * 6,
                _yuan(figures["total_certain_fen"]),
                _yuan(figures["total_likely_fen"]),
                None,
            ],
        ),
        tag(
            "p", "只有应发金额和减免金额计入合计；缓缴、限额、扣除额等按各自性质单列，不相加。", class_="note"
        ),
    )


def _counties(figures: dict[str, Any]) -> Html:
    counties = figures["counties"]
    has_owed = bool(counties) and "owed_subjects" in counties[0]
    shown = _areas(counties)
    grid = [
        Tile(
            each["name"],
            each["certain_fen"],
            (short_yuan(each["certain_fen"]), f"{each.get('owed_subjects', each['subjects']):,}户"),
        )
        for each in shown
    ]
    most = max(shown, key=lambda each: each["certain_fen"], default=None)
    about = f"金额最高的是{most['name']}，{short_yuan(most['certain_fen'])}。" if most else "没有数据。"
    rows = [
        [
            each["name"],
            *_counts(each["subjects"], *([each["owed_subjects"]] if has_owed else [])),
            _yuan(each["certain_fen"]),
            _yuan(each["deferred_fen"]),
        ]
        for each in counties
    ]
    heads = ["县市", "主体数", *(["有确定金额的"] if has_owed else []), "确定应享（元）", "可缓缴（元）"]
    foot = [
        "合计",
        f"{figures['subjects']['all']:,}",
        *([f"{figures['owed_subjects']:,}"] if has_owed else []),
        _yuan(figures["total_certain_fen"]),
        _yuan(figures["total_deferred_fen"]),
    ]
    note = "每格一个地区，颜色越深确定应享金额越高；格中为金额和" + (
        "有确定金额的户数。" if has_owed else "主体数。"
    )
    return _section(
        "地区",
        "By region",
        tag(
            "div",
            tag("div", tiles("regions", "各地区确定应享的金额", about, grid), tag("p", note, class_="note")),
            _table("各地区", heads, rows, tuple(range(1, len(heads))), foot),
            class_="pair",
        ),
    )


def _areas(counties: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the counties, or the prefectures or provinces above them where a grid of counties would be too large."""
    areas = list(counties)
    for digits in (4, 2):
        if len(areas) <= MOST_TILES:
            break
        merged: dict[str, dict[str, Any]] = {}
        for each in counties:
            code = (each["code"] or "")[:digits].ljust(6, "0") if each["code"] else ""
            into = merged.setdefault(
                code, {"code": code, "name": _area_name(code), "certain_fen": 0, "subjects": 0}
            )
            for key in ("certain_fen", "subjects", "owed_subjects"):
                if key in each:
                    into[key] = into.get(key, 0) + each[key]
        areas = list(merged.values())
    return areas


def _area_name(code: str) -> str:
    try:
        return region(code).name if code else "不明"
    except UnknownRegion:
        return code


def _sizes_and_sections(figures: dict[str, Any]) -> Html:
    def one(name: str, title: str, heading: str, rows: Sequence[dict[str, Any]]) -> Html:
        ordered = sorted(rows, key=lambda each: (-each["certain_fen"], each["code"] or "~"))
        drawn = [
            Bar(each["name"], each["certain_fen"], short_yuan(each["certain_fen"]))
            for each in ordered
            if each["certain_fen"]
        ]
        highest = f"最高的是{drawn[0].label}，{drawn[0].text}。" if drawn else "没有确定金额。"
        table = [
            [
                each["name"] if name == "sizes" or not each["code"] else f"{each['code']} {each['name']}",
                *_counts(each["subjects"], each["verdicts"][ELIGIBLE]),
                _yuan(each["certain_fen"]),
            ]
            for each in rows
        ]
        foot = ["合计", f"{figures['subjects']['all']:,}", None, _yuan(figures["total_certain_fen"])]
        return tag(
            "div",
            tag("h3", heading),
            bars(name, title, highest, drawn) if drawn else None,
            _table(heading, [heading, "主体数", "符合（户项）", "确定应享（元）"], table, (1, 2, 3), foot),
        )

    return _section(
        "规模与行业",
        "By size and industry",
        tag(
            "div",
            one("sizes", "各规模确定应享的金额", "企业规模", figures["sizes"]),
            one("industries", "各行业门类确定应享的金额", "行业门类", figures["sections"]),
            class_="pair",
        ),
    )


def _missing(figures: dict[str, Any]) -> Html:
    facts = figures["missing"]
    if not facts:
        return _section("缺少的信息", "Missing facts", tag("p", "没有缺少的信息。"))
    titles = {each["id"]: each["title"] for each in figures["measures"]}
    top = [Bar(each["label"], each["openings"], f"{each['openings']:,} 户项") for each in facts[:MOST_BARS]]
    has_rows = "subjects" in facts[0]
    rows = [
        [
            each["label"],
            each["who"],
            *_counts(each["openings"], *([each["subjects"], each["settles_alone"]] if has_rows else [])),
            f"{len(each['measures']):,}",
            _unlocks(each, titles),
        ]
        for each in facts
    ]
    alone = ["缺它的户数", "只缺它即可定"] if has_rows else []
    heads = ["缺少的信息", "谁掌握", "未定户项", *alone, "涉及措施", "补上后有望定下的措施（户数最多的）"]
    return _section(
        "缺少的信息，补上能解开什么",
        "Facts missing most, and what they would unlock",
        bars("missing", "缺得最多的信息（所牵住的户项数）", f"最多的是{top[0].label}，{top[0].text}。", top),
        _table("缺少的信息", heads, rows, tuple(range(2, len(heads) - 1))),
        tag("p", "户项：一户对一项措施。同一户项可能同时缺几条信息，故各行不能相加。", class_="note"),
    )


def _unlocks(fact: dict[str, Any], titles: dict[str, str]) -> str:
    measures = fact["measures"]
    shown = "；".join(
        f"{titles.get(each['id'], each['id'])}（{each['subjects']:,}）" for each in measures[:3]
    )
    return f"{shown}等" if len(measures) > 3 else shown


def _missed(figures: dict[str, Any]) -> Html:
    missed = figures["missed"]
    titles = {each["id"]: each["title"] for each in figures["measures"]}
    ordered = sorted(missed["measures"], key=lambda each: (-each["missed_fen"], each["id"]))
    drawn = [
        Bar(titles.get(each["id"], each["id"]), each["missed_fen"], short_yuan(each["missed_fen"]))
        for each in ordered[:MOST_BARS]
    ]
    rows = [[titles.get(each["id"], each["id"]), _yuan(each["missed_fen"])] for each in ordered]
    return _section(
        "应享未享",
        "Owed and not received",
        tag(
            "p",
            f"名册载有已享受记录：{missed['subjects']:,} 户、{missed['rows']:,} 户项确定应享而未享或少享，差额 "
            f"{_yuan(missed['missed_fen'])} 元；另有 {missed['unclear_rows']:,} 户项不知已享多少，不列入。",
        ),
        bars("missed", "各项措施应享未享的金额", f"最高的是{drawn[0].label}，{drawn[0].text}。", drawn)
        if drawn
        else None,
        _table(
            "各项措施应享未享的金额",
            ["政策措施", "差额（元）"],
            rows,
            (1,),
            ["合计", _yuan(missed["missed_fen"])],
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
    if figures["synthetic"]:
        notes.insert(0, "虚构数据：本报告的企业和数字均为虚构，不得作任何决策依据。")
    return _section(
        "口径与限制",
        "Limits and method",
        tag("ul", *(tag("li", each) for each in notes)),
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


def _listed(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the measures that are in force for somebody here."""
    return [each for each in figures["measures"] if any(each["verdicts"][verdict] for verdict in LISTED)]


def _in_play(measure: dict[str, Any]) -> int:
    return sum(measure["verdicts"][verdict] for verdict in LISTED[:3])


def _basis(measure: dict[str, Any]) -> str:
    return "；".join(dict.fromkeys(each["sources"][0]["basis"] for each in measure["regions"]))


def _section(title: str, english: str, *children: Html | None) -> Html:
    return tag("section", tag("h2", title, tag("small", english, lang="en")), *children)


def _both(chinese: str, english: str) -> Html:
    return joined(chinese, tag("span", english, class_="basis", lang="en"))


def _keys() -> Html:
    keys = (tag("li", tag("span", class_=f"key {each}"), VERDICTS[each]) for each in LISTED)
    return tag("ul", *keys, class_="keys")


def _table(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    numbers: Sequence[int],
    foot: Sequence[str | None] | None = None,
) -> Html:
    """Return a table that scrolls in its own frame where it is wider than the screen; `numbers` are columns of figures."""

    def kind(place: int) -> str | None:
        return _NUMBER if place in numbers else None

    def row(cells: Sequence[str | None]) -> Html:
        first = tag("th", cells[0], scope="row")
        return tag(
            "tr", first, *(tag("td", cell, class_=kind(place)) for place, cell in enumerate(cells[1:], 1))
        )

    top = tag("tr", *(tag("th", head, scope="col", class_=kind(place)) for place, head in enumerate(heads)))
    return tag(
        "div",
        tag(
            "table",
            tag("caption", caption),
            tag("thead", top),
            tag("tbody", *map(row, rows)),
            tag("tfoot", row(foot)) if foot else None,
        ),
        class_="table",
        tabindex="0",
        role="region",
        aria_label=caption,
    )


def _counts(*numbers: int) -> list[str]:
    return [f"{each:,}" for each in numbers]


def _yuan(fen: int) -> str:
    return format_yuan_grouped(fen)
