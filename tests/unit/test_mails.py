"""Mails: what is in each, and what is in none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest

from adapters.post.messages import Message, UnknownRecipient, needs
from adapters.post.typeset import WIDTH
from domain.calendars import Due, Limit, Period, SkippedDay, end_of
from domain.case import COMPLAINANT
from domain.counting import count
from domain.effect import Tell
from domain.notices import WRITTEN_FOR_STAFF, Notice
from domain.promises import explain
from tests.agreed import assert_as_agreed
from tests.unit.invented import CALENDAR, PROCEDURE, REF
from tests.unit.mail_samples import (
    ANSWERS,
    INTERIM_MESSAGE,
    LINK,
    Life,
    at,
    everything_written,
    looked_into,
    samples,
    to_the_end,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "mail"
TEMPLATES = Path(__file__).parents[2] / "templates" / "mail"

ABOUT_NO_CASE = (
    "staff-link.plain",
    "reviewer-left.one",
    "reviewer-left.several",
    "reviewer-left.owed",
    "reviewer-left.roles",
)
LOGGED_ONLY = ("feedback.suggestion", "feedback.compliment", "done.followed-up")

ANSWERING = (
    "outcome.",
    "sent-again.outcome",
    "not-covered.point",
    "interim-",
    "decision.",
    "external-",
    "written-form.",
)
"""Mails to the complainant that may repeat what they are about."""


def _to_staff() -> dict[str, Message]:
    return {name: mail for name, mail in samples().items() if mail.to.person != COMPLAINANT}


def _to_complainant() -> dict[str, Message]:
    return {name: mail for name, mail in samples().items() if mail.to.person == COMPLAINANT}


def _flat(text: str) -> str:
    return " ".join(text.split())


class _Text(HTMLParser):
    """What an HTML document says, without its marks."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")
        if tag not in ("br", "meta", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.said.append(data)


def _read(html: str) -> _Text:
    parser = _Text()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser


@pytest.mark.parametrize("notice", get_args(Notice))
def test_text_and_html_are_as_agreed(notice: str) -> None:
    """Both parts of every mail are those that were read and kept."""
    for name, mail in samples().items():
        if name.partition(".")[0] == notice:
            said = f"To: {mail.to.name} <{mail.to.email}>\nSubject: {mail.subject}\n\n{mail.text}"
            assert_as_agreed(GOLDEN / f"{name}.txt", said)
            assert_as_agreed(GOLDEN / f"{name}.html", mail.html)


def test_golden_files_are_those_of_the_samples() -> None:
    """No golden file is left over from a mail that is no longer sent."""
    expected = {f"{name}.{ending}" for name in samples() for ending in ("txt", "html")}
    assert {path.name for path in GOLDEN.iterdir()} == expected


def test_no_two_samples_say_the_same() -> None:
    """A golden file that repeats another would be read twice and prove nothing."""
    names: dict[tuple[str, str], list[str]] = {}
    for name, mail in samples().items():
        names.setdefault((mail.to.email, mail.html), []).append(name)
    assert [same for same in names.values() if len(same) > 1] == []


def test_every_notice_has_a_sample_and_a_folder() -> None:
    """Each notice that a procedure can send has its templates and at least one sample."""
    notices = set(get_args(Notice))
    assert {name.partition(".")[0] for name in samples()} == notices
    for notice in notices:
        assert {"subject.txt", "body.txt", "body.html"} <= {
            path.name for path in (TEMPLATES / notice).iterdir()
        }


def test_mails_to_staff_hold_nothing_that_anybody_wrote() -> None:
    """A mail to staff carries no word of the complaint, of an outcome, of a reason, nor the complainant's name. What
    somebody writes for whoever was complained about is in that mail, and nothing else is."""
    written = [(text, _flat(text)) for text in everything_written()]
    told: list[tuple[str, str]] = []
    for name, mail in _to_staff().items():
        seen = "".join(_read(mail.html).said)
        said = _flat(f"{mail.to.name} {mail.subject} {mail.text} {seen} {mail.html}")
        told.extend((name, text) for text, flat in written if flat in said)
    assert [name for name, _ in told] == ["told-of-end.plain"]
    assert [name.partition(".")[0] for name, _ in told] == [*WRITTEN_FOR_STAFF]


def test_subjects_hold_the_reference_and_nothing_personal() -> None:
    """A subject is one line with the reference and without anything that a person wrote or is called."""
    subjects = {name: mail.subject for name, mail in samples().items()}
    assert {name for name, subject in subjects.items() if REF not in subject} == {*ABOUT_NO_CASE}
    assert [name for name, subject in subjects.items() if "\n" in subject] == []
    written = [_flat(text) for text in everything_written()]
    assert [(name, text) for name, subject in subjects.items() for text in written if text in subject] == []


def test_only_answers_repeat_the_complaint() -> None:
    """A mail that does not answer the complaint does not carry it about either."""
    of_the_complaint = (
        ANSWERS["account"],
        *ANSWERS["aspects"],
        ANSWERS["outcome_sought"],
        ANSWERS["adjustments"],
    )
    repeated = [
        (name, written)
        for name, mail in _to_complainant().items()
        for written in of_the_complaint
        if not name.startswith(ANSWERING) and _flat(written) in _flat(mail.text)
    ]
    assert repeated == []


def test_both_parts_have_reference_organisation_and_link() -> None:
    """Text and HTML both name the case and the organisation, and lead to the same page."""
    for name, mail in samples().items():
        html = _read(mail.html)
        for said in (mail.text, "".join(html.said)):
            assert (REF in said) == (name not in ABOUT_NO_CASE), name
            assert "Example College" in said, name
        assert (LINK in mail.text) == (LINK in html.links), name


def test_staff_are_told_the_stage() -> None:
    """A mail to staff about a living case names its stage. What is only logged is on none."""
    on_none = {name for name in _to_staff() if name.startswith("deletion-certificate")}
    untold = {name for name, mail in _to_staff().items() if "Stage:        Stage " not in mail.text}
    assert untold == on_none | {*ABOUT_NO_CASE, *LOGGED_ONLY}


def test_complainants_are_told_how_to_reach_the_organisation() -> None:
    """Every mail to the complainant has the organisation's address, telephone and mailbox."""
    contact = PROCEDURE.contact
    ways = (contact.email, contact.telephone, contact.hours, contact.address)
    untold = [
        (name, way) for name, mail in _to_complainant().items() for way in ways if way not in _flat(mail.text)
    ]
    assert untold == []


def test_text_fits_a_window() -> None:
    """Lines of the text part are short, but for addresses, which are never broken, and nothing is doubled or
    trails."""
    lines = [(name, line) for name, mail in samples().items() for line in mail.text.splitlines()]
    assert [(name, line) for name, line in lines if len(line) > WIDTH and " " in line.strip()] == []
    assert [(name, line) for name, line in lines if line != line.rstrip()] == []
    assert [name for name, mail in samples().items() if "\n\n\n" in mail.text] == []


def test_what_was_written_is_escaped() -> None:
    """Marks in what people wrote stay text in the HTML part."""
    life = looked_into(aspects=["<script>alert(1)</script>", "a & b"], name='"Q" <i>Z</i>\nBcc: x@y.example')
    mail = life.record("2026-04-16T12:00", "manager-1").mail("outcome")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in mail.html
    assert "<script" not in mail.html
    assert "<i>" not in mail.html
    assert mail.to.name == '"Q" <i>Z</i> Bcc: x@y.example'


def test_dates_are_explained_to_the_complainant() -> None:
    """The acknowledgement says by when the answer comes, from when it was counted, and what was skipped."""
    said = _flat(samples()["acknowledgement.first"].text)
    assert (
        "by the end of Friday 17 April 2026: 10 working days after Wednesday 1 April 2026, day 1 being Thursday"
        " 2 April, skipping Good Friday (Friday 3 April), weekends and Easter Monday (Monday 6 April)."
    ) in said


def test_own_targets_are_never_passed_off_as_the_policys() -> None:
    """A date that the policy does not set is called a target wherever it is told."""
    notice = "The procedure sets no time limit for this. The date is our own target."
    telling = {name for name in samples() if notice in _flat(samples()[name].text)}
    assert {
        "escalation.plain",
        "acknowledgement.next-stage",
        "assignment.two",
        "outcome.signposts",
    } <= telling
    assert "acknowledgement.first" not in telling


def test_signposts_are_those_that_apply() -> None:
    """A signpost for some courses only reaches the complainants of those."""
    assert "Board of Joiners" not in samples()["closure.signposts"].text
    closure = to_the_end(course="joinery").reply("2026-06-08T19:00", "escalate").mail("closure")
    assert "Board of Joiners" in closure.text
    assert "Education Ombudsman" in closure.text


def test_staff_need_no_contents() -> None:
    """A mail to staff is composed without a single content being read."""
    life = Life().submit()
    assert life.case is not None
    tell = Tell(person="office-1", notice="new-case", stage="first", what="ComplaintSubmitted")
    assert needs(tell, life.case) == ()


def test_interim_response_says_what_is_being_done() -> None:
    """The reviewer's message is in the mail, in full."""
    assert _flat(INTERIM_MESSAGE) in _flat(samples()["interim-response.plain"].text)


def test_unknown_recipients_are_an_error() -> None:
    """A notice to somebody whom the directory lacks is an error, not a mail to nobody."""
    with pytest.raises(UnknownRecipient):
        Life().submit().told(
            Tell(person="nobody", notice="new-case", stage="first", what="ComplaintSubmitted")
        )


SCHOOL = (
    Period(date(2026, 9, 2), date(2026, 10, 23), "the first half of autumn term"),
    Period(date(2026, 11, 2), date(2026, 12, 18), "the second half"),
)


def test_half_terms_and_closures_are_explained_in_one_piece() -> None:
    """Days out of term are one reason with its first and last day, and a closure is called by its name."""
    closed = Period(date(2026, 11, 2), date(2026, 11, 2), "staff training day")
    calendar = replace(CALENDAR, terms=SCHOOL, closures=(closed,))
    due = count((Limit(3, "school-days"),), at("2026-10-22T12:00"), calendar=calendar)
    assert explain(due) == (
        "3 school days after Thursday 22 October 2026, day 1 being Friday 23 October, skipping weekends, the days"
        " between the first half of autumn term and the second half (Monday 26 October to Friday 30 October)"
        " and staff training day (Monday 2 November)"
    )


def test_the_end_of_the_day_itself_needs_no_explanation() -> None:
    """Where nothing is counted, nothing is said about counting."""
    due = count((Limit(0, "days"),), at("2026-03-30T12:00"), calendar=CALENDAR)
    assert explain(due) == ""


def test_one_weekend_is_one() -> None:
    """A single weekend is not told as several."""
    steps = (SkippedDay(date(2026, 10, 24), "Saturday"), SkippedDay(date(2026, 10, 25), "Sunday"))
    due = Due(date(2026, 10, 26), end_of(date(2026, 10, 26)), steps=steps, counted="1 working day")
    assert explain(due) == "1 working day, skipping a weekend"


def test_mails_are_mails() -> None:
    """Every sample has a recipient, a subject and two parts; all but what goes by letter alone have an address."""
    for name, mail in samples().items():
        assert isinstance(mail, Message)
        assert all((mail.to.name, mail.subject, mail.text.strip(), mail.html.strip()))
        assert ("@" in mail.to.email) == (name != "contact-details.by-letter")
