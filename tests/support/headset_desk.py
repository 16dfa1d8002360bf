"""A page with a headset beside it: the whole connector, from the buttons to the line."""

from connector_py.api import ConnectorApi
from connector_py.api.headset_reports import ConnectedHeadset
from connector_py.entities import AgentConfigResult, CallSnapshot, VoiceCapabilitiesResult
from tests.support.api_fakes import (
    CONFIG,
    CountingIds,
    FakeLink,
    FixedClock,
    RecordingLog,
    RecordingPublisher,
    settled,
)
from tests.support.builders import make_agent_snapshot
from tests.support.headsets import GENERIC, FakeHeadset

_AGENT = make_agent_snapshot(
    agent_config=AgentConfigResult(hid_device_info=GENERIC),
    voice_capabilities=VoiceCapabilitiesResult(is_hid_supported=True),
)


class HeadsetDesk:
    """An agent who chose the usual headset; it is not plugged in yet.

    Args:
        calls: What the server has.
    """

    def __init__(self, *calls: CallSnapshot) -> None:
        self.link, self.headset, self.ear = FakeLink(), FakeHeadset(), RecordingPublisher()
        self.link.has(*calls, agent=_AGENT)
        self.api = ConnectorApi(
            link=self.link,
            publisher=self.ear,
            clock=FixedClock(),
            ids=CountingIds(),
            log=RecordingLog(),
            headset=self.headset,
        )
        self.headset.belongs_to(self.api.headset)

    async def opens(self, headset: ConnectedHeadset | None = None) -> "HeadsetDesk":
        """Connect; with a headset: plug it in too."""
        await self.api.dispatch("init", [CONFIG])
        if headset is not None:
            self.headset.is_plugged_in(headset)
        return self

    async def presses(self, *reports: int) -> None:
        """Send reports of one byte, and let everything run that can."""
        self.headset.says(*reports)
        await settled()
