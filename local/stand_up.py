"""Stands the stack up behind the front: waits for the emulator, deploys into it, and says what is there.

What is done meanwhile is printed for whoever started the front, a line each.
"""

from __future__ import annotations

import time
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from adapters.clock import FileClock
from local.account import CREDENTIALS, REGION
from local.clockwork import Clockwork, hands
from local.deploy import deploy, is_deployed
from local.emulator import ACTIVITY
from local.indexes import Indexes, table_with_indexes
from local.mail import MailFolder
from local.template import CannotDeploy, Source

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

EMULATOR_WITHIN: Final = 30.0
"""Seconds for the emulator to start."""
SWEEP: Final = "SweepFunction"
RETENTION: Final = "RetentionMachine"
"""The logical ids of what the clock's moving needs."""


@dataclass(frozen=True, slots=True)
class Stack:
    """What the front needs to know of everything behind it."""

    emulator_port: int
    api: str
    """The physical id of the HTTP API."""
    mails: MailFolder
    clockwork: Clockwork
    indexes: Indexes
    organisations: tuple[str, ...]
    data: Path


def stand_up(given: argparse.Namespace) -> Stack:
    """Deploy, and return what the front needs to know."""
    source = Source(
        template=given.template,
        bundle=given.bundle,
        python=given.python,
        environment={"PUBLIC_URL": given.public_url},
    )
    record = given.data / "deployed.json"
    # Both take their time to load, which the emulator needs to start anyway.
    import boto3

    if not is_deployed(source, record):
        import samtranslator.translator.transform  # noqa: F401

    _tell("starting the emulator")
    _await_emulator(given.emulator_port)
    endpoint = f"http://127.0.0.1:{given.emulator_port}"
    _tell("deploying template.yaml")
    deployed = deploy(source, endpoint=endpoint, region=REGION, record=record)
    for left_out in deployed.left_out:
        _tell(f"left out: {left_out}, which the emulator does not know")
    session = boto3.Session(**CREDENTIALS, region_name=REGION)
    database, functions, machines = (
        session.client(name, endpoint_url=endpoint) for name in ("dynamodb", "lambda", "stepfunctions")
    )
    ids = deployed.resources
    missing = [name for name in (SWEEP, RETENTION) if name not in ids]
    if missing:
        raise CannotDeploy(f"The template has no {' and no '.join(missing)}, which the clock needs.")
    api = [
        deployed.resources[name] for name, kind in deployed.types.items() if kind == "AWS::ApiGatewayV2::Api"
    ]
    tables = [ids[name] for name, kind in deployed.types.items() if kind == "AWS::DynamoDB::Table"]
    indexes = Indexes(database, table_with_indexes(database, tables))
    reach = hands(
        functions=functions,
        machines=machines,
        sweep=ids[SWEEP],
        retention=ids[RETENTION],
        activity_url=endpoint + ACTIVITY,
    )
    return Stack(
        emulator_port=given.emulator_port,
        api=api[0],
        mails=MailFolder(given.data / "mail"),
        clockwork=Clockwork(FileClock(given.clock), indexes, reach),
        indexes=indexes,
        organisations=tuple(given.organisations.split(",")) if given.organisations else (),
        data=given.data,
    )


def _await_emulator(port: int) -> None:
    end = time.monotonic() + EMULATOR_WITHIN
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{ACTIVITY}", timeout=5):
                return
        except OSError:
            if time.monotonic() > end:
                raise CannotDeploy(
                    "The emulator did not start. See logs/emulator.log in the data folder."
                ) from None
            time.sleep(0.05)


def _tell(progress: str) -> None:
    print(f"progress {progress}", flush=True)
