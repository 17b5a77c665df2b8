"""The table of all measures as Markdown, made from the policies: `python -m huiqi.policies.inventory > docs/measures.md`.

Measures are grouped by the special action (专项行动) that prints them, the others by the document they come from.
"""

from __future__ import annotations

import datetime
import re
import sys
from collections import Counter
from collections.abc import Sequence

from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.policies.shipped import shipped_policies
from huiqi.reference.regions import NATION, full_name
from huiqi.rules.facts import SUBJECTS
from huiqi.rules.measure import AMOUNT_IS, DELIVERIES, KINDS, NEVER, Measure, Source
from huiqi.rules.render_measure import clause_name, states_no_figure

_HEADS = ("编号 id", "名称", "类别", "地区", "适用主体", "有效期", "金额", "兑现方式", "出处")
_PART = re.compile(r"（[一二三四五六七八九十]+）$")


def inventory_table(library: PolicyLibrary) -> str:
    """Return the page: a summary, then one table a group with one row a measure and region."""
    groups = _groups(library)
    numbered = {each: number for number, each in enumerate(_cited(library), 1)}
    measures, ids = len(library.measures), len(library.by_id)
    stated = sum(1 for each in library.measures if not each.information)
    lines = [
        "# 政策措施一览 Measures",
        "",
        "本页由 `python -m huiqi.policies.inventory` 从 `policies/` 生成，不要手工修改。"
        "This page is made from the policies; do not edit it.",
        "",
        f"共 {ids} 项措施，按地区计 {measures} 条规则，其中 {stated} 条可以计算或判定，"
        f"{measures - stated} 条没有金额或者文件没有写明，作为信息提供，表中写明原因。",
        f"{ids} measures, {measures} rules by region: {stated} computed or judged, {measures - stated} shown as "
        "information because the text states no figure or there is none; the reason stands in the column 金额.",
        "",
        "| 类别 | " + " | ".join(KINDS.values()) + " |",
        "|---|" + "---|" * len(KINDS),
        "| 规则 | " + " | ".join(str(sum(m.kind == kind for m in library.measures)) for kind in KINDS) + " |",
        "",
    ]
    for name, rows in groups.items():
        lines += [f"## {name}", "", f"| {' | '.join(_HEADS)} |", "|" + "---|" * len(_HEADS)]
        lines += [_row(library, each, numbered) for each in rows]
        lines.append("")
    lines += ["## 文件 Documents", ""]
    for document_id, number in numbered.items():
        document = library.documents[document_id]
        more = "，".join(part for part in (document.number, document.issuer, document.date) if part)
        lines.append(f"{number}. 《{document.title}》{f'（{more}）' if more else ''} `{document_id}`")
    return "\n".join(lines) + "\n"


def _cited(library: PolicyLibrary) -> list[str]:
    """Return the documents that a measure cites, in the order of their ids."""
    return sorted({source.document for measure in library.measures for source in measure.sources})


def _groups(library: PolicyLibrary) -> dict[str, list[Measure]]:
    """Return the measures under the special action or document that promises them; all regions of one id together."""
    plans = [plan for document in library.documents.values() for plan in document.plans]
    order = list(dict.fromkeys(_PART.sub("", plan) for plan in plans))
    found: dict[str, list[Measure]] = {}
    for measure_id in sorted(library.by_id):
        variants = library.by_id[measure_id]
        sources = [source for measure in variants for source in measure.sources]
        found.setdefault(_group(library, sources), []).extend(variants)
    names = [name for name in order if name in found] + sorted(name for name in found if name not in order)
    return {name: found[name] for name in names}


def _group(library: PolicyLibrary, sources: Sequence[Source]) -> str:
    """Return the special action that most of the sources belong to, the earliest of several."""
    firsts = ((source.clause.split("/")[0], library.documents[source.document].plans) for source in sources)
    actions = Counter(_PART.sub("", first) for first, plans in firsts if first in plans)
    return actions.most_common(1)[0][0] if actions else library.documents[sources[0].document].title


def _row(library: PolicyLibrary, measure: Measure, numbered: dict[str, int]) -> str:
    cells = [
        f"`{measure.id}`",
        measure.title,
        KINDS[measure.kind],
        "全国" if measure.region == NATION else full_name(measure.region),
        "、".join(SUBJECTS[each] for each in measure.subject),
        _in_force(measure),
        _amount(library, measure),
        DELIVERIES[measure.delivery],
        "；".join(_where(library, measure, numbered)),
    ]
    kept = (cell.replace("|", "｜") for cell in cells)
    return f"| {' | '.join(kept)} |"


def _amount(library: PolicyLibrary, measure: Measure) -> str:
    if measure.information:
        return f"{'没有写明' if states_no_figure(measure) else '不计算'}：{measure.information}"
    if measure.amount_is == "none":
        return "—"
    per = f"（按{library.facts.records[measure.per].label}）" if measure.per else ""
    return AMOUNT_IS[measure.amount_is] + per


def _in_force(measure: Measure) -> str:
    first = measure.in_force.first.isoformat()
    if measure.in_force.to == NEVER:
        return f"{first} 起"
    return f"{first} 至 {measure.in_force.to - datetime.timedelta(days=1)}"


def _where(library: PolicyLibrary, measure: Measure, numbered: dict[str, int]) -> list[str]:
    """Return the clauses by document: [9] 二（一）、二（三）."""
    clauses: dict[str, list[str]] = {}
    for source in measure.sources:
        name = clause_name(source.clause, library.documents[source.document].plans)
        kept = clauses.setdefault(source.document, [])
        if name not in kept:
            kept.append(name)
    return [f"[{numbered[document]}] {'、'.join(names)}" for document, names in clauses.items()]


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(inventory_table(load_library(shipped_policies())))
