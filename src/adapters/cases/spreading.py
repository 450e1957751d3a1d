"""Which of the effects of a decision fit into its transaction: where too many people are told of it, one effect stands
for the last of them, and its delivery puts theirs into the outbox (`CaseStore.spread`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from domain.case import COMPLAINANT
from domain.effect import Consequence, Pass, SetAlarm, Spread, Tell

MOST_ACTIONS: Final = 100
"""DynamoDB writes so many items in one transaction."""


def those_that_fit(
    consequences: Iterable[Consequence], left: int
) -> list[tuple[str, Tell | SetAlarm | Pass | Spread]]:
    """Return the effects of a transaction that has room for `left` more, each with its name. Where they are more, the
    last of those to staff are put there by one that stands for them."""
    named = [
        (f"{consequence.event:06}#{position}", consequence.effect)
        for position, consequence in enumerate(consequences)
    ]
    to_staff = [
        (name, effect) for name, effect in named if isinstance(effect, Tell) and effect.person != COMPLAINANT
    ]
    others = to_staff[left - 1 - len(named) :] if len(named) > left else []
    names = {name for name, _ in others}
    fitting: list[tuple[str, Tell | SetAlarm | Pass | Spread]]
    fitting = [(name, effect) for name, effect in named if name not in names]
    if others:
        first, _, _ = named[0][0].partition("#")
        tells = tuple(tell for _, tell in others)
        fitting.append((f"{first}#others", Spread(names=tuple(name for name, _ in others), tells=tells)))
    return fitting
