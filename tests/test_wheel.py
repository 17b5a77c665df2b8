"""The built wheel, in an environment of its own: it carries the policies and gives a working command."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import huiqi

pytestmark = [pytest.mark.wheel, pytest.mark.xdist_group("wheel")]

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = {"policies": "huiqi/shipped_policies/", "examples": "huiqi/shipped_examples/"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds the wheel and the running lock, and nothing of this checkout."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    install = [".ci/install", str(folder), "requirements.lock", str(wheel)]
    subprocess.run(install, cwd=ROOT, check=True, env={**os.environ, "PYTHON": sys.executable})
    return folder


@pytest.mark.parametrize("folder", SHIPPED)
def test_the_wheel_carries_every_file_of_the_data_unchanged(wheel: Path, folder: str):
    files = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    assert files
    with zipfile.ZipFile(wheel) as content:
        for path in files:
            shipped = SHIPPED[folder] + path.relative_to(ROOT / folder).as_posix()
            assert content.read(shipped) == path.read_bytes(), shipped


def test_the_installed_command_knows_the_shipped_measures(installed: Path, tmp_path: Path):
    answer = subprocess.run(
        [installed / "bin" / "huiqi", "measures", "--region", "532503", "--as-of", "2022-07-31", "--json"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert "rent-waiver" in answer.stdout


def test_the_wheel_carries_types_and_licence_and_no_tests(wheel: Path):
    with zipfile.ZipFile(wheel) as content:
        names = content.namelist()
    assert "huiqi/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.partition("/")[0] for name in names} == {"huiqi", f"huiqi-{huiqi.__version__}.dist-info"}


def test_the_installed_command_says_its_version(installed: Path, tmp_path: Path):
    answer = subprocess.run(
        [installed / "bin" / "huiqi", "--version"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert huiqi.__version__ in answer.stdout


def test_the_installed_package_is_the_wheel_and_not_this_checkout(installed: Path, tmp_path: Path):
    where = subprocess.run(
        [installed / "bin" / "python", "-c", "import huiqi; print(huiqi.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert Path(where.stdout.strip()).is_relative_to(installed)
