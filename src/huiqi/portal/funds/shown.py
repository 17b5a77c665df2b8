"""Words of this domain in the language of the visit."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

from huiqi.portal.funds.models import KINDS, PURPOSES, STAGES
from huiqi.portal.funds.order_models import ORDER_KINDS


def in_language(words: tuple[str, str]) -> str:
    """Return the Chinese or the English of a pair."""
    return words[1] if (get_language() or "").startswith("en") else words[0]


def _choices(table: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, in_language(words)) for name, words in table.items()]


def account_kind(kind: str) -> str:
    """Return what a kind of account is called."""
    return in_language(KINDS.get(kind, (kind, kind)))


def purpose_words(purpose: str) -> str:
    """Return what a purpose of transfers is called."""
    return in_language(PURPOSES.get(purpose, (purpose, purpose)))


def stage_words(stage: str) -> str:
    """Return what a stage of transfers is called."""
    return in_language(STAGES.get(stage, (stage, stage)))


def order_kind(kind: str) -> str:
    """Return what a kind of order is called."""
    return in_language(ORDER_KINDS.get(kind, (kind, kind)))


def purposes() -> list[tuple[str, str]]:
    """Return the purposes to choose from."""
    return _choices(PURPOSES)


def order_kinds() -> list[tuple[str, str]]:
    """Return the kinds of orders to choose from."""
    return _choices(ORDER_KINDS)
