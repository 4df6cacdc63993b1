"""A running app and a Chromium looking at it, on loopback, for the benchmarks that need them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))

import browsers  # noqa: E402
from server import serve  # noqa: E402


@contextmanager
def stage() -> Iterator[tuple[Page, str]]:
    """An empty page and the app's address. New sequences stand at their last step at once."""
    path = browsers.find(whole=True)
    if path is None:
        raise SystemExit("No whole Chromium to measure with: install one (apt install chromium).")
    with serve() as (url, _), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=browsers.ARGUMENTS)
        page = chromium.new_page(viewport=browsers.VIEWPORT, reduced_motion="reduce")
        page.set_default_timeout(60_000)
        yield page, url
        chromium.close()


def visit(page: Page, url: str) -> None:
    """Open url and wait until it has come to rest."""
    page.goto(url)
    page.get_by_role("group", name="Player").wait_for()
    page.wait_for_load_state("networkidle")


def megabytes(process: subprocess.Popen[bytes]) -> float:
    """A process's resident memory."""
    status = Path(f"/proc/{process.pid}/status")
    if status.exists():
        found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text())
        return int(found[1]) / 1024 if found else 0.0
    command = ["ps", "-o", "rss=", "-p", str(process.pid)]
    return int(subprocess.run(command, capture_output=True, check=True).stdout) / 1024
