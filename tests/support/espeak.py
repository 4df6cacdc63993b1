"""Mandarin syllables for the test of pitch: a voice that nobody here synthesised.

`python tests/support/espeak.py` installs espeak-ng where apt can; without it the test is skipped.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

VOICES = (*(f"m{n}" for n in range(1, 9)), *(f"f{n}" for n in range(1, 6)))
SYLLABLES = ("ma", "yi", "ba", "lu")
TONES = {"1": "flat", "2": "rising", "4": "falling"}


def find() -> str | None:
    """The program's path; None without it."""
    return shutil.which("espeak-ng")


def install() -> str:
    """What came of it, in words. A machine where it cannot be installed is no failure."""
    if not find() and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        quietly = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        subprocess.run([*quietly, "espeak-ng"], check=False)
    return find() or "none: the test of Mandarin tones is skipped"


def spoken(voices=VOICES, syllables=SYLLABLES) -> list:
    """(contour, Recording) of each syllable in tones 1, 2 and 4 in each voice."""
    from seqviz.data.readers.read_sound import read_sound  # installing needs no seqviz

    sounds = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        for voice in voices:
            for syllable in syllables:
                for tone, contour in TONES.items():
                    said = f"{syllable}{tone}"
                    command = [find(), "-v", f"cmn-latn-pinyin+{voice}", said, "-w", str(path)]
                    subprocess.run(command, check=True, capture_output=True, timeout=60)
                    sounds.append((contour, read_sound(f"{said}.wav", path.read_bytes())))
    return sounds


if __name__ == "__main__":
    print("espeak-ng:", install())
