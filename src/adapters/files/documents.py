"""Files of a case in S3: how they come in, are looked into, kept, and given out again.

A browser sends a file straight to S3, with a ticket that allows that one upload (docs/decisions/0020-documents.md).
What has arrived is no part of the case until it has been looked into and the case has taken it; until then it lies
apart, where the bucket itself throws away what nobody takes. A document's key follows from its ticket and from what is
in it: nothing else is ever stored under it. A key holds the reference and ids, nothing that a person wrote.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from adapters.files.kinds import media_type_of
from domain.acts.documents import LARGEST, TYPES

PREFIXES: Final = ("cases", "uploads", "exports")
"""Where objects of a case lie: what it keeps, what has just arrived, and what was taken out of it."""

ARRIVES_WITHIN: Final = 60 * 60
"""Seconds for which a ticket is good."""
GIVEN_FOR: Final = 60
"""Seconds for which the address of a file is good: long enough to follow it at once."""
REFUSED_BY_S3: Final = 2 * LARGEST
"""In bytes. S3 answers what is larger with a page of its own, so what is only a little too large gets past it and is
refused here, in words."""

_IN_MEMORY: Final = 8_000_000
_CHUNK: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What a form has to send along with one file: `fields`, to `url`."""

    url: str
    fields: Mapping[str, str]

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """An upload, and what was found when it was looked into. `version` is the bucket's, of what was read: with the same
    ticket something else can arrive at any time. `media_type` is what the file itself says that it is; empty: none that
    is known here. What is too large is not read, and has no hash."""

    upload: str
    size: int
    version: str = ""
    media_type: str = ""
    sha256: str = ""

    @property
    def document(self) -> str:
        """The id of the document that it becomes, 64 hex digits; empty where it was not read. The same file with the
        same ticket has the same one, and no other file has it."""
        # The whole hash: of a short one somebody could look for two files that share it.
        return hashlib.sha256(f"{self.upload}/{self.sha256}".encode()).hexdigest() if self.sha256 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The files of cases. `client`: boto3's for S3, or botocore's."""

    client: Any
    bucket: str

    def ticket(self, ref: str, upload: str, *, back: str) -> Ticket:
        """Return permission to send one file. Having arrived, the browser is led to the address `back`."""
        post = self.client.generate_presigned_post(
            self.bucket,
            f"uploads/{ref}/{upload}",
            Fields={"success_action_redirect": back},
            Conditions=[{"success_action_redirect": back}, ["content-length-range", 1, REFUSED_BY_S3]],
            ExpiresIn=ARRIVES_WITHIN,
        )
        return Ticket(url=post["url"], fields=post["fields"])

    def arrived(self, ref: str, upload: str) -> Arrived | None:
        """Return what has arrived, without looking into it; None: nothing has, or it was thrown away since."""
        try:
            found = self.client.head_object(Bucket=self.bucket, Key=f"uploads/{ref}/{upload}")
        except ClientError as error:
            if _is_missing(error):
                return None
            raise
        return Arrived(upload=upload, size=found["ContentLength"])

    def looked_into(self, ref: str, upload: str) -> Arrived | None:
        """Return what has arrived, read as a whole; None as for `arrived`."""
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=f"uploads/{ref}/{upload}")
        except ClientError as error:
            if _is_missing(error):
                return None
            raise
        size, version = answer["ContentLength"], answer["VersionId"]
        if size > LARGEST:
            answer["Body"].close()
            return Arrived(upload=upload, size=size, version=version)
        digest = hashlib.sha256()
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
            for chunk in answer["Body"].iter_chunks(_CHUNK):
                digest.update(chunk)
                file.write(chunk)
            file.seek(0)
            kind = media_type_of(file)
        return Arrived(upload=upload, size=size, version=version, media_type=kind, sha256=digest.hexdigest())

    def keep(self, ref: str, arrived: Arrived) -> None:
        """Put what was looked into where the case keeps its files, whatever has arrived since. The same again changes
        nothing."""
        self.client.copy_object(
            Bucket=self.bucket,
            Key=f"cases/{ref}/{arrived.document}",
            # By version, not by ETag: that is an MD5, and two files can be made that share one.
            CopySource={
                "Bucket": self.bucket,
                "Key": f"uploads/{ref}/{arrived.upload}",
                "VersionId": arrived.version,
            },
            MetadataDirective="REPLACE",
            ContentType=arrived.media_type,
        )

    def address(self, ref: str, document: str, *, media_type: str, called: str) -> str:
        """Return where a document can be fetched for a moment, to be saved under the name `called`."""
        return self._address(f"cases/{ref}/{document}", media_type=media_type, called=called)

    def read(self, ref: str, document: str) -> Any:
        """Return a document as a stream that can be read once."""
        return self.client.get_object(Bucket=self.bucket, Key=f"cases/{ref}/{document}")["Body"]

    def give_out(self, ref: str, export: str, file: IO[bytes], *, called: str) -> str:
        """Return where the file of an export can be fetched for a moment. The bucket throws it away after a day."""
        key = f"exports/{ref}/{export}.zip"
        self.client.put_object(Bucket=self.bucket, Key=key, Body=file, ContentType="application/zip")
        return self._address(key, media_type="application/zip", called=called)

    def _address(self, key: str, *, media_type: str, called: str) -> str:
        address: str = self.client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self.bucket,
                "Key": key,
                "ResponseContentDisposition": f'attachment; filename="{called}"',
                "ResponseContentType": media_type,
            },
            ExpiresIn=GIVEN_FOR,
        )
        return address


def file_name(ref: str, number: int, media_type: str) -> str:
    """Return what a document is called where it is saved: it stands in an address, and so holds nothing that anybody
    wrote."""
    _, ending = TYPES[media_type]
    return f"{ref}-{number:02}.{ending}"


def _is_missing(error: ClientError) -> bool:
    # Who may not list a bucket is not told whether a key exists, but refused.
    response: Any = error.response
    return response["Error"]["Code"] in ("404", "NoSuchKey", "NotFound", "403", "AccessDenied")
