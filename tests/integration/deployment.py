"""Functions as deployed: called with the sample events that stand for their triggers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.case import Case
from tests.integration.office import Office

EVENTS = Path(__file__).parents[2] / "events"
SAMPLE_REFERENCE = "LE-7K3M-9QXT"

ANSWERS: dict[str, Any] = {
    "name": "Canary Complainant",
    "email": "canary@complainant.example",
    "account": "What the canary saw.",
    "aspects": ["One point"],
}


class Context:
    """What Lambda tells a function of itself."""

    function_name = "function"
    function_version = "$LATEST"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:eu-west-2:123456789012:function:function"
    aws_request_id = "00000000-0000-0000-0000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        return 20_000


@dataclass
class Deployment:
    """Functions as deployed: their environment names a table, a bucket, a machine and a clock."""

    office: Office
    clock_file: Path
    ref: str

    def at(self, moment: datetime) -> None:
        """Set the functions' clock."""
        pace = {"domain": moment.isoformat(), "wall": datetime.now(UTC).isoformat(), "speed": 1}
        self.clock_file.write_text(json.dumps(pace), encoding="utf-8")

    def event(self, name: str) -> dict[str, Any]:
        """A sample event, about this deployment's case."""
        text = (EVENTS / f"{name}.json").read_text(encoding="utf-8")
        event: dict[str, Any] = json.loads(text.replace(SAMPLE_REFERENCE, self.ref))
        return event

    def case(self) -> Case:
        stored = self.office.site.store.load(self.ref)
        assert stored is not None
        return stored.case

    def facts(self) -> list[str]:
        return [row["fact"]["type"] for row in self.office.site.store.events(self.ref)]

    def waiting(self) -> list[str]:
        """The effects that are still in the outbox."""
        found = self.office.site.store.due("outbox", datetime(2040, 1, 1, tzinfo=UTC), limit=100)
        return [entry["SK"] for entry in found]
