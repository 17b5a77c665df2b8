"""Words of cells: what counts as nothing, and what counts as yes or no besides what case files take."""

from __future__ import annotations

UNKNOWN = frozenset(
    {
        *(
            "",
            "-",
            "--",
            "---",
            "—",
            "——",
            "–",
            "/",
            "\\",
            "n/a",
            "na",
            "null",
            "nil",
            "none",
            "~",
            "?",
            "？",
        ),
        *("无", "不详", "未知", "不清楚", "不明", "暂无", "未填", "未填写", "待定", "unknown"),
    }
)
"""A cell with one of these (any width or case) is unknown, as an empty one; in a yes-no column 无 is no."""

YES = frozenset({"yes", "true", "y", "t", "1", "是", "有", "对", "√", "✓", "✔"})
NO = frozenset({"no", "false", "n", "f", "0", "否", "无", "没有", "不是", "×", "✗", "✘"})
