"""A sentence of a clause and its class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "benefit",
    "status",
    "target",
    "duty",
    "mechanism",
    "encouragement",
    "organisation",
    "publicity",
    "citation",
    "heading",
    "attribution",
    "closing",
    "table",
]
"""The classes of docs/sentence-classes.md."""

KINDS: dict[Kind, str] = {
    "benefit": "惠企",
    "status": "资格",
    "target": "目标",
    "duty": "任务",
    "mechanism": "机制",
    "encouragement": "鼓励",
    "organisation": "组织保障",
    "publicity": "宣传培训",
    "citation": "依据",
    "heading": "标题",
    "attribution": "责任分工",
    "closing": "附则",
    "table": "表格",
}
"""Every class and what it is called in Chinese, those of content before those of structure."""

STRUCTURAL: frozenset[Kind] = frozenset({"heading", "attribution", "closing", "table"})
"""Classes that say what a sentence is for in the text, not what it demands or promises."""


@dataclass(frozen=True, slots=True)
class ClassedSentence:
    """One sentence: where it stands in its clause's text, its class, and why.

    `rule` names the rule that decided, `cue` the words that it found (empty where no words decided).
    """

    start: int
    end: int
    kind: Kind
    rule: str
    cue: str = ""

    @property
    def why(self) -> str:
        """The rule and the words that decided, as a page shows them."""
        return f"{self.rule}：{self.cue}" if self.cue else self.rule
