"""A connector that says what a test tells it to: the softphone page without a telephony system.

It takes the place of `connector.html` and speaks the three message shapes of the base connector
(connector-api.md 4.3), so that a test can show the page any state that the protocol allows.
"""

from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Frame, Page

from tests.support.softphone_page import SoftphonePage

PAGE = """<!doctype html>
<html lang="en">
<title>Scripted connector</title>
<script>
  window.revive = (value) => {
    if (Array.isArray(value)) return value.map(window.revive);
    if (value === null || typeof value !== 'object') return value;
    if ('$date' in value) return new Date(value.$date);
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, window.revive(v)]));
  };
  window.say = (message) => window.port.postMessage(window.revive(message));
  window.addEventListener('message', (event) => {
    if (event.data?.type === 'SETUP_CONNECTOR') window.port = event.ports[0];
  });
</script>
</html>
"""

ALL_ON = {
    name: True
    for name in (
        "DEBUG_ENABLED",
        "CONTACT_SEARCH",
        "VENDOR_PROVIDED_AVAILABILITY",
        "VENDOR_PROVIDED_QUEUE_WAIT_TIME",
        "TRANSFER_TO_OMNI_FLOW",
        "PENDING_STATUS_CHANGE",
        "MUTE",
        "RECORD",
        "MERGE",
        "SWAP",
        "BLIND_TRANSFER",
        "SIGNED_RECORDING_URL",
        "SUPERVISOR_LISTEN_IN",
        "SUPERVISOR_BARGE_IN",
        "MOS",
        "PHONEBOOK",
        "HAS_GET_EXTERNAL_SPEAKER",
        "HAS_SET_EXTERNAL_SPEAKER",
        "HAS_GET_EXTERNAL_MICROPHONE",
        "HAS_SET_EXTERNAL_MICROPHONE",
        "CAN_CONSULT",
        "HAS_HID_SUPPORT",
    )
} | {"DIAL_PAD": False, "PHONEBOOK_DISABLE": False}
"""Everything works; the two flags that switch something off are false (connector-api.md 4.3)."""


class ScriptedConnector:
    """Plays the connector in a page; made before the page is opened."""

    def __init__(self, page: Page) -> None:
        self._page = page
        page.route("**/connector.html", lambda route: route.fulfill(body=PAGE, headers=_HEADERS))

    def ready(self, **changes: Any) -> None:
        """Wait for the handshake and say CONNECTOR_READY.

        Args:
            changes: Capabilities that differ from `ALL_ON`.
        """
        self._frame.wait_for_function("() => window.port !== undefined")
        phones = [{"type": "SOFT_PHONE"}, {"type": "DESK_PHONE"}]
        payload = {
            "agentConfig": {"PHONES": phones, "SELECTED_PHONE": {"type": "SOFT_PHONE"}},
            "capabilities": ALL_ON | changes,
            "callInProgress": None,
        }
        self.say({"type": "CONNECTOR_READY", "payload": payload})

    def event(self, name: str, payload: Any = None) -> None:
        """Dispatch an event."""
        dispatched = {"telephonyEventType": name, "telephonyEventPayload": payload}
        self.say({"type": "TELEPHONY_EVENT_DISPATCHED", "payload": dispatched})

    def error(self, constant: str) -> None:
        """Dispatch an error constant."""
        self.event("ERROR", {"message": constant})

    def custom_error(self, label: str) -> None:
        """Dispatch a custom error by its label, `namespace.labelName`."""
        namespace, label_name = label.split(".")
        self.event("ERROR", {"customError": {"labelName": label_name, "namespace": namespace}})

    def log(self, event_type: str, payload: Any) -> None:
        """Write into Salesforce's log, as our connector does when something went wrong."""
        entry = {"eventType": event_type, "payload": payload, "isError": True}
        self.say({"type": "LOG", "payload": entry})

    def say(self, message: Any) -> None:
        """Send a message as it is; `{"$date": ISO 8601}` becomes a Date."""
        self._frame.evaluate("(message) => window.say(message)", message)

    @property
    def _frame(self) -> Frame:
        holder = self._page.wait_for_selector("#connector-frame", state="attached")
        found = None if holder is None else holder.content_frame()
        assert found is not None, "the softphone has no frame for a connector"
        found.wait_for_url("**/connector.html")
        return found


def open_scripted(
    page: Page, url: str, user: str, **changes: Any
) -> tuple[SoftphonePage, ScriptedConnector]:
    """Open a softphone whose connector the test plays, and wait until it is ready.

    Args:
        page: An empty page.
        url: The demo server.
        user: The agent.
        changes: Capabilities that differ from `ALL_ON`.
    """
    connector, softphone = ScriptedConnector(page), SoftphonePage(page, url, user)
    softphone.load()
    connector.ready(**changes)
    return softphone.wait_ready(), connector


_HEADERS = {"content-type": "text/html; charset=utf-8"}


def call(call_id: str, name: str | None = None, /, **fields: Any) -> dict[str, Any]:
    """Return a PhoneCall: an inbound one that rings, unless the fields say otherwise.

    Args:
        call_id: Its id.
        name: Of the other side.
        fields: `callInfo` and `callAttributes` complete the default ones, others replace them.
    """
    info = {"callStateTimestamp": {"$date": datetime.now(UTC).isoformat()}}
    attributes = {"participantType": "Initial_Caller", "voiceCallId": f"0LQ{call_id}"}
    number = fields.pop("phoneNumber", "+14155550123")
    return {
        "callId": call_id,
        "connectionId": call_id,
        "callType": "Inbound",
        "state": "ringing",
        "phoneNumber": number,
        "contact": {"phoneNumber": number, **({"name": name} if name else {})},
        **fields,
        "callInfo": info | fields.get("callInfo", {}),
        "callAttributes": attributes | fields.get("callAttributes", {}),
    }


def third_party(call_id: str, name: str, **fields: Any) -> dict[str, Any]:
    """Return what PARTICIPANT_ADDED and PARTICIPANT_CONNECTED carry: seven keys.

    Args:
        call_id: Its id.
        name: Whose it is.
        fields: As for `call`, and `initialCallHasEnded`.
    """
    has_ended = fields.pop("initialCallHasEnded", False)
    attributes = {"participantType": "Third_Party"} | fields.pop("callAttributes", {})
    whole = call(call_id, name, callAttributes=attributes, **fields)
    keys = ("contact", "callInfo", "callAttributes", "phoneNumber", "callId", "connectionId")
    return {"initialCallHasEnded": has_ended, **{key: whole[key] for key in keys}}
