"""The local library of official texts (文件库): a folder of files, with a search over all their clauses."""

from huiqi.documents.library.search import Hit, search
from huiqi.documents.library.store import DocumentLibrary, LibraryEntry, default_folder

__all__ = ["DocumentLibrary", "Hit", "LibraryEntry", "default_folder", "search"]
