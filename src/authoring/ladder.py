"""Draws the ladder of a procedure as text, for people who check what a file says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Final

from domain.calendars import Limit, spell_limit
from domain.procedure import Approval, DeadlineRule, Origin, Procedure, Stage

WIDTH: Final = 100

ORIGINS: Final[Mapping[Origin, str]] = {
    "received": "the complaint's arrival",
    "requested": "the request for this stage",
    "acknowledged": "the acknowledgement",
    "responded": "the response",
    "incident": "the incident",
    "closed": "the closure",
}
"""What deadlines count from, in words."""


def draw(procedure: Procedure) -> str:
    """The ladder from the first stage to the last, with its deadlines and where it ends. A star marks what the
    organisation set itself, because its policy is silent."""
    lines = [f"{procedure.organisation} ({procedure.slug}, version {procedure.version})"]
    for stage in procedure.stages:
        lines += ["", *_entrances(procedure, stage), f"  ■ {stage.id}: {stage.title}"]
        lines += [f"  │   {line}" for line in _about(procedure, stage)]
        if stage.next:
            lines += ["  │", f"  ▼ not satisfied: {stage.next}"]
    lines += ["", f"kept:   {_kept(procedure)}"]
    if any("*" in line for line in lines):
        lines += ["", f"* not from the policy ({procedure.document}): the organisation's own"]
    return "\n".join(lines)


def _entrances(procedure: Procedure, stage: Stage) -> Iterator[str]:
    for form in procedure.forms:
        if form.starts_at == stage.id:
            yield f"  ○ form `{form.id}`: {form.title}"


def _about(procedure: Procedure, stage: Stage) -> Iterator[str]:
    yield from _row("review", _reviewers(procedure, stage))
    if stage.approval is not None:
        yield from _row("approval", _approvers(procedure, stage.approval))
    for rule in stage.deadlines:
        yield from _row(rule.name, _deadline(procedure, stage, rule))
    if stage.end is not None:
        names = [
            f"→ {signpost.name}{_only_for(signpost.only_for)}"
            for signpost in procedure.signposts
            if signpost.id in stage.end.signposts
        ]
        yield from _row("end", "; ".join(names) or f"no signpost: {stage.end.none_named}")


def _row(name: str, text: str) -> Iterator[str]:
    """A row with its name in front, wrapped under itself."""
    for number, line in enumerate(wrap(text, WIDTH - 20)):
        yield f"{name if number == 0 else '':<12}{line}"


def _reviewers(procedure: Procedure, stage: Stage) -> str:
    review = stage.review
    number = f"{review.count} × " if review.count > 1 else ""
    fresh = ", with fresh eyes" if review.fresh else ""
    by = f", named by {procedure.role(review.assigned_by).title}" if review.assigned_by else ""
    return f"{number}{procedure.role(review.role).title}{fresh}{by}{_star(review.own_target)}"


def _approvers(procedure: Procedure, approval: Approval) -> str:
    if approval.by == "fellow-reviewers":
        return f"all other reviewers of the stage{_star(approval.own_target)}"
    number = f"{approval.count} × " if approval.count > 1 else ""
    return f"{number}{procedure.role(approval.role).title}{_star(approval.own_target)}"


def _deadline(procedure: Procedure, stage: Stage, rule: DeadlineRule) -> str:
    text = f"{spell_limits(rule.within)}{_star(rule.own_target)} from {ORIGINS[rule.counted_from]}"
    if any(limit.day_one == "same-day" for limit in rule.within):
        text += ", that day being day 1"
    if rule.name == "acknowledge":
        text += ", by the system" if stage.acknowledgement == "automatic" else ", by a person"
    if rule.extension == "with-new-date":
        text += ", or by a new date given with the reason"
    if rule.discretion is None and rule.discretion_role:
        text += f", later at the discretion of: {procedure.role(rule.discretion_role).title}"
    if rule.discretion is not None:
        who = procedure.role(rule.discretion_role).title
        text += f", up to {spell_limit(rule.discretion)} at the discretion of: {who}"
    return text


def spell_limits(limits: tuple[Limit, ...]) -> str:
    """Limits as people write them: the earlier of 3 working days and 3 school days."""
    spelt = ["at once" if limit.count == 0 else spell_limit(limit) for limit in limits]
    if len(spelt) == 1:
        return spelt[0]
    choice = "earlier" if len(spelt) == 2 else "earliest"
    return f"the {choice} of {', '.join(spelt[:-1])} and {spelt[-1]}"


def _only_for(courses: tuple[str, ...]) -> str:
    return f" (only for {', '.join(courses)})" if courses else ""


def _kept(procedure: Procedure) -> str:
    retention = procedure.retention
    return (
        f"{spell_limit(retention.keep)} from the closure{_star(retention.own_target)}, and destroyed"
        f" {spell_limit(retention.notice)} after this was announced to: {procedure.role(retention.told).title}"
    )


def _star(own_target: str) -> str:
    return " *" if own_target else ""
