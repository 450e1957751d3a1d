"""What is counted of what happens in cases: how many of each thing, by procedure and by nothing else.

A metric has neither a reference nor anybody's name in it. What the stream or a sweep brings twice is counted twice,
which is a batch at a time and only where a function ends between counting and answering: what fails in a batch is
counted when it comes again, and not before. These are figures to watch, and not those of a report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from domain.acts.bounces import NoticeBounced
from domain.acts.intake import ComplaintSubmitted
from domain.acts.outcome import OutcomeSent
from domain.acts.waking import DeadlineBreached
from domain.records import from_record

if TYPE_CHECKING:
    from domain.case import Case

Counted = Counter[tuple[str, str]]
"""How many, by procedure and name."""

_COUNTED: Final = (ComplaintSubmitted, OutcomeSent, DeadlineBreached, NoticeBounced)
"""The facts that are counted."""

_OPENED: Final[Mapping[str, str]] = {
    "complaint": "ComplaintsOpened",
    "concern": "ConcernsOpened",
    "suggestion": "SuggestionsOpened",
    "compliment": "ComplimentsOpened",
}
_CAME: Final[Mapping[str, str]] = {
    "web": "CameByForm",
    "email": "CameByEmail",
    "telephone": "CameByTelephone",
    "in-person": "CameInPerson",
    "letter": "CameByLetter",
}


def is_counted(kind: str) -> bool:
    """Return whether facts of this kind, as it is stored, are counted."""
    return kind in {fact.__name__ for fact in _COUNTED}


def counts_of(record: Mapping[str, Any], case: Case) -> Counted:
    """Return what a fact counts as, as it is stored, in the case that it happened in."""
    fact = from_record(_COUNTED, dict(record))
    names: tuple[str, ...]
    match fact:
        case ComplaintSubmitted():
            names = (_OPENED[fact.kind], _CAME[fact.route])
        case OutcomeSent():
            missed = {breach.deadline for breach in case.breaches}
            names = ("OutcomesLate" if f"{fact.stage}/respond" in missed else "OutcomesOnTime",)
        case DeadlineBreached():
            names = ("DeadlinesMissed",)
        case _:
            names = ("MailsBounced",)
    return Counter((case.organisation, name) for name in names)


def publish(counted: Counted) -> None:
    """Hand what was counted to CloudWatch."""
    for procedure in sorted({procedure for procedure, _ in counted}):
        # The library adds the function's name to the dimensions unless it is told that there is none.
        metrics = EphemeralMetrics(service="")
        metrics.add_dimension(name="procedure", value=procedure)
        for (of, name), number in counted.items():
            if of == procedure:
                metrics.add_metric(name=name, unit=MetricUnit.Count, value=number)
        metrics.flush_metrics()
