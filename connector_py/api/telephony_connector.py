"""The telephony connector: what Salesforce calls for calls (connector-api.md 1.2 to 1.6)."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NoReturn

from connector_py.api.call_finder import (
    CallArgument,
    find_call,
    find_participant,
    means_third_party,
)
from connector_py.api.events import hold_toggle, mute_toggle, phone_calls_of, recording_toggle
from connector_py.api.mirror import Mirror
from connector_py.api.requests import Requests
from connector_py.call_model import Call
from connector_py.entities import (
    ActiveCallsResult,
    AgentConfig,
    AgentConfigResult,
    AnswerCall,
    CallResult,
    Command,
    Contact,
    ContactsFilter,
    ContactsPage,
    DeclineCall,
    Dial,
    EndCall,
    HangupReason,
    HangupResult,
    HangupStatus,
    Hold,
    HoldToggleResult,
    Mute,
    MuteToggleResult,
    PauseRecording,
    PhoneCall,
    PhoneContactsResult,
    RecordingState,
    RecordingToggleResult,
    Resume,
    ResumeRecording,
    SearchContacts,
    SendDigits,
    SetAgentConfig,
    SetAgentConfigResult,
    Unmute,
    VoiceCapabilitiesResult,
    from_wire,
    to_wire,
)
from connector_py.errors import CallNotFoundError, NotSupportedError, ValidationError

_DIGITS = re.compile(r"[0-9A-Da-d*#,]{1,64}")


class TelephonyConnector:
    """The 24 methods for calls.

    Args:
        mirror: Calls and agent as the server says they are.
        requests: Sends commands.
    """

    def __init__(self, *, mirror: Mirror, requests: Requests) -> None:
        self._mirror = mirror
        self._requests = requests

    # ------------------------------------------------------------------------ start-up

    async def get_agent_config(self) -> AgentConfigResult:
        """Return the agent's phones and devices. Vendor method `getAgentConfig`."""
        return self._mirror.agent.agent_config

    async def get_voice_capabilities(self) -> VoiceCapabilitiesResult:
        """Return what works for voice. Vendor method `getVoiceCapabilities`."""
        return self._mirror.agent.voice_capabilities

    async def get_active_calls(self) -> ActiveCallsResult:
        """Return the active calls. Vendor method `getActiveCalls`.

        Called when: the connector gets ready, after `endCall`, and for the replay when the agent
        becomes available. Never fails: the base connector would not say so (weakness B7).
        """
        calls = [phone for call in self._mirror.registry for phone in self._phone_calls(call)]
        return ActiveCallsResult(active_calls=tuple(calls))

    async def set_agent_config(self, config: Mapping[str, Any]) -> SetAgentConfigResult:
        """Choose a phone or audio devices. Vendor method `setAgentConfig`.

        Raises:
            ValidationError: The configuration does not fit.
            CommandRefusedError: The switch does not take it, as with a number that is none.
        """
        wanted = from_wire(AgentConfig, config, path="config")
        now = self._mirror.agent.agent_config
        chosen = replace(
            now,
            selected_phone=wanted.selected_phone,
            speaker_device_id=wanted.speaker_device_id or now.speaker_device_id,
            microphone_device_id=wanted.microphone_device_id or now.microphone_device_id,
        )
        await self._requests.send(SetAgentConfig(agent_config=chosen))
        return SetAgentConfigResult(success=True)

    # --------------------------------------------------------------------------- calls

    async def accept_call(self, call: CallArgument = None) -> CallResult:
        """Answer the call. Vendor method `acceptCall`.

        Raises:
            CallNotFoundError: It rings no more.
        """
        call_id = self._find(call).call_id

        async def accept() -> CallResult:
            if not self._is_connected(self._mirror.registry.get(call_id)):
                await self._requests.send(AnswerCall(call_id=call_id))
            return CallResult(call=self._customer(call_id))

        return await self._requests.in_turn(call_id, "accept", accept)

    async def decline_call(self, call: CallArgument = None) -> CallResult:
        """Refuse the call that rings. Vendor method `declineCall`.

        Raises:
            CallNotFoundError: It rings no more.
        """
        found = self._find(call)
        calls = await self._leave(found, DeclineCall(call_id=found.call_id))
        declined = calls[0]
        if declined.agent_status is None:
            # Known only from a snapshot, which does not say why the call is gone: this is why.
            declined = replace(
                declined,
                reason=HangupReason.PHONE_CALL_ERROR.value,
                agent_status=HangupStatus.DECLINED.value,
                close_call_on_error=False,
            )
        return CallResult(call=declined)

    async def end_call(
        self, call: CallArgument = None, agent_status: str | None = None
    ) -> HangupResult:
        """Hang up for the agent. Vendor method `endCall`.

        Args:
            call: The call, or only its participant's type (weakness B26).
            agent_status: Salesforce's wish for afterwards.

        Raises:
            CallNotFoundError: The call is over.
            NotSupportedError: It is a third party that shall leave.
        """
        found = self._find(call)
        if means_third_party(found, call):
            # Ending the whole call instead would cut off the customer.
            raise NotSupportedError("endCall for a third party")
        status = str(agent_status) if agent_status else None
        command = from_wire(EndCall, {"callId": found.call_id, "agentStatus": status})
        return HangupResult(calls=await self._leave(found, command))

    async def dial(
        self, contact: Mapping[str, Any], options: Mapping[str, Any] | None = None
    ) -> CallResult:
        """Call somebody. Vendor method `dial`.

        Raises:
            ValidationError: The contact does not fit.
            CommandRefusedError: The switch does not know whom to call, or the agent cannot call.
        """
        whom = from_wire(Contact, contact, path="contact")
        how = options or {}
        # The base connector leaves an empty text where it means false.
        command = Dial(
            contact=whom,
            is_callback=bool(how.get("isCallback")),
            is_consult_call=bool(how.get("isConsultCall")),
        )

        async def place() -> CallResult:
            awaited, result = await self._requests.send(command)
            if awaited.calls:
                return CallResult(call=awaited.calls[0])
            return CallResult(call=self._customer(str(result["callId"])))

        return await self._requests.in_turn("dial", str(to_wire(whom)), place)

    async def send_digits(self, digits: object) -> None:
        """Send DTMF tones. Vendor method `sendDigits`.

        Raises:
            ValidationError: Something in it is no tone. The text is not repeated: digits may be
                a card's number.
            CallNotFoundError: No call is connected.
        """
        if not isinstance(digits, str) or _DIGITS.fullmatch(digits) is None:
            raise ValidationError("digits", "…", "0-9, *, #, A-D or a comma")
        found = next((call for call in self._mirror.registry if self._is_connected(call)), None)
        if found is None:
            raise CallNotFoundError("connected")
        await self._requests.send(SendDigits(call_id=found.call_id, digits=digits.upper()))

    # ----------------------------------------------------------- mute, hold, recording

    async def mute(self, call: CallArgument = None) -> MuteToggleResult:
        """Mute the agent. Vendor method `mute`."""
        return await self._set_mute(call, is_muted=True)

    async def unmute(self, call: CallArgument = None) -> MuteToggleResult:
        """Let the agent be heard again. Vendor method `unmute`."""
        return await self._set_mute(call, is_muted=False)

    async def hold(self, call: CallArgument = None) -> HoldToggleResult:
        """Put a participant on hold. Vendor method `hold`."""
        return await self._set_hold(call, is_held=True)

    async def resume(self, call: CallArgument = None) -> HoldToggleResult:
        """Take a participant off hold. Vendor method `resume`."""
        return await self._set_hold(call, is_held=False)

    async def pause_recording(self, call: CallArgument = None) -> RecordingToggleResult:
        """Pause the recorder. Vendor method `pauseRecording`."""
        return await self._set_recording(call, RecordingState.PAUSED)

    async def resume_recording(self, call: CallArgument = None) -> RecordingToggleResult:
        """Let the recorder go on. Vendor method `resumeRecording`."""
        return await self._set_recording(call, RecordingState.RECORDING)

    # ------------------------------------------------------------------------ contacts

    async def get_phone_contacts(
        self, contacts_filter: Mapping[str, Any] | None = None
    ) -> PhoneContactsResult:
        """Search the phone book. Vendor method `getPhoneContacts`.

        Raises:
            ValidationError: The filter does not fit.
        """
        wanted = from_wire(ContactsFilter, contacts_filter or {}, path="filter")
        command = SearchContacts(
            contains=wanted.contains,
            types=tuple(kind.value for kind in wanted.types),
            limit=wanted.limit,
            offset=wanted.offset,
        )
        _, result = await self._requests.send(command)
        page = from_wire(ContactsPage, result, path="result")
        return PhoneContactsResult(contacts=page.contacts, contact_types=page.contact_types)

    # ------------------------------------------------------------------ not supported

    async def swap(self, *_: object) -> NoReturn:
        """Vendor method `swap`. Raises `NotSupportedError`."""
        raise NotSupportedError("swap")

    async def conference(self, *_: object) -> NoReturn:
        """Vendor method `conference`. Raises `NotSupportedError`."""
        raise NotSupportedError("conference")

    async def add_participant(self, *_: object) -> NoReturn:
        """Vendor method `addParticipant`. Raises `NotSupportedError`."""
        raise NotSupportedError("addParticipant")

    async def get_signed_recording_url(self, *_: object) -> NoReturn:
        """Vendor method `getSignedRecordingUrl`. Raises `NotSupportedError`."""
        raise NotSupportedError("getSignedRecordingUrl")

    async def supervise_call(self, *_: object) -> NoReturn:
        """Vendor method `superviseCall`. Raises `NotSupportedError`."""
        raise NotSupportedError("superviseCall")

    async def supervisor_disconnect(self, *_: object) -> NoReturn:
        """Vendor method `supervisorDisconnect`. Raises `NotSupportedError`."""
        raise NotSupportedError("supervisorDisconnect")

    async def supervisor_barge_in(self, *_: object) -> NoReturn:
        """Vendor method `supervisorBargeIn`. Raises `NotSupportedError`."""
        raise NotSupportedError("supervisorBargeIn")

    # ------------------------------------------------------------------------- helpers

    def _find(self, call: CallArgument) -> Call:
        return find_call(self._mirror.registry, call)

    def _phone_calls(self, call: Call) -> tuple[PhoneCall, ...]:
        return phone_calls_of(call, self._mirror.agent_id)

    def _is_connected(self, call: Call) -> bool:
        return call.is_connected(self._mirror.agent_id)

    def _customer(self, call_id: str) -> PhoneCall:
        calls = self._phone_calls(self._mirror.registry.get(call_id))
        if not calls:
            raise CallNotFoundError(call_id)
        return calls[0]

    async def _leave(self, call: Call, command: Command) -> tuple[PhoneCall, ...]:
        async def leave() -> tuple[PhoneCall, ...]:
            awaited, _ = await self._requests.send(command)
            if not awaited.calls:
                raise CallNotFoundError(call.call_id)
            return awaited.calls

        return await self._requests.in_turn(call.call_id, command.name, leave)

    async def _set_mute(self, argument: CallArgument, *, is_muted: bool) -> MuteToggleResult:
        call_id = self._find(argument).call_id
        command = Mute(call_id=call_id) if is_muted else Unmute(call_id=call_id)

        async def toggle() -> MuteToggleResult:
            agent = self._mirror.registry.get(call_id).agent(self._mirror.agent_id)
            if agent is None or agent.is_muted is not is_muted:
                await self._requests.send(command)
            return mute_toggle(self._mirror.registry.get(call_id), self._mirror.agent_id)

        return await self._requests.in_turn(call_id, command.name, toggle)

    async def _set_hold(self, argument: CallArgument, *, is_held: bool) -> HoldToggleResult:
        found = self._find(argument)
        call_id, participant_id = found.call_id, find_participant(found, argument).participant_id
        how = Hold if is_held else Resume
        command = how(call_id=call_id, participant_id=participant_id)

        async def toggle() -> HoldToggleResult:
            party = self._mirror.registry.get(call_id).participant(participant_id)
            if party.is_on_hold is not is_held:
                await self._requests.send(command)
            return hold_toggle(self._mirror.registry, self._mirror.agent_id)

        doing = f"{command.name} {participant_id}"
        return await self._requests.in_turn(call_id, doing, toggle)

    async def _set_recording(
        self, argument: CallArgument, wanted: RecordingState
    ) -> RecordingToggleResult:
        call_id = self._find(argument).call_id
        how = PauseRecording if wanted is RecordingState.PAUSED else ResumeRecording
        command = how(call_id=call_id)

        async def toggle() -> RecordingToggleResult:
            if self._mirror.registry.get(call_id).snapshot.recording is not wanted:
                await self._requests.send(command)
            return recording_toggle(self._mirror.registry.get(call_id))

        return await self._requests.in_turn(call_id, command.name, toggle)
