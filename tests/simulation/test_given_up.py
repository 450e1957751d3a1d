"""What cannot be delivered for longer than a day, and what failed for good: given up, counted, told, and put back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from tests.simulation import deployment, repair
from tests.simulation.faults import Kind, NoFaults, Planned
from tests.simulation.installation import installed
from tests.simulation.invariants import Watch
from tests.simulation.lives import MAIN, MainPath, first_told, put_back, settle
from tests.simulation.people import Town, submission
from tests.simulation.times import DAY, HOUR, MINUTE
from tests.simulation.world import World


class Answers:
    """What each sweep of a world says that is given up."""

    def __init__(self, world: World) -> None:
        self.counted: list[int] = []
        world.on_outcome.append(self.hear)

    def hear(self, running: Any, outcome: Any) -> None:
        if running.function.name == "SweepFunction" and not outcome.error:
            self.counted.append(outcome.answer["given_up"])


def opened(faults: NoFaults | None = None) -> tuple[World, Town, Watch]:
    """A world with somebody's complaint, of which nobody could be told yet."""
    world = World(1, faults=faults, start=datetime(2026, 11, 2, 10, tzinfo=UTC))
    town = Town(world, Random(1))
    return world, town, Watch(world, town)


def come_in(world: World, town: Town) -> str:
    one = submission(MAIN, Random("form 1"), today=world.utc().date(), number=1)
    town.submitted.append(one)
    return town.submit(one)


def given_up(world: World) -> list[tuple[str, str]]:
    entries = world.table.indexes["due"].entries
    return [key for shard, found in entries.items() if shard.startswith("given-up") for key in found]


def test_what_is_given_up_is_counted_and_goes_out_once_when_it_is_put_back() -> None:
    """An address is refused for a day and a half: each notice for it is given up after 288 sweeps, the metric and the
    answers say how many, the others got theirs at once, and after `dueprocess replay` everybody has one of each."""
    world, town, watch = opened()
    answers = Answers(world)
    (told, *_) = first_told(MAIN)
    with installed(world):
        world.refusing[told] = world.now + 1.5 * DAY
        come_in(world, town)
        world.run(world.now + 1.4 * DAY)
        assert not [mail for mail in world.mails if mail.address == told]
        assert [mail for mail in world.mails if mail.address != told]
        lost = given_up(world)
        assert lost
        # A sweep that finds nothing to do counts too.
        world.sweep()
        world.run(world.now + MINUTE)
        assert answers.counted[-1] == len(lost)
        # While the reason lasts, what is put back is tried for another day, and is no worse off.
        assert world.replay() is False
        assert not given_up(world)
        world.run(world.now + 1.5 * DAY)
        settle(world, watch)
        put_back(world, watch)
        assert not given_up(world)
    assert not watch.violations
    assert set(lost) <= set(world.sent)
    assert {1} == {world.sent[one] for one in lost}


def test_a_case_whose_notices_were_given_up_lives_on_to_its_end() -> None:
    """After they were put back everybody acts from the links in them, and nothing is left in the end."""
    course = MainPath(NoFaults(), refused_for=1.5 * DAY)
    world, watch = course.world, course.live()
    assert not watch.violations
    assert [True] == [account.destroyed for account in watch.accounts.values()]
    assert set(world.sent.values()) == {1}


@pytest.mark.parametrize(
    "kind", ["killed-before", "killed-after", "timed-out", "applied-timed-out", "throttled"]
)
def test_putting_back_can_be_broken_off_anywhere_and_done_again(kind: Kind) -> None:
    """At each call of the command, and of the sweep that it runs: nothing is lost, and nothing goes out twice but for
    the call at which it was broken off."""
    course = MainPath(Planned({}), refused_for=1.1 * DAY)
    with installed(course.world):
        while course._next != "_repaired" or course._until:  # noqa: SLF001
            assert course.step()
    assert given_up(course.world)
    before, plain = course.points, course.copied()
    with installed(plain.world):
        plain.world.replay()
    assert plain.points - before > 10
    for number in range(before + 1, plain.points + 1):
        again = course.resumed({number: kind})
        with installed(again.world):
            again.world.replay()
            settle(again.world, again.watch)
            put_back(again.world, again.watch)
        assert not [str(one) for one in again.watch.violations], number


def test_what_is_in_the_queues_is_put_back() -> None:
    """A schedule that was missed, a sweep and a report on a mail that failed for good, records that the stream gave up,
    an alarm that failed: each comes back, and no message is left."""
    world, town, watch = opened()
    with installed(world):
        ref = come_in(world, town)
        world.run(world.now + HOUR)
        mail = world.mails[0]
        report = {
            "eventType": "Bounce",
            "bounce": {"bounceType": "Permanent"},
            "mail": {
                "tags": {"case": [mail.ref], "notice": [mail.notice], "person": [mail.person]},
                "destination": [mail.address],
            },
        }
        for name, event in (
            ("SweepFunction", {}),
            ("MailEventsFunction", {"Records": [{"Sns": {"Message": json.dumps(report)}}]}),
        ):
            # It failed at each try.
            queue = deployment.functions()[name].invoked.queue
            world._put_aside(queue, repair.of_invocation(name, event, world.utc()))  # noqa: SLF001
        record = {"dynamodb": {"SequenceNumber": "7"}}
        world._put_aside("UndeliveredEffectsQueue", repair.of_batch("OutboxFunction", record, world.utc()))  # noqa: SLF001
        for name in ("SweepFunction", "RetentionMachine"):
            schedule = deployment.schedules()[name]
            target = repair.RESOURCES[name]
            world._put_aside(schedule.queue, {}, TARGET_ARN=target)  # noqa: SLF001
        alarm = next(one for one in world.executions.values() if one.machine == "AlarmMachine")
        alarm.status, alarm.error, alarm.ended = "FAILED", "Unhandled", world.now
        runs = [one for one in world.executions.values() if one.machine == "RetentionMachine"]
        assert 5 == len([*world.dead_letters])
        before = world.table.item(f"CASE#{ref}", "STATE")
        put_back(world, watch)
        assert not world.dead_letters
        assert ("AlarmMachine", alarm.name) in world.redriven
        assert len(runs) + 1 == sum(one.machine == "RetentionMachine" for one in world.executions.values())
        assert before != world.table.item(f"CASE#{ref}", "STATE"), "the bounce is not recorded"
        bounces = [event for event in watch.accounts[ref].states if "system" in event[1]]
        # A second time there is nothing to do.
        version = watch.accounts[ref].version
        assert world.replay()
        assert version == watch.accounts[ref].version
        assert bounces
    assert not watch.violations


def test_the_alarm_rings_for_what_the_sweep_counts() -> None:
    """The metric that the sweeps write is the one that the alarm in the template looks at."""
    alarm = deployment.template()["Resources"]["GivenUpEffectsAlarm"]["Properties"]
    assert ("GivenUp", 0, "GreaterThanThreshold") == (
        alarm["MetricName"],
        alarm["Threshold"],
        alarm["ComparisonOperator"],
    )
    assert [{"Name": "service", "Value": "sweep"}] == alarm["Dimensions"]
