"""Where a transfer comes from: the order or the payment that made it. Other domains say it of their own keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from huiqi.portal.acts.actors import Actor
from huiqi.portal.funds.models import Transfer
from huiqi.portal.funds.queries import orders_seen


@dataclass(frozen=True, slots=True)
class Origin:
    """What made a transfer: its title, and its page."""

    title: str
    address: str


Origins = Callable[[Actor, Sequence[str]], Mapping[str, Origin]]
"""`origins(actor, keys)`: what made the transfers with these keys, those left out that the actor may not see."""
_ORIGINS: dict[str, Origins] = {}


def origins_from(word: str, origins: Origins) -> None:
    """Register who knows the transfers whose keys begin with this word and a colon."""
    _ORIGINS[word] = origins


def origins_of(actor: Actor, transfers: Iterable[Transfer]) -> dict[str, Origin]:
    """Return, by key, what made each transfer, as far as the actor may see it; one question a kind of key."""
    by_word: dict[str, list[str]] = {}
    for each in transfers:
        by_word.setdefault(each.key.partition(":")[0], []).append(each.key)
    found: dict[str, Origin] = {}
    for word, keys in by_word.items():
        if word in _ORIGINS:
            found |= _ORIGINS[word](actor, keys)
    return found


def _orders(actor: Actor, keys: Sequence[str]) -> Mapping[str, Origin]:
    numbers = {key: part for key in keys if (part := key.split(":")[1]).isdecimal()}
    rows = {str(each.pk): each for each in orders_seen(actor).filter(pk__in=set(numbers.values()))}
    return {
        key: Origin(f"{rows[part].number} {rows[part].document}", rows[part].address())
        for key, part in numbers.items()
        if part in rows
    }


origins_from("fund-order", _orders)
