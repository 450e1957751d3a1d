"""How much may come from one connection to the internet before more is asked of whoever sends it.

A token bucket, kept as the second at which it will be full again. Each submission takes a token; a connection that has
none left has to wait for the next one, or to prove that it is no script (`adapters.people.strangers`).
"""

from __future__ import annotations

from typing import Final

from domain.frozen import Frozen


class Rate(Frozen):
    """A bucket of `at_once` tokens, into which another one falls `every` so many seconds."""

    at_once: int
    every: int

    def latest(self, now: int) -> int:
        """Return the latest second for which a bucket that is full only then still has a token `now`."""
        return now + (self.at_once - 1) * self.every

    def after_one_more(self, full_at: int | None, *, now: int) -> int | None:
        """Return when the bucket will be full once a token is taken; None: it has none. `full_at` is None for a bucket
        that nothing was ever taken from."""
        if self.wait(full_at, now=now):
            return None
        return max(full_at or now, now) + self.every

    def wait(self, full_at: int | None, *, now: int) -> int:
        """Return for how many seconds there will be no token."""
        return max(0, (full_at or now) - self.latest(now))


PER_ADDRESS: Final = Rate(at_once=50, every=180)
"""A school has one address for all who are in it: two classes may complain in one lesson, and twenty people an hour
after that. A script gets through 530 times on the first day, and 480 times on each that follows."""

PER_NETWORK: Final = Rate(at_once=200, every=45)
"""Four times as much for all addresses of a network together, so that moving to the next one gains little."""


class Connection(Frozen):
    """Where something came from, as text: an address and its network. Of IPv6 the address is the first half, which one
    household or office has for itself."""

    address: str
    network: str


def connection_of(address: str) -> Connection | None:
    """Return where an IP address is; None: it is none, or this machine's own."""
    # Imported where somebody sends something: a page that only shows a form does without.
    from ipaddress import IPv6Address, ip_address, ip_network

    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if found.is_loopback:
        return None
    own, around = (64, 48) if isinstance(found, IPv6Address) else (32, 24)
    return Connection(
        address=str(ip_network((found, own), strict=False)),
        network=str(ip_network((found, around), strict=False)),
    )
