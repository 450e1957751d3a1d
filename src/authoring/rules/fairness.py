"""What a procedure without mistakes may want to do better, so that people who complain are dealt with fairly."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.objection import Objection
from authoring.rules.ladder import stages_before
from domain.ladder import Stage
from domain.people import holders_of, ids
from domain.procedure import Procedure


def unfair(procedure: Procedure) -> Iterator[Objection]:
    """Yield where one person decides twice on a complaint, where a missed date is told to nobody else than those who
    missed it, where nobody can take a reviewer's place, and that nobody keeps the directory."""
    for number, stage in enumerate(procedure.stages):
        at = ("stages", number, "review")
        if twice := _deciding_twice(procedure, stage):
            yield Objection(
                (*at, "role"),
                f"the same person can decide at the stage `{stage.id}` and at one before it ({_listed(twice)}): give it"
                " to another role, or set `fresh: true`",
            )
        if not stage.review.alternative_role and _is_needed_whole(procedure, stage):
            yield Objection(
                at,
                f"nobody can take the place of a reviewer of the stage `{stage.id}` but those whom breaches go to: name"
                " an `alternative_role`, or give the role to more people",
            )
    for stage in procedure.stages:
        if set(ids(holders_of(procedure.above, procedure))) <= set(_reviewing(procedure, stage)):
            yield Objection(
                ("escalates_to",),
                f"a date that is missed at the stage `{stage.id}` is told to nobody but those who can have missed it:"
                " name a role above them, or a `last_resort`",
            )
    if procedure.directory is None:
        yield Objection(
            ("people",),
            "nobody can say who is away, or put somebody else into the directory, without a change of this file: name"
            " who keeps it under `directory`",
        )


def _deciding_twice(procedure: Procedure, stage: Stage) -> tuple[str, ...]:
    """Return who can review this stage and one before it."""
    if stage.review.fresh:
        return ()
    earlier = {
        person for before in stages_before(procedure, stage) for person in _reviewing(procedure, before)
    }
    return tuple(person for person in _reviewing(procedure, stage) if person in earlier)


def _reviewing(procedure: Procedure, stage: Stage) -> tuple[str, ...]:
    return ids(procedure.holders(stage.review.role))


def _is_needed_whole(procedure: Procedure, stage: Stage) -> bool:
    """Return whether everybody who has the role is needed, so that nobody of them can be spared."""
    return len(procedure.holders(stage.review.role)) <= stage.review.count


def _listed(persons: tuple[str, ...]) -> str:
    return ", ".join(f"`{person}`" for person in persons)
