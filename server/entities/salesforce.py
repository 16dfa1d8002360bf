"""What Salesforce answers that routing needs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowOrder:
    """Which Omni-Channel flow is to say who gets a call that came in (guide chapter 12).

    Salesforce looks for the channel of the dialed number first, then for the flow itself, then
    takes the fallback queue (telephony-rest-api.md 3.5).
    """

    flow_dev_name: str | None = None
    dialed_number: str | None = None
    fallback_queue: str | None = None
    is_binding: bool = False
    """Whether Salesforce alone decides (unified routing): nobody else gets the call than the
    agent whom the flow names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTarget:
    """Where an Omni-Channel flow sends a call: an agent or a queue.

    By the ids of the telephony system when Salesforce has a mapping, else by its own
    (telephony-rest-api.md, Execute Omni-Channel Flow).
    """

    agent_id: str | None = None
    queue_id: str | None = None
