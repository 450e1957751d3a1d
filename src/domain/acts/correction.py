"""What was recorded about the person or the incident is corrected: what it was stays readable, and what follows from it
follows what it is now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from domain.act import Act, FilledIn, Scene, Shows, Traits, nobody
from domain.acts.conflict import losing, told_of_named, with_named
from domain.acts.lateness import came_late
from domain.answers import answers_on_record, facts_in, hold_to_before, hold_to_past, recorded_in
from domain.calendars import spell_day
from domain.case import Case, counted_from
from domain.command import Events, StageCommand
from domain.errors import FieldProblem, NotNow, Refused
from domain.event import Contents, StageEvent, Telling, Tells
from domain.form import Asking, Unprocessable
from domain.frozen import replace
from domain.people import involved_by, names_people
from domain.procedure import Field, Procedure
from domain.rights import looks_after, still_on
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing, require, says

_OWN_WORDS: Final = frozenset({"account", "aspects", "actions_taken", "outcome_sought"})
"""What the complainant told in their own words. It stays as it was written; a correction can stand beside it."""

_ELSEWHERE: Final = frozenset(
    {"name", "email", "telephone", "address", "represented", "representative", "kind"}
)
"""What has an act of its own: how people are reached and who acts for them, and what it is."""

_WHOM: Final = frozenset({"people_involved", "complained_about"})
"""Whom it is about."""


class RecordCorrected(StageEvent):
    """What was recorded was not so. `correction` is content: each answer as it is now, what it was, and the reason. The
    rest is as it follows from the answers as they are now."""

    correction: str
    course: str
    incident_on: date | None
    known_on: date | None
    late: bool
    involved: tuple[str, ...] = ()
    """The persons whom it names now, and who were not known to be involved."""
    names_people: bool = False
    """Whether it says otherwise than before whom it is about."""
    lost: tuple[str, ...] = ()
    """Reviewers whom it names now: they lose the case."""

    wrote = ("correction",)

    def after(self, case: Case) -> Case:
        since = case.late_since if case.late else self.at
        return replace(
            with_named(case, self.involved, to_confirm=self.names_people, at=self.at),
            corrections=(*case.corrections, self.correction),
            course=self.course,
            incident_on=self.incident_on,
            known_on=self.known_on,
            late=self.late,
            late_since=since if self.late else None,
        )

    def tells(self, telling: Telling) -> Tells:
        turned_out_late = telling.case.late_since == self.at
        deciders = telling.deciders("lateness") if turned_out_late else ()
        asked = telling.confirming if self.names_people else ()
        concerned = (*telling.handling, *telling.coordinators)
        return (
            *telling.complainant("corrected", content=self.correction),
            *told_of_named(telling, self.involved, lost=self.lost, to_confirm=self.names_people),
            *telling.news_to_others(*(person for person in concerned if person not in asked)),
            *telling.tell("decision-request", *deciders),
            *telling.done,
        )

    def said(self, contents: Contents, case: Case) -> str:
        """Return what it is and what it was, the correction beside what the complainant wrote, and the reason."""
        words = contents.get(self.correction, {})
        return "\n".join(str(words[name]) for name in ("changes", "remark", "reason") if words.get(name))


class CorrectRecord(StageCommand):
    """`correction.words`: `answers`, those that change, by their question; `changes`, a line for each; `remark`, what
    stands beside what the complainant wrote themselves; and `reason`. The complainant reads all of it. `corrects`: the
    contents with what was recorded, as far as whoever does it knows. The other fields are as for `SubmitComplaint`, of
    all answers as they are from now on."""

    correction: Writing
    corrects: tuple[str, ...]
    people_involved: str = ""
    relationship: str = ""
    subject: str = ""
    course: str = ""
    incident_on: date | None = None
    known_on: date | None = None
    complained_about: tuple[str, ...] = ()

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: nothing changes, there is no reason, or the procedure does not cover it
        as it is now. InvalidAnswers: a day in the future, or after the receipt."""
        at.require(CORRECT, self.by, self.stage)
        if self.corrects != recorded_in(at.case):
            raise NotNow("What is recorded has changed in the meantime. Check whether it is right now.")
        require(self._problems(at))
        days = {"incident_date": self.incident_on, "became_known_date": self.known_on}
        hold_to_past(days, now=at.now)
        hold_to_before(days, at.case.opened_at)
        changed = self.correction.words.get("answers", {})
        names = bool(_WHOM & set(changed))
        said = {"people_involved": self.people_involved}
        found = involved_by(said, self.complained_about, at.procedure) if names else ()
        return (
            RecordCorrected(
                at=at.now,
                by=self.by,
                stage=self.stage,
                correction=self.correction.id,
                course=self.course,
                incident_on=self.incident_on,
                known_on=self.known_on,
                late=self._is_late(at),
                involved=tuple(person for person in found if person not in at.case.involved),
                lost=losing(at.case, found),
                names_people=names and names_people(said, self.complained_about),
            ),
        )

    def _problems(self, at: Situation) -> list[FieldProblem]:
        problems = self.correction.missing(
            reason="Write why you are correcting this. The complainant will read it."
        )
        if not self.correction.words.get("answers") and not says(self.correction, "remark"):
            problems.insert(
                0, FieldProblem("remark", "Correct at least one answer, or write a correction here.")
            )
        for question, answer in (("relationship", self.relationship), ("subject", self.subject)):
            if question in self.correction.words.get("answers", {}) and any(
                matter.id == answer for matter in at.procedure.not_covered
            ):
                sentence = "The procedure does not cover this. Decline the case as not covered instead."
                problems.append(FieldProblem(question, sentence))
        return problems

    def _is_late(self, at: Situation) -> bool:
        """Return whether it came too late as it is now. Of a closed case nobody would decide it any more: it is looked
        at when that is opened again."""
        if not at.case.is_open or not _counts(self.correction):
            return at.case.late
        return came_late(at, counted_from(self.incident_on, self.known_on))


