"""What a procedure is, as frozen types.

A procedure file (YAML) is read and checked by `authoring.procedure_file` and arrives here as one
`Procedure`. The types hold plain values only (text, numbers, dates, tuples of such), so that a
procedure can be validated by a library, written out as Python source by `repr`, and compared.

Ids are lower-case words joined by hyphens. `source` says where in the organisation's policy a rule
stands; a rule that is the organisation's own choice, because the policy is silent, has `own_target`
instead, which says so in words. Exactly one of the two is given wherever both exist.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Final, Literal, get_args

from domain.calendars import Limit, Period
from domain.frozen import Frozen, replace
from domain.ladder import DeadlineName, DeadlineRule, Stage
from domain.provisions import (
    CONTACT_LIMITS_OWN,
    LATE_REPLY_OWN,
    REOPEN,
    AboutStaff,
    Completion,
    Conclusion,
    ContactLimits,
    DirectoryKept,
    Disclosure,
    Exhausted,
    LastResort,
    LateReply,
    Letters,
    Mediation,
    MissedDates,
    Records,
    Refusal,
    Remedy,
    Reopen,
    Retention,
    Urgent,
)

DATA_PROTECTION: Final = "data-protection"
"""The last part of the slug under which an organisation takes data protection complaints."""

STAFF: Final = "staff"
"""The last part of the address at which staff ask for the link to their own page."""

FieldType = Literal[
    "text", "long-text", "email", "telephone", "date", "choice", "list", "roles", "declaration"
]
"""`roles`: any number of the procedure's roles that somebody has."""

MOST_ENTRIES: Final = 20
"""How many entries the answer to a question that takes a list can have."""

Kind = Literal["complaint", "concern", "suggestion", "compliment"]

LOGGED: Final[tuple[Kind, ...]] = ("suggestion", "compliment")
"""What is logged, thanked for and passed on. It goes through no stage and has no deadlines."""

Route = Literal["web", "email", "telephone", "in-person", "letter"]
"""How something reached the organisation."""

DecisionName = Literal["lateness", "late-reply", "letter", "completion"]
"""What a person has to decide or send besides the deadlines of a stage: whether a late complaint is considered, whether
a late reply is accepted, the letter that answers the wish to reopen an exhausted case, and the letter that is owed
after the closure."""


class Choice(Frozen):
    """One answer of a closed question."""

    id: str
    label: str


class Field(Frozen):
    """One question of a form; `id` is also the name of its answer in the API."""

    id: str
    label: str
    """The question itself."""
    type: FieldType
    """What kind of answer it takes."""
    required: bool = False
    """Whether an answer is required."""
    hint: str = ""
    """A line beneath the question that helps to answer it."""
    choices: tuple[Choice, ...] = ()
    """With `type: choice`: the answers to choose from, as the complainant reads them. With `type: roles` they are the
    roles that somebody has, and are not written here."""
    max_length: int = 5000
    """In characters; of each entry where the answer is a list."""
    missing: str = ""
    """What is said where a required answer is missing, in place of the usual sentence."""
    source: str = ""


class WrittenForm(Frozen):
    """That what did not come by the form waits until the complainant has filled it in. The complainant gets a link to
    the form with what was written down already, and both they and staff are reminded. No outcome can be sent before;
    staff can also decide, with a reason, to go on without the form or to close the case."""

    remind_after: Limit
    """How long after the form was asked for, and after each reminder, the next reminder goes out."""
    routes: tuple[Route, ...] = ()
    """What comes in one of these ways waits from the beginning; the rest only where staff ask for the form."""
    reminders: int = 3
    """How many reminders the complainant gets."""
    counts: tuple[DeadlineName, ...] = ()
    """The deadlines of the first stage that do not begin to count before the form is there."""
    source: str = ""
    own_target: str = ""


