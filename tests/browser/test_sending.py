"""A form in a browser that runs scripts, which stands before the handlers with nothing between them but a gateway."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from playwright.sync_api import Browser, Page, expect

from adapters.people.strangers import wait_for
from domain.rates import PER_ADDRESS, connection_of
from handlers import wiring
from tests.browser.gateway import application
from tests.browser.test_form import FORM, fill_in
from tests.integration.conftest import clock_file, office, simulated_aws
from tests.integration.office import Office

__all__ = ["clock_file", "office", "simulated_aws"]

pytestmark = pytest.mark.browser

ADDRESS = "192.0.2.7"

OFFICE = "programmes.office@leadership-east.example"


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass


Refusals = dict[str, tuple[str, bool]]
"""What does not go through: by the path, with which status, and whether it is carried out all the same."""


@pytest.fixture
def refusals() -> Refusals:
    """What the gateway refuses, until it is taken out."""
    return {}


@pytest.fixture
def served(office: Office, clock_file: Any, refusals: Refusals) -> Iterator[str]:
    """Where the pages are, for a browser at `ADDRESS`."""

    def gateway(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] in refusals:
            status, was_done = refusals[environ["PATH_INFO"]]
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            if was_done:
                again = {**environ, "wsgi.input": BytesIO(body)}
                list(application(again, lambda *_: None, address=ADDRESS))
            start_response(status, [("Content-Type", "application/json")])
            return [b'{"message":"Too Many Requests"}']
        return application(environ, start_response, address=ADDRESS)

    with make_server("127.0.0.1", 0, gateway, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def page(browser: Browser, served: str) -> Iterator[Page]:
    """A page that runs scripts, and complains of nothing on its console."""
    context = browser.new_context(base_url=served, locale="en-GB", viewport={"width": 320, "height": 740})
    page = context.new_page()
    page.set_default_timeout(30_000)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    # Chromium itself writes down each answer that is an error, and that we were faster with the focus.
    noted = ("Failed to load resource", "Autofocus processing was blocked")
    assert [one for one in said if not one.startswith(noted)] == []
    assert context.cookies() == []
    context.close()


def cases(office: Office) -> int:
    return sum(item["SK"] == {"S": "STATE"} for item in office.items())


def notes(office: Office) -> int:
    return sum(item.get("fact", {}).get("M", {}).get("type") == {"S": "NoteAdded"} for item in office.items())


def to_the_check(page: Page) -> None:
    """Fill in the form and go on to the answers."""
    page.goto(FORM)
    fill_in(page)
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page).to_have_title("Check your answers – Leadership East")


def test_beyond_the_limit_the_browser_works_out_a_proof_and_sends(office: Office, page: Page) -> None:
    """Whoever is at a busy connection presses Send once, reads what is going on, and has a reference in the end."""
    connection = connection_of(ADDRESS)
    assert connection is not None
    for _ in range(PER_ADDRESS.at_once):
        assert wait_for(connection, site=wiring.site()) == 0
    to_the_check(page)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("It has not been sent yet")
    expect(page.get_by_role("status").first).to_contain_text("Your browser is doing a calculation")
    expect(page.get_by_text("LE-").first).to_be_visible()
    assert cases(office) == 1


def test_a_form_that_is_refused_stays_as_it_was_typed_and_goes_through_later(
    office: Office, page: Page, refusals: Refusals
) -> None:
    """The gateway refuses the answers and then the form, without any code of ours: nothing is lost, one case opens."""
    refusals[FORM] = ("429 -", False)
    refusals[f"{FORM}/submit"] = ("503 -", False)
    page.goto(FORM)
    fill_in(page)
    page.get_by_role("button", name="Continue", exact=True).click()
    said = page.locator("#sending")
    expect(said).to_contain_text("This has not been sent. What you wrote is still on this page.")
    expect(said).to_contain_text("You can also call 01632 960 210.")
    expect(page.get_by_label("What happened?")).to_have_value("It rained.")
    del refusals[FORM]
    expect(page).to_have_title("Check your answers – Leadership East")
    expect(page.get_by_role("heading", name="Check your answers")).to_be_focused()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(said).to_contain_text("this may have been sent or not")
    expect(page.get_by_text("It rained.")).to_be_visible()
    assert cases(office) == 0
    refusals.clear()
    expect(page.get_by_text("Your reference is")).to_be_visible()
    expect(page.get_by_role("heading", name="We have received your complaint")).to_be_focused()
    assert cases(office) == 1


def test_an_answer_that_gets_lost_opens_no_second_case(
    office: Office, page: Page, refusals: Refusals
) -> None:
    """What was carried out and not answered is sent again under the same key, at once where somebody presses Send."""
    refusals[f"{FORM}/submit"] = ("503 -", True)
    to_the_check(page)
    send = page.get_by_role("button", name="Send", exact=True)
    send.click()
    expect(page.locator("#sending")).to_contain_text("we will not count it twice")
    refusals.clear()
    send.click()
    expect(page.get_by_text("Your reference is")).to_be_visible()
    assert cases(office) == 1


def test_the_way_back_leads_to_what_was_typed(page: Page) -> None:
    """Sending answers to be checked leaves the form one step back, as it was filled in, and it can be sent again."""
    to_the_check(page)
    page.go_back()
    expect(page.get_by_label("What happened?")).to_have_value("It rained.")
    page.get_by_label("What happened?").fill("It snowed.")
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.get_by_text("It snowed.")).to_be_visible()


def test_a_mistake_is_shown_as_without_scripts(page: Page) -> None:
    """A form that lacks answers comes back with what is missing, and reading begins there."""
    page.goto(FORM)
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Enter your name")


def test_offline_a_form_stays_and_is_sent_once_there_is_a_network(office: Office, page: Page) -> None:
    """Without a network the page says so, and what is sent when it is back opens one case."""
    to_the_check(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#sending")).to_contain_text("Your browser will try again")
    page.context.set_offline(False)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Your reference is")).to_be_visible()
    assert cases(office) == 1


def test_what_is_typed_behind_a_link_stays_and_is_recorded_once(
    office: Office, page: Page, refusals: Refusals
) -> None:
    """A note that the gateway refuses stays as it was typed; sent again, though its answer got lost, it stands in the
    case once."""
    to_the_check(page)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Your reference is")).to_be_visible()
    office.deliver_all()
    found = re.search(r"https://complaints.example(/l/\S+)", office.text_to(OFFICE))
    assert found is not None
    link = found[1]
    refusals[link] = ("429 -", False)
    page.goto(f"{link}?act=note")
    page.get_by_label("A call: I reached the complainant").check()
    page.get_by_label("What was said or resolved?").fill("It still rains.")
    record = page.get_by_role("button", name="Record it")
    record.click()
    said = page.locator("#sending")
    expect(said).to_contain_text("This has not been sent. What you wrote is still on this page.")
    expect(said).not_to_contain_text("call 01632")
    expect(page.get_by_label("What was said or resolved?")).to_have_value("It still rains.")
    assert notes(office) == 0
    refusals[link] = ("503 -", True)
    record.click()
    expect(said).to_contain_text("we will not count it twice")
    refusals.clear()
    record.click()
    expect(page.get_by_role("alert")).to_contain_text("already been recorded")
    assert notes(office) == 1


def test_what_is_done_behind_a_link_is_shown_at_its_heading(office: Office, page: Page) -> None:
    """Where nothing is refused, the page of what was done comes as without scripts, and mistakes are shown."""
    to_the_check(page)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Your reference is")).to_be_visible()
    office.deliver_all()
    found = re.search(r"https://complaints.example(/l/\S+)", office.text_to(OFFICE))
    assert found is not None
    page.goto(f"{found[1]}?act=note")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("Something else").check()
    page.get_by_label("What was said or resolved?").fill("It still rains.")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("heading", name="Noted")).to_be_focused()
    assert notes(office) == 1
