"""What every test stands on: UTC, and the compiled procedures that the functions import."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import botocore.session
import pytest

from local.stack import LocalStack

ROOT = Path(__file__).parents[1]

# The interpreter of state machines compares timestamps with local time.
os.environ["TZ"] = "UTC"
time.tzset()

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-2")
os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "dueprocess")
os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "Dueprocess")

# Each test makes clients anew, in sessions of their own, and each session would read the descriptions of the services
# again: a quarter of a second for three of them.
botocore.session.create_loader = cache(botocore.session.create_loader)


@pytest.fixture(scope="session", autouse=True)
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package `compiled`, made from the procedures of this checkout, first on the path."""
    from authoring.compile import write

    out = tmp_path_factory.mktemp("generated")
    write(ROOT / "procedures", out)
    sys.path.insert(0, str(out))
    return out


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A running stack that all tests of the session share: none moves its clock by more than weeks, for public
    holidays are known for some years only."""
    stack = LocalStack(tmp_path_factory.mktemp("stack"))
    stack.start()
    try:
        yield stack
    finally:
        stack.stop()
