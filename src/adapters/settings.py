"""What differs by deployment, from the environment that template.yaml gives to the functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`secret` is the name of the parameter that holds it. `public_url` has no slash at its end. What a function is not
    given is empty."""

    table: str
    keys_table: str
    secret: str
    documents_bucket: str
    alarm_machine_arn: str
    sender: str
    configuration_set: str
    public_url: str


def settings_from(environ: Mapping[str, str]) -> Settings:
    """Return the settings of a deployment; KeyError: there is no TABLE."""
    return Settings(
        table=environ["TABLE"],
        keys_table=environ.get("KEYS_TABLE", ""),
        secret=environ.get("SECRET", ""),
        documents_bucket=environ.get("DOCUMENTS_BUCKET", ""),
        alarm_machine_arn=environ.get("ALARM_MACHINE_ARN", ""),
        sender=environ.get("SENDER", ""),
        configuration_set=environ.get("CONFIGURATION_SET", ""),
        public_url=environ.get("PUBLIC_URL", "").rstrip("/"),
    )
