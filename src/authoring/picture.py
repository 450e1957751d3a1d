"""What a picture of a procedure says: the ways in, the steps, who decides, by when, and where it ends.

The words are those for somebody who complains, the same in each kind of picture and in the text that stands in for
it. A star marks what the organisation set itself, because its policy is silent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from domain.calendars import Limit, spell_limit
from domain.ladder import Also, Approval, DeadlineRule, Origin, Pause, Stage, WaitingFor
from domain.procedure import Form, Procedure, Signpost

NOT_SATISFIED: Final = "You are not satisfied"
CLOSED: Final = "The case is closed"

_SINCE: Final[Mapping[Origin, str]] = {
    "received": "receiving it",
    "requested": "your request",
    "acknowledged": "our acknowledgement",
    "responded": "the outcome",
    "incident": "what happened",
    "closed": "the closure",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """A form with which a case begins at a step."""

    id: str
    title: str
    limit: str
    """By when it has to be sent; empty: at any time."""
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One thing about a step: the words that it begins with, and the rest of the sentence."""

    lead: str
    text: str

    def __str__(self) -> str:
        return f"{self.lead} {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Where somebody can turn after the last step."""

    lead: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderStep:
    """One stage of the procedure."""

    id: str
    title: str
    rows: tuple[Detail, ...]
    closing: str
    """What closes the case here."""
    next: str
    """The step for those who are not satisfied; empty where the ladder ends."""
    ending: Ending | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A procedure as it is drawn. Each step stands before those to which it leads."""

    title: str
    entries: tuple[WayIn, ...]
    steps: tuple[LadderStep, ...]
    kept: str
    footnote: str
    """What the star means; empty where there is none."""

    def leading_to(self, step: LadderStep) -> tuple[WayIn, ...]:
        return tuple(entry for entry in self.entries if entry.step == step.id)

    def sentences(self) -> Iterator[str]:
        """Yield the whole picture in words."""
        titles = {step.id: step.title for step in self.steps}
        for step in self.steps:
            for entry in self.leading_to(step):
                limit = f", {entry.limit}" if entry.limit else ""
                yield f"“{entry.title}”{limit}, leads to “{step.title}”."
            yield f"{step.title}. {'. '.join(map(str, step.rows))}."
            yield f"{step.closing}: the case is closed."
            if step.next:
                yield f"{NOT_SATISFIED}: you can go on to “{titles[step.next]}”."
            if step.ending is not None:
                yield " ".join((step.ending.lead, "; ".join(step.ending.lines).rstrip("."))) + "."
        yield self.kept
        if self.footnote:
            yield f"* {self.footnote}"


def picture_of(procedure: Procedure) -> Picture:
    """Return the picture of a procedure that has been checked."""
    steps = tuple(_step(procedure, stage) for stage in _in_order(procedure))
    entries = tuple(_entry(procedure, form) for form in procedure.forms if form.starts_at)
    retention = procedure.retention
    kept = f"We keep it for {spell_limit(retention.keep)}{_star(retention.own_target)}, then we delete it."
    said = [kept, *(entry.limit for entry in entries), *(str(row) for step in steps for row in step.rows)]
    return Picture(
        title=f"{procedure.organisation}: how a complaint goes",
        entries=entries,
        steps=steps,
        kept=kept,
        footnote=f"Our own rule, not from: {procedure.document}."
        if any("*" in text for text in said)
        else "",
    )


def _in_order(procedure: Procedure) -> Iterator[Stage]:
    """Yield the stages as the file has them, but each after those that lead to it."""
    left = list(procedure.stages)
    while left:
        leads_on = {stage.next for stage in left}
        stage = next((stage for stage in left if stage.id not in leads_on), left[0])
        left.remove(stage)
        yield stage


def _entry(procedure: Procedure, form: Form) -> WayIn:
    stage = procedure.stage(form.starts_at)
    rules = [rule for rule in stage.deadlines if rule.name == "submit"]
    limit = "; ".join(_submit(procedure, rule) for rule in rules)
    return WayIn(id=form.id, title=form.title, limit=limit, step=form.starts_at)


def _submit(procedure: Procedure, rule: DeadlineRule) -> str:
    text = _within(rule, starts=True)
    if rule.discretion is not None:
        who = procedure.role(rule.discretion_role).title
        text += f", or up to {spell_limit(rule.discretion)} if this is agreed by: {who}"
    return text


def _step(procedure: Procedure, stage: Stage) -> LadderStep:
    starts = any(form.starts_at == stage.id for form in procedure.forms)
    rules = {rule.name: rule for rule in stage.deadlines}
    titles = {one.id: one.title for one in procedure.stages}
    rows = [Detail(lead="Decides:", text=_reviewers(procedure, stage))]
    if stage.approval is not None:
        rows.append(Detail(lead="Agrees:", text=_approvers(procedure, stage.approval)))
    if "acknowledge" in rules:
        rows.append(
            Detail(
                lead="We will acknowledge it",
                text=_within(rules["acknowledge"], starts=starts, titles=titles),
            )
        )
    if "first-response" in rules:
        told = _within(rules["first-response"], starts=starts, titles=titles)
        rows.append(Detail(lead="We will tell you what has been done or is planned", text=told))
    if "respond" in rules:
        rule = rules["respond"]
        rows.append(
            Detail(
                lead="We will send the outcome",
                text=_within(rule, starts=starts, titles=titles) + _longer(rule),
            )
        )
    if stage.can_be_skipped is not None:
        who = procedure.role(stage.can_be_skipped.role).title
        rows.append(
            Detail(
                lead="It can be skipped",
                text=f"if {who} decides so, with the reason{_star(stage.can_be_skipped.own_target)}",
            )
        )
    if stage.external_assistance:
        rows.append(
            Detail(lead="We can ask", text="for help from outside, and will then tell you the new date")
        )
    if stage.signposting is not None:
        named = stage.signposting
        names = [signpost.name for signpost in procedure.signposts if signpost.id in named.signposts]
        rows.append(Detail(lead="You can also turn to", text=f"{', '.join(names)}{_star(named.own_target)}"))
    closing = "The outcome is the last step"
    if "reply" in rules:
        why = ", with your reasons if you want to go on" if stage.reasons_to_go_on == "required" else ""
        rows.append(Detail(lead="You reply", text=_within(rules["reply"], starts=starts) + why))
        closing = "You are satisfied, or do not reply to our reminder"
    return LadderStep(
        id=stage.id,
        title=stage.title,
        rows=tuple(rows),
        closing=closing,
        next=stage.next,
        ending=_ending(procedure, stage),
    )


def _reviewers(procedure: Procedure, stage: Stage) -> str:
    review = stage.review
    number = f"{review.count} × " if review.count > 1 else ""
    fresh = ", not involved before" if review.fresh else ""
    headed = f", headed by {procedure.role(review.head).title}" if review.head else ""
    other = (
        f"; {procedure.role(review.alternative_role).title} if it concerns them"
        if review.alternative_role
        else ""
    )
    return f"{number}{procedure.role(review.role).title}{fresh}{headed}{other}{_star(review.own_target)}"


def _approvers(procedure: Procedure, approval: Approval) -> str:
    if approval.by == "fellow-reviewers":
        return f"everybody who decides{_star(approval.own_target)}"
    number = f"{approval.count} × " if approval.count > 1 else ""
    return f"{number}{procedure.role(approval.role).title}{_star(approval.own_target)}"


def _within(rule: DeadlineRule, *, starts: bool, titles: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the time allowed. At the step where a case begins, its request is its arrival."""
    star = _star(rule.own_target)
    if all(limit.count == 0 for limit in rule.within):
        return f"straight away{star}"
    since = _SINCE["received" if starts and rule.counted_from == "requested" else rule.counted_from]
    counted = ", that day included" if any(limit.day_one == "same-day" for limit in rule.within) else ""
    rolled = ", or the next working day" if any(limit.roll for limit in rule.within) else ""
    also = "".join(f", and {_also(one, titles)} at the latest" for one in rule.also)
    return f"within {_limits(rule.within)} of {since}{counted}{rolled}{star}{also}"


