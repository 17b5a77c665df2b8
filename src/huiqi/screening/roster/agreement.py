"""Definitions that a roster gives (划型, 小型微利) held against its other facts: they must not contradict."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import cast

import numpy as np

from huiqi.policies.library import PolicyLibrary
from huiqi.rules.columns.compile import Compiler
from huiqi.rules.columns.frame import Block, Bools, Codes, Possible, Truth
from huiqi.rules.typed import Defined
from huiqi.screening.situations import completed


class Agreement:
    """Computes the definitions that a roster gives, from all else."""

    def __init__(self, library: PolicyLibrary, as_of: datetime.date, names: list[str]) -> None:
        self.library = library
        self.as_of = as_of
        self.names = [name for name in names if name in library.definitions]
        self._compiler = Compiler(library.facts, library.evaluator, as_of)

    def disagreeing(self, block: Block) -> Iterator[tuple[str, Bools, list[str]]]:
        """Yield each definition given against the other facts: its rows, and what each of them makes it."""
        if not self.names:
            return
        whole = completed(block, self.library, self.as_of)
        for name in self.names:
            given = whole.frame().column(name, self.library.definitions[name].test is None)
            place = whole.firms.schema.get_field_index(name)
            others = Block(whole.firms.remove_column(place), whole.records, whole.first)
            node = Defined(type=self.library.definitions[name].type, name=name)
            computed = self._compiler.operation(node).on(others.frame())
            if isinstance(computed, Truth):
                truth = cast(Truth, given)
                against = (truth.yes & computed.surely_no) | (truth.surely_no & computed.yes)
                if against.any():
                    yield name, against, ["yes" if each else "no" for each in computed.yes[against]]
            else:
                against, words = _outside(cast(Codes, given), cast(Possible, computed))
                if against.any():
                    yield name, against, words


def _outside(given: Codes, computed: Possible) -> tuple[Bools, list[str]]:
    against = np.zeros(len(given.codes), dtype=np.bool_)
    for code, word in enumerate(given.words):
        possible = computed.planes.get(word)
        stands = given.codes == code
        against |= stands if possible is None else stands & ~possible
    words = [
        " or ".join(name for name, plane in computed.planes.items() if plane[row])
        for row in np.flatnonzero(against)
    ]
    return against, words
