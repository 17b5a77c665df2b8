"""The sections of the page on money: by measure, by region, by size and industry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from huiqi.reference.regions import UnknownRegion, region
from huiqi.rules.verdicts import ELIGIBLE, LIKELY, VERDICTS
from huiqi.screening.assess import COUNTED
from huiqi.screening.report.charts import Bar, Stack, Tile, bars, short_yuan, stacks, tiles
from huiqi.screening.report.figures import LISTED
from huiqi.screening.report.markup import Html, joined, tag
from huiqi.screening.report.page_parts import counts, in_force_here, keys, section, table, yuan

MOST_BARS = 15
MOST_TILES = 150


def measures_section(figures: dict[str, Any]) -> Html:
    """Return what each measure costs and how it was judged."""
    measures = in_force_here(figures)
    with_money = sorted(
        (each for each in measures if each["amount_is"] in COUNTED and each["certain_fen"]),
        key=lambda each: (-each["certain_fen"], each["id"]),
    )
    top = [
        Bar(each["title"], each["certain_fen"], short_yuan(each["certain_fen"]))
        for each in with_money[:MOST_BARS]
    ]
    if len(with_money) > MOST_BARS:
        rest = sum(each["certain_fen"] for each in with_money[MOST_BARS:])
        top.append(Bar(f"其他 {len(with_money) - MOST_BARS} 项", rest, short_yuan(rest)))
    in_play = sorted(measures, key=lambda each: (-_in_play(each), each["id"]))[: MOST_BARS + 1]
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
    documents = {each["id"]: place for place, each in enumerate(figures["documents"], 1)}
    ordered = sorted(
        filter(_in_play, measures),
        key=lambda each: (
            -each["certain_fen"] * (each["amount_is"] in COUNTED),
            -each["verdicts"][ELIGIBLE],
            each["id"],
        ),
    )
    idle = len(measures) - len(ordered)
    shown = [each for each in ordered if each["verdicts"][ELIGIBLE] or each["verdicts"][LIKELY]]
    open_ = [each for each in ordered if not (each["verdicts"][ELIGIBLE] or each["verdicts"][LIKELY])]
    verdicts = [VERDICTS[each] for each in LISTED]
    heads = ["政策措施与依据", "确定金额（元）", "金额性质", *verdicts]
    heads += ["待确认金额（元）", "金额待定户数", "兑现方式"]
    return section(
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
                keys(),
                stacks(
                    "verdicts",
                    "各项措施判定结果所占比例（涉及户数最多的措施）",
                    "每条为一项措施，按户数分为符合、可能符合、尚不确定、不符合。",
                    parts,
                ),
            ),
            class_="pair",
        ),
        table(
            "各项措施：判定户数与金额",
            heads,
            [_measure_row(each, documents) for each in shown],
            (1, *range(3, 9)),
            [
                "发放与减免合计",
                yuan(figures["total_certain_fen"]),
                *[None] * 5,
                yuan(figures["total_likely_fen"]),
                *[None] * 2,
            ],
        ),
        tag(
            "details",
            tag("summary", f"另有 {len(open_):,} 项措施尚无一户符合或可能符合，只有尚不确定的户"),
            table(
                "尚不确定的措施",
                heads,
                [_measure_row(each, documents) for each in open_],
                (1, *range(3, 9)),
            ),
        )
        if open_
        else None,
        tag(
            "p",
            "〔数字〕为文末所列文件。只有应发金额和减免金额计入合计；缓缴、限额、扣除额等按各自性质单列，不相加。",
            f"另有 {idle:,} 项在用措施无人符合或待定，见 summary.xlsx。" if idle else None,
            class_="note",
        ),
    )


def _measure_row(measure: dict[str, Any], documents: dict[str, int]) -> list[str]:
    has_amount = measure["has_amount"]
    return [
        joined(measure["title"], tag("span", _basis(measure, documents), class_="basis")),
        yuan(measure["certain_fen"]) if has_amount else "—",
        measure["amount_is_title"],
        *counts(*(measure["verdicts"][verdict] for verdict in LISTED)),
        yuan(measure["likely_fen"]) if has_amount else "—",
        f"{measure['unknown_amounts']:,}" if has_amount else "—",
        measure["delivery_title"],
    ]


def regions_section(figures: dict[str, Any]) -> Html:
    """Return what each region is owed, as a grid of tiles and a table."""
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
            yuan(each["certain_fen"]),
            *counts(each["subjects"], *([each["owed_subjects"]] if has_owed else [])),
            yuan(each["deferred_fen"]),
        ]
        for each in counties
    ]
    heads = ["县市", "确定应享（元）", "主体数", *(["有确定金额的"] if has_owed else []), "可缓缴（元）"]
    foot = [
        "合计",
        yuan(figures["total_certain_fen"]),
        f"{figures['subjects']['all']:,}",
        *([f"{figures['owed_subjects']:,}"] if has_owed else []),
        yuan(figures["total_deferred_fen"]),
    ]
    note = "每格一个地区，颜色由浅到深按确定应享金额分五档；格中为金额和" + (
        "有确定金额的户数。" if has_owed else "主体数。"
    )
    return section(
        "地区",
        "By region",
        tiles("regions", "各地区确定应享的金额", about, grid),
        tag("p", note, class_="note"),
        table("各地区", heads, rows, tuple(range(1, len(heads))), foot),
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


def sizes_section(figures: dict[str, Any]) -> Html:
    """Return what each size class and section of industry is owed."""

    def one(name: str, title: str, heading: str, rows: Sequence[dict[str, Any]]) -> Html:
        ordered = sorted(rows, key=lambda each: (-each["certain_fen"], each["code"] or "~"))
        drawn = [
            Bar(each["name"], each["certain_fen"], short_yuan(each["certain_fen"]))
            for each in ordered
            if each["certain_fen"]
        ]
        highest = f"最高的是{drawn[0].label}，{drawn[0].text}。" if drawn else "没有确定金额。"
        lines = [
            [
                each["name"] if name == "sizes" or not each["code"] else f"{each['code']} {each['name']}",
                yuan(each["certain_fen"]),
                *counts(each["subjects"], each["verdicts"][ELIGIBLE]),
            ]
            for each in rows
        ]
        foot = ["合计", yuan(figures["total_certain_fen"]), f"{figures['subjects']['all']:,}", None]
        chart = bars(name, title, highest, drawn) if drawn else tag("p", "没有确定的发放或减免金额。")
        heads = [heading, "确定应享（元）", "主体数", "符合（户项）"]
        return tag("div", chart, table(heading, heads, lines, (1, 2, 3), foot), class_="pair")

    return section(
        "规模与行业",
        "By size and industry",
        one("sizes", "各规模确定应享的金额", "企业规模", figures["sizes"]),
        one("industries", "各行业门类确定应享的金额", "行业门类", figures["sections"]),
    )


def _in_play(measure: dict[str, Any]) -> int:
    return sum(measure["verdicts"][verdict] for verdict in LISTED[:3])


def _basis(measure: dict[str, Any], documents: dict[str, int]) -> str:
    """Return the clauses with the numbers that the documents bear at the end of the page."""
    first = [each["sources"][0] for each in measure["regions"]]
    parts = [f"〔{documents[each['document']]}〕{each['clause']}" for each in first]
    return "；".join(dict.fromkeys(parts))
