"""Whom there has to be, and what holds for the organisation as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from authoring.ids import is_id, unknown
from authoring.objection import Location, Objection, each_of, one_source, repeated
from domain.addresses import is_address
from domain.calendars import CALENDAR_UNITS, Limit
from domain.offices import roles_named
from domain.procedure import DATA_PROTECTION, Procedure
from domain.provisions import ContactLimits, MissedDates, Reopen, Retention, Urgent


def check_ids(procedure: Procedure) -> Iterator[Objection]:
    """Check that ids are written as ids, and none is taken."""
    named: list[tuple[Location, str]] = [(("slug",), procedure.slug)]
    for kind in ("roles", "people", "forms", "conclusions", "remedies", "stages", "signposts"):
        named += [((kind, number), entry.id) for number, entry in enumerate(getattr(procedure, kind))]
    for form_number, form in enumerate(procedure.forms):
        for number, question in enumerate(form.fields):
            at: Location = ("forms", form_number, "fields", number, "choices")
            named += [((*at, index), choice.id) for index, choice in enumerate(question.choices)]
    for number, stage in enumerate(procedure.stages):
        if stage.id == "retention":
            yield Objection(
                ("stages", number), "a stage cannot be called `retention`: `retention/delete` is taken"
            )
    for place, name in named:
        if not is_id(name):
            yield Objection(place, f"`{name}` is not an id: write lower-case words joined by hyphens")


def check_directory(procedure: Procedure) -> Iterator[Objection]:
    """Check the people, and how they and the organisation are reached."""
    if not is_address(procedure.contact.email):
        yield _no_address(("contact", "email"), procedure.contact.email)
    known = [role.id for role in procedure.roles]
    for number, person in enumerate(procedure.people):
        if not is_address(person.email):
            yield _no_address(("people", number, "email"), person.email)
        if not person.roles:
            yield Objection(("people", number, "roles"), f"`{person.id}` has no role")
        for index, role in enumerate(person.roles):
            at = ("people", number, "roles", index)
            if role not in known:
                yield Objection(at, unknown("role", role, known), each_of(procedure, "roles"))
        yield from repeated(("people", number, "roles"), person.roles)


def _no_address(at: Location, email: str) -> Objection:
    return Objection(at, f"`{email}` is not an email address")


def check_roles(procedure: Procedure) -> Iterator[Objection]:
    """Check that every role that a rule names is known, and somebody fills it."""
    known = [role.id for role in procedure.roles]
    for office in roles_named(procedure):
        at, role = office.at, office.role
        if role not in known:
            yield Objection(at, unknown("role", role, known), each_of(procedure, "roles"))
            continue
        holders = len(procedure.holders(role))
        if holders == 0:
            yield Objection(at, f"nobody fills the role `{role}`", each_of(procedure, "people", "roles"))
        elif holders < office.count:
            people = "person fills" if holders == 1 else "people fill"
            yield Objection(
                at,
                f"{office.count} are needed, but {holders} {people} the role `{role}`",
                each_of(procedure, "people", "roles"),
            )


def check_similar_aspects(procedure: Procedure) -> Iterator[Objection]:
    """Check that where it stands that aspects can be answered together belongs to their being so."""
    if procedure.similar_aspects_source and procedure.similar_aspects == "each-by-itself":
        yield Objection(
            ("similar_aspects_source",),
            "`similar_aspects_source` belongs to `similar_aspects: can-be-answered-together`",
            (("similar_aspects",),),
        )


def check_consent(procedure: Procedure) -> Iterator[Objection]:
    """Check that where it stands what waits for consent belongs to something that does."""
    if procedure.consent_before_source and procedure.consent_before == "outcome":
        yield Objection(
            ("consent_before_source",),
            "`consent_before_source` belongs to `consent_before: anything`",
            (("consent_before",),),
        )


def check_redress(procedure: Procedure) -> Iterator[Objection]:
    """Check that what a response has to say can be said."""
    if procedure.remedies_required and not procedure.remedies:
        yield Objection(
            ("remedies_required",), "a remedy is required, but `remedies` has none", (("remedies",),)
        )
    if procedure.evidence_source and procedure.evidence == "not-asked":
        yield Objection(
            ("evidence_source",),
            "`evidence_source` belongs to `evidence: required` or `optional`",
            (("evidence",),),
        )


def check_retention(retention: Retention) -> Iterator[Objection]:
    """Check that how long a case is kept can be counted without knowing holidays."""
    yield from one_source(retention, ("retention",), "how long a case is kept")
    yield from _plain_periods(retention, "retention", ("keep", "notice"))


def check_missed_dates(missed_dates: MissedDates) -> Iterator[Objection]:
    """Check that how often missed dates are told again can be counted for as long as it may take."""
    yield from _plain_periods(missed_dates, "missed_dates", ("tell_again", "then_every"))


def _plain_periods(part: object, at: str, names: tuple[str, ...]) -> Iterator[Objection]:
    for name in names:
        limit: Limit = getattr(part, name)
        if limit.unit not in CALENDAR_UNITS or limit.roll:
            yield Objection(
                (at, name),
                f"`{name}` counts plain days, weeks, months or years: holidays are not known that far ahead",
            )
        if limit.count == 0:
            yield Objection((at, name), f"`{name}` counts from 1")


def check_reopen(reopen: Reopen | None) -> Iterator[Objection]:
    """Yield how long a closed case can be opened again can be counted without knowing holidays."""
    if reopen is None:
        return
    limit, at = reopen.within, ("reopen", "within")
    if limit.unit not in CALENDAR_UNITS or limit.roll:
        yield Objection(at, "`within` counts plain days, weeks, months or years here")
    if limit.count == 0:
        yield Objection(at, "`within` counts from 1")


def check_urgent(urgent: Urgent | None) -> Iterator[Objection]:
    """Yield that nothing is said to people in danger, where something is to be."""
    if urgent is not None and not any(paragraph.strip() for paragraph in urgent.about):
        yield Objection(("urgent", "about"), "`about` says nothing to people in danger")


def check_contact_limits(limits: ContactLimits | None) -> Iterator[Objection]:
    """Yield how long a limit on contact can last without a review cannot be counted without knowing holidays."""
    if limits is None:
        return
    limit, at = limits.review_within, ("contact_limits", "review_within")
    if limit.unit not in CALENDAR_UNITS or limit.roll:
        yield Objection(at, "`review_within` counts plain days, weeks, months or years here")
    if limit.count == 0:
        yield Objection(at, "`review_within` counts from 1")


def check_school_year(procedure: Procedure) -> Iterator[Objection]:
    """Check that terms follow each other, and closures lie in them."""
    terms = procedure.school_year.terms
    at = ("school_year", "terms")
    for index, (term, following) in enumerate(pairwise(terms), start=1):
        if following.first <= term.last:
            yield Objection((*at, index), f"`{following.name}` begins before `{term.name}` is over", (at,))
    for index, closure in enumerate(procedure.school_year.closures):
        if not any(closure.first <= term.last and term.first <= closure.last for term in terms):
            yield Objection(
                ("school_year", "closures", index),
                f"`{closure.name}` ({closure.first}) is not in a term",
                (at,),
            )


def check_data_protection(procedure: Procedure) -> Iterator[Objection]:
    """Check that the procedure for data protection complaints has its own place beside this one's forms."""
    if procedure.data_protection_role and procedure.data_protection == "off":
        yield Objection(
            ("data_protection_role",),
            "`data_protection_role` belongs to `data_protection: on`",
            (("data_protection",),),
        )
    for number, form in enumerate(procedure.forms):
        if form.id == DATA_PROTECTION:
            yield Objection(
                ("forms", number),
                f"a form cannot be called `{DATA_PROTECTION}`: the data protection complaints have that address",
            )
