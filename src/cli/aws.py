"""AWS as commands meet it: what it refuses is told in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cli import CannotRun


@contextmanager
def refusals_in_words() -> Iterator[None]:
    """Have what AWS refuses, or that it cannot be reached, told as a sentence (`CannotRun`)."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        said = error.response.get("Error", {})
        raise CannotRun(
            f"AWS refused {error.operation_name}: {said.get('Message') or said.get('Code')}"
        ) from error
    except BotoCoreError as error:
        raise CannotRun(f"AWS could not be reached: {error}") from error
