"""The clauses of Ashton on Mersey SCITT's policy, as those concerned meet them."""

from __future__ import annotations

import pytest

from domain.case import COMPLAINANT
from tests.integration.desk import Read
from tests.integration.papers import PDF, ask, attach, export
from tests.integration.town import ADDRESS, Town

SLUG = "ashton-on-mersey-scitt"
POINTS = ["The first point", "The second point"]


@pytest.mark.clause("AOM-01")
@pytest.mark.parametrize("relationship", ["trainee", "mentor", "partner-school", "other"])
def test_anybody_can_raise_a_concern(town: Town, relationship: str) -> None:
    """Whoever it is, the case begins at the informal stage, and the page says that a formal one follows."""
    confirmed = town.complain(SLUG, relationship=relationship)
    assert "Stage 1: settling it informally" in confirmed.text
    assert town.desk.case().current.stage == "informal"
    start = town.page(f"/{SLUG}").text
    assert start.index("Stage 1: settling it informally") < start.index("Stage 2: the management team")


@pytest.mark.clause("AOM-03")
@pytest.mark.parametrize("left_out", ["name", "email"])
def test_an_anonymous_complaint_is_refused_with_the_reason(town: Town, left_out: str) -> None:
    """Without a name, or without a way to reach the person, nothing is opened, and the form says why."""
    answer = town.fill_in(SLUG, **{left_out: ""})
    assert answer.status == 422
    assert "We cannot look into anonymous complaints" in answer.page.text
    assert town.desk.office.items() == []
    assert "We cannot look into anonymous complaints" in town.page(f"/{SLUG}").text


@pytest.mark.clause("AOM-04")
@pytest.mark.parametrize("involved", ["course-tutor-secondary", "course-tutor-primary"])
def test_reviewers_lose_the_case_when_somebody_confirms_whom_it_is_about(town: Town, involved: str) -> None:
    """A tutor was named before the office had looked. Once it confirms that the complaint is about them, or about
    another tutor, whose peer they are, they hear that they do not have it any more, and read nothing of it; a manager
    has to be named in their place, and only managers can be."""
    town.complain(SLUG, account="The canary sang.", people_involved="One of those who teach us.")
    reviewer = "course-tutor-secondary"
    town.assign(reviewer)
    secret = town.secrets(reviewer)[0]
    assert "canary" in town.desk.get(secret)["body"]
    office = town.desk.coordinator()
    town.act(office, "confirm-involved", involved=involved, reason="The trainee said so on the telephone.")
    assert reviewer not in town.desk.case().current.reviewers
    assert "canary" not in town.desk.get(secret)["body"]
    assert "no longer" in town.mail(town.desk.address(reviewer), "case-news")
    form = town.page_of(office, "assign").forms["assign"]
    assert set(form.choices["reviewers"]) == {"course-leader", "scitt-manager"}


@pytest.mark.clause("AOM-06")
def test_only_those_who_deal_with_the_case_can_read_it(town: Town) -> None:
    """Mails to staff hold no word of it; who is no longer its reviewer, and who keeps its dates, reads nothing."""
    town.complain(SLUG, account="The canary saw it.", name="Canary One")
    first, second = town.desk.reviewer(0), town.desk.reviewer(1)
    town.assign(first)
    assert "The canary saw it." in town.page_of(first, "respond").text
    town.assign(second)
    assert "canary" not in town.desk.get(town.secrets(first)[0])["body"].lower()
    assert "canary" in town.page_of(second, "respond").text
    for person in town.desk.procedure().people:
        assert not any("canary saw" in mail or "Canary" in mail for mail in town.mails(person.email))


