"""Unified social credit codes (统一社会信用代码): read, check and, for synthetic data, make.

Source: GB 32100-2015 with its first amendment (2016) for parts, alphabet and check character; GB 11714 for
the check character of the organisation code inside (characters 9 to 17). The codes of a firm's register may
name a division that is no longer there, or a zone's own number: such a code is good, only its region is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stdnum.cn import uscc

from huiqi.reference import regions
from huiqi.reference.numerals import fold

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The characters of a code: digits and capitals without I, O, S, V and Z."""

LENGTH = 18
_NATIONAL = "100000"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_REGISTERS = {
    "1": ("机构编制", {"1": "机关", "2": "事业单位", "3": "编办直接管理机构编制的群众团体", "9": "其他"}),
    "2": ("外交", {"1": "外国常驻新闻机构", "9": "其他"}),
    "3": (
        "司法行政",
        {
            "1": "律师执业机构",
            "2": "公证处",
            "3": "基层法律服务所",
            "4": "司法鉴定机构",
            "5": "仲裁委员会",
            "9": "其他",
        },
    ),
    "4": ("文化", {"1": "外国在华文化中心", "9": "其他"}),
    "5": ("民政", {"1": "社会团体", "2": "民办非企业单位", "3": "基金会", "9": "其他"}),
    "6": (
        "旅游",
        {"1": "外国旅游部门常驻代表机构", "2": "港澳台地区旅游部门常驻内地（大陆）代表机构", "9": "其他"},
    ),
    "7": ("宗教", {"1": "宗教活动场所", "2": "宗教院校", "9": "其他"}),
    "8": ("工会", {"1": "基层工会", "9": "其他"}),
    "9": ("工商", {"1": "企业", "2": "个体工商户", "3": "农民专业合作社", "9": "其他"}),
    "A": ("中央军委改革和编制办公室", {"1": "军队事业单位", "9": "其他"}),
    "N": (
        "农业",
        {"1": "组级集体经济组织", "2": "村级集体经济组织", "3": "乡镇级集体经济组织", "9": "其他"},
    ),
    "Y": ("其他", {"1": "其他"}),
}

Check = Literal[
    "numeric_cell", "length", "character", "register", "region", "organisation", "check_character"
]


