"""What cases cost on AWS over their whole life, counted from the calls that the application makes.

    .venv/bin/python bench/cost.py [--cases 1000] [--check]

For each of the shipped procedures three complaints are lived through, on simulated AWS (moto, in process), through
the application's own adapters, from submission over the years for which they are kept to their destruction:

- in time: everybody acts within a day, and the first answer settles it;
- late: everything happens in the last minutes, after all reminders, the first answer a day too late; it settles it;
- every stage: the same, but the complainant goes on to the end of the ladder.

Every DynamoDB call is counted in request units from the sizes of its items, every mail and every execution is
counted, and stored bytes are counted by the days for which they are stored. The prices stand in prices.toml.
Lambda's part is estimated: each decision, alarm and delivery is one invocation of `SECONDS`.

Left out: the free tier, data transfer, alarms in CloudWatch (a fixed sum a month), a domain name.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from domain.case import Case  # noqa: E402
from domain.commands import Command, Reply  # noqa: E402
from domain.events import COMPLAINANT  # noqa: E402

SECONDS = 0.35
"""Of an invocation, most of them cold starts; see startup.py."""
MEMORY_GB = 1.0
LOG_BYTES = 1_000
"""Written to the log by an invocation."""
WAIT_TRANSITIONS = 3
"""Start, wait, task: an alarm's transitions."""
ITEM_OVERHEAD = 100
"""The bytes that DynamoDB bills for an item's storage beside its own."""
CEILING = 3.0
"""Dollars for 1,000 complaints that are dealt with in time, over all their years: more than that is a mistake. More
than half of it is mail at 0.10 for a thousand; see docs/decisions/0017-what-a-complaint-costs.md."""
A_DAY = timedelta(days=1)
IN_TIME, LATE, EVERY_STAGE = "in time", "late", "every stage"
SERVED = "complaint"


class Meter:
    """Wraps a DynamoDB client and counts the request units of what goes through it."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.units: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        if not callable(found) or name in ("get_paginator", "exceptions"):
            return found

        def counted(**request: Any) -> Any:
            answer = found(**request)
            self.calls[name] += 1
            self._count(name, request, answer)
            return answer

        return counted

    def _count(self, name: str, request: dict[str, Any], answer: dict[str, Any]) -> None:
        match name:
            case "transact_write_items":
                for action in request["TransactItems"]:
                    for kind, one in action.items():
                        item = one.get("Item", one.get("Key", {}))
                        self.units["write"] += 2 * _kilobytes(item, 1)
                        # An item on an index is written there too, by its keys and what is projected.
                        if kind == "Put":
                            self.units["write"] += sum(
                                name in item for name in ("due_shard", "worklist_shard")
                            )
            case "update_item" | "delete_item":
                self.units["write"] += 2
            case "batch_write_item":
                self.units["write"] += sum(len(one) for one in request["RequestItems"].values())
            case "get_item":
                self.units["read"] += _kilobytes(answer.get("Item", {}), 4)
            case "batch_get_item":
                for items in answer["Responses"].values():
                    self.units["read"] += sum(_kilobytes(item, 4) for item in items)
            case "query":
                self.units["read"] += max(1, sum(_size(item) for item in answer["Items"]) // 4096 + 1)
            case _:
                raise ValueError(f"{name} is not counted yet.")


def _size(item: dict[str, Any]) -> int:
    """The bytes of an item as DynamoDB counts them: its names and its values."""
    return sum(len(name) + _value_size(value) for name, value in item.items())


def _value_size(value: dict[str, Any]) -> int:
    ((kind, held),) = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "B":
            return len(held)
        case "N":
            return len(held) // 2 + 1
        case "L":
            return 3 + sum(1 + _value_size(one) for one in held)
        case "M":
            return 3 + sum(1 + len(name) + _value_size(one) for name, one in held.items())
        case "BOOL" | "NULL":
            return 1
        case _:
            raise ValueError(f"{kind} is not counted yet.")


def _kilobytes(item: dict[str, Any], unit: int) -> int:
    return max(1, -(-_size(item) // (1024 * unit)))


def live(organisation: str, life: str) -> tuple[Counter[str], float]:
    """One case's counts (writes, reads, mails, transitions, invocations, requests), and its gigabyte-months."""
    from moto import mock_aws

    from adapters.erasure import destroy
    from adapters.execute import execute, rules_of
    from adapters.submission import submit
    from authoring.player import next_move
    from domain.commands import AnnounceDeletion, Wake
    from domain.deadlines import wakes
    from tests.integration.conftest import TABLE, open_office

    with mock_aws(), open_office() as office:
        meter = Meter(office.client)
        office.meter(meter)
        desk, counts = office.desk, Counter[str]()
        gigabyte_months = 0.0

        def at(moment: datetime) -> None:
            nonlocal gigabyte_months
            stored = sum(_size(item) + ITEM_OVERHEAD for item in office.items())
            gigabyte_months += stored / 1e9 * max(0.0, (moment - office.clock.now()) / timedelta(days=30.44))
            office.clock.move_to(max(moment, office.clock.now()))

        answers = {
            "name": "A" * 20,
            "email": "a@complainant.example",
            "account": "w" * 2000,
            "aspects": ["x" * 200] * 2,
        }
        ref = submit(organisation, SERVED, answers, key="k", by=COMPLAINANT, desk=desk).reference
        counts["invocations"] += 3
        counts["requests"] += 3
        while True:
            counts["invocations"] += 1
            counts["deliveries"] += office.deliver_all()
            stored = desk.store.load(ref)
            assert stored is not None
            case = stored.case
            if not case.is_open:
                break
            procedure, calendar = rules_of(case)
            waking = wakes(case, procedure, calendar)
            move = next_move(case, procedure, calendar, now=office.clock.now())
            if life == IN_TIME:
                move = soon(case, move, now=office.clock.now())
            if move is None or (waking and waking[0].at <= move[0]):
                at(waking[0].at)
                execute(ref, Wake(), desk=desk)
                counts["invocations"] += 1
            else:
                moment, command = move
                if isinstance(command, Reply) and life != EVERY_STAGE:
                    command = replace(command, answer="satisfied")
                at(moment)
                execute(ref, command, desk=desk)
                counts["invocations"] += 2
                counts["requests"] += 2
        assert case.keep_until is not None
        at(
            datetime.combine(
                case.keep_until + timedelta(days=1), datetime.min.time(), office.clock.now().tzinfo
            )
        )
        at(office.clock.now() + timedelta(hours=3))
        announced = execute(ref, AnnounceDeletion(), desk=desk)
        office.deliver_all()
        assert announced.destroy_at is not None
        at(announced.destroy_at)
        destroy(ref, desk=desk, s3=office.s3)
        office.deliver_all()
        counts["invocations"] += 5
        executions = office.courier.stepfunctions.list_executions(
            stateMachineArn=desk.settings.alarm_machine_arn
        )["executions"]
        counts["transitions"] = WAIT_TRANSITIONS * len(executions) + 8
        counts["mails"] = len(office.mail.sent)
        counts.update(meter.units)
        left = [item for item in office.items() if item["PK"]["S"] == f"CASE#{ref}"]
        assert len(left) == 1, f"{TABLE} holds more than the tombstone"
    return counts, gigabyte_months


