"""Documents that are added, files that are taken out, and letters that wait for the post."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.acts.copies import CaseExported, ExportCase
from domain.acts.documents import LARGEST, LARGEST_TOGETHER, MOST, AddDocument, DocumentAdded, may_have
from domain.acts.information import InformationAdded
from domain.acts.letters import (
    LetterPosted,
    LetterPrepared,
    LetterReminded,
    PostLetter,
    PrepareLetter,
    goes_by_post,
)
from domain.acts.waking import Wake
from domain.calendars import LONDON
from domain.case import COMPLAINANT, SYSTEM, Case, evolve
from domain.command import Command
from domain.effect import SetAlarm
from domain.errors import AlreadyDone, Incomplete, NotAllowed, NotNow, Refused, UnknownChoice
from domain.event import Event
from domain.procedure import Procedure
from domain.words import Writing
from tests.rules import consequences, decide, refusal
from tests.unit.invented import (
    CALENDAR,
    MONDAY,
    OPEN_TO_MORE,
    PROCEDURE,
    REF,
    WITH_MORE,
    case_of,
    notices,
    submitted,
)

OFFICE = "office-1"
BOARD = "board-1"


def opened() -> Case:
    return case_of(submitted())


def does(
    case: Case, command: Command, *, now: datetime = MONDAY, procedure: Procedure = PROCEDURE
) -> tuple[Event, ...]:
    return decide(case, command, ref=REF, procedure=procedure, calendar=CALENDAR, now=now)


def after(case: Case, events: tuple[Event, ...]) -> Case:
    for event in events:
        case = evolve(case, event, ref=REF)
    return case


def document(by: str, case: Case, **more: object) -> AddDocument:
    plain = AddDocument(
        by=by,
        stage=case.current.stage,
        document=Writing("file", {"name": "The register", "information": "It shows the day."}),
        media_type="application/pdf",
        size=1000,
        sha256="0" * 64,
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def against_posting(case: Case, by: str) -> Refused | None:
    return refusal("posted", case, by=by, stage=case.current.stage, procedure=PROCEDURE)


class TestDocuments:
    def test_of_the_complainant_reach_those_who_work_on_the_case(self) -> None:
        """A file is a fact with its size and hash; its name is content. It is the complainant's to have."""
        case = opened()
        events = does(case, document(COMPLAINANT, case))
        (added,) = events
        assert isinstance(added, DocumentAdded)
        assert (added.kind, added.size, added.sha256) == ("document", 1000, "0" * 64)
        assert "register" not in repr(added)
        assert notices(case, events) == {(OFFICE, "case-news")}
        assert may_have(after(case, events), COMPLAINANT, "file")

    def test_that_come_late_are_decided_on_like_words(self) -> None:
        """Where the procedure takes late information, a file is one, and somebody has to decide on it."""
        case = opened()
        events = does(case, document(COMPLAINANT, case), procedure=OPEN_TO_MORE)
        assert [type(event) for event in events] == [DocumentAdded, InformationAdded]
        assert [one.id for one in after(case, events).current.undecided] == ["file"]
        assert notices(case, events, OPEN_TO_MORE) == {(OFFICE, "case-news")}
        silent = replace(document(COMPLAINANT, case), document=Writing("file", {"name": "The register"}))
        with pytest.raises(Incomplete) as refused:
            does(case, silent, procedure=OPEN_TO_MORE)
        assert [one.field for one in refused.value.missing] == ["information"]

    def test_of_staff_are_the_complainants_only_where_they_are_shared(self) -> None:
        """Minutes for the record stay with those who work on the case; a recording that is shared is told of."""
        case = opened()
        kept = does(case, document(OFFICE, case))
        assert not may_have(after(case, kept), COMPLAINANT, "file")
        assert notices(case, kept) == {(OFFICE, "done")}
        shared = does(case, document(OFFICE, case, shared=True, media_type="audio/mpeg"))
        assert may_have(after(case, shared), COMPLAINANT, "file")
        assert not may_have(after(case, shared), "somebody-else", "file")
        assert notices(case, shared) == {(OFFICE, "done"), (COMPLAINANT, "document")}

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"media_type": "application/x-msdownload"}, "file"),
            ({"size": 0}, "file"),
            ({"size": LARGEST + 1}, "file"),
            ({"document": Writing("file", {"name": " "})}, "name"),
            ({"document": Writing("file", {"name": "x" * 101})}, "name"),
            ({"document": Writing("file", {"name": "two\nlines"})}, "name"),
        ],
    )
    def test_are_of_known_kinds_within_limits_and_have_a_name(
        self, more: dict[str, object], field: str
    ) -> None:
        """Whatever is wrong with a file is said, and nothing is stored."""
        case = opened()
        with pytest.raises(Incomplete) as refused:
            does(case, document(OFFICE, case, **more))
        assert [one.field for one in refused.value.missing] == [field]

    def test_are_added_once_and_not_without_end(self) -> None:
        """A second click adds nothing; number and size of all files together have a limit."""
        case = opened()
        case = after(case, does(case, document(OFFICE, case, size=LARGEST)))
        with pytest.raises(AlreadyDone):
            does(case, document(OFFICE, case))
        for number in range(LARGEST_TOGETHER // LARGEST - 1):
            more = document(OFFICE, case, size=LARGEST, document=Writing(f"{number}", {"name": "x"}))
            case = after(case, does(case, more))
        with pytest.raises(Incomplete):
            does(case, document(OFFICE, case, size=1, document=Writing("last", {"name": "x"})))
        full = replace(case, documents=case.documents[:1] * MOST)
        with pytest.raises(NotNow):
            does(full, document(OFFICE, full, document=Writing("last", {"name": "x"})))

    def test_are_not_for_everybody(self) -> None:
        """Who does not work on the case adds nothing to it."""
        case = opened()
        with pytest.raises(NotAllowed):
            does(case, document(BOARD, case))


class TestExport:
    def test_says_by_whom_and_what_for(self) -> None:
        """The whole file needs a reason; the complainant's own copy does not."""
        case = opened()
        (event,) = does(case, ExportCase(by=OFFICE, reason=Writing("out", {"reason": "An inspection"})))
        assert event == CaseExported(at=MONDAY, by=OFFICE, export="out", whole=True)
        with pytest.raises(Incomplete):
            does(case, ExportCase(by=OFFICE, reason=Writing("out", {"reason": " "})))
        (own,) = does(case, ExportCase(by=COMPLAINANT, reason=Writing("out", {})))
        assert own == CaseExported(at=MONDAY, by=COMPLAINANT, export="out", whole=False)

    def test_is_for_those_who_handle_the_case_and_who_answers_for_records(self) -> None:
        """The role that the procedure names can have every file; others cannot, nor somebody who is involved."""
        case = opened()
        out = ExportCase(by=BOARD, reason=Writing("out", {"reason": "An inspection"}))
        with pytest.raises(NotAllowed):
            does(case, out)
        assert does(case, out, procedure=WITH_MORE)
        with pytest.raises(NotAllowed):
            does(replace(case, involved=(BOARD,)), out, procedure=WITH_MORE)
        with pytest.raises(NotNow):
            does(replace(case, erasing=True), out, procedure=WITH_MORE)


class TestLetters:
    PREPARE = PrepareLetter(letter="000002-0", notice="outcome")

    def test_are_prepared_once_and_told_of(self) -> None:
        """A notice that is delivered twice is one letter, and whoever handles the case is told of it."""
        case = opened()
        events = does(case, self.PREPARE)
        assert [type(event) for event in events] == [LetterPrepared]
        assert notices(case, events) == {(OFFICE, "letter")}
        assert does(after(case, events), self.PREPARE) == ()
        assert does(replace(case, erasing=True), self.PREPARE) == ()

    def test_are_reminded_of_until_they_are_posted(self) -> None:
        """First after three days, then every week, at nine in the morning and on no weekend; never after the post."""
        case = opened()
        prepared = does(case, self.PREPARE)
        alarms = [
            one.effect
            for one in consequences(case, prepared, ref=REF, procedure=PROCEDURE, calendar=CALENDAR)
            if isinstance(one.effect, SetAlarm) and one.effect.deadline.endswith("/letters")
        ]
        assert [one.at.astimezone(UTC) for one in alarms] == [datetime(2026, 11, 5, 9, tzinfo=UTC)]
        case = after(case, prepared)
        thursday = datetime(2026, 11, 5, 9, tzinfo=UTC)
        reminded = [e for e in does(case, Wake(), now=thursday) if isinstance(e, LetterReminded)]
        assert len(reminded) == 1
        assert (OFFICE, "letter") in notices(case, tuple(reminded))
        again = after(case, tuple(reminded))
        assert not [e for e in does(again, Wake(), now=thursday) if isinstance(e, LetterReminded)]
        week_later = thursday + timedelta(days=7)
        assert [e for e in does(again, Wake(), now=week_later) if isinstance(e, LetterReminded)]
        posted = does(case, PostLetter(by=OFFICE, letter="000002-0", on=date(2026, 11, 2)))
        assert posted == (LetterPosted(at=MONDAY, by=OFFICE, letter="000002-0", on=date(2026, 11, 2)),)
        gone = after(case, posted)
        assert not [e for e in does(gone, Wake(), now=week_later) if isinstance(e, LetterReminded)]
        with pytest.raises(AlreadyDone):
            does(gone, PostLetter(by=OFFICE, letter="000002-0", on=date(2026, 11, 2)))

    def test_are_reminded_of_rarely_after_a_month(self) -> None:
        """Five years of weeks would be a mail that nobody reads any more."""
        case = after(opened(), does(opened(), self.PREPARE))
        days = []
        for day in range(200):
            now = datetime(2026, 11, 2, 9, tzinfo=LONDON) + timedelta(days=day)
            if found := [e for e in does(case, Wake(), now=now) if isinstance(e, LetterReminded)]:
                days.append(day)
                case = after(case, tuple(found))
        assert days == [3, 10, 17, 24, 31, 59, 87, 115, 143, 171, 199]

    def test_are_the_business_of_those_over_them_where_nobody_else_can_post_them(self) -> None:
        """Where who coordinates is involved in the matter, or a reviewer has left, it is told to whoever can post."""
        case = after(opened(), does(opened(), self.PREPARE))
        reminder = LetterReminded(at=MONDAY, by=SYSTEM, letter="000002-0")
        assert notices(case, (reminder,)) == {(OFFICE, "letter")}
        involved = replace(case, involved=(OFFICE,))
        over = [one.id for one in PROCEDURE.holders(PROCEDURE.escalates_to) if one.id != OFFICE]
        assert over
        assert notices(involved, (reminder,)) == {(one, "letter") for one in over}
        assert against_posting(involved, over[0]) is None
        assert against_posting(case, over[0]) is not None
        assert against_posting(involved, OFFICE) is not None
        gone = replace(case, stages=(replace(case.current, reviewers=("somebody-who-has-left",)),))
        assert notices(gone, (reminder,)) == {(OFFICE, "letter")}

    def test_a_friday_letter_is_reminded_of_on_monday(self) -> None:
        """Nobody is reminded on a weekend."""
        friday = datetime(2026, 11, 6, 12, tzinfo=UTC)
        wednesday = datetime(2026, 11, 4, 12, tzinfo=UTC)
        for written in (friday - timedelta(days=1), friday - timedelta(days=2), wednesday):
            case = after(opened(), does(opened(), self.PREPARE, now=written))
            before = datetime(2026, 11, 9, 8, 59, tzinfo=UTC)
            assert not [e for e in does(case, Wake(), now=before) if isinstance(e, LetterReminded)]
            monday = datetime(2026, 11, 9, 9, tzinfo=UTC)
            assert [e for e in does(case, Wake(), now=monday) if isinstance(e, LetterReminded)]

    def test_are_reminded_of_all_at_once_however_many_they_are(self) -> None:
        """A hundred letters of three days are one event and one mail; each is posted by itself, and the rest go on."""
        case = opened()
        for number in range(100):
            case = after(case, does(case, replace(self.PREPARE, letter=f"{number:06}-0")))
        thursday = datetime(2026, 11, 5, 9, tzinfo=UTC)
        events = does(case, Wake(), now=thursday)
        (reminded,) = [event for event in events if isinstance(event, LetterReminded)]
        assert len((reminded.letter, *reminded.others)) == 100
        assert notices(case, (reminded,)) == {(OFFICE, "letter")}
        case = after(case, events)
        case = after(case, does(case, PostLetter(by=OFFICE, letter="000007-0", on=date(2026, 11, 2))))
        later = does(case, Wake(), now=thursday + timedelta(days=7))
        (again,) = [event for event in later if isinstance(event, LetterReminded)]
        assert len((again.letter, *again.others)) == 99

    def test_are_reminded_of_together_where_one_is_newer(self) -> None:
        """What was written since waits until it is time for it."""
        case = after(opened(), does(opened(), self.PREPARE))
        newer = replace(self.PREPARE, letter="000009-0")
        case = after(case, does(case, newer, now=datetime(2026, 11, 4, 9, tzinfo=UTC)))
        (first,) = [
            event
            for event in does(case, Wake(), now=datetime(2026, 11, 5, 9, tzinfo=UTC))
            if isinstance(event, LetterReminded)
        ]
        assert (first.letter, first.others) == ("000002-0", ())

    def test_are_posted_on_a_day_that_can_be(self) -> None:
        """Not before they were written, not tomorrow, not by anybody, and only if they exist."""
        case = after(opened(), does(opened(), self.PREPARE))
        for day in (date(2026, 11, 1), date(2026, 11, 3)):
            with pytest.raises(Incomplete):
                does(case, PostLetter(by=OFFICE, letter="000002-0", on=day))
        with pytest.raises(UnknownChoice):
            does(case, PostLetter(by=OFFICE, letter="odd", on=date(2026, 11, 2)))
        with pytest.raises(NotAllowed):
            does(case, PostLetter(by=BOARD, letter="000002-0", on=date(2026, 11, 2)))
        with pytest.raises(NotNow):
            does(opened(), PostLetter(by=OFFICE, letter="000002-0", on=date(2026, 11, 2)))

    def test_go_by_post_without_an_address_or_where_the_procedure_says_so(self) -> None:
        """Everything does for somebody who has no email; a fresh link does never."""
        assert goes_by_post("closure", PROCEDURE, has_email=False)
        assert not goes_by_post("closure", WITH_MORE, has_email=True)
        assert goes_by_post("outcome", WITH_MORE, has_email=True)
        assert not goes_by_post("outcome", PROCEDURE, has_email=True)
        assert not goes_by_post("fresh-link", WITH_MORE, has_email=False)
