"""What a document says of itself around its text."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CitedDocument:
    """A document that the text names: `title` without its marks, `number` in the form 云政办发〔2022〕42号.

    One of the two may be None. `printed` is source[start:end], title mark to closing bracket.
    """

    title: str | None
    number: str | None
    printed: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Title, number, offices and days of a document; None or empty where not printed.

    `issuers` are all that issue it jointly, `issuer` the first of them. `date` is the
    day of issue: that of the signature (or 成文日期), else the text's own, else that of printing. `text_date` is
    the day that the text itself bears, below its title or else its signature; `printed_on` that of printing
    (印发), `published_on` that of a web page. `contact` are lines such as 联系人：…, `open_note` 此件公开发布.
    """

    title: str | None = None
    number: str | None = None
    issuer: str | None = None
    issuers: tuple[str, ...] = ()
    date: datetime.date | None = None
    text_date: datetime.date | None = None
    printed_on: datetime.date | None = None
    published_on: datetime.date | None = None
    addressees: tuple[str, ...] = ()
    cited: tuple[CitedDocument, ...] = ()
    copies: tuple[str, ...] = ()
    contact: tuple[str, ...] = ()
    open_note: str | None = None
