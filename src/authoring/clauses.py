"""The clauses of an organisation's policy, each with the rule that keeps it.

A register (`procedures/clauses/<slug>.yaml`) has every clause of the policy in our own words. A clause is kept by
parts of the procedure (`kept_by`: paths such as `stages.stage-1.deadlines.acknowledge`, in which an id stands for
its entry), by what the engine does for every procedure (`engine`: names from `MECHANISMS`), or by both; what is
still to come says so (`planned`). `read_register` holds it to that: every path has to lead to something that the
procedure says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Final, Literal

from authoring.ids import hint
from authoring.ladder import MESSAGES, ORIGINS, spell_elsewhere, spell_limits
from authoring.objection import Objection
from authoring.places import KEYED
from authoring.procedure_file import read_as
from domain.calendars import Limit, spell_limit
from domain.ladder import (
    Also,
    Approval,
    Conversation,
    DeadlineRule,
    End,
    Review,
    Signposting,
    Skip,
    Stage,
)
from domain.procedure import Field, Form, Procedure, SchoolYear, WrittenForm
from domain.provisions import (
    AboutStaff,
    Completion,
    ContactLimits,
    DirectoryKept,
    Exhausted,
    LateReply,
    Letters,
    Mediation,
    Records,
    Refusal,
    Reopen,
    Retention,
)

Mechanism = Literal[
    "actions-until-done",
    "disclosures-on-record",
    "notes-on-the-case",
    "questions-and-answers",
    "ends-with-silence",
    "heard-again",
    "case-file",
    "case-file-export",
    "confidential-access",
    "conflict-of-interest",
    "dates-explained",
    "documents-on-the-case",
    "form-before-investigation",
    "late-is-decided",
    "late-is-shown",
    "lessons-on-the-case",
    "letters-that-print",
    "links-for-each-step",
    "news-to-the-informed",
    "next-stage-carries-the-case",
    "outcome-per-aspect",
    "policy-with-the-first-message",
    "required-answers",
    "resolution-sought-at-each-stage",
    "sent-elsewhere",
    "several-agree",
    "signpost-by-course",
    "entered-for-somebody",
    "settled-at-once",
    "kinds-told-apart",
]

MECHANISMS: Final[Mapping[Mechanism, str]] = {
    "actions-until-done": "What an outcome promises has an owner and a day, and lives on after the closure until it is "
    "done.",
    "disclosures-on-record": "Passing on what was told in confidence is an act of its own, with to whom and why.",
    "notes-on-the-case": "Calls and meetings, with whoever came along, are noted on the case and stay there.",
    "questions-and-answers": "What a reviewer asks reaches the complainant by mail; question and answer stay on the "
    "case.",
    "ends-with-silence": "When the time for a reply is over, and after a reminder, the case closes.",
    "heard-again": "What did not arrive ends no stage. Whoever answers after the closure, by whatever route, is heard: "
    "somebody decides whether the answer is accepted, and staff can open the case again.",
    "case-file": "All that happened to a case is kept on it, with who did it and when, and stands on its page.",
    "case-file-export": "The whole file of a case comes out in one piece, with its documents and what was sent, and "
    "that it did is on record; the complainant has a copy of what is theirs from their own link.",
    "confidential-access": "A case is read only from a link that went to somebody who handles it, and a link ends "
    "when its person no longer does; mails to staff hold no word of the complaint.",
    "conflict-of-interest": "Who is barred from a stage is no choice for it, and naming them anyway is refused. Whom "
    "the complaint names hears nothing of it, and nobody has it for a general right before somebody has looked.",
    "dates-explained": "A date that is shown says how it was counted and where the policy states it.",
    "documents-on-the-case": "Documents and recordings are added from a link, by the complainant too, and are given "
    "out only to those who handle the case and to the complainant whose they are.",
    "form-before-investigation": "No outcome is sent before a complaint that has to be there in writing is.",
    "late-is-decided": "Whether a complaint that comes after the limit is considered is decided by a person, with a "
    "reason that the complainant reads; no outcome is sent before that.",
    "late-is-shown": "A complaint that comes after the limit is taken, and is shown as late to staff and complainant.",
    "lessons-on-the-case": "What was learned is recorded with the outcome or after the closure, whatever came of the "
    "complaint.",
    "letters-that-print": "Every message to a complainant prints as a letter; where it has to be posted, whoever "
    "handles the case is told, and reminded until it is.",
    "links-for-each-step": "Whoever's move it is gets a link to a page on which exactly that can be done.",
    "news-to-the-informed": "Those whom the procedure informs get a message with each new case and each outcome. "
    "Its link shows what was complained of and how it was resolved, once it is known who is involved.",
    "next-stage-carries-the-case": "Who goes on to the next stage writes nothing again: its reviewer reads all.",
    "outcome-per-aspect": "An outcome concludes on every main point with reasons, and says what is done; one that "
    "lacks any of it is refused and says what is missing.",
    "policy-with-the-first-message": "The first message to the complainant says where the procedure stands in full.",
    "required-answers": "A form that lacks a required answer is refused, names each, and keeps what was typed.",
    "resolution-sought-at-each-stage": "Who goes on to the next stage is asked again what they would like to happen, "
    "and its reviewer reads the answer.",
    "sent-elsewhere": "For what the procedure does not cover, the form names where to go and opens no case.",
    "several-agree": "An outcome goes out when everybody who has to agree has agreed, and not before.",
    "entered-for-somebody": "Staff enter what came by telephone, in person, by email or by letter, with the day "
    "on which it came, and what was done straight away; the person gets the same acknowledgement as with the form.",
    "settled-at-once": "A concern with which nothing is left to do is logged with what was done and whether the person "
    "was content, and closed; one that is not settled goes on with what was written.",
    "kinds-told-apart": "Suggestions and compliments are logged, thanked for and passed on, and go through no stage.",
    "signpost-by-course": "Where to turn after the last stage depends on the course that the complaint is about.",
}
"""What the engine does for every procedure, one sentence each."""

_CLAUSE_ID: Final = re.compile(r"[A-Z]{2,4}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One clause of a policy, in our own words."""

    id: str
    where: str
    """The part of the policy in which it stands."""
    rule: str
    kept_by: tuple[str, ...] = ()
    """Paths into the procedure."""
    engine: tuple[Mechanism, ...] = ()
    planned: str = ""
    """What is still to come; empty where the clause is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The clauses of one policy."""

    procedure: str
    covers: str
    """What the policy is for."""
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A part of a procedure that keeps a clause: the policy's section or the organisation's own word for it, and
    what it says."""

    path: str
    source: str
    own_target: str
    words: str


class NoSuchRule(LookupError):
    """The path leads to nothing that the procedure says. The text is a sentence."""


def read_register(path: Path, procedure: Procedure) -> Register:
    """Return the register in a file, whose clauses `procedure` keeps.

    ProcedureFileErrors: the file has mistakes. OSError: it cannot be read."""

    def objections(register: Register) -> Iterator[Objection]:
        return _objections(register, procedure)

    register, _ = read_as(
        Register, path, what="register of clauses", begins="procedure", objections=objections
    )
    return register


def _objections(register: Register, procedure: Procedure) -> Iterator[Objection]:
    if register.procedure != procedure.slug:
        yield Objection(("procedure",), f"`procedure` has to be `{procedure.slug}`, as the file is called")
    for number, clause in enumerate(register.clauses):
        at = ("clauses", number)
        if not _CLAUSE_ID.fullmatch(clause.id):
            yield Objection((*at, "id"), f"`{clause.id}` is not the id of a clause, such as `AB-02`")
        if not (clause.kept_by or clause.engine or clause.planned):
            yield Objection(
                at,
                f"nothing keeps {clause.id}: name it under `kept_by` or `engine`, or say what is `planned`",
                ((*at, "kept_by"), (*at, "engine"), (*at, "planned")),
            )
        for index, path in enumerate(clause.kept_by):
            try:
                rule_at(procedure, path)
            except NoSuchRule as error:
                yield Objection((*at, "kept_by", index), str(error))
            if path in clause.kept_by[:index]:
                yield Objection((*at, "kept_by", index), f"`{path}` is listed here twice")


def rule_at(procedure: Procedure, path: str) -> Rule:
    """Return the part of the procedure at a path. NoSuchRule: there is none, or it is empty."""
    trail: list[Any] = [procedure]
    taken: list[str] = []
    for step in path.split("."):
        known = _parts(trail, taken)
        if step not in known:
            place = f"in `{'.'.join(taken)}`" if taken else "in the procedure"
            raise NoSuchRule(f"`{path}`: there is no `{step}` {place}{hint(step, known)}")
        trail.append(known[step])
        taken.append(step)
    if trail[-1] in (None, "", (), False):
        raise NoSuchRule(f"`{path}`: the procedure says nothing there")
    source, own_target = _basis(trail)
    return Rule(path=path, source=source, own_target=own_target, words=_words(procedure, trail, taken))


def _parts(trail: list[Any], taken: list[str]) -> dict[str, Any]:
    """Return what a path can go on with: fields, or the entries of a mapping by their id."""
    part = trail[-1]
    if isinstance(part, tuple) and taken:
        key, _ = KEYED.get((type(trail[-2]).__name__, taken[-1]), ("", ""))
        return {getattr(entry, key): entry for entry in part} if key else {}
    if is_dataclass(part):
        return {field.name: getattr(part, field.name) for field in fields(part)}
    return {}


def _basis(trail: list[Any]) -> tuple[str, str]:
    """Return where the policy states it, or that it is the organisation's own: as the nearest part around it says."""
    for part in reversed(trail):
        source, own_target = getattr(part, "source", ""), getattr(part, "own_target", "")
        if source or own_target:
            return source, own_target
    return "", ""


