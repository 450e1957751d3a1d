"""The site and the clients of a running function, built from its environment when they are first needed."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from adapters.clock import clock_from
from adapters.identities import RandomIdentities
from adapters.settings import settings_from
from adapters.site import Site

if TYPE_CHECKING:
    from adapters.files.documents import Files


@cache
def site() -> Site:
    """Return what this function works on cases with. KeyError: its environment lacks something."""
    from adapters.cases.store import CaseStore
    from adapters.secrets import ParameterSecrets

    settings = settings_from(os.environ)
    return Site(
        clock=clock_from(os.environ),
        store=CaseStore(
            client=client("dynamodb"),
            table=settings.table,
            keys=settings.keys_table,
            secrets=ParameterSecrets(client=lambda: client("ssm"), name=settings.secret)
            if settings.secret
            else None,
        ),
        identities=RandomIdentities(),
        settings=settings,
    )


@cache
def files() -> Files:
    """Return the files of cases. KeyError, ValueError: the environment of this function names no table or no
    bucket."""
    from adapters.files.documents import Files

    bucket = site().settings.documents_bucket
    if not bucket:
        raise ValueError("This function has no DOCUMENTS_BUCKET.")
    return Files(client=client("s3"), bucket=bucket)


@cache
def client(service: str) -> Any:
    """Return a client that gives up soon enough for the function to try again within its own time.

    It is the one that `boto3.client` returns, made without boto3: see docs/decisions/0027-packages.md."""
    from botocore.config import Config
    from botocore.session import get_session

    config = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "max_attempts": 4})
    if service == "s3":
        # The addresses that browsers are given have to name the bucket's region, or S3 leads them there first.
        config = config.merge(Config(signature_version="s3v4", s3={"addressing_style": "virtual"}))
    return get_session().create_client(service, config=config)
