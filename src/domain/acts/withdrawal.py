"""The complainant does not want to go on: the case ends, and what must be looked into anyway is not forgotten."""

from __future__ import annotations

from datetime import date, datetime

from domain.act import Act, FilledIn, Scene, Traits, nobody, somebody, writing
from domain.acts.closure import close
from domain.case import COMPLAINANT, Case
from domain.command import Events, StageCommand
from domain.errors import AlreadyDone, NotNow, NotYours, Refused
from domain.event import Event, StageEvent, Telling, Tells
from domain.form import Asking
from domain.frozen import replace
from domain.hearing import PLAYED, came_at, heard, played
from domain.people import asked_to_approve
from domain.procedure import Route
from domain.rights import looks_after, open_at, still_on
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing, says


class ComplaintWithdrawn(StageEvent):
    """The complainant does not want to go on; `reason` is content, empty where none was given. `route`: how they said
    so; `received_at`: when, where that was before it was entered."""

    reason: str
    route: Route = "web"
    received_at: datetime | None = None

    wrote = ("reason", "reason")

    def after(self, case: Case) -> Case:
        return case

    def tells(self, telling: Telling) -> Tells:
        """Tell those who were asked to approve; everybody else who worked on it hears that it is closed."""
        asked = asked_to_approve(telling.case, telling.procedure)
        return (*telling.news_to_others(*asked), *telling.done)


class StillToBeLookedInto(StageEvent):
    """Something has to be looked into although the complaint was withdrawn; `what` is content."""

    what: str

    wrote = ("what", "look_into")

    def after(self, case: Case) -> Case:
        return replace(
            case,
            look_into=self.what,
            look_into_at=self.at,
            look_into_chased=0,
            look_into_chased_at=None,
        )

    def tells(self, telling: Telling) -> Tells:
        over = telling.holders(telling.procedure.escalates_to)
        return (*telling.news_to_others(*telling.coordinators, *over), *telling.done)


class LookIntoChased(Event):
    """Those in charge, and those over them, were told for the time `number` (from 1) again that something has still to
    be looked into."""

    number: int

    def after(self, case: Case) -> Case:
        return replace(case, look_into_chased=self.number, look_into_chased_at=self.at)

    def tells(self, telling: Telling) -> Tells:
        late = telling.coordinators
        return telling.news_to_others(*late, *telling.over(*late))


class LookedInto(Event):
    """What came of it; `note` is content."""

    note: str

    wrote = ("note", "note")

    def after(self, case: Case) -> Case:
        return replace(case, looked_into=self.note)

    def tells(self, telling: Telling) -> Tells:
        return (*telling.news_to_others(*telling.coordinators), *telling.done)


class Withdraw(StageCommand):
    """`reason.words["reason"]`: why, which nobody has to say. `look_into.words["look_into"]`: what must be looked into
    anyway, from staff. `route` and `received_on`: how and on which day staff heard it who enter it."""

    reason: Writing | None = None
    look_into: Writing | None = None
    route: Route = "web"
    received_on: date | None = None

    def decide(self, at: Situation) -> Events:
        """End the case. Incomplete: it came on a day on which it cannot have come."""
        at.require(WITHDRAW if self.by == COMPLAINANT else ENTER_WITHDRAWAL, self.by, self.stage)
        came = came_at(self, since=at.case.opened_at, what="the complaint came in", now=at.now)
        withdrawn = ComplaintWithdrawn(
            at=at.now,
            by=self.by,
            stage=self.stage,
            reason=self.reason.id if self.reason is not None else "",
            route=self.route,
            received_at=came,
        )
        if self.look_into is None or not says(self.look_into, "look_into"):
            return (withdrawn, *close(at.then(withdrawn), "withdrawn"))
        still = StillToBeLookedInto(at=at.now, by=self.by, stage=self.stage, what=self.look_into.id)
        return (withdrawn, still, *close(at.then(withdrawn), "withdrawn"))


