"""What all tests share: the official source texts, where this machine has them."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says how busy the machine is, not whether the law holds.
settings.register_profile("untimed", settings.get_profile(settings.get_current_profile_name()), deadline=None)
settings.load_profile("untimed")

SOURCE_IDS = (
    "datong-2022-relief-measures",
    "honghe-2022-1-ten-action-plans",
    "yunnan-2021-237-support-institutions",
    "yunnan-2022-4-ten-action-plans",
    "yunnan-2022-42-work-plan",
)


def find_source_texts() -> Path | None:
    """The folder with all five source texts: HUIQI_DOCUMENTS, else ../shared/policies; None elsewhere."""
    named = os.environ.get("HUIQI_DOCUMENTS")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "policies"
    return folder if all((folder / f"{name}.txt").is_file() for name in SOURCE_IDS) else None


@pytest.fixture(scope="session")
def source_texts() -> Path | None:
    """The folder of the source texts, or None. Mark the test `documents`: without texts it is left out."""
    return find_source_texts()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if find_source_texts():
        return
    left_out = [item for item in items if item.get_closest_marker("documents")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not find_source_texts():
        terminalreporter.write_line(
            "left out: the tests marked documents (the five source texts); HUIQI_DOCUMENTS names their folder"
        )
