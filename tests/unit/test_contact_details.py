"""How the complainant is reached is put right, and what did not arrive is sent again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from adapters.post.typeset import in_plain_text
from domain.acts.bounces import NoticeBounced, RecordBounce
from domain.acts.contact_details import ContactDetailsCorrected, CorrectContactDetails
from domain.acts.contact_limits import LimitContact
from domain.acts.reply import Reply
from domain.acts.sending_again import MessageSentAgain, SendAgain
from domain.acts.written_form import WrittenFormReceived
from domain.case import COMPLAINANT, SYSTEM, Case, evolve
from domain.chasing import to_be_posted
from domain.deadlines import deadlines
from domain.effect import Tell
from domain.errors import CaseClosed, ConflictOfInterest, Incomplete, NotAllowed, NotNow, StagePassed
from domain.provisions import LastResort
from domain.reaching import reach_of, told_by
from domain.words import Writing
from tests.rules import consequences, decide, refusal, wakes
from tests.unit.invented import (
    CALENDAR,
    MONDAY,
    PROCEDURE,
    REF,
    after,
    case_of,
    does,
    looked_into,
    notices,
    outcome,
    submitted,
)

OFFICE, MANAGER, BOARD, DEPUTY = "office-1", "manager-1", "board-1", "deputy"
FORM = {"name": "Olu Adeyemi", "email": "olu@old.example", "address": "1 Old Street"}
NEW = {"name": "Olu Adeyemi", "email": "olu@new.example", "reason": "She called."}


def opened() -> Case:
    return case_of(submitted())


def answered() -> Case:
    return after(case_of(looked_into()), outcome(MANAGER, "first"))


def corrected(case: Case, by: str = OFFICE, *, name: str = "details", **more: Any) -> CorrectContactDetails:
    words = {**NEW, **more.pop("words", {})}
    plain = CorrectContactDetails(
        by=by,
        stage=case.current.stage,
        whose="same",
        details=Writing(name, {key: text for key, text in words.items() if text}),
        was=told_by(case)[-1],
        mailed_to=FORM["email"],
    )
    return replace(plain, **more)


def closed() -> Case:
    return after(answered(), Reply(by=COMPLAINANT, stage="first", answer="satisfied"))


def wrong(case: Case, **more: Any) -> list[str]:
    with pytest.raises(Incomplete) as refused:
        does(case, corrected(case, **more))
    return [problem.field for problem in refused.value.missing]


def test_messages_go_where_the_correction_says() -> None:
    """From the correction on the new details count, and the form's are kept beside them."""
    case = opened()
    contents: dict[str, dict[str, Any]] = {case.answers: FORM, "details": NEW}
    assert reach_of(case, contents).mails_to == "olu@old.example"
    moved = after(case, corrected(case))
    assert reach_of(moved, contents).mails_to == "olu@new.example"
    assert told_by(moved) == (case.answers, "details")


def test_the_event_has_no_word_of_the_details() -> None:
    """What somebody is called and where they live is content, and no part of what happened."""
    (event,) = does(opened(), corrected(opened()))
    assert isinstance(event, ContactDetailsCorrected)
    assert not any(word in repr(event) for word in ("Olu", "olu@", "Street", "called"))


def test_the_history_says_what_it_was_and_what_it_is() -> None:
    """Staff read the old value beside the new one, and why it was changed; what stayed is left out."""
    case = opened()
    (event,) = does(case, corrected(case, words={"address": "2 New Road\nExampleton"}))
    now = {**NEW, "address": "2 New Road\nExampleton"}
    assert event.said({case.answers: FORM, "details": now}, case).splitlines() == [
        "Email address: olu@new.example (before: olu@old.example)",
        "Postal address: 2 New Road, Exampleton (before: 1 Old Street)",
        "She called.",
    ]


def test_links_to_the_old_address_end_and_the_person_can_be_reached_again() -> None:
    """A new address ends the links that went to another one, and what did not arrive there is no longer held
    against it; a colleague whom no mail reaches is still not reached."""
    case = opened()
    for person in (COMPLAINANT, MANAGER):
        case = evolve(case, NoticeBounced(at=MONDAY, by=SYSTEM, person=person, notice="receipt"), ref=REF)
    assert case.link_goes_to(COMPLAINANT) == ""
    moved = after(case, corrected(case))
    assert (moved.link_goes_to(COMPLAINANT), moved.unreachable) == ("details", (MANAGER,))
    assert moved.link_goes_to(MANAGER) == ""


