"""The ladder of a procedure: its stages, who reviews them, what has to be done by when, and what stands at its end.

Parts of a `domain.procedure.Procedure`, made as it says there.
"""

from __future__ import annotations

from typing import Final, Literal

from domain.calendars import Limit
from domain.frozen import Frozen

Origin = Literal["received", "requested", "acknowledged", "responded", "incident", "closed"]
"""What a deadline counts from: the complaint's arrival, the request for this stage (for the first stage
the same as its arrival), this stage's acknowledgement, this stage's response, the incident, the closure."""

DeadlineName = Literal["submit", "acknowledge", "first-response", "respond", "reply", "progress"]
"""`first-response`: by when the complainant is told what has been done or is planned, by a call that reached them or in
writing; it need not be the outcome. `progress`: by when they are next told how it is going, counted anew from each
time."""

ToldWith = Literal["acknowledgement", "interim-response", "outcome"]
"""The messages of a stage that can say where else the complainant can turn."""

DECISION: Final = (Limit(5, "working-days"),)
"""How long such a decision may take where the procedure does not say it."""


class Remind(Frozen):
    """A reminder, so many working days before the last day, at nine in the morning."""

    working_days_before: int
    """How many working days before the last day; 0 is that day."""


WaitingFor = Literal["answers", "consent", "written-form", "mediation"]


class Pause(Frozen):
    """That the time for the response stands still while the complainant is waited for. The days after the one on which
    the waiting began, up to the one on which it ended, are not counted."""

    waiting_for: tuple[WaitingFor, ...]
    """`answers`: those of the complainant to the reviewers' questions. `consent`: that of the complainant to somebody
    acting for them. `written-form`: the complaint in writing. `mediation`: a mediation that the complainant has
    agreed to."""
    at_most: Limit
    """The longest that one wait can hold the time, from the day on which it began."""
    source: str = ""
    own_target: str = ""


class Also(Frozen):
    """Another limit for the same, with a beginning of its own. It counts no days of waiting out, and where the case has
    not been on its stage it does not count."""

    within: Limit
    """How long it may take."""
    counted_from: Origin
    stage: str = ""
    """The stage whose request or acknowledgement is meant, this one or an earlier one; empty: this one."""
    source: str = ""


class DeadlineRule(Frozen):
    """By when something has to be done. Of several limits in `within` and `also` the earliest counts."""

    name: DeadlineName
    within: tuple[Limit, ...]
    """How long it may take; of several limits the earliest counts."""
    counted_from: Origin
    also: tuple[Also, ...] = ()
    """Limits that begin elsewhere, such as one for all stages together."""
    remind: tuple[Remind, ...] = ()
    source: str = ""
    own_target: str = ""
    extension: Literal["not-provided", "with-new-date"] = "not-provided"
    """Whether the procedure lets the reviewer give the complainant a new date with the reason for it."""
    extension_source: str = ""
    extension_cap: Limit | None = None
    """The latest that any new date can lie, counted as the deadline is; None: the procedure sets no cap."""
    extension_each: Limit | None = None
    """How far a new date can lie beyond the date that it takes the place of, or beyond today where that has passed;
    None: the procedure does not say."""
    pause: Pause | None = None
    """For `respond`: whether its time stands still while somebody is waited for. None: nothing holds it."""
    discretion: Limit | None = None
    """For `submit`: how late a complaint can generally still be taken at somebody's discretion."""
    discretion_role: str = ""
    """For `submit`: who decides whether a late complaint is considered. Empty: whoever breaches are escalated to; that
    is the organisation's own rule."""
    discretion_within: tuple[Limit, ...] = DECISION
    """For `submit`: how long that decision may take. A reminder goes out one working day before its last day."""


