"""How people fill in forms: the public ones, and those of the pages behind their links.

Everything that a person writes holds a canary, so that it can be seen wherever it gets to.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from domain.acts.actions import completable
from domain.case import Case
from domain.chasing import to_be_posted
from domain.frozen import replace
from domain.people import candidates
from domain.procedure import LOGGED, Form, Kind, Procedure, Route

CANARY = "Zeisigweide"
"""A word that no template, procedure or log has of itself, and too long to stand in a link's secret by chance: one of
six letters did, once in a million lives."""
SEEN = CANARY[1:].lower()
"""Of the canary, what is the same in capitals, small letters and addresses."""

Fields = dict[str, Any]

WAYS: tuple[Route, ...] = ("telephone", "in-person", "email", "letter")
"""How what staff enter can have reached them."""


def answers_to(form: Form, random: Random, *, today: date, name: str, barred: frozenset[str]) -> Fields:
    """A form filled in: what has to be, and some of the rest. The canary is in every text, and
    no choice is one for which the form is `barred`."""
    answers: Fields = {}
    for question in form.fields:
        if not question.required and random.random() < 0.6:
            continue
        match question.type:
            case "text" | "long-text":
                answers[question.id] = f"{CANARY} {name} wrote this."[: question.max_length or 200]
            case "email":
                answers[question.id] = f"{CANARY.lower()}@{name}.example"
            case "telephone":
                answers[question.id] = "01632 960 001"
            case "date":
                answers[question.id] = (today - timedelta(days=random.choice((1, 5, 20)))).isoformat()
            case "choice":
                answers[question.id] = random.choice(
                    [one.id for one in question.choices if one.id not in barred]
                )
            case "roles":
                answers[question.id] = [random.choice(question.choices).id]
            case "list":
                answers[question.id] = [f"{CANARY} {number}" for number in range(1, random.choice((2, 2, 3)))]
            case "declaration":
                answers[question.id] = True
            case _:
                raise AssertionError(f"a question of the type {question.type}")
    if answers.get("represented") == "acting" and any(one.id == "representative" for one in form.fields):
        # Who says that somebody acts for them says who.
        answers.setdefault("representative", f"{CANARY} {name} wrote this.")
    return answers


def entered(
    form: Form,
    random: Random,
    *,
    today: date,
    name: str,
    barred: frozenset[str],
    kind: Kind | None = None,
    way: Route | None = None,
    at_once: bool = False,
) -> Fields:
    """A form as staff fill it in for somebody, complete as far as it has to be: of this `kind` and having come this
    `way` where that is said, and today where it is entered `at_once`. Who writes a letter has no email address, and
    others need not have one."""
    kinds = tuple(dict.fromkeys((*form.kinds, *form.entered_as)))
    kind, way = kind or random.choice(kinds), way or random.choice(WAYS)
    received = today if at_once else today - timedelta(days=random.choice((0, 0, 1, 4)))
    words = f"{CANARY} {name} was told so."
    is_settled = kind == "concern" and random.random() < 0.4
    goes_on = kind not in LOGGED and not is_settled
    waits = form.written is not None and way in form.written.routes
    asked = tuple(
        replace(one, required=one.required if goes_on and not waits else one.id in ("name", "account"))
        for one in form.fields
        if one.type != "declaration" and one.id != "kind"
    )
    answers = answers_to(replace(form, fields=asked), random, today=received, name=name, barred=barred)
    if way == "letter" or random.random() < 0.3:
        answers.pop("email", None)
    if goes_on and not {"email", "telephone", "address"} & set(answers):
        answers["telephone"] = "01632 960 001"
    if len(kinds) > 1:
        answers["kind"] = kind
    if is_settled or random.random() < 0.5:
        answers["done"] = words
    if is_settled:
        answers |= {"settled": "yes", "content": "yes"}
    if received < today and random.random() < 0.5:
        answers["received_time"] = "16:50"
    day = {"received.day": received.day, "received.month": received.month, "received.year": received.year}
    return {"route": way, **day, **answers}


def lacking(typed: Fields, random: Random) -> Fields:
    """The same, of which something is missing or cannot be."""
    what = random.choice(("name", "account", "route", "received.year", "done"))
    if what == "received.year":
        return {**typed, what: typed[what] + 1}
    if what == "done" and "settled" not in typed:
        what = "name"
    return {name: value for name, value in typed.items() if name != what}


def filled(
    action: str, case: Case, procedure: Procedure, person: str, random: Random, *, now: date
) -> Fields:
    """A page's form for `action`, filled in by somebody who means it."""
    words = f"{CANARY} {random.getrandbits(32):x} says so."
    later = now + timedelta(days=random.choice((20, 40)))
    day = {"respond_by.day": later.day, "respond_by.month": later.month, "respond_by.year": later.year}
    match action:
        case "lateness" | "late-reply":
            return {"decision": random.choice(("accept", "accept", "decline")), "reason": words}
        case "acknowledge":
            return {"confirm": "yes", "understood": words}
        case "exhausted" | "read":
            return {"confirm": "yes"}
        case "assign":
            return _assigned(case, procedure, random, words)
        case "external":
            return {"whom": words, "why": words, **day}
        case "external-answer":
            return {"answer": words}
        case "ask-late" | "reopen":
            return {"reasons": words}
        case "involve":
            able = [one.id for one in procedure.people if one.id not in case.involved]
            return {"involved": person if random.random() < 0.5 else random.choice(able), "reason": words}
        case "confirm-involved":
            named = [one for one in case.presumed if random.random() < 0.5]
            return {"involved": named, "nobody": "" if named else "yes", "reason": words}
        case "respond":
            return _answered(case, procedure, random, words, now)
        case "interim":
            return {"message": words, "who": words, "next": words, **day}
        case "progress":
            return {"message": words}
        case "approve":
            decision = "approve" if random.random() < 0.8 else "return"
            return {"decision": decision, "wording": case.current.wording, "reason": words}
        case "reply":
            return {"answer": random.choice(("satisfied", "escalate")), "reasons": words}
        case "enter-reply":
            answer = random.choice(("satisfied", "escalate")) if case.is_open else "escalate"
            return {"answer": answer, "reasons": words, **_told(random, now)}
        case "enter-answer":
            return {f"answer_{one.id}": words for one in case.current.unanswered} | _told(random, now)
        case "enter-information":
            return {"information": words, **_told(random, now)}
        case "enter-reopen":
            return {"reasons": words, **_told(random, now)}
        case "note":
            kinds = ["call-reached", "call-not-reached", "meeting-arranged", "meeting-held", "note"]
            if person in case.current.reviewers and case.current.responded_at is None:
                kinds.append("meeting-offered")
            kind = random.choice(kinds)
            return {"kind": kind, "text": words, "when": f"{CANARY} day", "companion": "nobody"}
        case "ask":
            return {"question": words}
        case "consider":
            waiting = case.current.undecided
            return {
                "information": waiting[0].id if waiting else "none",
                "decision": random.choice(("accept", "decline")),
                "reason": words,
            }
        case "disclose":
            return {"what": random.choice(("identity", "confidence")), "to": words, "reason": words}
        case "answer":
            return {f"answer_{one.id}": words for one in case.current.unanswered}
        case "add":
            return {"information": words}
        case "hold":
            return {"reason": words}
        case "lift":
            return {"hold": random.choice(case.holds) if case.holds else "none"}
        case "aspects":
            return {"confirm": "yes", "aspect_1": words}
        case "lessons":
            return {"lessons": words}
        case "complete":
            own = completable(case, person, procedure)
            return {"done": own[0].id if own else "none", "note": words}
        case "posted":
            waiting_letters = to_be_posted(case)
            return {
                "letter": waiting_letters[0].id if waiting_letters else "none",
                "how": random.choice(("posted", "told", "handed-over")),
                "on.day": now.day,
                "on.month": now.month,
                "on.year": now.year,
            }
        case "contact":
            content = random.choice(("yes", "no", "not-asked"))
            is_settled = (case.kind, content) == ("concern", "yes") and case.route != "web"
            return {"content": content, "done": words, "settled": "yes" if is_settled else "no"}
        case "ask-form":
            return {"reason": words}
        case "without-form":
            return {"decision": random.choice(("go-on", "close")), "reason": words}
        case "consent":
            return {"consent": words}
        case "follow-up":
            return {"note": words}
        case "write" | "written":
            asked = procedure.form(case.form)
            barred = frozenset(one.id for one in procedure.not_covered)
            answers = answers_to(asked, random, today=now, name="written", barred=barred) if asked else {}
            answers.pop("kind", None)
            if case.by_letter:
                # An address is given them by another act.
                answers.pop("email", None)
            typed = {name: "yes" if value is True else value for name, value in answers.items()}
            return {**typed, **({"received": now.isoformat()} if action == "written" else {})}
        case "export":
            return {"confirm": "yes", "reason": words}
        case "withdraw":
            return {"confirm": "yes", "reason": words}
        case "enter-withdrawal":
            return {"reason": words, **_told(random, now)} | (
                {"look_into": words} if random.random() < 0.5 else {}
            )
        case "decline":
            points = random.sample(case.points, 1) if len(case.points) > 1 and random.random() < 0.7 else []
            what = {"what": "points", "points": points} if points else {"what": "whole"}
            return {**what, "reason": words, "goes_to": words}
        case "link-case" | "unlink-case" | "duplicate":
            # Whoever lives here knows of no other case: it is said that there is none to be found.
            return {"reference": "XX-2345-6789", "reason": words}
        case "correct":
            said: Fields = {"remark": words, "reason": words}
            known = procedure.form(case.form)
            if known is not None and any(one.id == "incident_date" for one in known.fields):
                was = now - timedelta(days=random.choice((3, 40)))
                parts = {"day": was.day, "month": was.month, "year": was.year}
                said |= {f"incident_date.{part}": number for part, number in parts.items()}
            return said
        case "change-kind":
            return {
                "kind": random.choice(("complaint", "concern", "suggestion", "compliment")),
                "reason": words,
            }
        case "completion":
            return {"letter": words}
        case "take-up" | "skip":
            return {"reason": words}
        case "offer-mediation":
            return {"offer": words}
        case "answer-mediation" | "enter-mediation":
            told = _told(random, now) if action == "enter-mediation" else {}
            return {"decision": random.choice(("accept", "accept", "decline")), "answer": words, **told}
        case "limit-contact" | "review-limit":
            review_on = now + timedelta(days=random.choice((1, 10, 40)))
            return {
                "reason": words,
                "limit": words,
                "review": random.choice(("lift", "keep")),
                "review_on.day": review_on.day,
                "review_on.month": review_on.month,
                "review_on.year": review_on.year,
            }
        case "decide-limit":
            return {"decision": random.choice(("accept", "decline")), "reason": words}
        case "tell-involved":
            untold = [one for one in case.involved if one not in case.told_of_end]
            # In words of staff, which say nothing of the complaint.
            return {"persons": random.choice(untold) if untold else "none", "message": "It is closed."}
        case "mediation-held":
            if random.random() < 0.4:
                return {"held": "no", "note": words}
            held_on = now - timedelta(days=random.choice((0, 0, 0, 2)))
            return {
                "held": "yes",
                "note": words,
                "held_on.day": held_on.day,
                "held_on.month": held_on.month,
                "held_on.year": held_on.year,
            }
        case "look-into":
            return {"look_into": words}
        case "looked-into":
            return {"note": words}
        case "whose-address":
            return {"answer": random.choice(("yes", "no"))}
        case "confirm-address":
            return {"how": words}
        case "contact-details":
            return _reached(case, random, words)
        case "send-again":
            # Letters are kept under the names of what was sent; what else was sent, the first of all is one of.
            sent = [letter.id for letter in case.letters if letter.notice != "sent-again"]
            return {"message": random.choice((*sent, "000001-0", "000002-0"))}
        case "document":
            # Without a file, which goes through a function of its own: see `Town.choose`.
            return {}
        case _:
            raise AssertionError(f"nobody here knows how to fill in the form for {action}")


