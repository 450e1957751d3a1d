"""Begins a procedure file: asks what an organisation has to know about its own policy, and writes the file.

The questions come in one order, whoever answers them: a person at a terminal, or a file. An answer that does not
fit is refused with a sentence. What the policy does not say is marked in the file as the organisation's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from authoring.holidays import REGIONS
from authoring.ids import as_id, is_id
from domain.addresses import is_address, is_same
from domain.calendars import CALENDAR_UNITS, Limit, Unit, spell_limit
from domain.days import NoDay, read_day
from domain.words import in_one_line

Taken = TypeVar("Taken")

MOST_STAGES: Final = 9
MOST_REVIEWERS: Final = 9
MOST_TERMS: Final = 60

_LIMIT: Final = re.compile(r"(\d{1,4}) (?:(working|school)[ -])?(hour|day|week|month|year)s?")
_PLAIN: Final = re.compile(r"[^\W\d_](?:[\w ,.()/@’'+-]*[\w.)])?")
_NOT_TEXT: Final = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
_BASIS: Final = "Which section of the policy says so? (leave it empty where the policy is silent)"

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


class Answers(Protocol):
    """Who answers. `at` is the place of an answer in a file of answers: stages.0.title."""

    def ask(
        self, at: str, question: str, taken_as: Callable[[str], Taken], *, default: str | None = None
    ) -> Taken:
        """An answer, as `taken_as` makes it of the text; it raises ValueError with a sentence for one that does not
        fit. `default` is the text that stands in for none; without it there has to be one."""
        ...

    def is_there(self, at: str, question: str, *, default: bool) -> bool:
        """Whether a list goes on: at `at` its next entry would stand."""
        ...


@dataclass(slots=True)
class Staffing:
    """The roles that the questions have brought up, and who fills them."""

    roles: dict[str, str] = field(default_factory=dict)
    people: list[dict[str, Any]] = field(default_factory=list)

    def filled(self, role: str) -> int:
        return sum(role in person["roles"] for person in self.people)

    def shared(self, role: str, other: str) -> int:
        """How many people fill both roles."""
        return sum({role, other} <= set(person["roles"]) for person in self.people)

    def add(self, role: str, name: str, email: str) -> None:
        """Let a person fill a role; whoever has the same address is the same person."""
        known = next((person for person in self.people if is_same(person["email"], email)), None)
        if known is None:
            taken = [person["id"] for person in self.people]
            known = {"id": _free(as_id(name), taken), "name": name, "email": email, "roles": []}
            self.people.append(known)
        elif role in known["roles"]:
            raise ValueError(f"{email} has this role already: give the address of somebody else.")
        known["roles"].append(role)


def interview(answers: Answers, *, is_free: Callable[[str], bool]) -> dict[str, Any]:
    """Everything that a new file needs to know. `is_free` tells whether a slug is not taken yet."""
    ask = answers.ask
    given: dict[str, Any] = {"organisation": ask("organisation", "What is the organisation called?", text)}

    def slug(typed: str) -> str:
        if not is_id(typed):
            raise ValueError("Write lower-case words joined by hyphens.")
        if not is_free(typed):
            raise ValueError(f"There is a procedure `{typed}` already, and it stays as it is.")
        return typed

    given["slug"] = ask(
        "slug", "Its name in web addresses, and of the file?", slug, default=as_id(given["organisation"])
    )
    given["document"] = ask("document", "What is the policy called?", text, default="Complaints policy")
    given["region"] = ask("region", "Whose public holidays count?", _one_of(REGIONS), default=REGIONS[0])
    given["email"] = ask("email", "Which email address can people write to?", email)
    given["telephone"] = ask("telephone", "Which number can they call? (empty: none)", perhaps, default="")
    if given["telephone"]:
        given["hours"] = ask("hours", "When is it answered? (empty: not said)", perhaps, default="")
    directory = Staffing()
    given["coordinator"] = _role(
        answers, directory, "coordinator", "Who sees every new complaint?", default="Complaints office"
    )
    given["stages"] = list(_stages(answers, directory))
    given["escalates_to"] = as_id(
        ask(
            "escalates_to",
            "Who is told when a deadline is missed?",
            _one_of(tuple(directory.roles.values())),
            default=directory.roles[given["stages"][-1]["role"]],
        )
    )
    given["signposts"] = list(_signposts(answers))
    given["keep"] = _rule(
        answers, "keep", "How long is a closed case kept?", calendar_limit, default="5 years"
    )
    given["data_protection"] = _role(
        answers,
        directory,
        "data_protection",
        "Who looks after data protection?",
        default="Data protection contact",
    )
    given["takes_data_protection"] = ask(
        "takes_data_protection",
        "Does the form for complaints about personal data, which the law asks for, come with it? (yes or no)",
        yes_or_no,
        default="yes",
    )
    holder = next(one for one in directory.people if given["data_protection"] in one["roles"])
    given["data_protection_email"] = holder["email"]
    counted = {rule["limit"].unit for stage in given["stages"] for rule in stage["deadlines"]}
    given["terms"] = list(_terms(answers)) if "school-days" in counted else []
    given["roles"] = [{"id": name, "title": title} for name, title in directory.roles.items()]
    given["people"] = directory.people
    return given


def write_up(given: dict[str, Any], *, modeline: str) -> str:
    """The procedure file, from what `interview` found out."""
    sheets = Environment(  # noqa: S701 - YAML, not HTML
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    sheets.filters["yaml"] = as_yaml
    sheets.filters["limit"] = spell_limit
    return sheets.get_template("new.yaml.jinja").render(modeline=modeline, **{"hours": "", **given})


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
    count = ask(f"{at}.count", "How many people decide together?", _number(1, MOST_REVIEWERS), default="1")
    role = _role(answers, directory, f"{at}.reviewer", "Who decides?", count=count)

    def fresh_eyes(typed: str) -> bool:
        wanted = yes_or_no(typed)
        involved = [(stage["role"], stage["count"]) for stage in before]
        involved += [(stage["approval"]["role"], 1) for stage in before if stage["approval"]]
        left = directory.filled(role) - sum(
            min(most, directory.shared(role, other)) for other, most in involved
        )
        if wanted and left < min(count, directory.filled(role)):
            raise ValueError(
                f"This cannot be promised: earlier stages can have involved too many of those who are"
                f" {directory.roles[role]}. Write no, and yes in the file when others fill the role."
            )
        return wanted

    fresh = number > 0 and ask(
        f"{at}.fresh",
        "Has it to be somebody who was not involved before? (yes or no)",
        fresh_eyes,
        default="no",
    )
    source = ask(f"{at}.source", _BASIS, perhaps, default="")
    starts = "received" if number == 0 else "requested"
    deadlines: list[dict[str, Any]] = []
    if number == 0:
        submit = ask(
            f"{at}.submit.limit",
            "How long after what happened can people complain? (such as 3 months; empty: no limit)",
            lambda typed: limit(typed) if typed.strip() else None,
            default="",
        )
        if submit is not None:
            basis = ask(f"{at}.submit.source", _BASIS, perhaps, default="")
            decides = ""
            if ask(
                f"{at}.submit.discretion",
                "Does somebody decide whether a later one is considered all the same? (yes or no)",
                yes_or_no,
                default="no",
            ):
                decides = _role(answers, directory, f"{at}.submit.decider", "Who decides that?")
            rule = {"limit": submit, "source": basis, "discretion_role": decides}
            deadlines.append(_deadline("submit", rule, "incident"))
    confirm = _rule(
        answers,
        f"{at}.acknowledge",
        "By when is it confirmed? (at once: by the system; or such as 3 working days)",
        lambda typed: Limit(0, "days") if typed.strip() == "at once" else limit(typed),
        default="at once" if number == 0 else "3 working days",
    )
    deadlines.append(_deadline("acknowledge", confirm, starts))
    respond = _rule(answers, f"{at}.respond", "By when is it answered?", limit, default="20 working days")
    respond |= _extension(answers, f"{at}.respond")
    deadlines.append(_deadline("respond", respond, starts))
    reply = _rule(
        answers,
        f"{at}.reply",
        "How long have people to say if they are satisfied?",
        limit,
        default="10 working days",
    )
    deadlines.append(_deadline("reply", reply, "responded"))
    approval = _approval(answers, directory, f"{at}.approval", role) if count == 1 else None
    who = directory.roles[role]
    return {
        "id": f"stage-{number + 1}",
        "title": title,
        "about": ask(
            f"{at}.about",
            "What happens here, in a sentence for the person who complains?",
            text,
            default=f"We look into your complaint and write to you with our answer. Decided by: {who}.",
        ),
        "acknowledgement": "automatic" if confirm["limit"].count == 0 else "person",
        "role": role,
        "count": count,
        "fresh": fresh,
        "approval": approval,
        "source": source,
        "deadlines": deadlines,
    }


def _extension(answers: Answers, at: str) -> dict[str, Any]:
    """Whether the date for the answer can move, and how far."""
    question = "Can that date move, with the reason for it and a new date? (yes or no)"
    if not answers.ask(f"{at}.extension", question, yes_or_no, default="no"):
        return {}
    cap = answers.ask(
        f"{at}.extension_cap",
        "Which is the longest it can take then? (such as 2 months; empty: the policy does not say)",
        lambda typed: limit(typed) if typed.strip() else None,
        default="",
    )
    return {"extension": True, "extension_cap": cap}


def _approval(answers: Answers, directory: Staffing, at: str, reviewer: str) -> dict[str, str] | None:
    """Who has to agree before the answer is sent, where one person decides."""
    question = "Has somebody else to agree before the answer is sent? (yes or no)"
    if not answers.ask(f"{at}.needed", question, yes_or_no, default="no"):
        return None
    role = _role(answers, directory, at, "Who has to agree?", never_alone=reviewer)
    return {"role": role, "source": answers.ask(f"{at}.source", _BASIS, perhaps, default="")}


def _role(
    answers: Answers,
    directory: Staffing,
    at: str,
    question: str,
    *,
    default: str | None = None,
    count: int = 1,
    never_alone: str = "",
) -> str:
    """A role's id, with as many people in the directory as fill it; one more where one of them can be the person who
    fills the role `never_alone`, whose work they look at."""

    def title(typed: str) -> str:
        if not as_id(text(typed)):
            raise ValueError("Write a title with letters in it.")
        return text(typed)

    named = answers.ask(
        f"{at}.title", f"{question} (a role, such as Head of Service)", title, default=default
    )
    role = as_id(named)
    directory.roles.setdefault(role, named)
    needed = count + (1 if never_alone and directory.shared(role, never_alone) else 0)
    known = directory.filled(role)
    for number in range(known, needed):
        place = f"{at}.people.{number - known}"
        nth = f" number {number + 1}" if needed > 1 else ""
        name = answers.ask(f"{place}.name", f"Name of the {named}{nth}?", text, default=f"{named}{nth}")

        def add(typed: str, name: str = name) -> None:
            directory.add(role, name, email(typed))

        answers.ask(f"{place}.email", f"Email address of the {named}{nth}?", add)
    return role


def _rule(
    answers: Answers, at: str, question: str, taken_as: Callable[[str], Limit], *, default: str
) -> dict[str, Any]:
    found = answers.ask(f"{at}.limit", question, taken_as, default=default)
    return {"limit": found, "source": answers.ask(f"{at}.source", _BASIS, perhaps, default="")}


def _deadline(name: str, rule: dict[str, Any], counted_from: str) -> dict[str, Any]:
    return {"name": name, "counted_from": counted_from, **rule, "remind": _reminders(name, rule["limit"])}


def _reminders(name: str, within: Limit) -> list[int]:
    """Working days before the last day on which to remind: the longer it takes, the earlier."""
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
        question = "Does the policy name somebody outside to whom people can turn in the end?"
        if not answers.is_there(at, question if number == 0 else "Somebody else outside?", default=False):
            return
        name = answers.ask(f"{at}.name", "What is it called?", text)
        taken.append(_free(as_id(name) or "signpost", taken))
        yield {
            "id": taken[-1],
            "name": name,
            "about": answers.ask(
                f"{at}.about",
                "What can it do, in a sentence?",
                text,
                default="You can ask for our decision to be looked at from outside.",
            ),
            "address": answers.ask(
                f"{at}.address", "How is it reached? (a web address; empty: not said)", perhaps, default=""
            ),
        }


def _terms(answers: Answers) -> Iterator[dict[str, Any]]:
    earliest = date.min
    for number in range(MOST_TERMS):
        at = f"terms.{number}"
        if number and not answers.is_there(at, "Another term, or half of one?", default=True):
            return
        name = answers.ask(f"{at}.name", "School days need terms. What is it called?", text)
        first = answers.ask(f"{at}.first", "Its first day? (such as 2026-09-02)", _day_after(earliest))
        last = answers.ask(f"{at}.last", "Its last day?", _day_after(first))
        earliest = last + timedelta(days=1)
        yield {"name": name, "first": first, "last": last}


def _day_after(earliest: date) -> Callable[[str], date]:
    def chosen(typed: str) -> date:
        found = day(typed)
        if found < earliest:
            raise ValueError(f"This cannot be before {earliest.isoformat()}.")
        return found

    return chosen


def text(typed: str) -> str:
    """Text that is there. ValueError: it is not."""
    found = in_one_line(typed)
    if not found:
        raise ValueError("This needs an answer.")
    return found


def perhaps(typed: str) -> str:
    """Text, or none."""
    return in_one_line(typed)


def email(typed: str) -> str:
    """An email address. ValueError: it is none."""
    if not is_address(typed.strip()):
        raise ValueError(f"`{typed}` is no email address.")
    return typed.strip()


def day(typed: str) -> date:
    """A day as 2026-09-02. ValueError: it is none."""
    try:
        return read_day(typed.strip())
    except NoDay:
        raise ValueError("Write a day such as 2026-09-02.") from None


def yes_or_no(typed: str) -> bool:
    """Whether it is yes. ValueError: it is neither yes nor no."""
    match typed.strip().lower():
        case "yes" | "y" | "true":
            return True
        case "no" | "n" | "false":
            return False
        case _:
            raise ValueError("Write yes or no.")


def limit(typed: str) -> Limit:
    """A limit such as 10 working days. ValueError: it is none."""
    parts = _LIMIT.fullmatch(" ".join(typed.lower().split()))
    if parts is None:
        raise ValueError("Write a time such as 10 working days, 48 working hours, 4 weeks or 1 month.")
    count, kind, noun = int(parts[1]), parts[2], parts[3]
    known: dict[tuple[str | None, str], Unit] = {
        ("working", "day"): "working-days",
        ("working", "hour"): "working-hours",
        ("school", "day"): "school-days",
        (None, "day"): "days",
        (None, "week"): "weeks",
        (None, "month"): "months",
        (None, "year"): "years",
    }
    unit = known.get((kind, noun))
    if unit is None:
        raise ValueError(
            "Hours are counted on working days: write 48 working hours."
            if noun == "hour"
            else "Only days and hours can be working ones, and only days school days."
        )
    if count == 0:
        raise ValueError("A time counts from 1.")
    return Limit(count, unit)


def calendar_limit(typed: str) -> Limit:
    """A limit in days, weeks, months or years. ValueError: it is none."""
    found = limit(typed)
    if found.unit not in CALENDAR_UNITS:
        raise ValueError("This is counted in days, weeks, months or years.")
    return found


def _one_of(known: tuple[str, ...]) -> Callable[[str], str]:
    def chosen(typed: str) -> str:
        if typed.strip() not in known:
            raise ValueError(f"Write one of: {', '.join(known)}.")
        return typed.strip()

    return chosen


def _number(least: int, most: int) -> Callable[[str], int]:
    def number(typed: str) -> int:
        if not typed.strip().isdecimal() or not least <= int(typed) <= most:
            raise ValueError(f"Write a number from {least} to {most}.")
        return int(typed)

    return number


def _free(name: str, taken: list[str]) -> str:
    """The name, with a number behind it where it is taken."""
    name = name or "person"
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(one for one in numbered if one not in taken)


def as_yaml(value: str) -> str:
    """Text as YAML: plain where that is safe."""
    if _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT:
        return value
    return json.dumps(value, ensure_ascii=False)
