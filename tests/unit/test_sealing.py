"""What goes into storage and comes out of it."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field

import pytest

from adapters.cases.sealing import (
    CaseKey,
    NoKey,
    NotOpened,
    is_sealed,
    open_content,
    unwrap,
    wrap,
)

REF = "LE-7K3M-9QXT"
KEY = CaseKey(ref=REF, key=b"k" * 32)
OTHER = CaseKey(ref="LE-OTHE-RONE", key=b"k" * 32)
LONG = "A long letter. " * 400


@dataclass
class Known:
    """A deployment's secrets, by version."""

    versions: dict[int, bytes] = field(default_factory=lambda: {1: b"1" * 32, 2: b"2" * 32})

    def newest(self) -> tuple[int, bytes]:
        version = max(self.versions)
        return version, self.versions[version]

    def of(self, version: int) -> bytes:
        return self.versions[version]


@pytest.mark.parametrize("text", ["", "Short.", "Grüße, <b>\u2028 and 🦜", LONG])
def test_comes_out_as_it_went_in(text: str) -> None:
    """Whatever it is and however long."""
    sealed = KEY.seal("c1", {"text": text})
    assert KEY.opened("c1", sealed) == {"text": text}
    assert open_content(REF, "c1", sealed, KEY) == {"text": text}
    assert is_sealed(sealed)


def test_nothing_of_it_can_be_read_without_the_key() -> None:
    """What is stored holds none of the words, is another each time, and is refused without a key or by another one."""
    sealed = KEY.seal("c1", {"text": "canary"})
    assert b"canary" not in sealed
    assert sealed != KEY.seal("c1", {"text": "canary"})
    with pytest.raises(NoKey):
        open_content(REF, "c1", sealed, None)
    with pytest.raises(NotOpened):
        CaseKey(ref=REF, key=b"x" * 32).opened("c1", sealed)


@pytest.mark.parametrize("text", ["Short.", LONG])
def test_belongs_to_its_case_and_to_its_place(text: str) -> None:
    """What was sealed for one case, or as one content, is not opened as another."""
    sealed = KEY.seal("c1", {"text": text})
    with pytest.raises(NotOpened):
        OTHER.opened("c1", sealed)
    with pytest.raises(NotOpened):
        KEY.opened("c2", sealed)


@pytest.mark.parametrize("place", [0, 1, 20, 40, -1])
def test_what_was_changed_is_not_opened(place: int) -> None:
    """A bit that is another one anywhere, and it is refused."""
    changed = bytearray(KEY.seal("c1", {"text": "Short."}))
    changed[place] ^= 1
    with pytest.raises((NotOpened, ValueError)):
        KEY.opened("c1", bytes(changed))


def test_what_is_long_is_stored_small() -> None:
    """A letter takes half the room."""
    words = {"text": " ".join(f"Sentence number {number} of the letter." for number in range(60))}
    assert len(KEY.seal("c1", words)) < len(json.dumps([REF, words])) / 2


def test_what_was_stored_before_there_were_keys_is_read_as_it_is() -> None:
    """Plain or compressed, with a key of the case or without."""
    words = {"text": LONG}
    plain = json.dumps([REF, words]).encode()
    for stored in (plain, zlib.compress(plain, 9)):
        assert not is_sealed(stored)
        assert open_content(REF, "c1", stored, None) == words
        assert open_content(REF, "c1", stored, KEY) == words
        with pytest.raises(NotOpened):
            open_content("LE-OTHE-RONE", "c1", stored, None)


def test_a_key_is_worth_nothing_without_the_secret_that_wrapped_it() -> None:
    """It is opened by the version that wrapped it, for its own case, and by no other."""
    stored = wrap(KEY, Known())
    assert stored["by_secret"] == 2
    assert KEY.key not in stored["sealed_key"]
    assert unwrap(REF, stored, Known()) == KEY
    assert unwrap(REF, wrap(KEY, Known({1: b"1" * 32})), Known()) == KEY, "wrapped by the former one"
    with pytest.raises(NotOpened):
        unwrap("LE-OTHE-RONE", stored, Known())
    with pytest.raises(NotOpened):
        unwrap(REF, stored, Known({2: b"3" * 32}))


def test_neither_shows_in_words() -> None:
    """What an error or a log prints of a key is no key."""
    assert "kkkk" not in repr(KEY)
