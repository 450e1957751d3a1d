"""The whole file of a case in one piece, for those who answer for it; and the complainant's copy of what is theirs."""

from __future__ import annotations

from typing import Final

from domain.act import Act, Scene, Traits, nobody
from domain.case import COMPLAINANT, Case
from domain.command import Command, Events
from domain.errors import Refused
from domain.event import Event, Telling, Tells
from domain.form import Asking
from domain.frozen import replace
from domain.papers import ExportRecord
from domain.rights import being_destroyed, holds_role, works_on
from domain.situation import Situation
from domain.words import Writing

REMEMBERED: Final = 5
"""Exports of each person, the newest, that the case remembers, of which every one can be saved for an hour. All of them
are in its history; a link can be pressed as often as somebody likes, and what the case is has to stay small."""


class CaseExported(Event):
    """The file of the case was taken out. `whole`: all of it; otherwise the complainant's copy. `export` is content,
    with what it is for, and the export's id."""

    export: str
    whole: bool

    wrote = ("export", "reason")

    def after(self, case: Case) -> Case:
        export = ExportRecord(id=self.export, by=self.by, at=self.at, whole=self.whole)
        own = [known for known in case.exports if known.by == self.by]
        let_go = own[: 1 - REMEMBERED]
        return replace(case, exports=(*(known for known in case.exports if known not in let_go), export))

    def tells(self, telling: Telling) -> Tells:
        return telling.done


class ExportCase(Command):
    """`reason.words["reason"]`: what the file is for; its id is also the export's."""

    by: str
    reason: Writing

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: somebody who is not the complainant does not say what for."""
        at.require(EXPORT, self.by, "")
        whole = self.by != COMPLAINANT
        if whole:
            self.reason.require(reason="Write why you need the case file.")
        return (CaseExported(at=at.now, by=self.by, export=self.reason.id, whole=whole),)


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    """Allow it for as long as the case exists: the complainant their copy; those who handle the case, and the role
    that answers for the records, all of it."""
    if refusal := being_destroyed(at.case):
        return refusal
    if by == COMPLAINANT:
        return None
    records = at.procedure.records
    if (
        records is not None
        and not at.case.is_unconfirmed
        and holds_role(by, (records.role,), at.procedure) is None
    ):
        return None
    return works_on(at.case, by, at.procedure)


def _asked(asking: Asking) -> ExportCase:
    if asking.by == COMPLAINANT:
        asking.confirm("Tick the box to confirm that you would like a copy.")
        return ExportCase(by=asking.by, reason=asking.writing())
    return ExportCase(by=asking.by, reason=asking.wrote("reason"))


EXPORT = Act(
    name="export",
    whose="anybody",
    traits=Traits(again="as-often", waits_for=nobody, about="afterwards", stands_alone=False),
    against=_against,
    asked=_asked,
    choice="action",
    shows=None,
    scenes={
        "export": Scene(
            needs=(),
            knows=("text",),
            fills=lambda step, at: {"confirm": "yes", "reason": step.words},
            by=None,
        )
    },
)
ACTS = (EXPORT,)
