"""Linearizability: every answer that a person got has to be explained by one order of all acts on the case."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from domain.case import Case
from domain.procedure import Procedure
from domain.rights import not_to_be_sent
from tests.rules import ACTIONS, refusal
from tests.simulation.people import Act
from tests.simulation.world import SKEW

if TYPE_CHECKING:
    from tests.simulation.invariants import Watch


def in_one_order(watch: Watch) -> None:
    """Every answer to an act is explained by one order of all acts on the case, the order of its versions.

    What was done was allowed in the state that its transaction was decided on, and lies between the asking and the
    answer. What was refused was refused in one of the states that the case had meanwhile, or had been done."""
    done: set[tuple[str, str, str, str]] = set()
    for act in watch.town.acts:
        account = watch.accounts.get(act.ref)
        if account is None or act.action not in ACTIONS:
            continue
        # A file is added once, whatever is said of it.
        words = act.fields.get("file") or repr(sorted(act.fields.items()))
        this = (act.ref, act.person, act.action, words)
        first, last = act.versions
        near = [
            (before, after, by)
            for (before, _), (after, by) in pairwise(account.states)
            if before.version >= first and (after.version <= last or not last)
        ]
        # Whoever was there at some moment in between was there when it was decided, or was not.
        those = watch.rules_since(account.states[0][0], act.began, act.ended) if account.states else ()
        people = [procedure for procedure, _ in those]
        allowed = any(
            act.person in by and any(_allows(before, act, one, act.began - SKEW) for one in people)
            for before, _, by in near
        )
        if act.status == 200 and not allowed:
            watch.found("every answer has its place in one order", act.ref, f"{act.action} done")
        if act.status == 200 or act.status >= 500:
            # What nobody answered may have been done.
            done.add(this)
        if act.status in (403, 409):
            seen = [case for case, _ in account.states if first <= case.version <= (last or case.version)]
            refused = any(
                not _allows(case, act, one, act.ended + SKEW, last=True) for case in seen for one in people
            )
            if this not in done and seen and not refused:
                watch.found("every refusal has its reason in one order", act.ref, f"{act.action} refused")


def _allows(case: Case, act: Act, procedure: Procedure, moment: float, *, last: bool = False) -> bool:
    """Whether this can be done in the case as it is at a moment; of an approval, whether it can be the `last` one, by
    which the answer goes out."""
    given = case.current.respond_by
    if act.action == "interim" and given is not None:
        typed = [act.fields.get(f"respond_by.{part}") for part in ("year", "month", "day")]
        if typed == [given.year, given.month, given.day]:
            return False
    if act.action == "approve" and act.fields.get("wording") != case.current.wording:
        return False
    if last and act.action == "approve" and not_to_be_sent(case, procedure) is not None:
        return False
    action = next(one for one in ACTIONS if one == act.action)
    if action == "assign" and set(act.fields.get("reviewers", ())) == set(case.current.reviewers):
        return False
    now = datetime.fromtimestamp(moment, UTC)
    return refusal(action, case, by=act.person, stage=act.stage, procedure=procedure, now=now) is None
