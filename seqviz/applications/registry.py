"""Every use by its key, in the order a page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from seqviz.applications.application import Application
from seqviz.applications.handwriting.handwriting import Handwriting
from seqviz.applications.next_word import NextWord
from seqviz.applications.pitch.pitch import Pitch
from seqviz.applications.stocks import Stocks
from seqviz.applications.translation.translation import EnglishToFrench
from seqviz.applications.waves import WavesAhead
from seqviz.applications.weather import Weather

_USES: tuple[Application, ...] = (
    WavesAhead(),
    NextWord(),
    Weather(),
    Stocks(),
    Handwriting(),
    Pitch(),
    EnglishToFrench(),
)

APPLICATIONS: Mapping[str, Application] = MappingProxyType({one.key: one for one in _USES})
