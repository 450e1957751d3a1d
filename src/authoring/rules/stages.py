"""What happens on one stage: who deals with it, and what has to be done there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from authoring.objection import Location, Objection, each_of, one_source
from authoring.rules.deadlines import check_limits, check_origin
from authoring.rules.ladder import stages_before
from domain.ladder import Approval, Stage
from domain.procedure import Procedure

LONGEST_EXECUTION: Final = 80
"""In characters, of the name of an execution of Step Functions, which an alarm is."""

_LONGEST_DEADLINE: Final = "letter-0123456789abcdef"
_HIGHEST_VERSION: Final = "999999"
"""What else stands in an alarm's name, at its longest; see `adapters.post.alarms`."""


def check_stage(procedure: Procedure, stage: Stage, at: Location) -> Iterator[Objection]:
    """Check what happens on one stage: who deals with it, and by when."""
    yield from _name(procedure, stage, at)
    yield from _review(procedure, stage, (*at, "review"))
    if stage.approval is not None:
        yield from _approval(procedure, stage, stage.approval, (*at, "approval"))
    if stage.conversation is not None:
        yield from one_source(
            stage.conversation, (*at, "conversation"), "that the stage asks for a conversation"
        )
    if stage.late_information is not None:
        yield from one_source(stage.late_information, (*at, "late_information"), "what is added late")
    yield from _asked(stage, at)
    yield from _skip(procedure, stage, at)
    names = [rule.name for rule in stage.deadlines]
    names_at = [(*at, "deadlines", index, "name") for index in range(len(names))] or [(*at, "deadlines")]
    must: dict[str, str] = {"respond": "nobody would have to answer"}
    if stage.acknowledgement == "person":
        must["acknowledge"] = "nobody would have to acknowledge it"
    if stage.next:
        must["reply"] = "the complainant could not go on to the next stage"
    for name, why in must.items():
        if name not in names:
            yield Objection(
                at,
                f"the stage `{stage.id}` has no deadline `{name}`: {why}",
                (*names_at, (*at, "acknowledgement"), (*at, "next")),
            )
    for index, rule in enumerate(stage.deadlines):
        place = (*at, "deadlines", index)
        for objection in (
            *check_origin(procedure, stage, rule, place),
            *check_limits(procedure, stage, rule, place),
        ):
            # Of a deadline with an unknown name nothing more can be said.
            yield objection._replace(needs=(*objection.needs, (*place, "name")))


def _skip(procedure: Procedure, stage: Stage, at: Location) -> Iterator[Objection]:
    place = (*at, "can_be_skipped")
    if stage.can_be_skipped is None:
        return
    yield from one_source(stage.can_be_skipped, place, f"that the stage `{stage.id}` can be skipped")
    if not stage.next:
        yield Objection(place, "the last stage cannot be skipped", ((*at, "next"),))
    if not any(True for _ in stages_before(procedure, stage)):
        yield Objection(
            place,
            "nobody comes to this stage from another one, so nobody could skip it",
            each_of(procedure, "stages", "next"),
        )


def _asked(stage: Stage, at: Location) -> Iterator[Objection]:
    """Yield what is wrong with what people are asked to write on a stage."""
    if stage.reasons_to_go_on == "required" and not stage.next:
        yield Objection(
            (*at, "reasons_to_go_on"), "there is no stage to go on to, so no reasons for it", ((*at, "next"),)
        )
    if stage.reasons_to_go_on_source and stage.reasons_to_go_on == "optional":
        yield Objection(
            (*at, "reasons_to_go_on_source"),
            "`reasons_to_go_on_source` belongs to `reasons_to_go_on: required`",
            ((*at, "reasons_to_go_on"),),
        )
    if stage.understanding == "required" and stage.acknowledgement == "automatic":
        yield Objection(
            (*at, "understanding"),
            "the system cannot set out how a complaint is understood: it needs `acknowledgement: person`",
            ((*at, "acknowledgement"),),
        )
    if stage.understanding_source and stage.understanding == "not-asked":
        yield Objection(
            (*at, "understanding_source"),
            "`understanding_source` belongs to `understanding: required`",
            ((*at, "understanding"),),
        )


