"""The id of what is being done: it stands in each line of log about it, and with each effect that follows from it.

It is the id that the gateway or Lambda gave to the request, the alarm or the sweep with which everything began, and
says nothing about anybody. An effect is stored with it, so that the line about a mail has the id of the request that
led to it, however much later and in whichever function the mail is sent.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

_CURRENT: Final = ContextVar("correlation", default="")


def correlation() -> str:
    """Return the id of what is being done; empty: nothing has begun yet."""
    return _CURRENT.get()


def correlate(with_id: str) -> None:
    """Have what is done from now on stand under this id, until there is another. An empty one changes nothing."""
    if with_id:
        _CURRENT.set(with_id)
