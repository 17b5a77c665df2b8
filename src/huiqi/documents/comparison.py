"""The comparison form of a text: equal for copies that differ in widths, spaces, quotes or line breaks."""

from __future__ import annotations

import re
import unicodedata

_UNIFIED = {
    **dict.fromkeys("“”„‟«»《》〈〉‹›「」『』〝〞＂", '"'),
    **dict.fromkeys("‘’‚‛′＇`", "'"),
    **dict.fromkeys("－—–―‒‐‑−~～〜˜", "-"),
    **dict.fromkeys("〔〕【】［］〖〗", "["),
    **dict.fromkeys("・•‧∙", "·"),
    "。": ".",
    "｡": ".",
    "]": "[",
}
_TABLE = str.maketrans(_UNIFIED)
_DASHES = re.compile(r"-{2,}")
# Spaces, and characters that print nothing: byte-order marks, joiners, soft hyphens, control codes.
_INVISIBLE = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\x00-\x1f\x7f-\x9f]"
)


def normalise(text: str) -> str:
    """The comparison form of `text`: one width, one kind of quote, dash, bracket, full stop, no white space.

    Case is kept. The form is stable: normalising it again changes nothing.
    """
    while True:
        form = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).translate(_TABLE)
        form = _DASHES.sub("-", _INVISIBLE.sub("", form))
        # Taking out an invisible character can let an accent join its letter: go on until nothing moves.
        if form == text:
            return form
        text = form


def count_words(words: str, text: str) -> int:
    """How often `words` stand in `text`, both in comparison form.

    A figure is never found inside a longer one: 5% does not stand in 15% or in 1.5%.
    Raises ValueError when `words` holds nothing to look for.
    """
    wanted = normalise(words)
    if not wanted:
        raise ValueError("the words to look for are empty: cite the deciding words of the clause")
    before = r"(?<![0-9])(?<![0-9]\.)" if wanted[0].isascii() and wanted[0].isdigit() else ""
    after = r"(?![0-9])" if wanted[-1].isascii() and wanted[-1].isdigit() else ""
    return len(re.findall(before + re.escape(wanted) + after, normalise(text)))
