"""Moves the domain's clock, and does meanwhile what a running deployment would have done.

Between now and the instant that is asked for, the clock stops at each instant at which something becomes due:
an entry of the index `due`, or the end of a wait of Step Functions. There the alarms fire by themselves; what
they leave is swept, and when a case is to be deleted the retention state machine is started, as the two
schedules of the template would do. So a case meets its deadlines one after the other, in order, however far
the clock is moved.

While nobody moves it, `watch` does what the schedules would: whatever stays due is swept.
"""

from __future__ import annotations

import json
import os
import re
import threading
import time
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from adapters.clock import FileClock, Pace
from local.indexes import Due

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from local.indexes import Indexes

LONDON: Final = ZoneInfo("Europe/London")
MOST_STEPS: Final = 2_000
"""Instants at which one move of the clock may stop."""
MOST_SECONDS: Final = 300.0
"""Wall seconds that one move of the clock may take."""
SETTLES_WITHIN: Final = 15.0
"""Wall seconds that everything at one instant may take."""
OUTBOX_WITHIN: Final = 3.0
"""Wall seconds without a delivery after which the stream is taken to have given up on what is left."""
LOOK_EVERY: Final = 0.02
"""Wall seconds between two looks at whether something still goes on."""
SWEEPS_IN_VAIN: Final = 3
"""Sweeps that change nothing, after which what is due is taken to be stuck."""
WATCH_EVERY: Final = 2.0
"""Wall seconds between two looks of `watch`."""
PATIENCE: Final = 4.0
"""Wall seconds that something may stay due before `watch` sweeps it; alarms and streams come first."""

_UNITS: Final = {
    "s": "seconds", "sec": "seconds", "second": "seconds",
    "m": "minutes", "min": "minutes", "minute": "minutes",
    "h": "hours", "hour": "hours",
    "d": "days", "day": "days",
    "w": "weeks", "week": "weeks",
    "month": "months",
    "y": "years", "year": "years",
}  # fmt: skip
_AMOUNT: Final = re.compile(r"(\d+)\s*([a-z]+)")
_ISO_DURATION: Final = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?"
)


class CannotMove(Exception):
    """The clock cannot be moved as asked; the text is a sentence for a person."""


@dataclass(slots=True)
class Move:
    """What one move of the clock did."""

    started: datetime
    target: datetime
    fired: list[Due] = field(default_factory=list)
    """What became due on the way and was dealt with, in order."""
    stuck: list[Due] = field(default_factory=list)
    """What is due and stays so, whatever is done."""
    retention_runs: int = 0
    steps: int = 0
    problems: list[str] = field(default_factory=list)
    """Sentences; without any, the clock stands at the target and nothing is left to do there."""

    def as_json(self, now: datetime) -> dict[str, Any]:
        """Return the move as JSON has it."""
        return {
            "from": instant(self.started),
            "to": instant(self.target),
            "now": instant(now),
            "complete": not self.problems,
            "problems": self.problems,
            "steps": self.steps,
            "retention_runs": self.retention_runs,
            "fired": [due.as_json() for due in self.fired],
            "stuck": [due.as_json() for due in self.stuck],
        }


@dataclass(frozen=True, slots=True)
class Hands:
    """What the clockwork does to the deployment."""

    sweep: Callable[[], str]
    """Invokes the sweep as its schedule does; returns what went wrong, or nothing."""
    retain: Callable[[], None]
    """Starts the retention state machine as its schedule does."""
    activity: Callable[[], dict[str, Any]]
    """Returns what the emulator is at (`local.emulator.Emulator.activity`)."""


