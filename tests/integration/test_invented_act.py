"""An act is one room, one file of words and a row in each table: everything else finds it there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from jinja2 import FileSystemLoader

from adapters.rendering import current
from authoring.steps import scenes
from cli.main import app
from domain import registry
from domain.case import COMPLAINANT
from tests.integration import papers
from tests.integration.desk import OUTCOME, Desk, Read
from tests.integration.town import MANAGER, SLUG, Town

INVENTED = Path(__file__).parents[1] / "invented_act"
ROOM = "tests.invented_act.ringing_back"
WORDS = "At four, about the date of the meeting"


@pytest.fixture
def ringing_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The invented act is one of the registry's, and its words are among the templates."""
    monkeypatch.setitem(registry.ROOM_OF_ACT, "ring-back", ROOM)
    monkeypatch.setitem(registry.ROOM_OF_EVENT, "RingingBackPromised", ROOM)
    loader = current().loader
    assert isinstance(loader, FileSystemLoader)
    monkeypatch.setattr(loader, "searchpath", [*loader.searchpath, str(INVENTED)])
    scenes.cache_clear()
    yield
    scenes.cache_clear()
    registry.act.cache_clear()


@pytest.fixture
def promised(leadership: Desk, ringing_back: None) -> Desk:
    """A case of which the office has promised to ring back, after it was assigned."""
    coordinator = leadership.coordinator()
    leadership.act(coordinator, "assign", reviewers=leadership.reviewer())
    answer = leadership.act(coordinator, "ring-back", promise=f"{WORDS}.")
    assert "Promised" in Read(answer["body"]).text
    assert "Ring them when you said." in Read(answer["body"]).text
    leadership.office.deliver_all()
    return leadership


def test_it_is_offered_to_whom_it_belongs_and_refused_to_others(leadership: Desk, ringing_back: None) -> None:
    """Staff who work on the case find it on their page; the complainant does not, and cannot press it."""
    page = Read(leadership.get(leadership.secret(leadership.coordinator()))["body"])
    assert "Promise to ring back" in page.text
    assert "ring-back" in page.forms

    theirs = leadership.secret(COMPLAINANT)
    before = leadership.office.items()
    assert "ring-back" not in Read(leadership.get(theirs)["body"]).forms
    refused = leadership.post(theirs, {"action": "ring-back", "promise": WORDS})
    assert refused["statusCode"] == 403
    assert before == leadership.office.items()


def test_what_it_asks_for_has_to_be_there(leadership: Desk, ringing_back: None) -> None:
    """A form without the promise comes back with the sentence of the room beside the field."""
    secret = leadership.secret(leadership.coordinator())
    answer = leadership.post(secret, {"action": "ring-back", "promise": " "})
    assert answer["statusCode"] == 422
    assert "Write when you ring back, and about what." in Read(answer["body"]).text


def test_it_is_done_and_told_by_mail(promised: Desk) -> None:
    """Who did it is told that it was done, the reviewer that it happened; neither mail has the words."""
    assert promised.facts()[-1] == "RingingBackPromised"
    said = promised.told(promised.coordinator(), "done")
    assert f"You promised to ring back about complaint {promised.ref}." in said
    news = promised.told(promised.case().current.reviewers[0], "case-news")
    assert f"Somebody rings back the person who made complaint {promised.ref}." in news
    assert WORDS not in said + news


def test_a_second_click_is_no_second_promise(promised: Desk) -> None:
    """It is said once, as its traits have it."""
    secret = promised.secret(promised.coordinator())
    again = [promised.post(secret, {"action": "ring-back", "promise": f"{WORDS}!"}) for _ in range(2)]
    assert [200, 409] == [one["statusCode"] for one in again]


def test_it_stands_in_the_history_and_in_the_archive(promised: Desk) -> None:
    """The page of the case and its whole file have the sentence of the room, with the words."""
    coordinator = promised.coordinator()
    page = Read(promised.get(promised.secret(coordinator))["body"]).text
    assert "promised to ring back." in page
    assert WORDS in page
    with papers.export(promised, coordinator, reason="An inspection") as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".html"))
        whole = Read(archive.read(name).decode()).text
    assert "promised to ring back." in whole
    assert WORDS in whole


def test_nothing_waits_for_whoever_could_only_add_to_the_record(town: Town) -> None:
    """A case that waits for the complainant's reply is not on the list of its reviewer, who could note something, add
    a document or take out the file."""
    _answered(town)
    assert town.desk.ref not in _worklist(town)


def test_it_is_on_the_worklist_as_it_says_it_is(town: Town, ringing_back: None) -> None:
    """The same case waits for its reviewer because the room says of its act that it does."""
    _answered(town)
    assert town.desk.ref in _worklist(town)


def test_it_is_played_by_simulate(ringing_back: None) -> None:
    """A scenario has it as one of its acts."""
    result = CliRunner().invoke(
        app, ["simulate", SLUG, "--scenario", str(INVENTED / "scenario.yaml")], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    assert "RingingBackPromised stage-1" in result.output


def _answered(town: Town) -> None:
    """A case whose outcome has been sent: its reviewer waits for the reply."""
    town.complain(SLUG)
    town.acknowledge()
    town.assign()
    reviewer = town.desk.case().current.reviewers[0]
    town.act(reviewer, "respond", **OUTCOME)


def _worklist(town: Town) -> str:
    """What the reviewer's own page lists."""
    return town.own_page(SLUG, MANAGER)[1].text
