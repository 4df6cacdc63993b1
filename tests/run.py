"""All checks with all their set-up: `python3 tests/run.py`, from a fresh clone.

Makes .venv, installs what tests/requirements.txt names, finds or installs a browser, a voice
that speaks Mandarin and a Redis, then runs ruff, mypy and pytest. Arguments are handed to pytest.

Three processes share the tests, for two cores, and mypy runs beside them: a test with a browser
also waits for a hand that moves, a film that plays or a server that starts.
"""

import os
import subprocess
import sys
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
SHARED = ("-n", "3", "--dist", "worksteal")
"""Options of pytest-xdist: who has nothing left to do takes half of what the other one has."""


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
    # only a fraction of torch, pandas and the like is ever imported: what is compiles itself
    quick = ("--quiet", "--no-compile")
    programs = ("tests/support/espeak.py", "tests/support/redis_server.py")
    with ThreadPoolExecutor(1) as aside:  # they need nothing of what pip installs
        others = aside.submit(lambda: [run(sys.executable, name, beside=True) for name in programs])
        pip = run(python, "-m", "pip", "install", *quick, "-r", "tests/requirements.txt")
    browser = pip or run(python, "tests/browser/browsers.py")
    return browser or next((code for code in others.result() if code), 0)


def check(arguments: list[str]) -> int:
    """Every check runs, whatever the ones before it said; the first failure's code is returned."""
    python = BIN / "python"
    ruff = [run(python, "-m", "ruff", *how) for how in (("format", "--check", "."), ("check", "."))]
    with ThreadPoolExecutor(1) as aside:
        mypy = aside.submit(run, python, "-m", "mypy", beside=True)
        pytest = run(python, "-m", "pytest", *SHARED, *arguments)
    return next((code for code in (*ruff, mypy.result(), pytest) if code), 0)


if __name__ == "__main__":
    # where it is set, each of many processes compiles torch, Streamlit and the app anew
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.exit(install() or check(sys.argv[1:]))