def _counts(correction: Writing) -> bool:
    return bool({"incident_date", "became_known_date"} & set(correction.words.get("answers", {})))


def correctable(case: Case, procedure: Procedure) -> tuple[Field, ...]:
    """Return the questions of the form whose answers can be corrected. Whom it is about decides who has the case, and
    somebody has to look at it: of a closed case it is corrected when that is open again. So is what was told in any
    words: whoever corrects the record of a closed case does not read the complaint for it."""
    return tuple(field for field in _on_record(case, procedure) if _can_change(field, case))


def _on_record(case: Case, procedure: Procedure) -> tuple[Field, ...]:
    """Return the questions whose answers can be corrected while the case is open."""
    form = procedure.form(case.form)
    return tuple(
        replace(field, required=False)
        for field in (form.fields if form is not None else ())
        if field.id not in _OWN_WORDS | _ELSEWHERE and field.type != "declaration"
    )


def _can_change(field: Field, case: Case) -> bool:
    return case.is_open or field.type in ("date", "choice")


def _spelled(field: Field, value: Any) -> str:
    """Return an answer as people read it, in one line."""
    if value in (None, "", [], ()):
        return "none"
    labels = {choice.id: choice.label for choice in field.choices}
    if field.type == "date":
        return spell_day(date.fromisoformat(str(value)))
    texts = [str(one) for one in value] if isinstance(value, list | tuple) else str(value).splitlines()
    return "; ".join(labels.get(text, text) for text in texts)


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    """Allow it after the closure too, for as long as the case is there to stay: what is kept for years should be right.
    What was decided then stays decided, and so does every date."""
    return still_on(at.case, stage) or looks_after(at.case, by, at.procedure)


def _asked(asking: Asking) -> CorrectRecord:
    case, procedure = asking.at.case, asking.at.procedure
    form = procedure.form(case.form)
    _hold_to_open(asking)
    questions = correctable(case, procedure)
    besides = (
        Field(id="remark", label="The correction", type="long-text"),
        Field(id="reason", label="The reason", type="long-text"),
    )
    given = asking.answers(replace(form, fields=(*questions, *besides))) if form is not None else {}
    known = answers_on_record(case, asking.read(recorded_in(case)))
    changed, lines = {}, []
    for field in questions:
        if field.id in given and given[field.id] != known.get(field.id):
            changed[field.id] = given[field.id]
            was = _spelled(field, known.get(field.id))
            lines.append(f"{field.label} {_spelled(field, given[field.id])} (before: {was})")
    facts = facts_in({**known, **changed}, form)
    words = {
        "answers": changed,
        "changes": "\n".join(lines),
        "remark": asking.text("remark"),
        "reason": asking.text("reason"),
    }
    return CorrectRecord(
        by=asking.by,
        stage=asking.stage,
        correction=asking.writing(**{name: value for name, value in words.items() if value}),
        corrects=recorded_in(case),
        people_involved=str({**known, **changed}.get("people_involved") or ""),
        **{name: value for name, value in facts.items() if name not in ("aspects", "represented")},
    )


def _hold_to_open(asking: Asking) -> None:
    """Refuse what was filled in before the case closed, and is asked no more. Unprocessable: each of these."""
    case = asking.at.case
    problems = [
        FieldProblem(field.id, "The case has been closed. Open it again before you correct this answer.")
        for field in _on_record(case, asking.at.procedure)
        if not _can_change(field, case) and any(text.strip() for text in asking.chosen(field.id))
    ]
    if problems:
        raise Unprocessable(*problems)


def _gives(at: Situation, by: str, contents: Contents) -> Mapping[str, object]:
    known = answers_on_record(at.case, contents)
    return {
        "asked_no_more": [
            field for field in _on_record(at.case, at.procedure) if not _can_change(field, at.case)
        ],
        "questions": [
            {"field": field, "now": _spelled(field, known.get(field.id))}
            for field in correctable(at.case, at.procedure)
        ],
    }


def _reads(at: Situation, by: str) -> tuple[str, ...]:
    return recorded_in(at.case)


def _played(step: Step, at: Situation) -> FilledIn:
    return {"reason": step.words, "remark": step.what_else}


CORRECT = Act(
    name="correct",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="afterwards", stands_alone=True),
    against=_against,
    asked=_asked,
    choice="remark",
    shows=Shows(reads=_reads, gives=_gives),
    scenes={"correct": Scene(needs=(), knows=("answers", "text", "what_else"), fills=_played, by=None)},
)
ACTS = (CORRECT,)
