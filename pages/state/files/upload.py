"""The bytes somebody uploaded or recorded, as they came, and how a link names them."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePath

AUDIO = (".wav", ".flac", ".ogg", ".mp3")
HEADED = (".csv", ".tsv", ".txt", ".xlsx")
LONGEST_NAME = 255  # characters: what file systems allow
LONGEST_LINK = 44 + LONGEST_NAME
_LINKED = re.compile(rf"([A-Za-z0-9_-]{{43}})\.(.{{1,{LONGEST_NAME}}})", re.DOTALL)


@dataclass(frozen=True)
class Upload:
    """content: the SHA-256 digest of data in URL-safe Base64, 43 characters. member: an archive's
    array or a workbook's sheet, None for the first that fits. header: whether the first row is one,
    None as the reader finds it.
    """

    name: str
    data: bytes
    content: str
    member: str | None = None
    header: bool | None = None

    @classmethod
    def of(cls, name: str, data: bytes) -> Upload:
        sha256 = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
        # half characters cannot travel in a link; the ending tells how the file is read
        whole = name.encode("utf-8", "replace").decode("utf-8")
        return cls(whole[-LONGEST_NAME:], data, sha256)

    @classmethod
    def linked(cls, text: str) -> Upload:
        """The file of which `link` is text, without its bytes. Raises ValueError."""
        found = _LINKED.fullmatch(text)
        if found is None:
            raise ValueError(text)
        return cls(found[2], b"", found[1])

    @property
    def link(self) -> str:
        """How a link names the file: by its contents, and as people call it."""
        return f"{self.content}.{self.name}"

    @cached_property
    def digest(self) -> str:
        """Of name and contents: the same bytes may be CSV or text."""
        return hashlib.blake2b(self.link.encode(), digest_size=8).hexdigest()

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