def _words(procedure: Procedure, trail: list[Any], taken: list[str]) -> str:
    match trail[-1]:
        case bool():
            return taken[-1].replace("_", " ")
        case str() as text:
            title = next((role.title for role in procedure.roles if role.id == text), "")
            return title or text
        case tuple() as entries:
            return "; ".join(_words(procedure, [*trail, entry], [*taken, ""]) for entry in entries)
        case part:
            return (
                _who(procedure, part)
                or _whose(procedure, part)
                or _what(procedure, part)
                or _on_the_way(procedure, part)
                or _named(part)
            )


def _titles(procedure: Procedure, *roles: str) -> str:
    return " or ".join(procedure.role(role).title for role in roles)


def _who(procedure: Procedure, part: object) -> str:
    """Return a part that says who decides something; empty: it is none of those."""
    match part:
        case Review() as review:
            number = f"{review.count} × " if review.count > 1 else ""
            fresh = ", nobody from an earlier stage" if review.fresh else ""
            headed = f", headed by {_titles(procedure, review.head)}" if review.head else ""
            return f"reviewed by {number}{_titles(procedure, review.role)}{fresh}{headed}"
        case Approval(by="fellow-reviewers"):
            return "all reviewers have to agree"
        case Approval() as approval:
            number = f"{approval.count} × " if approval.count > 1 else ""
            return f"{number}{_titles(procedure, approval.role)} has to agree"
        case AboutStaff(reviewed_by=roles):
            who = _titles(procedure, *roles)
            return f"about somebody in the directory: reviewed by {who}, and never by a peer"
        case Reopen(within=within, role=role):
            who = _titles(procedure, role or procedure.coordinator)
            return f"a closed case can be opened again for {spell_limit(within)} by {who}"
        case LateReply(role=role):
            return f"decided by {_titles(procedure, role)}"
        case ContactLimits(role=role, review_within=within):
            who = _titles(procedure, role or procedure.escalates_to)
            return f"contact that is abusive is limited by {who}, with a review within {spell_limit(within)}"
        case _:
            return ""


