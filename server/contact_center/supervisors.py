"""What the switch does not know of a supervisor who listens to a call."""

from dataclasses import replace

from connector_py.entities import Notification, ParticipantSnapshot, SupervisorBargedIn
from server.contact_center.ledger import Ledger, agent_key
from server.entities import CallRecord


def named_supervisor(
    ledger: Ledger, record: CallRecord, supervisor: ParticipantSnapshot
) -> ParticipantSnapshot:
    """Return a supervisor's part with the name, and the phone at which they listen."""
    if supervisor.agent_id is None:
        return supervisor
    agent = ledger.tx.agent(agent_key(record, supervisor.agent_id))
    if agent is None:
        return supervisor
    return replace(supervisor, name=agent.full_name, is_softphone=ledger.is_at_softphone(agent))


def with_supervisor(record: CallRecord, notification: Notification) -> Notification:
    """Return what happened with the name of a supervisor who barged in."""
    if not isinstance(notification, SupervisorBargedIn) or notification.supervisor_name:
        return notification
    supervisor = record.party(notification.participant_id)
    return replace(notification, supervisor_name=None if supervisor is None else supervisor.name)
