"""Figures of a text: number, unit, direction, what they are of and until when; and figures that do not agree."""

from huiqi.documents.quantities.mismatches import Mismatch, read_list_mismatches, read_mismatches
from huiqi.documents.quantities.model import Quantity
from huiqi.documents.quantities.reading import read_quantities

__all__ = ["Mismatch", "Quantity", "read_list_mismatches", "read_mismatches", "read_quantities"]
