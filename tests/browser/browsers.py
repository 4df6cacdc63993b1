"""The tests' Chromium: an installed one, Playwright's own, or Debian's.

Chromium's headless shell draws the same pages without windows around them: a tenth faster.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VIEWPORT = {"width": 1280, "height": 800}
SHELL = "chromium-headless-shell"
INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find(*, whole: bool = False) -> str | None:
    """The path of an installed browser, or of Playwright's own; None without any.

    whole: with windows, as people have it, and not the headless shell.
    """
    for name in INSTALLED if whole else (SHELL, *INSTALLED):
        if path := shutil.which(name):
            return path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install() -> str:
    """A browser's path, after installing one if there is none. RuntimeError when that fails."""
    if shutil.which(SHELL) or _with_apt(SHELL):
        return str(shutil.which(SHELL))
    if path := find():
        return path
    playwright = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(playwright, check=False).returncode == 0 and (path := find()):
        return path
    if _with_apt("chromium") and (path := find()):
        return path
    raise RuntimeError("No browser for the tests: install Chromium or Chrome, then run this again.")


def _with_apt(package: str) -> bool:
    """Whether Debian has it, and it could be installed."""
    if not shutil.which("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
    if subprocess.run(install, check=False, stdout=subprocess.DEVNULL).returncode == 0:
        return True
    subprocess.run(["apt-get", "update", "-qq"], check=False)  # the lists are old, or missing
    return subprocess.run(install, check=False, stdout=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    print("browser:", install())
