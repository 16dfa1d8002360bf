"""What Salesforce calls: 36 methods by their vendor names, and one way in."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from connector_py.api.failures import (
    METHOD_ERRORS,
    QUIET_METHODS,
    UNLABELLED_METHODS,
    MethodFailed,
    custom_error_of,
    failure_of,
    softphone_failure_of,
    unexpected_failure_of,
)
from connector_py.api.headset import HeadsetControl
from connector_py.api.headset_actions import HeadsetActions
from connector_py.api.headset_marks import MarkingPublisher, with_headset_marks
from connector_py.api.mirror import Mirror
from connector_py.api.ports import (
    AgentIdentity,
    AudioDevices,
    Clock,
    EventPublisher,
    FreeStorage,
    Headset,
    IdSource,
    LinkEnd,
    LinkListener,
    Log,
    NoAudioDevices,
    NoHeadset,
    StorageAccess,
    TelephonyLink,
)
from connector_py.api.requests import Requests
from connector_py.api.sign_in import SignIn
from connector_py.api.telephony_connector import TelephonyConnector
from connector_py.api.vendor_connector import VendorConnector
from connector_py.entities import LogLevel, VoiceEventType
from connector_py.errors import ConnectorError, NotSupportedError

__all__ = [
    "METHOD_ERRORS",
    "AgentIdentity",
    "Clock",
    "ConnectorApi",
    "EventPublisher",
    "IdSource",
    "LinkEnd",
    "LinkListener",
    "Log",
    "MethodFailed",
    "TelephonyConnector",
    "TelephonyLink",
    "VendorConnector",
]

Method = Callable[..., Awaitable[Any]]


class ConnectorApi:
    """The connector, called by the vendor's names of its methods.

    Args:
        link: The line to the server.
        publisher: Salesforce's ear.
        clock: The time of day.
        ids: Where idempotency keys come from.
        log: Where it writes.
        headset: The page's way to headsets; none by default.
        audio_devices: The agent's microphones and speakers; none by default.
        storage_access: Whether the browser lets the page keep a sign-in; it does by default.
    """

    def __init__(  # noqa: PLR0913 - one for each port
        self,
        *,
        link: TelephonyLink,
        publisher: EventPublisher,
        clock: Clock,
        ids: IdSource,
        log: Log,
        headset: Headset | None = None,
        audio_devices: AudioDevices | None = None,
        storage_access: StorageAccess | None = None,
    ) -> None:
        self._link = link
        self._log = log
        self._publisher = MarkingPublisher(publisher, lambda: self.headset.is_open)
        mirror = self._mirror = Mirror(publisher=self._publisher, clock=clock, log=log)
        requests = Requests(link=link, mirror=mirror, ids=ids, clock=clock)
        actions = HeadsetActions(
            link=link, ids=ids, requests=requests, publisher=self._publisher, log=log
        )
        self.headset = HeadsetControl(
            port=headset or NoHeadset(),
            mirror=mirror,
            actions=actions,
            publisher=self._publisher,
            log=log,
        )
        mirror.watch(self.headset.refresh)
        self._sign_in = SignIn(
            link=link,
            mirror=mirror,
            requests=requests,
            publisher=self._publisher,
            log=log,
            storage=storage_access or FreeStorage(),
        )
        vendor = VendorConnector(link=link, mirror=mirror, requests=requests, log=log)
        telephony = TelephonyConnector(
            mirror=mirror, requests=requests, audio_devices=audio_devices or NoAudioDevices()
        )
        self.methods: Mapping[str, Method] = _methods(self._sign_in, vendor, telephony)

    async def dispatch(self, method: str, args: Sequence[Any]) -> Any:  # noqa: ANN401 - result entity
        """Call a method by the vendor's name.

        Args:
            method: Such as `acceptCall`.
            args: The vendor's arguments, as JSON values.

        Returns:
            The method's result entity, or None.

        Raises:
            MethodFailed: It failed; says what Salesforce is told.
            CustomError: It failed with a text of its own.
        """
        try:
            result = await self._method(method)(*args)
        except ConnectorError as error:
            self._log_failure(method, error.code)
            if method in QUIET_METHODS:
                return None
            self._tell_of_softphone(error)
            told = self._told(method, error)
            if told is error:
                raise
            raise told from error
        except Exception as error:
            # Arguments of a shape that nobody foresaw. Only the kind of error is told: its text
            # may quote them.
            self._log_failure(method, type(error).__name__)
            if method in QUIET_METHODS:
                return None
            raise unexpected_failure_of(method, error) from error
        return with_headset_marks(result) if self.headset.is_open else result

    def _method(self, name: str) -> Method:
        # The base connector asks for the active calls without a guard (weakness B7).
        if self._mirror.over is not None and name != "getActiveCalls":
            raise self._mirror.over
        found = self.methods.get(name)
        if found is None:
            raise NotSupportedError(name)
        return found

    def _told(self, method: str, error: ConnectorError) -> Exception:
        """Return what the base connector gets of a failure."""
        custom = custom_error_of(error)
        if custom is None:
            return failure_of(method, error)
        if method not in UNLABELLED_METHODS:
            return custom
        # Thrown here it would leave Salesforce waiting (weakness B29): it is told beside.
        self._publisher.publish_error(VoiceEventType.AGENT_ERROR, custom, after_result=True)
        return failure_of(method, error)

    def _tell_of_softphone(self, error: ConnectorError) -> None:
        """Tell beside the method's own failure that the agent cannot be heard here."""
        failure = softphone_failure_of(error)
        if failure is not None:
            event_type = VoiceEventType.SOFTPHONE_ERROR
            self._publisher.publish_error(event_type, failure, after_result=True)

    def _log_failure(self, method: str, code: str) -> None:
        self._log.write(LogLevel.ERROR, "method_failed", {"method": method, "code": code})

    async def signed_in(self) -> None:
        """The login page says that the agent signed in."""
        if self._mirror.over is None:
            await self._sign_in.signed_in()

    async def storage_access_decided(self, granted: bool) -> None:
        """The agent was asked to let the page keep a sign-in, and answered."""
        if self._mirror.over is None:
            await self._sign_in.storage_access_decided(granted)

    def network_is_back(self) -> None:
        """The browser says that the network is back."""
        self._link.reconnect_now()


