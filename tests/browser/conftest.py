"""A real browser, without scripts, in front of the local stack."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from local.stack import LocalStack
from tests.e2e.people import Town

# The first answer of a function includes its start.
expect.set_options(timeout=30_000)

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium. Where there is none, tests are skipped, but never in CI."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if program is None:
        missing = "There is no Chromium here: install it, or say where it is in CHROMIUM."
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser writes on its console."""
    return []


@pytest.fixture(scope="session", params=["desktop", "phone"])
def window(request: pytest.FixtureRequest, browser: Browser, stack: LocalStack) -> Iterator[BrowserContext]:
    """A browser of the size of a desk's or a phone's. Scripts are off: nothing needs them."""
    desktop, phone = ViewportSize(width=1280, height=900), ViewportSize(width=360, height=740)
    size = desktop if request.param == "desktop" else phone
    context = browser.new_context(
        base_url=stack.base_url, viewport=size, java_script_enabled=False, locale="en-GB"
    )
    yield context
    context.close()


@pytest.fixture
def page(window: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    """A page of its own. Nothing that another one left is there: the application keeps nothing in a browser."""
    page = window.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    yield page
    page.close()
    assert window.cookies() == []


def link_to_new_case(stack: LocalStack, answers: Mapping[str, str], *, key: str, to: str) -> str:
    """The link that somebody gets by mail when a complaint is made at Dynamic Training."""
    town = Town(stack)
    receipt = town.submit("dynamic-training", answers, key=key)
    assert receipt.status == 201, receipt.text
    town.settle()
    return next(door for address, door, _ in town.doors(receipt.json()["reference"]) if address == to)
