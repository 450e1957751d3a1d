"""How the complainant is reached is put right: another address, letters instead of emails, or another person who takes
their place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from domain.act import Act, FilledIn, Scene, Shows, Traits, nobody
from domain.acts.sending_again import against_writing
from domain.acts.whose_address import AddressConfirmed
from domain.addresses import ADDRESS_WANTED, LONGEST, is_address, is_same
from domain.answers import REACHED_BY, REACHED_HOW
from domain.case import COMPLAINANT, Case
from domain.command import Events, StageCommand
from domain.errors import CaseClosed, FieldProblem, Refused
from domain.event import Contents, StageEvent, Telling, Tells
from domain.form import Asking
from domain.frozen import replace
from domain.notekinds import Correspondent
from domain.reaching import Reach, reach_of, reached_elsewhere, told_by
from domain.situation import Situation
from domain.step import Step
from domain.words import NAME_WANTED, Writing, holds_link, in_one_line, require

Whose = Literal["same", "complainant", "representative", "successor"]
"""Whose details they are: of whom we have written to so far, of the complainant again, or of somebody who takes their
place."""

LONGEST_LINE: Final = 200
"""Characters of a name, a telephone number or a relation."""

_SAID: Final[Mapping[str, str]] = {
    "name": "Name",
    "relation": "Relation to the complainant",
    "email": "Email address",
    "telephone": "Telephone",
    "address": "Postal address",
    "letters": "Letters instead of emails",
}


class ContactDetailsCorrected(StageEvent):
    """From now on the complainant is reached in this way. `details` is content: the whole of it, with the reason;
    `was` is the content that said it before. `takes_over`: it is another person than before whom we write to."""

    details: str
    was: str
    correspondent: Correspondent
    takes_over: bool
    by_letter: bool
    new_address: bool
    """Emails go to another address than before, or begin or cease to be sent."""
    lifts_limit: bool = False
    """Contact was limited, or was to be, with who is no longer written to."""
    to_confirm: bool = False
    """Nobody knows yet whose the new address is."""

    wrote = ("details", "reason")

    def after(self, case: Case) -> Case:
        now = replace(case, reached_by=self.details, by_letter=self.by_letter)
        if self.new_address:
            now = reached_elsewhere(now, self.details, address="to-confirm" if self.to_confirm else "")
        if not self.takes_over:
            return now
        is_represented = self.correspondent == "representative"
        if self.lifts_limit:
            now = replace(now, contact_limit=None)
        taken_over = replace(
            now,
            correspondent=self.correspondent,
            represented=is_represented,
            consent=self.details if is_represented else "",
        )
        return taken_over.waiting("consent", still=False, at=self.at)

    def tells(self, telling: Telling) -> Tells:
        told = telling.complainant("contact-details") if self.new_address or self.takes_over else ()
        return (*told, *telling.news_to_others(*telling.handling, *telling.coordinators), *telling.done)

    def said(self, contents: Contents, case: Case) -> str:
        """Return what it was and what it is, where that differs, and the reason."""
        before, now = contents.get(self.was, {}), contents.get(self.details, {})
        lines = []
        for name, label in _SAID.items():
            old, new = _line(before.get(name)), _line(now.get(name))
            if old != new:
                lines.append(f"{label}: {new or 'none'} (before: {old or 'none'})")
        lines += [str(now[name]) for name in ("consent", "reason") if now.get(name)]
        return "\n".join(lines)


def _line(value: object) -> str:
    return ", ".join(line.strip() for line in str(value or "").splitlines() if line.strip())


class CorrectContactDetails(StageCommand):
    """`details.words`: `name`, `email`, `telephone`, `address` and `relation`, as they are from now on, with `letters`
    where emails are not wanted; `reason`; and `consent`, how the complainant agreed to be represented. `was` is the
    content that is corrected, as far as whoever does it knows, and `mailed_to` the address for emails in it."""

    whose: Whose
    details: Writing
    was: str
    mailed_to: str
    checked: Writing | None = None
    """`words["how"]`: how it was checked that the email address is theirs; None: nobody has."""

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: something is missing or is no address."""
        at.require(CORRECT, self.by, self.stage)
        require(self._problems())
        case = at.case
        was = told_by(case)[-1]
        email = str(self.details.words.get("email", ""))
        by_letter = self.details.says("letters") or not email
        takes_over = self.whose != "same"
        # Who had a link of the complainant's is not always who has taken their place; and where somebody else was
        # quicker, nobody knows any more whether the address is the one of before.
        new_address = (
            takes_over
            or was != self.was
            or case.address == "disowned"
            or not is_same("" if by_letter else email, self.mailed_to)
        )
        corrected = ContactDetailsCorrected(
            at=at.now,
            by=self.by,
            stage=case.current.stage,
            details=self.details.id,
            was=was,
            correspondent=case.correspondent if self.whose == "same" else self.whose,
            takes_over=takes_over,
            by_letter=by_letter,
            lifts_limit=takes_over and case.contact_limit is not None,
            new_address=new_address,
            to_confirm=new_address and not by_letter,
        )
        if self.checked is None or not corrected.to_confirm:
            return (corrected,)
        confirmed = AddressConfirmed(at=at.now, by=self.by, stage=case.current.stage, how=self.checked.id)
        return (corrected, confirmed)

    def _problems(self) -> list[FieldProblem]:
        says, words = self.details.says, self.details.words
        problems = self.details.missing(name="Enter a name.", reason="Write why you are changing this.")
        for name in ("name", "telephone", "relation"):
            text = str(words.get(name, ""))
            if len(text) > LONGEST_LINE or "\n" in text:
                problems.append(FieldProblem(name, f"Use one line of {LONGEST_LINE} characters or fewer."))
        if holds_link(str(words.get("name", ""))):
            problems.append(FieldProblem("name", NAME_WANTED))
        if says("email") and not is_address(str(words["email"])):
            problems.append(FieldProblem("email", ADDRESS_WANTED))
        elif not any(says(name) for name in REACHED_BY):
            problems.append(FieldProblem("email", f"Enter {REACHED_HOW}."))
        if says("letters") and not says("address"):
            problems.append(FieldProblem("address", "Enter the postal address that letters will go to."))
        if self.whose in ("representative", "successor"):
            problems += self.details.missing(relation="Write what this person is to the complainant.")
        if self.whose == "representative":
            problems += self.details.missing(
                consent="Write when and how the complainant agreed to this person acting for them."
            )
        return problems


