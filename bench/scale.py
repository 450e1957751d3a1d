"""What grows with the number of cases, and what does not.

    .venv/bin/python bench/scale.py [--sizes 1000,3000,10000] [--check]

For each size a simulated table (tests/simulation) is filled with so many open cases of one organisation and with ten
times as many closed ones that are kept: copies of three that were lived. Then the functions run on it as on AWS. Of
each the table tells what it was asked to read and write, in DynamoDB's units. Processor time is our own code's, without
the table's and on this machine; what is waited for are the calls, at 4 ms each.

- page: the first page of what waits for the office, for which every case waits;
- idle: a sweep in which nothing is due;
- form: another complaint comes in;
- find: the retention run looks for what is to be destroyed, on a day on which 1,000 are;
- due: the sweep in which something is due in 1,000 cases;
- destroy: one retention run destroys the 1,000 cases that are due on a day, from the list to the last certificate;
- recount: the sweeps that go through all open cases because a holiday became known, and how many they are.

`--check` holds that all but the recount costs the same at every size, the recount the same for each case, that a
sweep is enough for all that is due, and a retention run for all that is to be destroyed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from domain.records import instant  # noqa: E402
from tests.simulation.clients import clients_of  # noqa: E402
from tests.simulation.deployment import TABLE  # noqa: E402
from tests.simulation.dynamodb import OPERATIONS  # noqa: E402
from tests.simulation.faults import NoFaults  # noqa: E402
from tests.simulation.ground import prepare  # noqa: E402
from tests.simulation.installation import installed  # noqa: E402
from tests.simulation.people import Town, submission  # noqa: E402
from tests.simulation.world import World  # noqa: E402

ORGANISATION: Final = "leadership-east"
OFFICE: Final = "programmes.office@leadership-east.example"
FEEDBACK: Final = "ashton-on-mersey-scitt"
"""Whose suggestion is what the closed cases are copies of: it closes as it comes."""

KEPT: Final = 10
"""So many closed cases are kept for each open one."""

DUE: Final = 1000
START: Final = datetime(2026, 11, 2, 10, tzinfo=UTC)
DAY: Final = 86400.0
LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
NOTICE: Final = 16 * DAY
"""Somewhat longer than the destruction of a case is announced before."""

LEEWAY: Final = 0.02
"""By so much what is the same at every size may differ: an answer is cut where a megabyte is full."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Units read and written, seconds of processor time, and seconds for which calls were waited for."""

    read: float
    write: float
    seconds: float
    waited: float
    times: int = 1

    def __str__(self) -> str:
        many = f", in {self.times} sweeps" if self.times > 1 else ""
        return (
            f"{self.read:,.1f} read, {self.write:,.0f} written, {self.seconds:,.2f} s, "
            f"waited for {self.waited:,.1f} s{many}"
        )