class Form(Frozen):
    """A public form, and the stage at which the case starts that it opens."""

    id: str
    title: str
    """The form's heading, which is also its button on the start page."""
    kind: Kind
    """What a case is that the form opens, where the form has no question `kind`, whose answers are then ids of
    kinds."""
    introduction: tuple[str, ...]
    """Paragraphs above the questions."""
    fields: tuple[Field, ...]
    privacy: tuple[str, ...]
    """Paragraphs of the privacy notice that stands before the button."""
    starts_at: str = ""
    """The id of the stage at which the case starts; empty where the form takes suggestions and compliments alone."""
    entered_as: tuple[Kind, ...] = ()
    """Other kinds as which staff can enter with this form what reaches them by telephone, in person, by email or by
    letter. A concern that they could not settle at once goes on as `kind`."""
    entered_as_source: str = ""
    passed_to: str = ""
    """The role that suggestions and compliments are passed on to; empty: the coordinator."""
    written: WrittenForm | None = None
    """None: how it reached the organisation makes no difference."""
    source: str = ""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What the form takes from the public: the answers to its question `kind`, or its kind alone."""
        question = next((field for field in self.fields if field.id == "kind"), None)
        if question is None:
            return (self.kind,)
        chosen = {choice.id for choice in question.choices}
        return tuple(kind for kind in get_args(Kind) if kind in chosen)


class NotCovered(Frozen):
    """Something that the procedure does not cover. `id` is the answer to a form's question `relationship` or `subject`
    that says so; with it no case is opened."""

    id: str
    label: str
    goes_to: str
    """One or two sentences for the person: where to take it instead."""
    source: str = ""


class Signpost(Frozen):
    """Where a complainant can turn when the procedure has ended."""

    id: str
    name: str
    """Its name."""
    about: str
    """One or two sentences: what it can be asked to do."""
    address: str = ""
    """A web address or another way to reach it."""
    only_for: tuple[str, ...] = ()
    """Ids of answers to the form's `course` question for which it applies; empty: for everybody."""
    for_relationships: tuple[str, ...] = ()
    """Ids of answers to the form's `relationship` question for which it applies; empty: for everybody."""
    condition: str = ""
    """With `only_for` or `for_relationships`: what it applies to, said where the complaint does not say which course it
    is about, or who makes it. For example: If your complaint is about an apprenticeship."""
    source: str = ""


class Role(Frozen):
    id: str
    title: str


class Person(Frozen):
    """An entry of the organisation's directory: who fills which roles, and where mail reaches them."""

    id: str
    name: str
    """The person's name, as it stands in mails."""
    email: str
    """Where links and reminders go."""
    roles: tuple[str, ...]

    @property
    def is_away(self) -> bool:
        """Whether the person is absent today; see `domain.directory.Away`."""
        return False


class Contact(Frozen):
    """How people reach the organisation other than by the form."""

    email: str
    """Where people can write to."""
    telephone: str = ""
    """The number to call; empty: there is none."""
    hours: str = ""
    """When the telephone is answered."""
    address: str = ""
    """The postal address."""


def organisation_in(slug: str) -> str:
    """Return the slug of the organisation whose procedure has this slug, or that has it beside its own."""
    return slug.partition("/")[0]


class SchoolYear(Frozen):
    """Term dates and closure days; needed where a deadline counts school days."""

    terms: tuple[Period, ...] = ()
    closures: tuple[Period, ...] = ()


