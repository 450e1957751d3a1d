"""What has happened in a case: facts that know themselves how the case changes and who hears of them.

An event is immutable, in the past tense, and small: what people wrote is content, kept elsewhere in the case
and referred to by its id, so that an event can outlive nothing that the content does not. It is stored under the name
of its class, which therefore never changes; `domain.registry` knows which room each of them lives in.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Container, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from domain.case import COMPLAINANT, SYSTEM, Case
from domain.effect import Pass, Tell
from domain.frozen import Frozen
from domain.notices import Notice
from domain.people import (
    coordinating,
    deciders,
    holders_of,
    ids,
    in_line,
    keepers,
    keepers_of_directory,
    nobody_left,
    responsible,
    standing_in,
    those_there,
    those_who_confirm,
    those_who_handle,
    turns,
    whose_move,
    without_involved,
)
from domain.procedure import Procedure
from domain.situation import Situation

Tells = tuple[Tell, ...]

Contents = Mapping[str, Mapping[str, Any]]
"""What people wrote, by the id of the content."""


class Event(Frozen):
    """What every event carries: the instant (UTC) at which it was decided, and who did it, the id of a person in the
    directory, `COMPLAINANT` or `SYSTEM`."""

    at: datetime
    by: str

    wrote: ClassVar[tuple[str, ...]] = ()
    """Where somebody wrote something: the field with the id of the content, then the words of it that the history of
    the case shows."""

    sets_alarms_anew: ClassVar[bool] = False
    """Whether the alarms that are set are no longer those of the case's dates."""

    @abstractmethod
    def after(self, case: Case) -> Case:
        """Return the case as it is then; its version is raised by whoever asks. It never refuses: this has
        happened."""

    @abstractmethod
    def tells(self, telling: Telling) -> Tells:
        """Return who is told. `telling` is about the case as it is after the event."""

    def passes(self, before: Case) -> tuple[Pass, ...]:
        """Return what other cases have to know of it; `before` is the case as it was."""
        return ()

    def opened(self, ref: str) -> Case:
        """Return the case that begins with it. ValueError: none does."""
        raise ValueError(f"A case cannot begin with {type(self).__name__}.")

    def content_id(self) -> str:
        """Return the id of what somebody wrote; empty where nobody wrote anything."""
        return str(getattr(self, self.wrote[0])) if self.wrote else ""

    def said(self, contents: Contents, case: Case) -> str:
        """Return the words that the history shows, as far as `contents` has them."""
        words = contents.get(self.content_id(), {})
        return "\n".join(str(words[name]) for name in self.wrote[1:] if words.get(name))


class StageEvent(Event):
    """What has happened on a stage."""

    stage: str


class LaterFact(Event):
    """A fact that a newer version stored, and that this one does not know: it is shown as that, and left as it is. It
    is never stored itself."""

    def after(self, case: Case) -> Case:
        return case

    def tells(self, telling: Telling) -> Tells:
        return ()


