"""What the law asks for when somebody complains about their data, as those concerned meet it."""

from __future__ import annotations

import pytest

from adapters import procedures
from domain.case import COMPLAINANT
from tests.integration.desk import Read
from tests.integration.papers import PDF, attach
from tests.integration.town import ADDRESS, Town

SLUG = "leadership-east/data-protection"
ORGANISATIONS = (
    "alliance-for-learning",
    "ashton-on-mersey-scitt",
    "creative-alliance",
    "dynamic-training",
    "leadership-east",
)


@pytest.mark.clause("DPA-01", "DPA-02")
@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_every_organisation_takes_them_by_a_form(town: Town, organisation: str) -> None:
    """From the organisation's start page to the check of the answers; nobody is asked for the law."""
    base = f"/{organisation}/data-protection"
    assert base in [one.get("href") for one in town.page(f"/{organisation}").all("a")]
    form = town.page(f"{base}/complaint").text
    assert "What data about you is this about?" in form
    assert "You do not need to know the law." in form
    assert town.fill_in(base[1:]).status == 200
    lacking = town.fill_in(base[1:], personal_data="")
    assert lacking.status == 422
    assert "What data about you is this about?" in lacking.page.text


@pytest.mark.clause("DPA-03")
def test_the_page_names_other_ways(town: Town) -> None:
    """By email, telephone or letter, with the organisation's own addresses, and again on the form."""
    page = town.page(f"/{SLUG}").text
    contact = procedures.load(SLUG).contact
    assert "You can also tell us by email, by telephone or by letter." in page
    assert contact.email in page
    assert contact.telephone in page
    assert "get in touch with us in another way" in town.page(f"/{SLUG}/complaint").text


@pytest.mark.clause("DPA-04")
@pytest.mark.parametrize(
    ("received", "last_day"),
    [
        ("2026-11-02T10:00", "2026-12-01"),
        # The minute before midnight is still that day's.
        ("2026-12-04T23:59", "2027-01-02"),
        ("2027-02-28T09:00", "2027-03-29"),
        ("2028-02-01T09:00", "2028-03-01"),
    ],
)
def test_the_30_days_begin_with_the_day_of_receipt(town: Town, received: str, last_day: str) -> None:
    """Over Christmas, in a short February and in a leap year; no day is skipped."""
    assert town.due(SLUG, "stage/acknowledge", received) == last_day


@pytest.mark.clause("DPA-12")
def test_nothing_goes_to_a_representative_without_consent(town: Town) -> None:
    """Consent is asked for at once. Until it is on record nothing but the acknowledgement goes out: no question, no
    report, no new date, no meeting, no document and no outcome. Then they do."""
    town.complain(SLUG, relationship="representative")
    asked = town.mail(ADDRESS, "consent-request")
    assert "Before we can send anything more about it, we need that person's consent." in asked
    town.begin_stage()
    assert town.mails(ADDRESS, "acknowledgement")
    reviewer = town.desk.reviewer()
    page = town.page_of(reviewer, "note")
    assert {"ask", "progress", "interim", "respond"}.isdisjoint(page.forms)
    secret, form = town.secrets(reviewer)[0], page.forms["note"]
    arranged = {"kind": "meeting-arranged", "when": "On Friday", "text": "To talk about the data."}
    answer = town.desk.post(secret, form.hidden, **arranged)
    assert answer["statusCode"] == 422
    assert "consent has to be recorded." in Read(answer["body"]).text
    assert attach(town.desk, reviewer, PDF, name="The table", **{"for": "shared"})["statusCode"] == 422
    known = {"receipt", "acknowledgement", "consent-request"}
    assert len(town.mails(ADDRESS)) == sum(len(town.mails(ADDRESS, notice)) for notice in known)
    form = town.page_of(reviewer, "consent").forms["consent"]
    assert town.desk.post(secret, form.hidden, consent="")["statusCode"] == 422
    town.act(reviewer, "consent", consent="A signed letter of Monday.")
    assert {"ask", "progress", "interim", "respond"} <= set(town.page_of(reviewer, "respond").forms)
    assert town.answer()


@pytest.mark.clause("DPA-04")
@pytest.mark.parametrize(
    ("act", "notice", "fields"),
    [
        ("correct", "corrected", {"remark": "A remark of ours."}),
        ("decline", "not-covered", {"what": "whole", "goes_to": "A tribunal."}),
    ],
)
def test_what_staff_decide_is_not_told_to_a_representative_without_consent(
    town: Town, act: str, notice: str, fields: dict[str, str]
) -> None:
    """They put right and decline what they have to. The mail about it asks for the consent, and holds no word of it;
    neither does the representative's page."""
    town.complain(SLUG, relationship="representative")
    why = "Not for the representative."
    town.act(town.desk.coordinator(), act, reason=why, **fields)
    assert not town.mails(ADDRESS, notice)
    assert len(town.mails(ADDRESS, "consent-request")) == 2
    told = town.mail(ADDRESS, "consent-request")
    assert "Before we can send anything more about it, we need that person's consent." in told
    page = Read(town.desk.get(town.desk.secret(COMPLAINANT))["body"]).text
    for words in (why, *fields.values()):
        assert words not in told
    assert why not in page


@pytest.mark.clause("DPA-04")
def test_a_person_acknowledges_and_a_miss_is_seen(town: Town) -> None:
    """The receipt promises the day; the acknowledgement is somebody's; whoever is above hears of a miss."""
    town.complain(SLUG)
    receipt = town.mail(ADDRESS, "receipt")
    assert "Tuesday 1 December 2026" in receipt
    assert town.mails(ADDRESS, "acknowledgement") == []
    assert (
        "30 days beginning with Monday 2 November 2026, which is day 1"
        in town.page_of(town.desk.coordinator()).text
    )
    town.wait_until(2026, 12, 2, 0)
    rules = town.desk.procedure()
    above = rules.holders(rules.escalates_to)[0]
    assert town.desk.ref in town.mail(above.email, "breach")
    town.acknowledge()
    assert town.mails(ADDRESS, "acknowledgement")


