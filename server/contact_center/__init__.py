"""The use cases: everything that happens to calls and agents goes through `ContactCenter`."""

from server.contact_center.center import ContactCenter
from server.contact_center.ports import SalesforcePort
from server.contact_center.recordings import Recordings
from server.contact_center.values import AgentOverview, CenterParts, CenterSettings, Overview

__all__ = [
    "AgentOverview",
    "CenterParts",
    "CenterSettings",
    "ContactCenter",
    "Overview",
    "Recordings",
    "SalesforcePort",
]
