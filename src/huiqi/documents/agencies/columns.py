"""Offices in the columns of a table whose head names their roles: 牵头单位 | 责任单位 | 完成时限."""

from __future__ import annotations

import re
from collections.abc import Iterator

from huiqi.documents.agencies import wording
from huiqi.documents.agencies.lists import ListReader, Name
from huiqi.documents.agencies.model import Role
from huiqi.reference.agencies import Place

_ROW = re.compile(r"[^\n]*\t[^\n]*")
_CELL = re.compile(r"[^\t]*")


def column_names(text: str, place: Place) -> Iterator[tuple[list[tuple[Name, Role]], bool]]:
    """For each cell of a column of offices, its names with the column's role and whether others are meant too.

    `text` is the reader's form, a row a line and cells apart by tabs. A head holds until the next one.
    """
    roles: dict[int, Role] = {}
    for row in _ROW.finditer(text):
        cells = [(row.start() + each.start(), row.start() + each.end()) for each in _cells(row[0])]
        head = _head([text[a:b].strip() for a, b in cells])
        if head is not None:
            roles = head
            continue
        for column, role in roles.items():
            if column >= len(cells) or not text[slice(*cells[column])].strip():
                continue
            reader = ListReader(text, place)
            reader.begin(labelled=True)
            names = [(name, name.role or role) for name in reader.names(*cells[column])]
            if names:
                yield names, reader.and_others


def _cells(row: str) -> Iterator[re.Match[str]]:
    at = 0
    while at <= len(row):
        found = _CELL.match(row, at)
        assert found is not None
        yield found
        at = found.end() + 1


def _head(cells: list[str]) -> dict[int, Role] | None:
    """The columns of offices that a row of heads names; None for any other row.

    A row that holds an office beside its label (牵头单位 | 市财政局) heads nothing.
    """
    labels = {index: wording.LABEL.fullmatch(cell) for index, cell in enumerate(cells)}
    others = [cell for index, cell in enumerate(cells) if labels[index] is None]
    if len(others) == len(cells) or any(wording.OFFICE_END.search(each) for each in others):
        return {} if len(others) < len(cells) else None
    return {index: role for index, label in labels.items() if label and (role := wording.role_of(label))}
