"""SES as the emulator plays it, with what the application would meet on AWS and ministack lacks.

- Whether a role may send a mail is asked as SES asks it.
- A mail is kept as a file before the application hears that it was accepted (`local.mail`), and bounces if it is
  addressed to somebody whose mails do (`local.bounces`).
"""

from __future__ import annotations

import json
import threading
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from local import bounces
from local.account import ACCOUNT, REGION
from local.mail import MailFolder, compose, recipients

if TYPE_CHECKING:
    from datetime import datetime

    from adapters.clock import FileClock


def _identities(address: str) -> list[str]:
    """Return what can be verified for mails from or to an address: itself, its domain, and those above."""
    labels = address.rpartition("@")[2].split(".")
    return [address, *(".".join(labels[start:]) for start in range(len(labels) - 1))]


class Ses:
    """The SES of the one running ministack."""

    def __init__(self, *, mails: MailFolder, clock: FileClock) -> None:
        """Put our functions in the place of ministack's; each is looked up by name when it is called."""
        from ministack import app
        from ministack.services import eventbridge, ses_v2, sns

        self._app, self._ses, self._sns, self._eventbridge = app, ses_v2, sns, eventbridge
        self._mails, self._clock = mails, clock
        self._authorize = app._enforce_ses_v2
        app._enforce_ses_v2 = self._authorize_mail
        self._answer = ses_v2.handle_request
        ses_v2.handle_request = self._handle

    def _authorize_mail(
        self, method: str, path: str, headers: Any, body: bytes, query: Any, request_id: str
    ) -> Any:
        """Ask the caller's role whether it may send this mail, as SES does; return the refusal, or None.

        SES asks for the configuration set and for the sender's identity, which can be the address, its domain or one
        above that, and names the sender's address. As long as an account is in its sandbox, it asks for the
        recipients' identities too. All of them are asked for here. Ministack asks for everything, and names nothing.
        """
        if method != "POST" or not path.rstrip("/").endswith("/outbound-emails"):
            return self._authorize(method, path, headers, body, query, request_id)
        request = json.loads(body or b"{}")
        sender = parseaddr(request.get("FromEmailAddress", ""))[1]
        names = [
            f"identity/{one}" for address in (sender, *recipients(request)) for one in _identities(address)
        ]
        if configuration_set := request.get("ConfigurationSetName"):
            names.append(f"configuration-set/{configuration_set}")
        context = {"ses:FromAddress": sender, "ses:Recipients": list(recipients(request))}
        for name in names:
            arn = f"arn:aws:ses:{REGION}:{ACCOUNT}:{name}"
            refusal = self._app._enforce_data_plane(
                "sesv2", "ses:SendEmail", headers, query, request_id,
                resource_arn=arn, service_context=context, named_resource=arn,
            )  # fmt: skip
            if refusal:
                return refusal
        return None

    async def _handle(
        self, method: str, path: str, headers: Any, body: bytes, query: Any
    ) -> tuple[int, Any, bytes]:
        """Answer a request to SES (version 2); keep the mail that it sends."""
        status, answer_headers, answer = await self._answer(method, path, headers, body, query)
        if method == "POST" and path.rstrip("/").endswith("/outbound-emails") and status == 200:
            request, message_id = json.loads(body), json.loads(answer)["MessageId"]
            at = self._clock.now()
            try:
                content = compose(request, message_id, at=at)
            except (KeyError, ValueError) as error:
                refusal = {
                    "__type": "BadRequestException",
                    "message": f"The email could not be made: {error}",
                }
                return 400, answer_headers, json.dumps(refusal).encode()
            self._mails.keep(content, message_id, at=at)
            threading.Thread(target=self._report, args=(request, message_id, at), daemon=True).start()
        return status, answer_headers, answer

    def _report(self, request: dict[str, Any], message_id: str, at: datetime) -> None:
        """Publish the bounces and complaints that a mail meets, to its configuration set's destinations."""
        from ministack.core.responses import request_scope

        to = recipients(request)
        with request_scope(ACCOUNT, REGION):
            configured = self._ses._config_sets.get(request.get("ConfigurationSetName", "")) or {}
            destinations = list((configured.get("EventDestinations") or {}).values())
            for address in to:
                event_type = bounces.fate(address)
                for destination in destinations:
                    if event_type is None or event_type not in destination["MatchingEventTypes"]:
                        continue
                    event = bounces.report(
                        event_type, address, request=request, message_id=message_id, at=at, to=to
                    )
                    self._publish(destination, event_type, event)

    def _publish(self, destination: dict[str, Any], event_type: str, event: dict[str, Any]) -> None:
        if topic := (destination.get("SnsDestination") or {}).get("TopicArn"):
            self._sns.publish_internal(topic, json.dumps(event), "Amazon SES Email Event Notification")
        if bus := (destination.get("EventBridgeDestination") or {}).get("EventBusArn"):
            entry = {
                "Source": "aws.ses",
                "DetailType": bounces.DETAIL_TYPES[event_type],
                "Detail": json.dumps(event),
                "EventBusName": bus,
                "Resources": [],
            }
            self._eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)