@pytest.mark.clause("AOM-05")
def test_the_director_has_the_whole_file_of_a_case_in_one_piece(town: Town) -> None:
    """What was done at each stage and which one settled it, all words, letters and documents; that it was taken out,
    and what for, is itself on record. Nobody else who does not deal with the case can take it."""
    town.complain(SLUG, account="The canary saw it.")
    attach(town.desk, COMPLAINANT, PDF, name="A witness")
    settled = town.answer(response="We have met, and it is settled.")
    assert "it is settled" in settled
    town.reply("satisfied")
    director = town.desk.holder("director")
    with export(town.desk, director, reason="The inspectors are here.") as archive:
        page = Read(archive.read(f"{town.desk.ref}/case.html").decode())
        assert archive.read(f"{town.desk.ref}/documents/01 A witness.pdf") == PDF
    for said in (
        "The canary saw it.",
        "Stage 1: settling it informally",
        "We have met, and it is settled.",
        "The complainant is satisfied.",
        "The case was closed.",
        "Director exported the case file.",
        "The inspectors are here.",
    ):
        assert said in page.text, said
    assert town.desk.facts()[-1] == "CaseExported"
    for person in ("strategic-board", "data-protection-contact"):
        holder = town.desk.holder(person)
        pages = [Read(town.desk.get(secret)["body"]) for secret in town.secrets(holder)]
        assert not [one for one in pages if "export" in one.forms]


@pytest.mark.clause("AOM-07")
def test_every_message_prints_as_a_letter_in_the_directors_name(town: Town) -> None:
    """What goes out by email is also a page that prints: sender, address, date, reference, words, signature."""
    town.complain(SLUG, name="Trainee One", address="1 Example Road\nExampleton")
    town.answer(response="We are sorry.")
    sent = town.desk.office.mails_to(ADDRESS)
    secret = town.secrets(COMPLAINANT)[0]
    paths = [part for part in town.desk.get(secret)["body"].split('"') if "/letters/" in part]
    assert len(paths) == len(sent)
    letters = [Read(ask(secret, "letter", path.rpartition("/")[2])["body"]).text for path in paths]
    for letter in letters:
        for said in (
            "Ashton on Mersey SCITT",
            "1 Example Road Exampleton",
            town.desk.ref,
            "Monday 2 November 2026",
            "Dear Trainee One,",
            "Yours sincerely Director",
        ):
            assert said in letter, said
    assert "We are sorry." in letters[-1]


@pytest.mark.clause("AOM-14")
@pytest.mark.parametrize(
    ("received", "due"),
    [
        # Half-term begins: three working days end on Wednesday, three school days after it.
        ("2026-10-23T15:10", "2026-10-28"),
        # Friday 27 November 2026 is a closure day: it is no school day, but it is a working day.
        ("2026-11-24T09:00", "2026-11-27"),
        # Over a weekend in term both end on the same day.
        ("2026-11-05T09:00", "2026-11-10"),
    ],
)
def test_the_earlier_of_three_working_and_three_school_days(town: Town, received: str, due: str) -> None:
    """Whatever the term says, nobody waits for longer than three working days."""
    assert town.due(SLUG, "informal/first-response", received) == due


@pytest.mark.clause("AOM-14")
def test_the_first_response_is_promised_and_its_lack_is_seen(town: Town) -> None:
    """The complainant reads the date; the reviewer is reminded the day before, and the Director hears of its breach,
    as does the complainant."""
    town.complain(SLUG)
    promised = "We will tell you what has been done or is planned by the end of Thursday 5 November 2026"
    assert promised in town.mail(ADDRESS, "acknowledgement")
    assert promised in town.page_of(COMPLAINANT).text
    town.assign()
    assert "by the end of Thursday 5 November 2026" in town.mail(
        town.desk.address(town.desk.reviewer()), "assignment"
    )
    town.wait_until(2026, 11, 4, 9)
    assert town.mails(town.desk.address(town.desk.reviewer()), "reminder")
    town.wait_until(2026, 11, 6, 0, 1)
    assert town.mails("director@ashton-on-mersey-scitt.example", "breach")
    town.wait_until(2026, 11, 6, 9, 1)
    told = town.mail(ADDRESS, "missed-date")
    assert (
        "We should have told you what has been done or is planned by the end of Thursday 5 November" in told
    )


