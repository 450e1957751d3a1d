"""The drawing of a procedure, as a browser lays it out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from authoring.picture import picture_of
from authoring.procedure_file import read
from authoring.svg import as_svg

pytestmark = pytest.mark.browser

FILES = sorted((Path(__file__).parents[2] / "procedures").glob("*.yaml"))

OUTSIDE = """() => {
    const boxes = [...document.querySelectorAll("svg > rect")].slice(1).map(box => box.getBBox());
    const page = document.querySelector("svg > rect").getBBox();
    return [...document.querySelectorAll("svg > text")].filter(text => {
        const own = text.getBBox(), middle = own.y + own.height / 2;
        const within = box => middle > box.y && middle < box.y + box.height && own.x >= box.x;
        const around = boxes.filter(within).pop() || page;
        return own.x + own.width > around.x + around.width || own.y + own.height > page.height;
    }).map(text => text.textContent);
}"""


@pytest.fixture(scope="module")
def sheet(browser: Browser) -> Iterator[Page]:
    """What the drawings are laid out on, one after the other."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_text_fits_its_box(path: Path, sheet: Page) -> None:
    """In the browser's own measure no text is wider than the box in which it stands."""
    sheet.set_content(as_svg(picture_of(read(path))))
    assert sheet.locator("svg > text").count() > 10
    assert sheet.evaluate(OUTSIDE) == []
