"""The pages of a link: which one a person gets at this moment, and the facts that all of them can say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from domain.acting import ACTIONS, Action, available, refusal
from domain.calendars import to_london
from domain.events import COMPLAINANT
from handlers.http import Banner, Request, Response, hidden, page
from handlers.links.situation import Expired, Gone, Situation, Unknown, names_in, situation

if TYPE_CHECKING:
    from domain.errors import FieldProblem

_BESIDES: Final = frozenset({"involve", "export"})
"""What can be done as long as there is something else to do."""

_WHOLE_FORMS: Final[tuple[Literal["write", "written"], ...]] = ("write", "written")
"""Actions whose form is one of the procedure's."""


def situation_or_page(event: Request) -> Situation | Response:
    """What the link that is asked for is for, or the page that says why it is for nothing any more."""
    try:
        return situation(event)
    except Unknown:
        return plain(404, "unknown")
    except Gone:
        return plain(410, "gone")
    except Expired as expired:
        return plain(410, "expired", secret=expired.secret, organisation=expired.organisation)


def present(
    status: int,
    situation: Situation,
    *,
    notice: Banner = "",
    action: Action | None = None,
    typed: Mapping[str, Sequence[str]] | None = None,
    problems: Sequence[FieldProblem] = (),
) -> Response:
    """The page for this person at this moment. What was typed is kept, and what is wrong stands beside it."""
    from handlers.links.form import Filled

    filled = {one: Filled() for one in ACTIONS}
    if action is not None:
        messages = {problem.field: problem.message for problem in reversed(problems)}
        filled[action] = Filled(typed=typed or {}, problems=messages)
    context = {
        **_facts(situation),
        "notice": notice,
        "filled": filled,
        "problems": [
            {
                "anchor": problem.field if action in _WHOLE_FORMS else f"{action}.{problem.field}",
                "message": problem.message,
            }
            for problem in problems
        ],
        **_form_to_write(situation, action, typed or {}, problems),
    }
    if not set(situation.actions) - _BESIDES:
        because, replied_at = _because(situation, notice), _replied_at(situation)
        return plain(status, "ended", **context, because=because, replied_at=replied_at)
    if situation.link.person == COMPLAINANT:
        if not situation.case.is_open:
            return plain(status, "after", **context)
        from handlers.links.complainant import answered, underway
        from handlers.links.papers import papers

        context |= papers(situation)
        if "reply" in situation.actions:
            return plain(status, "reply", **context, **answered(situation))
        return plain(status, "underway", **context, **underway(situation))
    if not situation.reads_case:
        from handlers.links.afterwards import own_actions
        from handlers.links.keeper import holds

        return plain(status, "keep", **context, holds=holds(situation), own_actions=own_actions(situation))
    from handlers.links.casefile import whole_case

    draft = None
    if "respond" in situation.actions and action != "respond":
        from adapters.cases.drafts import draft_of
        from handlers.wiring import site

        link = situation.link
        follows = situation.case.current.wording
        draft = draft_of(link.ref, person=link.person, stage=link.stage, follows=follows, site=site())
        if draft is not None:
            filled["respond"] = Filled(typed=draft.typed)
    context["drafted_at"] = draft.saved_at if draft is not None else None
    return plain(status, "case", **context, **whole_case(situation))


def _form_to_write(
    situation: Situation,
    action: Action | None,
    typed: Mapping[str, Sequence[str]],
    problems: Sequence[FieldProblem],
) -> dict[str, Any]:
    """The form that the case waits for, where this person can fill it in."""
    for one in _WHOLE_FORMS:
        if one in situation.actions:
            from handlers.links.coming_in import questions_of

            again = action == one
            return {
                "questions": questions_of(
                    situation, one, typed=typed if again else {}, problems=problems if again else ()
                ),
                "most_entries": 0,
            }
    return {"questions": ()}


def done(action: Action, typed: Mapping[str, Sequence[str]], situation: Situation) -> Response:
    """What was done, and what is true now: `situation` is the one after it."""
    stage = situation.procedure.stage(situation.link.stage)
    facts = {
        **_facts(situation),
        "stage": stage,
        "next_stage": situation.procedure.stage(stage.next) if stage.next else None,
    }
    return plain(
        200,
        "done",
        **facts,
        action=action,
        choice=(typed.get("decision") or typed.get("answer") or typed.get("kind") or [""])[0],
        was_sent=situation.case.current.responded_at is not None,
        export=_export(situation),
        late=bool(situation.case.current.undecided),
    )


def _export(situation: Situation) -> str:
    """The newest export of this person; empty: there is none."""
    own = [one.id for one in situation.case.exports if one.by == situation.link.person]
    return own[-1] if own else ""


def plain(status: int, name: str, /, **context: Any) -> Response:
    """The page `name` with nothing but `context`, hidden from whoever lists pages."""
    return hidden(page(status, f"pages/link/{name}.html", **context))


def _facts(situation: Situation) -> dict[str, Any]:
    """What is true now: nothing that anybody wrote."""
    from domain.promises import listed

    case, procedure = situation.case, situation.procedure
    names = names_in(procedure)
    stage = procedure.stage(case.current.stage)
    others = set(available(case, by=situation.link.person, procedure=procedure)) - set(situation.actions)
    return {
        "secret": situation.secret,
        "organisation": procedure.organisation,
        "procedure": procedure,
        "case": case,
        "kind": case.kind,
        "stage": stage,
        "next_stage": procedure.stage(stage.next) if stage.next else None,
        "actions": situation.actions,
        "is_staff": situation.link.person != COMPLAINANT,
        "can_do_other_things": bool(others),
        "reviewers": listed([names[one] for one in case.current.reviewers]),
        "names": names,
        "closed_on": to_london(case.closed_at).date() if case.closed_at else None,
        "opened_on": to_london(case.opened_at).date(),
    }


def _because(situation: Situation, notice: Banner) -> str:
    """Why nothing can be done with the link: what stands against the first thing that it was for."""
    for action in situation.link.actions:
        against = refusal(
            action,
            situation.case,
            by=situation.link.person,
            stage=situation.link.stage,
            procedure=situation.procedure,
        )
        if against is not None and str(against) != notice:
            return str(against)
    return ""


def _replied_at(situation: Situation) -> datetime | None:
    """When the complainant answered on the stage that the link is for; None also for everybody else."""
    if situation.link.person != COMPLAINANT:
        return None
    asked = (record for record in situation.case.stages if record.stage == situation.link.stage)
    return next((record.replied_at for record in asked), None)
