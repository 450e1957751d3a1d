"""The secret of a deployment, without which the keys of cases are worth nothing.

It is a parameter of AWS Systems Manager, encrypted by the account's own key. AWS numbers its versions: a new one wraps
what is written from then on, and the former ones still open what they wrapped, until `dueprocess seal` has wrapped it
anew. A function reads it once, when it first needs it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from adapters.identities import RandomIdentities


class Secrets(Protocol):
    def newest(self) -> tuple[int, bytes]:
        """Return the number of the newest version, and the secret."""

    def of(self, version: int) -> bytes:
        """Return a version of the secret."""


@dataclass(slots=True)
class ParameterSecrets:
    """`client` makes a client of Systems Manager when it is first needed; `name` is the parameter's."""

    client: Callable[[], Any]
    name: str
    known: dict[int, bytes] = field(default_factory=dict, repr=False)
    current: int = 0

    def newest(self) -> tuple[int, bytes]:
        if not self.current:
            self.current = self._read(self.name)
        return self.current, self.known[self.current]

    def of(self, version: int) -> bytes:
        if not self.known:
            self.newest()
        if version not in self.known:
            self._read(f"{self.name}:{version}")
        return self.known[version]

    def _read(self, name: str) -> int:
        found = self.client().get_parameter(Name=name, WithDecryption=True)["Parameter"]
        version = int(found["Version"])
        self.known[version] = base64.b64decode(found["Value"])
        return version


def begin(name: str, *, client: Any, anew: bool = False) -> bool:
    """Draw the secret where there is none, or a new version of it (`anew`); False: it was there already."""
    value = base64.b64encode(RandomIdentities().key()).decode()
    try:
        client.put_parameter(
            Name=name,
            Value=value,
            Type="SecureString",
            Overwrite=anew,
            **({} if anew else {"Description": "Opens the keys of cases. Deleting it destroys every case."}),
        )
    except client.exceptions.ParameterAlreadyExists:
        return False
    return True
