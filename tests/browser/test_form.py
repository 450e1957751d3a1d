"""A person complains: with a keyboard, on a desk or a phone, without scripts, with mistakes on the way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from local.stack import LocalStack

pytestmark = pytest.mark.browser

FORM = "/leadership-east/complaint"

AT_A_DESK = pytest.mark.parametrize("window", ["desktop"], indirect=True, scope="session")
"""Where there is a keyboard, and where what happens has nothing to do with the size of the window."""

MOST_STOPS = 80
"""More stops of the Tab key than any page has."""


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until `target` has the focus, and see that this shows."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            outline = target.evaluate("element => getComputedStyle(element).outlineStyle")
            assert outline == "solid", "whoever uses a keyboard has to see where they are"
            return
    raise AssertionError(f"the Tab key does not lead to {target}")


def type_into(page: Page, label: str, text: str) -> None:
    tab_to(page, page.get_by_label(label, exact=False).first)
    page.keyboard.type(text)


def press(page: Page, name: str) -> None:
    """Walk to a button and press it."""
    tab_to(page, page.get_by_role("button", name=name, exact=True))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def fill_in(page: Page) -> None:
    """Fill in what the form requires, with the mouse."""
    page.get_by_label("What is your name?").fill("Complainant One")
    page.get_by_label("What is your email address?").fill("one@complainant.example")
    page.get_by_label("What is your telephone number?").fill("01632 960 001")
    page.get_by_label("What is your address?").fill("1 Example Road\nExampleton")
    page.get_by_label("What happened?").fill("It rained.")
    page.get_by_label("Point 1").fill("The rain")
    page.get_by_label("What would you like to happen?").fill("Sun")
    page.get_by_label("What I have written is true").check()


@AT_A_DESK
def test_a_complaint_is_made_with_the_keyboard_alone(page: Page, stack: LocalStack) -> None:
    """From the index to the confirmation nothing needs a mouse, and the mail with the same reference arrives."""
    page.goto("/")
    tab_to(page, page.get_by_role("link", name="Leadership East"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Make a complaint"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    type_into(page, "What is your name?", "Complainant One")
    type_into(page, "What is your email address?", "keyboard@complainant.example")
    type_into(page, "What is your telephone number?", "01632 960 001")
    type_into(page, "What is your address?", "1 Example Road")
    tab_to(page, page.get_by_label("NPQ for Early Years Leadership"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("NPQ for Executive Leadership")).to_be_checked()
    type_into(page, "What happened?", "It rained.\nAll day.")
    type_into(page, "Point 1", "The rain")
    press(page, "Add another point")
    expect(page.get_by_label("Point 2")).to_be_focused()
    page.keyboard.type("The wind")
    type_into(page, "What would you like to happen?", "Sun")
    tab_to(page, page.get_by_label("What I have written is true"))
    page.keyboard.press("Space")
    press(page, "Continue")
    expect(page).to_have_title("Check your answers – Leadership East")
    expect(page.get_by_text("The wind")).to_be_visible()
    press(page, "Send")
    expect(page).to_have_title("We have received your complaint – Leadership East")
    reference = page.locator(".reference").inner_text()
    assert re.fullmatch(r"LE-[A-Z0-9]{4}-[A-Z0-9]{4}", reference)
    assert stack.eventually(
        lambda: any(reference in mail["text"] for mail in stack.outbox("keyboard@complainant.example"))
    )


def test_mistakes_are_shown_and_nothing_typed_is_lost(page: Page) -> None:
    """The summary has the focus and leads to each field; what was right stays; put right, it goes on."""
    page.goto(FORM)
    fill_in(page)
    page.get_by_label("What is your email address?").fill("one")
    page.get_by_label("What is your telephone number?").fill("")
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page).to_have_title("Error: Make a complaint – Leadership East")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_text(
        [
            "Enter an email address in the correct format, like name@example.com.",
            "Enter your telephone number.",
        ]
    )
    expect(page.get_by_label("What is your email address?")).to_have_value("one")
    expect(page.get_by_label("What is your address?")).to_have_value("1 Example Road\nExampleton")
    expect(page.get_by_label("What I have written is true")).to_be_checked()
    expect(page.get_by_label("What is your telephone number?")).to_have_accessible_description(
        "We may call you to talk about your complaint. Error: Enter your telephone number."
    )
    summary.get_by_role("link", name="Enter your telephone number.").click()
    expect(page.get_by_label("What is your telephone number?")).to_be_focused()
    page.keyboard.type("01632 960 001")
    page.get_by_label("What is your email address?").fill("one@complainant.example")
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page).to_have_title("Check your answers – Leadership East")


@AT_A_DESK
def test_enter_in_a_field_goes_on_and_adds_nothing(page: Page) -> None:
    """The Enter key means Continue, whatever other buttons the form has."""
    page.goto(FORM)
    fill_in(page)
    page.get_by_label("What is your name?").press("Enter")
    expect(page).to_have_title("Check your answers – Leadership East")


@AT_A_DESK
def test_a_step_back_and_a_second_click_open_no_second_case(page: Page) -> None:
    """Whoever reloads the confirmation, or goes back and sends again, sees the same reference."""
    page.goto(FORM)
    fill_in(page)
    page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_role("button", name="Send", exact=True).click()
    reference = page.locator(".reference").inner_text()
    page.reload()
    expect(page.locator(".reference")).to_have_text(reference)


def test_change_leads_to_the_question(page: Page) -> None:
    """From the check page one press leads to the answer to be changed, and what is new is checked again."""
    page.goto(FORM)
    fill_in(page)
    page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_role("button", name="Change your answer to “What is your telephone number?”").click()
    expect(page.get_by_label("What is your telephone number?")).to_be_in_viewport()
    page.get_by_label("What is your telephone number?").fill("07700 900 982")
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.get_by_text("07700 900 982")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/dynamic-training", "/alliance-for-learning/complaint", "/nobody"])
def test_pages_fit_their_window(path: str, page: Page, complaints: list[str]) -> None:
    """Nothing has to be scrolled sideways, and the browser refuses nothing that the page asks for."""
    page.goto(path)
    width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width[0] <= width[1]
    assert page.locator("header").evaluate("it => getComputedStyle(it).color") == "rgb(255, 255, 255)"
    assert [text for text in complaints if "Content Security Policy" in text] == []
