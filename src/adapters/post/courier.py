"""The clients that carry effects out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """boto3's clients for SES v2 and Step Functions, or botocore's."""

    ses: Any
    stepfunctions: Any
    sent: Counter[str] = field(default_factory=Counter)
    """How many mails went out, by procedure."""
