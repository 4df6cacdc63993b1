"""The bytes somebody uploaded or recorded, as they came."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import PurePath

AUDIO = (".wav", ".flac", ".ogg")


@dataclass(frozen=True)
class Upload:
    """digest: of name and bytes. member: an archive's array, None for the first that fits."""

    name: str
    data: bytes
    digest: str
    member: str | None = None

    @classmethod
    def of(cls, name: str, data: bytes) -> Upload:
        named = name.encode(errors="surrogatepass") + b"\0"  # the same bytes may be CSV or text
        return cls(name, data, hashlib.blake2b(named + data, digest_size=8).hexdigest())

    def of_member(self, member: str | None) -> Upload:
        """The same archive, another of its arrays."""
        return replace(self, member=member)

    @property
    def is_audio(self) -> bool:
        return PurePath(self.name.lower()).suffix in AUDIO

    def option(self, name: str) -> str:
        """What an option is called: another file, or another of its arrays, starts afresh."""
        return f"{name}_{self.digest}_{self.member or ''}"

    @property
    def member_option(self) -> str:
        """What the choice of an array from this archive is called."""
        return f"member_{self.digest}"
