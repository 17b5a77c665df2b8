"""The data dictionary as Markdown, made from the facts: `python -m huiqi.policies.fact_pages > docs/facts.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.policies.shipped import shipped_policies
from huiqi.rules.facts import KNOWN_BY, SUBJECT, Fact, RecordKind
from huiqi.rules.types import Kind

_KINDS = {
    Kind.TRUTH: "是否",
    Kind.DATE: "日期",
    Kind.INDUSTRY: "行业代码",
    Kind.REGION: "行政区划代码",
    Kind.TEXT: "文字",
}


def fact_page(library: PolicyLibrary) -> str:
    """Return the page: one table a record, then the definitions and the dated lists."""
    lines = [
        "# 数据字典 Facts",
        "",
        "本页由 `python -m huiqi.policies.fact_pages` 从 `policies/facts/` 生成，不要手工修改。"
        "This page is made from the fact dictionary; do not edit it.",
        "",
        "没有给出的事实是未知，不是否。清单（如 `leases`）给出即完整，`[]` 表示没有。"
        "A fact that is not given is unknown; a list that stands there is complete.",
    ]
    for record in library.facts.records.values():
        lines += ["", *_table(record)]
    lines += ["", "## 按规则计算 Computed", "", "| 名称 | 中文 | 英文 | 取值 |", "| --- | --- | --- | --- |"]
    for definition in library.definitions.values():
        values = "、".join(f"`{value}` {title}" for value, title in definition.type.choices) or "是、否"
        lines.append(f"| `{definition.id}` | {definition.title} | {definition.english} | {values} |")
    lines += ["", "## 名单 Lists", "", "| 名称 | 中文 | 英文 | 由谁保管 |", "| --- | --- | --- | --- |"]
    for each in library.lists.values():
        lines.append(f"| `{each.id}` | {each.title} | {each.english} | {each.kept_by} |")
    return "\n".join(lines) + "\n"


def _table(record: RecordKind) -> Iterator[str]:
    list_name = f"，清单 `{record.list_name}`" if record.name != SUBJECT else ""
    yield f"## {record.label} `{record.name}`{list_name}"
    yield ""
    yield "| 名称 | 中文 | 英文 | 类型或单位 | 谁掌握 | 说明 |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for fact in record.facts.values():
        label = fact.label + ("（按期）" if fact.period else "")
        known = KNOWN_BY[fact.known_by]
        yield f"| `{fact.name}` | {label} | {fact.english} | {_type(fact)} | {known} | {fact.about} |"


def _type(fact: Fact) -> str:
    if fact.type.kind is Kind.CHOICE:
        return "、".join(f"`{value}` {label}" for value, label in fact.type.choices)
    if fact.unit is not None:
        return fact.unit.chinese or "比例"
    return _KINDS[fact.type.kind]


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(fact_page(load_library(shipped_policies())))