class Filled:
    """A world with so many open cases, in `due` of which something is due soon, and with ten times as many closed
    ones, of which as many are to be destroyed by then."""

    def __init__(self, cases: int, *, due: int = DUE) -> None:
        self.cases = cases
        self.due = due
        self.world = World(0, faults=NoFaults(), start=START)
        self.world.keeps_lists = True
        self.in_table = 0.0
        self._time_table()
        self.town = Town(self.world, Random(0))  # noqa: S311
        # Nobody reads mails, and acts on them.
        self.world.on_mail.clear()
        self.copied = 0

    def fill(self) -> None:
        """Have a complaint, another and a suggestion come in, and copy them."""
        self.world.sweep()
        due, closed = self.come(), self.come(FEEDBACK, is_feedback=True)
        self.world.run(self.world.now + 2 * DAY)
        other = self.come()
        self.world.run(self.world.now + 600)
        today = self.world.utc()
        table = self.world.table
        # Nobody follows what is copied, and no index has to be shown as it was before.
        observers, table.observers = table.observers, []
        remembered, table.remember = table.remember, 0.0
        self.copy(due, self.due - 1)
        self.copy(other, self.cases - self.due - 1)
        self._copy_state(closed, self.due, due=lambda _: today)
        self._copy_state(
            closed,
            KEPT * self.cases - self.due,
            due=lambda number: today + timedelta(days=30 + number % 1800),
        )
        table.observers, table.remember = observers, remembered

    def come(self, organisation: str = ORGANISATION, *, is_feedback: bool = False) -> str:
        """Have a complaint come in, or a suggestion."""
        number = len(self.town.submitted)
        today = self.world.utc().date()
        one = submission(organisation, Random(number), today=today, number=number, is_feedback=is_feedback)  # noqa: S311
        self.town.submitted.append(one)
        return self.town.submit(one)

    def cost(self, do: Callable[[], Any]) -> Cost:
        """Do it, and return what it cost."""
        used, in_table, began = self.world.table.used.copy(), self.in_table, time.process_time()
        now = self.world.now
        times = do()
        seconds = time.process_time() - began - (self.in_table - in_table)
        after = self.world.table.used
        return Cost(
            float(after["read"] - used["read"]),
            float(after["write"] - used["write"]),
            seconds,
            self.world.now - now,
            times if isinstance(times, int) else 1,
        )

    def sweep(self) -> int:
        """Have sweeps done until nothing is left for another; how many."""
        for number in range(1, 1000):
            outcome = self.world.invoke("SweepFunction", {"source": "bench"})
            assert not outcome.error, outcome.cause
            if not outcome.answer["left"]:
                return number
        raise AssertionError("sweeps go on without an end")

    def find(self) -> None:
        """Have the retention run look for what is to be destroyed."""
        outcome = self.world.invoke("RetentionFunction", {"task": "find"})
        assert not outcome.error, outcome.cause
        assert len(outcome.answer["cases"]) > 1

    def page(self) -> str:
        """Ask for the office's page; its secret."""
        shared: dict[str, Any] = {"version": "2.0", "requestContext": {"requestId": "page"}}
        shared |= {"isBase64Encoded": False, "headers": {"content-type": "application/x-www-form-urlencoded"}}
        asked: dict[str, Any] = {"routeKey": "POST /{org}/staff", "pathParameters": {"org": ORGANISATION}}
        self.world.request("StaffFunction", {**shared, **asked, "body": f"email={OFFICE}"})
        self.world.run(self.world.now + 5)
        return next(mail.link for mail in reversed(self.world.mails) if mail.notice == "staff-link")

    def show(self, secret: str) -> None:
        """Show the office's page."""
        event: dict[str, Any] = {"version": "2.0", "requestContext": {"requestId": "page"}, "headers": {}}
        event |= {"routeKey": "GET /s/{secret}", "pathParameters": {"secret": secret}}
        answer = self.world.request("StaffFunction", event)
        assert answer["statusCode"] == 200
        assert answer["body"].count('name="case"') > 1

    def copy(self, ref: str, copies: int) -> None:
        """Put all items of a case there again under other references."""
        items = list(self.world.table.partitions[f"CASE#{ref}"].values())
        naming = {number for item in items for number in _that_name(ref, item)}
        for _ in range(copies):
            other = self._reference(ref)
            for item in items:
                self._put(_renamed(item, ref, other, naming), other)

    def _copy_state(self, ref: str, copies: int, *, due: Callable[[int], datetime]) -> None:
        """Put the state of a case there again. Nobody opens these copies: they say of themselves that they are the
        first, and the indexes find them under references of their own."""
        state = self.world.table.partitions[f"CASE#{ref}"]["STATE"]
        for number in range(copies):
            other = self._reference(ref)
            own = {"PK": {"S": f"CASE#{other}"}, "ref": {"S": other}}
            self._put({**state, **own, "due_at": {"S": instant(due(number))}}, other)

    def _put(self, item: dict[str, Any], ref: str) -> None:
        from adapters.cases.table import shard_of

        if item["SK"]["S"] == "STATE":
            shards = {name: item[name]["S"].rpartition("#")[0] for name in SHARDED if name in item}
            item = {**item, **{name: {"S": f"{of}#{shard_of(ref)}"} for name, of in shards.items()}}
        self.world.table.put_item(TableName=TABLE, Item=item)

    def _reference(self, like: str) -> str:
        self.copied += 1
        return f"{like.partition('-')[0]}-{_spelled(self.copied)}"

    def _time_table(self) -> None:
        world = self.world
        world.clients = clients_of(world)
        for name in OPERATIONS:
            called = getattr(world.clients["dynamodb"], name)
            setattr(world.clients["dynamodb"], name, self._timed(called))

    def _timed(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        def called(**given: Any) -> Any:
            began = time.process_time()
            try:
                return operation(**given)
            finally:
                self.in_table += time.process_time() - began

        return called


SHARDED: Final = ("due_shard", "worklist_shard")


def _that_name(ref: str, value: Any) -> list[int]:
    """The ids of the containers in which a reference stands somewhere, innermost first."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found = [number for part in parts for number in _that_name(ref, part)]
    stands_here = any(isinstance(part, str) and ref in part for part in parts)
    return [*found, id(value)] if found or stands_here else found


def _renamed(value: Any, ref: str, other: str, naming: set[int]) -> Any:
    """The value with another reference in it. What does not name the reference is shared, for nobody changes it."""
    if isinstance(value, str):
        return value.replace(ref, other)
    if id(value) not in naming:
        return value
    if isinstance(value, list):
        return [_renamed(part, ref, other, naming) for part in value]
    return {name: _renamed(part, ref, other, naming) for name, part in value.items()}


def _spelled(number: int) -> str:
    letters = ""
    for _ in range(8):
        number, digit = divmod(number, len(LETTERS))
        letters += LETTERS[digit]
    return f"{letters[:4]}-{letters[4:]}"


def measured(cases: int, *, due: int = DUE) -> dict[str, Cost]:
    """Return what everything costs with so many open cases, in so many of which something is due on a day."""
    filled = Filled(cases, due=due)
    world = filled.world
    with installed(world):
        filled.fill()
        secret = filled.page()
        filled.sweep()
        found = {"page": filled.cost(lambda: filled.show(secret)), "idle": filled.cost(filled.sweep)}
        found["form"] = filled.cost(filled.come)
        world.run(world.now + 60)
        found["find"] = filled.cost(filled.find)
        # From here on nothing is delivered by the stream.
        world.table.observers.clear()
        world.announce(date(2027, 3, 9))
        world.now += 300
        found["recount"] = filled.cost(filled.sweep)
        # Half an hour later all cases are gone through once more.
        world.now += 2400
        filled.sweep()
        world.now = _next_date(filled)
        found["due"] = filled.cost(filled.sweep)
    return found


def destroyed(cases: int = DUE) -> tuple[Cost, int]:
    """Return what it costs to destroy so many cases that are due on one day, and how many events the history of the
    run has. What is waited for is the time from the end of the notice until the last is gone. AssertionError: one run
    is not enough."""
    filled = Filled(0)
    world = filled.world
    with installed(world):
        world.sweep()
        suggestion = filled.come(FEEDBACK, is_feedback=True)
        world.run(world.now + 60)
        filled.copy(suggestion, cases - 1)
        world.now = _due_at(world, suggestion) + 1
        # Neither a sweep nor another run helps.
        world.schedules_missed_until = world.now + NOTICE
        # More happens than in any life, and comes to rest.
        world.happened = -100 * cases
        world.start_execution("RetentionMachine", "daily", "{}")
        announced = filled.cost(lambda: world.run(world.now + DAY))
        over = _due_at(world, suggestion)
        cost = filled.cost(lambda: world.run(world.now + NOTICE))
    run = world.executions["RetentionMachine", "daily"]
    states = [items["STATE"] for items in world.table.partitions.values() if "STATE" in items]
    gone = sum("tombstone" in state for state in states)
    assert (run.status, gone) == ("SUCCEEDED", cases), f"{gone} of {cases} are destroyed"
    both = Cost(
        announced.read + cost.read,
        announced.write + cost.write,
        announced.seconds + cost.seconds,
        run.ended - over,
    )
    return both, run.events


def _due_at(world: World, ref: str) -> float:
    """When a case is looked at next."""
    state = world.table.partitions[f"CASE#{ref}"]["STATE"]
    return datetime.fromisoformat(state["due_at"]["S"]).timestamp()


def _next_date(filled: Filled) -> float:
    """When something is due next."""
    entries = filled.world.table.indexes["due"].entries
    dates = [
        one["due_at"]["S"] for shard, found in entries.items() if "wake" in shard for one in found.values()
    ]
    return datetime.fromisoformat(min(dates)).timestamp() + 1


def main() -> int:
    """Print a row a size."""
    parser = argparse.ArgumentParser(description="What grows with the number of cases, and what does not.")
    parser.add_argument(
        "--sizes", default="1000,3000,10000", help="open cases, separated by commas (1000,3000,10000)"
    )
    parser.add_argument("--check", action="store_true", help="fail where something grows that must not")
    wanted = parser.parse_args()
    prepare()
    rows: dict[int, dict[str, Cost]] = {}
    for size in (int(one) for one in wanted.sizes.split(",")):
        rows[size] = measured(size)
        print(f"{size:,} open cases, {KEPT * size:,} kept")
        for name, found in rows[size].items():
            print(f"  {name:<8} {found}", flush=True)
    cost, events = destroyed()
    print(f"{DUE:,} to be destroyed on one day, in a run with {events:,} events")
    print(f"  destroy  {cost}")
    wrong = [
        sentence for size in rows for sentence in wrong_with(rows[min(rows)], rows[size], size / min(rows))
    ]
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wanted.check and wrong else 0


def wrong_with(first: dict[str, Cost], last: dict[str, Cost], times: float) -> list[str]:
    """Return a sentence for each thing that grows and must not, with `times` as many cases."""
    # The recount notes how far it has come, in each part of the index.
    most = {name: (times, 10.0) if name == "recount" else (1.0, 0.0) for name in first}
    found = [
        f"{name} costs more than it should with {times:g} times as many cases."
        for name, (as_much, more) in most.items()
        if last[name].read > first[name].read * as_much * (1 + LEEWAY) + more
        or last[name].write > first[name].write * as_much * (1 + LEEWAY) + more
    ]
    return found + (["What is due waits for more than one sweep."] if last["due"].times > 1 else [])


if __name__ == "__main__":
    sys.exit(main())
