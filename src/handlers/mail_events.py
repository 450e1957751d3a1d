"""What SES reports about mails, through SNS: that one did not arrive, or was reported as unwanted."""

from __future__ import annotations

import json
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sns_event import SNSEvent

from adapters.cases.execute import execute
from adapters.correlation import correlate
from domain.acts.bounces import RecordBounce
from domain.errors import UnknownCase
from handlers.background import background_logger
from handlers.failures import Failed, without_words
from handlers.wiring import site

logger = background_logger()


class NotRecorded(Failed):
    """Some reports could not be recorded; each was logged. The function fails so that it gets them again."""


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Record what became of mails. `event`: SNS records. Answers with how many cases were told. NotRecorded, after all
    were tried: some could not be; SNS delivers them again, and what was recorded is not recorded twice."""
    correlate(getattr(context, "aws_request_id", ""))
    recorded = failed = 0
    for record in SNSEvent(event).records:
        try:
            recorded += _record(json.loads(record.sns.message))
        except Exception as error:  # noqa: BLE001 - its words can hold an address
            failed += 1
            logger.error("A mail event could not be recorded.", **without_words(error))
    if failed:
        raise NotRecorded(f"{failed} could not be recorded; see the log.")
    return {"recorded": recorded}


def _record(report: dict[str, Any]) -> bool:
    kind = str(report.get("eventType", "")).lower()
    tags = report["mail"].get("tags", {})
    if not _has_failed(kind, report) or "case" not in tags:
        logger.info("Nothing to record.", kind=kind)
        return False
    ref, person, notice = tags["case"][0], tags["person"][0], tags["notice"][0]
    letter = next(iter(tags.get("letter", ())), "")
    try:
        execute(ref, RecordBounce(person=person, notice=notice, letter=letter), site=site())
    except UnknownCase:
        logger.info("The case is gone.", ref=ref)
        return False
    return True


def _has_failed(kind: str, report: dict[str, Any]) -> bool:
    """Return whether a mail is known not to have reached somebody, or to be unwanted. SES reports a bounce once it has
    stopped trying, whatever it calls it; the answer of somebody who is out of the office comes as one too, without
    what a server says of a mail that it did not take."""
    if kind != "bounce":
        return kind in ("complaint", "reject", "rendering failure")
    bounce = report["bounce"]
    if (bounce.get("bounceType"), bounce.get("bounceSubType")) != ("Transient", "General"):
        return True
    recipients = bounce.get("bouncedRecipients", ())
    return any(
        recipient.get(name) for recipient in recipients for name in ("action", "status", "diagnosticCode")
    )
