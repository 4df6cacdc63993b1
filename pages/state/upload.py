"""The bytes somebody uploaded or recorded, as they came."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import PurePath

AUDIO = (".wav", ".flac", ".ogg", ".mp3")
HEADED = (".csv", ".tsv", ".txt", ".xlsx")


@dataclass(frozen=True)
class Upload:
    """digest: of name and bytes. member: an archive's array or a workbook's sheet, None for the
    first that fits. header: whether the first row is one, None as the reader finds it.
    """

    name: str
    data: bytes
    digest: str
    member: str | None = None
    header: bool | None = None

    @classmethod
    def of(cls, name: str, data: bytes) -> Upload:
        named = name.encode(errors="surrogatepass") + b"\0"  # the same bytes may be CSV or text
        return cls(name, data, hashlib.blake2b(named + data, digest_size=8).hexdigest())

    def read_as(self, member: str | None, header: bool | None) -> Upload:
        """The same file, another of its arrays or sheets, its first row a header or not."""
        headed = PurePath(self.name.lower()).suffix in HEADED
        return replace(self, member=member, header=header if headed else None)

    @property
    def is_audio(self) -> bool:
        return PurePath(self.name.lower()).suffix in AUDIO

    def option(self, name: str) -> str:
        """What an option is called: another file, or another reading of it, starts afresh."""
        row = "" if self.header is None else f"_{int(self.header)}"
        return f"{name}_{self.digest}_{self.member or ''}{row}"

    @property
    def member_option(self) -> str:
        """What the choice of an array or sheet from this file is called."""
        return f"member_{self.digest}"
