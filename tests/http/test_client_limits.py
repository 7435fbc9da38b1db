"""Counting by client, and the client's address behind proxies."""

import pytest

from app.errors import Problem
from app.http.client_limits import ClientCounter, client_address, is_in_networks, parse_networks

PROXIES = parse_networks("10.0.0.0/8, 2001:db8::1")


def test_a_client_has_its_bound_and_all_have_theirs() -> None:
    counter = ClientCounter(max_total=3, max_per_client=2)
    assert [counter.try_add(client) for client in ("a", "a", "a", "b", "c")] == [True, True, False, True, False]
    counter.remove("a")
    assert counter.try_add("c")
    for client in ("a", "b", "c"):
        counter.remove(client)
    assert counter.total == 0
    assert counter.try_add(None)


def test_a_slot_is_free_again_after_a_failure() -> None:
    counter = ClientCounter(max_total=1, max_per_client=1)

    def fail() -> None:
        with counter.slot("a") as first, counter.slot("b") as second:
            first.take()
            first.take()  # which it has already
            with pytest.raises(Problem) as refused:
                second.take()
            assert refused.value.status == 503
            assert refused.value.headers["Retry-After"]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with counter.slot("b") as slot:
        assert counter.total == 0
        slot.take()
        assert counter.total == 1


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.1", b"198.51.100.7", "192.0.2.1"),
        ("10.0.0.1", b"198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", b"203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", b"203.0.113.9, 10.1.1.1", "203.0.113.9"),
        ("2001:db8::1", b"2001:db8::99", "2001:db8::99"),
        ("10.0.0.1", b"", "10.0.0.1"),
        ("10.0.0.1", b"10.2.2.2", "10.0.0.1"),
        ("10.0.0.1", b"unknown", "unknown"),
    ],
)
def test_the_address_behind_a_proxy(peer: str, forwarded: bytes, address: str) -> None:
    assert client_address({"client": (peer, 1)}, {b"x-forwarded-for": forwarded}, PROXIES) == address


def test_an_address_that_is_none_is_in_no_network() -> None:
    assert not is_in_networks("testclient", PROXIES)
    assert client_address({}, {}, PROXIES) == ""
