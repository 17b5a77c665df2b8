"""The other engines' own environments: made here, outside the product's locks, and known by what they were made of.

OpenFisca is under the AGPL: it is installed beside Huiqi for this comparison, never with it.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES: dict[str, tuple[str, ...]] = {
    "polars": ("polars==2.1.0", "pyarrow==26.0.1", "numpy==2.4.6"),
    "duckdb": ("duckdb==2.0.0", "pyarrow==26.0.1", "numpy==2.4.6"),
    "openfisca": ("OpenFisca-Core==46.0.1", "numpy==2.4.6"),
    "zen": ("zen-engine==2.1.3", "numpy==2.4.6"),
    "numba": ("numba==0.68.1", "numpy==2.4.6"),
}
"""What each engine is compared at; an engine that is not here runs in Huiqi's own environment."""


class NotMade(RuntimeError):
    """An environment could not be made; the message says what pip said."""


def python_of(engine: str, at: Path) -> Path:
    """Return the Python that runs an engine; its environment is made under `at` where it is not there yet."""
    packages = PACKAGES.get(engine)
    if packages is None:
        return Path(sys.executable)
    made_of = f"{sys.version_info[:2]} {' '.join(packages)}"
    digest = hashlib.sha256(made_of.encode()).hexdigest()[:12]
    folder = at / "environments" / f"{engine}-{digest}"
    python = folder / "bin" / "python"
    complete = folder / "complete"
    if complete.exists():
        return python
    print(f"Making the environment of {engine}: {', '.join(packages)}", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    _run(engine, [sys.executable, "-m", "venv", str(folder)])
    _run(engine, [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages])
    complete.touch()
    return python


def _run(engine: str, command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NotMade(f"the environment of {engine} was not made: {said[-1] if said else command}")


def versions() -> dict[str, str]:
    """Return what each engine's first package is called and its version, as printed in the results."""
    return {engine: packages[0].replace("==", " ") for engine, packages in PACKAGES.items()}


def compiler() -> str | None:
    """Return the C compiler of this machine and its version, None where there is none."""
    if shutil.which("gcc") is None:
        return None
    done = subprocess.run(["gcc", "--version"], capture_output=True, encoding="utf-8", check=True)
    return done.stdout.splitlines()[0]