class Telling:
    """What the event `what` of `by` says to whom. `at` is the situation after it.

    Nobody who is involved in the matter is told anything, or counts among those who are: whoever stands in for them
    does."""

    def __init__(self, what: str, *, by: str, at: Situation) -> None:
        self.what, self.by, self.at = what, by, at

    @property
    def case(self) -> Case:
        return self.at.case

    @property
    def procedure(self) -> Procedure:
        return self.at.procedure

    def tell(self, notice: Notice, *persons: str, about: str = "", content: str = "") -> Tells:
        """Tell `notice` to each of the persons, once; about the event, or about a date or an action by its name.
        `content` is what was written and is told with it."""
        told = (person for person in dict.fromkeys(persons) if not self.case.is_barred(person))
        return tuple(self._tell(notice, person, about=about, content=content) for person in told)

    def last_word(
        self, notice: Notice, *persons: str, about: str = "PersonInvolved", content: str = ""
    ) -> Tells:
        """Tell `notice` to persons who are involved in the matter: that they no longer work on the case, or what else
        reaches them (`about`, one of `REACHES_INVOLVED`)."""
        return tuple(self._tell(notice, person, about=about, content=content) for person in persons)

    def _tell(self, notice: Notice, person: str, *, about: str = "", content: str = "") -> Tell:
        stage, what = self.case.current.stage, about or self.what
        return Tell(person=person, notice=notice, stage=stage, what=what, content=content)

    def complainant(self, notice: Notice, *, content: str = "") -> Tells:
        return self.tell(notice, COMPLAINANT, content=content)

    def news(self, *persons: str) -> Tells:
        """Tell them that something happened which they need not do anything about."""
        return self.tell("case-news", *persons)

    def news_to_others(self, *persons: str) -> Tells:
        """Return the same, but for the person who did it."""
        return self.news(*(person for person in persons if person != self.by))

    @cached_property
    def done(self) -> Tells:
        """Tell the person who acted that it was done."""
        return self.tell("done", self.by) if self.by not in (SYSTEM, COMPLAINANT) else ()

    @property
    def reviewers(self) -> tuple[str, ...]:
        return self.case.current.reviewers

    @cached_property
    def coordinators(self) -> tuple[str, ...]:
        """Those who coordinate; where all of them are away, also those over them."""
        return self.in_line(*coordinating(self.case, self.procedure))

    @cached_property
    def informed(self) -> tuple[str, ...]:
        """Those who hear of each case and of each outcome as it arises."""
        return self._in_general(*self.procedure.informed)

    @cached_property
    def keepers(self) -> tuple[str, ...]:
        """Who can hold a case: they get a link to it when it closes, and can have it renewed as long as it is kept."""
        return ids(keepers(self.case, self.procedure))

    @cached_property
    def archivists(self) -> tuple[str, ...]:
        """Who answers for the records."""
        records = self.procedure.records
        return self._in_general(records.role) if records is not None else ()

    @cached_property
    def handling(self) -> tuple[str, ...]:
        """Those who deal with the case at the moment."""
        return ids(those_who_handle(self.case, self.procedure))

    @cached_property
    def responsible(self) -> tuple[str, ...]:
        return responsible(self.case, self.procedure)

    def whose_move(self, deadline: str) -> tuple[str, ...]:
        return whose_move(deadline, self.case, self.procedure)

    def holders(self, *roles: str) -> tuple[str, ...]:
        """Return everybody who has one of the roles; where all of them are involved in the matter, those over them."""
        if self.case.is_unconfirmed:
            return self.confirming
        return ids(standing_in(roles, self.case, self.procedure))

    def over(self, *late: str) -> tuple[str, ...]:
        """Return who hears of what `late` have not done, one level above them: those whom breaches go to; where all of
        these are late themselves, or involved in the matter, the last resort."""
        if self.case.is_unconfirmed:
            return self.confirming
        return ids(standing_in((), self.case, self.procedure, but=late))

    def _in_general(self, *roles: str) -> tuple[str, ...]:
        """Return everybody who has one of the roles and hears of a case for that alone: nobody, as long as it is not
        said who is involved."""
        return () if self.case.is_unconfirmed else ids(holders_of(roles, self._uninvolved))

    @cached_property
    def confirming(self) -> tuple[str, ...]:
        """Those who are asked to say who is involved."""
        return ids(those_there(those_who_confirm(self.case, self.procedure)))

    @property
    def of_nobody_left(self) -> Tells:
        """Tell those who keep the directory where nobody in it can do what is to be done. What the complaint alone
        says of whom it is about is looked at first."""
        if self.case.is_unconfirmed or not nobody_left(self.case, self.procedure):
            return ()
        return self.tell("nobody-left", *ids(keepers_of_directory(self.case, self.procedure)))

    def newly_asked(self, before: Case, *, but: Container[str] = ()) -> Tells:
        """Tell those who are asked for something now, and were not while the case stood as `before`. `but`: notices
        that need not go out."""
        was = {
            (notice, about, person)
            for notice, about, persons in turns(before, self.procedure)
            for person in persons
        }
        return tuple(
            tell
            for notice, about, persons in turns(self.case, self.procedure)
            if notice not in but
            for person in persons
            if (notice, about, person) not in was
            for tell in self.tell(notice, person, about=about)
        )

    def in_line(self, *roles: str) -> tuple[str, ...]:
        """Return the same, without those who are away as long as somebody is there; where nobody is, also those over
        them."""
        return ids(in_line(roles, self._uninvolved))

    def deciders(self, what: str) -> tuple[str, ...]:
        """Return those who can decide on `what` and are there, or else all of them; nobody yet where it is not said
        who is involved."""
        if self.case.is_unconfirmed:
            return ()
        return ids(those_there(deciders(what, self.case, self.procedure)))

    @cached_property
    def _uninvolved(self) -> Procedure:
        return without_involved(self.case, self.procedure)

    def only_they(self, *roles: str) -> tuple[str, ...]:
        """Return, for what only these roles can decide, those of them who are there, or else all of them."""
        return ids(those_there(holders_of(roles, self._uninvolved)))
