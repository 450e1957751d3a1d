"""What a file is, by what stands in it and not by what it is called.

Whoever sends it is a stranger. So nothing is unpacked, nothing that a file claims of itself is believed, and what is
read and for how long follows from how large the file is, never from what it says.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import IO, Final

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT: Final = "application/vnd.oasis.opendocument.text"

MOST_ENTRIES: Final = 2_000
"""Files in an archive. A text with a picture on each of several hundred pages has fewer."""

_LONGEST_LIST: Final = 400_000
"""In bytes, of an archive's list of its files: two hundred for each of them."""

_CHUNK: Final = 1_000_000


def media_type_of(file: IO[bytes]) -> str:
    """Return what a file is; empty: nothing that is taken here. At most a few chunks of it are held at a time."""
    head = file.read(4096)
    for begins, kind in _BEGINNINGS:
        if head.startswith(begins):
            return kind
    if head.removeprefix(codecs.BOM_UTF8).startswith(b"%PDF-"):
        return "application/pdf"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "audio/wav"
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "")
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_archive(file, head)
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:
        return "audio/mpeg"
    return "text/plain" if _is_text(file, head) else ""


_BEGINNINGS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"#!AMR", "audio/amr"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
)
_BRANDS: Final = {
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"hevc": "image/heic",
    b"mif1": "image/heic",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"mp41": "video/mp4",
    b"mp42": "video/mp4",
    b"isom": "video/mp4",
    b"iso2": "video/mp4",
    b"iso4": "video/mp4",
    b"iso5": "video/mp4",
    b"iso6": "video/mp4",
    b"avc1": "video/mp4",
    b"M4V ": "video/mp4",
    b"3gp4": "video/mp4",
    b"3gp5": "video/mp4",
    b"qt  ": "video/mp4",
}

_MAIN_PART: Final = re.compile(r"word/document\d*\.xml")
_PROGRAM: Final = re.compile(r"(?:.*/)?vbaProject\.bin|(?:Basic|Scripts)/.*", re.IGNORECASE | re.DOTALL)


def _kind_of_archive(file: IO[bytes], head: bytes) -> str:
    """Return what kind of text of Word or OpenDocument an archive is; empty: none, or one that brings a program
    along."""
    names = _names_in(file)
    if not names or any(_PROGRAM.fullmatch(name) for name in names):
        return ""
    if any(_MAIN_PART.fullmatch(name) for name in names):
        return DOCX
    return ODT if _says_first(head) == ODT.encode() else ""


def _says_first(head: bytes) -> bytes:
    """Return what an archive says that it is, in a file `mimetype` which comes first and is stored as it is; empty:
    nothing. Where it ends is told by what follows it: how long it is said to be, anybody can write there."""
    method, named, extra = (int.from_bytes(head[at : at + 2], "little") for at in (8, 26, 28))
    begins = 30 + named + extra
    if method != 0 or head[30 : 30 + named] != b"mimetype" or begins > len(head):
        return b""
    said, found, _ = head[begins : begins + 200].partition(b"PK")
    return said if found else b""


def _names_in(file: IO[bytes]) -> frozenset[str]:
    """Return the names of the files in an archive, as the list at its end has them; none where it has no such list, or
    one that is too long."""
    size = file.seek(0, 2)
    tail_at = max(0, size - 22 - 65_535)
    file.seek(tail_at)
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or end + 22 > len(tail):
        return frozenset()
    entries, length, offset = (
        int.from_bytes(tail[end + at : end + at + wide], "little") for at, wide in ((10, 2), (12, 4), (16, 4))
    )
    if not 0 < entries <= MOST_ENTRIES or length > _LONGEST_LIST or offset + length > tail_at + end:
        return frozenset()
    file.seek(offset)
    listed = file.read(length)
    names, at = set(), 0
    for _ in range(entries):
        if listed[at : at + 4] != b"PK\x01\x02":
            return frozenset()
        named, extra, comment = (
            int.from_bytes(listed[at + place : at + place + 2], "little") for place in (28, 30, 32)
        )
        # Those that we look for are ASCII, in whichever way the others are written.
        names.add(listed[at + 46 : at + 46 + named].decode("utf-8", "replace"))
        at += 46 + named + extra + comment
    return frozenset(names) if at == length else frozenset()


_UNREADABLE: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


def _is_text(file: IO[bytes], head: bytes) -> bool:
    """Return whether it is readable text in UTF-8, or in UTF-16 that says so. Of markup, which a browser might run, it
    is none."""
    utf_16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    has_words = False
    file.seek(0)
    try:
        for text in _decoded(file, "utf-16" if utf_16 else "utf-8-sig"):
            if _UNREADABLE.search(text):
                return False
            said = text.strip()
            if not has_words and said.startswith("<"):
                return False
            has_words = has_words or bool(said)
    except UnicodeDecodeError:
        return False
    return has_words


def _decoded(file: IO[bytes], encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    while chunk := file.read(_CHUNK):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)