@pytest.mark.clause("DPA-05")
def test_enquiries_are_made_and_stay_on_the_case(town: Town) -> None:
    """The contact asks the complainant, and notes whom else was asked."""
    town.complain(SLUG)
    town.acknowledge()
    contact = town.desk.coordinator()
    town.act(contact, "ask", question="Which table was it?")
    assert "Which table was it?" in town.mail(ADDRESS, "question")
    question = town.desk.case().current.questions[0].id
    town.act("complainant", "answer", **{f"answer_{question}": "The one of 20 October."})
    town.act(contact, "note", kind="note", text="The office has the table still.")
    page = town.page_of(contact).text
    assert "The one of 20 October." in page
    assert "The office has the table still." in page


@pytest.mark.clause("DPA-06")
def test_the_complainant_is_told_how_it_is_going(town: Town) -> None:
    """Every two weeks from the acknowledgement; the contact is reminded, and a miss is recorded."""
    town.complain(SLUG)
    town.acknowledge()
    contact = town.desk.coordinator()
    town.wait_until(2026, 11, 13, 9)
    assert "the progress report to the complainant" in town.mail(town.desk.address(contact), "reminder")
    town.act(contact, "progress", message="We have asked who sent the table.")
    told = town.mail(ADDRESS, "progress")
    assert "We have asked who sent the table." in told
    assert "You will hear from us again by Friday 27 November 2026." in told
    town.wait_until(2026, 11, 28, 0)
    assert "stage/progress" in [one.deadline for one in town.desk.case().breaches]


@pytest.mark.clause("DPA-07")
def test_the_outcome_comes_by_its_day_or_by_a_new_one_with_the_reason(town: Town) -> None:
    """The date stands on the receipt as our own target; a later one goes out with its reason, an earlier one never."""
    assert town.due(SLUG, "stage/respond", "2026-11-02T10:00") == "2026-12-02"
    town.complain(SLUG)
    assert "Wednesday 2 December 2026" in town.mail(ADDRESS, "receipt")
    town.acknowledge()
    contact = town.desk.coordinator()

    def new_date(day: str) -> dict[str, str]:
        return {"respond_by.year": "2026", "respond_by.month": "12", "respond_by.day": day}

    secret = town.secrets(contact)[0]
    form = Read(town.desk.get(secret)["body"]).forms["interim"]
    refused = town.desk.post(secret, form.hidden, message="Sooner.", who="Me.", next="More.", **new_date("1"))
    assert "later than today and later than Wednesday 2 December 2026" in Read(refused["body"]).text
    town.act(
        contact,
        "interim",
        message="The provider of the table answers next week.",
        who="The contact.",
        next="We write to you.",
        **new_date("11"),
    )
    told = town.mail(ADDRESS, "interim-response")
    assert "The provider of the table answers next week." in told
    assert "Friday 11 December 2026" in told


@pytest.mark.clause("DPA-08", "DPA-09")
def test_the_outcome_says_what_was_found_and_where_to_turn(town: Town) -> None:
    """A conclusion with reasons on each point, what is done, and the Commissioner's address; without one of them it
    does not go out."""
    assert "ico.org.uk/make-a-complaint" in town.page(f"/{SLUG}/complaint").text
    town.complain(SLUG, aspects=["The table", "No answer to my email"])
    town.desk.says_it_was_them()
    town.acknowledge()
    contact = town.desk.coordinator()
    secret = town.secrets(contact)[0]
    form = Read(town.desk.get(secret)["body"]).forms["respond"]
    for lacking, asked in (
        ("conclusion_2", "Choose a conclusion on point 2."),
        ("reasons_2", "Write the reasons for your conclusion on point 2."),
        ("response", "Write the proposed resolution and what will happen next."),
    ):
        refused = town.desk.post(secret, form.hidden, **town.outcome(**{lacking: ""}))
        assert asked in Read(refused["body"]).text
    outcome = town.answer()
    for words in (
        "The table",
        "Because the first.",
        "Because the second.",
        "We are sorry.",
        "Information Commissioner",
    ):
        assert words in outcome, words
    assert "https://ico.org.uk/make-a-complaint" in outcome


@pytest.mark.clause("DPA-10")
def test_the_record_is_kept_for_two_years_and_then_destroyed(town: Town) -> None:
    """All that happened stands on the case's page; two years after the closure its destruction is announced, and not a
    day before."""
    town.complain(SLUG)
    town.answer()
    page = town.page_of(town.desk.coordinator()).text
    assert "2 November 2026" in page
    town.reply("satisfied")
    assert str(town.desk.case().keep_until) == "2028-11-02"
    town.at(2028, 11, 2, 23)
    assert not town.retention("announce")["proceed"]
    town.at(2028, 11, 3, 1)
    town.retention("announce")
    contact = town.desk.procedure().holders(town.desk.procedure().retention.told)[0]
    assert town.desk.ref in town.mail(contact.email, "deletion-notice")


@pytest.mark.clause("DPA-11")
def test_what_makes_it_easier_is_seen_by_who_deals_with_it(town: Town) -> None:
    """The answer stands on the page of whoever deals with the complaint, set apart."""
    town.complain(SLUG, adjustments="Please call instead of writing.")
    assert (
        "What would make it easier for them: Please call instead of writing."
        in town.page_of(town.desk.coordinator()).text
    )