def _whose(procedure: Procedure, part: object) -> str:
    """Return a part that says who keeps, signs or gets something; empty: it is none of those."""
    match part:
        case Exhausted(letter_from=roles):
            return f"the letter comes from {_titles(procedure, *roles)}"
        case Records(role=role):
            return f"the whole file of a case is for: {_titles(procedure, role)}"
        case Letters(signed_by=role):
            return f"letters are signed in the name of: {_titles(procedure, role)}"
        case DirectoryKept(kept_by=roles):
            return f"kept by {_titles(procedure, *roles)}"
        case _:
            return ""


def _what(procedure: Procedure, part: object) -> str:
    """Return a part that says what is done, asked or kept, and by when; empty: it is none of those."""
    match part:
        case Limit() as limit:
            return spell_limit(limit)
        case DeadlineRule() as rule:
            return f"{rule.name}: {_spell_deadline(procedure, rule)}"
        case End() as end:
            named = [signpost.name for signpost in procedure.signposts if signpost.id in end.signposts]
            return f"ends with: {', '.join(named) or end.none_named}"
        case Retention() as retention:
            return f"kept for {spell_limit(retention.keep)} after the closure, then destroyed"
        case Field() as question:
            needed = "has to be answered" if question.required else "can be answered"
            return f"the form asks “{question.label}” ({needed})"
        case Form() as form:
            return f"the form “{form.title}” ({form.kind})"
        case WrittenForm(routes=routes) as written:
            ways = " or ".join(routes) or "whatever staff ask to have in writing"
            return f"{ways}: waits for the form, with a reminder after {spell_limit(written.remind_after)}"
        case Mediation():
            return "whoever works on a case can offer the complainant mediation"
        case Stage() as stage:
            return f"the stage “{stage.title}”"
        case Conversation(before_outcome=before) as conversation if before != "not-required":
            needed = "tried" if before == "tried" else "held"
            return f"{needed} before an outcome, or the reason why not: {conversation.about}"
        case SchoolYear() as year:
            return (
                f"{len(year.terms)} terms and {len(year.closures)} closures, by which school days are counted"
            )
        case _:
            return ""


