"""Events for Salesforce, published by the page."""

from typing import Any

from connector_py.browser.host import Host, encode
from connector_py.browser.wire_errors import wire_error
from connector_py.entities import to_tagged


class HostPublisher:
    """Hands events to the page, which keeps their order.

    Args:
        host: The page.
    """

    def __init__(self, host: Host) -> None:
        self._host = host

    def publish(self, event_type: str, payload: Any) -> None:  # noqa: ANN401 - entity or JSON
        """Publish an event now.

        Raises:
            ValidationError: The payload holds something that has no place in JSON.
        """
        self._publish(event_type, payload, is_after_result=False)

    def publish_after_result(self, event_type: str, payload: Any) -> None:  # noqa: ANN401
        """Publish an event once the result of the method that runs now was handed over.

        Raises:
            ValidationError: The payload holds something that has no place in JSON.
        """
        self._publish(event_type, payload, is_after_result=True)

    def publish_error(
        self, event_type: str, error: Exception, *, after_result: bool = False
    ) -> None:
        """Report a failure of something that no method waits for."""
        message = {
            "type": "publish_error",
            "eventType": str(event_type),
            "error": wire_error(error),
            "afterResult": after_result,
        }
        self._host.post(encode(message))

    def _publish(self, event_type: str, payload: object, *, is_after_result: bool) -> None:
        message = {
            "type": "publish_event",
            "eventType": str(event_type),
            "payload": to_tagged(payload),
            "afterResult": is_after_result,
        }
        self._host.post(encode(message))
