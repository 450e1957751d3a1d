"""A deployment as the persons concerned meet it: public forms, links in mails, pages, and the clock."""

from __future__ import annotations

from tests.integration.conftest import desk, office, simulated_aws, town

__all__ = ["desk", "office", "simulated_aws", "town"]
