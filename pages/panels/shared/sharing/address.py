"""The address under which others can open this page: localhost is each machine itself."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

ELSEWHERE = "203.0.113.1", 9
"""An address kept for documentation (RFC 5737): nothing is ever sent there."""


def others_address(url: str, bound: str | None) -> tuple[str, str]:
    """The page's address without its parameters, and a sentence where others need to know more.

    url: as this browser has it, "" when unknown. bound: the server option server.address.
    """
    parts = urlsplit(url)
    if not parts.netloc:
        return "", ""
    path = parts.path or "/"
    same = f"{parts.scheme}://{parts.netloc}{path}"
    host = parts.hostname or ""
    if not is_this_machine(host):
        return same, ""
    alone = f"Other machines cannot open this link, for {host} is each machine itself"
    if bound and is_this_machine(bound) and not _is_every_address(bound):
        return same, (
            f"{alone}: seqviz was started for this one alone, with server.address {bound}. Start "
            "it without that option, and Share gives a link that others can open."
        )
    own = address_in_network()
    if own is None:
        return same, f"{alone}, and this one is in no network now."
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{own}{port}{path}", (
        f"Other machines cannot open {host}, which is each machine itself. The link has this "
        f"machine's address in its network instead, {own}: machines in that network can open it."
    )


def is_this_machine(host: str) -> bool:
    """Whether a host's name or address reaches no other machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _is_every_address(bound: str) -> bool:
    return bound in ("0.0.0.0", "::")


def address_in_network() -> str | None:
    """This machine's own address where its traffic goes out, None when it is in no network.

    The system names it for a UDP socket that is told where to, before anything is sent.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
        except OSError:
            return None
        own = str(probe.getsockname()[0])
    return None if is_this_machine(own) else own
