"""What a stranger is asked who sends more than one connection to the internet may (`domain.rates`).

Nothing is lost by it: a page keeps what was typed, and a limit that cannot be looked up holds nobody up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.rates import connection_of
from handlers.http import Request, client_address, record_failure, temporary


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Why something is not taken yet: for how many seconds nothing will be without a proof, and what has to be worked
    out for one."""

    wait: int
    challenge: dict[str, Any]


def held_up(event: Request, *, purpose: str, proof: str) -> Held | None:
    """Return what is asked before this request is taken; None: nothing. `purpose` is what a proof is good for: the key
    under which a form is sent, which opens one case however often it comes."""
    connection = connection_of(client_address(event))
    if connection is None:
        return None
    # botocore comes with these.
    from adapters.people.strangers import challenge_for, is_proof, wait_for
    from handlers.wiring import site

    try:
        if proof and is_proof(proof, purpose, site=site()):
            return None
        wait = wait_for(connection, site=site())
        return Held(wait=wait, challenge=challenge_for(purpose, site=site())) if wait else None
    except temporary() as error:
        record_failure(error, event)
        return None
