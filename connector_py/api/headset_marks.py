"""`isHIDCall` in what Salesforce gets while a headset with buttons is open (guide chapter 16)."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from connector_py.api.ports import EventPublisher
from connector_py.entities import CallInfo

T = TypeVar("T")


def with_headset_marks(value: T) -> T:
    """Return a result or payload in which every call says that a headset controls it."""
    return _marked(value)


def _marked(value: Any) -> Any:  # noqa: ANN401 - any result
    if isinstance(value, CallInfo):
        return replace(value, is_hid_call=True)
    if isinstance(value, tuple):
        return tuple(_marked(item) for item in cast("tuple[Any, ...]", value))
    if isinstance(value, Mapping):
        items = cast("Mapping[Any, Any]", value).items()
        return {key: _marked(item) for key, item in items}
    if not is_dataclass(value) or isinstance(value, type):
        return value
    now = {field.name: getattr(value, field.name) for field in fields(value)}
    changed = {name: _marked(item) for name, item in now.items()}
    return value if changed == now else replace(value, **changed)


class MarkingPublisher:
    """Salesforce's ear, with marks while a headset is open. Implements `EventPublisher`.

    Args:
        publisher: Salesforce's ear.
        is_open: Tells whether a headset is open.
    """

    def __init__(self, publisher: EventPublisher, is_open: Callable[[], bool]) -> None:
        self._publisher = publisher
        self._is_open = is_open

    def publish(self, event_type: str, payload: Any) -> None:  # noqa: ANN401 - entity or JSON
        """Publish an event now."""
        self._publisher.publish(event_type, self._shown(payload))

    def publish_after_result(self, event_type: str, payload: Any) -> None:  # noqa: ANN401
        """Publish an event once the result of the method that runs now was handed over."""
        self._publisher.publish_after_result(event_type, self._shown(payload))

    def publish_error(
        self, event_type: str, error: Exception, *, after_result: bool = False
    ) -> None:
        """Report a failure of something that no method waits for."""
        self._publisher.publish_error(event_type, error, after_result=after_result)

    def _shown(self, payload: Any) -> Any:  # noqa: ANN401 - entity or JSON
        return with_headset_marks(payload) if self._is_open() else payload
