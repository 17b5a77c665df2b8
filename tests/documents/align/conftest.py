"""Two fictional texts, a province's measures and a city's rules that carry them out."""

from pathlib import Path

import pytest

from huiqi.documents import read_document
from huiqi.documents.align import align
from huiqi.documents.outline import outline

TEXTS = Path(__file__).parent.parent / "texts"


@pytest.fixture(scope="session")
def outlines():
    """A function from the name of a text written for this project to its outline."""
    known = {}

    def read(name):
        if name not in known:
            known[name] = outline(read_document(TEXTS / f"{name}.txt"))
        return known[name]

    return read


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    """A function from a text to its outline."""
    folder = tmp_path_factory.mktemp("texts")

    def read(text, name="text"):
        file = folder / f"{name}.txt"
        file.write_text(text, encoding="utf-8")
        return outline(read_document(file))

    return read


@pytest.fixture(scope="session")
def aligned(outlines):
    """The province's measures beside the city's rules."""
    return align(outlines("align-yunling-measures"), outlines("align-lanhe-rules"))
