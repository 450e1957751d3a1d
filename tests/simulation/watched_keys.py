"""What has to be true of the keys of cases, and of what they seal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.simulation.dynamodb import Write

if TYPE_CHECKING:
    from tests.simulation.invariants import Watch

SEALED = b"\x01"


def are_sealed(watch: Watch, ref: str, writes: Sequence[Write]) -> None:
    """What people wrote is stored sealed, by a key that is there, and is deleted after it."""
    has_key = bool(watch.world.keys.partitions.get(f"CASE#{ref}"))
    for write in writes:
        sk = write.key[1]
        if not sk.startswith("CONTENT#"):
            continue
        if write.new is None:
            if has_key:
                watch.found("a key is deleted before what it opens", ref, sk)
        elif not bytes(write.new["sealed"]["B"]).startswith(SEALED):
            watch.found("what people write is sealed", ref, sk)


def has_left_no_key(watch: Watch, ref: str) -> None:
    """A case that is destroyed has no key any more, nor anything else beside it."""
    if watch.world.keys.partitions.get(f"CASE#{ref}"):
        watch.found("a destroyed case leaves no key", ref)