class Clockwork:
    """The one who moves the clock."""

    def __init__(self, clock: FileClock, indexes: Indexes, hands: Hands) -> None:
        """Move `clock`, whose file has to exist."""
        self.clock = clock
        self._indexes = indexes
        self._hands = hands
        self._moving = threading.Lock()
        self._writing = threading.Lock()
        self._given_to_retention: set[Due] = set()
        self._first_seen: dict[Due, float] = {}

    def next_instants(self) -> list[datetime]:
        """Return the instants after now at which something becomes due, the soonest first."""
        now = self.clock.now()
        waits = (datetime.fromisoformat(wait) for wait in self._hands.activity()["waits"])
        return sorted({at for at in (*(due.at for due in self._indexes.due()), *waits) if at > now})

    def advance(self, *, by: str = "", to: str = "") -> Move:
        """Move the clock by a duration (`3 days`, `PT36H`), to a date-time in London, or to `next`.

        Raises `CannotMove` if the request makes no sense, or while the clock is being moved already.
        """
        if not self._moving.acquire(timeout=PATIENCE):
            raise CannotMove("The clock is being moved already; wait until that is done.")
        try:
            now = self.clock.now()
            if to == "next":
                following = self.next_instants()
                if not following:
                    raise CannotMove("Nothing is due, so there is no next instant.")
                target = following[0]
            else:
                target = later(now, by) if by else at_london(to)
            if target < now:
                raise CannotMove(f"The clock only goes forward, and it is {instant(now)} already.")
            return self._move(Move(now, target))
        finally:
            self._moving.release()

    def watch(self, ended: threading.Event) -> None:
        """Sweep what stays due, and keep the clock's place, until `ended` is set."""
        while not ended.wait(WATCH_EVERY):
            try:
                self.keep_place()
                if self._moving.acquire(blocking=False):
                    try:
                        self._sweep_what_stays()
                    finally:
                        self._moving.release()
            except Exception as error:  # noqa: BLE001 - the emulator is ending, or busy: there is a next time
                print(f"watch: {type(error).__name__}: {error}", flush=True)

    def keep_place(self) -> None:
        """Write down where a fast clock stands, so that it goes on from there and not from where it would be."""
        with self._writing:
            pace = self.clock.pace()
            if pace.speed != 1:
                wall = datetime.now(UTC)
                self._write(Pace(pace.domain_at(wall), wall, pace.speed))

    def _move(self, move: Move) -> Move:
        end = time.monotonic() + MOST_SECONDS
        while True:
            self._settle(move)
            following = self.next_instants()
            if not following or following[0] > move.target:
                break
            if move.steps >= MOST_STEPS or time.monotonic() > end:
                move.problems.append(
                    f"Stopped at {instant(self.clock.now())} after {move.steps} steps: that took too long."
                )
                return move
            move.steps += 1
            self._set(following[0])
        self._set(move.target)
        self._settle(move)
        return move

    def _settle(self, move: Move) -> None:
        """Return when nothing goes on any more at the present instant; what stays due is stuck."""
        end = time.monotonic() + SETTLES_WITHIN
        in_vain = 0
        met: set[Due] = set(self._due())
        left = met
        while time.monotonic() < end:
            self._until_quiet(end)
            now_due = set(self._due())
            met |= now_due
            if not now_due:
                left = set()
                break
            in_vain = in_vain + 1 if now_due == left else 0
            left = now_due
            if in_vain >= SWEEPS_IN_VAIN:
                break
            problem = self._do(now_due, move)
            if problem and problem not in move.problems:
                move.problems.append(problem)
        else:
            move.problems.append(f"At {instant(self.clock.now())} things did not come to rest in time.")
        waiting = {due for due in left if due in self._given_to_retention}
        move.fired.extend(sorted((met - left) | waiting - set(move.fired)))
        for due in sorted(left - waiting):
            if due not in move.stuck:
                move.stuck.append(due)
                move.problems.append(f"{due.ref} ({due.kind}) is due since {instant(due.at)} and stays so.")

    def _do(self, now_due: set[Due], move: Move) -> str:
        """Do what the schedules would do about what is due; return what went wrong, or nothing."""
        problem = ""
        if any(due.kind != "delete" for due in now_due):
            problem = self._hands.sweep()
        self._given_to_retention &= now_due
        new = {due for due in now_due if due.kind == "delete"} - self._given_to_retention
        if new:
            self._hands.retain()
            move.retention_runs += 1
            self._given_to_retention |= new
        return problem

    def _due(self) -> list[Due]:
        """Return what is due now, but for deletions that a state machine is at already."""
        found = self._indexes.due(until=self.clock.now())
        if self._given_to_retention and not self._retention_works():
            self._given_to_retention.clear()
        return [due for due in found if due not in self._given_to_retention]

    def _retention_works(self) -> bool:
        activity = self._hands.activity()
        return bool(activity["busy"] or activity["waits"])

    def _until_quiet(self, end: float) -> None:
        """Return when the executions rest and the outbox is empty, or is not getting emptier."""
        quiet = 0
        outbox: list[Due] = []
        changed = time.monotonic()
        while quiet < 2 and time.monotonic() < end:
            activity = self._hands.activity()
            now = self.clock.now()
            due_waits = [wait for wait in activity["waits"] if datetime.fromisoformat(wait) <= now]
            found = self._indexes.due(("outbox",))
            if found != outbox:
                outbox, changed = found, time.monotonic()
            delivering = bool(outbox) and time.monotonic() - changed < OUTBOX_WITHIN
            rests = not (activity["busy"] or activity["invocations"] or due_waits or delivering)
            quiet = quiet + 1 if rests else 0
            time.sleep(LOOK_EVERY)

    def _sweep_what_stays(self) -> None:
        wall = time.monotonic()
        now_due = set(self._due())
        self._first_seen = {due: self._first_seen.get(due, wall) for due in now_due}
        overdue = {due for due, seen in self._first_seen.items() if wall - seen >= PATIENCE}
        if overdue:
            now = self.clock.now()
            self._do(overdue, Move(now, now))
            self._first_seen = {due: wall for due in self._first_seen}

    def _set(self, domain: datetime) -> None:
        with self._writing:
            wall = datetime.now(UTC)
            pace = self.clock.pace()
            self._write(Pace(max(domain, pace.domain_at(wall)), wall, pace.speed))

    def _write(self, pace: Pace) -> None:
        write_clock(pace, self.clock.path)


