"""The domain in front (front.yaml), which no emulator here creates: against the published schemas of its resources, and
against what CloudFront's documentation says that a distribution does with a request.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from cfnlint.api import ManualArgs, lint

from tests.browser.gateway import Response, call
from tests.unit.test_template import TEMPLATE as BEHIND
from tests.unit.test_template import Loader

ROOT = Path(__file__).parents[2]
TEXT: Final = (ROOT / "front.yaml").read_text(encoding="utf-8")
FRONT: Final[dict[str, Any]] = yaml.load(TEXT, Loader=Loader)
DISTRIBUTION: Final = FRONT["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
POLICY: Final = FRONT["Resources"]["WhatTheApiReads"]["Properties"]["OriginRequestPolicyConfig"]
FIREWALL: Final = FRONT["Resources"]["Firewall"]["Properties"]
PROOF: Final = "a-proof-that-only-the-front-has-0123456789"
FORM: Final = "/leadership-east/complaint"

LONG_OR_ODD: Final = {
    "AWSManagedRulesCommonRuleSet": {
        "SizeRestrictions_BODY",
        "EC2MetaDataSSRF_BODY",
        "GenericLFI_BODY",
        "GenericRFI_BODY",
        "CrossSiteScripting_BODY",
    },
    "AWSManagedRulesKnownBadInputsRuleSet": {
        "JavaDeserializationRCE_BODY",
        "Log4JRCE_BODY",
        "ReactJSRCE_BODY",
    },
}
"""The rules of AWS's groups that look at what a form sends, as AWS lists them."""

ALWAYS: Final = frozenset({"content-type"})
"""What CloudFront passes on of what a viewer sends, whatever the policy says."""


