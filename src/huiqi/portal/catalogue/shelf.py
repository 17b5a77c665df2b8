"""The policy library as this process holds it: read once, with all that is worked out over it once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from huiqi.findings import BadInput
from huiqi.policies.library import PolicyLibrary, read_library
from huiqi.policies.shipped import shipped_policies
from huiqi.portal.catalogue.cards import Cards
from huiqi.portal.catalogue.words import FactWords
from huiqi.screening.answer import Answerer
from huiqi.screening.interview import Interviewer
from huiqi.screening.near_miss import NearMisses


@dataclass(frozen=True)
class Shelf:
    """The library and its readers. All of them hold nothing of a subject and may be shared by threads."""

    library: PolicyLibrary
    answerer: Answerer
    interviewer: Interviewer
    near_misses: NearMisses
    cards: Cards
    words: FactWords


@cache
def shelf() -> Shelf:
    """Return the policies of the folder in settings.POLICIES, else those that come with Huiqi.

    Raises BadInput where the folder has findings: a site must not answer from half a library.
    """
    folder = settings.POLICIES
    library, findings = read_library(Path(folder) if folder else shipped_policies())
    if findings:
        raise BadInput(findings)
    return Shelf(
        library,
        Answerer(library),
        Interviewer(library),
        NearMisses(library),
        Cards(library),
        FactWords(library),
    )


def library() -> PolicyLibrary:
    """Return the policy library alone."""
    return shelf().library