def _told(random: Random, now: date) -> Fields:
    """How and when the complainant told staff; that it was before it can have been is said, and nothing stored."""
    day = now - timedelta(days=random.choice((0, 0, 0, 1, 3)))
    boxes = {"received.day": day.day, "received.month": day.month, "received.year": day.year}
    return {"route": random.choice(WAYS), **boxes}


def _reached(case: Case, random: Random, words: str) -> Fields:
    whose = random.choice(("same", "same", "same", "representative", "successor"))
    fields: Fields = {"whose": whose, "name": f"{CANARY} {random.getrandbits(16):x}", "reason": words}
    if whose != "same":
        fields |= {"relation": words, "consent": words}
    if random.random() < 0.7:
        fields["email"] = f"{CANARY.lower()}.{random.getrandbits(16):x}@moved.example"
    if "email" not in fields or random.random() < 0.3:
        fields |= {"address": words, "letters": ["yes"]}
    return fields


def _assigned(case: Case, procedure: Procedure, random: Random, words: str) -> Fields:
    able = [one.id for one in candidates(case, procedure)]
    count = procedure.stage(case.current.stage).review.count
    if len(able) < count or random.random() < 0.1:
        able = [one.id for one in procedure.holders(procedure.stage(case.current.stage).review.role)]
    random.shuffle(able)
    return {"reviewers": able[:count], "override": words}


def _answered(case: Case, procedure: Procedure, random: Random, words: str, now: date) -> Fields:
    fields: Fields = {"response": words}
    if procedure.stage(case.current.stage).conversation is not None:
        fields["no_conversation"] = words
    for number in range(1, case.aspects + 1):
        conclusion = random.choice(procedure.conclusions)
        fields |= {f"conclusion_{number}": conclusion.id, f"reasons_{number}": words}
        fields |= {f"evidence_{number}": words, f"explanation_{number}": words}
    if procedure.remedies and (procedure.remedies_required or random.random() < 0.3):
        remedy = random.choice(procedure.remedies).id
        fields |= {"remedies": [remedy], f"remedy_{remedy}": words}
    if random.random() < 0.25:
        due = now + timedelta(days=random.choice((5, 60, 300)))
        owner = random.choice(procedure.people).id
        fields |= {"action_1": words, "owner_1": f"person:{owner}"}
        fields |= {"due_1.day": due.day, "due_1.month": due.month, "due_1.year": due.year}
    if random.random() < 0.1:
        fields["lessons"] = words
    return fields
