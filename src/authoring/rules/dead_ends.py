"""Whether somebody can act at each step of the ladder, whoever of the directory is involved in the matter.

It asks the rules that a case is worked on by: a case is put on each stage with somebody involved in it, and who could
assign, review, approve, decide, write the last letter and hold it is looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import combinations
from typing import NamedTuple

from authoring.objection import Location, Objection, each_of
from authoring.rules.ladder import stages_before
from domain.case import Case, Finding, StageRecord
from domain.frozen import replace
from domain.ladder import Stage
from domain.people import approvers, candidates, certified, deciders, ids, those_who_assign
from domain.procedure import Procedure

_NAMED = 3
"""How many pairs of one kind are named."""

_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


class Gap(NamedTuple):
    """A step at which there is nobody, or not enough: `at` is the rule that it is for, `what` says what is missing."""

    at: Location
    what: str


def check_dead_ends(procedure: Procedure) -> Iterator[Objection]:
    """Yield each step that nobody could take if one person of the directory were involved."""
    found: dict[Gap, list[str]] = {}
    for person in procedure.people:
        for gap in gaps(procedure, (person.id,)):
            found.setdefault(gap, []).append(f"`{person.id}`")
    for gap, persons in found.items():
        yield _objection(procedure, gap, " or ".join(persons), "is" if len(persons) == 1 else "are")


def dead_ends_of_pairs(procedure: Procedure) -> Iterator[Objection]:
    """Yield each step that nobody could take if two persons of the directory were involved, and that somebody could
    if only one of them were."""
    alone = {person.id: set(gaps(procedure, (person.id,))) for person in procedure.people}
    found: dict[Gap, list[str]] = {}
    for one, other in combinations(alone, 2):
        for gap in gaps(procedure, (one, other)):
            if gap not in alone[one] | alone[other]:
                found.setdefault(gap, []).append(f"`{one}` and `{other}`")
    for gap, persons in found.items():
        more = f"; and {len(persons) - _NAMED} pairs more" if len(persons) > _NAMED else ""
        yield _objection(procedure, gap, "; ".join(persons[:_NAMED]) + more, "are")


def gaps(procedure: Procedure, involved: tuple[str, ...]) -> Iterator[Gap]:
    """Yield each step at which there is nobody, or not enough, with these persons involved."""
    for number, stage in enumerate(procedure.stages):
        case = _case_on(stage, procedure, involved)
        yield from _on_stage(case, stage, procedure, ("stages", number))
    case = _case_on(procedure.stages[0], procedure, involved)
    if procedure.late_reply is not None and not deciders("late-reply", case, procedure):
        yield Gap(("late_reply", "role"), "nobody can decide on a late reply")
    if procedure.exhausted is not None and not deciders("letter", case, procedure):
        yield Gap(("exhausted", "letter_from"), "nobody can write the last letter")
    if procedure.completion is not None and not deciders("completion", case, procedure):
        yield Gap(("completion", "letter_from"), "nobody can write the letter after the closure")
    if not certified(case, procedure):
        yield Gap(("retention", "told"), "nobody can hold a case, or be told of its destruction")


def _on_stage(case: Case, stage: Stage, procedure: Procedure, at: Location) -> Iterator[Gap]:
    if not those_who_assign(case, procedure):
        yield Gap((*at, "review"), f"nobody can assign the stage `{stage.id}`")
    able = ids(candidates(case, procedure))
    if len(able) < stage.review.count:
        yield Gap((*at, "review", "role"), f"{_few(len(able))} can review the stage `{stage.id}`")
        return
    approval = stage.approval
    if approval is None or approval.by != "role":
        return
    fewest = min(len(approvers(_recorded(case, person, able, stage), procedure)) for person in able)
    if fewest < approval.count:
        yield Gap(
            (*at, "approval", "role"), f"{_few(fewest)} can approve the outcome of the stage `{stage.id}`"
        )


def _recorded(case: Case, by: str, able: tuple[str, ...], stage: Stage) -> Case:
    """Return the case with an outcome that was recorded by one of its reviewers."""
    others = tuple(person for person in able if person != by)
    reviewers = (by, *others)[: stage.review.count]
    return case.on_stage(reviewers=reviewers, findings=(Finding(aspect=1, conclusion=""),), recorded_by=by)


def _case_on(stage: Stage, procedure: Procedure, involved: tuple[str, ...]) -> Case:
    """Return a case on a stage. Where that has to have fresh eyes, those were on the earlier stages whom it can spare
    least."""
    needed = ids(procedure.holders(stage.review.role))
    earlier: tuple[StageRecord, ...] = ()
    for before in stages_before(procedure, stage) if stage.review.fresh else ():
        able = ids(candidates(_begun(before, involved), procedure))
        first = sorted(able, key=lambda person: person not in needed)
        earlier = (*earlier, _record(before, tuple(first[: before.review.count])))
    case = _begun(stage, involved)
    return replace(case, stages=(*earlier, *case.stages))


def _begun(stage: Stage, involved: tuple[str, ...]) -> Case:
    return Case(
        ref="",
        version=1,
        organisation="",
        procedure_version=1,
        form="",
        kind="complaint",
        course="",
        opened_at=_SOME_DAY,
        incident_on=None,
        late=False,
        answers="",
        aspects=1,
        stages=(_record(stage),),
        involved=involved,
    )


def _record(stage: Stage, reviewers: tuple[str, ...] = ()) -> StageRecord:
    return StageRecord(stage=stage.id, requested_at=_SOME_DAY, reviewers=reviewers)


def _few(number: int) -> str:
    return "nobody" if number == 0 else f"only {number}"


def _objection(procedure: Procedure, gap: Gap, persons: str, verb: str) -> Objection:
    needs: Iterable[Location] = (*each_of(procedure, "people", "roles"), gap.at)
    return Objection(
        gap.at,
        f"{gap.what} where {persons} {verb} involved in what happened: name an `alternative_role`, a `last_resort`, "
        "or somebody else for the role",
        tuple(needs),
    )
