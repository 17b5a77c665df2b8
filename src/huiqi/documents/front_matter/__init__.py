"""Title, number, offices, days, addressees, documents cited and copies sent."""

from huiqi.documents.front_matter.cited import find_cited
from huiqi.documents.front_matter.model import CitedDocument, FrontMatter
from huiqi.documents.front_matter.reading import Around, read_front_matter

__all__ = ["Around", "CitedDocument", "FrontMatter", "find_cited", "read_front_matter"]
