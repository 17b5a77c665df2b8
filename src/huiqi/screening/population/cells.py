"""A column being drawn: its values and which of them are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huiqi.screening.population.draws import Bools


@dataclass(slots=True)
class Cells:
    """Values in the units of the column (fen, millionths, days since 1970); with `words` they are places in them."""

    values: NDArray[Any]
    known: Bools
    words: tuple[str, ...] | None = None

    def arrow(self, type_: pa.DataType) -> pa.Array:
        """Return the column."""
        unknown = ~self.known
        if self.words is not None:
            assert pa.types.is_dictionary(type_)
            places = pa.array(
                self.values.astype(np.int8 if type_.index_type == pa.int8() else np.int32), mask=unknown
            )
            return pa.DictionaryArray.from_arrays(places, pa.array(self.words, type=pa.string()))
        if pa.types.is_date32(type_):
            return pa.array(self.values.astype(np.int32), mask=unknown).cast(pa.date32())
        return pa.array(self.values, type=type_, mask=unknown)


def known(values: NDArray[Any], words: tuple[str, ...] | None = None) -> Cells:
    """Return cells that are all known."""
    return Cells(values, np.ones(len(values), dtype=np.bool_), words)
