"""The form of a sentence that rules are matched against."""

from __future__ import annotations

import re
import unicodedata

from huiqi.documents.lines import is_foreign

_MARKS = str.maketrans(
    {
        **{"(": "（", ")": "）", ",": "，", ";": "；", ":": "：", "!": "！", "?": "？", "～": "—", "~": "—"},
        **{"－": "—", "–": "—", "-": "—", "﹪": "%", "％": "%", "｡": "。", "﹙": "（", "﹚": "）"},
    }
)
_TITLES = re.compile(r"[《«][^《》«»]{6,120}[》»]")
_QUOTES = re.compile("[“”„‟\"'‘’‚‛「」『』«»《》〈〉＂]")
_GAPS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_LEADING = re.compile(
    r"^(?:[—•*▪●·◆■◇□➢#]+|[（]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})(?:）|、|[.．](?!\d))|[①-⑳]、?"
    r"|[一二三四五六七八九十]{1,2}(?:是|要)(?=[^，。]{4})|第[一二三四五六七八九十]{1,2}，)+"
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def fold(sentence: str) -> str:
    """The sentence without white space, quotation marks and its label, marks in one width.

    Titles of documents (《…》) become 《》: what a document is called decides nothing about the sentence that
    cites it. Machine-translated sentences keep their spaces and are in small letters.
    """
    if is_foreign(sentence):
        return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", sentence)).strip().lower()
    text = _THOUSANDS.sub("", _TITLES.sub("\ue000", sentence))
    text = _GAPS.sub("", unicodedata.normalize("NFKC", text))
    text = _QUOTES.sub("", text).translate(_MARKS)
    text = _LEADING.sub("", text).replace("\ue000", "《》")
    return text[:-1] + "。" if text.endswith((".", "．")) else text


def pieces(folded: str) -> list[str]:
    """The parts of a folded sentence between commas, semicolons, colons and full stops, none empty.

    What stands in brackets stays with the words before it.
    """
    parts: list[str] = []
    depth = start = 0
    for at, each in enumerate(folded):
        if each == "（":
            depth += 1
        elif each == "）":
            depth = max(0, depth - 1)
        elif each in "，；：。！？" and (depth == 0 or each == "。"):
            parts.append(folded[start:at])
            start = at + 1
    parts.append(folded[start:])
    return [bare for part in parts if (bare := part.strip(" ."))]
