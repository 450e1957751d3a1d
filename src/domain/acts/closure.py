"""How a case ends, and until when it is kept; with it the silence that ends a stage."""

from __future__ import annotations

from datetime import date

from domain.case import SYSTEM, Case
from domain.command import Events
from domain.counting import count
from domain.event import StageEvent, Telling, Tells
from domain.frozen import replace
from domain.situation import Situation

_TOLD = frozenset({"declined", "unwritten", "not-covered", "duplicate"})
"""Ends that the complainant is told with the decision that leads to them."""


class StageLapsed(StageEvent):
    """The complainant said nothing in the time for a reply."""

    def after(self, case: Case) -> Case:
        return case

    def tells(self, telling: Telling) -> Tells:
        return ()


class CaseEnded(StageEvent):
    """The case closed: `satisfied`, `lapsed`, `exhausted`, `declined`, `settled` (at once), `unwritten` (the form
    never came), `withdrawn`, `not-covered` (by the procedure), `duplicate` (of another case) or `logged` (a
    suggestion or a compliment). It is kept until the end of `keep_until`."""

    how: str
    keep_until: date
    owes_letter: bool = False
    """Whether the procedure owes the complainant a letter after it."""

    def after(self, case: Case) -> Case:
        if case.current.external == "open":
            # Nobody could record the answer of a closed case, and waiting for it would keep the case for ever.
            case = case.on_stage(external="")
        for wait in case.waits:
            # Nobody is awaited in a closed case; whatever opens it again says what is awaited then.
            case = case.waiting(wait.what, still=False, at=self.at)
        # A limit on contact is about the open case.
        return replace(
            case,
            closed_at=self.at,
            ended=self.how,
            keep_until=self.keep_until,
            owes_letter=self.owes_letter,
            contact_limit=None,
        )

    def tells(self, telling: Telling) -> Tells:
        if self.how == "logged":
            # Whom it was passed on to was told, and those who keep it are when its time is over.
            return ()
        # Whom the decision itself told why, how and until when need not hear it twice.
        told = () if self.how in _TOLD else telling.complainant("closure")
        # Who is informed hears of each case and each outcome: of an end only where no outcome went before it. Who
        # answers for the records has a link from one of these mails.
        unheard = telling.informed if telling.case.current.responded_at is None else ()
        records = (person for person in telling.archivists if person not in telling.informed)
        concerned = (*telling.reviewers, *telling.coordinators, *unheard, *telling.keepers, *records)
        asked = telling.deciders("completion") if self.owes_letter else ()
        news = telling.news(*(person for person in concerned if person not in asked))
        return (*told, *telling.tell("decision-request", *asked), *news)


def close(at: Situation, how: str) -> Events:
    """Return the closure; for `how` see `CaseEnded`."""
    keep = count((at.procedure.retention.keep,), at.now, calendar=at.calendar)
    owed = at.procedure.completion
    return (
        CaseEnded(
            at=at.now,
            by=SYSTEM,
            stage=at.case.current.stage,
            how=how,
            keep_until=keep.due,
            owes_letter=owed is not None and how in owed.after,
        ),
    )


def lapse(at: Situation) -> Events:
    """Return what happens when the time for a reply is over, and nothing was said."""
    lapsed = StageLapsed(at=at.now, by=SYSTEM, stage=at.case.current.stage)
    return (lapsed, *close(at, "lapsed"))
