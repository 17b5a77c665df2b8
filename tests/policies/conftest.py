"""The policies as they are shipped, and the switch that rewrites golden files."""

from pathlib import Path

import pytest

from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.policies.shipped import shipped_policies


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write tests/policies/golden anew from the policies (pytest tests/policies --update-golden)",
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden", default=False))


@pytest.fixture(scope="session")
def shipped() -> PolicyLibrary:
    return load_library(shipped_policies())


@pytest.fixture(scope="session")
def golden_folder() -> Path:
    return Path(__file__).parent / "golden"
