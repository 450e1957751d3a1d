"""What AWS refuses is refused in every life: two statements for one transaction, and what is too large."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.http import answer
from tests.simulation import limits
from tests.simulation.clients import LONGEST_HEADER, headers_of
from tests.simulation.deployment import Permission, functions, machine_path
from tests.simulation.expressions import NotSimulated
from tests.simulation.faults import NoFaults
from tests.simulation.installation import installed
from tests.simulation.stepfunctions import TaskFailed, definition, strand
from tests.simulation.times import MINUTE
from tests.simulation.world import World

PUT = "dynamodb:PutItem"


def allowed(*keys: tuple[str, ...]) -> Any:
    """A function whose role has a statement for each of `keys`."""
    statements = tuple(Permission(frozenset([PUT]), "CasesTable", each) for each in keys)
    return replace(functions()["StaffFunction"], permissions=statements, answers={})


def test_a_transaction_is_allowed_by_one_statement() -> None:
    """Whoever may write two kinds of items may not yet write both at once."""
    apart, together = allowed(("DIRECTORY#*",), ("STAFF#*",)), allowed(("DIRECTORY#*", "STAFF#*"))
    both = ("DIRECTORY#one", "STAFF#one")
    for key in both:
        assert apart.may(PUT, "CasesTable", key)
    assert not apart.may(PUT, "CasesTable", *both)
    assert together.may(PUT, "CasesTable", *both)
    assert not together.may(PUT, "CasesTable", *both, "CASE#one")


def test_mails_are_allowed_from_one_sender_to_any_identity() -> None:
    """The template's own roles: to whatever identity SES asks for, under no other sender's name."""
    for name in ("OutboxFunction", "SweepFunction"):
        may = functions()[name].may
        sender = functions()[name].environment["SENDER"]
        for identity in ("dueprocess.example", "example", "somebody@home.example"):
            assert may("ses:SendEmail", f"identity/{identity}", sender)
            assert not may("ses:SendEmail", f"identity/{identity}", "somebody.else@dueprocess.example")


@pytest.mark.parametrize(("text", "is_taken"), [("a" * 6_200_000, True), ("a" * 6_300_000, False)])
def test_an_answer_has_six_megabytes(text: str, is_taken: bool) -> None:
    """Lambda hands on no more, and a person would see an error."""
    page = answer(200, text, media_type="text/html")
    if is_taken:
        limits.hold(page)
    else:
        with pytest.raises(NotSimulated):
            limits.hold(page)


def test_headers_have_ten_kilobytes() -> None:
    """The gateway hands on no more of all headers together."""
    with pytest.raises(NotSimulated):
        limits.hold(answer(303, "", media_type="text/plain", headers={"Location": "/" + "a" * 10_240}))


def test_a_mails_headers_are_measured_as_they_are_sent() -> None:
    """A subject grows when it is encoded."""
    content = {"Simple": {"Subject": {"Data": "ŷ" * 400, "Charset": "UTF-8"}}}
    (_, subject) = headers_of({"FromEmailAddress": "a@b.example", "Content": content})
    assert subject.isascii()
    assert len(subject) > LONGEST_HEADER


def test_a_day_on_which_nothing_is_due_ends_well() -> None:
    """A retention run over no case looks for nothing in results that are not there."""
    world = World(1, faults=NoFaults(), start=datetime(2026, 9, 1, 8, tzinfo=UTC))
    with installed(world):
        world.start_execution("RetentionMachine", "daily", "{}")
        world.run(world.now + MINUTE)
    (run,) = world.executions.values()
    assert run.status == "SUCCEEDED"


@pytest.mark.parametrize("at", ["2026-09-01T08:00:00.500000Z", "2026-09-01T08:00:00+00:00"])
def test_a_wait_has_whole_seconds_in_utc(at: str) -> None:
    """Whatever else a version of the service may take."""
    machine = definition(machine_path("AlarmMachine"))
    with pytest.raises(TaskFailed):
        next(strand(machine, {"at": at}, entered=lambda state: None, jitter=lambda: 1.0))
