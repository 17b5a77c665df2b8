"""The outline of a document (条款树): who does what by when, how much, and what kind of sentence each is."""

from huiqi.documents.outline.model import WEIGHT, Outline, OutlinedClause, OutlinedPlan
from huiqi.documents.outline.reading import outline

__all__ = ["WEIGHT", "Outline", "OutlinedClause", "OutlinedPlan", "outline"]
