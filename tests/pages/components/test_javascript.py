"""The components' modules that need no page, tested by Node's own runner where there is one.

pages/components/package.json is for Node alone: it says that a .js file is a module.
"""

import shutil
import subprocess
from pathlib import Path

from pages.components.source import bundle

HERE = Path(__file__).parent
NODE = shutil.which("node")


def run(*command):
    """Run Node if it is installed: the browser tests see the player, too, and need none."""
    if NODE is not None:
        done = subprocess.run(
            [NODE, *map(str, command)], capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_modules_do_what_their_tests_say():
    tests = sorted(HERE.rglob("*.test.mjs"))
    assert tests
    run("--test", *tests)


def test_the_bundle_is_a_module(tmp_path):
    player = tmp_path / "player.mjs"
    player.write_text(bundle("player/served.js"), encoding="utf-8")
    check = tmp_path / "check.mjs"
    check.write_text(
        'import mount, * as all from "./player.mjs"\n'
        'if (typeof mount !== "function" || Object.keys(all).length !== 1) process.exit(1)\n'
    )
    run(check)
