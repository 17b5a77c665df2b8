"""A yes-or-no fact as a Chinese statement and as its denial, made from the fact's label.

Labels are either classes (旅行社) or predicates (参加失业保险): a class is said with 属于, a predicate
as it is.
"""

from __future__ import annotations

# The denial of a predicate by the words it begins with; empty where these words begin something else.
_BEGINNINGS = (
    ("符合", "不符合"),
    ("属于", "不属于"),
    ("有", "没有"),
    ("已", "未"),
    ("列入", "未列入"),
    ("纳入", "未纳入"),
    ("入选", "未入选"),
    ("进入", "未进入"),
    ("参加", "未参加"),
    ("签订", "未签订"),
    ("获", "未获"),
    ("经批准", "未经批准"),
    ("经认定", "未经认定"),
    ("经查验", "未经查验"),
    ("经核定", "未经核定"),
    ("专门", "不专门"),
    ("运输", "不运输"),
    ("在孵", ""),
    ("在双循环", ""),
    ("在", "不在"),
    ("以", "未以"),
    ("按", "未按"),
    ("为", "没有为"),
    ("从事", "不从事"),
    ("实施", "未实施"),
    ("开展", "未开展"),
    ("承诺", "未承诺"),
    ("具有", "不具有"),
    ("具备", "不具备"),
    ("接受", "未接受"),
    ("取得", "未取得"),
    ("使用", "未使用"),
    ("享受", "未享受"),
    ("通过", "未通过"),
    ("提供", "未提供"),
    ("采用", "未采用"),
    ("适合", "不适合"),
    ("愿意", "不愿意"),
    ("留用", "未留用"),
    ("首次", "不是首次"),
    ("当前正常", "当前没有正常"),
)
# The denial of a clause with its own subject, by its verb; the first that occurs counts.
_VERBS = (
    ("已", "未"),
    ("确有", "没有"),
    ("有控股", "没有控股"),
    ("来自", "不是来自"),
    ("发放", "未发放"),
    ("由", "不由"),
    ("同意", "不同意"),
    ("符合", "不符合"),
    ("属于", "不属于"),
    ("属", "不属于"),
    ("为其", "未为其"),
    ("有困难", "没有困难"),
    ("个月有", "个月没有"),
    ("享受过", "未享受过"),
    ("暂时面临", "没有面临"),
    ("面临", "未面临"),
    ("发现", "未发现"),
    ("具有", "不具有"),
    ("从租计征", "不从租计征"),
    ("未就业", "并非未就业"),
    ("被拖欠", "未被拖欠"),
    ("是", "不是"),
)
# Predicates that are denied as a whole.
_CIRCUMSTANCES = ("因", "受", "见习期未满")


def affirmed(label: str) -> str:
    """Return the statement that the fact holds."""
    if label.startswith("与") and label.endswith("相关"):
        return label
    if _denied_predicate(label) is not None:
        return label
    return f"属于{label}"


def denied(label: str) -> str:
    """Return the statement that the fact does not hold."""
    if label.startswith("与") and label.endswith("相关"):
        return label[: -len("相关")] + "无关"
    return _denied_predicate(label) or f"不属于{label}"


def _denied_predicate(label: str) -> str | None:
    if label.startswith(_CIRCUMSTANCES):
        return f"没有{label}的情形"
    for words, denial in _BEGINNINGS:
        if label.startswith(words):
            if not denial:
                break
            return denial + label[len(words) :]
    plain = label.partition("（")[0]
    for words, denial in _VERBS:
        before, found, after = label.partition(words)
        if found and words in plain and before:
            return before + denial + after
    return None
