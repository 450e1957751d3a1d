"""What SES reports about mails, through SNS: one that bounced for good, or that was reported as unwanted."""

from __future__ import annotations

import json
from typing import Any

from aws_lambda_powertools import Logger

from adapters.cases.execute import execute
from domain.acts.bounces import RecordBounce
from domain.errors import UnknownCase
from handlers.failures import Failed, without_words
from handlers.wiring import site

logger = Logger()


class NotRecorded(Failed):
    """Some reports could not be recorded; each was logged. The function fails so that it gets them again."""


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Record what became of mails. `event`: SNS records. Answers with how many cases were told. NotRecorded, after all
    were tried: some could not be; SNS delivers them again, and what was recorded is not recorded twice."""
    recorded = failed = 0
    for record in event["Records"]:
        try:
            recorded += _record(json.loads(record["Sns"]["Message"]))
        except Exception as error:  # noqa: BLE001 - its words can hold an address
            failed += 1
            logger.error("A mail event could not be recorded.", **without_words(error))
    if failed:
        raise NotRecorded(f"{failed} could not be recorded; see the log.")
    return {"recorded": recorded}


def _record(report: dict[str, Any]) -> bool:
    kind = report.get("eventType")
    is_final = kind == "Complaint" or (kind == "Bounce" and report["bounce"].get("bounceType") == "Permanent")
    tags = report["mail"].get("tags", {})
    if not is_final or "case" not in tags:
        logger.info("Nothing to record.", kind=kind)
        return False
    ref, person, notice = tags["case"][0], tags["person"][0], tags["notice"][0]
    try:
        execute(ref, RecordBounce(person=person, notice=notice), site=site())
    except UnknownCase:
        logger.info("The case is gone.", ref=ref)
        return False
    return True
