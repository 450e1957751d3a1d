"""What a person wrote, or is, sealed by a key of the case's own.

Everything of this kind goes into storage and comes out of it by `CaseKey`. The key lies in a table of its own, wrapped
by a secret of the deployment, and ends with the case: what is left of its contents, in streams and backups, is noise
from then on. See docs/decisions/0035-a-key-for-each-case.md.

The cipher is XChaCha20-Poly1305, whose nonces may be drawn at random. What is sealed is bound to its case and to its
own id: put in another place, it is not opened. What was stored before there were keys is read as it is.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.secrets import Secrets

_SEALED: Final = b"\x01"
"""With what all begins that is sealed as it is done here. What is neither sealed nor compressed begins with a bracket,
and what is only compressed with 0x78."""

_COMPRESSED_FROM: Final = 500
"""In bytes. What is shorter hardly gets smaller."""
_JSON: Final = b"["


class NotOpened(Exception):
    """It is not what was sealed for this case under this id, or was sealed by another key."""


class NoKey(Exception):
    """The case has no key: it was destroyed, or the key is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseKey:
    """The key of the case `ref`."""

    ref: str
    key: bytes = field(repr=False)

    def seal(self, content: str, words: Mapping[str, Any]) -> bytes:
        """Return what is stored of `words`, which are the content of this id."""
        plain = _written(self.ref, words)
        return _SEALED + _sealed(self.key, plain, place=f"{self.ref}\n{content}")

    def opened(self, content: str, stored: bytes) -> dict[str, Any]:
        """Return what was sealed as the content of this id. NotOpened: see there."""
        return _read(self.ref, _opened(self.key, stored.removeprefix(_SEALED), f"{self.ref}\n{content}"))


def is_sealed(stored: bytes) -> bool:
    """Return whether it takes a key to read this."""
    return stored.startswith(_SEALED)


def open_content(ref: str, content: str, stored: bytes, key: CaseKey | None) -> dict[str, Any]:
    """Return what is stored as this content of a case, be it sealed or from before. NoKey, NotOpened: see there."""
    if not is_sealed(stored):
        return _read(ref, stored)
    if key is None:
        raise NoKey("The key of this case is not there.")
    return key.opened(content, stored)


def wrap(key: CaseKey, secrets: Secrets) -> dict[str, Any]:
    """Return what is stored of a key: it is worth nothing without the deployment's secret of this version."""
    version, secret = secrets.newest()
    return {"sealed_key": _sealed(secret, key.key, place=f"key\n{key.ref}"), "by_secret": version}


def unwrap(ref: str, stored: Mapping[str, Any], secrets: Secrets) -> CaseKey:
    """Return the key of a case from what is stored of it. NotOpened: it is another case's, or another
    deployment's."""
    secret = secrets.of(stored["by_secret"])
    return CaseKey(ref=ref, key=_opened(secret, bytes(stored["sealed_key"]), f"key\n{ref}"))


def _sealed(key: bytes, plain: bytes, *, place: str) -> bytes:
    # Nobody waits for this to be imported who neither writes nor reads what was written.
    from nacl.secret import Aead

    return bytes(Aead(key).encrypt(plain, place.encode()))


def _opened(key: bytes, sealed: bytes, place: str) -> bytes:
    from nacl.exceptions import CryptoError
    from nacl.secret import Aead

    try:
        return Aead(key).decrypt(sealed, place.encode())
    except (CryptoError, ValueError) as error:
        raise NotOpened("This belongs to another case, or was sealed by another key.") from error


def _written(ref: str, words: Mapping[str, Any]) -> bytes:
    plain = json.dumps([ref, words], ensure_ascii=False, separators=(",", ":")).encode()
    # Sealed text does not get smaller any more, and is kept for years.
    return zlib.compress(plain, 9) if len(plain) >= _COMPRESSED_FROM else plain


def _read(ref: str, plain: bytes) -> dict[str, Any]:
    owner, words = json.loads(plain if plain.startswith(_JSON) else zlib.decompress(plain))
    if owner != ref:
        raise NotOpened("This content belongs to another case.")
    opened: dict[str, Any] = words
    return opened
