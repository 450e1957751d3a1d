"""What SES reports about mails, through SNS: one that bounced for good, or that was reported as unwanted."""

from __future__ import annotations

import json
from typing import Any

from aws_lambda_powertools import Logger

from adapters.execute import execute
from domain.commands import RecordBounce
from domain.errors import UnknownCase
from handlers.wiring import desk

logger = Logger()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """`event`: SNS records. Answers with how many cases were told. A record that fails is raised after the others
    were done: SNS delivers it again, and what was recorded is not recorded twice."""
    recorded = 0
    failures: list[Exception] = []
    for record in event["Records"]:
        try:
            recorded += _record(json.loads(record["Sns"]["Message"]))
        except Exception as error:
            logger.exception("A mail event could not be recorded.")
            failures.append(error)
    if failures:
        raise failures[0]
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
        execute(ref, RecordBounce(person=person, notice=notice), desk=desk())
    except UnknownCase:
        logger.info("The case is gone.", ref=ref)
        return False
    return True
