"""Draws the ladder of a procedure as text, for people who check what a file says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Final

from domain.calendars import Limit, spell_limit
from domain.ladder import (
    Also,
    Approval,
    DeadlineRule,
    Origin,
    Pause,
    Signposting,
    Stage,
    ToldWith,
    WaitingFor,
)
from domain.people import keepers_of_closed
from domain.procedure import Procedure
from domain.provisions import LATE_COMPLAINT_OWN

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
    """Return the ladder from the first stage to the last, with its deadlines and where it ends. A star marks what the
    organisation set itself, because its policy is silent."""
    lines = [f"{procedure.organisation} ({procedure.slug}, version {procedure.version})"]
    for stage in procedure.stages:
        lines += ["", *_entrances(procedure, stage), f"  ■ {stage.id}: {stage.title}"]
        lines += [f"  │   {line}" for line in _about(procedure, stage)]
        if stage.next:
            lines += ["  │", f"  ▼ not satisfied: {stage.next}"]
    lines += ["", *_afterwards(procedure), f"kept:   {_kept(procedure)}"]
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
    if stage.external_assistance:
        yield from _row(
            "help", "the reviewers can ask for help from outside, and the case waits for the answer"
        )
    if stage.late_information is not None:
        added = "the complainant can add something while the stage lasts"
        yield from _row("added", f"{added}{_star(stage.late_information.own_target)}")
    if stage.can_be_skipped is not None:
        who = procedure.role(stage.can_be_skipped.role).title
        yield from _row(
            "skipped", f"where {who} decides so, with the reason{_star(stage.can_be_skipped.own_target)}"
        )
    if stage.understanding == "required":
        yield from _row("understood", "whoever acknowledges it sets out how the complaint is understood")
    if stage.signposting is not None:
        yield from _row("turn to", _on_the_way(procedure, stage.signposting))
    if stage.reasons_to_go_on == "required":
        yield from _row("going on", "only with the reasons for it")
    if stage.end is not None:
        names = [
            f"→ {signpost.name}{_only_for((*signpost.only_for, *signpost.for_relationships))}"
            for signpost in procedure.signposts
            if signpost.id in stage.end.signposts
        ]
        yield from _row("end", "; ".join(names) or f"no signpost: {stage.end.none_named}")


MESSAGES: Final[Mapping[ToldWith, str]] = {
    "acknowledgement": "the acknowledgement",
    "interim-response": "each new date",
    "outcome": "the outcome",
}
"""What can say where else people can turn, in words."""


def _on_the_way(procedure: Procedure, named: Signposting) -> str:
    names = [signpost.name for signpost in procedure.signposts if signpost.id in named.signposts]
    told_with = " and ".join(MESSAGES[message] for message in named.told_with)
    return f"→ {', '.join(names)}, named with {told_with}{_star(named.own_target)}"


def _row(name: str, text: str) -> Iterator[str]:
    """Yield a row with its name in front, wrapped under itself."""
    for number, line in enumerate(wrap(text, WIDTH - 23)):
        yield f"{name if number == 0 else '':<15}{line}"


def _reviewers(procedure: Procedure, stage: Stage) -> str:
    review = stage.review
    number = f"{review.count} × " if review.count > 1 else ""
    fresh = ", not involved before" if review.fresh else ""
    headed = f", headed by {procedure.role(review.head).title}" if review.head else ""
    by = f", assigned by {procedure.role(review.assigned_by).title}" if review.assigned_by else ""
    other = (
        f", or {procedure.role(review.alternative_role).title} where they were involved in what happened"
        if review.alternative_role
        else ""
    )
    override = (
        f"; {procedure.role(review.conflict_override).title} can assign someone despite a conflict of interest"
        if review.conflict_override
        else ""
    )
    return f"{number}{procedure.role(review.role).title}{fresh}{headed}{by}{other}{override}{_star(review.own_target)}"


def _approvers(procedure: Procedure, approval: Approval) -> str:
    if approval.by == "fellow-reviewers":
        return f"all other reviewers of the stage{_star(approval.own_target)}"
    number = f"{approval.count} × " if approval.count > 1 else ""
    return f"{number}{procedure.role(approval.role).title}{_star(approval.own_target)}"


def _deadline(procedure: Procedure, stage: Stage, rule: DeadlineRule) -> str:
    text = f"{spell_limits(rule.within)}{_star(rule.own_target)} from {ORIGINS[rule.counted_from]}"
    if any(limit.day_one == "same-day" for limit in rule.within):
        text += ", that day being day 1"
    if any(limit.roll for limit in rule.within):
        text += ", going on to the next working day"
    for also in rule.also:
        text += f", and at the latest {spell_elsewhere(procedure, also)}"
    if rule.name == "acknowledge":
        text += ", by the system" if stage.acknowledgement == "automatic" else ", by a person"
    if rule.extension == "with-new-date":
        text += ", or by a new date given with the reason"
        if rule.extension_cap is not None:
            text += f", at most {spell_limit(rule.extension_cap)} from {ORIGINS[rule.counted_from]}"
        if rule.extension_each is not None:
            text += f", {spell_limit(rule.extension_each)} later each time at most"
    if rule.pause is not None:
        at_most = spell_limit(rule.pause.at_most)
        text += (
            f", without the days of waiting for {spell_waits(rule.pause)} (at most {at_most} each)"
            f"{_star(rule.pause.own_target)}"
        )
    if rule.discretion is None and rule.name == "submit":
        own = "" if rule.discretion_role else LATE_COMPLAINT_OWN
        who = procedure.role(procedure.decides_late(rule)).title
        text += f", later at the discretion of: {who}{_star(own)}"
    if rule.discretion is not None:
        who = procedure.role(rule.discretion_role).title
        text += f", up to {spell_limit(rule.discretion)} at the discretion of: {who}"
    return text


def spell_elsewhere(procedure: Procedure, also: Also) -> str:
    """Return a limit that has a beginning of its own, in words."""
    origin = ORIGINS[also.counted_from]
    if also.stage:
        what = "acknowledgement" if also.counted_from == "acknowledged" else "request"
        origin = f"the {what} for “{procedure.stage(also.stage).title}”"
    return f"{spell_limit(also.within)} from {origin}"


_WAITS: Final[Mapping[WaitingFor, str]] = {
    "answers": "an answer to a question",
    "consent": "consent to someone acting for the complainant",
    "written-form": "the complaint in writing",
    "mediation": "a mediation",
}


def spell_waits(pause: Pause) -> str:
    """Return what a procedure's time stands still for."""
    return " or ".join(_WAITS[what] for what in pause.waiting_for)


