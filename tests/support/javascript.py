"""JavaScript run outside a browser, in the Node that Playwright brings along."""

import json
import re
import subprocess

from playwright._impl._driver import compute_driver_executable


def function_of(source: str, name: str) -> str:
    """The text of one top-level function of a script."""
    (text,) = re.findall(rf"^function {name}\(.*?^}}$", source, re.MULTILINE | re.DOTALL)
    return text


def called(function: str, name: str, arguments: list[list]) -> list:
    """What the function returns for each list of arguments; "NaN" and the like become numbers."""
    program = f"""
        {function}
        const special = {{NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity}};
        const lists = JSON.parse(require("fs").readFileSync(0, "utf8"));
        const real = (value) => special[value] === undefined ? value : special[value];
        console.log(JSON.stringify(lists.map((list) => {name}(...list.map(real)))));
    """
    node, _ = compute_driver_executable()
    done = subprocess.run(
        [node, "-e", program],
        input=json.dumps(arguments),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
