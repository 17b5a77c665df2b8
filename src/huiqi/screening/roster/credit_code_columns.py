"""Many credit codes at once: the checks of `huiqi.reference.credit_codes` on whole columns.

What passes here is good by those rules (a test holds both to the same answer); what does not is read by them one by one.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huiqi.reference.credit_codes import ALPHABET, LENGTH, CreditCodeError, make_credit_code
from huiqi.rules.columns.frame import Bools

_ORGANISATION_WEIGHTS = np.array((3, 7, 9, 10, 5, 8, 4, 2))
_WEIGHTS = np.array([pow(3, place, 31) for place in range(LENGTH - 1)])
_BASE36 = np.full(256, -1, dtype=np.int64)
_BASE31 = np.full(256, -1, dtype=np.int64)
for _value, _char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
    _BASE36[ord(_char)] = _value
for _value, _char in enumerate(ALPHABET):
    _BASE31[ord(_char)] = _value
_ORGANISATION_CHECKS = np.frombuffer(b"0123456789X", dtype=np.uint8)
_SAMPLE_BODY = "MA000000"


def surely_good(codes: pa.Array) -> Bools:
    """Return which texts are good codes as they stand: 18 characters, each check right. Null is not good."""
    good = np.zeros(len(codes), dtype=np.bool_)
    candidates = pc.fill_null(pc.match_substring_regex(codes, "^[0-9A-Z]{18}$"), False)
    places = np.flatnonzero(candidates.to_numpy(zero_copy_only=False))
    if not len(places):
        return good
    chars = _characters(codes.take(pa.array(places)))
    values = _BASE31[chars]
    right = (values >= 0).all(axis=1)
    right &= (-(values[:, :17] @ _WEIGHTS) % 31) == values[:, 17]
    body = _BASE36[chars[:, 8:16]]
    right &= _ORGANISATION_CHECKS[-(body @ _ORGANISATION_WEIGHTS) % 11] == chars[:, 16]
    right &= _good_beginnings(chars[:, :8])
    good[places] = right
    return good


def _characters(codes: pa.Array) -> NDArray[np.uint8]:
    joined = pa.array(codes.cast(pa.binary()), pa.binary()).cast(pa.binary(LENGTH))
    raw = np.frombuffer(joined.buffers()[1], dtype=np.uint8)
    begin = joined.offset * LENGTH
    return raw[begin : begin + len(joined) * LENGTH].reshape(-1, LENGTH)


def _good_beginnings(chars: NDArray[np.uint8]) -> Bools:
    keys = np.ascontiguousarray(chars).view("<u8").ravel()
    unique, inverse = np.unique(keys, return_inverse=True)
    answers = [_is_good_beginning(int(key).to_bytes(8, "little").decode()) for key in unique]
    return np.asarray(answers, dtype=np.bool_)[inverse]


@lru_cache(maxsize=65_536)
def _is_good_beginning(beginning: str) -> bool:
    """Tell whether a register, a kind of body and a division stand in front, whatever body follows."""
    try:
        make_credit_code(beginning[2:], _SAMPLE_BODY, register=beginning[0], kind=beginning[1])
    except CreditCodeError:
        return False
    return True
