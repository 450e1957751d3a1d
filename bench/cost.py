"""What cases cost on AWS over their whole life, counted from the calls that the application makes.

    .venv/bin/python bench/cost.py [--cases 1000] [--check]

For each of the shipped procedures three complaints are lived through on the simulated AWS of tests/simulation,
through the real handlers, from the form over the years for which they are kept to their destruction:

- in time: everybody acts within a day, and the first answer settles it;
- late: everything happens in the last minutes, after all reminders, the first answer a day too late; it settles it;
- every stage: the same, but the complainant goes on to the end of the ladder.

tests/simulation/bill.py meters them: request units from the sizes of items, stored bytes (with what DynamoDB adds to
each item) by the seconds for which they are stored, transitions, mails, invocations, requests. Beside what is dealt
with in time stands the budget of bench/budget.toml, below it what runs on its schedule without any case. Prices:
bench/prices.toml; words: bench/complaint.toml.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.simulation.bill import (  # noqa: E402
    CEILINGS,
    LIVES,
    Bill,
    Life,
    bill,
    budget,
    by_budget,
    least,
    lived,
    mean,
    prices,
    standing,
    watching,
)
from tests.simulation.ground import prepare  # noqa: E402
from tests.simulation.world import World  # noqa: E402


def main() -> int:
    """Print the bill, by line and by organisation."""
    parser = argparse.ArgumentParser(description="What cases cost on AWS over their whole life.")
    parser.add_argument("--cases", type=int, default=1000, help="cases to print the bill for (1000)")
    parser.add_argument("--check", action="store_true", help="fail where cases cost more than their ceilings")
    wanted = parser.parse_args()
    prepare()
    from adapters.procedures import served

    worlds: dict[Life, list[World]] = {life: [] for life in LIVES}
    for organisation in served({}):
        for life, found in worlds.items():
            world = lived(organisation, life)
            found.append(world)
            print(f"{organisation}, {life}: {_counted(world)}")
    bills = {life: [bill(world) for world in found] for life, found in worlds.items()}
    _show(wanted.cases, {life: mean(found) for life, found in bills.items()})
    print(
        f"\nIn time, if nobody were told of what was done, and all but alarms were as in the budget: "
        f"{wanted.cases * least(worlds['in time']):.2f}"
    )
    dear = [life for life, found in bills.items() if 1000 * sum(mean(found).values()) > CEILINGS[life]]
    for life in dear:
        print(f"{life}: more than {CEILINGS[life]:.2f} dollars a thousand.", file=sys.stderr)
    return 1 if wanted.check and dear else 0


def _counted(world: World) -> str:
    metered, used = world.metered, world.table.used
    counts = {
        "secrets": metered["secrets"],
        "mails": metered["mails"],
        "transitions": metered["transitions"],
        "write units": used["write"],
        "read units": used["read"],
        "invocations": sum(count for name, count in metered.items() if name.startswith("invocations ")),
        "requests": metered["requests"],
    }
    return ", ".join(f"{count:g} {name}" for name, count in counts.items())


def _show(cases: int, means: dict[Life, Bill]) -> None:
    price, allowed = prices(), budget()
    print(f"\nDollars for {cases:,} cases ({price['region']}, list prices of {price['as_of']})\n")
    print(f"{'':24}{'budget':>10}" + "".join(f"{life:>14}" for life in means))
    lines = {life: by_budget(one) for life, one in means.items()}
    for line, dollars in allowed.items():
        row = "".join(f"{cases * one[line]:14.2f}" for one in lines.values())
        print(f"{line:24}{cases * dollars:10.2f}{row}")
    row = "".join(f"{cases * sum(one.values()):14.2f}" for one in means.values())
    print(f"{'together':24}{cases * sum(allowed.values()):10.2f}{row}\n\nThe rest is:")
    for line in means["in time"]:
        if line not in allowed:
            row = "".join(f"{cases * one[line]:14.2f}" for one in means.values())
            print(f"{line:34}{row}")
    runs = ", ".join(f"{line} {dollars:.2f}" for line, dollars in standing().items() if dollars > 0.005)
    print(f"\nIn five years without a case: {sum(standing().values()):.2f} ({runs})")
    watched = watching()
    print("\nWatching, a month, before what an account has free:")
    for line, dollars in watched.items():
        print(f"{line:34}{dollars:10.2f}")


if __name__ == "__main__":
    sys.exit(main())
