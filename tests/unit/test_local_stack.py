"""What the local stack has to know of the template."""

from __future__ import annotations

import re
from pathlib import Path

from local.emulator import SERVICES

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


def test_everything_that_the_template_has_outlives_the_process() -> None:
    """The resources that SAM makes of its own types are those of the services that are named with them."""
    named = set(re.findall(r"Type: AWS::(\w+)::", TEMPLATE.read_text(encoding="utf-8")))
    made_by_sam = {"Lambda", "StepFunctions", "ApiGatewayV2", "Scheduler", "Events", "IAM"}
    assert "DynamoDB" in named
    assert (named - {"Serverless"}) | made_by_sam <= SERVICES.keys()
