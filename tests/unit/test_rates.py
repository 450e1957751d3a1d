"""How much may come from one connection."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.rates import PER_ADDRESS, PER_NETWORK, Connection, Rate, connection_of

NOW = 1_000_000

RATE = Rate(at_once=3, every=60)


def test_what_comes_at_once_empties_the_bucket() -> None:
    """As many as the bucket holds get through in one moment, and then none until a token has fallen in."""
    full_at: int | None = None
    for _ in range(3):
        full_at = RATE.after_one_more(full_at, now=NOW)
        assert full_at is not None
    assert RATE.after_one_more(full_at, now=NOW) is None
    assert RATE.wait(full_at, now=NOW) == 60
    assert RATE.after_one_more(full_at, now=NOW + 59) is None
    assert RATE.after_one_more(full_at, now=NOW + 60) is not None


def test_a_bucket_left_alone_is_full_and_no_fuller() -> None:
    """A week without anybody is worth no more than a full bucket."""
    full_at: int | None = RATE.after_one_more(None, now=NOW)
    later = NOW + 7 * 86_400
    for _ in range(3):
        full_at = RATE.after_one_more(full_at, now=later)
    assert full_at is not None
    assert RATE.after_one_more(full_at, now=later) is None


@given(some.lists(some.integers(0, 600), max_size=80), some.integers(1, 20), some.integers(1, 120))
def test_over_any_time_no_more_gets_through_than_was_there_and_fell_in(
    gaps: list[int], at_once: int, every: int
) -> None:
    """However the moments lie, the number let in is at most a full bucket and what fell into it meanwhile."""
    rate, now, full_at, taken = Rate(at_once=at_once, every=every), NOW, None, 0
    for gap in gaps:
        now += gap
        after = rate.after_one_more(full_at, now=now)
        assert (after is None) == (rate.wait(full_at, now=now) > 0)
        if after is not None:
            full_at, taken = after, taken + 1
    assert taken <= at_once + (now - NOW) // every


def test_a_whole_class_fits_and_a_network_holds_more_than_an_address() -> None:
    """A school behind one address can send fifty forms in a moment; no bucket takes a day to fill again."""
    assert PER_ADDRESS.at_once == 50
    assert PER_NETWORK.at_once > PER_ADDRESS.at_once
    for rate in (PER_ADDRESS, PER_NETWORK):
        assert rate.at_once * rate.every < 86_400


@pytest.mark.parametrize(
    ("address", "connection"),
    [
        ("192.0.2.7", Connection(address="192.0.2.7/32", network="192.0.2.0/24")),
        ("::ffff:192.0.2.7", Connection(address="192.0.2.7/32", network="192.0.2.0/24")),
        ("2001:db8:1:2:3:4:5:6", Connection(address="2001:db8:1:2::/64", network="2001:db8:1::/48")),
        ("fe80::1%eth0", Connection(address="fe80::/64", network="fe80::/48")),
        ("127.0.0.1", None),
        ("::1", None),
        ("", None),
        ("unknown", None),
    ],
)
def test_addresses_that_one_connection_has_are_one(address: str, connection: Connection | None) -> None:
    """Whoever has a /64 of IPv6 has one address; this machine's own is nobody's."""
    assert connection_of(address) == connection
