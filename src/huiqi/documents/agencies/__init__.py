"""Which offices a text makes answer for something, and in which role.

What counts: a closing bracket （A牵头，B配合）, a unit line (责任单位：A、B), each wherever it stands; and, in a
text with neither, a sentence that opens with the attribution itself (由A负责…; 各县市人民政府负责…). Offices
that running text merely mentions do not count, nor do sentences beside a formal attribution: the bracket or
line is what offices go by when they divide the work.
"""

from __future__ import annotations

from huiqi.documents.agencies.clauses import ClauseAgencies, document_agencies
from huiqi.documents.agencies.general import general_statements, implied_for
from huiqi.documents.agencies.model import AgencyMention, AgencyReading, Declared, Implied, Role
from huiqi.documents.agencies.places import place_of
from huiqi.documents.agencies.reader import read_agencies
from huiqi.reference.agencies import Place

__all__ = [
    "AgencyMention",
    "AgencyReading",
    "ClauseAgencies",
    "Declared",
    "Implied",
    "Place",
    "Role",
    "document_agencies",
    "general_statements",
    "implied_for",
    "place_of",
    "read_agencies",
]
