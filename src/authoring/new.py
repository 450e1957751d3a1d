"""Begins a procedure file: asks what an organisation has to know about its own policy.

The questions come in one order, whoever answers them: a person at a terminal, or a file. An answer that does not
fit is refused with a sentence. What the policy does not say is marked in the file as the organisation's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, Final

from authoring.asking import Answers, ask_role, fill
from authoring.holidays import REGIONS
from authoring.ids import as_id, is_id
from authoring.staffing import Staffing
from authoring.typed import (
    calendar_limit,
    day_after,
    email,
    free_id,
    limit,
    number_of,
    one_of,
    perhaps,
    text,
    yes_or_no,
)
from domain.calendars import Limit, Unit

MOST_STAGES: Final = 9
MOST_REVIEWERS: Final = 9
MOST_TERMS: Final = 60

_BASIS: Final = "Which section of the policy says this? (leave empty if the policy does not say)"

# About how many working days a unit has, to choose reminders by.
_WORKING_DAYS: Final[dict[Unit, float]] = {
    "working-hours": 1 / 24,
    "working-days": 1,
    "school-days": 1,
    "days": 5 / 7,
    "weeks": 5,
    "months": 20,
    "years": 250,
}


def interview(answers: Answers, *, is_free: Callable[[str], bool]) -> dict[str, Any]:
    """Return everything that a new file needs to know. `is_free` tells whether a slug is not taken yet."""
    ask = answers.ask
    given = _organisation(answers, is_free=is_free)
    directory = Staffing()
    given["coordinator"] = ask_role(
        answers, directory, "coordinator", "Who sees every new complaint?", default="Complaints office"
    )
    given["stages"] = list(_stages(answers, directory))
    given["last_resort"] = ask_role(
        answers,
        directory,
        "last_resort",
        "Who acts if everyone else was involved in what happened?",
        default="Chair of the Board",
    )
    given["escalates_to"] = as_id(
        ask(
            "escalates_to",
            "Who is told when a date is missed?",
            one_of(tuple(directory.roles.values())),
            default=directory.roles[given["last_resort"]],
        )
    )
    given["directory"] = as_id(
        ask(
            "directory",
            "Who keeps the list of people, and of who is away?",
            one_of(tuple(directory.roles.values())),
            default=directory.roles[given["coordinator"]],
        )
    )
    given["signposts"] = list(_signposts(answers))
    given["keep"] = _rule(
        answers, "keep", "How long is a closed case kept?", calendar_limit, default="5 years"
    )
    given["data_protection"] = ask_role(
        answers,
        directory,
        "data_protection",
        "Who looks after data protection?",
        default="Data protection contact",
    )
    given["takes_data_protection"] = ask(
        "takes_data_protection",
        "Do you want to add the form for complaints about personal data, which the law requires? (yes or no)",
        yes_or_no,
        default="yes",
    )
    holder = next(person for person in directory.people if given["data_protection"] in person["roles"])
    given["data_protection_email"] = holder["email"]
    counted = {rule["limit"].unit for stage in given["stages"] for rule in stage["deadlines"]}
    given["terms"] = list(_terms(answers)) if "school-days" in counted else []
    given["roles"] = [{"id": name, "title": title} for name, title in directory.roles.items()]
    given["people"] = directory.people
    return given


def _organisation(answers: Answers, *, is_free: Callable[[str], bool]) -> dict[str, Any]:
    """Return how the organisation and its policy are called, and how it is reached."""
    ask = answers.ask
    given: dict[str, Any] = {"organisation": ask("organisation", "What is the organisation called?", text)}

    def slug(typed: str) -> str:
        if not is_id(typed):
            raise ValueError("Enter lower-case words joined by hyphens.")
        if not is_free(typed):
            raise ValueError(f"There is already a procedure `{typed}`. Enter another name.")
        return typed

    given["slug"] = ask(
        "slug", "What is its short name, for web addresses?", slug, default=as_id(given["organisation"])
    )
    given["document"] = ask("document", "What is the policy called?", text, default="Complaints policy")
    given["region"] = ask("region", "Whose public holidays count?", one_of(REGIONS), default=REGIONS[0])
    given["email"] = ask("email", "Which email address can people write to?", email)
    given["telephone"] = ask("telephone", "Which number can they call? (or leave empty)", perhaps, default="")
    if given["telephone"]:
        given["hours"] = ask("hours", "When is it answered? (or leave empty)", perhaps, default="")
    return given


def _stages(answers: Answers, directory: Staffing) -> Iterator[dict[str, Any]]:
    before: list[dict[str, Any]] = []
    for number in range(MOST_STAGES):
        at = f"stages.{number}"
        if number and not answers.is_there(at, "Can people go on to another stage?", default=number == 1):
            return
        before.append(_stage(answers, directory, at, before))
        yield before[-1]


def _stage(answers: Answers, directory: Staffing, at: str, before: list[dict[str, Any]]) -> dict[str, Any]:
    ask = answers.ask
    number = len(before)
    title = ask(f"{at}.title", f"What is stage {number + 1} called?", text, default=f"Stage {number + 1}")
    count = ask(f"{at}.count", "How many people decide together?", number_of(1, MOST_REVIEWERS), default="1")
    role = ask_role(answers, directory, f"{at}.reviewer", "Who decides?", count=count)
    fresh_eyes = _fresh_eyes(directory, role, count, before)
    fresh = number > 0 and ask(
        f"{at}.fresh",
        "Must it be someone who was not involved before? (yes or no)",
        fresh_eyes,
        default="yes" if _is_taken(fresh_eyes, "yes") else "no",
    )
    alternative = _alternative(answers, directory, f"{at}.alternative", role, count)
    source = ask(f"{at}.source", _BASIS, perhaps, default="")
    deadlines = [
        *(_submit(answers, directory, at) if number == 0 else ()),
        *_deadlines(answers, at, starts="received" if number == 0 else "requested"),
    ]
    approval = _approval(answers, directory, f"{at}.approval", role) if count == 1 else None
    who = directory.roles[role]
    confirm = next(deadline for deadline in deadlines if deadline["name"] == "acknowledge")
    return {
        "id": f"stage-{number + 1}",
        "title": title,
        "about": ask(
            f"{at}.about",
            "What happens at this stage? Write a sentence for the person who complains.",
            text,
            default=f"We will look into your complaint and write to you with the outcome. Decided by: {who}.",
        ),
        "acknowledgement": "automatic" if confirm["limit"].count == 0 else "person",
        "role": role,
        "count": count,
        "fresh": fresh,
        "alternative": alternative,
        "approval": approval,
        "source": source,
        "deadlines": deadlines,
    }


def _is_taken(taken_as: Callable[[str], bool], typed: str) -> bool:
    """Return whether an answer would fit."""
    try:
        return taken_as(typed)
    except ValueError:
        return False


def _alternative(answers: Answers, directory: Staffing, at: str, reviewer: str, count: int) -> str:
    """Return the role that decides where nobody with the first one can; empty: those to whom breaches go."""
    who = directory.roles[reviewer]

    def another(typed: str) -> str:
        if typed.strip() and as_id(text(typed)) in ("", reviewer):
            raise ValueError(f"Enter another role than {who}, or leave it empty.")
        return perhaps(typed)

    question = f"Who decides if the {who} was involved in what happened? (a role; or leave empty)"
    named = answers.ask(f"{at}.title", question, another, default="")
    return fill(answers, directory, at, named, count=count) if named else ""


def _fresh_eyes(
    directory: Staffing, role: str, count: int, before: list[dict[str, Any]]
) -> Callable[[str], bool]:
    """Say yes only where the role has people enough who cannot have been involved."""

    def chosen(typed: str) -> bool:
        wanted = yes_or_no(typed)
        involved = [(stage["role"], stage["count"]) for stage in before]
        involved += [(stage["approval"]["role"], 1) for stage in before if stage["approval"]]
        left = directory.filled(role) - sum(
            min(most, directory.shared(role, other)) for other, most in involved
        )
        if wanted and left < min(count, directory.filled(role)):
            raise ValueError(
                f"This cannot be promised: earlier stages can have involved too many people with the role"
                f" {directory.roles[role]}. Enter no. Change it to yes in the file when more people have the role."
            )
        return wanted

    return chosen


def _submit(answers: Answers, directory: Staffing, at: str) -> Iterator[dict[str, Any]]:
    """Return by when a complaint has to be there, if there is such a limit."""
    ask = answers.ask
    within = ask(
        f"{at}.submit.limit",
        "How long after what happened can people complain? (such as 3 months; leave empty if there is no limit)",
        lambda typed: limit(typed) if typed.strip() else None,
        default="",
    )
    if within is None:
        return
    basis = ask(f"{at}.submit.source", _BASIS, perhaps, default="")
    decides = ""
    if ask(
        f"{at}.submit.discretion",
        "Does your policy name someone who decides whether a later complaint is considered anyway? (yes or no; with no,"
        " the people told of missed dates decide)",
        yes_or_no,
        default="no",
    ):
        decides = ask_role(answers, directory, f"{at}.submit.decider", "Who decides that?")
    yield _deadline("submit", {"limit": within, "source": basis, "discretion_role": decides}, "incident")


def _deadlines(answers: Answers, at: str, *, starts: str) -> Iterator[dict[str, Any]]:
    """Return by when it is confirmed and answered, and how long people have to reply. `starts`: what the stage begins
    with."""
    confirm = _rule(
        answers,
        f"{at}.acknowledge",
        "When must you acknowledge it? (straight away, by the system; or a time such as 3 working days)",
        lambda typed: Limit(0, "days") if typed.strip() in ("straight away", "at once") else limit(typed),
        default="straight away" if starts == "received" else "3 working days",
    )
    yield _deadline("acknowledge", confirm, starts)
    respond = _rule(
        answers, f"{at}.respond", "When must you send the outcome?", limit, default="20 working days"
    )
    yield _deadline("respond", respond | _extension(answers, f"{at}.respond"), starts)
    reply = _rule(
        answers,
        f"{at}.reply",
        "How long do people have to say whether they are satisfied?",
        limit,
        default="10 working days",
    )
    yield _deadline("reply", reply, "responded")


def _extension(answers: Answers, at: str) -> dict[str, Any]:
    """Return whether the date for the answer can move, and how far."""
    question = "Can you move that date, if you give the reason and a new date? (yes or no)"
    if not answers.ask(f"{at}.extension", question, yes_or_no, default="no"):
        return {}
    cap = answers.ask(
        f"{at}.extension_cap",
        "What is the longest it can take then? (such as 2 months; leave empty if the policy does not say)",
        lambda typed: limit(typed) if typed.strip() else None,
        default="",
    )
    return {"extension": True, "extension_cap": cap}


def _approval(answers: Answers, directory: Staffing, at: str, reviewer: str) -> dict[str, str] | None:
    """Return who has to agree before the answer is sent, where one person decides."""
    question = "Must someone else agree before the outcome is sent? (yes or no)"
    if not answers.ask(f"{at}.needed", question, yes_or_no, default="no"):
        return None
    role = ask_role(answers, directory, at, "Who must agree?", never_alone=reviewer)
    return {"role": role, "source": answers.ask(f"{at}.source", _BASIS, perhaps, default="")}


def _rule(
    answers: Answers, at: str, question: str, taken_as: Callable[[str], Limit], *, default: str
) -> dict[str, Any]:
    found = answers.ask(f"{at}.limit", question, taken_as, default=default)
    return {"limit": found, "source": answers.ask(f"{at}.source", _BASIS, perhaps, default="")}


def _deadline(name: str, rule: dict[str, Any], counted_from: str) -> dict[str, Any]:
    return {"name": name, "counted_from": counted_from, **rule, "remind": _reminders(name, rule["limit"])}


def _reminders(name: str, within: Limit) -> list[int]:
    """Return the working days before the last day on which to remind: the longer it takes, the earlier."""
    days = within.count * _WORKING_DAYS[within.unit]
    if name == "submit" or within.count == 0:
        return []
    if name == "reply":
        return [3 if days >= 5 else 0]
    return [5, 1] if days >= 15 else [3, 1] if days >= 8 else [1] if days >= 2 else []


def _signposts(answers: Answers) -> Iterator[dict[str, str]]:
    taken: list[str] = []
    for number in range(MOST_STAGES):
        at = f"signposts.{number}"
        question = "Does the policy name someone outside the organisation whom people can turn to in the end?"
        if not answers.is_there(
            at, question if number == 0 else "Is there anyone else outside the organisation?", default=False
        ):
            return
        name = answers.ask(f"{at}.name", "What is it called?", text)
        taken.append(free_id(as_id(name) or "signpost", taken))
        yield {
            "id": taken[-1],
            "name": name,
            "about": answers.ask(
                f"{at}.about",
                "What can it do? Write a sentence.",
                text,
                default="You can ask for our decision to be looked at from outside.",
            ),
            "address": answers.ask(
                f"{at}.address",
                "How can people reach it? (a web address, or leave empty)",
                perhaps,
                default="",
            ),
        }


def _terms(answers: Answers) -> Iterator[dict[str, Any]]:
    earliest = date.min
    for number in range(MOST_TERMS):
        at = f"terms.{number}"
        if number and not answers.is_there(at, "Is there another term, or half of one?", default=True):
            return
        name = answers.ask(f"{at}.name", "School days need terms. What is the term called?", text)
        first = answers.ask(f"{at}.first", "What is its first day? (such as 2026-09-02)", day_after(earliest))
        last = answers.ask(f"{at}.last", "What is its last day?", day_after(first))
        earliest = last + timedelta(days=1)
        yield {"name": name, "first": first, "last": last}
