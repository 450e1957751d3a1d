"""A file goes from a browser into a case and comes back, and a letter prints: without scripts, on the whole stack."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from local.stack import LocalStack
from tests.browser.conftest import link_to_new_case
from tests.integration.papers import MP3, PDF

pytestmark = pytest.mark.browser

ADDRESS = "recording@complainant.example"
ANSWERS = {
    "name": "Complainant With A Recording",
    "email": ADDRESS,
    "account": "I would rather say what happened than write it. There is a recording.",
    "incident_date": "2026-10-26",
    "subject": "training",
    "outcome_sought": "That somebody listens.",
    "address": "2 Example Road\nExampleton\nEX2 2AA",
}


@pytest.fixture
def link(stack: LocalStack, request: pytest.FixtureRequest) -> str:
    """The complainant's link of a fresh case."""
    return link_to_new_case(stack, ANSWERS, key=request.node.name, to=ADDRESS)


def test_a_recording_goes_in_and_comes_back(
    page: Page, link: str, tmp_path: Path, complaints: list[str]
) -> None:
    """Chosen, sent straight to where files are kept, named on the way back, and saved again from the own page."""
    file = tmp_path / "voice of a canary.mp3"
    file.write_bytes(MP3)
    page.goto(link)
    page.get_by_role("link", name="Add a document or a recording").click()
    page.get_by_label("Choose a file").set_input_files(file)
    page.get_by_role("button", name="Send the file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your file has arrived")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("alert")).to_contain_text("Write what the document is, in a few words.")
    page.get_by_label("What is it?").fill("What I would say")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    page.get_by_role("link", name="Go back to your page").click()
    with page.expect_download() as saving:
        page.get_by_role("link", name="What I would say").click()
    assert re.fullmatch(r"DT-\w{4}-\w{4}-01\.mp3", saving.value.suggested_filename)
    assert Path(saving.value.path()).read_bytes() == MP3
    # The browser itself notes that the first try was refused; nothing else.
    assert [one for one in complaints if "status of 422" not in one] == []


# Paper has the same size, whatever the window's is.
@pytest.mark.parametrize("window", ["desktop"], indirect=True)
def test_the_copy_is_saved_and_a_letter_prints(
    page: Page, link: str, tmp_path: Path, complaints: list[str]
) -> None:
    """The complainant's copy is one file; each message is a letter on A4, with the address in the window."""
    file = tmp_path / "letter.pdf"
    file.write_bytes(PDF)
    page.goto(link)
    page.get_by_role("link", name="Add a document or a recording").click()
    page.get_by_label("Choose a file").set_input_files(file)
    page.get_by_role("button", name="Send the file").click()
    page.get_by_label("What is it?").fill("A letter")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("link", name="Go back to your page").click()
    page.get_by_label("Yes, make me a copy").check()
    page.get_by_role("button", name="Make the copy").click()
    with page.expect_download() as saving:
        page.get_by_role("link", name="Save the file").click()
    with zipfile.ZipFile(io.BytesIO(Path(saving.value.path()).read_bytes())) as archive:
        names = [name.partition("/")[2] for name in archive.namelist()]
        assert names == ["case.html", "case.json", "documents/01 A letter.pdf"]
        copy = archive.read(archive.namelist()[0]).decode()
    assert "There is a recording." in copy
    page.goto(link)
    page.get_by_role("link", name="We are dealing with your complaint").click()
    page.emulate_media(media="print")
    expect(page.get_by_role("note")).to_be_hidden()
    address = page.locator(".to").bounding_box()
    assert address is not None
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    expect(page.locator(".to")).to_contain_text("EX2 2AA")
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    # A4 in points, in the box of every page.
    assert re.search(rb"/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]", printed)
    assert complaints == []
