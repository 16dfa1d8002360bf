"""What was answered to a command."""

from dataclasses import dataclass

from connector_py.entities import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReply:
    """The reply under an idempotency key, with the hash of the command that it answers."""

    body_hash: str
    reply: Reply
