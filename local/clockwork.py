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
import re
import threading
import time
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from adapters.clock import FileClock, Pace
from local.indexes import Due

if TYPE_CHECKING:
    from collections.abc import Callable

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
ROUNDING: Final = timedelta(seconds=2)
"""Wall time within which the wait for an instant ends after it."""
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
    retaining: Callable[[], bool]
    """Tells whether an execution of the retention state machine runs."""
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
        self._undeliverable: set[Due] = set()

    def next_instants(self) -> list[datetime]:
        """Return the instants after now at which something becomes due, the soonest first."""
        now = self.clock.now()
        due = (due.at for due in self._indexes.due())
        return sorted({at for at in (*due, *self.waits()) if at > now})

    def waits(self) -> list[datetime]:
        """Return the domain instants that executions wait for, the soonest first."""
        return [datetime.fromisoformat(wait) for wait in self._hands.activity()["waits"]]

    def advance(self, *, by: str = "", to: str = "") -> Move:
        """Move the clock by a duration (`3 days`, `PT36H`), to a date-time in London, or to `next`.

        Raises `CannotMove` if the request makes no sense, or while the clock is being moved already.
        """
        if not self._moving.acquire(timeout=PATIENCE):
            raise CannotMove("The clock is already being moved. Wait until it has finished.")
        try:
            now = self.clock.now()
            if to == "next":
                following = self.next_instants()
                if not following:
                    raise CannotMove("Nothing is due, so there is no next moment to move to.")
                target = following[0]
            else:
                target = later(now, by) if by else at_london(to)
            if target < now:
                raise CannotMove(f"The clock only goes forward, and it is already {instant(now)}.")
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
        self._settle(move, set(self._indexes.due(until=move.started)))
        while True:
            following = [at for at in self.next_instants() if at <= move.target]
            if following and (move.steps >= MOST_STEPS or time.monotonic() > end):
                stopped = instant(self.clock.now())
                move.problems.append(f"Stopped at {stopped} after {move.steps} steps: that took too long.")
                return move
            here = self._stop_at(following[0], move.target) if following else move.target
            # Asked before the clock moves, and anything can fire there.
            met = set(self._indexes.with_cases(self._indexes.due(until=here)))
            move.steps += bool(following)
            self._set(here)
            self._settle(move, met)
            if not following:
                return move

    def _stop_at(self, first: datetime, target: datetime) -> datetime:
        """Return where to stop for what is due at `first`: at the end of the alarm's wait for it, if there is one.

        A `Wait` knows whole seconds of the wall clock, so it ends within one after the instant that it is for.
        """
        latest = min(first + ROUNDING * self.clock.pace().speed, target)
        return max([first, *(wait for wait in self.waits() if first < wait <= latest)])

    def _settle(self, move: Move, met: set[Due]) -> None:
        """Return when nothing goes on any more at the present instant; what is still due then is stuck.

        `met` is what the clock has just reached.
        """
        end = time.monotonic() + SETTLES_WITHIN
        tried: set[Due] = set()
        left: set[Due] = set()
        in_vain = 0
        while True:
            self._until_quiet(end)
            left, before = self._left_to_do(), left
            met |= left
            in_vain = in_vain + 1 if left == before else 0
            if not left - tried or in_vain >= SWEEPS_IN_VAIN or time.monotonic() > end:
                break
            problem = self._do(left - tried, move)
            tried |= {due for due in left if due.kind == "delete"}
            if problem and problem not in move.problems:
                move.problems.append(problem)
        move.fired.extend(sorted(met - left - set(move.fired)))
        for due in sorted(left - set(move.stuck)):
            move.stuck.append(due)
            move.problems.append(
                f"{due.ref} ({due.kind}) has been due since {instant(due.at)} and is still due."
            )

    def _do(self, left: set[Due], move: Move) -> str:
        """Do what the schedules would do about what is due; return what went wrong, or nothing."""
        deletions = {due for due in left if due.kind == "delete"}
        if deletions:
            self._hands.retain()
            move.retention_runs += 1
            self._given_to_retention |= deletions
        return self._hands.sweep() if left - deletions else ""

    def _left_to_do(self) -> set[Due]:
        """Return what is due now and nobody is at: a retention that runs is at the deletions it was given."""
        found = set(self._indexes.due(until=self.clock.now()))
        if self._given_to_retention and not self._hands.retaining():
            self._given_to_retention.clear()
        return found - self._given_to_retention

    def _until_quiet(self, end: float) -> None:
        """Return when the executions rest and the outbox is empty, or is not getting emptier."""
        quiet = 0
        outbox: set[Due] = set()
        changed = time.monotonic()
        while quiet < 2 and time.monotonic() < end:
            activity = self._hands.activity()
            now = self.clock.now()
            due_waits = [wait for wait in activity["waits"] if datetime.fromisoformat(wait) <= now]
            if activity["busy"] or activity["invocations"] or due_waits:
                # Whoever is at work is not asked for the index at every look.
                quiet = 0
            else:
                found = set(self._indexes.due(("outbox",))) - self._undeliverable
                if found != outbox:
                    outbox, changed = found, time.monotonic()
                if outbox and time.monotonic() - changed > OUTBOX_WITHIN:
                    self._undeliverable |= outbox
                quiet = 0 if outbox else quiet + 1
            time.sleep(LOOK_EVERY)

    def _sweep_what_stays(self) -> None:
        wall = time.monotonic()
        left = self._left_to_do()
        self._first_seen = {due: self._first_seen.get(due, wall) for due in left}
        overdue = {due for due, seen in self._first_seen.items() if wall - seen >= PATIENCE}
        if overdue:
            now = self.clock.now()
            problem = self._do(overdue, Move(now, now))
            if problem:
                print(problem, flush=True)
            self._first_seen = dict.fromkeys(self._first_seen, wall)

    def _set(self, domain: datetime) -> None:
        with self._writing:
            wall = datetime.now(UTC)
            pace = self.clock.pace()
            self._write(Pace(max(domain, pace.domain_at(wall)), wall, pace.speed))

    def _write(self, pace: Pace) -> None:
        write_clock(pace, self.clock.path)


def write_clock(pace: Pace, path: Path) -> None:
    """Replace a clock's file as a whole, so that nobody reads half of it."""
    unfinished = path.with_suffix(".new")
    unfinished.write_text(pace.to_json(), encoding="utf-8")
    unfinished.replace(path)


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
                raise CannotMove(
                    f"`{word}` is not a unit of time. Use, for example, `3 days`, `2h` or `PT36H`."
                )
            amounts[name] = amounts.get(name, 0) + int(value)
    if not amounts:
        raise CannotMove(f"`{duration}` is not a duration. Use, for example, `3 days`, `2h` or `PT36H`.")
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
        raise CannotMove(f"`{text}` is not a date and time. Use, for example, `2031-01-31T09:00`.") from None
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
        with urllib.request.urlopen(activity_url, timeout=10) as answer:  # noqa: S310 - our own
            found: dict[str, Any] = json.loads(answer.read())
        return found

    def start_retention() -> None:
        machines.start_execution(stateMachineArn=retention, input="{}")

    def retaining() -> bool:
        return bool(machines.list_executions(stateMachineArn=retention, statusFilter="RUNNING")["executions"])

    return Hands(
        sweep=invoke_sweep,
        retain=start_retention,
        retaining=retaining,
        activity=activity,
    )
