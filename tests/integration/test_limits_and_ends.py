"""Contact that is abusive is limited, and whoever was complained about is told the end: by links, pages and mails."""

from __future__ import annotations

from domain.case import COMPLAINANT
from tests.integration.desk import Read
from tests.integration.papers import ask
from tests.integration.town import ADDRESS, MANAGER, SLUG, Town


def page_of(town: Town, person: str) -> str:
    return Read(town.desk.get(town.desk.secret(person))["body"]).text


def test_a_limit_is_asked_for_decided_on_and_lifted(town: Town) -> None:
    """The office asks, the Director decides from the mail, the complainant reads what, why and how long, and their page
    says it too; lifted, it is gone."""
    town.complain(SLUG)
    office, director = town.desk.coordinator(), town.desk.holder("director")
    day = {"review_on.day": "30", "review_on.month": "11", "review_on.year": "2026"}
    limit = "We answer your emails on Fridays, and take no calls."
    town.act(office, "limit-contact", limit=limit, reason="You shouted at us.", **day)
    asked = town.mail(town.desk.address(director), "contact-limit-request")
    assert "Nothing changes until you have decided" in asked
    assert "Fridays" not in asked
    assert limit in page_of(town, director)
    town.act(director, "decide-limit", decision="accept", reason="I have read the notes.")
    told = town.mail(ADDRESS, "contact-limit")
    for said in (limit, "You shouted at us.", "Monday 30 November 2026", "you can always use your own page"):
        assert said in told, said
    assert "How you can contact us is limited at the moment" in page_of(town, COMPLAINANT)
    assert "Contact with the complainant is limited" in page_of(town, office)
    town.act(director, "review-limit", review="lift", reason="It has been quiet.")
    assert "This limit has been lifted" in town.mail(ADDRESS, "contact-limit")
    assert "is limited at the moment" not in page_of(town, COMPLAINANT)


def test_whoever_was_complained_about_is_told_the_end_by_a_person(town: Town) -> None:
    """Nothing before, one mail with the words that were written for them and without a link, and nobody a second
    time."""
    town.complain(SLUG)
    office = town.desk.coordinator()
    town.act(office, "involve", involved="programmes-manager-primary", reason="It is about them.")
    town.act(COMPLAINANT, "withdraw", confirm="yes")
    assert not town.desk.office.mails_to(MANAGER, "told-of-end")
    # Whoever tells somebody else how it ended can read what the complainant was told.
    secret = town.desk.secret(office)
    letters = [one for one in town.desk.get(secret)["body"].split('"') if "/letters/" in one]
    assert letters
    assert ask(secret, "letter", letters[-1].rpartition("/")[2])["statusCode"] == 200
    words = "A complaint about how marks are given out was withdrawn. Nothing follows for you."
    town.act(office, "tell-involved", persons="programmes-manager-primary", message=words)
    told = town.mail(MANAGER, "told-of-end")
    assert words in told
    assert "https://" not in told
    assert "does not include what people wrote" not in told
    assert town.desk.facts()[-1] == "InvolvedTold"
    assert "tell-involved" not in Read(town.desk.get(town.desk.secret(office))["body"]).forms
