"""What has happened to cases arrives on the table's stream: the lists of what waits for whom follow, and it is counted.

A case is listed as it is now, whichever of its events brings it here, so that events can come twice or in another
order. What fails for good ends in the dead-letter queue; `dueprocess replay` has all lists made again then.
"""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import (
    DynamoDBRecord,
    DynamoDBStreamEvent,
)

from adapters.cases.attributes import from_attributes
from adapters.correlation import correlate
from adapters.figures.waiting import list_case
from handlers.background import background_logger
from handlers.counts import Counted, counts_of, is_counted, publish
from handlers.failures import without_words
from handlers.wiring import site

logger = background_logger()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Follow what has happened. `event`: a batch of stream records, each an event of a case. Answers with those that
    failed."""
    correlate(context.aws_request_id)
    failed: list[str] = []
    listed: set[str] = set()
    counted = Counted()
    for record in DynamoDBStreamEvent(event).records:
        happened = record.dynamodb
        if happened is None:
            continue
        ref = str(happened.keys["PK"]).removeprefix("CASE#")
        try:
            if ref not in listed:
                list_case(ref, site=site())
            if not failed:
                # From the first that failed on, all come again.
                counted += _counts(ref, record)
        except Exception as error:  # noqa: BLE001 - its words can hold an address
            logger.error("It could not be listed whom a case waits for.", ref=ref, **without_words(error))
            failed.append(str(happened.sequence_number))
        else:
            listed.add(ref)
    publish(counted)
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}


def _counts(ref: str, record: DynamoDBRecord) -> Counted:
    """Return what an event counts as. A case that is gone counts no more."""
    fact = from_attributes(record.raw_event["dynamodb"]["NewImage"])["fact"]
    stored = site().store.look(ref) if is_counted(fact["type"]) else None
    return Counted() if stored is None else counts_of(fact, stored.case)
