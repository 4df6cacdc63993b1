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


def run(*command: str | Path) -> int:
    """Run a command in the project's folder and say how it ended."""
    print("$", *command, flush=True)
    return subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode


def install() -> int:
    """Set everything up; 0 when it is."""
    if not (BIN / "python").exists() and not (BIN / "python.exe").exists():
        venv.create(VENV, with_pip=True)
    python = BIN / "python"
    pip = run(python, "-m", "pip", "install", "--quiet", "-r", "tests/requirements.txt")
    return pip or run(python, "tests/browser/browsers.py")


def check(arguments: list[str]) -> int:
    """Every check runs, whatever the ones before it said; the first failure's code is returned."""
    python = BIN / "python"
    checks: list[list[str | Path]] = [
        [python, "-m", "ruff", "format", "--check", "."],
        [python, "-m", "ruff", "check", "."],
        [python, "-m", "mypy"],
        [python, "-m", "pytest", *arguments],
    ]
    codes = [run(*command) for command in checks]
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    sys.exit(install() or check(sys.argv[1:]))
