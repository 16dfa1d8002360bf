"""Presence statuses of Salesforce, and what the telephony system calls them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedStatus:
    """A presence status of an org (guide chapter 12, "Two-Way Agent Status Syncing")."""

    status_id: str
    status_name: str
    has_channels: bool
    """Whether an agent with it gets calls."""
    is_offline: bool
    telephony_status: str
    """Its name in the telephony system, unique in the org."""