def spell_limits(limits: tuple[Limit, ...]) -> str:
    """Return limits as people write them: the earlier of 3 working days and 3 school days."""
    spelt = ["straight away" if limit.count == 0 else spell_limit(limit) for limit in limits]
    if len(spelt) == 1:
        return spelt[0]
    choice = "earlier" if len(spelt) == 2 else "earliest"
    return f"the {choice} of {', '.join(spelt[:-1])} and {spelt[-1]}"


def _afterwards(procedure: Procedure) -> Iterator[str]:
    """Yield what can still come after the closure."""
    if procedure.refusal is not None:
        names = [
            signpost.name for signpost in procedure.signposts if signpost.id in procedure.refusal.signposts
        ]
        turn_to = f" → {', '.join(names)}" if names else ""
        yield (
            "no:     a complaint can be refused after it has come in, with the reasons"
            f"{turn_to}{_star(procedure.refusal.own_target)}"
        )
    late = procedure.late_replies
    who = procedure.role(late.role).title
    yield f"late:   a reply after the closure goes on at the discretion of: {who}{_star(late.own_target)}"
    reopened = procedure.reopened
    roles = dict.fromkeys(keepers_of_closed(procedure))
    yield (
        f"again:  a closed case can be opened again for {spell_limit(reopened.within)} by:"
        f" {' or '.join(procedure.role(role).title for role in roles)}{_star(reopened.own_target)}"
    )
    if procedure.completion is not None:
        owed = procedure.completion
        writers = " or ".join(procedure.role(role).title for role in owed.letter_from)
        yield (
            f"owed:   {owed.title}, {spell_limits(owed.within)} from the closure, from: {writers}"
            f" (where it ended as {', '.join(owed.after)}){_star(owed.own_target)}"
        )
    if procedure.exhausted is not None:
        writers = " or ".join(procedure.role(role).title for role in procedure.exhausted.letter_from)
        yield (
            f"letter: who wants to reopen an exhausted case gets a letter from: {writers}"
            f"{_star(procedure.exhausted.own_target)}"
        )


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