@pytest.fixture(autouse=True)
def behind_a_front(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORGANISATIONS", "")
    monkeypatch.setenv("FRONT_PROOF", PROOF)


def passed_on(headers: dict[str, str], *, viewer: str) -> dict[str, str]:
    """The headers that the API gets of a viewer's request: those of the policy, CloudFront's own in the place of what
    the viewer says that they are, and those of the origin over all others."""
    (origin,) = DISTRIBUTION["Origins"]
    listed = {name.lower() for name in POLICY["HeadersConfig"]["Headers"]}
    passed = {
        name: value
        for name, value in headers.items()
        if name.lower() in listed | ALWAYS and not name.lower().startswith("cloudfront-")
    }
    if "cloudfront-viewer-address" in listed:
        passed["cloudfront-viewer-address"] = viewer
    own = {one["HeaderName"]: one["HeaderValue"] for one in origin["OriginCustomHeaders"]}
    return {
        **passed,
        **{name: PROOF if value == {"Ref": "FrontProof"} else value for name, value in own.items()},
    }


def ask(method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes = b"") -> Response:
    """What a viewer is answered."""
    assert method in DISTRIBUTION["DefaultCacheBehavior"]["AllowedMethods"]
    return call(method, path, headers=passed_on(headers or {}, viewer="192.0.2.7:40123"), body=body)


def problems(text: str) -> list[str]:
    return [str(match) for match in lint(text, config=ManualArgs(regions=["us-east-1"]))]


def test_it_holds_against_the_schemas_of_its_resources() -> None:
    """What CloudFormation would refuse is said here, as nobody has deployed it; a mistake is noticed."""
    assert problems(TEXT) == []
    wrong = TEXT
    mistakes = (
        ("http2and3", "http4"),
        ("Scope: CLOUDFRONT", "Scope: ACCOUNT"),
        ("Behavior: none", "Behavior: few"),
    )
    for right, mistake in mistakes:
        wrong = wrong.replace(right, mistake)
    assert len(problems(wrong)) == len(mistakes)


def test_it_says_that_it_was_never_run() -> None:
    """Whoever reads the template or its instructions knows what they rely on."""
    deploying = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")
    assert "never run on AWS" in TEXT.partition("Parameters:")[0]
    assert "never run on AWS" in deploying.partition("## A domain in front")[2].partition("\n## ")[0]


@pytest.mark.parametrize(
    "sent",
    [{}, {"x-front-proof": "mine"}, {"CloudFront-Viewer-Address": "203.0.113.1:1", "Host": "other.example"}],
)
def test_what_it_passes_on_is_answered_whatever_a_viewer_sends(sent: dict[str, str]) -> None:
    """Proof and address are the front's own, and the viewer's Host goes no further."""
    assert ask("GET", FORM, headers=sent).status == 200
    got = {name.lower(): value for name, value in passed_on(sent, viewer="192.0.2.7:40123").items()}
    assert got["x-front-proof"] == PROOF
    assert got["cloudfront-viewer-address"] == "192.0.2.7:40123"
    assert "host" not in got


def test_whoever_goes_past_it_is_turned_away() -> None:
    """The API's own address answers nobody but the front."""
    assert call("GET", FORM, headers={"cloudfront-viewer-address": "203.0.113.1:1"}).status == 403


def test_the_api_gets_all_that_it_reads() -> None:
    """A form that is sent, a program's key and the kind of answer that is wanted arrive; an answer is as it would be
    without a front."""
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert "There is a problem" in ask("POST", FORM, headers=form, body=b"name=").page.text
    body = json.dumps({"form": "complaint", "answers": {}}).encode()
    keyed = {"content-type": "application/json", "Idempotency-Key": "one"}
    answer = ask("POST", "/api/v1/leadership-east/cases", headers=keyed, body=body)
    assert (answer.status, answer.headers["Content-Type"]) == (422, "application/problem+json")
    wanted = ask("GET", "/nobody", headers={"Accept": "application/json"})
    assert (wanted.status, wanted.headers["Content-Type"]) == (404, "application/problem+json")
    assert POLICY["QueryStringsConfig"] == {"QueryStringBehavior": "all"}


def test_nothing_keeps_a_path_or_an_answer() -> None:
    """A path can hold a link's secret: no log, no samples, and no answer that somebody else could get."""
    assert "Logging" not in DISTRIBUTION
    assert "AWS::WAFv2::LoggingConfiguration" not in TEXT
    seen = [FIREWALL["VisibilityConfig"], *(rule["VisibilityConfig"] for rule in FIREWALL["Rules"])]
    assert [one["SampledRequestsEnabled"] for one in seen] == [False] * 4
    caching = DISTRIBUTION["DefaultCacheBehavior"]["CachePolicyId"]
    assert caching == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert "CacheBehaviors" not in DISTRIBUTION


def test_a_long_complaint_and_an_odd_one_are_let_through() -> None:
    """What a form sends is only counted: people write at length, and copy what they were sent."""
    counted = {}
    for rule in FIREWALL["Rules"]:
        if group := rule["Statement"].get("ManagedRuleGroupStatement"):
            overrides = group["RuleActionOverrides"]
            assert all(one["ActionToUse"] == {"Count": {}} for one in overrides)
            counted[group["Name"]] = {one["Name"] for one in overrides if one["Name"].endswith("_BODY")}
    assert counted == LONG_OR_ODD


def test_whoever_asks_too_often_reads_what_to_do() -> None:
    """Without a script or a puzzle: the page says how long to wait and that nothing typed is lost. It is short enough
    for WAF, and a school behind one address stays below the limit."""
    (rule,) = (one for one in FIREWALL["Rules"] if "RateBasedStatement" in one["Statement"])
    answer = rule["Action"]["Block"]["CustomResponse"]
    body = FIREWALL["CustomResponseBodies"][answer["CustomResponseBodyKey"]]
    assert (answer["ResponseCode"], body["ContentType"]) == (429, "TEXT_HTML")
    assert "Wait five minutes" in body["Content"]
    assert len(body["Content"].encode()) <= 4096
    assert FRONT["Parameters"]["RequestsInFiveMinutes"]["Default"] >= 1000


def test_both_templates_take_the_same_proofs() -> None:
    """What front.yaml takes, template.yaml takes; neither shows it."""
    here, there = (one["Parameters"]["FrontProof"] for one in (FRONT, BEHIND))
    assert here["NoEcho"] is there["NoEcho"] is True
    assert there["AllowedPattern"] == "^({})?$".format(here["AllowedPattern"].strip("^$"))


def test_each_header_that_programs_are_told_of_gets_through() -> None:
    """What the API's own description names, a proof of work too."""
    described = ask("GET", "/api/v1/openapi.json").json
    named = {
        parameter["name"].lower()
        for path in described["paths"].values()
        for operation in path.values()
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "header"
    }
    assert {"idempotency-key", "altcha-solution"} <= named
    assert named <= set(passed_on(dict.fromkeys(named, "x"), viewer="192.0.2.7:40123"))