def _on_the_way(procedure: Procedure, part: object) -> str:
    """Return a part that says what holds besides the ladder's own steps; empty: it is none of those."""
    match part:
        case Skip(role=role):
            return f"it is skipped where {procedure.role(role).title} decides so, with the reason"
        case Completion() as owed:
            writers = " or ".join(procedure.role(role).title for role in owed.letter_from)
            return f"{owed.title}, {spell_limits(owed.within)} from the closure, from {writers}"
        case Also() as also:
            return f"at the latest {spell_elsewhere(procedure, also)}"
        case Signposting() as named:
            names = [signpost.name for signpost in procedure.signposts if signpost.id in named.signposts]
            told_with = " and ".join(MESSAGES[message] for message in named.told_with)
            return f"names {', '.join(names)} with {told_with}"
        case Refusal() as refusal:
            names = [signpost.name for signpost in procedure.signposts if signpost.id in refusal.signposts]
            turn_to = f", and named: {', '.join(names)}" if names else ""
            return f"a complaint can be refused with the reasons{turn_to}"
        case _:
            return ""


def _named(part: object) -> str:
    """Return what a part is called, by the first of its names."""
    names = (getattr(part, name, "") for name in ("title", "label", "name", "about", "email", "id"))
    return next((str(name) for name in names if name), str(part))


def _spell_deadline(procedure: Procedure, rule: DeadlineRule) -> str:
    text = f"{spell_limits(rule.within)} from {ORIGINS[rule.counted_from]}"
    text += "".join(f", {_on_the_way(procedure, also)}" for also in rule.also)
    if rule.extension == "with-new-date":
        text += ", or by a new date given with the reason"
        if rule.extension_each is not None:
            text += f", {spell_limit(rule.extension_each)} later each time at most"
        if rule.extension_cap is not None:
            text += f", {spell_limit(rule.extension_cap)} in all at most"
    if rule.discretion is not None:
        who = procedure.role(rule.discretion_role).title
        text += f", up to {spell_limit(rule.discretion)} at the discretion of: {who}"
    elif rule.name == "submit":
        text += f", later at the discretion of: {procedure.role(procedure.decides_late(rule)).title}"
    return text
