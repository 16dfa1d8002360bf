"""A headset with buttons: what is pressed there happens, and its lamps show the calls.

Guide chapter 16. What the agent does at the headset is no request of Salesforce, so that no method
waits for it: the command is sent, the server's notification comes as an event, and a failure goes
out by `publishError`.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from connector_py.api.failures import MethodFailed
from connector_py.api.headset_actions import HeadsetActions
from connector_py.api.headset_calls import HeadsetCalls
from connector_py.api.headset_reports import (
    ConnectedHeadset,
    InputReader,
    Lamps,
    lamps_of,
    reader_of,
)
from connector_py.api.mirror import Mirror
from connector_py.api.ports import EventPublisher, Headset, Log
from connector_py.call_model import Call
from connector_py.entities import (
    AnswerCall,
    Command,
    DeclineCall,
    EndCall,
    HidDevice,
    LogLevel,
    Mute,
    ParticipantSnapshot,
    ParticipantType,
    SharedErrorType,
    StopSupervising,
    Unmute,
    VoiceErrorType,
    VoiceEventType,
)
from connector_py.entities.headsets import HeadsetLamp, HeadsetSignal


@dataclass(slots=True)
class _Opened:
    """The headset whose buttons work now."""

    reader: InputReader
    lamps: Lamps
    sent: Mapping[int, bytes]
    """The output reports that it has."""
    on: frozenset[HeadsetLamp] = frozenset()
    """The lamps that it was told to light."""


class HeadsetControl:
    """Brings the agent's headset and the agent's calls together.

    Args:
        port: The page's way to headsets.
        mirror: Calls and agent; `refresh` has to be called when they change.
        actions: Does what is pressed.
        publisher: Salesforce's ear.
        log: Where it writes.
    """

    def __init__(
        self,
        *,
        port: Headset,
        mirror: Mirror,
        actions: HeadsetActions,
        publisher: EventPublisher,
        log: Log,
    ) -> None:
        self._port = port
        self._mirror = mirror
        self._calls = HeadsetCalls(mirror)
        self._actions = actions
        self._publisher = publisher
        self._log = log
        self._chosen: HidDevice | None = None
        self._opened: _Opened | None = None

    @property
    def is_open(self) -> bool:
        """Whether a headset works: what `callInfo.isHIDCall` tells Salesforce."""
        return self._opened is not None

    # ----------------------------------------------------------------- what the agent chose

    def refresh(self) -> None:
        """Follow the calls and the agent's choice, after either changed."""
        wanted = self._wanted()
        if wanted != self._chosen:
            self._choose(wanted)
        self._show()

    def _wanted(self) -> HidDevice | None:
        """Return the headset that the agent chose, if headsets are supported at all."""
        if self._mirror.agent_id is None:
            return None
        agent = self._mirror.agent
        device = agent.agent_config.hid_device_info
        is_named = device is not None and None not in (device.vendor_id, device.product_id)
        return device if is_named and agent.voice_capabilities.is_hid_supported else None

    def _choose(self, device: HidDevice | None) -> None:
        if self._opened is not None:
            self._light(self._opened, frozenset())
        self._opened = None
        self._chosen = device
        if device is None:
            self._port.close()
        else:
            self._port.open(device)

    # ------------------------------------------------------------------- what the page tells

    def connected(self, headset: ConnectedHeadset) -> None:
        """The page opened the chosen headset; also when it was plugged in again."""
        if self._chosen is None:
            return
        reader, lamps = reader_of(headset), lamps_of(headset)
        level, event = LogLevel.INFO, "headset_connected"
        if reader is None:
            level, event = LogLevel.ERROR, "headset_without_known_buttons"
        fields = {"vendorId": headset.vendor_id, "productId": headset.product_id}
        self._log.write(level, event, fields)
        self._opened = None if reader is None else _Opened(reader, lamps, sent={})
        self._show()

    def report(self, report_id: int, data: bytes) -> None:
        """The headset says something."""
        opened = self._opened
        if opened is None:
            return
        for signal in opened.reader.read(report_id, data):
            if not _is_answer(signal, opened):
                self._act(_told_or_pressed(signal, opened))

    def _act(self, signal: HeadsetSignal) -> None:
        command = self._command_for(signal)
        if command is None:
            self._log.write(LogLevel.INFO, "headset_without_effect", {"signal": signal.value})
            self._remind()
        else:
            self._actions.start(command, on_success=self._show, on_failure=self._remind)

    def disconnected(self) -> None:
        """The headset is gone; when it comes back the page opens it again."""
        if self._opened is None:
            return
        self._opened = None
        self._log.write(LogLevel.ERROR, "headset_lost", {})
        error = MethodFailed(SharedErrorType.GENERIC_ERROR, "the headset was unplugged")
        self._publisher.publish_error(VoiceEventType.SOFTPHONE_ERROR, error)

    def failed(self, code: str, message: str) -> None:
        """The page could not open the headset, or not write to it.

        Args:
            code: `unsupported`, `not_granted` or `broken`.
            message: Why.
        """
        self._log.write(LogLevel.ERROR, "headset_failed", {"code": code, "reason": message})
        if code == "unsupported":
            error = MethodFailed(VoiceErrorType.UNSUPPORTED_BROWSER, message)
            self._publisher.publish_error(VoiceEventType.SOFTPHONE_ERROR, error)

    # ------------------------------------------------------------------------------- lamps

    def _show(self) -> None:
        if self._opened is not None:
            self._light(self._opened, self._lamps(self._opened))

    def _light(self, opened: _Opened, on: AbstractSet[HeadsetLamp]) -> None:
        reports = opened.lamps.reports(on)
        for report_id, data in reports.items():
            if opened.sent.get(report_id) != data:
                self._port.send(report_id, data)
        opened.sent, opened.on = reports, frozenset(on)

    def _lamps(self, opened: _Opened) -> AbstractSet[HeadsetLamp]:
        on: set[HeadsetLamp] = set()
        if self._calls.ringing is not None:
            on.add(HeadsetLamp.RING)
        active = self._calls.active
        if active is not None:
            on.add(HeadsetLamp.OFF_HOOK)
            if self._shows_mute(opened, *active):
                on.add(HeadsetLamp.MUTE)
        return on

    def _shows_mute(self, opened: _Opened, call: Call, own: ParticipantSnapshot) -> bool:
        if self._wished_mute(call, own) is own.is_muted:
            return own.is_muted
        # More is under way. A switch repeats what it is told, which would count as a press.
        return HeadsetLamp.MUTE in opened.on

    # ----------------------------------------------------------------------------- actions

    def _command_for(self, signal: HeadsetSignal) -> Command | None:
        ringing, active = self._calls.ringing, self._calls.active
        match signal:
            case HeadsetSignal.MUTE_TOGGLE | HeadsetSignal.MUTED | HeadsetSignal.UNMUTED:
                return None if active is None else self._mute(signal, *active)
            case HeadsetSignal.DROP if ringing is not None:
                return DeclineCall(call_id=ringing.call_id)
            case HeadsetSignal.HOOK | HeadsetSignal.OFF_HOOK if ringing is not None:
                return AnswerCall(call_id=ringing.call_id)
            case HeadsetSignal.OFF_HOOK:
                return None
            case _:
                return None if active is None else _leave(*active)

    def _mute(self, signal: HeadsetSignal, call: Call, own: ParticipantSnapshot) -> Command | None:
        now = self._wished_mute(call, own)
        wanted = not now if signal is HeadsetSignal.MUTE_TOGGLE else signal is HeadsetSignal.MUTED
        if wanted is now:
            return None
        return Mute(call_id=call.call_id) if wanted else Unmute(call_id=call.call_id)

    def _wished_mute(self, call: Call, own: ParticipantSnapshot) -> bool:
        """Tell whether the agent is muted once every press has had its effect."""
        wished = self._actions.wished_mute(call.call_id)
        return own.is_muted if wished is None else wished

    def _remind(self) -> None:
        """Send all lamps again: the headset believes what was pressed there."""
        if self._opened is not None:
            self._opened.sent = {}
            self._show()


def _is_answer(signal: HeadsetSignal, opened: _Opened) -> bool:
    """Tell whether a headset only repeats the hook that it was told."""
    told = HeadsetSignal.ON_HOOK
    if HeadsetLamp.OFF_HOOK in opened.on:
        told = HeadsetSignal.OFF_HOOK
    return opened.lamps.has_off_hook and signal is told


def _told_or_pressed(signal: HeadsetSignal, opened: _Opened) -> HeadsetSignal:
    """The hook of a headset that cannot be told goes up and down with every other press."""
    is_hook = signal in (HeadsetSignal.OFF_HOOK, HeadsetSignal.ON_HOOK)
    return HeadsetSignal.HOOK if is_hook and not opened.lamps.has_off_hook else signal


def _leave(call: Call, own: ParticipantSnapshot) -> Command:
    if own.participant_type is ParticipantType.SUPERVISOR:
        return StopSupervising(call_id=call.call_id)
    return EndCall(call_id=call.call_id)
