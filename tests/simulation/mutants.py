"""Mistakes made on purpose, each of which the simulation has to find.

A mutant is a change of the source of a function. It is compiled, and the functions that it changes get the new code
for as long as it is applied: whoever imported them runs the mutant. A change whose text is not found any more fails
loudly, so that the list keeps up with the source.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any

from tests.simulation.faults import Kind, NoFaults, Planned
from tests.simulation.lives import Course, Life, MainPath, named
from tests.simulation.peek import forget_rules
from tests.simulation.soak import kept
from tests.simulation.staff import Caller
from tests.simulation.times import DAY
from tests.simulation.trees import Enumeration

MOST_LIVES = 300
WAYS: Mapping[str, Mapping[str, Any]] = {
    "": {},
    "with documents": {"with_papers": True},
    "with documents and a panel": {
        "organisation": "ashton-on-mersey-scitt",
        "climbs": True,
        "with_papers": True,
    },
    "a mail refused for a day": {"refused_for": 1.2 * DAY},
    "somebody comes while it is destroyed": {"with_late_visits": True},
    "with a newcomer": {"with_newcomer": True},
    "with a newcomer and warm functions": {"with_newcomer": True, "is_warm": True},
    "nobody replies": {"is_silent": True},
    "two runs destroy it": {"with_two_runs": True},
    "a holiday": {"holiday_in": 2},
    "a new version": {"with_release": True},
    # Of another seed: whoever has to say who is involved is asked before there is anything to be reminded of.
    "a holiday before a reminder": {
        "organisation": "leadership-east/data-protection",
        "holiday_in": 23,
        "seed": 3,
    },
    "entered from a letter": {"with_entry": Caller("complaint", "complaint", "letter")},
    "entered at midnight": {"with_entry": Caller("complaint", "complaint", "letter", is_late=True)},
    "entered by somebody who leaves": {
        "with_entry": Caller("complaint", "complaint", "letter", is_left=True)
    },
    "a suggestion": {
        "organisation": "ashton-on-mersey-scitt",
        "with_entry": Caller("feedback", "suggestion", "letter"),
    },
    "a suggestion by the form": {"organisation": "ashton-on-mersey-scitt", "with_feedback": True},
}
"""Of the main path, by what the table calls them."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """`edits` are pairs of texts in the source of `module`. `at` and `kinds` name the faults on the main path with
    which it shows, where it does not show without; where they are empty too, whole lives are searched."""

    name: str
    module: str
    edits: tuple[tuple[str, str], ...]
    at: str = ""
    kinds: tuple[Kind, ...] = ()
    way: str = ""


def _mutant(
    name: str,
    module: str,
    *edits: tuple[str, str],
    at: str = "",
    kinds: tuple[Kind, ...] = (),
    way: str = "",
) -> Mutant:
    return Mutant(name, module, edits, at, kinds, way)


MUTANTS: tuple[Mutant, ...] = (
    _mutant(
        "a decision is stored whatever happened meanwhile",
        "adapters.cases.table",
        ('"version = :expected"', '"version = :expected OR attribute_exists(PK)"'),
        ('"attribute_not_exists(PK)"', '"attribute_not_exists(PK) OR attribute_exists(PK)"'),
    ),
    _mutant(
        "what must be new may be there already",
        "adapters.cases.table",
        ('"attribute_not_exists(PK)"', '"attribute_not_exists(PK) OR attribute_exists(PK)"'),
        at="dynamodb.transact_write_items",
        kinds=("applied-timed-out",),
    ),
    _mutant(
        "a submission's key is not kept",
        "adapters.cases.store",
        ("            actions.append(self.put_new(item))\n", "            pass\n"),
        at="dynamodb.transact_write_items",
        kinds=("applied-timed-out",),
    ),
    _mutant(
        "the first effect is not written",
        "adapters.cases.spreading",
        ("enumerate(consequences)", "enumerate(list(consequences)[1:])"),
    ),
    _mutant(
        "no effect is written",
        "adapters.cases.spreading",
        ("enumerate(consequences)", "enumerate([])"),
    ),
    _mutant(
        "a state is on no index",
        "adapters.cases.store",
        ("**indexed(after, due),", "**indexed(after, None),"),
    ),
    _mutant(
        "hashes do not chain",
        "adapters.cases.chain",
        ("chained(record, head)", 'chained(record, "0" * 64)'),
    ),
    _mutant(
        "the version is not raised",
        "domain.case",
        ("version=case.version + 1", "version=case.version"),
    ),
    _mutant(
        "who lost a race is told that it was done",
        "adapters.cases.execute",
        (
            "        except LostRace:\n            at = None",
            "        except LostRace:\n            return before.case",
        ),
        at="dynamodb.transact_write_items",
        kinds=("conflict",),
    ),
    _mutant(
        "marked first, sent afterwards",
        "adapters.post.delivery",
        (
            "    receipt = send(message,",
            (
                '    site.store.mark_delivered(waiting, at=site.clock.now(), receipt="")\n'
                "    receipt = send(message,"
            ),
        ),
        at="sesv2.send_email",
        kinds=("killed-before",),
    ),
    _mutant(
        "sent, and never marked",
        "adapters.post.delivery",
        (
            "    site.store.mark_delivered(waiting, at=now, receipt=receipt, sent=sent)\n    return True",
            "    return True",
        ),
    ),
    _mutant(
        "alarms of two versions have one name",
        "adapters.post.alarms",
        ('name = f"{ref}.{stage}.{deadline}.{alarm.version}"', 'name = f"{ref}.{stage}.{deadline}"'),
    ),
    _mutant(
        "a certificate is not taken out of the outbox",
        "adapters.post.delivery",
        ("    forget_certificate(waiting, site.store)", "    return"),
    ),
    _mutant(
        "the sweep wakes nobody",
        "handlers.sweep",
        ('.each_due("wake", now)', '.due("wake", now, limit=0)'),
        at="execution",
        kinds=("aborted",),
    ),
    _mutant(
        "the sweep delivers nothing",
        "handlers.sweep",
        ('.each_due("outbox", now - STREAM_TIME)', '.due("outbox", now, limit=0)'),
        at="stream",
        kinds=("stopped",),
    ),
    _mutant(
        "the destruction forgets the key",
        "adapters.cases.erasure",
        ('    _delete_items(site.store, [(f"CASE#{ref}", KEY)], table=site.store.keys)\n', ""),
    ),
    _mutant(
        "the key is destroyed last",
        "adapters.cases.erasure",
        ('    _delete_items(site.store, [(f"CASE#{ref}", KEY)], table=site.store.keys)\n', ""),
        (
            "        _bury(stored, site)\n",
            (
                '        _delete_items(site.store, [(f"CASE#{ref}", KEY)], table=site.store.keys)\n'
                "        _bury(stored, site)\n"
            ),
        ),
    ),
    _mutant(
        "what people write is stored as it is",
        "adapters.cases.sealing",
        ("return _SEALED + _sealed(self.key, plain, place=", "return plain or str("),
    ),
    _mutant(
        "the destruction forgets links",
        "adapters.cases.erasure",
        ('if item["SK"] == "STATE" or', 'if item["SK"].startswith("LINK#") or item["SK"] == "STATE" or'),
    ),
    _mutant(
        "the destruction forgets the submission",
        "adapters.cases.erasure",
        ("    if stored.submission:\n", "    if False:\n"),
    ),
    _mutant(
        "the destruction takes a batch for done that is not",
        "adapters.cases.erasure",
        ("            if not waiting:\n                break", "            break"),
        at="dynamodb.batch_write_item",
        kinds=("partial",),
    ),
    _mutant(
        "the guard before the destruction lets everything pass",
        "domain.acts.retention",
        ("        if against:\n            raise DeletionRefused(tuple(against))", "        pass"),
    ),
    _mutant(
        "a hold keeps nothing",
        "domain.acts.retention",
        (
            "case.keep_until is None or case.holds or case.is_asked",
            "case.keep_until is None or case.is_asked",
        ),
        ("    if case.holds:\n        against.append", "    if False:\n        against.append"),
    ),
    _mutant(
        "a reassignment ends no link",
        "domain.rights",
        (
            "    if by in case.current.reviewers:\n        return None",
            "    if case.current.reviewers:\n        return None",
        ),
    ),
    _mutant(
        "who is involved goes on deciding",
        "domain.rights",
        ("    if case.is_barred(by):", "    if False:"),
    ),
    _mutant(
        "who is involved is told as everybody is",
        "domain.event",
        (
            "told = (person for person in dict.fromkeys(persons) if not self.case.is_barred(person))",
            "told = dict.fromkeys(persons)",
        ),
        ("ids(standing_in(roles, self.case, self.procedure))", "ids(holders_of(roles, self.procedure))"),
    ),
    _mutant(
        "who hears of every case does so before anybody has looked",
        "domain.event",
        (
            "() if self.case.is_unconfirmed else ids(holders_of(roles, self._uninvolved))",
            "ids(holders_of(roles, self._uninvolved))",
        ),
    ),
    _mutant(
        "a link is good for every stage",
        "domain.rights",
        ("    if case.current.stage != stage:\n", "    if False:\n"),
    ),
    _mutant(
        "one person records and approves",
        "domain.acts.approval",
        ("    if by == current.recorded_by:\n", "    if False:\n"),
        (
            "    if by not in ids(approvers(at.case, at.procedure)):\n",
            "    if by not in ids(at.procedure.people):\n",
        ),
    ),
    _mutant(
        "what was missed is told once",
        "domain.occasions",
        (
            '    yield Occasion(deadline=f"{stage}/{MISSED}", at=again, occasion="remind", index=case.chased)\n',
            "",
        ),
    ),
    _mutant(
        "the complainant never hears of a missed date",
        "domain.occasions",
        ("    if untold:\n", "    if not untold:\n"),
    ),
    _mutant(
        "silence ends a stage at midnight",
        "domain.occasions",
        (
            "morning_after(deadline.due.due_at, calendar) if is_reply else",
            "deadline.due.due_at if is_reply else",
        ),
    ),
    _mutant(
        "silence closes a case of whose outcome a mail failed",
        "domain.occasions",
        ('not (is_unheard and deadline.rule.name == "reply")', "True"),
        at="sesv2.send_email",
        kinds=("bounced",),
        way="nobody replies",
    ),
    _mutant(
        "nobody over them hears of a breach",
        "domain.acts.waking",
        (
            'tell("breach", *late, *telling.over(*late), about',
            'tell("breach", *late, about',
        ),
    ),
    _mutant(
        "whoever breaches go to is over themselves",
        "domain.event",
        (
            "standing_in((), self.case, self.procedure, but=late)",
            "standing_in((), self.case, self.procedure)",
        ),
    ),
    _mutant(
        "an alarm records nothing",
        "domain.acts.waking",
        ("while due := at.due:", "while due := ():"),
    ),
    _mutant(
        "an alarm is early by a day",
        "domain.acts.waking",
        (
            "        events: list[Event] = []\n",
            (
                "        from datetime import timedelta\n        from domain.situation import Situation\n"
                "        at = Situation(\n            at.case, procedure=at.procedure, calendar=at.calendar,"
                " now=at.now + timedelta(days=1)\n        )\n"
                "        events: list[Event] = []\n"
            ),
        ),
    ),
    _mutant(
        "a complainant's name is in the subject",
        "adapters.post.messages",
        ("subject=subject,\n", "subject=f'{subject} {to.name}',\n"),
    ),
    _mutant(
        "what was written in one's own words is a fact",
        "domain.answers",
        ('if field.type == "choice" and answers.get(field.id)', "if answers.get(field.id)"),
    ),
    _mutant(
        "a log holds an address",
        "adapters.post.mail",
        (
            "    answer = ses.send_email(",
            '    print(f"sent to {message.to.email}, yes")\n    answer = ses.send_email(',
        ),
    ),
    _mutant(
        "recording a failure fails where nothing answered",
        "handlers.failures",
        ('(getattr(cause, "response", None) or {})', 'getattr(cause, "response", {})'),
        at="dynamodb.batch_get_item",
        kinds=("applied-timed-out",),
    ),
    _mutant(
        "a document lies outside its case",
        "adapters.files.documents",
        (
            '            Key=f"cases/{ref}/{arrived.document}",\n',
            '            Key=f"cases/{arrived.document}",\n',
        ),
        way="with documents",
    ),
    _mutant(
        "a document is added and not kept",
        "handlers.files",
        ("        files().keep(found.case.ref, arrived)\n", ""),
        way="with documents",
    ),
    _mutant(
        "a document's hash is not of what is in it",
        "adapters.files.documents",
        ("digest.update(chunk)", 'digest.update(b"")'),
        way="with documents",
    ),
    _mutant(
        "what has arrived meanwhile is kept",
        "adapters.files.documents",
        ('                "VersionId": arrived.version,\n', ""),
        at="s3.copy_object",
        kinds=("raced",),
        way="with documents",
    ),
    _mutant(
        "whoever has a link has every document",
        "handlers.files",
        (
            "is_theirs = may_have(found.case, person, document.id) if person == COMPLAINANT else found.handles_case",
            "is_theirs = True",
        ),
        way="with documents",
    ),
    _mutant(
        "a complainant's copy is that of staff",
        "handlers.files",
        ("if asked.whole else", "if True else"),
    ),
    _mutant(
        "a draft is shown to whoever can write an outcome",
        "adapters.cases.drafts",
        ('f"{BEGINNING}{stage}-{person}"', 'f"{BEGINNING}{stage}"'),
        way="with documents and a panel",
    ),
    _mutant(
        "the destruction forgets documents",
        "adapters.cases.erasure",
        ("    if site.settings.documents_bucket:\n", "    if False:\n"),
        way="with documents",
    ),
    _mutant(
        "the destruction takes files for deleted that are not",
        "adapters.cases.erasure",
        ('if answer.get("Errors"):', "if False:"),
        (
            "    if any(True for prefix in PREFIXES for _ in",
            "    if any(False for prefix in PREFIXES for _ in",
        ),
        at="s3.delete_objects",
        kinds=("partial",),
        way="with documents",
    ),
    _mutant(
        "what is given up is not counted",
        "handlers.sweep",
        ('given_up = len(site().store.due("given-up", FOREVER, limit=AT_MOST))', "given_up = 0"),
        way="a mail refused for a day",
    ),
    _mutant(
        "what is given up is forgotten",
        "adapters.cases.store",
        ('occasion="given-up" if give_up else "outbox"', 'occasion="forgotten" if give_up else "outbox"'),
        way="a mail refused for a day",
    ),
    _mutant(
        "it is given up at once",
        "adapters.post.delivery",
        ("waiting.tries + 1 >= GIVE_UP_AFTER", "waiting.tries + 1 >= 1"),
        way="a mail refused for a day",
    ),
    _mutant(
        "what is put back is sent, and not marked",
        "adapters.cases.store",
        (
            '"ConditionExpression": "attribute_exists(PK)",',
            '"ConditionExpression": "attribute_not_exists(tries)",',
        ),
        way="a mail refused for a day",
    ),
    _mutant(
        "what is put back is left where it was",
        "adapters.cases.store",
        (
            'self._move(effect, occasion="outbox", changes={"tries": 0})',
            'self._move(effect, occasion="given-up", changes={"tries": 0})',
        ),
        way="a mail refused for a day",
    ),
    _mutant(
        "a message is not deleted when it was done",
        "cli.replay",
        ("                settle(message, deployment)\n", ""),
        at="schedule",
        kinds=("missed",),
        way="a mail refused for a day",
    ),
    _mutant(
        "what was delivered is marked though its case is gone",
        "adapters.cases.store",
        (
            '"ConditionExpression": "attribute_exists(PK)",',
            '"ConditionExpression": "attribute_exists(PK) OR attribute_not_exists(PK)",',
        ),
        at="sesv2.send_email",
        kinds=("raced",),
        way="somebody comes while it is destroyed",
    ),
    _mutant(
        "a case that is being destroyed takes something more",
        "adapters.cases.store",
        (
            '"attribute_exists(#case) AND "',
            '"attribute_exists(PK) OR attribute_not_exists(PK) OR "',
        ),
        at="dynamodb.transact_write_items",
        kinds=("raced",),
        way="somebody comes while it is destroyed",
    ),
    _mutant(
        "a destruction that was overtaken takes the certificates",
        "adapters.cases.erasure",
        (' or item["SK"].startswith(f"OUTBOX#{CERTIFICATE}")', ""),
        at="s3.list_object_versions",
        kinds=("raced",),
        way="two runs destroy it",
    ),
    _mutant(
        "who has left goes on acting",
        "domain.rights",
        ("""return NotYours("Only people in the organisation's directory can do this.")""", "return None"),
        way="with a newcomer",
    ),
    _mutant(
        "nobody asks who is there today",
        "adapters.people.directory",
        ("return replace(procedure, people=people_on(directory, now))", "return procedure"),
        way="with a newcomer",
    ),
    _mutant(
        "a directory is stored over another change",
        "adapters.people.directory",
        (
            "TransactItems=actions",
            (
                'TransactItems=[{"Put": {name: one["Put"][name] for name in ("TableName", "Item")}} for one in '
                "actions]"
            ),
        ),
        at="dynamodb.transact_write_items",
        kinds=("raced",),
        way="with a newcomer",
    ),
    _mutant(
        "a change of the directory is not put on record",
        "adapters.people.directory",
        (
            'actions = [put, store.put_new(history | {"change": to_record(record)})]',
            "actions = [put]",
        ),
        way="with a newcomer",
    ),
    _mutant(
        "whoever has a page of their own changes the directory",
        "domain.directory",
        (
            'return NotAllowed("Only people whose role allows it can change the directory.")',
            "return None",
        ),
    ),
    _mutant(
        "who gives up keeping the directory is told that it was refused",
        "handlers.staff.directory",
        ("if after.procedure.person(after.person.id) is None:", "if False:"),
        ("if may_keep(after.procedure, after.person.id) is not None:", "if False:"),
    ),
    _mutant(
        "a role that a rule needs is left to nobody",
        "domain.directory",
        ("if holders < needed and holders < had:", "if False:"),
    ),
    _mutant(
        "an invitation is forgotten before it is sent",
        "adapters.post.delivery",
        (
            "    effect = from_record((Invite,), waiting)\n",
            (
                "    effect = from_record((Invite,), waiting)\n"
                "    forget_message(staff_partition(organisation), effect_id, site.store)\n"
            ),
        ),
        way="with a newcomer",
    ),
    _mutant(
        "nothing follows when somebody leaves",
        "adapters.people.directory",
        ('if record.what == "person-removed" or lost:', "if False:"),
        way="with a newcomer",
    ),
    _mutant(
        "whoever has left is taken to have had no case",
        "adapters.people.departures",
        ("in vacancies(case, departure.person, departure.roles, todays):", "in ():"),
        way="with a newcomer",
    ),
    _mutant(
        "the list of lost reviewers is forgotten before it is sent",
        "adapters.post.delivery",
        (
            "    tell: TellOfDeparture = from_record((TellOfDeparture,), found.effect)\n",
            (
                "    tell: TellOfDeparture = from_record((TellOfDeparture,), found.effect)\n"
                "    forget_message(staff_partition(organisation), effect_id, site.store)\n"
            ),
        ),
        way="with a newcomer",
    ),
    _mutant(
        "a process knows the directory for as long as it lives",
        "adapters.people.directory",
        ("known is not None and abs(now - known[0]) < FRESH_FOR", "known is not None"),
        way="with a newcomer and warm functions",
    ),
    _mutant(
        "a new holiday is for new cases",
        "adapters.cases.rounds",
        ("if at.has_nothing_to_do(fingerprint):", "if at.done:"),
        way="a holiday",
    ),
    _mutant(
        "open cases are counted again once",
        "adapters.cases.rounds",
        ("now + REPEATED_FOR if done else None", "None"),
        at="dynamodb.query index",
        kinds=("stale",),
        way="a holiday",
    ),
    _mutant(
        "who acts takes the new date for the one that was promised",
        "adapters.cases.execute",
        ("events = (*moved, *decide(", "events = (*(), *decide("),
        way="a holiday",
    ),
    _mutant(
        "a reminder stays where it was before the holiday",
        "adapters.cases.execute",
        ("    if due != before.due:\n", "    if not due:\n"),
        way="a holiday before a reminder",
    ),
    _mutant(
        "open cases go over to the new version of their procedure",
        "adapters.cases.rules",
        ("procedures.load(case.organisation, case.procedure_version)", "procedures.load(case.organisation)"),
        way="a new version",
    ),
    _mutant(
        "a case that staff enter has no key",
        "handlers.staff.entering",
        ('key=f"staff {key}"', 'key=f"staff {RandomIdentities().secret()}"'),
        way="entered from a letter",
    ),
    _mutant(
        "what is entered again after midnight is another form",
        "adapters.cases.submission",
        ("to_record(replace(entered, received_at=None))", "to_record(entered)"),
        way="entered at midnight",
    ),
    _mutant(
        "who has left goes on entering cases",
        "handlers.staff.session",
        ("procedure = with_todays_people(procedure, site=site())", "procedure = procedure"),
        way="entered by somebody who leaves",
    ),
    _mutant(
        "a case that staff enter is nobody's",
        "handlers.staff.entering",
        ("by=entering.session.person.id", 'by="complainant"'),
        way="entered from a letter",
    ),
    _mutant(
        "a letter that has to be posted is forgotten",
        "domain.acts.letters",
        ("return not has_email or (", "return ("),
        way="entered from a letter",
    ),
    _mutant(
        "what is only logged stays open",
        "domain.acts.intake",
        (
            'return (submitted, *entered, *close(at, "settled" if self.settled else "logged"))',
            "return (submitted, *entered)",
        ),
        way="a suggestion",
    ),
    _mutant(
        "a new date is offered before there is one",
        "domain.acts.new_date",
        ("if not has_begun(at.case, rule, at.procedure):", "if not has_begun and not at:"),
    ),
)


@contextmanager
def applied(mutant: Mutant) -> Iterator[None]:
    """The mutant is what runs, as long as this lasts. ValueError: its text is not in the source any more."""
    module = importlib.import_module(mutant.module)
    source = inspect.getsource(module)
    for old, new in mutant.edits:
        if source.count(old) < 1:
            raise ValueError(f"{mutant.name}: {old!r} is not in {mutant.module}")
        source = source.replace(old, new)
    changed = dict(_codes(compile(source, str(module.__file__), "exec")))
    before: list[tuple[FunctionType, CodeType]] = []
    for name, function in _functions(module):
        code = changed.get(name)
        if code is not None and _is_other(code, function.__code__):
            before.append((function, function.__code__))
            function.__code__ = code
    if not before:
        raise ValueError(f"{mutant.name} changes no function")
    forget_rules()
    try:
        yield
    finally:
        for function, code in before:
            function.__code__ = code
        forget_rules()


def caught(mutant: Mutant, *, life: int | None = None) -> str:
    """How the mutant shows: the rule that it violates, and where; `life` is the random life to look at first. Empty: it
    does not."""
    with applied(mutant):
        if mutant.at:
            return _on_main_path(mutant)
        if mutant.way:
            rule = _rule(MainPath(NoFaults(), **WAYS[mutant.way]))
            return f"{rule} (main path, {mutant.way})" if rule else ""
        for climbs in (False, True):
            if rule := _rule(MainPath(NoFaults(), climbs=climbs)):
                return f"{rule} (main path)"
        if rule := _rule(MainPath(NoFaults(), climbs=True, with_first_links=True)):
            # Without the mutant nobody gets anywhere with these, and the case stays open.
            return f"{rule} (main path, with the first links)"
        for one in kept():
            if one["mistake"] == mutant.name and (rule := _rule(named(one["life"]))):
                return f"{rule} (a kept life)"
        for seed in (*(() if life is None else (life,)), *range(MOST_LIVES)):
            if rule := _rule(Life(seed)):
                return f"{rule} (random life {seed})"
    return ""


def _on_main_path(mutant: Mutant) -> str:
    path = Enumeration(MainPath(Planned({}), **WAYS[mutant.way]))
    way = f"{mutant.way}, " if mutant.way else ""
    for number, _, place, kind in path.possible():
        if place == mutant.at and kind in mutant.kinds and (rule := _rule(path.with_fault(number, kind))):
            return f"{rule} (main path, {way}{kind} at {place})"
    return ""


def _rule(course: Course) -> str:
    watch = course.live(until_violated=True)
    return watch.violations[0].rule if watch.violations else ""


def _codes(code: CodeType, prefix: str = "") -> Iterator[tuple[str, CodeType]]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant.co_qualname if hasattr(constant, "co_qualname") else constant.co_name, constant
            yield from _codes(constant)


def _functions(module: ModuleType) -> Iterator[tuple[str, FunctionType]]:
    for one in vars(module).values():
        if isinstance(one, FunctionType) and one.__module__ == module.__name__:
            yield one.__qualname__, inspect.unwrap(one)
        elif isinstance(one, type) and one.__module__ == module.__name__:
            for member in vars(one).values():
                # What is worked out like a field: a property, or a cached one.
                function = getattr(member, "fget", None) or getattr(member, "func", None) or member
                if isinstance(function, FunctionType):
                    yield function.__qualname__, function


def _is_other(one: CodeType, other: CodeType) -> bool:
    def told(code: CodeType) -> tuple[Any, ...]:
        inner = tuple(told(const) if isinstance(const, CodeType) else const for const in code.co_consts)
        return code.co_code, inner, code.co_names

    return told(one) != told(other)
