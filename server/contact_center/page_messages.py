"""What the telephony system says to an agent's page without a call that changes."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from connector_py.entities import (
    ACWInfo,
    AfterConversationWorkEnded,
    AfterConversationWorkStarted,
    CallInfo,
    CallUpdated,
    MessageReceived,
    Notification,
    TransferViewRequested,
    notification_from_wire,
    notification_to_wire,
    to_wire,
)
from connector_py.errors import ConnectorError
from server.contact_center.desk import Desk
from server.contact_center.ledger import Ledger
from server.entities import AgentKey
from server.errors import ConflictError, InvalidRequestError, NotFoundError

_Writing = Callable[[Ledger], None]
_LONGEST_MESSAGE = 32 * 1024
"""Bytes, half of what a frame of the link may have."""


class PageMessages:
    """Tells pages something: every method returns what does it in a transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def message(self, agent: AgentKey, message: Any) -> _Writing:  # noqa: ANN401 - JSON
        """Say something to components of the page; see `ContactCenter.tell_page`."""
        check_message(message)
        return _telling(agent, MessageReceived(message=message))

    def transfer_view(self, agent: AgentKey, payload: Mapping[str, Any]) -> _Writing:
        """Open the transfer view; see `ContactCenter.show_transfer_view`."""
        check_message(payload)
        return _telling(agent, TransferViewRequested(payload=dict(payload)))

    def conversation_work(self, agent: AgentKey, info: ACWInfo, *, started: bool) -> _Writing:
        """Begin or end after-conversation work; see `ContactCenter.after_conversation_work`."""
        kind = AfterConversationWorkStarted if started else AfterConversationWorkEnded
        return _telling(agent, kind(acw_info=info))

    def call_info(
        self, tenant_id: str, call_id: str, call_info: CallInfo, *, participant_id: str | None
    ) -> _Writing:
        """Change what agents may do with a call; see `ContactCenter.update_call_info`."""
        changes = self._desk.changes
        updated = CallUpdated(call_id=call_id, participant_id=participant_id, call_info=call_info)

        def work(ledger: Ledger) -> None:
            record = ledger.tx.call(tenant_id, call_id)
            if record is None:
                raise NotFoundError("There is no such call.", field="callId")
            if record.is_over:
                raise ConflictError("The call is over.", field="callId")
            if participant_id is not None and record.party(participant_id) is None:
                raise NotFoundError("Nobody on the call has this id.", field="participantId")
            changes.apply(ledger, record, updated)

        return work


def _telling(agent: AgentKey, notification: Notification) -> _Writing:
    """Return what tells an agent's page something that can be read again.

    Raises:
        InvalidRequestError: It cannot: in the stream it would stop all that follows.
    """
    try:
        notification_from_wire(notification_to_wire(notification))
    except ConnectorError as error:
        raise InvalidRequestError(f"It cannot be told: {error}") from None

    def work(ledger: Ledger) -> None:
        if ledger.tx.agent(agent) is None:
            raise NotFoundError("There is no such agent.")
        ledger.tell(agent, notification)

    return work


def check_message(message: object) -> None:
    """Check what a page and the telephony system say to one another.

    Raises:
        InvalidRequestError: It is no JSON, or too long.
    """
    try:
        # Halves of surrogate pairs are no text: neither a database nor a page takes them.
        written = json.dumps(to_wire(message), ensure_ascii=False).encode()
    except (ConnectorError, UnicodeEncodeError, RecursionError):
        raise InvalidRequestError("A message is made of JSON's values.", field="message") from None
    if len(written) > _LONGEST_MESSAGE:
        raise InvalidRequestError(
            f"A message has {_LONGEST_MESSAGE} bytes at most.", field="message"
        )