def write_clock(pace: Pace, path: str | os.PathLike[str]) -> None:
    """Replace a clock's file as a whole, so that nobody reads half of it."""
    unfinished = f"{os.fspath(path)}.new"
    with open(unfinished, "w", encoding="utf-8") as file:
        file.write(pace.to_json())
    os.replace(unfinished, path)


def wind(path: Path, *, speed: float) -> Pace:
    """Make the clock go, and return how: from where it stood, but never behind the wall clock."""
    wall = datetime.now(UTC)
    domain = wall
    if path.exists():
        pace = FileClock(path).pace()
        # A fast clock stands where it was last written down; a slow one went on while nobody looked.
        stood = pace.domain if pace.speed != 1 else pace.domain_at(wall)
        domain = max(wall, stood)
    pace = Pace(domain, wall, speed)
    write_clock(pace, path)
    return pace


def later(now: datetime, duration: str) -> datetime:
    """Return the instant a duration after now, such as `3 days`, `2h` or `PT36H`; raises `CannotMove`.

    Months and years count in the calendar, on the same day or the month's last.
    """
    amounts: dict[str, int] = {}
    text = duration.strip()
    if iso := _ISO_DURATION.fullmatch(text):
        names = ("years", "months", "weeks", "days", "hours", "minutes", "seconds")
        amounts = {name: int(value) for name, value in zip(names, iso.groups(), strict=True) if value}
    elif not _AMOUNT.sub("", text.lower()).strip(" ,"):
        for value, word in _AMOUNT.findall(text.lower()):
            name = _UNITS.get(word) or _UNITS.get(word.removesuffix("s"))
            if name is None:
                raise CannotMove(f"`{word}` is no unit of time; use such as `3 days`, `2h` or `PT36H`.")
            amounts[name] = amounts.get(name, 0) + int(value)
    if not amounts:
        raise CannotMove(f"`{duration}` is no duration; use such as `3 days`, `2h` or `PT36H`.")
    try:
        months = amounts.pop("years", 0) * 12 + amounts.pop("months", 0) + now.month - 1
        year, month = now.year + months // 12, months % 12 + 1
        day = min(now.day, monthrange(year, month)[1])
        return now.replace(year=year, month=month, day=day) + timedelta(**amounts)
    except (ValueError, OverflowError) as error:
        raise CannotMove(f"`{duration}` is too far away.") from error


def at_london(text: str) -> datetime:
    """Return the instant of a date, or a date-time; without an offset it is London's. Raises `CannotMove`."""
    try:
        given = datetime.fromisoformat(text.strip())
    except ValueError:
        raise CannotMove(f"`{text}` is no date-time; use such as `2031-01-31T09:00`.") from None
    return (given if given.tzinfo else given.replace(tzinfo=LONDON)).astimezone(UTC)


def instant(at: datetime) -> str:
    """Return an instant as JSON has it: ISO 8601, in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def hands(*, functions: Any, machines: Any, sweep: str, retention: str, activity_url: str) -> Hands:
    """Return the hands that reach into the emulator, through clients of Lambda and of Step Functions."""
    import urllib.request

    def invoke_sweep() -> str:
        answer = functions.invoke(FunctionName=sweep, InvocationType="RequestResponse", Payload=b"{}")
        said = answer["Payload"].read().decode()
        return f"The sweep failed: {said[:300]}" if answer.get("FunctionError") else ""

    def activity() -> dict[str, Any]:
        with urllib.request.urlopen(activity_url, timeout=10) as answer:
            found: dict[str, Any] = json.loads(answer.read())
        return found

    return Hands(
        sweep=invoke_sweep,
        retain=lambda: machines.start_execution(stateMachineArn=retention, input="{}") and None,
        activity=activity,
    )
