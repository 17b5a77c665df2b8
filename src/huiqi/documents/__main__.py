"""`python -m huiqi.documents FILE`: every clause path of a text with its heading."""

from __future__ import annotations

import sys
from pathlib import Path

from huiqi.documents.errors import DocumentError
from huiqi.documents.reading import read_document


def main(arguments: list[str]) -> int:
    """Print one line a clause, path and heading apart by a tab. 0 done, 2 bad input."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m huiqi.documents FILE\n")
        return 2
    try:
        document = read_document(Path(arguments[0]))
    except DocumentError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for clause in document.clauses():
        sys.stdout.write(f"{clause.path}\t{clause.heading}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
