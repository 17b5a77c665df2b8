"""Which attachments an application needs, and how large they may be, read from attachments.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from huiqi.portal.catalogue.shelf import library
from huiqi.portal.catalogue.words import in_chinese
from huiqi.rules.render_measure import clause_name

FILE = Path(__file__).parent / "attachments.yaml"
SCHEMA = Path(__file__).parent / "attachments.schema.json"


@dataclass(frozen=True, slots=True)
class Needed:
    """One thing to attach: what it shows, whether handing in waits for it, whether a declaration may take its place.

    `document`, `clause` and `words` say where the text asks for it; empty where the office does.
    """

    id: str
    zh: str
    en: str
    required: bool
    set_by: str
    instead: bool = False
    document: str = ""
    clause: str = ""
    words: str = ""

    @property
    def title(self) -> str:
        """What it is, in the language of the visit."""
        return self.zh if in_chinese() else self.en

    @property
    def source(self) -> str:
        """The text and clause that ask for it, "" where the office does."""
        found = library().documents.get(self.document)
        if found is None:
            return self.document
        return f"《{found.title}》{clause_name(self.clause, found.plans)}"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of a file and of all, files of an application, pages of a PDF, points of a picture."""

    file: int
    files: int
    total: int
    pages: int
    pixels: int


def needed_for(measure: str) -> tuple[Needed, ...]:
    """Return what is to be attached for a measure, the required first; what is asked of everybody comes last."""
    own = tuple(Needed(**each) for each in _read()["measures"].get(measure, ()))
    rest = tuple(Needed(**each) for each in _read()["default"])
    return (*sorted(own, key=lambda each: not each.required), *rest)


def limits() -> Limits:
    """Return how large files may be."""
    return Limits(**_read()["limits"])


@cache
def _read() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.load(FILE.read_text("utf-8"), yaml.CSafeLoader)
    return found
