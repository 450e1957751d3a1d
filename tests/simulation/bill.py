"""The metered bill: what a world's calls cost at list prices, line by line."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from tests.simulation import deployment
from tests.simulation.deployment import ROOT
from tests.simulation.faults import NoFaults
from tests.simulation.lives import main_path
from tests.simulation.world import World

SECONDS = 0.35
"""Of an invocation, most of them cold starts; see bench/startup.py."""
LOG_BYTES = 1_000
"""Written to the log by an invocation."""
MONTH = 30.44 * 86400
BUDGET = 1.33
"""Dollars for 1,000 complaints over five years, as they were first reckoned."""


@cache
def prices() -> Any:
    return tomllib.loads((ROOT / "bench/prices.toml").read_text(encoding="utf-8"))


def bill(world: World) -> dict[str, float]:
    """Dollars by line, for everything that happened in a world."""
    price, metered, used = prices(), world.metered, world.table.used
    invoked = {name: metered[f"invocations {name}"] for name in deployment.functions()}
    seconds = sum(count * SECONDS * deployment.functions()[name].memory for name, count in invoked.items())
    gigabyte_months = world.table.byte_seconds / 1e9 / MONTH
    table = price["dynamodb"]
    return {
        "mails": metered["mails"] * price["ses"]["mail"],
        "alarms and retention": metered["transitions"] * price["stepfunctions"]["transition"],
        "writes": used["write"] * table["write_unit"],
        "reads": used["read"] * table["read_unit"],
        "storage and recovery": gigabyte_months
        * (table["gigabyte_month"] + table["recovery_gigabyte_month"]),
        "functions": sum(invoked.values()) * price["lambda"]["request"]
        + seconds * price["lambda"]["gigabyte_second"],
        "requests and logs": metered["requests"] * price["http_api"]["request"]
        + sum(invoked.values()) * LOG_BYTES / 1e9 * price["logs"]["gigabyte"],
    }


def lived(organisation: str, *, climbs: bool) -> World:
    """A complaint's whole life at an organisation, without anything going wrong."""
    return main_path(NoFaults(), organisation=organisation, climbs=climbs)[0]
