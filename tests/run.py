"""All checks with all their set-up: `python3 tests/run.py`, from a fresh clone.

Makes .venv, installs what tests/requirements.txt names, finds or installs a browser and a voice
that speaks Mandarin, then runs ruff, mypy and pytest. Arguments are handed to pytest.

The tests with a browser wait half of their time for pages to be drawn: what needs none of it, mypy
and all other tests, runs beside them and says what it has found once it is done.
"""

import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
BROWSER = "tests/browser"
NO_TESTS = 5  # what pytest ends with when there were none


def run(*command: str | Path, beside: bool = False) -> int:
    """Run a command in the project's folder and say how it ended.

    beside: something else is being run and talks; this one says all it has to say at its end.
    """
    line = " ".join(["$", *map(str, command)])
    if beside:
        ended = subprocess.run(
            command, cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        print(f"\n{line}\n{ended.stdout.decode(errors='replace')}", flush=True)
        return ended.returncode
    print(line, flush=True)
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def install() -> int:
    """Set everything up; 0 when it is."""
    if not (BIN / "python").exists() and not (BIN / "python.exe").exists():
        venv.create(VENV, with_pip=True)
    python = BIN / "python"
    pip = run(python, "-m", "pip", "install", "--quiet", "-r", "tests/requirements.txt")
    browser = pip or run(python, "tests/browser/browsers.py")
    return browser or run(python, "tests/support/espeak.py")


def check(arguments: list[str]) -> int:
    """Every check runs, whatever the ones before it said; the first failure's code is returned."""
    python = BIN / "python"
    ruff = [run(python, "-m", "ruff", *how) for how in (("format", "--check", "."), ("check", "."))]
    pytest: list[str | Path] = [python, "-m", "pytest", *arguments]
    with ThreadPoolExecutor(1) as aside:
        mypy = aside.submit(run, python, "-m", "mypy", beside=True)
        others = aside.submit(run, *pytest, *without(BROWSER), beside=True)
        browser = run(*pytest, *without(*(path for path in tests() if path != BROWSER)))
    pytests = [others.result(), browser]
    if set(pytests) != {NO_TESTS}:  # what arguments name may all be of one kind
        pytests = [code for code in pytests if code != NO_TESTS]
    return next((code for code in (*ruff, mypy.result(), *pytests) if code), 0)


def tests() -> Iterator[str]:
    """All files and folders of tests."""
    for path in sorted((ROOT / "tests").iterdir()):
        if path.is_dir() or path.name.startswith("test_"):
            yield path.relative_to(ROOT).as_posix()


def without(*paths: str) -> Iterator[str]:
    """Arguments that keep pytest from these, also where its other arguments name them."""
    for path in paths:
        yield f"--ignore={path}"
        yield f"--deselect={path}"


if __name__ == "__main__":
    sys.exit(install() or check(sys.argv[1:]))
