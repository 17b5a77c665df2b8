"""When a text asks for something: dates, spans, times counted from issue, and rhythms."""

from huiqi.documents.deadlines.model import Deadline
from huiqi.documents.deadlines.reading import read_deadlines

__all__ = ["Deadline", "read_deadlines"]
