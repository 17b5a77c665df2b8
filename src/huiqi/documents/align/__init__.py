"""From level to level (上下级对照): which clause below carries out which above, and what differs."""

from huiqi.documents.align.aligning import align
from huiqi.documents.align.model import (
    Alignment,
    ClausePair,
    Demand,
    Difference,
    Likeness,
    Passage,
    PlanPair,
    Side,
)

__all__ = [
    "Alignment",
    "ClausePair",
    "Demand",
    "Difference",
    "Likeness",
    "Passage",
    "PlanPair",
    "Side",
    "align",
]
