"""How large a document may be, of whatever format: far beyond any official text, within any machine."""

from __future__ import annotations

MOST_BYTES = 64 << 20
"""Bytes of a file. The longest notices have a few megabytes, a PDF with pictures some tens."""

MOST_CHARACTERS = 20_000_000
"""Characters of the text that comes out: some thirty thousand pages."""

MOST_LINES = 1_000_000
"""Lines of the text that comes out."""

LONGEST_LINE = 2_000_000
"""Characters of one line: a whole document without a line break still passes."""

MOST_MARKUP_BYTES = 32 << 20
"""Bytes of a web page, or of one part of a DOCX file when unpacked."""

MOST_TAGS = 1_500_000
"""Tags of a web page or of a part of a DOCX file: some thousand pages of Word. Each takes memory far beyond its bytes."""

MOST_UNPACKED_BYTES = 128 << 20
"""Bytes that the parts of a DOCX file that are read may have together when unpacked."""

MOST_UNPACKING = 200
"""Times by which one part of a DOCX file may grow when unpacked, once it is beyond a megabyte."""

MOST_PARTS = 20_000
"""Members of a DOCX file."""

DEEPEST_MARKUP = 250
"""Levels of elements within each other, in a DOCX file or a web page."""

MOST_CELLS = 500_000
"""Cells of all tables of a document, those covered by merged cells included."""

MOST_COLUMNS = 500
"""Columns of a table, after its merged cells are spread."""

MOST_PAGES = 3_000
"""Pages of a PDF file."""

CHILD_MEMORY = 2 << 30
"""Bytes of address space for the process that opens a PDF or an old Word file."""

CHILD_SECONDS = 120
"""Seconds that this process may take."""


def bound_process() -> None:
    """Bound the memory and the time of this process, where the system knows such bounds."""
    try:
        import resource
    except ImportError:  # there are none on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY, CHILD_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CHILD_SECONDS, CHILD_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
