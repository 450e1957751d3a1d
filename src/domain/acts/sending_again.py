"""A message that the complainant was sent is sent once more: as it was, with a link that works."""

from __future__ import annotations

from domain.act import Act, FilledIn, Scene, Traits, nobody
from domain.calendars import to_london
from domain.case import COMPLAINANT, Case
from domain.chasing import to_be_posted
from domain.command import Events, StageCommand
from domain.errors import NotNow, Refused
from domain.event import StageEvent, Telling, Tells
from domain.form import Asking
from domain.notices import AS_SENT
from domain.procedure import LOGGED
from domain.rights import looks_after, still_on
from domain.situation import Situation
from domain.step import Step


class MessageSentAgain(StageEvent):
    """A message to the complainant goes out once more. `message` is the name under which the case keeps it as it was
    sent, `notice` what it was."""

    message: str
    notice: str

    def after(self, case: Case) -> Case:
        """Return the case, in which what was to be posted because a mail had failed has gone as a mail."""
        waiting = any(letter.id == self.message for letter in to_be_posted(case))
        if not waiting or case.by_letter or COMPLAINANT in case.unreachable:
            return case
        today = to_london(self.at).date()
        return case.with_letter(self.message, posted_on=today, by_mail=True, mailed_with=case.version + 1)

    def tells(self, telling: Telling) -> Tells:
        again = telling.complainant("sent-again", content=f"{AS_SENT}{self.message}")
        return (*again, *telling.news_to_others(*telling.handling), *telling.done)


class SendAgain(StageCommand):
    """`message` is one that the complainant was sent, and `notice` what it was."""

    message: str
    notice: str

    def decide(self, at: Situation) -> Events:
        at.require(SEND_AGAIN, self.by, self.stage)
        stage = at.case.current.stage
        return (
            MessageSentAgain(at=at.now, by=self.by, stage=stage, message=self.message, notice=self.notice),
        )


def against_writing(at: Situation, by: str, stage: str) -> Refused | None:
    """Return what stands against `by` seeing to it that a message arrives. That a case is closed has to reach people
    too."""
    if at.case.kind in LOGGED:
        return NotNow("We will not write to this person again.")
    return looks_after(at.case, by, at.procedure) or still_on(at.case, stage)


def _asked(asking: Asking) -> SendAgain:
    chosen = asking.sent(asking.text("message"))
    if chosen is None or len(asking.chosen("message")) != 1 or chosen.notice == "sent-again":
        asking.refuse("message", "Choose the message that you want to send again.")
    return SendAgain(by=asking.by, stage=asking.stage, message=chosen.id, notice=chosen.notice)


def _played(step: Step, at: Situation) -> FilledIn:
    """Return the name of the notice: whoever plays the scenario takes the newest of its kind."""
    return {"message": step.notice or ""}


SEND_AGAIN = Act(
    name="send-again",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="afterwards", stands_alone=True),
    against=against_writing,
    asked=_asked,
    choice="message",
    shows=None,
    scenes={"send-again": Scene(needs=("notice",), knows=(), fills=_played, by=None)},
)
ACTS = (SEND_AGAIN,)
