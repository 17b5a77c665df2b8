"""What the parts of an alignment are called in Chinese."""

from __future__ import annotations

from huiqi.documents.align.model import Change, Kind, Way

KINDS: dict[Kind, str] = {
    "figure": "数字",
    "date": "时间",
    "rhythm": "节奏",
    "agency": "单位",
    "scope": "对象",
    "promise": "承诺",
}
CHANGES: dict[Change, str] = {"weakened": "弱化", "strengthened": "加强", "changed": "变化"}
WAYS: dict[Way, str] = {
    "same-place": "顺序对应",
    "split": "一条对多条",
    "merged": "多条对一条",
    "elsewhere": "不按顺序",
    "carried": "由方案落实",
}
