"""The real stack: the built application, deployed into the emulator, over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from local.stack import LocalStack

StartStack = Callable[..., LocalStack]


@pytest.fixture
def start_stack(tmp_path: Path) -> Iterator[StartStack]:
    """Start a stack of one's own, with `speed` if wanted: `start_stack(speed=1000)`. It ends with the test."""
    with ExitStack() as ending:

        def start(name: str = "stack", *, speed: float = 1.0) -> LocalStack:
            stack = LocalStack(tmp_path / name, speed=speed)
            stack.start()
            ending.callback(stack.stop)
            return stack

        yield start
