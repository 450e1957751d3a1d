"""The desk and the clients of a running function, built from its environment when they are first needed."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from adapters.clock import clock_from
from adapters.desk import Desk
from adapters.identities import RandomIdentities
from adapters.settings import settings_from


@cache
def desk() -> Desk:
    """What this function works on cases with. KeyError: its environment lacks something."""
    from adapters.store import CaseStore

    settings = settings_from(os.environ)
    return Desk(
        clock=clock_from(os.environ),
        store=CaseStore(client=client("dynamodb"), table=settings.table),
        identities=RandomIdentities(),
        settings=settings,
    )


@cache
def client(service: str) -> Any:
    """A client that gives up soon enough for the function to try again within its own time.

    It is the one that `boto3.client` returns, made without boto3: see docs/decisions/0006-clients.md."""
    from botocore.config import Config
    from botocore.session import get_session

    return get_session().create_client(
        service,
        config=Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "max_attempts": 4}),
    )
