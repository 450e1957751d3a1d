"""What a procedure says besides its forms and its ladder: the words of an outcome, what happens to dates that were
missed and to what comes late, who keeps the directory and the records, and how long a case is kept.

Parts of a `domain.procedure.Procedure`, made as it says there.
"""

from __future__ import annotations

from typing import Final, Literal

from domain.calendars import Limit
from domain.frozen import Frozen
from domain.ladder import DECISION
from domain.notices import Posted


class Disclosure(Frozen):
    """When what was told in confidence, or who told it, may be passed on. `about` reminds the person who records it."""

    about: str
    tells_complainant: bool = False
    source: str = ""
    own_target: str = ""


class Mediation(Frozen):
    """That mediation between the complainant and the person concerned can be offered. No date moves by itself because
    of it: a deadline's `pause` says it where one does."""

    about: str = ""
    """What mediation is here and who leads it, for the complainant; empty: the offer itself says it."""
    source: str = ""
    own_target: str = ""


class Urgent(Frozen):
    """What people read first who are in danger, or know of somebody who is at risk: at the top of the start page and of
    each form. A complaint is no way to get help quickly."""

    about: tuple[str, ...]
    """Paragraphs: whom to call, and who deals with safeguarding."""
    source: str = ""
    own_target: str = ""


class ContactLimits(Frozen):
    """Who decides that contact is limited that is abusive, and by when such a limit is reviewed at the latest. Nothing
    that the procedure promises ends with it."""

    role: str = ""
    """The role that decides; empty: the one that `escalates_to` names."""
    review_within: Limit = Limit(6, "months")
    """From the decision, and from each review."""
    source: str = ""
    own_target: str = ""


CONTACT_LIMITS_OWN: Final = "The policy says nothing about this; it is the organisation's own rule."


class Conclusion(Frozen):
    """A word with which an aspect can be answered."""

    id: str
    label: str
    """The word itself, as the complainant reads it."""
    needs_explanation: str = ""
    """What has to be explained where an aspect is answered with this word; shown to the reviewer. An outcome
    without the explanation is not sent."""
    source: str = ""


class Remedy(Frozen):
    """One way to put things right that a response can name."""

    id: str
    label: str
    wording: str = ""
    """What the complainant is told where the reviewer writes nothing else; empty: the reviewer has to write it."""
    says_none: bool = False
    """True: it says that nothing is offered, and is chosen alone."""
    source: str = ""


class Retention(Frozen):
    """How long a case is kept after its closure, and how its destruction is announced."""

    keep: Limit
    """From the closure on."""
    notice: Limit
    """Between the announcement to the data protection contact and the destruction."""
    told: str
    """The role that is told, can hold, and gets the certificate."""
    source: str = ""
    own_target: str = ""


class MissedDates(Frozen):
    """How often people are told again of what was missed, until it is done: those whose move it is, and those over
    them. It is told in the morning of a working day."""

    tell_again: Limit = Limit(1, "weeks")
    """How long after the breach, and after each time that it is told, it is told again."""
    times: int = 4
    """How often it is told at this distance."""
    then_every: Limit = Limit(4, "weeks")
    """The distance after that, without end; from then on the complainant is told again too."""
    apology: str = ""
    """What the complainant is told of a missed date besides which it is and whom to ring; empty: that we are sorry,
    and that it is ours to put right."""
    source: str = ""
    own_target: str = ""


class LateReply(Frozen):
    """Who decides on a request for the next stage that comes after the time for it."""

    role: str
    within: tuple[Limit, ...] = DECISION
    """How long the decision may take. A reminder goes out one working day before its last day."""
    source: str = ""
    own_target: str = ""


LATE_COMPLAINT_OWN: Final = (
    "The policy knows no exception for late complaints; this is the organisation's own rule."
)

LATE_REPLY_OWN: Final = "The policy knows no exception for late replies; this is the organisation's own rule."


class Reopen(Frozen):
    """Who can open a closed case again, and for how long: one that silence closed, that was withdrawn, or that was
    closed by mistake. Whoever breaches are escalated to can do it too."""

    within: Limit = Limit(6, "months")
    """From the closure on."""
    role: str = ""
    """The role that can do it; empty: the coordinator."""
    source: str = ""
    own_target: str = ""


REOPEN: Final = Reopen(own_target="The policy says nothing about this; it is the organisation's own rule.")
"""What holds where a procedure does not say it."""


class Exhausted(Frozen):
    """Who answers an attempt to reopen a case that went through the whole procedure."""

    letter_from: tuple[str, ...]
    """Roles; one person who has one of them is enough."""
    within: tuple[Limit, ...] = DECISION
    """How long the letter may take. A reminder goes out one working day before its last day."""
    source: str = ""
    own_target: str = ""


class Refusal(Frozen):
    """That a complaint can be refused with reasons after it has come in, the whole or some of its points. Without this
    it can be declined as well, as what the procedure does not cover, and it has to be said where it can be taken."""

    about: str
    """For which reasons it can be; the person who refuses it reads this."""
    signposts: tuple[str, ...] = ()
    """Ids of signposts: where the complainant can turn who does not agree. Without any it has to be said in each case
    where it can be taken instead."""
    source: str = ""
    own_target: str = ""


AnsweredEnding = Literal["satisfied", "lapsed", "exhausted"]
"""How a case ended with an outcome: the complainant was satisfied, said nothing, or had been through every stage."""


class Completion(Frozen):
    """A letter that is owed to the complainant after the closure: what the complaint was about, what was decided, and
    where they can turn."""

    title: str
    """What the letter is called."""
    letter_from: tuple[str, ...]
    """Roles; one person who has one of them writes it."""
    within: tuple[Limit, ...]
    """How long it may take, from the closure. A reminder goes out one working day before its last day."""
    after: tuple[AnsweredEnding, ...] = ("exhausted",)
    """The endings after which it is owed."""
    about: str = ""
    """What it has to say; the person who writes it reads this."""
    source: str = ""
    own_target: str = ""


class LastResort(Frozen):
    """Who stands in where everybody else who could do something is involved in the matter, those too whom breaches go
    to: assigns, reviews, approves, decides, writes the last letter, or can hold the case. And who hears of what those
    whom breaches go to have missed themselves."""

    role: str
    source: str = ""
    own_target: str = ""


class AboutStaff(Frozen):
    """Who reviews a complaint in which somebody of the directory is involved: managers, and nobody who shares a role
    with the person. Where that leaves nobody who was not on an earlier stage, whoever the stage's own rules name."""

    reviewed_by: tuple[str, ...]
    """Roles, in the order in which they are asked where the stage's own role is none of them."""
    source: str = ""
    own_target: str = ""


class DirectoryKept(Frozen):
    """Who changes the directory of people, roles and absences once the organisation runs. `people` in the file is how
    it begins."""

    kept_by: tuple[str, ...]
    """Roles; whoever has one of them can add, change and remove people, and say when they are away."""
    source: str = ""
    own_target: str = ""


class Records(Frozen):
    """Who answers for the records: the holders of `role` can have the whole file of every case, to audit it or to
    show it to an inspector."""

    role: str
    source: str = ""
    own_target: str = ""


class Letters(Frozen):
    """What holds for letters on paper. Every message to a complainant can be printed as one, and goes by post where
    there is no email address."""

    signed_by: str
    """The role in whose name letters are signed."""
    by_post: tuple[Posted, ...] = ()
    """Messages to the complainant that are posted as well when they are sent by email."""
    source: str = ""
    own_target: str = ""
