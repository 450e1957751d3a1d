"""An objection to what a file says: where, what, and what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from domain.ladder import (
    Approval,
    Conversation,
    DeadlineRule,
    LateInformation,
    Pause,
    Review,
    Signposting,
    Skip,
)
from domain.procedure import Procedure, WrittenForm
from domain.provisions import (
    Completion,
    ContactLimits,
    DirectoryKept,
    Disclosure,
    Exhausted,
    LastResort,
    LateReply,
    Letters,
    Mediation,
    Records,
    Refusal,
    Reopen,
    Retention,
    Urgent,
)

Location = tuple[str | int, ...]
"""The way from the procedure to a part of it: field names, and indexes into tuples."""


class Objection(NamedTuple):
    """Something that cannot work; void where what it `needs` is itself in doubt."""

    at: Location
    message: str
    needs: tuple[Location, ...] = ()


def each_of(procedure: Procedure, kind: str, part: str = "id") -> tuple[Location, ...]:
    """Return where the same part of each entry stands; where all of them would, if there is none."""
    return tuple((kind, number, part) for number in range(len(getattr(procedure, kind)))) or ((kind,),)


def repeated(at: Location, names: Iterable[str]) -> Iterator[Objection]:
    """Yield each name that stands in a list more than once."""
    for name, times in Counter(names).items():
        if times > 1:
            yield Objection(at, f"`{name}` is here {times} times")


def one_source(
    rule: DeadlineRule
    | Review
    | Approval
    | Retention
    | ContactLimits
    | Conversation
    | LateInformation
    | Disclosure
    | LateReply
    | Letters
    | Mediation
    | Records
    | Exhausted
    | Reopen
    | DirectoryKept
    | LastResort
    | Urgent
    | WrittenForm
    | Pause
    | Signposting
    | Skip
    | Completion
    | Refusal,
    at: Location,
    what: str,
) -> Iterator[Objection]:
    """Check that a rule is the policy's or the organisation's own, and says which. `what` names it in a sentence."""
    needs = ((*at, "source"), (*at, "own_target"))
    if rule.source and rule.own_target:
        yield Objection(
            (*at, "own_target"),
            f"{what} has both `source` and `own_target`: it must be either the policy's or your own",
            needs,
        )
    if not rule.source and not rule.own_target:
        yield Objection(
            at,
            f"{what} has neither `source` (where the policy says so) nor `own_target` (that it is your own)",
            needs,
        )
