"""The kinds of notices, read from kinds.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from huiqi.findings import one_line

SITE, EMAIL, SMS = "site", "email", "sms"
CHANNELS = {SITE: ("站内", "In the site"), EMAIL: ("电子邮件", "E-mail"), SMS: ("短信", "SMS")}
_FILE = Path(__file__).parent / "kinds.yaml"
_VALUE = re.compile(r"%\((\w+)\)s")
Values = Mapping[str, str | Mapping[str, str]]
"""Values by name: a text, or {"zh": …, "en": …} where the two languages say it differently."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A notice in one language; the SMS takes no values."""

    subject: str
    text: str
    sms: str


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice. `values` are the names that its text asks for, the same in both languages."""

    name: str
    opens: str
    readers: Literal["officers", "members"]
    channels: tuple[str, ...]
    switch_off: Literal["reader", "nobody"]
    zh: Wording
    en: Wording
    values: frozenset[str]

    def wording(self, language: str) -> Wording:
        """The words of a language (zh-hans, en)."""
        return self.en if language.startswith("en") else self.zh

    def text(self, language: str, values: Values) -> str:
        """The text in a language with its values, as one line."""
        code = "en" if language.startswith("en") else "zh"
        said = {name: value if isinstance(value, str) else value[code] for name, value in values.items()}
        return one_line(self.wording(language).text % said, 1000)

    def default(self) -> tuple[str, ...]:
        """The channels that a reader gets it by who has chosen nothing."""
        return (SITE, *self.channels)


@cache
def kinds() -> Mapping[str, NoticeKind]:
    """Return all kinds by name. Raises ValueError for one that contradicts itself."""
    found = {}
    for name, row in yaml.load(_FILE.read_text("utf-8"), yaml.CSafeLoader).items():
        chinese, english = (_wording(row, language) for language in ("zh", "en"))
        values = frozenset(_VALUE.findall(chinese.text))
        if values != set(_VALUE.findall(english.text)):
            raise ValueError(f"notices/kinds.yaml: {name} asks for other values in Chinese than in English")
        unknown = set(row["channels"]) - {EMAIL, SMS}
        if (
            unknown
            or row["switch_off"] not in {"reader", "nobody"}
            or row.get("readers") not in {"officers", "members"}
        ):
            raise ValueError(f"notices/kinds.yaml: {name} has an unknown channel, reader or switch_off")
        if any("%" in each.sms or "%" in each.subject for each in (chinese, english)):
            raise ValueError(f"notices/kinds.yaml: {name} puts a value into an SMS or a subject")
        found[name] = NoticeKind(
            name,
            row["opens"],
            row["readers"],
            tuple(row["channels"]),
            row["switch_off"],
            chinese,
            english,
            values,
        )
    return found


def _wording(row: Mapping[str, Mapping[str, str]], language: str) -> Wording:
    return Wording(row[language]["subject"], row[language]["text"], row["sms"][language])
