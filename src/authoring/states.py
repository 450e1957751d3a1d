"""How a case can stand: a fixed list of states, into which the people of `authoring.player` bring a case of any
procedure. They know no organisation, so a state that a procedure does not provide for is one that they do not reach.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from authoring.holidays import calendar_for
from authoring.player import carry_on
from authoring.simulation import Life
from authoring.steps import CannotBe, command_of, lowest
from domain.acts.letters import PrepareLetter
from domain.calendars import LONDON
from domain.case import COMPLAINANT
from domain.errors import Refused
from domain.procedure import Form, Procedure, Route
from domain.registry import available
from domain.situation import Situation
from domain.step import Given, Step, Undertaking

BEGINS: Final = datetime(2026, 10, 5, 10, tzinfo=LONDON)
"""When each case begins."""

LONG_AGO: Final = "2026-02-02"

Doing = Callable[[Life], None]
"""What is done in a life. Refused, CannotBe: here it cannot be."""

Reached = Callable[[Situation], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How a case stands. `number` is that of the state in the list, the same in every procedure."""

    number: int
    sentence: str
    at: Situation


def states_of(procedure: Procedure) -> Iterator[State]:
    """Yield every state that a case of the procedure can come into; of several that are the same there, the first.

    CalendarError: a date lies beyond the known holidays."""
    year = procedure.school_year
    calendar = calendar_for(procedure.region, terms=year.terms, closures=year.closures)
    seen = []
    for number, (sentence, doings) in enumerate(STATES.items(), start=1):
        life = Life(ref="SIMULATED", procedure=procedure, calendar=calendar)
        try:
            for do in doings:
                do(life)
        except (CannotBe, Refused):
            continue
        if life.present not in seen:
            seen.append(life.present)
            yield State(number=number, sentence=sentence, at=life.situation(life.now))


def _take(step: Step) -> Doing:
    """Have somebody take a step of a scenario, a minute after what happened last."""

    def do(life: Life) -> None:
        at = BEGINS if life.now is None else life.now + timedelta(minutes=1)
        life.act(at, command_of(step, life, len(life.events), at))

    return do


def _until(reached: Reached) -> Doing:
    """Have everybody do what comes next until it has come to this."""

    def do(life: Life) -> None:
        carry_on(life, until=reached)
        if not reached(life.situation(life.now)):
            raise CannotBe("it does not come to this")

    return do


def _until_can(act: str) -> Doing:
    """Do the same, until the complainant or a reviewer can do the act while an answer is due."""

    def can(at: Situation) -> bool:
        able = (COMPLAINANT, *at.case.current.reviewers)
        return _is_answerable(at) and any(act in available(at, by=person) for person in able)

    return _until(can)


def _submit(takes: Callable[[Form, Procedure], bool], *, route: Route = "web", **answers: str) -> Doing:
    """Bring it in by the first form that can be used for it: from the complainant, or, where it does not come by the
    web, entered by staff. Of the answers those are given that the form asks for."""

    def do(life: Life) -> None:
        procedure = life.procedure
        form = next((form for form in procedure.forms if takes(form, procedure)), None)
        if form is None:
            raise CannotBe("no form takes this")
        asked = {question.id for question in form.fields}
        given = tuple(
            Given(id=question, text=text) for question, text in answers.items() if question in asked
        )
        by = procedure.holders(procedure.coordinator)[0].id if route != "web" else ""
        _take(Step(act="submit", form=form.id, by=by, route=route, answers=given))(life)

    return do


def _asks_when_it_happened(form: Form, procedure: Procedure) -> bool:
    """Return whether the form asks it and something can be too long ago."""
    if not any(question.id == "incident_date" for question in form.fields) or not form.starts_at:
        return False
    return any(rule.name == "submit" for rule in procedure.stage(form.starts_at).deadlines)


def _ask_for_form(life: Life) -> None:
    if not life.present.waits_for_form:
        _take(Step(act="ask-form"))(life)


def _go_on_without_form(life: Life) -> None:
    if life.present.waits_for_form:
        _take(Step(act="without-form", decision="go-on"))(life)


def _ask_outside(life: Life) -> None:
    due = {deadline.rule.name: deadline.due.due for deadline in life.situation(life.now).deadlines}
    later = due["respond"] + timedelta(days=7)
    _take(Step(act="external", whom="A body outside", respond_by=later))(life)


def _promise(life: Life) -> None:
    due = BEGINS.date() + timedelta(days=60)
    undertaking = Undertaking(text="It is mended.", due=due, role=life.procedure.coordinator)
    _take(Step(act="respond", promises=(undertaking,)))(life)


def _prepare_letter(life: Life) -> None:
    """Make a letter of a notice that cannot go by mail."""
    life.act(BEGINS if life.now is None else life.now, PrepareLetter(letter="letter", notice="outcome"))


def _go_on_complaining(life: Life) -> None:
    if life.present.is_open:
        _take(Step(act="reply", answer="escalate"))(life)


def _mark_somebody(life: Life) -> None:
    """Say of the last in the directory who does not work on it that they were involved."""
    case = life.present
    others = [person.id for person in life.procedure.people if person.id not in case.current.reviewers]
    _take(Step(act="involve", person=others[-1]))(life)


def _decide_on_limit(life: Life) -> None:
    """Decide on it, where whoever proposed it was not who decides."""
    if life.present.contact_limit is not None and life.present.contact_limit.decided_at is None:
        _take(Step(act="decide-limit", decision="accept"))(life)


def _has_gone_on(at: Situation) -> bool:
    return len(at.case.stages) > 1


def _is_last(at: Situation) -> bool:
    return not at.stage.next