class LookIntoAnyway(StageCommand):
    """`what.words["look_into"]`: what must be looked into although the complaint was withdrawn."""

    what: Writing

    def decide(self, at: Situation) -> Events:
        at.require(LOOK_INTO, self.by, self.stage)
        self.what.require(look_into="Write what still has to be looked into.")
        return (StillToBeLookedInto(at=at.now, by=self.by, stage=self.stage, what=self.what.id),)


class RecordLookedInto(StageCommand):
    """`note.words["note"]`: what came of it."""

    note: Writing

    def decide(self, at: Situation) -> Events:
        at.require(LOOKED_INTO, self.by, self.stage)
        self.note.require(note="Write what was found.")
        return (LookedInto(at=at.now, by=self.by, note=self.note.id),)


def _against_withdrawing(at: Situation, by: str, stage: str) -> Refused | None:
    if by != COMPLAINANT:
        return NotYours("Only the person who complained can withdraw it.")
    return open_at(at.case, stage)


def _against_entering(at: Situation, by: str, stage: str) -> Refused | None:
    return looks_after(at.case, by, at.procedure) or open_at(at.case, stage)


def _against_keeping(at: Situation, by: str, stage: str) -> Refused | None:
    """Allow it once, to whoever coordinates cases or hears of what was missed."""
    if refusal := _against_afterwards(at, by, stage):
        return refusal
    if at.case.look_into:
        return AlreadyDone("What still has to be looked into has already been recorded.")
    return None


def _against_recording(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := _against_afterwards(at, by, stage):
        return refusal
    if not at.case.look_into:
        return NotNow("Nothing has been recorded that has to be looked into.")
    if at.case.looked_into:
        return AlreadyDone("What was found has already been recorded.")
    return None


def _against_afterwards(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := looks_after(at.case, by, at.procedure) or still_on(at.case, stage):
        return refusal
    if at.case.is_open or at.case.ended != "withdrawn":
        return NotNow("This is for a complaint that has been withdrawn.")
    return None


def _asked_to_withdraw(asking: Asking) -> Withdraw:
    if asking.by == COMPLAINANT:
        asking.confirm("Tick the box to confirm that you want to withdraw it.")
    return Withdraw(
        by=asking.by,
        stage=asking.stage,
        reason=asking.if_wrote("reason"),
        look_into=asking.if_wrote("look_into") if asking.by != COMPLAINANT else None,
        **heard(asking),
    )


def _played_by_staff(step: Step, at: Situation) -> FilledIn:
    return {"reason": step.text, "look_into": step.what_else, **played(step, at)}


WITHDRAW = Act(
    name="withdraw",
    whose="complainant",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against_withdrawing,
    asked=_asked_to_withdraw,
    choice="confirm",
    shows=None,
    scenes={
        "withdraw": Scene(
            needs=(),
            knows=("text",),
            fills=lambda step, at: {"confirm": "yes", "reason": step.text},
            by=None,
        )
    },
)
ENTER_WITHDRAWAL = Act(
    name="enter-withdrawal",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against_entering,
    asked=_asked_to_withdraw,
    choice="action",
    shows=None,
    scenes={
        "enter-withdrawal": Scene(
            needs=(), knows=("text", "what_else", *PLAYED), fills=_played_by_staff, by=None
        )
    },
)
LOOK_INTO = Act(
    name="look-into",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="afterwards", stands_alone=True),
    against=_against_keeping,
    asked=lambda asking: LookIntoAnyway(by=asking.by, stage=asking.stage, what=asking.wrote("look_into")),
    choice="action",
    shows=None,
    scenes={"look-into": writing("look_into")},
)
LOOKED_INTO = Act(
    name="looked-into",
    whose="staff",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against_recording,
    asked=lambda asking: RecordLookedInto(by=asking.by, stage=asking.stage, note=asking.wrote("note")),
    choice="action",
    shows=None,
    scenes={"looked-into": writing("note")},
)
ACTS = (WITHDRAW, ENTER_WITHDRAWAL, LOOK_INTO, LOOKED_INTO)
