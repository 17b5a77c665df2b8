"""From a file that came in, or lies in a folder, to a text of the library that was read: what page and job do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from huiqi.documents.errors import UnreadableDocument
from huiqi.documents.library.store import DocumentTaken, LibraryEntry
from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.acts.performing import perform
from huiqi.portal.documents.incoming import forget_incoming, incoming_file
from huiqi.portal.documents.models import HELD, READING, OfficialText
from huiqi.portal.documents.readings import is_read, library, read, reading_of, rules_digest, summary
from huiqi.portal.documents.said import kept_refusal

Report = Callable[[int, int], None]
_MOST_NAMES = 1000


def take_in(
    text: OfficialText, *, now: datetime, today: date, report: Report = lambda done, total: None
) -> dict[str, int] | None:
    """Read a text and put it into the library; a text that cannot be read is marked so. May be done twice.

    Returns its counts, None where nothing was to be done.
    """
    if text.state not in (READING, HELD) or (
        text.state == HELD and is_read(text.digest) and _is_current(text)
    ):
        return None
    file = file_of(text)
    if file is None:
        _refuse(text, {"code": "document-missing"}, now, today)
        return None
    try:
        made = (
            reading_of(text.digest) if is_read(text.digest) else read(file, _stem(text), text.digest, report)
        )
        entry = _entered(file, _stem(text), text.digest, made)
    except UnreadableDocument as error:
        if text.state == HELD:
            raise
        _refuse(text, kept_refusal(error.findings[0]), now, today)
        forget_incoming(text.digest)
        return None
    values = {"name": entry.id, **summary(made)}
    # A second reading by the same rules is the same request: nothing is done twice.
    key = f"document.read:{text.pk}:{rules_digest()[:16]}:{text.version}"
    perform("document.read", site_actor("document-read"), text.pk, values, now=now, today=today, key=key)
    forget_incoming(text.digest)
    counts: dict[str, int] = values["counts"]
    return counts


def file_of(text: OfficialText) -> Path | None:
    """Return the file of a text, from the library or as it came in; None where it is gone."""
    entry = next((each for each in library().entries() if each.digest == text.digest), None)
    if entry is not None and (library().folder / entry.file).is_file():
        return library().folder / entry.file
    return incoming_file(text.digest)


def _entered(file: Path, stem: str, digest: str, made: dict[str, Any]) -> LibraryEntry:
    """The library's entry of a file, entered now under its name, or the next that is free."""
    books = library()
    held = next((each for each in books.entries() if each.digest == digest), None)
    if held is not None:
        return held
    wanted = made["title"] or "text" if stem == digest else stem
    for number in range(1, _MOST_NAMES):
        try:
            return books.add(file, wanted[:100] if number == 1 else f"{wanted[:100]}-{number}")
        except DocumentTaken as taken:
            if "letters" in taken.why:
                wanted = digest[:12]
    raise AssertionError(f"{_MOST_NAMES} texts bear the name {wanted}")


def _stem(text: OfficialText) -> str:
    return Path(text.file_name).stem or text.digest


def _is_current(text: OfficialText) -> bool:
    return bool(text.rules == rules_digest())


def _refuse(text: OfficialText, refusal: dict[str, str], now: datetime, today: date) -> None:
    if text.state != READING:
        return
    actor = site_actor("document-read")
    perform(
        "document.refuse",
        actor,
        text.pk,
        {"refusal": refusal},
        now=now,
        today=today,
        key=f"document.refuse:{text.pk}:{text.version}",
    )
