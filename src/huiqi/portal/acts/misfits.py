"""Values that do not fit what an act takes, said in Chinese beside their field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from huiqi.findings import Finding
from huiqi.portal.acts.refusals import Refused

_SAID = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项",
    "string_type": "应为文字",
    "string_too_short": "至少{min_length}个字",
    "string_too_long": "最多{max_length}个字",
    "string_pattern_mismatch": "格式不对",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "数字太大",
    "int_from_float": "应为整数",
    "bool_type": "应为是或否",
    "bool_parsing": "应为是或否",
    "date_type": "日期应写成2022-08-01这样",
    "date_parsing": "日期应写成2022-08-01这样，并且是真有的一天",
    "date_from_datetime_parsing": "日期应写成2022-08-01这样，并且是真有的一天",
    "date_from_datetime_inexact": "日期应写成2022-08-01这样，不带时间",
    "list_type": "应为列表",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "too_long": "最多{max_length}项",
    "too_short": "至少{min_length}项",
    "greater_than_equal": "不能小于{ge}",
    "greater_than": "应大于{gt}",
    "less_than_equal": "不能大于{le}",
    "less_than": "应小于{lt}",
}
# Controls other than tabs and ends of lines, and halves of characters.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_MOST_DEPTH = 20


def not_fitting(errors: Iterable[Mapping[str, Any]]) -> Refused:
    """Return the refusal of values that pydantic found wrong, one finding for each."""
    refused = Refused("填写的内容有误")
    refused.findings = tuple(
        Finding("", 0, ".".join(str(part) for part in each["loc"]), "bad-value", said(each), "", "")
        for each in errors
    )
    return refused


def said(error: Mapping[str, Any]) -> str:
    """Return one of pydantic's errors in Chinese; a guard's own words stay as they are."""
    sentence = _SAID.get(error["type"])
    return sentence.format(**error.get("ctx", {})) if sentence is not None else str(error["msg"])


def refuse_unwritable(value: Any, depth: int = 0) -> None:
    """Refuse text that no database takes (NUL, other controls, halves of characters), at any depth."""
    if depth > _MOST_DEPTH:
        raise PydanticCustomError("too-deep", "内容的层次太多")
    if isinstance(value, str):
        if _UNWRITABLE.search(value):
            raise PydanticCustomError("unwritable", "文字中有不能保存的字符（控制字符）")
    elif isinstance(value, Mapping):
        for key, each in value.items():
            refuse_unwritable(key, depth + 1)
            refuse_unwritable(each, depth + 1)
    elif isinstance(value, list | tuple):
        for each in value:
            refuse_unwritable(each, depth + 1)