class Procedure(Frozen):
    """An organisation's rules for complaints. `version` is raised with every change that is released;
    a case stays on the version under which it was opened."""

    slug: str
    """The file's name without `.yaml`; also the first part of the web address."""
    version: int
    """1 for the first, raised by one with every change that is released."""
    organisation: str
    """Its name, as complainants read it."""
    title: str
    """What the start page is called."""
    document: str
    """The policy that the `source` entries refer to."""
    region: str
    """Whose public holidays count: `england-and-wales`, `scotland` or `northern-ireland`."""
    about: tuple[str, ...]
    """Paragraphs for the start page."""
    contact: Contact
    roles: tuple[Role, ...]
    """The titles of all roles that a rule names."""
    people: tuple[Person, ...]
    coordinator: str
    """The role that sees every new case and gets what nobody else is assigned to."""
    escalates_to: str
    """The role that is told when a deadline is breached. What all who have it have missed is told to `last_resort`."""
    forms: tuple[Form, ...]
    conclusions: tuple[Conclusion, ...]
    stages: tuple[Stage, ...]
    signposts: tuple[Signpost, ...]
    retention: Retention
    informed: tuple[str, ...] = ()
    """Roles that are told of each new case and of each outcome as it arises."""
    informed_source: str = ""
    not_covered: tuple[NotCovered, ...] = ()
    """What people are sent elsewhere with."""
    document_address: str = ""
    """Where the policy can be read; the first message to a complainant gives it."""
    remedies: tuple[Remedy, ...] = ()
    """The remedies that a response can name; empty where the policy lists none."""
    remedies_required: bool = False
    """Whether every response has to name at least one."""
    evidence: Literal["not-asked", "optional", "required"] = "not-asked"
    """Whether a response gives the evidence for its answer on each aspect."""
    evidence_source: str = ""
    similar_aspects: Literal["each-by-itself", "can-be-answered-together"] = "each-by-itself"
    """Whether one conclusion with its reasons can stand for several aspects that are alike."""
    similar_aspects_source: str = ""
    consent_before: Literal["outcome", "anything"] = "outcome"
    """What waits for the complainant's consent where somebody acts for them: the outcome, or anything but the messages
    that acknowledge the complaint and ask for the consent."""
    consent_before_source: str = ""
    school_year: SchoolYear = SchoolYear()
    missed_dates: MissedDates | None = None
    """None: weekly for four weeks, then every four weeks."""
    late_reply: LateReply | None = None
    """Who decides on a request for the next stage that comes after the time for it. None: whoever breaches are
    escalated to; that is the organisation's own rule."""
    exhausted: Exhausted | None = None
    completion: Completion | None = None
    """None: nothing is owed after the closure."""
    reopen: Reopen | None = None
    """Who can open a closed case again, and for how long. None: the coordinator, for 6 months; that is the
    organisation's own rule."""
    refusal: Refusal | None = None
    """None: what the procedure does not cover can be declined, with where it can be taken."""
    disclosure: Disclosure | None = None
    urgent: Urgent | None = None
    """What people in danger read first. None: nothing is said."""
    contact_limits: ContactLimits | None = None
    """Who can limit contact that is abusive. None: whoever breaches are escalated to, with a review within 6 months;
    that is the organisation's own rule."""
    mediation: Mediation | None = None
    """None: the procedure does not offer any."""
    about_staff: AboutStaff | None = None
    """None: whoever the stage names reviews, but for those who are involved."""
    last_resort: LastResort | None = None
    """None: nobody stands in for those whom breaches go to."""
    directory: DirectoryKept | None = None
    """None: the directory changes with the procedure file alone."""
    records: Records | None = None
    """None: only those who handle a case can have its file."""
    letters: Letters | None = None
    """None: letters are signed in the name of the `coordinator`."""
    data_protection: Literal["off", "on"] = "off"
    """Whether the organisation also takes data protection complaints, by the procedure that ships for them. That
    one has the slug `<slug>/data-protection`, and here `off`."""
    data_protection_role: str = ""
    """The role that deals with those; empty: the one that `retention` names under `told`."""

    @property
    def chase(self) -> MissedDates:
        """How often people are told again of what was missed."""
        return self.missed_dates or MissedDates()

    @property
    def reopened(self) -> Reopen:
        """Who can open a closed case again, and for how long."""
        return self.reopen or REOPEN

    @property
    def late_replies(self) -> LateReply:
        """Who decides on a reply that comes after silence has closed the case: whoever breaches are escalated to, where
        the procedure knows no exception."""
        return self.late_reply or LateReply(role=self.escalates_to, own_target=LATE_REPLY_OWN)

    def decides_late(self, rule: DeadlineRule) -> str:
        """Return the role that decides whether a complaint is considered that came after the limit of `rule`: whoever
        breaches are escalated to, where the procedure knows no exception."""
        return rule.discretion_role or self.escalates_to

    @property
    def limits_on_contact(self) -> ContactLimits:
        """Who can limit contact that is abusive, and by when that is reviewed."""
        stated = self.contact_limits or ContactLimits(own_target=CONTACT_LIMITS_OWN)
        return replace(stated, role=stated.role or self.escalates_to)

    @property
    def organisation_slug(self) -> str:
        """The slug of the organisation whose procedure this is, or stands beside."""
        return organisation_in(self.slug)

    def stage(self, stage_id: str) -> Stage:
        """Return the stage with this id. KeyError: there is none, which a checked procedure rules out."""
        for stage in self.stages:
            if stage.id == stage_id:
                return stage
        raise KeyError(stage_id)

    def stage_after(self, stage_id: str, *, skipped: Container[str]) -> Stage | None:
        """Return the stage that follows on this one, without those that are skipped; None: the ladder ends there.
        KeyError: there is none with this id."""
        following = self.stage(stage_id).next
        while following in skipped and self.stage(following).next:
            following = self.stage(following).next
        return self.stage(following) if following else None

    def form(self, form_id: str) -> Form | None:
        return next((form for form in self.forms if form.id == form_id), None)

    def role(self, role_id: str) -> Role:
        return next(role for role in self.roles if role.id == role_id)

    def person(self, person_id: str) -> Person | None:
        for person in self.people:
            if person.id == person_id:
                return person
        return None

    @property
    def above(self) -> tuple[str, ...]:
        """The roles that stand in for others, in turn: that of `escalates_to`, then the last resort."""
        return (
            (self.escalates_to,) if self.last_resort is None else (self.escalates_to, self.last_resort.role)
        )

    @property
    def roles_held(self) -> tuple[Choice, ...]:
        """The roles that somebody has, as answers to choose from."""
        return tuple(Choice(id=role.id, label=role.title) for role in self.roles if self.holders(role.id))

    def holders(self, role_id: str) -> tuple[Person, ...]:
        """Return everybody in the directory who has the role, in the directory's order."""
        return tuple(person for person in self.people if role_id in person.roles)
