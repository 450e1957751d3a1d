"""The account that the emulator plays, and what signs for it."""

from __future__ import annotations

from typing import Final

REGION: Final = "eu-west-2"
ACCOUNT: Final = "000000000000"
CREDENTIALS: Final = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
"""What everything here but the functions signs with: the account's own key, which may do everything."""