def soon(
    case: Case, move: tuple[datetime, Command] | None, *, now: datetime
) -> tuple[datetime, Command] | None:
    """The same within a day; and whoever would say nothing says that they are content."""
    if move is not None:
        return min(move[0], now + A_DAY), move[1]
    content = Reply(by=COMPLAINANT, stage=case.current.stage, answer="satisfied")
    return now + A_DAY, content


def bill(counts: Counter[str], gigabyte_months: float, prices: dict[str, Any]) -> dict[str, float]:
    """Dollars by line."""
    invocations = counts["invocations"]
    return {
        "mails": counts["mails"] * prices["ses"]["mail"],
        "alarms and retention": counts["transitions"] * prices["stepfunctions"]["transition"],
        "writes": counts["write"] * prices["dynamodb"]["write_unit"],
        "reads": counts["read"] * prices["dynamodb"]["read_unit"],
        "storage and recovery": gigabyte_months
        * (prices["dynamodb"]["gigabyte_month"] + prices["dynamodb"]["recovery_gigabyte_month"]),
        "functions": invocations
        * (prices["lambda"]["request"] + SECONDS * MEMORY_GB * prices["lambda"]["gigabyte_second"]),
        "requests and logs": counts["requests"] * prices["http_api"]["request"]
        + invocations * LOG_BYTES / 1e9 * prices["logs"]["gigabyte"],
    }


def main() -> int:
    """Print the bill, by line and by organisation."""
    parser = argparse.ArgumentParser(description="What cases cost on AWS over their whole life.")
    parser.add_argument("--cases", type=int, default=1000, help="cases to print the bill for (1000)")
    parser.add_argument(
        "--check", action="store_true", help="fail where cases dealt with in time cost too much"
    )
    wanted = parser.parse_args()
    prices = tomllib.loads((Path(__file__).parent / "prices.toml").read_text(encoding="utf-8"))
    from adapters.procedures import served
    from authoring.compile import write

    bills: dict[str, list[dict[str, float]]] = {IN_TIME: [], LATE: [], EVERY_STAGE: []}
    with tempfile.TemporaryDirectory() as generated:
        write(ROOT / "procedures", Path(generated))
        sys.path.insert(0, generated)
        for organisation in served({}):
            for life, found in bills.items():
                counts, gigabyte_months = live(organisation, life)
                found.append(bill(counts, gigabyte_months, prices))
                shown = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
                print(f"{organisation}, {life}: {shown}")
    print(f"\nDollars for {wanted.cases:,} cases ({prices['region']}, list prices of {prices['as_of']})\n")
    print(f"{'':24}" + "".join(f"{life:>16}" for life in bills))
    for line in bills[EVERY_STAGE][0]:
        means = [wanted.cases * sum(one[line] for one in found) / len(found) for found in bills.values()]
        print(f"{line:24}" + "".join(f"{dollars:16.2f}" for dollars in means))
    totals = [wanted.cases * sum(sum(one.values()) for one in found) / len(found) for found in bills.values()]
    print(f"{'together':24}" + "".join(f"{dollars:16.2f}" for dollars in totals))
    dear = totals[list(bills).index(IN_TIME)] > CEILING * wanted.cases / 1000
    if dear:
        print(f"Cases dealt with in time cost more than {CEILING:.2f} dollars a thousand.", file=sys.stderr)
    return 1 if wanted.check and dear else 0


if __name__ == "__main__":
    sys.exit(main())
