"""Whom an event is told to: the groups of people that notices go to, in a case as the event left it."""

from __future__ import annotations

from functools import cached_property

from domain.case import COMPLAINANT, SYSTEM, Case
from domain.effect import Tell
from domain.notices import (
    Notice,
)
from domain.people import holders_of, ids, in_line, responsible, those_there, those_who_handle, whose_move
from domain.procedure import (
    Procedure,
)
from domain.situation import Situation

Tells = tuple[Tell, ...]


class Telling:
    """What the event `what` of `by` says to whom. `at` is the situation after it."""

    def __init__(self, what: str, *, by: str, at: Situation) -> None:
        self.what, self.by, self.at = what, by, at

    @property
    def case(self) -> Case:
        return self.at.case

    @property
    def procedure(self) -> Procedure:
        return self.at.procedure

    def tell(self, notice: Notice, *persons: str, about: str = "", content: str = "") -> Tells:
        """`notice` to each of the persons, once; about the event, or about a date or an action by its name. `content`
        is what was written and is told with it."""
        stage, what = self.case.current.stage, about or self.what
        return tuple(
            Tell(person=person, notice=notice, stage=stage, what=what, content=content)
            for person in dict.fromkeys(persons)
        )

    def complainant(self, notice: Notice, *, content: str = "") -> Tells:
        return self.tell(notice, COMPLAINANT, content=content)

    def news(self, *persons: str) -> Tells:
        """Tell them that something happened which they need not do anything about."""
        return self.tell("case-news", *persons)

    def news_to_others(self, *persons: str) -> Tells:
        """The same, but for the person who did it."""
        return self.news(*(one for one in persons if one != self.by))

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
        return self.in_line(self.procedure.coordinator)

    @cached_property
    def informed(self) -> tuple[str, ...]:
        """Those who hear of each case and of each outcome as it arises."""
        return ids(holders_of(self.procedure.informed, self.procedure))

    @cached_property
    def keepers(self) -> tuple[str, ...]:
        """Who can hold a case: they get a link to it when it closes, and can have it renewed as long as it is kept."""
        return self.holders(self.procedure.retention.told)

    @cached_property
    def archivists(self) -> tuple[str, ...]:
        """Who answers for the records."""
        records = self.procedure.records
        return self.holders(records.role) if records is not None else ()

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
        """Everybody who has one of the roles."""
        return ids(holders_of(roles, self.procedure))

    def in_line(self, *roles: str) -> tuple[str, ...]:
        """The same, without those who are away as long as somebody is there; where nobody is, also those over them."""
        return ids(in_line(roles, self.procedure))

    def only_they(self, *roles: str) -> tuple[str, ...]:
        """For what only these roles can decide: those of them who are there, or else all of them."""
        return ids(those_there(holders_of(roles, self.procedure)))
