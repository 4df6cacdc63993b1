"""All checks with all their set-up: `python3 tests/run.py`, from a fresh clone.

Makes .venv, installs what tests/requirements.txt names, finds or installs a browser, then runs
ruff, mypy and pytest. Arguments are handed to pytest.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")


def run(*command: str | Path) -> None:
    """Run a command in the project's folder and stop here if it fails."""
    print("$", *command, flush=True)
    code = subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode
    if code:
        sys.exit(code)


def install() -> None:
    if not (BIN / "python").exists() and not (BIN / "python.exe").exists():
        venv.create(VENV, with_pip=True)
    python = BIN / "python"
    run(python, "-m", "pip", "install", "--quiet", "-r", "tests/requirements.txt")
    run(python, "tests/browser/browsers.py")


def check(arguments: list[str]) -> None:
    python = BIN / "python"
    run(python, "-m", "ruff", "format", "--check", ".")
    run(python, "-m", "ruff", "check", ".")
    run(python, "-m", "mypy")
    run(python, "-m", "pytest", *arguments)


if __name__ == "__main__":
    install()
    check(sys.argv[1:])
