"""New effects arrive on the table's stream, and are delivered.

One that fails is reported by itself, so that the others of the batch are not delivered again; what fails for good
ends in the dead-letter queue, and the sweep tries it again meanwhile.
"""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

from adapters.post.courier import Courier
from adapters.post.delivery import deliver, deliver_to_staff
from adapters.post.outbox import organisation_of
from handlers.failures import Failed, without_words
from handlers.wiring import client, site

logger = Logger()
processor = BatchProcessor(event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)


def courier() -> Courier:
    return Courier(ses=client("sesv2"), stepfunctions=client("stepfunctions"))


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Deliver effects. `event`: a batch of stream records. Answers with those that failed."""
    answer: Any = process_partial_response(
        event=event, record_handler=_deliver, processor=processor, context=context
    )
    return dict(answer)


def deliver_from(partition: str, effect_id: str) -> bool:
    """Deliver one effect, be it a case's or an organisation's; False: nothing was left to do."""
    organisation = organisation_of(partition)
    if organisation is not None:
        return deliver_to_staff(organisation, effect_id, site=site(), courier=courier())
    return deliver(partition.removeprefix("CASE#"), effect_id, site=site(), courier=courier())


def _deliver(record: dict[str, Any]) -> None:
    keys = record["dynamodb"]["Keys"]
    partition, effect_id = keys["PK"]["S"], keys["SK"]["S"]
    if record.get("eventName") != "INSERT" or not effect_id.startswith("OUTBOX#"):
        return
    ref = partition.removeprefix("CASE#")
    try:
        done = deliver_from(partition, effect_id)
    except Exception as error:  # noqa: BLE001 - its words can hold an address
        logger.error("An effect could not be delivered.", ref=ref, effect=effect_id, **without_words(error))
        raise Failed("An effect could not be delivered.") from None
    logger.info("Delivered." if done else "Nothing left to deliver.", ref=ref, effect=effect_id)