class CreditCodeError(ValueError):
    """A code that cannot be right. `check` names the check that failed, `position` the character (from 1)."""

    def __init__(self, check: Check, position: int | None, message: str) -> None:
        super().__init__(message)
        self.check = check
        self.position = position


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A code that passed every check.

    `register` and `kind` are the registering authority's branch and the kind of body (工商, 企业). `region`
    holds the six digits of the registering office's division; `region_today` the division they stand for
    today, None where that is open (a zone's own number, a divided county). `organisation` is the nine
    characters of the organisation code.
    """

    code: str
    register: str
    kind: str
    region: str
    region_today: str | None
    organisation: str

    @property
    def is_enterprise(self) -> bool:
        """Whether the register says 企业."""
        return self.code.startswith("91")

    @property
    def is_self_employed(self) -> bool:
        """Whether the register says 个体工商户."""
        return self.code.startswith("92")

    def __str__(self) -> str:
        return self.code


def parse_credit_code(value: object) -> CreditCode:
    """Return a code read from text: full width, lower case, blanks and hyphens are accepted.

    Raises:
        CreditCodeError: the first check that fails, with its position; a number instead of text is refused,
            since a spreadsheet keeps 15 digits of it and the rest is lost.
    """
    if value is None:
        raise CreditCodeError(
            "length", None, "no credit code is given; copy its 18 characters from the licence"
        )
    if not isinstance(value, str):
        raise CreditCodeError(
            "numeric_cell",
            None,
            f"{value!r} is a number cell, not a code: a spreadsheet has rounded it to 15 digits; "
            "format the column as text and enter the code again from the licence",
        )
    code = "".join(char for char in fold(value).upper() if not char.isspace() and char != "-")
    if len(code) != LENGTH:
        raise CreditCodeError(
            "length", None, f"{value!r} has {len(code)} characters; a credit code has {LENGTH}"
        )
    for position, char in enumerate(code, start=1):
        _check_character(code, position, char)
    register, kinds = _REGISTERS.get(code[0], ("", {}))
    kind = kinds.get(code[1])
    if kind is None:
        at = 2 if register else 1
        raise CreditCodeError(
            "register",
            at,
            f"{code}: character {at} is {code[at - 1]!r}, which GB 32100 gives to no "
            f"{'kind of body' if register else 'register'}; an enterprise's code begins with 91",
        )
    region = code[2:8]
    if not _province_known(region):
        raise CreditCodeError(
            "region",
            3,
            f"{code}: characters 3 to 8 are {region}, in no province; check the first two of them",
        )
    wanted = organisation_check_character(code[8:16])
    if code[16] != wanted:
        raise CreditCodeError(
            "organisation",
            17,
            f"{code}: character 17 closes the organisation code {code[8:16]} (GB 11714) and should be "
            f"{wanted}, not {code[16]}; one of characters 9 to 17 is mistyped",
        )
    wanted = uscc.calc_check_digit(code[:17])
    if code[17] != wanted:
        raise CreditCodeError(
            "check_character",
            18,
            f"{code}: the check character 18 should be {wanted}, not {code[17]}; one character is mistyped",
        )
    return CreditCode(code, register, kind, region, _region_today(region), code[8:17])


def is_credit_code(value: object) -> bool:
    """Tell whether `parse_credit_code` would accept the value."""
    try:
        parse_credit_code(value)
    except CreditCodeError:
        return False
    return True


def make_credit_code(region: str, body: str, *, register: str = "9", kind: str = "1") -> str:
    """Return a code with right check characters, for synthetic data.

    Args:
        region: six digits of a division, e.g. 532501.
        body: the eight characters of the organisation code before its check character.
        register, kind: characters 1 and 2; 9 and 1 are an enterprise, 9 and 2 a self-employed household.

    Raises:
        CreditCodeError: the parts make no code that `parse_credit_code` accepts.
    """
    if len(body) != len(_ORGANISATION_WEIGHTS):
        raise CreditCodeError(
            "length", 9, f"the organisation body {body!r} has {len(body)} characters; give eight"
        )
    for position, char in enumerate(body, start=9):
        _check_character(f"{register}{kind}{region}{body}", position, char)
    without_check = f"{register}{kind}{region}{body}{organisation_check_character(body)}"
    if len(without_check) != LENGTH - 1:
        raise CreditCodeError(
            "length", None, f"region {region!r} has not six digits, or register or kind not one"
        )
    for position, char in enumerate(without_check, start=1):
        _check_character(without_check, position, char)
    return parse_credit_code(without_check + uscc.calc_check_digit(without_check)).code


def organisation_check_character(body: str) -> str:
    """Return the check character of an organisation code's eight characters (GB 11714; X stands for ten)."""
    total = sum(weight * int(char, 36) for weight, char in zip(_ORGANISATION_WEIGHTS, body, strict=True))
    return "0123456789X"[-total % 11]


def _check_character(code: str, position: int, char: str) -> None:
    if 3 <= position <= 8 and not (char.isascii() and char.isdigit()):
        raise CreditCodeError(
            "character", position, f"{code}: character {position} is {char!r}; characters 3 to 8 are digits"
        )
    if char not in ALPHABET:
        hint = {"O": "0", "I": "1", "Z": "2", "S": "5", "V": "U or Y"}.get(char)
        mend = f"it is probably {hint}" if hint else "use digits and capital letters"
        raise CreditCodeError(
            "character", position, f"{code}: character {position} is {char!r}, which no code has; {mend}"
        )


def _province_known(region: str) -> bool:
    if region == _NATIONAL:
        return True
    try:
        regions.region(region[:2] + "0000")
    except regions.UnknownRegion:
        return False
    return region[:2] != "00"


def _region_today(region: str) -> str | None:
    if region == _NATIONAL:
        return regions.NATION
    try:
        today = regions.resolve_old(region)
    except regions.UnknownRegion:
        return None
    return None if today is None else today.code
