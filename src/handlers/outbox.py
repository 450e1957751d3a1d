"""New effects arrive on the table's stream, and are delivered.

One that fails is reported by itself, so that the others of the batch are not delivered again; what fails for good
ends in the dead-letter queue, and the sweep tries it again meanwhile.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import (
    DynamoDBRecord,
    DynamoDBRecordEventName,
)

from adapters.correlation import correlate
from adapters.post.courier import Courier
from adapters.post.delivery import deliver, deliver_to_staff
from adapters.post.outbox import organisation_of
from handlers.background import background_logger
from handlers.counts import publish
from handlers.failures import Failed, without_words
from handlers.wiring import client, site

logger = background_logger()
processor = BatchProcessor(event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)


_sent: Counter[str] = Counter()


def courier() -> Courier:
    return Courier(ses=client("sesv2"), stepfunctions=client("stepfunctions"), sent=_sent)


def publish_sent() -> None:
    """Hand to CloudWatch how many mails have gone out since this was done last."""
    publish(Counter({(procedure, "MailsSent"): number for procedure, number in _sent.items() if number}))
    _sent.clear()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Deliver effects. `event`: a batch of stream records. Answers with those that failed."""
    deliver_one = partial(_deliver, own_id=getattr(context, "aws_request_id", ""))
    answer: Any = process_partial_response(
        event=event, record_handler=deliver_one, processor=processor, context=context
    )
    publish_sent()
    return dict(answer)


def deliver_from(partition: str, effect_id: str) -> bool:
    """Deliver one effect, be it a case's or an organisation's; False: nothing was left to do."""
    organisation = organisation_of(partition)
    if organisation is not None:
        return deliver_to_staff(organisation, effect_id, site=site(), courier=courier())
    return deliver(partition.removeprefix("CASE#"), effect_id, site=site(), courier=courier())


def _deliver(record: DynamoDBRecord, *, own_id: str) -> None:
    # Until it is known from what the effect follows.
    correlate(own_id)
    keys = record.dynamodb.keys if record.dynamodb is not None else {}
    partition, effect_id = str(keys["PK"]), str(keys["SK"])
    if record.event_name is not DynamoDBRecordEventName.INSERT or not effect_id.startswith("OUTBOX#"):
        return
    ref = partition.removeprefix("CASE#")
    try:
        done = deliver_from(partition, effect_id)
    except Exception as error:  # noqa: BLE001 - its words can hold an address
        logger.error("An effect could not be delivered.", ref=ref, effect=effect_id, **without_words(error))
        raise Failed("An effect could not be delivered.") from None
    logger.info("Delivered." if done else "Nothing left to deliver.", ref=ref, effect=effect_id)