def test_a_bounce_of_an_older_mail_says_nothing_of_the_new_address() -> None:
    """It came back after the correction: what did not arrive is known, and emails go on to the new address; one that
    was sent since says that this address does not work either."""
    moved = after(opened(), corrected(opened()))
    old = RecordBounce(person=COMPLAINANT, notice="receipt", letter="000001-0")
    known = after(moved, old)
    assert (known.unreachable, [one.letter for one in known.failed]) == ((), ["000001-0"])
    new = RecordBounce(person=COMPLAINANT, notice="contact-details", letter=f"{moved.version:06}-0")
    assert after(moved, new).unreachable == (COMPLAINANT,)


def test_an_outcome_that_did_not_arrive_counts_from_when_it_was_sent_again() -> None:
    """It was to be posted, and need not be any more; the time for a reply begins with the mail that arrives."""
    case = after(answered(), RecordBounce(person=COMPLAINANT, notice="outcome", letter="000005-0"))
    (letter,) = to_be_posted(case)
    case = after(case, corrected(case))
    again = SendAgain(by=OFFICE, stage="first", message=letter.id, notice="outcome")
    later = MONDAY + timedelta(days=7)
    for event in decide(case, again, ref=REF, procedure=PROCEDURE, calendar=CALENDAR, now=later):
        case = evolve(case, event, ref=REF)
    assert to_be_posted(case) == ()
    reply = next(one for one in deadlines(case, PROCEDURE, CALENDAR) if one.rule.name == "reply")
    assert reply.due.due == date(2026, 11, 23)


def test_a_letter_stays_to_be_posted_where_no_mail_goes() -> None:
    """Sent again by letter it is another letter."""
    case = after(answered(), RecordBounce(person=COMPLAINANT, notice="outcome", letter="000005-0"))
    again = SendAgain(by=OFFICE, stage="first", message="000005-0", notice="outcome")
    assert [one.id for one in to_be_posted(after(case, again))] == ["000005-0"]


def test_another_telephone_number_ends_no_link_and_is_no_mail() -> None:
    """Where emails go on to the same address, however it is written, the complainant is not written to about it."""
    case = opened()
    events = does(case, corrected(case, words={"email": "Olu@OLD.example", "telephone": "01632 960 009"}))
    assert notices(case, events) == {(OFFICE, "done")}
    assert after(case, corrected(case, mailed_to="olu@new.example")).address_of_links == ""


def test_everybody_who_has_to_know_is_told() -> None:
    """The complainant at the new address, the reviewer and the office."""
    case = answered()
    events = does(case, corrected(case, MANAGER))
    assert notices(case, events) == {
        (COMPLAINANT, "contact-details"),
        (MANAGER, "done"),
        (OFFICE, "case-news"),
    }


def test_letters_instead_of_emails() -> None:
    """Who wants letters gets letters although the address for emails is known, and links to it end."""
    case = opened()
    words = {**NEW, "letters": "yes", "address": "1 Old Street"}
    moved = after(case, corrected(case, words=words))
    assert moved.by_letter
    reach = reach_of(moved, {"details": words})
    assert (reach.email, reach.mails_to) == ("olu@new.example", "")
    assert moved.address_of_links == "details"


def test_who_has_no_address_for_emails_gets_letters() -> None:
    """Nothing else has to be chosen for that."""
    case = opened()
    assert after(case, corrected(case, words={"email": "", "telephone": "01632 960 009"})).by_letter


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ({"name": ""}, ["name"]),
        ({"reason": " "}, ["reason"]),
        ({"email": "nowhere"}, ["email"]),
        ({"email": ""}, ["email"]),
        ({"letters": "yes"}, ["address"]),
        ({"telephone": "1" * 201}, ["telephone"]),
    ],
)
def test_what_is_missing_or_cannot_be_is_said(words: dict[str, str], fields: list[str]) -> None:
    """A correction has a name, a reason, and some way to reach the person that can be right."""
    assert wrong(opened(), words=words) == fields


