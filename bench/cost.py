"""What cases cost on AWS over their whole life, metered by the simulated AWS that the tests run on.

    .venv/bin/python bench/cost.py [--cases 1000]

For each of the shipped procedures two complaints are lived through, one content with the first answer and one that
climbs every stage: sent in, acknowledged, answered, taken up every stage, closed, kept for its years, destroyed, all
by the real handlers. Every request unit, mail, transition, invocation and byte is counted (tests/simulation/bill.py);
the prices stand in prices.toml. Lambda's part is estimated: each invocation takes `SECONDS`.

Left out: the free tier, data transfer, alarms in CloudWatch (a fixed sum a month), a domain name, and the schedules
that find nothing to do, which cost the same with no complaint at all.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]


def main() -> None:
    """Print the bill, by line, beside the budget."""
    parser = argparse.ArgumentParser(description="What cases cost on AWS over their whole life.")
    parser.add_argument("--cases", type=int, default=1000, help="cases to print the bill for (1000)")
    wanted = parser.parse_args()
    from tests.simulation.bill import BUDGET, bill, lived, prices
    from tests.simulation.ground import prepare

    prepare()
    from adapters.procedures import served

    bills: dict[str, list[dict[str, float]]] = {"the first answer": [], "every stage": []}
    for organisation in served({}):
        for climb, found in bills.items():
            world = lived(organisation, climbs=climb == "every stage")
            found.append(bill(world))
            counted = {
                "mails": world.metered["mails"],
                "transitions": world.metered["transitions"],
                "invocations": sum(
                    count for name, count in world.metered.items() if name.startswith("invocations")
                ),
                "write units": round(world.table.used["write"]),
                "read units": round(world.table.used["read"]),
            }
            shown = ", ".join(f"{name} {count}" for name, count in counted.items())
            print(f"{organisation}, {climb}: {shown}")
    known = prices()
    print(
        f"\nDollars for {wanted.cases:,} cases ({known['region']}, list prices of {known['as_of']}), settled by\n"
    )
    print(f"{'':24}" + "".join(f"{climb:>20}" for climb in bills))
    for line in bills["every stage"][0]:
        means = [wanted.cases * sum(one[line] for one in found) / len(found) for found in bills.values()]
        print(f"{line:24}" + "".join(f"{dollars:20.2f}" for dollars in means))
    totals = [wanted.cases * sum(sum(one.values()) for one in found) / len(found) for found in bills.values()]
    print(f"{'together':24}" + "".join(f"{dollars:20.2f}" for dollars in totals))
    print(f"{'budget':24}" + f"{BUDGET * wanted.cases / 1000:20.2f}" * len(bills))


if __name__ == "__main__":
    main()
