"""Every five minutes: fire what an alarm missed, deliver what the outbox still holds, and go on with the rounds through
all open cases (`adapters.cases.rounds`) in the time that is left.

What cannot be delivered is tried again by each sweep of a day, after all else, and then given up: it stays in its case,
and a metric with an alarm counts it until `dueprocess replay` puts it back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from adapters import procedures
from adapters.cases.execute import see_to
from adapters.cases.rounds import Round, RoundName, Went, go_on, key_of, round_in
from adapters.correlation import correlate
from adapters.figures.waiting import fingerprint, list_case
from adapters.people.directory import keys_of_all, note_read
from adapters.post.delivery import put_off
from adapters.post.outbox import organisation_of
from domain.errors import UnknownCase
from handlers.background import background_logger
from handlers.counts import publish
from handlers.failures import Failed, ends_without_words, without_words
from handlers.outbox import deliver_from, publish_sent
from handlers.wiring import site

ROUNDS: Final[tuple[RoundName, RoundName]] = ("CALENDARS", "LISTS")

AT_MOST = 2000
"""Cases and effects a run; the next one is five minutes away."""

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)

STREAM_TIME = timedelta(minutes=2)
"""So long the stream is given to deliver an effect before the sweep does."""

RESERVE_MS = 10_000
"""What has to be left of the function's time to begin with another one."""

logger = background_logger()
metrics = Metrics()


class SweepIncomplete(Failed):
    """Some could not be done; each was logged. The function fails so that somebody is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How many were done, how many could not be, and whether some are left for the next sweep."""

    done: int
    failed: int
    is_left: bool = False


def _wake(now: datetime, context: Any) -> Done:
    """Wake the cases that something is due in."""
    done = failed = 0
    for entry in site().store.each_due("wake", now):
        if done >= AT_MOST or _is_time_up(context):
            return Done(done=done, failed=failed, is_left=True)
        if _is_seen_to(entry["ref"], see_to, "A case could not be woken."):
            done += 1
        else:
            failed += 1
    return Done(done=done, failed=failed)


def _deliver(now: datetime, context: Any) -> Done:
    """Deliver the effects that the stream did not."""
    done = failed = 0
    for entry in site().store.each_due("outbox", now - STREAM_TIME):
        if done + failed >= AT_MOST or _is_time_up(context):
            return Done(done=done, failed=failed, is_left=True)
        correlate(context.aws_request_id)
        try:
            done += deliver_from(entry["PK"], entry["SK"])
        except Exception as error:  # noqa: BLE001 - its words can hold an address
            failed += 1
            logger.error(
                "An effect could not be delivered.",
                ref=entry["ref"],
                effect=entry["SK"],
                **without_words(error),
            )
            _put_off(entry)
    return Done(done=done, failed=failed)


def _go_round(now: datetime, context: Any, *, lists_anew: bool) -> Went:
    """Have all open cases counted again where holidays or terms changed with a deployment, and listed again where
    people, absences or rules did. A case in which nothing moves is only read."""
    # Who is there today is read with where the rounds are, in one request.
    keys, directories = {name: key_of(name) for name in ROUNDS}, keys_of_all()
    found = site().store.get_all([*keys.values(), *directories])
    note_read(directories, found, site=site())
    counting, listing = (round_in(found.get(keys[name])) for name in ROUNDS)
    if lists_anew:
        listing = replace(listing, done="", under_way="")
    now_by: dict[RoundName, tuple[Round, str, Callable[[str], bool]]] = {
        "CALENDARS": (
            counting,
            procedures.calendars(),
            lambda ref: _is_seen_to(ref, see_to, "A case could not be counted again."),
        ),
        "LISTS": (
            listing,
            fingerprint(site()),
            lambda ref: _is_seen_to(ref, list_case, "It could not be listed whom a case waits for."),
        ),
    }
    went = [
        go_on(
            name,
            at,
            by,
            see_to=do,
            is_time_up=lambda: _is_time_up(context),
            store=site().store,
            now=now,
        )
        for name, (at, by, do) in now_by.items()
    ]
    return Went(failed=sum(one.failed for one in went), is_left=any(one.is_left for one in went))


def _is_seen_to(ref: str, do: Callable[..., object], complaint: str) -> bool:
    """Do it for a case, and return whether it could be."""
    try:
        do(ref, site=site())
    except UnknownCase:
        logger.info("The case is gone; the index is behind.", ref=ref)
    except Exception as error:  # noqa: BLE001 - its words can hold an address
        logger.error(complaint, ref=ref, **without_words(error))
        return False
    return True


def _is_time_up(context: Any) -> bool:
    return bool(context.get_remaining_time_in_millis() < RESERVE_MS)


def _procedure_of(entry: dict[str, Any]) -> str:
    """Return which procedure an effect belongs to: its case's, or that of the organisation whose staff it is for."""
    if (organisation := organisation_of(entry["PK"])) is not None:
        return organisation
    stored = site().store.load(entry["ref"])
    return "none" if stored is None else stored.case.organisation


def _put_off(entry: dict[str, Any]) -> None:
    try:
        if put_off(entry["PK"], entry["SK"], site=site()):
            logger.error("An effect is given up.", ref=entry["ref"], effect=entry["SK"])
            publish(Counter([(_procedure_of(entry), "DeliveriesGivenUp")]))
    except Exception as error:  # noqa: BLE001 - its words can hold an address
        # The next sweep tries it, and this, again.
        logger.error(
            "An effect could not be put off.", ref=entry["ref"], effect=entry["SK"], **without_words(error)
        )


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
@ends_without_words(logger)
def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Return how many cases were woken and how many effects delivered, how many effects are given up by
    now, and whether some were left for the next sweep (1) or not (0). An `event` of `dueprocess rebuild` has the lists
    of what waits for whom made again."""
    correlate(context.aws_request_id)
    now = site().clock.now()
    woken = _wake(now, context)
    delivered = _deliver(now, context)
    publish_sent()
    correlate(context.aws_request_id)
    went = _go_round(now, context, lists_anew=event.get("source") == "dueprocess.rebuild")
    given_up = len(site().store.due("given-up", FOREVER, limit=AT_MOST))
    metrics.add_metric(name="MissedAlarms", unit=MetricUnit.Count, value=woken.done)
    metrics.add_metric(name="LateDeliveries", unit=MetricUnit.Count, value=delivered.done)
    metrics.add_metric(name="GivenUp", unit=MetricUnit.Count, value=given_up)
    metrics.add_metric(
        name="CalendarMonthsLeft", unit=MetricUnit.Count, value=max(0, procedures.months_left(now))
    )
    if failed := woken.failed + went.failed + delivered.failed:
        raise SweepIncomplete(f"{failed} could not be done; see the log.")
    return {
        "woken": woken.done,
        "delivered": delivered.done,
        "given_up": given_up,
        "left": int(woken.is_left or delivered.is_left or went.is_left),
    }
