"""A form in a browser that runs scripts, which stands before the handlers with nothing between them but a gateway."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
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


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass


@pytest.fixture
def served(office: Office, clock_file: Any) -> Iterator[str]:
    """Where the pages are, for a browser at `ADDRESS`."""
    with make_server("127.0.0.1", 0, partial(application, address=ADDRESS), handler_class=_Quiet) as server:
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
    # Chromium itself writes down each answer that is an error.
    assert [one for one in said if "Failed to load resource" not in one] == []
    assert context.cookies() == []
    context.close()


def cases(office: Office) -> int:
    return sum(item["SK"] == {"S": "STATE"} for item in office.items())


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
    expect(page.get_by_role("status")).to_contain_text("Your browser is doing a calculation")
    expect(page.get_by_text("LE-").first).to_be_visible()
    assert cases(office) == 1