def choices_of(case: Case) -> tuple[Whose, ...]:
    """Return whose details can be given."""
    back: tuple[Whose, ...] = ("complainant",) if case.correspondent != "complainant" else ()
    return ("same", *back, "representative", "successor")


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    """Allow it after the closure where a message did not arrive: that a case is closed has to reach people too."""
    if refusal := against_writing(at, by, stage):
        return refusal
    if not at.case.is_open and COMPLAINANT not in at.case.unreachable:
        return CaseClosed("This case is closed.")
    return None


def _asked(asking: Asking) -> CorrectContactDetails:
    case = asking.at.case
    whose: Whose = asking.word("whose", choices_of(case), "Choose whose contact details these are.")
    lines = {name: in_one_line(asking.text(name)) for name in ("name", "telephone", "relation", "email")}
    if whose in ("same", "complainant") and case.correspondent == "complainant":
        lines["relation"] = ""
    words = {**lines, **{name: asking.text(name) for name in ("address", "reason")}}
    if whose == "representative":
        words["consent"] = asking.text("consent")
    if asking.chosen("letters"):
        words["letters"] = "yes"
    read = told_by(case)
    before = reach_of(case, asking.read(read))
    return CorrectContactDetails(
        by=asking.by,
        stage=asking.stage,
        whose=whose,
        details=asking.writing(**{name: text for name, text in words.items() if text}),
        was=read[-1],
        mailed_to=before.mails_to,
        checked=asking.if_wrote("how"),
    )


def _gives(at: Situation, by: str, contents: Contents) -> Mapping[str, object]:
    reach: Reach = reach_of(at.case, contents)
    return {"reach": reach, "whose": choices_of(at.case), "longest": LONGEST}


def _played(step: Step, at: Situation) -> FilledIn:
    known = {answer.id: answer.text for answer in step.details}
    return {
        "whose": step.whose or "same",
        "name": "The complainant",
        "relation": "Somebody close." if step.whose in ("representative", "successor") else "",
        "consent": step.words,
        **known,
        "reason": step.words,
    }


CORRECT = Act(
    name="contact-details",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="afterwards", stands_alone=True),
    against=_against,
    asked=_asked,
    choice="whose",
    shows=Shows(reads=lambda at, by: told_by(at.case), gives=_gives),
    scenes={
        "contact-details": Scene(needs=("details",), knows=("whose", "text"), fills=_played, by=None),
    },
)
ACTS = (CORRECT,)