def _is_assigned(at: Situation) -> bool:
    return bool(at.case.current.reviewers)


def _is_answerable(at: Situation) -> bool:
    return _is_assigned(at) and at.case.current.acknowledged_at is not None


def _is_recorded(at: Situation) -> bool:
    return at.case.current.awaits_approval


def _is_answered(at: Situation) -> bool:
    return at.case.current.responded_at is not None


_SUBMITTED = _submit(lambda form, procedure: form == lowest(procedure))
_ANSWERED = (_SUBMITTED, _until(_is_answered))
_SATISFIED = (*_ANSWERED, _take(Step(act="reply", answer="satisfied")))
_SILENT = (*_ANSWERED, Life.until_closed)
_WITHDRAWN = (_SUBMITTED, _until(_is_answerable), _take(Step(act="withdraw")))
_EXHAUSTED = (_SUBMITTED, _until(lambda at: _is_last(at) and _is_answered(at)), _go_on_complaining)
_LETTER = (
    _submit(lambda form, procedure: bool(form.starts_at), route="letter", telephone="01632 960 001"),
    _until(_is_answerable),
)

STATES: Final[Mapping[str, tuple[Doing, ...]]] = {
    "The complaint has arrived.": (_SUBMITTED,),
    "Reviewers are assigned.": (_SUBMITTED, _until(_is_assigned)),
    "It is acknowledged, and the outcome is due.": (_SUBMITTED, _until(_is_answerable)),
    "The outcome is recorded and needs approval.": (_SUBMITTED, _until(_is_recorded)),
    "The outcome has been sent.": _ANSWERED,
    "The next stage has begun.": (_SUBMITTED, _until(_has_gone_on)),
    "The outcome of the last stage is due.": (
        _SUBMITTED,
        _until(lambda at: _is_last(at) and _is_answerable(at)),
    ),
    "The outcome of the last stage is recorded and needs approval.": (
        _SUBMITTED,
        _until(lambda at: _is_last(at) and _is_recorded(at)),
    ),
    "The outcome of the last stage has been sent.": (
        _SUBMITTED,
        _until(lambda at: _is_last(at) and _is_answered(at) and at.case.is_open),
    ),
    "Closed: the complainant was satisfied.": _SATISFIED,
    "Closed: the complainant did not reply.": _SILENT,
    "Closed: there is no further stage.": _EXHAUSTED,
    "Closed, with a hold.": (*_SATISFIED, _take(Step(act="hold"))),
    "Closed, and being destroyed.": (*_SATISFIED, Life.until_destroyed),
    "It came late, and we have not decided whether to consider it.": (
        _submit(_asks_when_it_happened, incident_date=LONG_AGO),
        _until(_is_answerable),
    ),
    "The complainant has a question to answer.": (_SUBMITTED, _until_can("ask"), _take(Step(act="ask"))),
    "The complainant has added something.": (_SUBMITTED, _until_can("add"), _take(Step(act="add"))),
    "We have asked for help from outside.": (_SUBMITTED, _until_can("external"), _ask_outside),
    "The outcome has been sent and promises a step.": (
        _SUBMITTED,
        _until(_is_answerable),
        _promise,
        _until(_is_answered),
    ),
    "Someone called for someone else, and we are waiting for the form.": (
        _submit(
            lambda form, procedure: form.written is not None,
            route="telephone",
            telephone="01632 960 001",
            represented="acting",
            representative="A friend.",
        ),
        _ask_for_form,
    ),
    "A letter came from someone without an email address.": _LETTER,
    "The outcome is a letter that has to be posted.": (
        *_LETTER,
        _go_on_without_form,
        _until(_is_answered),
        _prepare_letter,
    ),
    "A suggestion has arrived.": (
        _submit(lambda form, procedure: "suggestion" in form.kinds, kind="suggestion"),
    ),
    "The complaint names people, and nobody has said who was involved.": (
        _submit(
            lambda form, procedure: any(question.id == "people_involved" for question in form.fields),
            people_involved="A tutor.",
        ),
    ),
    "Closed without a reply, and the complainant asks for the next stage.": (
        *_SILENT,
        _take(Step(act="ask-late")),
    ),
    "Closed after the last stage, and the complainant asks to reopen it.": (
        *_EXHAUSTED,
        _take(Step(act="reopen")),
    ),
    "Closed: the complainant withdrew it.": _WITHDRAWN,
    "Withdrawn, and something still has to be looked into.": (*_WITHDRAWN, _take(Step(act="look-into"))),
    "The complainant has been offered mediation.": (
        _SUBMITTED,
        _until(_is_answerable),
        _take(Step(act="offer-mediation")),
    ),
    "The complainant has accepted mediation.": (
        _SUBMITTED,
        _until(_is_answerable),
        _take(Step(act="offer-mediation")),
        _take(Step(act="answer-mediation", decision="accept")),
    ),
    "Closed: the complainant was satisfied, and someone was involved.": (
        _SUBMITTED,
        _until(_is_answerable),
        _mark_somebody,
        _until(_is_answered),
        _take(Step(act="reply", answer="satisfied")),
    ),
    "A limit on contact needs a decision.": (
        _SUBMITTED,
        _until(_is_answerable),
        _take(Step(act="limit-contact")),
    ),
    "Contact is limited.": (
        _SUBMITTED,
        _until(_is_answerable),
        _take(Step(act="limit-contact")),
        _decide_on_limit,
    ),
    "It is linked to another case.": (
        _SUBMITTED,
        _until(_is_answerable),
        _take(Step(act="link-case", whom="XX-2345-6789")),
    ),
}
"""Each state, and what leads to it."""
