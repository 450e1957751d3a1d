"""The tasks of retention.asl.yaml: find what is to be destroyed, announce it, destroy it."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

from adapters.cases.erasure import destroy
from adapters.cases.execute import execute
from adapters.correlation import correlate
from domain.acts.retention import AnnounceDeletion
from domain.errors import DeletionRefused, UnknownCase
from handlers.background import background_logger
from handlers.failures import ends_without_words
from handlers.wiring import client, site

AT_MOST = 1_000
"""Cases a run; more are found by that of the next day. Each takes 18 events of the 25,000 that the history of an
execution can have, and three for each time that something is tried again."""

logger = background_logger()


@logger.inject_lambda_context(clear_state=True)
@ends_without_words(logger)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Do a task of the retention run. `event`: `task` (`find`, `announce` or `destroy`) and, but for `find`, `ref`.
    Failed: also where the task is another."""
    correlate(getattr(context, "aws_request_id", ""))
    if event["task"] == "find":
        return _find()
    ref = str(event["ref"])
    logger.append_keys(ref=ref)
    match event["task"]:
        case "announce":
            return _announce(ref)
        case "destroy":
            return _destroy(ref)
        case other:
            raise ValueError(f"There is no retention task {other!r}.")


def _find() -> dict[str, Any]:
    """Return every case that is due by now, those of missed days too."""
    due = site().store.due("delete", site().clock.now(), limit=AT_MOST)
    logger.info("Cases are due for deletion.", count=len(due))
    return {"cases": [{"ref": entry["ref"]} for entry in due]}


def _announce(ref: str) -> dict[str, Any]:
    try:
        case = execute(ref, AnnounceDeletion(), site=site())
    except (DeletionRefused, UnknownCase) as refusal:
        logger.info("Not announced.", reason=type(refusal).__name__)
        return {"ref": ref, "proceed": False, "wait_until": ""}
    if case.destroy_at is None:
        raise ValueError("An announcement gives a date.")
    # A Wait knows whole seconds; woken a moment early, the guard would refuse.
    wall = site().clock.wall(case.destroy_at).astimezone(UTC) + timedelta(seconds=1)
    return {"ref": ref, "proceed": True, "wait_until": wall.strftime("%Y-%m-%dT%H:%M:%SZ")}


def _destroy(ref: str) -> dict[str, Any]:
    try:
        destroy(ref, site=site(), s3=client("s3"))
    except (DeletionRefused, UnknownCase) as refusal:
        logger.info("Not destroyed.", reason=type(refusal).__name__)
        return {"ref": ref, "destroyed": False}
    logger.info("Destroyed.")
    return {"ref": ref, "destroyed": True}
