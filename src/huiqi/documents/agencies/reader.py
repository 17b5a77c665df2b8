"""Reads the offices of one text."""

from __future__ import annotations

from huiqi.documents.agencies.model import AgencyMention, AgencyReading, Declared
from huiqi.documents.agencies.passages import find_passages
from huiqi.documents.agencies.view import view_of
from huiqi.reference.agencies import Place


def read_agencies(text: str, place: Place, declared: Declared | None = None) -> AgencyReading:
    """The offices of `text`, a clause's own words in a text of `place`, in printed order.

    `declared` is what the document says once for all its clauses. Offsets are those of `text`.
    """
    view = view_of(text)
    first_leads = declared is not None and declared.first_leads
    mentions: list[AgencyMention] = []
    spans: list[tuple[int, int]] = []
    and_others = False
    for found in find_passages(view, place, first_leads=first_leads):
        spans.append(view.span(found.start, found.end))
        and_others = and_others or found.passage.and_others
        for name, role in found.passage.names:
            start, end = view.span(name.start, name.end)
            agency = name.agency.name if name.agency else None
            mentions.append(AgencyMention(_printed(text[start:end]), agency, role, start, end))
    return AgencyReading(tuple(mentions), and_others, tuple(spans))


def _printed(words: str) -> str:
    """A name as it stands, without the spaces and line breaks that the copy put inside."""
    kept = view_of(words)
    return "".join(
        " " if kept.text[index] == " " else words[offset]
        for index, offset in enumerate(kept.origin)
        if kept.text[index] not in "\n\t"
    )
