"""`huiqi size`: the size class of a firm."""

from __future__ import annotations

from typing import Any

import click

from huiqi.cli.options import console, json_option, language_option, print_json
from huiqi.findings import BadInput, Finding

_ENGLISH = {
    "large": "大型",
    "medium": "中型",
    "small": "小型",
    "micro": "微型",
    "self_employed": "个体工商户",
    "not_covered": "划型标准未列",
    "undetermined": "尚不确定",
}
_FACTS = {"employees": "从业人员", "revenue": "营业收入", "assets": "资产总额", "industry": "行业"}


def _refuse(option: str, error: Exception, mend: str) -> BadInput:
    return BadInput([Finding("", 0, f"--{option}", "bad-option", str(error), "", mend)])


@click.command("size")
@click.option(
    "--industry", required=True, help="Code of GB/T 4754-2017, with or without the letter (H6210, 26)."
)
@click.option("--employees", help="Persons at the year's end.")
@click.option("--revenue", help="Revenue of the year in yuan.")
@click.option("--assets", help="Total assets in yuan.")
@click.option("--self-employed", is_flag=True, help="A self-employed household (个体工商户).")
@json_option
@language_option
def size_command(
    industry: str,
    employees: str | None,
    revenue: str | None,
    assets: str | None,
    self_employed: bool,
    as_json: bool,
    language: str,
) -> None:
    """Tell the size class (划型) from industry, employees, revenue and assets."""
    from huiqi.reference.industries import UnknownIndustry
    from huiqi.reference.money import MoneyError, parse_yuan
    from huiqi.reference.size_classes import SizeInputError, classify

    amounts: dict[str, int | None] = {}
    for name, text in (("revenue", revenue), ("assets", assets)):
        try:
            amounts[name] = parse_yuan(text) if text is not None else None
        except MoneyError as error:
            raise _refuse(name, error, "write yuan with at most two decimals, such as 3000000") from None
    try:
        persons = int(employees) if employees is not None else None
    except ValueError:
        wrong = ValueError(f"{str(employees)[:30]} is no number of persons")
        raise _refuse("employees", wrong, "write a whole number such as 8") from None
    try:
        verdict = classify(industry, persons, amounts["revenue"], amounts["assets"], self_employed)
    except UnknownIndustry as error:
        raise _refuse("industry", error, "write a code of GB/T 4754-2017 such as H6210") from None
    except SizeInputError as error:
        raise _refuse("employees", error, "write a number that a firm can have") from None
    answer = verdict.to_json()
    if as_json:
        print_json(answer)
    else:
        _print(answer, language)


def _print(answer: dict[str, Any], language: str) -> None:
    from rich.table import Table
    from rich.text import Text

    zh = language == "zh"
    out = console()
    name = str(answer["class"])
    head = f"{'规模' if zh else 'size class'}: {_ENGLISH[name] if zh else name}"
    out.print(Text(head, style="bold green" if name != "undetermined" else "bold yellow"))
    if name == "undetermined":
        possible = [_ENGLISH[each] if zh else each for each in answer["possible"]]
        missing = [_FACTS.get(each, each) if zh else each for each in answer["missing"]]
        out.print(f"{'可能' if zh else 'possible'}: {'、'.join(possible)}")
        out.print(f"{'还需提供' if zh else 'still needed'}: {'、'.join(missing)}")
    if answer["industry_row_name"]:
        out.print(f"{'划型标准行业' if zh else 'row of the standard'}: {answer['industry_row_name']}")
    if answer["criteria"]:
        table = Table(
            *(("指标", "档", "下限", "数值", "达到") if zh else ("fact", "class", "bound", "value", "met"))
        )
        words = {True: "是" if zh else "yes", False: "否" if zh else "no", None: "?"}
        for each in answer["criteria"]:
            fact = _FACTS[each["fact"]] if zh else each["fact"]
            level = _ENGLISH[each["class"]] if zh else each["class"]
            value = "?" if each["value"] is None else str(each["value"])
            table.add_row(fact, level, str(each["threshold"]), value, words[each["met"]])
        out.print(table)
    if answer["note"]:
        out.print(str(answer["note"]))
