"""Payments and batches as what made a transfer of the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from huiqi.portal.acts.actors import Actor
from huiqi.portal.funds.origins import Origin, origins_from
from huiqi.portal.payments.queries import batches_of, payments_of


def _payments(actor: Actor, keys: Sequence[str]) -> Mapping[str, Origin]:
    references = {key: key.split(":")[1] for key in keys}
    rows = payments_of(actor).filter(reference__in=set(references.values())).defer("name", "account")
    found = {each.reference: each for each in rows}
    return {
        key: Origin(reference, found[reference].address())
        for key, reference in references.items()
        if reference in found
    }


def _batches(actor: Actor, keys: Sequence[str]) -> Mapping[str, Origin]:
    numbers = {key: part for key in keys if (part := key.split(":")[1]).isdecimal()}
    rows = {str(each.pk): each for each in batches_of(actor).filter(pk__in=set(numbers.values()))}
    return {
        key: Origin(rows[part].number, rows[part].address()) for key, part in numbers.items() if part in rows
    }


origins_from("payment", _payments)
origins_from("payment-batch", _batches)
