"""Whom a procedure needs: which role, where a rule names it, and how many people have to fill it.

Who writes a procedure file is held to this, and so are those who keep the directory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from domain.frozen import Frozen
from domain.ladder import Stage
from domain.procedure import Procedure


class Office(Frozen):
    """A role that a rule names, and how many people at least have to fill it. `at` is the way from the procedure to the
    role's name: names of fields, and indexes into tuples."""

    at: tuple[str | int, ...]
    role: str
    count: int = 1


def roles_named(procedure: Procedure) -> Iterator[Office]:
    """Yield every place where a rule names a role. Where several roles are named, of which any holder will do, each is
    needed all the same: the holder of one can be involved in the matter, or be away."""
    yield Office(at=("coordinator",), role=procedure.coordinator)
    yield Office(at=("escalates_to",), role=procedure.escalates_to)
    yield from _each(("informed",), procedure.informed)
    yield from _several(procedure)
    yield Office(at=("retention", "told"), role=procedure.retention.told)
    if procedure.last_resort is not None:
        yield Office(at=("last_resort", "role"), role=procedure.last_resort.role)
    yield from _of_decisions(procedure)
    for number, form in enumerate(procedure.forms):
        if form.passed_to:
            yield Office(at=("forms", number, "passed_to"), role=form.passed_to)
    if procedure.records is not None:
        yield Office(at=("records", "role"), role=procedure.records.role)
    if procedure.letters is not None:
        yield Office(at=("letters", "signed_by"), role=procedure.letters.signed_by)
    if procedure.data_protection_role:
        yield Office(at=("data_protection_role",), role=procedure.data_protection_role)
    for number, stage in enumerate(procedure.stages):
        yield from _of_stage(stage, ("stages", number))


def _of_decisions(procedure: Procedure) -> Iterator[Office]:
    if procedure.late_reply is not None:
        yield Office(at=("late_reply", "role"), role=procedure.late_reply.role)
    if procedure.exhausted is not None:
        yield from _each(("exhausted", "letter_from"), procedure.exhausted.letter_from)
    if procedure.completion is not None:
        yield from _each(("completion", "letter_from"), procedure.completion.letter_from)
    if procedure.reopen is not None and procedure.reopen.role:
        yield Office(at=("reopen", "role"), role=procedure.reopen.role)
    if procedure.contact_limits is not None and procedure.contact_limits.role:
        yield Office(at=("contact_limits", "role"), role=procedure.contact_limits.role)


def roles_needed(procedure: Procedure) -> dict[str, int]:
    """Return how many people at least have to fill each role that a rule names."""
    needed: dict[str, int] = {}
    for office in roles_named(procedure):
        needed[office.role] = max(needed.get(office.role, 0), office.count)
    return needed


def _several(procedure: Procedure) -> Iterator[Office]:
    """Yield those of the provisions that name several roles."""
    if procedure.directory is not None:
        yield from _each(("directory", "kept_by"), procedure.directory.kept_by)
    if procedure.about_staff is not None:
        yield from _each(("about_staff", "reviewed_by"), procedure.about_staff.reviewed_by)


def _of_stage(stage: Stage, at: tuple[str | int, ...]) -> Iterator[Office]:
    review, approval = stage.review, stage.approval
    yield Office(at=(*at, "review", "role"), role=review.role, count=review.count)
    if review.assigned_by:
        yield Office(at=(*at, "review", "assigned_by"), role=review.assigned_by)
    if review.head:
        yield Office(at=(*at, "review", "head"), role=review.head)
    if review.alternative_role:
        yield Office(at=(*at, "review", "alternative_role"), role=review.alternative_role, count=review.count)
    if review.conflict_override:
        yield Office(at=(*at, "review", "conflict_override"), role=review.conflict_override)
    if approval is not None and approval.by == "role" and approval.role:
        yield Office(at=(*at, "approval", "role"), role=approval.role, count=approval.count)
    if approval is not None and approval.settled_by:
        yield Office(at=(*at, "approval", "settled_by"), role=approval.settled_by)
    if stage.can_be_skipped is not None:
        yield Office(at=(*at, "can_be_skipped", "role"), role=stage.can_be_skipped.role)
    for index, rule in enumerate(stage.deadlines):
        if rule.discretion_role:
            yield Office(at=(*at, "deadlines", index, "discretion_role"), role=rule.discretion_role)


def _each(at: tuple[str | int, ...], roles: Iterable[str]) -> Iterator[Office]:
    return (Office(at=(*at, index), role=role) for index, role in enumerate(roles))