class Review(Frozen):
    """Who reviews a stage."""

    role: str
    """The role whose holders review; they decide."""
    count: int = 1
    """How many reviewers the stage has to have."""
    head: str = ""
    """The role of whoever heads them: at least one of the reviewers has it, and stands first among them. Where
    everybody who has it is involved in the matter, they review without. Empty: nobody heads them."""
    fresh: bool = False
    """True: nobody who reviewed or approved an earlier stage of the same case."""
    assigned_by: str = ""
    """The role that names the reviewers; empty: they are taken from the directory, where that leaves no choice
    to make, and the case goes to the `coordinator` where it does."""
    alternative_role: str = ""
    """The role that reviews where everybody who has `role` is involved in the matter."""
    conflict_override: str = ""
    """The role that can assign somebody in spite of a conflict of interest, with a reason; empty: nobody can."""
    source: str = ""
    own_target: str = ""


class Approval(Frozen):
    """Who has to agree before an outcome is sent. The person who recorded it never counts."""

    by: Literal["fellow-reviewers", "role"]
    """The other reviewers of the stage, or the holders of a role."""
    role: str = ""
    """With `by: role`: the role that approves."""
    count: int = 1
    """With `role`: how many have to approve (one or two). Fellow reviewers all have to."""
    settled_by: str = ""
    """The role that decides once an outcome was returned twice: any holder's approval then sends it. Empty: the role
    that `escalates_to` names."""
    source: str = ""
    own_target: str = ""


class End(Frozen):
    """What stands after the last stage: signposts, or the plain statement that the policy names none."""

    signposts: tuple[str, ...] = ()
    """Ids of signposts."""
    none_named: str = ""
    """The statement that the policy names nobody, in place of signposts."""
    source: str = ""


class Signposting(Frozen):
    """Where the complainant is told that they can turn while the procedure still goes on."""

    signposts: tuple[str, ...]
    """Ids of signposts."""
    told_with: tuple[ToldWith, ...]
    """The messages that name them. The last outcome names those of `end`."""
    source: str = ""
    own_target: str = ""


class Conversation(Frozen):
    """That a stage asks for a meeting or a call with the complainant. `about` tells the reviewer what it is for."""

    about: str
    before_outcome: Literal["not-required", "tried", "held"] = "not-required"
    """What has to be on record before a reviewer can record an outcome, if not the reason why there is no
    conversation: that a reviewer tried to call or meet the complainant (`tried`), or that they spoke (`held`)."""
    source: str = ""
    own_target: str = ""


class LateInformation(Frozen):
    """That the complainant can add something while a stage lasts, and that the reviewer accepts or declines it with
    a reason. `about` tells the complainant beforehand what is considered."""

    about: str
    source: str = ""
    own_target: str = ""


class Skip(Frozen):
    """That a stage can be skipped: while a case is on the stage before it, whoever has `role` decides, with a reason
    that the complainant reads, that it goes on to the one after it."""

    role: str
    source: str = ""
    own_target: str = ""


class Stage(Frozen):
    """One rung of the ladder."""

    id: str
    title: str
    """The stage's heading on pages and in mails."""
    about: str
    """One or two sentences for the complainant: what happens here."""
    acknowledgement: Literal["automatic", "person"]
    """Automatic: by the system, in the same moment. Person: a reviewer or the coordinator does it from a link."""
    review: Review
    deadlines: tuple[DeadlineRule, ...]
    approval: Approval | None = None
    next: str = ""
    """The stage to which the complainant can go on; empty where the ladder ends."""
    reasons_to_go_on: Literal["optional", "required"] = "optional"
    """Whether the complainant has to say why, to go on to the next stage."""
    reasons_to_go_on_source: str = ""
    end: End | None = None
    """Given exactly where `next` is empty."""
    source: str = ""
    external_assistance: bool = False
    """Whether the reviewers can ask for help from outside; the case then stays open until that has answered."""
    conversation: Conversation | None = None
    late_information: LateInformation | None = None
    """None: the stage does not provide for it."""
    aspects: Literal["as-written", "can-be-agreed"] = "as-written"
    """Whether the reviewer can agree with the complainant which main points are answered."""
    aspects_source: str = ""
    understanding: Literal["not-asked", "required"] = "not-asked"
    """Whether the person who acknowledges it has to set out how the complaint is understood; the complainant reads
    it."""
    understanding_source: str = ""
    signposting: Signposting | None = None
    """None: where else the complainant can turn is said at the end."""
    can_be_skipped: Skip | None = None
    """None: whoever goes on comes to it."""
