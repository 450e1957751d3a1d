"""Two versions at once: for the minutes of a deployment, or after one that is taken back, each acts on what the other
wrote.

The newer one is this version with an act more, which no procedure has (tests/invented_act). The older one is this
version, which knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from jinja2 import FileSystemLoader, TemplateNotFound

from adapters.post.delivery import deliver
from adapters.rendering import current
from domain import registry
from domain.case import COMPLAINANT, replay
from domain.frozen import Frozen
from domain.records import from_record, to_record
from domain.registry import event_in
from handlers import alarm
from tests.integration import papers
from tests.integration.deployment import Context
from tests.integration.desk import OUTCOME, Desk, Read

pytestmark = pytest.mark.integration

INVENTED = Path(__file__).parents[1] / "invented_act"
UNKNOWN = "Something was recorded by a newer version of this service."
ROOM = "tests.invented_act.ringing_back"


@contextmanager
def newer_version() -> Iterator[None]:
    """Meanwhile it is the newer version that answers."""
    loader = current().loader
    assert isinstance(loader, FileSystemLoader)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(registry.ROOM_OF_ACT, "ring-back", ROOM)
        patch.setitem(registry.ROOM_OF_EVENT, "RingingBackPromised", ROOM)
        patch.setattr(loader, "searchpath", [*loader.searchpath, str(INVENTED)])
        forget()
        yield
    forget()


def forget() -> None:
    """What was known of acts is another version's."""
    registry.act.cache_clear()


@pytest.fixture
def written_by_newer(leadership: Desk) -> Desk:
    """A case in which the newer version has stored an event that the older one does not know; of its notices none has
    gone out."""
    coordinator = leadership.coordinator()
    leadership.act(coordinator, "assign", reviewers=leadership.reviewer())
    leadership.office.deliver_all()
    with newer_version():
        leadership.act(coordinator, "ring-back", promise="At four.")
    assert leadership.facts()[-1] == "RingingBackPromised"
    return leadership


def told_by_newer(desk: Desk) -> None:
    with newer_version():
        desk.office.deliver_all()


def test_the_older_version_goes_on_with_a_case_of_the_newer_one(written_by_newer: Desk) -> None:
    """It shows the case, with what it does not know as something that was recorded; people act; the file comes out;
    the newer version finds everything in its place."""
    desk = written_by_newer
    coordinator, reviewer = desk.coordinator(), desk.reviewer()
    told_by_newer(desk)
    desk.act(coordinator, "acknowledge", confirm="yes")
    assert UNKNOWN in Read(desk.get(desk.secret(coordinator))["body"]).text
    with papers.export(desk, coordinator, reason="An inspection") as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".html"))
        assert UNKNOWN in Read(archive.read(name).decode()).text
    with newer_version():
        page = Read(desk.get(desk.secret(coordinator))["body"]).text
        assert "promised to ring back." in page
        assert UNKNOWN not in page
        facts = [event_in(row["fact"]) for row in desk.office.site.store.events(desk.ref)]
        assert replay(desk.ref, facts) == desk.case()
        desk.act(reviewer, "ring-back", promise="At five.")
    told_by_newer(desk)
    desk.act(reviewer, "respond", **OUTCOME)
    desk.act(COMPLAINANT, "reply", answer="satisfied")
    assert not desk.case().is_open


def test_what_the_older_version_cannot_send_waits_for_the_newer_one(written_by_newer: Desk) -> None:
    """Its sweep delivers everything else; what it has no words for stays in the outbox, and goes out afterwards."""
    desk = written_by_newer
    store, now = desk.office.site.store, desk.office.clock.now() + timedelta(days=1)
    waiting = {entry["SK"] for entry in store.due("outbox", now, limit=100)}
    assert waiting
    for effect in waiting:
        with pytest.raises(TemplateNotFound):
            deliver(desk.ref, effect, site=desk.office.site, courier=desk.office.courier)
    assert waiting == {entry["SK"] for entry in store.due("outbox", now, limit=100)}
    told_by_newer(desk)
    assert "You promised to ring back" in desk.told(desk.coordinator(), "done")
    assert not store.due("outbox", now, limit=100)


def test_the_older_version_keeps_the_dates_of_a_case_of_the_newer_one(written_by_newer: Desk) -> None:
    """What wakes the case sees that a date was missed, and tells people."""
    desk = written_by_newer
    told_by_newer(desk)
    desk.at(desk.office.clock.now() + timedelta(days=60))
    alarm.handler({"ref": desk.ref, "deadline": "stage-1/respond", "version": 1}, Context())
    assert desk.case().breaches
    assert desk.office.deliver_all()


class Later(Frozen):
    """A record as a later version has it."""

    said: str
    more: str = ""


def test_a_field_is_read_before_it_is_written() -> None:
    """Why a shape changes in two versions: one that does not know a field reads the rest, and writes it back without
    it. One that reads it, and does not write it yet, keeps it."""

    class Earlier(Frozen):
        said: str

    Earlier.__name__ = Later.__name__ = "Remark"
    record = to_record(Later(said="Yes", more="Really"))
    (before, reads) = (from_record((kind,), record) for kind in (Earlier, Later))
    assert to_record(before) == {"type": "Remark", "said": "Yes"}
    assert to_record(reads) == record
    # And what the earlier one writes, the later one reads.
    assert from_record((Later,), to_record(Earlier(said="No"))) == Later(said="No")
