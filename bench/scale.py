"""What grows with the number of cases, and what does not.

    .venv/bin/python bench/scale.py [--sizes 1000,10000] [--check]

For each size a simulated table (tests/simulation) is filled with so many open cases of one organisation, copies of two
that came in. Then the functions run on it as on AWS. Of each the table tells what it was asked to read and write, in
DynamoDB's units; the seconds are our own code's, without the table's and on this machine:

- page: the first page of what waits for the office, for which every case waits;
- idle: a sweep in which nothing is due;
- recount: the sweeps that go through all cases because a holiday became known, and how many they are;
- due: the sweep in which something is due in 1,000 cases;
- form: another complaint comes in.

`--check` holds that a page, an idle sweep, what is due and a form cost the same at every size.
"""

from __future__ import annotations

import argparse
import pickle
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any, Final

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

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
DUE: Final = 1000
START: Final = datetime(2026, 11, 2, 10, tzinfo=UTC)
DAY: Final = 86400.0
LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LEEWAY: Final = 0.02
"""By so much what is the same at every size may differ: an answer is cut where a megabyte is full."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Units read and written, and seconds of processor time."""

    read: float
    write: float
    seconds: float
    times: int = 1

    def __str__(self) -> str:
        many = f" in {self.times} sweeps" if self.times > 1 else ""
        return f"{self.read:,.1f} read, {self.write:,.0f} written, {self.seconds:,.2f} s{many}"


class Filled:
    """A world with so many open cases."""

    def __init__(self, cases: int) -> None:
        self.world = World(cases, faults=NoFaults(), start=START)
        self.world.keeps_lists = True
        self.in_table = 0.0
        self._time_table()
        self.town = Town(self.world, Random(cases))  # noqa: S311

    def fill(self, cases: int) -> None:
        """Have complaints come in on two days, and copy them: of the first day so many as are to be due."""
        world = self.world
        world.sweep()
        for copies in (DUE, cases - DUE):
            ref = self.come()
            world.run(world.now + 600)
            self._copy(ref, copies - 1)
            world.run(world.now + DAY)

    def come(self) -> str:
        """Have a complaint come in by the API."""
        number = len(self.town.submitted)
        today = self.world.utc().date()
        one = submission(ORGANISATION, Random(number), today=today, number=number)  # noqa: S311
        self.town.submitted.append(one)
        return self.town.submit(one)

    def cost(self, do: Callable[[], Any]) -> Cost:
        """Do it, and return what it cost."""
        used, in_table, began = self.world.table.used.copy(), self.in_table, time.process_time()
        times = do()
        seconds = time.process_time() - began - (self.in_table - in_table)
        now = self.world.table.used
        return Cost(
            float(now["read"] - used["read"]), float(now["write"] - used["write"]), seconds, times or 1
        )

    def sweep(self) -> int:
        """Have sweeps done until nothing is left for another; how many."""
        for number in range(1, 1000):
            outcome = self.world.invoke("SweepFunction", {"source": "bench"})
            assert not outcome.error, outcome.cause
            if not outcome.answer["left"]:
                return number
        raise AssertionError("sweeps go on without an end")

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

    def put_off(self, cases: int) -> None:
        """Have so many cases looked at later, so that the others alone are due."""
        table = self.world.table
        entries = table.indexes["due"].entries
        keys = sorted(key for shard, found in entries.items() if shard.startswith("wake") for key in found)
        for pk, sk in keys[:cases]:
            item = table.item(pk, sk)
            assert item is not None
            later = {"due_at": {"S": "2027-06-01T08:00:00.000000Z"}}
            table.put_item(TableName=TABLE, Item={**item, **later})

    def _copy(self, ref: str, copies: int) -> None:
        from adapters.cases.table import shard_of

        table = self.world.table
        rows = pickle.dumps(list(table.partitions[f"CASE#{ref}"].values()))
        # Nobody follows what is copied.
        observers, table.observers = table.observers, []
        for number in range(copies):
            other = f"{ref.partition('-')[0]}-{_spelled(len(table.partitions))}"
            for item in pickle.loads(rows.replace(ref.encode(), other.encode())):  # noqa: S301 - made above
                if item["SK"]["S"] == "STATE":
                    for name in ("due_shard", "worklist_shard"):
                        item[name] = {"S": f"{item[name]['S'].partition('#')[0]}#{shard_of(other)}"}
                table.put_item(TableName=TABLE, Item=item)
            if number % 1000 == 0:
                for index in table.indexes.values():
                    index.journal.clear()
        table.observers = observers

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


def _spelled(number: int) -> str:
    letters = ""
    for _ in range(8):
        number, digit = divmod(number, len(LETTERS))
        letters += LETTERS[digit]
    return f"{letters[:4]}-{letters[4:]}"


def measured(cases: int) -> dict[str, Cost]:
    """Return what everything costs with so many open cases."""
    filled = Filled(cases)
    world = filled.world
    with installed(world):
        filled.fill(cases)
        secret = filled.page()
        filled.sweep()
        found = {"page": filled.cost(lambda: filled.show(secret)), "idle": filled.cost(filled.sweep)}
        found["form"] = filled.cost(lambda: filled.come() and None)
        world.run(world.now + 60)
        # From here on nothing is delivered.
        world.table.observers.clear()
        world.announce(date(2027, 3, 9))
        world.now += 300
        found["recount"] = filled.cost(filled.sweep)
        filled.put_off(cases - DUE)
        world.now += DAY
        found["due"] = filled.cost(filled.sweep)
    return found


def main() -> int:
    """Print a row a size."""
    parser = argparse.ArgumentParser(description="What grows with the number of cases, and what does not.")
    parser.add_argument("--sizes", default="1000,10000", help="open cases, separated by commas (1000,10000)")
    parser.add_argument("--check", action="store_true", help="fail where something grows that must not")
    wanted = parser.parse_args()
    prepare()
    rows: dict[int, dict[str, Cost]] = {}
    for size in (int(one) for one in wanted.sizes.split(",")):
        rows[size] = measured(size)
        print(f"{size:,} open cases")
        for name, cost in rows[size].items():
            print(f"  {name:<8} {cost}", flush=True)
    grown = _grown(list(rows.values()))
    for name in grown:
        print(f"{name} costs more with more cases.", file=sys.stderr)
    return 1 if wanted.check and grown else 0


def _grown(rows: Sequence[dict[str, Cost]]) -> list[str]:
    first, last = rows[0], rows[-1]
    return [
        name
        for name in ("page", "idle", "due", "form")
        if last[name].read > first[name].read * (1 + LEEWAY)
        or last[name].write > first[name].write * (1 + LEEWAY)
    ]


if __name__ == "__main__":
    sys.exit(main())
