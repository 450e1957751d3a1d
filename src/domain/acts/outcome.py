"""The outcome of a stage: recorded by a reviewer, and sent, at once or when those have agreed who have to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from domain.act import Act, FilledIn, Scene, Shows, Traits, somebody, typed_day
from domain.acts.closure import close
from domain.acts.redress import answered_together, missing_in
from domain.acts.undertakings import ProposedAction, begun, missing_in_actions, owned, planned
from domain.case import Case, Finding
from domain.command import Events, StageCommand
from domain.days import in_boxes
from domain.errors import AlreadyDone, FieldProblem, NotNow, Refused, UnknownChoice
from domain.event import Contents, StageEvent, Telling, Tells
from domain.form import Asking
from domain.frozen import replace
from domain.people import asked_to_approve, lacks_reviewers
from domain.planned import PlannedAction
from domain.procedure import Procedure
from domain.rights import not_to_be_sent, reviewing
from domain.situation import Situation
from domain.step import Said, Step
from domain.words import Writing, require, says

ACTION_ROWS: Final = 3
"""How many actions an outcome can promise."""


class OutcomeRecorded(StageEvent):
    """The reviewer's conclusions. `wording` is the content with the reasons per aspect and the letter's text."""

    findings: tuple[Finding, ...]
    wording: str
    remedies: tuple[str, ...] = ()
    """Ids of the procedure's remedies that the response names; what it says about them is in the wording."""
    actions: tuple[PlannedAction, ...] = ()
    """They begin when the outcome is sent."""

    def after(self, case: Case) -> Case:
        return case.on_stage(
            findings=self.findings,
            wording=self.wording,
            remedies=self.remedies,
            actions=self.actions,
            agreed=case.agreed,
            recorded_by=self.by,
            approved_by=(),
        )

    def tells(self, telling: Telling) -> Tells:
        asked = asked_to_approve(telling.case, telling.procedure)
        return (*telling.tell("approval-request", *asked), *telling.done)


class OutcomeSent(StageEvent):
    """The outcome is settled and the complainant is told. It counts as the stage's response."""

    def after(self, case: Case) -> Case:
        current = case.current
        promised = (begun(action, wording=current.wording) for action in current.actions)
        return replace(case, actions=(*case.actions, *promised)).on_stage(responded_at=self.at)

    def tells(self, telling: Telling) -> Tells:
        promised = owned(
            telling.case, telling.procedure, [action.id for action in telling.case.current.actions]
        )
        return (
            *telling.complainant("outcome"),
            *telling.tell("action", *promised),
            *telling.news_to_others(*telling.reviewers, *telling.informed),
            *telling.done,
        )


