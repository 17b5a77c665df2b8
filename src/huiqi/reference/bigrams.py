"""Pairs of characters, so that a search finds Chinese words of two characters without a dictionary.

Chinese runs become overlapping pairs (纾困资金: 纾困 困资 资金), Latin words and numbers stay whole, in one width
and lower case. Both sides of a search use the same pairs, so that a full-text index of plain words suffices.
"""

from __future__ import annotations

import re
import unicodedata

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_RUNS = re.compile(rf"[{_HAN}]+|[0-9a-z]+(?:\.[0-9]+)?")


def plain(text: str) -> str:
    """One width, lower case: the form in which a search compares."""
    return unicodedata.normalize("NFKC", text).lower()


def bigrams(text: str) -> str:
    """Return the terms of a text, apart by spaces, for an index. A single character stands alone."""
    return " ".join(term for run in _RUNS.findall(plain(text)) for term in _terms(run))


def phrases(query: str) -> tuple[tuple[str, ...], ...]:
    """Return each run of a query as the terms that must follow each other; () for a query without words."""
    return tuple(tuple(_terms(run)) for run in _RUNS.findall(plain(query)))


def words(query: str) -> tuple[str, ...]:
    """Return the runs of a query as they are looked for in a text, to mark the hits."""
    return tuple(dict.fromkeys(_RUNS.findall(plain(query))))


def _terms(run: str) -> list[str]:
    if run[0].isascii() or len(run) == 1:
        return [run]
    return [run[at : at + 2] for at in range(len(run) - 1)]