@pytest.mark.clause("AOM-14")
@pytest.mark.parametrize("how", ["a call", "what was done straight away", "in writing", "a new date"])
def test_a_first_response_need_not_be_the_outcome(town: Town, how: str) -> None:
    """Who is told on day one what has been done or is planned has had the first response: nothing is missed on day
    three. The outcome keeps a date of its own."""
    town.complain(SLUG)
    town.assign()
    reviewer = town.desk.reviewer()
    match how:
        case "a call":
            town.act(
                reviewer, "note", kind="call-reached", text="I rang, and will speak to the mentor on Friday."
            )
        case "what was done straight away":
            town.act(reviewer, "contact", done="We moved the meeting.", content="yes")
        case "in writing":
            town.act(reviewer, "progress", message="We have asked the school, and write again next week.")
            assert "We have asked the school, and write again next week." in town.mail(ADDRESS, "progress")
        case _:
            town.act(
                reviewer,
                "interim",
                message="We ask the school, which is closed.",
                who="The course tutor",
                next="We write to you.",
                **{
                    f"respond_by.{part}": value
                    for part, value in (("day", 20), ("month", 11), ("year", 2026))
                },
            )
    town.wait_until(2026, 11, 6, 9, 1)
    assert not town.mails("director@ashton-on-mersey-scitt.example", "breach")
    assert not town.mails(ADDRESS, "missed-date")
    assert "what has been done or is planned by the end of" not in town.page_of(COMPLAINANT).text
    town.wait_until(2026, 11, 23, 9, 1)
    assert town.mails("director@ashton-on-mersey-scitt.example", "breach")


@pytest.mark.clause("AOM-14")
@pytest.mark.parametrize("note", ["call-not-reached", "note", "by the office", "not asked"])
def test_what_the_complainant_did_not_hear_is_no_first_response(town: Town, note: str) -> None:
    """A call that reached nobody, a note for the case, and what somebody else noted do not keep the date."""
    town.complain(SLUG)
    town.assign()
    reviewer = town.desk.reviewer()
    match note:
        case "by the office":
            town.act(town.desk.coordinator(), "note", kind="call-reached", text="They asked for the address.")
        case "not asked":
            town.act(reviewer, "contact", done="We looked at the log.", content="not-asked")
        case _:
            town.act(reviewer, "note", kind=note, text="The school is closed.")
    town.wait_until(2026, 11, 6, 0, 1)
    assert town.mails("director@ashton-on-mersey-scitt.example", "breach")


@pytest.mark.clause("AOM-17", "AOM-18")
def test_the_ladder_to_the_adjudicator(town: Town) -> None:
    """Each answer tells in writing of the next step, each step is another role's, and the last letter names the
    Office of the Independent Adjudicator, with its address."""
    town.complain(SLUG, aspects=POINTS)
    steps = [
        ("scitt-staff", "Stage 2: the management team"),
        ("management-team", "Stage 2: the Director"),
        ("director", "Appeal: the strategic board"),
    ]
    for role, next_step in steps:
        told = town.answer()
        holders = {person.id for person in town.desk.procedure().holders(role)}
        assert set(town.desk.case().current.reviewers) <= holders
        assert next_step in told
        assert "Independent Adjudicator" not in told
        town.reply("escalate")
        assert next_step in town.mail(ADDRESS, "acknowledgement")
    told = town.answer()
    board = {person.id for person in town.desk.procedure().holders("strategic-board")}
    assert set(town.desk.case().current.reviewers) <= board
    assert "Office of the Independent Adjudicator (OIA)" in told
    assert "https://www.oiahe.org.uk" in told
    assert "Office of the Independent Adjudicator (OIA)" in town.page_of(COMPLAINANT, "reply").text
    town.reply("escalate")
    assert "Office of the Independent Adjudicator (OIA)" in town.mail(ADDRESS, "closure")