def _name(procedure: Procedure, stage: Stage, at: Location) -> Iterator[Objection]:
    # Each word of the slug gives a letter of the reference.
    reference = f"{'A' * len(procedure.slug.replace('/', '-').split('-'))}-7K3M-9QXT"
    room = LONGEST_EXECUTION - len(f"{reference}..{_LONGEST_DEADLINE}.{_HIGHEST_VERSION}")
    if len(stage.id) > room:
        yield Objection(
            at,
            f"`{stage.id}` is too long: {len(stage.id)} characters, where the names of alarms have room for {room}",
        )


def _review(procedure: Procedure, stage: Stage, at: Location) -> Iterator[Objection]:
    review = stage.review
    yield from one_source(review, at, f"who reviews the stage `{stage.id}`")
    if review.count < 1:
        yield Objection((*at, "count"), "`count` counts from 1")
    if review.head and review.count == 1:
        yield Objection((*at, "head"), "one reviewer is not headed by anybody", ((*at, "count"),))
    if (
        review.head
        and procedure.holders(review.head)
        and not _shared(procedure, review.role, _ids_of(procedure, review.head))
    ):
        yield Objection(
            (*at, "head"),
            f"nobody who fills the role `{review.role}` also fills `{review.head}`, so nobody can head them",
            (*each_of(procedure, "people", "roles"), (*at, "role")),
        )
    if not review.fresh:
        return
    holders = {person.id for person in procedure.holders(review.role)}
    taken = 0
    for earlier in stages_before(procedure, stage):
        taken += min(earlier.review.count, _shared(procedure, earlier.review.role, holders))
        if earlier.approval is not None and earlier.approval.by == "role":
            taken += min(earlier.approval.count, _shared(procedure, earlier.approval.role, holders))
    if taken and len(holders) - taken < review.count:
        yield Objection(
            (*at, "fresh"),
            f"the stage `{stage.id}` can be left without fresh eyes: {len(holders)} fill the role"
            f" `{review.role}`, and earlier stages can have involved {taken} of them",
            (*each_of(procedure, "people", "roles"), *each_of(procedure, "stages", "review")),
        )


def _ids_of(procedure: Procedure, role: str) -> set[str]:
    return {person.id for person in procedure.holders(role)}


def _shared(procedure: Procedure, role: str, holders: Iterable[str]) -> int:
    return len({person.id for person in procedure.holders(role)} & set(holders))


def _approval(procedure: Procedure, stage: Stage, approval: Approval, at: Location) -> Iterator[Objection]:
    yield from one_source(approval, at, f"who approves the outcome of the stage `{stage.id}`")
    if approval.by == "fellow-reviewers":
        if stage.review.count < 2:
            yield Objection(
                (*at, "by"),
                "there are no fellow reviewers: the stage has one reviewer only",
                ((*at[:-1], "review"),),
            )
        if approval.role:
            yield Objection((*at, "role"), "`role` belongs to `by: role` only", ((*at, "by"),))
        return
    if not approval.role:
        yield Objection(
            (*at, "by"), "`by: role` needs the `role` that approves", ((*at, "role"), (*at, "by"))
        )
        return
    if approval.count not in (1, 2):
        yield Objection((*at, "count"), "`count` is 1 or 2")
    approvers = {person.id for person in procedure.holders(approval.role)}
    recorders = {person.id for person in procedure.holders(stage.review.role)}
    left = len(approvers) - (1 if approvers & recorders else 0)
    if len(approvers) >= approval.count > left:
        yield Objection(
            (*at, "role"),
            f"the role `{approval.role}` cannot always approve: {approval.count} besides the person who"
            f" recorded the outcome are needed, and that one can be among the {len(approvers)} who fill it",
            (*each_of(procedure, "people", "roles"), (*at[:-1], "review")),
        )
