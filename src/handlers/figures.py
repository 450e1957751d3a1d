"""What has happened to cases arrives on the table's stream, and the lists of what waits for whom follow.

A case is listed as it is now, whichever of its events brings it here, so that events can come twice or in another
order. What fails for good ends in the dead-letter queue; `dueprocess replay` has all lists made again then.
"""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger

from adapters.figures.waiting import list_case
from handlers.failures import without_words
from handlers.wiring import site

logger = Logger()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Follow what has happened. `event`: a batch of stream records, each an event of a case. Answers with those that
    failed."""
    failed: list[str] = []
    listed: set[str] = set()
    for record in event["Records"]:
        ref = record["dynamodb"]["Keys"]["PK"]["S"].removeprefix("CASE#")
        if ref in listed:
            continue
        try:
            list_case(ref, site=site())
        except Exception as error:  # noqa: BLE001 - its words can hold an address
            logger.error("It could not be listed whom a case waits for.", ref=ref, **without_words(error))
            failed.append(record["dynamodb"]["SequenceNumber"])
        else:
            listed.add(ref)
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}
