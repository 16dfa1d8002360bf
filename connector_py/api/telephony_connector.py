"""The telephony connector: what Salesforce calls for calls (connector-api.md 1.2 to 1.6).

Its methods are grouped by topic; here are those that only tell how things are.
"""

from collections.abc import Mapping
from typing import Any

from connector_py.api.agent_calls import AgentCalls
from connector_py.api.call_methods import CallMethods
from connector_py.api.contact_methods import ContactMethods
from connector_py.api.control_methods import ControlMethods
from connector_py.api.mirror import Mirror
from connector_py.api.party_methods import PartyMethods
from connector_py.api.ports import AudioDevices
from connector_py.api.requests import Requests
from connector_py.api.supervision_methods import SupervisionMethods
from connector_py.api.views import phone_calls_of
from connector_py.entities import (
    ActiveCallsResult,
    AgentConfig,
    AgentConfigResult,
    AudioDevicesResult,
    SetAgentConfig,
    SetAgentConfigResult,
    VoiceCapabilitiesResult,
    from_wire,
    to_wire,
)


class TelephonyConnector:
    """The methods for calls.

    Args:
        mirror: Calls and agent as the server says they are.
        requests: Sends commands.
        audio_devices: The agent's microphones and speakers.
    """

    def __init__(self, *, mirror: Mirror, requests: Requests, audio_devices: AudioDevices) -> None:
        self._mirror = mirror
        self._requests = requests
        self._audio_devices = audio_devices
        self._calls = calls = AgentCalls(mirror=mirror, requests=requests)
        self.calls = CallMethods(calls)
        self.controls = ControlMethods(calls)
        self.parties = PartyMethods(calls)
        self.supervision = SupervisionMethods(calls)
        self.contacts = ContactMethods(mirror=mirror, requests=requests)

    async def get_agent_config(self) -> AgentConfigResult:
        """Return the agent's phones and devices. Vendor method `getAgentConfig`.

        Raises:
            LinkDownError: The server did not say yet who the agent is.
        """
        return self._mirror.agent.agent_config

    async def get_voice_capabilities(self) -> VoiceCapabilitiesResult:
        """Return what works for voice. Vendor method `getVoiceCapabilities`.

        Raises:
            LinkDownError: The server did not say yet who the agent is.
        """
        return self._mirror.agent.voice_capabilities

    async def get_active_calls(self) -> ActiveCallsResult:
        """Return the active calls. Vendor method `getActiveCalls`.

        Called when: the connector gets ready, after `endCall`, with PARTICIPANT_REMOVED, and for
        the replay when the agent becomes available. Never fails: the base connector would not
        say so (weakness B7).
        """
        self._calls.active_calls_asked()
        agent_id = self._mirror.agent_id
        calls = [one for call in self._mirror.registry for one in phone_calls_of(call, agent_id)]
        return ActiveCallsResult(active_calls=tuple(calls))

    async def set_agent_config(self, config: Mapping[str, Any]) -> SetAgentConfigResult:
        """Choose a phone, audio devices or a headset. Vendor method `setAgentConfig`.

        What is not named stays as it was. The headset opens when the server tells of it.

        Raises:
            ValidationError: The configuration does not fit.
            CommandRefusedError: The switch does not take it, as with a number that is none.
        """
        wanted = from_wire(AgentConfig, config, path="config")

        async def choose() -> SetAgentConfigResult:
            await self._requests.send(SetAgentConfig(agent_config=wanted))
            is_system_event = bool(config.get("isSystemEvent"))
            return SetAgentConfigResult(success=True, is_system_event=is_system_event)

        return await self._requests.in_turn("agent-config", str(to_wire(wanted)), choose)

    async def get_audio_devices(self) -> AudioDevicesResult:
        """Return microphones and speakers. Vendor method `getAudioDevices`.

        Called when: the agent opens the settings; on this object, although the API declares it
        on the other one (weakness B15).

        Raises:
            ConnectorError: The browser does not tell.
        """
        return AudioDevicesResult(audio_devices=tuple(await self._audio_devices.list()))