def _methods(
    sign_in: SignIn, vendor: VendorConnector, telephony: TelephonyConnector
) -> Mapping[str, Method]:
    calls, controls, parties = telephony.calls, telephony.controls, telephony.parties
    contacts, supervision = telephony.contacts, telephony.supervision
    return MappingProxyType(
        {
            "init": sign_in.init,
            "getTelephonyConnector": vendor.get_telephony_connector,
            "getSharedCapabilities": vendor.get_shared_capabilities,
            "setAgentStatus": vendor.set_agent_status,
            "getAgentStatus": vendor.get_agent_status,
            "logout": vendor.logout,
            "handleMessage": vendor.handle_message,
            "wrapUpCall": vendor.wrap_up_call,
            "onAgentWorkEvent": vendor.on_agent_work_event,
            "getContacts": contacts.get_contacts,
            "getAudioDevices": telephony.get_audio_devices,
            "downloadLogs": vendor.download_logs,
            "logMessageToVendor": vendor.log_message_to_vendor,
            "getAgentConfig": telephony.get_agent_config,
            "setAgentConfig": telephony.set_agent_config,
            "getVoiceCapabilities": telephony.get_voice_capabilities,
            "getActiveCalls": telephony.get_active_calls,
            "acceptCall": calls.accept_call,
            "declineCall": calls.decline_call,
            "endCall": calls.end_call,
            "mute": controls.mute,
            "unmute": controls.unmute,
            "hold": controls.hold,
            "resume": controls.resume,
            "dial": calls.dial,
            "sendDigits": calls.send_digits,
            "getPhoneContacts": contacts.get_phone_contacts,
            "pauseRecording": controls.pause_recording,
            "resumeRecording": controls.resume_recording,
            "swap": parties.swap,
            "conference": parties.conference,
            "addParticipant": parties.add_participant,
            "getSignedRecordingUrl": contacts.get_signed_recording_url,
            "superviseCall": supervision.supervise_call,
            "supervisorDisconnect": supervision.supervisor_disconnect,
            "supervisorBargeIn": supervision.supervisor_barge_in,
        }
    )
