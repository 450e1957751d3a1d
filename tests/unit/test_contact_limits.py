"""Contact that is abusive is limited by a role, with a reason and a review, and nothing that was promised ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.acts.conflict import DeclareInvolvement
from domain.acts.contact_limits import (
    ContactLimitDecided,
    ContactLimitProposed,
    ContactLimitReminded,
    ContactLimitReviewed,
    DecideLimit,
    LimitContact,
    ReviewLimit,
)
from domain.acts.reply import Reply
from domain.acts.waking import Wake
from domain.acts.withdrawal import Withdraw
from domain.case import COMPLAINANT, SYSTEM, Case, evolve
from domain.deadlines import deadlines
from domain.errors import AlreadyDone, CaseClosed, Incomplete, NotAllowed, NotNow
from domain.provisions import ContactLimits, LastResort
from domain.words import Writing
from tests.rules import available, situation
from tests.unit.invented import (
    CALENDAR,
    PROCEDURE,
    REF,
    TUESDAY,
    after,
    case_of,
    does,
    looked_into,
    notices,
    outcome,
    submitted,
)

OFFICE, MANAGER, DEPUTY, PRINCIPAL = "office-1", "manager-1", "deputy", "principal"
WORDS = {"limit": "A canary: no calls.", "reason": "They shouted."}
LIMIT = LimitContact(
    by=MANAGER,
    stage="first",
    limit=Writing("limit", WORDS),
    review_on=date(2026, 12, 1),
)
DECIDE = DecideLimit(
    by=DEPUTY,
    stage="first",
    accepted=True,
    reason=Writing("decided", {"reason": "Seen."}),
)
REVIEW = ReviewLimit(
    by=DEPUTY,
    stage="first",
    review_on=None,
    reason=Writing("review", {"reason": "Calm."}),
)


def underway() -> Case:
    return case_of(looked_into())


def limited() -> Case:
    return after(underway(), LIMIT, DECIDE)


def test_it_is_proposed_decided_on_by_a_role_told_and_lifted() -> None:
    """The complainant hears nothing of a proposal, and of the decision the limit with its reason; nothing that was
    written is in the events."""
    proposed = does(underway(), LIMIT)
    assert [type(event) for event in proposed] == [ContactLimitProposed]
    assert notices(underway(), proposed) == {
        (DEPUTY, "contact-limit-request"),
        (PRINCIPAL, "contact-limit-request"),
        (MANAGER, "done"),
    }
    case = after(underway(), LIMIT)
    decided = does(case, DECIDE)
    assert [type(event) for event in decided] == [ContactLimitDecided]
    assert notices(case, decided) == {
        (COMPLAINANT, "contact-limit"),
        (MANAGER, "case-news"),
        (OFFICE, "case-news"),
        (DEPUTY, "done"),
    }
    lifted = does(limited(), REVIEW)
    assert [type(event) for event in lifted] == [ContactLimitReviewed]
    assert (COMPLAINANT, "contact-limit") in notices(limited(), lifted)
    assert after(limited(), REVIEW).contact_limit is None
    assert "canary" not in repr((*proposed, *decided, *lifted))


def test_what_is_declined_limits_nothing() -> None:
    """The complainant hears nothing of it, whoever works on the case does, and it can be proposed again."""
    case = after(underway(), LIMIT)
    no = does(case, replace(DECIDE, accepted=False))
    assert COMPLAINANT not in {person for person, _ in notices(case, no)}
    assert (MANAGER, "case-news") in notices(case, no)
    declined = after(case, replace(DECIDE, accepted=False))
    assert declined.contact_limit is None
    assert after(declined, replace(LIMIT, limit=Writing("again", WORDS))).contact_limit is not None


def test_who_decides_and_works_on_the_case_need_not_ask() -> None:
    """Where the procedure gives it to the role of the reviewer, it holds at once."""
    procedure = replace(PROCEDURE, contact_limits=ContactLimits(role="manager", source="9"))
    events = does(underway(), LIMIT, procedure=procedure)
    assert [type(event) for event in events] == [
        ContactLimitProposed,
        ContactLimitDecided,
    ]


def test_only_those_whose_part_it_is_take_it() -> None:
    """Who works on the case proposes, who has the role decides, once; not while nobody has said who was involved, not
    in a closed case."""
    with pytest.raises(NotAllowed):
        does(underway(), replace(LIMIT, by=DEPUTY))
    case = after(underway(), LIMIT)
    for by in (MANAGER, OFFICE):
        with pytest.raises(NotAllowed):
            does(case, replace(DECIDE, by=by))
        with pytest.raises(NotAllowed):
            does(limited(), replace(REVIEW, by=by))
    with pytest.raises(AlreadyDone):
        does(case, LIMIT)
    with pytest.raises(AlreadyDone):
        does(limited(), DECIDE)
    with pytest.raises(NotNow):
        does(underway(), DECIDE)
    with pytest.raises(NotNow):
        does(case, REVIEW)
    unconfirmed = case_of(submitted(people_involved="A tutor."))
    with pytest.raises(NotNow):
        does(unconfirmed, replace(LIMIT, by=OFFICE))
    with pytest.raises(CaseClosed):
        does(after(case, Withdraw(by=COMPLAINANT, stage="first")), DECIDE)


def test_whoever_is_involved_does_not_decide() -> None:
    """Who else has the role does."""
    why = Writing("involved", {"reason": "It is about them."})
    about = DeclareInvolvement(by=OFFICE, stage="first", person=DEPUTY, reason=why)
    case = after(underway(), about, LIMIT)
    assert "decide-limit" not in available(case, by=DEPUTY, procedure=PROCEDURE)
    assert "decide-limit" in available(case, by=PRINCIPAL, procedure=PROCEDURE)
    assert (DEPUTY, "contact-limit-request") not in notices(
        after(underway(), about), does(case_of(looked_into()), LIMIT)
    )


@pytest.mark.parametrize("day", [TUESDAY.date(), date(2027, 5, 4), date(2033, 1, 1)])
def test_the_review_lies_ahead_and_not_too_far(day: date) -> None:
    """From tomorrow on, and within six months where the procedure says nothing else."""
    with pytest.raises(Incomplete) as refused:
        does(underway(), replace(LIMIT, review_on=day))
    assert [problem.field for problem in refused.value.missing] == ["review_on"]
    with pytest.raises(Incomplete):
        does(limited(), replace(REVIEW, review_on=day))


@pytest.mark.parametrize("lacks", ["limit", "reason"])
def test_it_says_what_and_why(lacks: str) -> None:
    """The complainant is owed both."""
    with pytest.raises(Incomplete) as refused:
        does(underway(), replace(LIMIT, limit=Writing("limit", {**WORDS, lacks: " "})))
    assert [problem.field for problem in refused.value.missing] == [lacks]


def wakes_at(case: Case, now: datetime = TUESDAY) -> list[datetime]:
    at = situation(case, PROCEDURE, CALENDAR, now=now)
    return [one.at.astimezone(UTC) for one in at.wakes if one.deadline.endswith("/contact-limit")]


def test_a_proposal_and_a_review_are_chased_until_they_are_done() -> None:
    """A proposal after a week and each week; the review in the morning of its day, and then as what was missed is."""
    proposed = after(underway(), LIMIT)
    assert wakes_at(proposed) == [datetime(2026, 11, 10, 9, tzinfo=UTC)]
    assert wakes_at(limited()) == [datetime(2026, 12, 1, 9, tzinfo=UTC)]
    morning = datetime(2026, 12, 1, 9, 1, tzinfo=UTC)
    events = does(limited(), Wake(), morning)
    assert ContactLimitReminded in {type(event) for event in events}
    reminded = after(limited(), Wake(), at=morning)
    assert reminded.contact_limit is not None
    assert reminded.contact_limit.reminders == 1
    assert wakes_at(reminded, morning) == [datetime(2026, 12, 8, 9, tzinfo=UTC)]
    kept = after(reminded, replace(REVIEW, review_on=date(2027, 1, 5)), at=morning)
    assert wakes_at(kept, morning) == [datetime(2027, 1, 5, 9, tzinfo=UTC)]


def test_somebody_over_those_who_decide_hears_of_a_proposal_that_nobody_decides_on() -> None:
    """Those decide whom breaches go to, where the procedure says nothing else: so it is the last resort."""
    last = LastResort(role="governor", own_target="Ours.")
    procedure = replace(PROCEDURE, last_resort=last)
    proposed = after(underway(), LIMIT, procedure=procedure)
    reminded = ContactLimitReminded(at=TUESDAY, by=SYSTEM)
    first = evolve(proposed, reminded, ref=REF)
    asked = {(DEPUTY, "contact-limit-request"), (PRINCIPAL, "contact-limit-request")}
    over = {("chair", "contact-limit-request"), ("governor", "contact-limit-request")}
    assert notices(proposed, (reminded,), procedure) == asked
    assert notices(first, (reminded,), procedure) == asked | over


def test_nothing_that_was_promised_ends() -> None:
    """Every date is what it was, the outcome goes out, and the complainant goes on to the next stage; with the case the
    limit ends."""
    before = [(one.name, one.due.due_at) for one in deadlines(underway(), PROCEDURE, CALENDAR)]
    assert [(one.name, one.due.due_at) for one in deadlines(limited(), PROCEDURE, CALENDAR)] == before
    can = available(underway(), by=COMPLAINANT, procedure=PROCEDURE)
    assert available(limited(), by=COMPLAINANT, procedure=PROCEDURE) == can
    answered = after(limited(), outcome(MANAGER, "first"))
    assert (COMPLAINANT, "outcome") in notices(limited(), does(limited(), outcome(MANAGER, "first")))
    gone_on = after(answered, Reply(by=COMPLAINANT, stage="first", answer="escalate"))
    assert gone_on.current.stage == "second"
    assert gone_on.contact_limit is not None
    assert after(answered, Reply(by=COMPLAINANT, stage="first", answer="satisfied")).contact_limit is None


def test_nobody_decides_on_it_who_may_be_involved() -> None:
    """A correction can name people while a limit waits: until it is said who is involved, nobody decides, and only
    those who say it are reminded."""
    proposed = after(underway(), LIMIT)
    unsaid = replace(proposed, involvement="to-confirm", involvement_asked_at=TUESDAY)
    with pytest.raises(NotNow):
        does(unsaid, DECIDE)
    reminded = (ContactLimitReminded(at=TUESDAY, by="system"),)
    assert DEPUTY in {person for person, _ in notices(proposed, reminded)}
    assert DEPUTY not in {person for person, _ in notices(unsaid, reminded)}