class RecordOutcome(StageCommand):
    """`wording.words`: `reasons`, a list with one text per aspect in their order, and `response`, the proposed
    resolution and the steps that follow. Where the procedure asks for them also `evidence` and `explanations`, each
    one text per aspect, and `remedies`, what is said about each chosen remedy by its id."""

    findings: tuple[Finding, ...]
    wording: Writing
    remedies: tuple[str, ...] = ()
    actions: tuple[ProposedAction, ...] = ()
    lessons: Writing | None = None
    """`words["lessons"]`: what was learned. The complainant does not read it."""
    no_conversation: Writing | None = None
    """`words["text"]`: why no reviewer spoke with the complainant, where the stage asks for it. The complainant does
    not read it."""

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: an aspect without conclusion or reasons, no response, or what the procedure
        asks for besides (see `domain.acts.redress`). UnknownChoice: a conclusion, aspect or remedy that the procedure
        or the case does not have."""
        at.require(RESPOND, self.by, self.stage)
        if at.case.current.undecided:
            ask = "Decide whether what the complainant added will be considered before you record an outcome."
            require([FieldProblem("response", ask)])
        self._require_complete(at)
        spoken = self._spoken(at)
        recorded = OutcomeRecorded(
            at=at.now,
            by=self.by,
            stage=self.stage,
            findings=self.findings,
            wording=self.wording.id,
            remedies=self.remedies,
            actions=planned(self.actions, self.stage),
        )
        learned = self._learned(at)
        if at.stage.approval is not None:
            return (*spoken, recorded, *learned)
        return (*spoken, recorded, *learned, *send(at.after((*spoken, recorded)), by=self.by))

    def _spoken(self, at: Situation) -> Events:
        if self.no_conversation is None or not lacks_conversation(at):
            return ()
        from domain.acts.notes import not_spoken

        return (not_spoken(at, self.by, self.no_conversation),)

    def _learned(self, at: Situation) -> Events:
        if self.lessons is None or not says(self.lessons, "lessons"):
            return ()
        from domain.acts.lessons import LessonsRecorded

        return (LessonsRecorded(at=at.now, by=self.by, stage=self.stage, lessons=self.lessons.id),)

    def _require_complete(self, at: Situation) -> None:
        known = {conclusion.id for conclusion in at.procedure.conclusions}
        answers = {finding.aspect: finding.conclusion for finding in self.findings}
        if set(answers) - set(at.case.points) or len(answers) != len(self.findings):
            raise UnknownChoice(
                "The findings include a point that is not part of this stage, or the same point twice."
            )
        if unknown := {chosen for chosen in answers.values() if chosen} - known:
            raise UnknownChoice(f"The procedure does not have this conclusion: {', '.join(sorted(unknown))}.")
        missing = list(answered_together(self.findings, at.procedure))
        missing += self._missing_answers(at.case, answers)
        missing += self.wording.missing(response="Write the proposed resolution and what will happen next.")
        missing += missing_in(self.wording.words, self.findings, self.remedies, at)
        missing += missing_in_actions(self.actions, self.wording.words.get("actions", {}), at)
        if lacks_conversation(at) and self.no_conversation is None:
            missing.append(FieldProblem("no_conversation", _ask_for_conversation(at)))
        require(missing)

    def _missing_answers(self, case: Case, answers: dict[int, str]) -> Iterator[FieldProblem]:
        reasons = tuple(self.wording.words.get("reasons", ()))
        together = {finding.aspect for finding in self.findings if finding.answered_with}
        for aspect in case.points:
            if aspect in together:
                continue
            if not answers.get(aspect):
                yield FieldProblem(f"conclusion_{aspect}", f"Choose a conclusion on point {aspect}.")
            if len(reasons) < aspect or not str(reasons[aspect - 1]).strip():
                yield FieldProblem(
                    f"reasons_{aspect}", f"Write the reasons for your conclusion on point {aspect}."
                )


def lacks_conversation(at: Situation) -> bool:
    """Return whether neither the conversation that the stage asks for before the outcome is on record, nor why it did
    not come about."""
    conversation, current = at.stage.conversation, at.case.current
    if conversation is None or conversation.before_outcome == "not-required":
        return False
    if current.spoke or "no-conversation" in current.reviewers_noted:
        return False
    return conversation.before_outcome == "held" or "call-not-reached" not in current.reviewers_noted


def _ask_for_conversation(at: Situation) -> str:
    """Return what is missing: what the stage asks for, or the reason."""
    conversation = at.stage.conversation
    if conversation is not None and conversation.before_outcome == "tried":
        return "Record that you tried to call the complainant, or write why you did not."
    return "Record the meeting or the call with the complainant, or write why there was none."


def send(at: Situation, *, by: str) -> Events:
    """Send the outcome; where no reply to it is waited for, the case ends with it.

    Refused: something has to be decided or heard before."""
    if refusal := not_to_be_sent(at.case, at.procedure):
        raise refusal
    sent = OutcomeSent(at=at.now, by=by, stage=at.case.current.stage)
    if any(rule.name == "reply" for rule in at.stage.deadlines):
        return (sent,)
    return (sent, *close(at, "exhausted"))


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := reviewing(at.case, by, stage):
        return refusal
    if at.case.current.awaits_approval:
        return AlreadyDone("The outcome has been recorded and is waiting for approval.")
    if lacks_reviewers(at.case, at.procedure):
        return NotNow("Another reviewer needs to be assigned first.")
    if at.case.current.acknowledged_at is None:
        return NotNow("Acknowledge the complaint first.")
    if at.stage.approval is None:
        # What is recorded here would be sent at once.
        return not_to_be_sent(at.case, at.procedure)
    return None


# The form.


def _asked(asking: Asking) -> RecordOutcome:
    """Return what is found missing the command says itself, field by field."""
    case, numbers = asking.at.case, range(1, asking.at.case.aspects + 1)
    chosen = dict(zip(numbers, asking.texts("with", numbers), strict=True))
    # For each aspect the one whose conclusion and reasons stand for it: itself, or another that was chosen.
    sources = {
        number: int(source) if source in map(str, numbers) else number for number, source in chosen.items()
    }
    concluded = asking.texts("conclusion", sources.values())
    findings = tuple(
        Finding(aspect=number, conclusion=conclusion, answered_with=source if chosen[number] else 0)
        for (number, source), conclusion in zip(sources.items(), concluded, strict=True)
        if number in case.points
    )
    return RecordOutcome(
        by=asking.by,
        stage=asking.stage,
        findings=findings,
        wording=asking.writing(**_words(asking, sources.values(), concluded)),
        remedies=tuple(dict.fromkeys(asking.chosen("remedies"))),
        actions=tuple(_proposed(asking)),
        lessons=asking.if_wrote("lessons"),
        no_conversation=asking.writing(text=reason) if (reason := asking.text("no_conversation")) else None,
    )


def _words(asking: Asking, sources: Iterable[int], concluded: Sequence[str]) -> dict[str, Any]:
    # What is said on one point is recorded on each that is answered together with it.
    needing = {
        conclusion.id for conclusion in asking.at.procedure.conclusions if conclusion.needs_explanation
    }
    explained = zip(asking.texts("explanation", sources), concluded, strict=True)
    actions = enumerate(asking.texts("action", range(1, ACTION_ROWS + 1)), start=1)
    return {
        "reasons": asking.texts("reasons", sources),
        "response": asking.text("response"),
        "evidence": asking.texts("evidence", sources),
        # An explanation of a conclusion that needs none is not kept.
        "explanations": [text if conclusion in needing else "" for text, conclusion in explained],
        "remedies": {remedy: asking.text(f"remedy_{remedy}") for remedy in asking.chosen("remedies")},
        "actions": {f"action-{number}": text for number, text in actions if text},
    }


def _proposed(asking: Asking) -> Iterator[ProposedAction]:
    """Yield the rows in which anything was filled in; what one lacks is for the command to say."""
    for number in range(1, ACTION_ROWS + 1):
        owner, due = asking.text(f"owner_{number}"), f"due_{number}"
        if not (asking.text(f"action_{number}") or owner or in_boxes(asking.form.typed, due)):
            continue
        kind, _, name = owner.partition(":")
        yield ProposedAction(
            number=number,
            person=name if kind == "person" else "",
            role=name if kind == "role" else "",
            due=asking.day(due),
        )


def _shown(at: Situation, by: str, contents: Contents) -> Mapping[str, Any]:
    """Return what can be concluded and who can do what is promised; with it the texts of an outcome that came back, to
    be changed and not typed again. Its conclusions are chosen anew."""
    current, procedure = at.case.current, at.procedure
    words = contents.get(current.wording, {}) if not current.findings else {}
    return {
        "conclusions": procedure.conclusions,
        "owners": owner_choices(procedure),
        "action_rows": range(1, ACTION_ROWS + 1),
        "lacks_conversation": lacks_conversation(at),
        "draft": {
            "reasons": list(words.get("reasons", ())),
            "response": words.get("response", ""),
            "evidence": list(words.get("evidence", ())),
            "explanations": list(words.get("explanations", ())),
            "remedies": dict(words.get("remedies", {})),
            "actions": dict(words.get("actions", {})),
        },
    }


def owner_choices(procedure: Procedure) -> list[tuple[str, str]]:
    """Return who can be given an action: people, and roles that somebody holds."""
    people = [(f"person:{person.id}", person.name) for person in procedure.people]
    roles = [(f"role:{role.id}", role.title) for role in procedure.roles if procedure.holders(role.id)]
    return [*people, *roles]


# A scenario.


def _played(step: Step, at: Situation) -> FilledIn:
    usual = at.procedure.remedies_required
    remedies = step.remedies or tuple(remedy.id for remedy in at.procedure.remedies if remedy.wording)[:usual]
    unworded = [remedy.id for remedy in at.procedure.remedies if remedy.id in remedies and not remedy.wording]
    typed: dict[str, str | list[str]] = {
        "response": step.text or "What will be done.",
        "remedies": list(remedies),
        **{f"remedy_{remedy}": "What was agreed." for remedy in unworded},
        "lessons": step.lessons,
        "no_conversation": "It could not be arranged." if lacks_conversation(at) else "",
    }
    for number, said in _said(step, at):
        typed |= {
            f"conclusion_{number}": said.conclusion,
            f"reasons_{number}": said.reasons,
            f"evidence_{number}": said.evidence,
            f"explanation_{number}": said.explanation,
            f"with_{number}": str(said.answered_with or ""),
        }
    for number, promise in enumerate(step.promises, start=1):
        owner = f"person:{promise.person}" if promise.person else f"role:{promise.role}"
        typed |= {f"action_{number}": promise.text, f"owner_{number}": owner}
        typed |= typed_day(f"due_{number}", promise.due)
    return typed


def _said(step: Step, at: Situation) -> Iterator[tuple[int, Said]]:
    """Yield what a step says on each aspect; where it says nothing, the first conclusion."""
    usual = Said(conclusion=at.procedure.conclusions[0].id, reasons="The reasons.")
    yield from enumerate(step.findings or (usual,) * at.case.aspects, start=1)


RESPOND = Act(
    name="respond",
    whose="staff",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against,
    asked=_asked,
    choice="conclusion_1",
    shows=Shows(reads=lambda at, by: (at.case.current.wording,), gives=_shown),
    scenes={
        "respond": Scene(
            needs=(),
            knows=("findings", "remedies", "text", "promises", "lessons"),
            fills=_played,
            by=lambda at: next(iter(at.case.current.reviewers), ""),
        )
    },
)
ACTS = (RESPOND,)
