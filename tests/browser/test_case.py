"""What a member of staff has in front of them who opens the link in a mail."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from local.stack import LocalStack
from tests.browser.conftest import link_to_new_case
from tests.e2e.people import Town

OFFICE = "office@dynamic-training.example"
ANSWERS = {
    "name": "Complainant In A Hurry",
    "email": "hurry@complainant.example",
    "account": "The session was cancelled twice.",
    "incident_date": "2026-10-26",
    "subject": "training",
    "outcome_sought": "A new date.",
}
FIRST_SCREEN = 900
"""Pixels of a window on a desk."""


@pytest.fixture
def link(stack: LocalStack, request: pytest.FixtureRequest) -> str:
    """The office's link of a fresh case."""
    return link_to_new_case(stack, ANSWERS, key=request.node.name, to=OFFICE)


def test_what_is_asked_is_on_the_first_screen_and_the_rest_a_click_away(
    page: Page, link: str, complaints: list[str]
) -> None:
    """The reviewer can be assigned without a look further down; a note is on a page of its own, which leads back with
    what is wrong, and to the case when it is done. No page is wider than its window."""
    page.goto(link)
    heading = page.get_by_role("heading", name="Assign the reviewer")
    expect(heading).to_be_visible()
    place, window = heading.bounding_box(), page.viewport_size
    assert place is not None
    assert window is not None
    assert place["y"] < FIRST_SCREEN
    assert page.locator("form .button").count() == 1, "one thing to press"
    assert page.evaluate("document.documentElement.scrollWidth") <= window["width"]
    page.get_by_text("More you can do").click()
    page.get_by_role("link", name="Record a call or a meeting").click()
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    expect(page.get_by_role("heading", name="Assign the reviewer")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= window["width"]
    page.get_by_label("Something else").check()
    page.get_by_label("What was said or resolved?").fill("They called.")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Noted")
    page.get_by_role("link", name="Go back to the case").click()
    expect(page.get_by_text("They called.")).to_be_visible()
    # The browser itself notes that the first try was refused; nothing else.
    assert [one for one in complaints if "status of 422" not in one] == []


def test_a_reviewers_page_is_no_wider_than_its_window(page: Page, link: str, stack: LocalStack) -> None:
    """Whoever writes the outcome on a phone scrolls down only, whatever the roles to choose from are called."""
    town = Town(stack)
    reviewer = "departmental-manager-early-years"
    town.act(link, "assign", reviewers=reviewer)
    town.settle()
    mail = next(one for one in reversed(town.mails()) if "assigned to you" in one["subject"])
    page.goto(mail["links"][0])
    window = page.viewport_size
    assert window is not None
    expect(page.get_by_role("button", name="Record the outcome")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= window["width"]
