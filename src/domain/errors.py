"""Every way to refuse, as one hierarchy.

    Refused
    ├── InvalidAnswers        what was filled in cannot be taken; names each field
    │   └── SentElsewhere     it is about something that the procedure does not cover; says where to go
    ├── NotAllowed            the person may not do this, now or ever
    │   ├── NotYours          somebody else is assigned, or no longer this person
    │   └── ConflictOfInterest  the person was involved before
    ├── NotNow                the case is not in a state in which this can be done
    │   ├── AlreadyDone       it was done before; nothing is left to do
    │   ├── CaseClosed        the case has ended
    │   └── StagePassed       the case has moved on from the stage that is meant
    ├── Incomplete            a decision lacks something; names what is missing
    ├── UnknownChoice         a stage, person, aspect or conclusion that does not exist here
    ├── UnknownCase           there is no such case, or no longer
    └── DeletionRefused       something stands against the destruction; names what

A refusal changes nothing. Its text is one sentence for the person who reads it and holds nothing that
anybody wrote into the case.
"""

from __future__ import annotations

from dataclasses import dataclass


class Refused(Exception):
    """Root of all refusals; `str()` is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing that is wrong with one field; `field` is the answer's id, `message` a sentence."""

    field: str
    message: str


class InvalidAnswers(Refused):
    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        super().__init__("; ".join(f"{problem.field}: {problem.message}" for problem in problems))
        self.problems = problems


class SentElsewhere(InvalidAnswers):
    pass


class NotAllowed(Refused):
    pass


class NotYours(NotAllowed):
    pass


class ConflictOfInterest(NotAllowed):
    pass


class NotNow(Refused):
    pass


class AlreadyDone(NotNow):
    pass


class CaseClosed(NotNow):
    pass


class StagePassed(NotNow):
    pass


class Incomplete(Refused):
    def __init__(self, missing: tuple[FieldProblem, ...]) -> None:
        super().__init__("; ".join(problem.message for problem in missing))
        self.missing = missing


class UnknownChoice(Refused):
    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field
        """Where it was chosen, if the decision has several choices."""


class UnknownCase(Refused):
    pass


class DeletionRefused(Refused):
    def __init__(self, because: tuple[str, ...]) -> None:
        super().__init__("The case cannot be destroyed: " + "; ".join(because) + ".")
        self.because = because
