"""The waits of Step Functions, following the domain's clock.

A state machine waits for a wall instant, which the application worked out from the clock as it was. When
somebody moves the clock the wait would last as long as before: months, on a laptop. Here a wait remembers
which domain instant its wall instant stood for, and ends when the clock shows that.
"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from adapters.clock import FileClock

LOOK_EVERY: Final = 0.1
"""Seconds between two looks at the clock's file."""
LONGEST_SLEEP: Final = 3600.0
"""Seconds; a thread cannot sleep for arbitrarily long in one go."""


class Waits:
    """Everything that waits on the clock."""

    def __init__(self, clock: FileClock) -> None:
        """Wait on `clock`; nothing follows its moves until `follow` runs."""
        self._clock = clock
        self._numbers = count()
        self._changed = threading.Condition()
        self._waiting: dict[int, tuple[str, datetime]] = {}
        self._here = threading.local()

    def until(self, timestamp: str) -> None:
        """Return when the domain's clock shows what belongs to the wall instant `timestamp` (ISO 8601)."""
        try:
            wall = datetime.fromisoformat(timestamp)
        except (TypeError, ValueError):
            return  # as the emulator does: such a wait ends at once
        instant = self._clock.pace().domain_at(wall.astimezone(UTC))
        number = next(self._numbers)
        with self._changed:
            self._waiting[number] = (getattr(self._here, "execution", ""), instant)
            try:
                while (rest := self._seconds_to(instant)) > 0:
                    self._changed.wait(min(rest, LONGEST_SLEEP))
            finally:
                del self._waiting[number]

    def naming_execution(self, wait_state: Callable[..., Any]) -> Callable[..., Any]:
        """Return the emulator's function for a `Wait` state, which lets `until` know whose wait it is."""

        def wait(state: Any, given: Any, ctx: Any = None) -> Any:
            self._here.execution = ((ctx or {}).get("Execution") or {}).get("Id", "")
            return wait_state(state, given, ctx)

        return wait

    def follow(self) -> None:
        """Look at the clock for ever, and wake the waits when somebody has moved it."""
        seen = 0
        pause = threading.Event()
        while not pause.wait(LOOK_EVERY):
            written = self._clock.path.stat().st_mtime_ns
            if written != seen:
                seen = written
                with self._changed:
                    self._changed.notify_all()

    def pending(self) -> list[datetime]:
        """Return the domain instants that are waited for, the soonest first."""
        with self._changed:
            return sorted(instant for _, instant in self._waiting.values())

    def executions(self) -> Counter[str]:
        """Return how many waits each execution is in."""
        with self._changed:
            return Counter(execution for execution, _ in self._waiting.values())

    def _seconds_to(self, instant: datetime) -> float:
        return (self._clock.wall(instant) - datetime.now(UTC)).total_seconds()
