"""Mute, hold and recording, of the agent and of each party (connector-api.md 1.3)."""

from connector_py.api.agent_calls import AgentCalls
from connector_py.api.call_finder import (
    CallArgument,
    find_party,
    names_anybody,
    names_third_party,
    role_in,
)
from connector_py.api.views import (
    own_mute_toggle,
    party_mute_toggle,
    recording_toggle,
)
from connector_py.call_model import Call
from connector_py.entities import (
    Hold,
    HoldToggleResult,
    Mute,
    MuteToggleResult,
    ParticipantType,
    PauseRecording,
    RecordingState,
    RecordingToggleResult,
    Resume,
    ResumeRecording,
    Unmute,
)
from connector_py.errors import ParticipantNotFoundError


class ControlMethods:
    """The vendor methods that change what is heard.

    Args:
        calls: The agent's calls.
    """

    def __init__(self, calls: AgentCalls) -> None:
        self._calls = calls

    async def mute(self, call: CallArgument = None) -> MuteToggleResult:
        """Mute one party, or the agent. Vendor method `mute`.

        A party is meant when a third party is named, or anybody on a multi-party call; else it
        is the agent's own microphone.

        Raises:
            CallNotFoundError: The call is over.
            ParticipantNotFoundError: The party is not there.
        """
        return await self._set_mute(call, is_muted=True)

    async def unmute(self, call: CallArgument = None) -> MuteToggleResult:
        """Undo `mute`. Vendor method `unmute`.

        Raises:
            CallNotFoundError: The call is over.
            ParticipantNotFoundError: The party is not there.
        """
        return await self._set_mute(call, is_muted=False)

    async def hold(self, call: CallArgument = None) -> HoldToggleResult:
        """Put a party on hold. Vendor method `hold`.

        Raises:
            CallNotFoundError: The call is over.
            ParticipantNotFoundError: The party is not there.
        """
        return await self._set_hold(call, is_held=True)

    async def resume(self, call: CallArgument = None) -> HoldToggleResult:
        """Take a party off hold. Vendor method `resume`.

        Raises:
            CallNotFoundError: The call is over.
            ParticipantNotFoundError: The party is not there.
        """
        return await self._set_hold(call, is_held=False)

    async def pause_recording(self, call: CallArgument = None) -> RecordingToggleResult:
        """Pause the recorder. Vendor method `pauseRecording`.

        Raises:
            CallNotFoundError: The call is over.
        """
        return await self._set_recording(call, RecordingState.PAUSED)

    async def resume_recording(self, call: CallArgument = None) -> RecordingToggleResult:
        """Let the recorder go on. Vendor method `resumeRecording`.

        Raises:
            CallNotFoundError: The call is over.
        """
        return await self._set_recording(call, RecordingState.RECORDING)

    # ------------------------------------------------------------------------- helpers

    async def _set_mute(self, argument: CallArgument, *, is_muted: bool) -> MuteToggleResult:
        found = self._calls.find(argument)
        call_id, who = found.call_id, self._muted_party(found, argument)
        how = Mute if is_muted else Unmute
        command = how(call_id=call_id, participant_id=who)

        async def toggle() -> MuteToggleResult:
            if self._is_muted(self._calls.get(call_id), who) is not is_muted:
                await self._calls.requests.send(command)
            return self._mute_result(self._calls.get(call_id), who)

        return await self._calls.requests.in_turn(call_id, f"{command.name} {who}", toggle)

    def _muted_party(self, call: Call, argument: CallArgument) -> str | None:
        """Return which party is meant; None is the agent."""
        agent_id = self._calls.agent_id
        is_multi_party = call.snapshot.call_info.is_multi_party
        # To a supervisor the whole call has this role.
        is_me = role_in(argument) is ParticipantType.SUPERVISOR
        is_named = is_multi_party and names_anybody(argument) and not is_me
        if is_named or names_third_party(call, argument, agent_id):
            return find_party(call, argument, agent_id).participant_id
        return None

    def _is_muted(self, call: Call, who: str | None) -> bool:
        party = call.agent(self._calls.agent_id) if who is None else call.participant(who)
        return party is not None and party.is_muted

    def _mute_result(self, call: Call, who: str | None) -> MuteToggleResult:
        if who is None:
            return own_mute_toggle(call, self._calls.agent_id)
        result = party_mute_toggle(call, who, self._calls.agent_id)
        if result is None:
            raise ParticipantNotFoundError(call.call_id, who)
        return result

    async def _set_hold(self, argument: CallArgument, *, is_held: bool) -> HoldToggleResult:
        found = self._calls.find(argument)
        call_id = found.call_id
        who = find_party(found, argument, self._calls.agent_id).participant_id
        how = Hold if is_held else Resume
        command = how(call_id=call_id, participant_id=who)

        async def toggle() -> HoldToggleResult:
            if self._calls.get(call_id).participant(who).is_on_hold is is_held:
                return self._calls.hold_toggle(None)
            awaited, _ = await self._calls.requests.send(command)
            return self._calls.hold_toggle(awaited)

        return await self._calls.requests.in_turn(call_id, f"{command.name} {who}", toggle)

    async def _set_recording(
        self, argument: CallArgument, wanted: RecordingState
    ) -> RecordingToggleResult:
        call_id = self._calls.find(argument).call_id
        how = PauseRecording if wanted is RecordingState.PAUSED else ResumeRecording
        command = how(call_id=call_id)

        async def toggle() -> RecordingToggleResult:
            if self._calls.get(call_id).snapshot.recording is not wanted:
                await self._calls.requests.send(command)
            return recording_toggle(self._calls.get(call_id))

        return await self._calls.requests.in_turn(call_id, command.name, toggle)