def test_a_representative_takes_over_with_consent() -> None:
    """Somebody else is written to; who they are and how the complainant agreed has to be said, and is the consent that
    an outcome waits for."""
    case = opened()
    assert wrong(case, whose="representative") == ["relation", "consent"]
    words = {"name": "Tola Adeyemi", "relation": "Her sister", "consent": "On the telephone."}
    acting = after(case, corrected(case, whose="representative", words=words))
    assert (acting.correspondent, acting.represented, acting.consent) == ("representative", True, "details")
    assert acting.address_of_links == "details"


def test_where_the_complainant_has_died_nobody_waits_for_consent() -> None:
    """Whoever takes the complaint further is not somebody who acts for the complainant."""
    case = replace(opened(), represented=True)
    assert wrong(case, whose="successor") == ["relation"]
    going_on = after(case, corrected(case, whose="successor", words={"relation": "Her daughter"}))
    assert (going_on.correspondent, going_on.represented) == ("successor", False)


def test_a_correction_leaves_who_it_is_as_it_is() -> None:
    """Another address of a representative makes nobody else of them, and the consent stays."""
    case = opened()
    words = {"relation": "Her sister", "consent": "On the telephone."}
    case = after(case, corrected(case, whose="representative", words=words))
    moved = after(case, corrected(case, name="again", words={"email": "tola@new.example"}))
    assert (moved.correspondent, moved.consent) == ("representative", "details")
    back = after(moved, corrected(moved, name="back", whose="complainant"))
    assert (back.correspondent, back.represented, back.consent) == ("complainant", False, "")


def test_whom_it_is_somebody_elses_to_tell() -> None:
    """Those who work on the case do it, and nobody who does not, or is involved."""
    case = answered()
    for act in ("contact-details", "send-again"):
        able = {
            person.id
            for person in PROCEDURE.people
            if refusal(act, case, by=person.id, stage="first", procedure=PROCEDURE) is None
        }
        assert able == {OFFICE, MANAGER}
        involved = replace(case, involved=(OFFICE,))
        found = refusal(act, involved, by=OFFICE, stage="first", procedure=PROCEDURE)
        assert isinstance(found, ConflictOfInterest)


def test_where_those_who_handle_it_are_involved_those_over_them_do_it() -> None:
    """No address stays wrong because the office is involved."""
    case = replace(opened(), involved=(OFFICE,))
    assert refusal("contact-details", case, by=DEPUTY, stage="first", procedure=PROCEDURE) is None


def test_after_the_closure_those_in_charge_can_still_do_it() -> None:
    """That a case is closed has to reach people too; a reviewer's part in it is over, and nobody writes any more about
    what is being destroyed."""
    case = replace(closed(), unreachable=(COMPLAINANT,))
    for act in ("contact-details", "send-again"):
        for by in (OFFICE, DEPUTY):
            assert refusal(act, case, by=by, stage="first", procedure=PROCEDURE) is None
        found = refusal(act, case, by=MANAGER, stage="first", procedure=PROCEDURE)
        assert isinstance(found, NotAllowed)
        gone = replace(case, erasing=True)
        assert isinstance(refusal(act, gone, by=OFFICE, stage="first", procedure=PROCEDURE), NotNow)
    with pytest.raises(CaseClosed):
        does(replace(case, erasing=True), corrected(case))


def test_after_the_closure_an_address_is_corrected_where_something_did_not_arrive() -> None:
    """Nobody looks at what a closed case has of somebody without a need; what was sent can be sent again."""
    case = closed()
    found = refusal("contact-details", case, by=OFFICE, stage="first", procedure=PROCEDURE)
    assert isinstance(found, CaseClosed)
    assert refusal("send-again", case, by=OFFICE, stage="first", procedure=PROCEDURE) is None


def test_nothing_is_corrected_from_a_page_of_another_stage() -> None:
    """Who looks at an old page is told."""
    case = opened()
    with pytest.raises(StagePassed):
        does(case, replace(corrected(case), stage="second"))
    with pytest.raises(StagePassed):
        does(case, SendAgain(by=OFFICE, stage="second", message="000001-0", notice="receipt"))


