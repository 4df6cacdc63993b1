"""Share's address: localhost is each machine itself, so the link names this one as others do."""

import ipaddress
import socket

import pytest

from pages.panels.shared.sharing import address
from pages.panels.shared.sharing.address import others_address


@pytest.fixture
def network(monkeypatch):
    monkeypatch.setattr(address, "address_in_network", lambda: "192.168.7.20")


@pytest.mark.parametrize(
    "host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "0.0.0.0:8501", "x.localhost:8501"]
)
@pytest.mark.parametrize("bound", [None, "", "0.0.0.0", "::"])
def test_a_link_from_this_machine_names_it_by_its_address_in_the_network(network, host, bound):
    link, hint = others_address(f"http://{host}/compare", bound)
    assert link == "http://192.168.7.20:8501/compare"
    assert "192.168.7.20" in hint and host.rsplit(":", 1)[0].strip("[]") in hint


@pytest.mark.parametrize(
    "url",
    ["https://seqviz.example/app/", "http://192.168.7.20:8501/", "http://mylocalhost:80/",
     "http://127.0.0.1.example/", "http://[2001:db8::1]:8501/memory"],
)  # fmt: skip
def test_a_link_that_others_can_open_stays_as_it_is(network, url):
    assert others_address(f"{url}?cell=GRU#top", None) == (url, "")


def test_no_address_is_offered_where_none_would_answer(monkeypatch, network):
    url = "http://localhost:8501/"
    link, hint = others_address(url, "127.0.0.1")
    assert link == url and "cannot open" in hint and "server.address 127.0.0.1" in hint
    monkeypatch.setattr(address, "address_in_network", lambda: None)
    link, hint = others_address(url, None)
    assert link == url and "cannot open" in hint and "in no network" in hint
    assert others_address("", None) == ("", "")


def test_the_address_in_the_network_is_one_of_this_machine_and_nothing_is_sent(monkeypatch):
    sent = []
    for name in ("send", "sendto", "sendall"):
        monkeypatch.setattr(socket.socket, name, lambda *arguments: sent.append(arguments))
    own = address.address_in_network()
    if own is not None:
        ipaddress.IPv4Address(own)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((own, 0))  # only a machine's own address can be bound
    assert not sent


def test_without_a_network_there_is_no_address(monkeypatch):
    def unreachable(*_):
        raise OSError("Network is unreachable")

    class Unconnected(socket.socket):
        connect = unreachable

    monkeypatch.setattr(address.socket, "socket", Unconnected)
    assert address.address_in_network() is None