def _also(also: Also, titles: Mapping[str, str]) -> str:
    """Return a limit that has a beginning of its own."""
    since = _SINCE[also.counted_from]
    if also.stage:
        what = "our acknowledgement" if also.counted_from == "acknowledged" else "your request"
        since = f"{what} for “{titles[also.stage]}”"
    return f"{spell_limit(also.within)} from {since}"


def _longer(rule: DeadlineRule) -> str:
    """Return how the time for the answer can become longer."""
    text = ""
    if rule.extension == "with-new-date":
        text += ", or by a new date with the reason"
        if rule.extension_cap is not None:
            text += f", {spell_limit(rule.extension_cap)} at most"
        elif rule.extension_each is not None:
            text += f", {spell_limit(rule.extension_each)} later at most"
    if rule.pause is not None:
        text += f". While we wait for {_waits(rule.pause)} it stands still{_star(rule.pause.own_target)}"
    return text


_WAITS: Final[Mapping[WaitingFor, str]] = {
    "answers": "your answer to a question",
    "consent": "your consent to someone acting for you",
    "written-form": "your complaint in writing",
    "mediation": "a mediation that you agreed to",
}


def _waits(pause: Pause) -> str:
    return " or ".join(_WAITS[what] for what in pause.waiting_for)


def _limits(limits: tuple[Limit, ...]) -> str:
    text = " or ".join(spell_limit(limit) for limit in limits)
    return text if len(limits) == 1 else f"{text} (whichever ends first)"


def _ending(procedure: Procedure, stage: Stage) -> Ending | None:
    if stage.end is None:
        return None
    named = [signpost for signpost in procedure.signposts if signpost.id in stage.end.signposts]
    if not named:
        return Ending(lead="No further step.", lines=(stage.end.none_named,))
    return Ending(
        lead="You can turn to:",
        lines=tuple(f"{signpost.name}{_for_some(signpost)}" for signpost in named),
    )


def _for_some(signpost: Signpost) -> str:
    if signpost.only_for:
        return " (for some courses)"
    return " (for some people)" if signpost.for_relationships else ""


def _star(own_target: str) -> str:
    return "*" if own_target else ""
