"""The pages of a link: which one a person gets at this moment, and the facts that all of them can say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from domain.calendars import to_london
from domain.form import Filled, Typed
from domain.people import names_in
from domain.registry import available, refusal, room
from domain.words import listed
from handlers.http import Banner, Request, Response, hidden, page
from handlers.links.visit import Expired, Gone, Unknown, Visit, visit_of

if TYPE_CHECKING:
    from domain.act import Act
    from domain.errors import FieldProblem


def visit_or_page(event: Request) -> Visit | Response:
    """Return who has come with the link that is asked for, or the page that says why it is for nothing any more."""
    try:
        return visit_of(event)
    except Unknown:
        return plain(404, "unknown")
    except Gone:
        return plain(410, "gone")
    except Expired as expired:
        return plain(
            410,
            "expired",
            secret=expired.secret,
            organisation=expired.organisation,
            replaced=expired.replaced,
            disowned=expired.disowned,
        )


def present(
    status: int,
    visit: Visit,
    *,
    banner: Banner = "",
    action: str = "",
    typed: Typed | None = None,
    problems: Sequence[FieldProblem] = (),
) -> Response:
    """Return the page for this person at this moment. What was typed is kept, and what is wrong stands beside it."""
    filled = {act.name: Filled() for act in visit.acts}
    if action:
        messages = {problem.field: problem.message for problem in reversed(problems)}
        filled[action] = Filled(typed=typed or {}, problems=messages)
    asking = next((act for act in visit.acts if _asks_for_form(act)), None)
    context = {
        **_facts(visit),
        **_possible(visit),
        "banner": banner,
        "filled": filled,
        "problems": [
            {
                "anchor": problem.field
                if asking is not None and action == asking.name
                else f"{action}.{problem.field}",
                "message": problem.message,
            }
            for problem in problems
        ],
        "questions": _questions(visit, asking, filled) if asking is not None else (),
        "most_entries": 0,
        "offers": {},
    }
    name, more = _page(visit, filled, banner=banner, action=action or visit.asked)
    # A form that nothing takes stays as it was typed, and is sent again.
    script = "" if name == "ended" else "pages/sending.js"
    return plain(status, name, script=script, **context | more)


def why_not(visit: Visit) -> Banner:
    """Return what stands against the act whose page is asked for; empty: nothing does, or there is no such act."""
    if not visit.link.allows(visit.asked) or visit.asked in visit.names:
        return ""
    return str(refusal(visit.asked, visit.at, by=visit.person, stage=visit.link.stage))


def _page(
    visit: Visit, filled: dict[str, Filled], *, banner: Banner, action: str
) -> tuple[str, dict[str, Any]]:
    """Return which page it is, and what it shows besides. `action`: what is to be done on it; empty: it is of the
    case."""
    if action == "whose-address" and action in visit.names:
        return "whose", {}
    if not any(act.traits.stands_alone for act in visit.acts):
        return "ended", {"because": _because(visit, banner), "replied_at": _replied_at(visit)}
    if not visit.is_staff:
        return _complainants_page(visit)
    from handlers.links.casefile import needed, offers, page_of_case

    if not visit.reads_case:
        from handlers.wiring import site

        contents = site().store.contents(visit.case.ref, needed(visit))
        return "keep", {"offers": offers(visit, contents), **_letters(visit)}
    acts = {act.name: act for act in visit.acts}
    now = action if action in acts else next(iter(visit.waiting), "")
    return "act" if now and now == action else "case", {
        "now": _listed(acts[now]) if now else None,
        "more": [_listed(act) for act in visit.acts if act.name != now],
        "drafted_at": _take_up_draft(visit, filled),
        "linked": _linked(visit),
        **page_of_case(visit),
    }


def _listed(act: Act) -> dict[str, str]:
    return {"name": act.name, "room": room(act.name)}


def _linked(visit: Visit) -> list[dict[str, Any]]:
    """Return the cases that belong together with this one, as far as the person may read them."""
    if not visit.case.links:
        return []
    from handlers.links.linked import linked_cases

    return linked_cases(visit)


def _letters(visit: Visit) -> dict[str, Any]:
    """Return the messages that the complainant got, for whoever can send one again."""
    if "send-again" not in visit.names:
        return {}
    from adapters.post.correspondence import sent_to_complainant
    from handlers.wiring import site

    return {"letters": [{"sent": sent} for sent in sent_to_complainant(visit.case.ref, site().store)]}


def _complainants_page(visit: Visit) -> tuple[str, dict[str, Any]]:
    if not visit.case.is_open:
        return "after", {}
    from handlers.links.complainant import answered, underway
    from handlers.links.documents import documents_and_letters

    if "reply" in visit.names:
        return "reply", {**documents_and_letters(visit), **answered(visit)}
    return "underway", {**documents_and_letters(visit), **underway(visit)}


def _take_up_draft(visit: Visit, filled: dict[str, Filled]) -> datetime | None:
    """Put the person's draft of an outcome into its form, unless something was typed there just now; when it was saved,
    None: there is none."""
    if "respond" not in visit.names or filled["respond"].typed:
        return None
    from adapters.cases.drafts import draft_of
    from handlers.wiring import site

    link, follows = visit.link, visit.case.current.wording
    draft = draft_of(link.ref, person=link.person, stage=link.stage, follows=follows, site=site())
    if draft is None:
        return None
    filled["respond"] = Filled(typed=draft.typed)
    return draft.saved_at


def _asks_for_form(act: Act) -> bool:
    return act.shows is not None and act.shows.questions is not None


def _questions(visit: Visit, asking: Act, filled: Mapping[str, Filled]) -> list[Any]:
    """Return the procedure's form that an act asks for, filled in with what was typed or with what is on record
    already."""
    from handlers.links.questionnaire import questions_of

    if asking.shows is None or asking.shows.questions is None:
        return []
    form = asking.shows.questions(visit.at, visit.person)
    return questions_of(form, visit.case, filled[asking.name])


def done(action: str, typed: Typed, visit: Visit) -> Response:
    """Return what was done, and what is true now: `visit` is the one after it. What else can be done is not asked."""
    stage = visit.procedure.stage(visit.link.stage)
    facts = {
        **_facts(visit),
        "stage": stage,
        "next_stage": visit.procedure.stage_after(stage.id, skipped=visit.case.skipped),
    }
    return plain(
        200,
        "done",
        **facts,
        action=action,
        room=room(action),
        choice=(typed.get("decision") or typed.get("answer") or typed.get("kind") or [""])[0],
        was_sent=visit.case.current.responded_at is not None,
        export=_export(visit),
        late=bool(visit.case.current.undecided),
    )


def _export(visit: Visit) -> str:
    """Return the newest export of this person; empty: there is none."""
    own = [export.id for export in visit.case.exports if export.by == visit.person]
    return own[-1] if own else ""


def plain(status: int, name: str, /, **context: Any) -> Response:
    """Return the page `name` with nothing but `context`, hidden from whoever lists pages."""
    return hidden(page(status, f"pages/link/{name}.html", **context))


def _facts(visit: Visit) -> dict[str, Any]:
    """Return what is true now: nothing that anybody wrote."""
    at = visit.at
    case, procedure, stage = at.case, at.procedure, at.stage
    names = names_in(procedure)
    return {
        "secret": visit.secret,
        "organisation": procedure.organisation,
        "procedure": procedure,
        "case": case,
        "kind": case.kind,
        "can_be_refused": procedure.refusal is not None,
        "stage": stage,
        "next_stage": at.next_stage,
        "is_staff": visit.is_staff,
        "reviewers": listed([names[person] for person in case.current.reviewers if procedure.person(person)]),
        "names": names,
        "closed_on": to_london(case.closed_at).date() if case.closed_at else None,
        "opened_on": to_london(case.opened_at).date(),
    }


def _possible(visit: Visit) -> dict[str, Any]:
    """Return what can be done with the link, and whether there is more for the person to do with a fresh one."""
    others = set(available(visit.at, by=visit.person)) - set(visit.names)
    return {
        "actions": visit.names,
        "acts": [_listed(act) for act in visit.acts],
        "can_do_other_things": bool(others),
    }


def _because(visit: Visit, banner: Banner) -> str:
    """Return why nothing can be done with the link: what stands against the first thing that it was for."""
    link = visit.link
    for name in link.acts:
        against = refusal(name, visit.at, by=link.person, stage=link.stage)
        if against is not None and str(against) != banner:
            return str(against)
    return ""


def _replied_at(visit: Visit) -> datetime | None:
    """Return when the complainant answered on the stage that the link is for; None also for everybody else."""
    if visit.is_staff:
        return None
    asked = (record for record in visit.case.stages if record.stage == visit.link.stage)
    return next((record.replied_at for record in asked), None)
