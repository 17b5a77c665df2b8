"""Credit codes for a synthetic population: right in form, unique, and of no organisation.

The eight characters of the organisation code begin with XX and then count the rows. Parts and check characters
follow GB 32100-2015 and GB 11714, as in `huiqi.reference.credit_codes`.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huiqi.reference.credit_codes import ALPHABET, LENGTH
from huiqi.screening.population.draws import Whole

MOST = 31**6
"""How many different codes there are."""
_LETTERS = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
_VALUE_36 = np.array([int(char, 36) for char in ALPHABET], dtype=np.int64)
_ORGANISATION_WEIGHTS = np.array((3, 7, 9, 10, 5, 8, 4, 2), dtype=np.int64)
_WEIGHTS = np.array([pow(3, place, 31) for place in range(17)], dtype=np.int64)
_X = ALPHABET.index("X")


def credit_codes(kinds: Whole, regions: Whole, numbers: Whole) -> pa.Array:
    """Return a code for each row.

    Args:
        kinds: the first two characters as places in the alphabet, 31 times the first plus the second.
        regions: six-digit codes as numbers.
        numbers: a different number below `MOST` for each row.
    """
    places = np.zeros((len(numbers), LENGTH), dtype=np.int64)
    places[:, 0], places[:, 1] = kinds // 31, kinds % 31
    for column in range(6):
        places[:, 2 + column] = regions // 10 ** (5 - column) % 10
    places[:, 8:10] = _X
    for column in range(6):
        places[:, 10 + column] = numbers // 31 ** (5 - column) % 31
    check = -(_VALUE_36[places[:, 8:16]] @ _ORGANISATION_WEIGHTS) % 11
    places[:, 16] = np.where(check == 10, _X, check)
    places[:, 17] = -(places[:, :17] @ _WEIGHTS) % 31
    return fixed_texts(_LETTERS[places])


def fixed_texts(letters: NDArray[np.uint8]) -> pa.Array:
    """Return texts of one length from a table of their characters, a row a text."""
    rows, length = letters.shape
    offsets = np.arange(rows + 1, dtype=np.int32) * length
    letters = np.ascontiguousarray(letters)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(letters))