def test_a_message_is_sent_again_as_it_was() -> None:
    """It goes to the complainant once more, by the name under which it is kept, and moves no date."""
    case = answered()
    before = case.current
    events = does(case, SendAgain(by=OFFICE, stage="first", message="000006-0", notice="outcome"))
    (event,) = events
    assert isinstance(event, MessageSentAgain)
    found = consequences(case, events, ref=REF, procedure=PROCEDURE, calendar=CALENDAR)
    effects = [one.effect for one in found if isinstance(one.effect, Tell)]
    again = next(tell for tell in effects if tell.person == COMPLAINANT)
    assert (again.notice, again.content) == ("sent-again", "letter-000006-0")
    assert notices(case, events) == {(COMPLAINANT, "sent-again"), (OFFICE, "done"), (MANAGER, "case-news")}
    assert evolve(case, event, ref=REF).current == before


def test_what_the_complainant_writes_about_themselves_is_newer() -> None:
    """A form that they fill in after the correction says how they are reached; one that staff enter does not."""
    case = opened()
    case = after(case, corrected(case))
    form = WrittenFormReceived(
        at=MONDAY,
        by=COMPLAINANT,
        stage="first",
        answers="form",
        aspects=1,
        course="",
        incident_on=None,
        known_on=None,
        represented=False,
    )
    assert told_by(evolve(case, form, ref=REF)) == ("form",)
    assert told_by(evolve(case, replace(form, by=OFFICE), ref=REF)) == ("form", "details")


def test_what_was_sent_is_said_in_plain_text_too() -> None:
    """The text of a message that is sent again is made of its letter: headings, lists and line breaks are seen."""
    html = (
        "<p>This is <strong>it</strong>, for &lt;you&gt;.</p>\n<h2>What <em>next</em></h2>"
        "<ul>\n<li>One</li>\n<li>Two</li>\n</ul><ol><li>First</li></ol><p>A line<br>and another</p>"
    )
    assert in_plain_text(html).splitlines() == [
        "This is it, for <you>.",
        "",
        "WHAT NEXT",
        "",
        "- One",
        "- Two",
        "",
        "1. First",
        "",
        "A line",
        "and another",
    ]


def test_nobody_from_outside_does_it() -> None:
    """A link of somebody who is not in the directory, or does not work on the case, does nothing."""
    case = opened()
    for by in ("somebody", BOARD):
        with pytest.raises(NotAllowed):
            does(case, corrected(case, by))


def test_who_coordinates_is_not_told_alone_that_their_own_mail_failed() -> None:
    """Where breaches go to them as well, the last resort hears of it."""
    last = LastResort(role="board", own_target="Ours.")
    procedure = replace(PROCEDURE, escalates_to="office", last_resort=last)
    before = opened()
    events = does(before, RecordBounce(person=OFFICE, notice="new-case"), procedure=procedure)
    told = {person for person, _ in notices(before, events, procedure)}
    assert BOARD in told
    assert OFFICE not in told


def test_an_outcome_that_did_not_arrive_when_it_was_sent_again_has_to_be_posted() -> None:
    """Those who handle the case are told so, and silence ends nothing before it is."""
    case = after(answered(), RecordBounce(person=COMPLAINANT, notice="outcome", letter="000005-0"))
    case = after(case, corrected(case))
    case = after(case, SendAgain(by=OFFICE, stage="first", message="000005-0", notice="outcome"))
    assert to_be_posted(case) == ()
    failed = RecordBounce(person=COMPLAINANT, notice="sent-again", letter=f"{case.version:06}-0")
    assert (MANAGER, "letter") in notices(case, does(case, failed))
    again = after(case, failed)
    assert [one.id for one in to_be_posted(again)] == ["000005-0"]
    assert not any(wake.deadline == "first/reply" for wake in wakes(again, PROCEDURE, CALENDAR))
    assert does(again, failed) == ()


def test_a_limit_on_contact_is_not_for_whoever_takes_over() -> None:
    """It was about somebody else; where the same person is only reached in another way, it stays."""
    limited = after(
        opened(),
        LimitContact(
            by=OFFICE,
            stage="first",
            limit=Writing("limit", {"limit": "No calls.", "reason": "They shouted."}),
            review_on=date(2026, 12, 1),
        ),
    )
    assert after(limited, corrected(limited)).contact_limit is not None
    assert (
        after(limited, corrected(limited, whose="successor", words={"relation": "Their son"})).contact_limit
        is None
    )
