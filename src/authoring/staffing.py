"""Who fills the roles of a procedure file that is being written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from authoring.ids import as_id
from authoring.typed import free_id
from domain.addresses import is_same


@dataclass(slots=True)
class Staffing:
    """The roles that the questions have brought up, and who fills them."""

    roles: dict[str, str] = field(default_factory=dict)
    people: list[dict[str, Any]] = field(default_factory=list)

    def filled(self, role: str) -> int:
        return sum(role in person["roles"] for person in self.people)

    def shared(self, role: str, other: str) -> int:
        """Return how many people fill both roles."""
        return sum({role, other} <= set(person["roles"]) for person in self.people)

    def add(self, role: str, name: str, email: str) -> None:
        """Let a person fill a role; whoever has the same address is the same person."""
        known = next((person for person in self.people if is_same(person["email"], email)), None)
        if known is None:
            taken = [person["id"] for person in self.people]
            known = {"id": free_id(as_id(name), taken), "name": name, "email": email, "roles": []}
            self.people.append(known)
        elif role in known["roles"]:
            raise ValueError(f"{email} already has this role. Enter the address of someone else.")
        known["roles"].append(role)
