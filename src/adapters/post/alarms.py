"""Alarms: an execution of Step Functions that wakes a case."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.site import Site
from domain.effect import SetAlarm


def set_alarm(ref: str, alarm: SetAlarm, *, site: Site, stepfunctions: Any) -> None:
    """Start the execution that waits for an alarm. The same alarm again changes nothing."""
    wall = site.clock.wall(alarm.at)
    # A Wait knows whole seconds; woken a moment early, an alarm would find nothing due.
    if wall.microsecond:
        wall = wall.replace(microsecond=0) + timedelta(seconds=1)
    stage, deadline = alarm.deadline.split("/")
    name = f"{ref}.{stage}.{deadline}.{alarm.version}"
    # Where it exists, this is the same effect, delivered a second time.
    with suppress(stepfunctions.exceptions.ExecutionAlreadyExists):
        stepfunctions.start_execution(
            stateMachineArn=site.settings.alarm_machine_arn,
            name=name,
            input=json.dumps(
                {"ref": ref, "deadline": alarm.deadline, "version": alarm.version, "at": _timestamp(wall)}
            ),
        )


def _timestamp(wall: datetime) -> str:
    return wall.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
