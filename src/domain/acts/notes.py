"""What is noted while a case is worked on: calls, whether they reached the complainant, and meetings, from the offer of
one to the reason why none came about."""

from __future__ import annotations

from typing import get_args

from domain.act import Act, FilledIn, Scene, Traits, nobody
from domain.acts.questions import ASK, QuestionAsked
from domain.case import Case
from domain.command import Events, StageCommand
from domain.errors import FieldProblem, Refused
from domain.event import StageEvent, Telling, Tells
from domain.form import Asking
from domain.notekinds import Companion, NoteKind
from domain.rights import open_at, without_consent, works_on
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing, require


class NoteAdded(StageEvent):
    """A call, a meeting or something else was put on record; `note` is content."""

    kind: NoteKind
    note: str
    companion: Companion = ""

    wrote = ("note", "when", "text")

    def after(self, case: Case) -> Case:
        current = case.current
        own = (self.kind,) if self.by in current.reviewers else ()
        noted = case.on_stage(
            noted=(*current.noted, self.kind), reviewers_noted=(*current.reviewers_noted, *own)
        )
        return noted.with_first_response(self.at) if own and noted.current.spoke else noted

    def tells(self, telling: Telling) -> Tells:
        if self.kind == "meeting-arranged":
            return (*telling.complainant("meeting", content=self.note), *telling.done)
        if self.kind in ("meeting-offered", "no-conversation"):
            # The question that goes out with an offer, and the outcome, tell of these.
            return ()
        # Who took a call for the reviewer passes it on by noting it.
        others = () if self.by in telling.reviewers else telling.reviewers
        return (*telling.done, *telling.news(*others))


class AddNote(StageCommand):
    """`note.words`: `text`, what was said or resolved, and `when`, the time and place of an arranged meeting. What is
    offered the complainant is asked: it stands under `question` as well."""

    kind: NoteKind
    note: Writing
    companion: Companion = ""

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: nothing is said, an arranged meeting has no time, it is left open who
        came along to one, or an offer is none that the person can ask the complainant."""
        at.require(NOTE, self.by, self.stage)
        missing = []
        # That somebody was not reached says enough.
        if self.kind != "call-not-reached":
            missing += self.note.missing(
                text="Write what was said, what was resolved or what needs to be remembered."
            )
        if self.kind == "meeting-arranged":
            missing += self.note.missing(when="Write when and where the meeting will be.")
        if self.kind == "meeting-held" and not self.companion:
            missing.append(FieldProblem("companion", "Choose who came with the complainant."))
        is_offer = self.kind == "meeting-offered"
        if is_offer and (against := at.refusal(ASK, self.by, self.stage)):
            # An offer is a question to the complainant.
            missing.append(FieldProblem("kind", str(against)))
        if self.kind == "meeting-arranged" and (against := without_consent(at.case, at.procedure)):
            missing.append(FieldProblem("kind", str(against)))
        require(missing)
        noted = NoteAdded(
            at=at.now,
            by=self.by,
            stage=self.stage,
            kind=self.kind,
            note=self.note.id,
            companion=self.companion,
        )
        if not is_offer:
            return (noted,)
        return (noted, QuestionAsked(at=at.now, by=self.by, stage=self.stage, question=self.note.id))


def not_spoken(at: Situation, by: str, why: Writing) -> NoteAdded:
    """Return that nobody spoke with the complainant; `why.words["text"]` says the reason."""
    return NoteAdded(at=at.now, by=by, stage=at.case.current.stage, kind="no-conversation", note=why.id)


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    """Allow it while the case is open, after the outcome too: people call about that as well."""
    return open_at(at.case, stage) or works_on(at.case, by, at.procedure)


_CHOICES = tuple(kind for kind in get_args(NoteKind) if kind != "no-conversation")
"""What can be noted by itself: why nobody spoke with the complainant is said with the outcome."""


def _asked(asking: Asking) -> AddNote:
    kind: NoteKind = asking.word("kind", _CHOICES, "Choose what the note is about.")
    said = {name: asking.text(name) for name in ("text", "when") if asking.text(name)}
    if kind == "meeting-offered":
        said["question"] = asking.text("text")
    companion: Companion = ""
    if asking.chosen("companion"):
        sentence = "Choose who came with the complainant."
        companion = asking.word("companion", get_args(Companion), sentence)
    return AddNote(
        by=asking.by,
        stage=asking.stage,
        kind=kind,
        note=asking.writing(**said),
        companion=companion,
    )


def _played(step: Step, at: Situation) -> FilledIn:
    companion = step.companion or ("nobody" if step.kind == "meeting-held" else "")
    when = step.meets or "Soon, at the office." if step.kind == "meeting-arranged" else ""
    return {
        "kind": step.kind or "",
        "text": step.words,
        "when": when,
        "companion": [companion] if companion else [],
    }


NOTE = Act(
    name="note",
    whose="staff",
    traits=Traits(again="once", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against,
    asked=_asked,
    choice="action",
    shows=None,
    scenes={"note": Scene(needs=("kind",), knows=("text", "meets", "companion"), fills=_played, by=None)},
)
ACTS = (NOTE,)
