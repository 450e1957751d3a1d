"""The only module that reads the time.

The domain gets `now` as an argument; everything around it asks a `Clock`. On AWS that is `SystemClock`.
The local stack sets `CLOCK_FILE`, and then the domain's time may be ahead of the wall clock and run faster:
five years pass in minutes, through the same state machines, because what waits on the wall clock (a `Wait`
of Step Functions) is told the wall instant at which a domain instant will have come (`Clock.wall`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class Clock(Protocol):
    """What time it is, and when it will be another time."""

    def now(self) -> datetime:
        """Return the domain's current instant, in UTC."""
        ...

    def wall(self, instant: datetime) -> datetime:
        """Return the instant on the wall clock, in UTC, at which the domain's clock shows `instant`.

        An instant that has passed gives one that has passed; `instant` has to carry its offset.
        """
        ...


class SystemClock:
    """The domain lives in the present."""

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(UTC)

    def wall(self, instant: datetime) -> datetime:
        """Return `instant` itself."""
        return instant.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Pace:
    """How domain time follows wall time: when the wall showed `wall` the domain's clock showed `domain`, and
    since then `speed` domain seconds pass in one wall second.
    """

    domain: datetime
    wall: datetime
    speed: float

    def __post_init__(self) -> None:
        """Refuse a clock that stands still or runs backwards: no wait on it would ever end."""
        if not self.speed > 0:
            message = f"A clock's speed has to be above zero, not {self.speed}."
            raise ValueError(message)

    def domain_at(self, wall: datetime) -> datetime:
        """Return what the domain's clock shows when the wall clock shows `wall`."""
        return self.domain + (wall - self.wall) * self.speed

    def wall_at(self, domain: datetime) -> datetime:
        """Return what the wall clock shows when the domain's clock shows `domain`."""
        return self.wall + (domain - self.domain) / self.speed

    def to_json(self) -> str:
        """Return the text of a clock file."""
        return json.dumps(
            {"domain": self.domain.isoformat(), "wall": self.wall.isoformat(), "speed": self.speed}
        )

    @classmethod
    def from_json(cls, text: str) -> Pace:
        """Read the text of a clock file; raises `KeyError`, `TypeError` or `ValueError` if it is none."""
        fields = json.loads(text)
        return cls(
            domain=datetime.fromisoformat(fields["domain"]).astimezone(UTC),
            wall=datetime.fromisoformat(fields["wall"]).astimezone(UTC),
            speed=float(fields["speed"]),
        )


class FileClock:
    """A clock that somebody else sets and moves, through a small file that is replaced as a whole.

    The file is read at every call, so that all functions see a move at once.
    """

    def __init__(self, path: Path) -> None:
        """Follow the file at `path`; it need not exist yet."""
        self.path = path

    def now(self) -> datetime:
        """Return the domain's instant as the file has it; raises `OSError` if there is no file."""
        return self.pace().domain_at(datetime.now(UTC))

    def wall(self, instant: datetime) -> datetime:
        """Return the wall instant for `instant`, as long as nobody moves the clock meanwhile."""
        return self.pace().wall_at(instant.astimezone(UTC))

    def pace(self) -> Pace:
        """Return what the file says now."""
        return Pace.from_json(self.path.read_text(encoding="utf-8"))


def clock_from(environ: Mapping[str, str]) -> Clock:
    """Return the clock that an environment asks for: the file `CLOCK_FILE`, or the system's."""
    path = environ.get("CLOCK_FILE")
    return FileClock(Path(path)) if path else SystemClock()
