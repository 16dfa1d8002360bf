"""What Salesforce calls: 36 methods by their vendor names, and one way in."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from connector_py.api.failures import (
    METHOD_ERRORS,
    QUIET_METHODS,
    MethodFailed,
    failure_of,
    unexpected_failure_of,
)
from connector_py.api.mirror import Mirror
from connector_py.api.ports import (
    AgentIdentity,
    Clock,
    EventPublisher,
    IdSource,
    LinkEnd,
    LinkListener,
    Log,
    TelephonyLink,
)
from connector_py.api.requests import Requests
from connector_py.api.telephony_connector import TelephonyConnector
from connector_py.api.vendor_connector import VendorConnector
from connector_py.entities import LogLevel
from connector_py.errors import ConnectorError, CustomError, NotSupportedError

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
    """

    def __init__(
        self,
        *,
        link: TelephonyLink,
        publisher: EventPublisher,
        clock: Clock,
        ids: IdSource,
        log: Log,
    ) -> None:
        self._link = link
        self._log = log
        mirror = Mirror(publisher=publisher, clock=clock, log=log)
        requests = Requests(link=link, mirror=mirror, ids=ids)
        self._vendor = VendorConnector(
            link=link, mirror=mirror, requests=requests, publisher=publisher, log=log
        )
        self.methods: Mapping[str, Method] = _methods(self._vendor)

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
        found = self.methods.get(method)
        try:
            if found is None:
                raise NotSupportedError(method)
            return await found(*args)
        except CustomError:
            raise
        except ConnectorError as error:
            self._log_failure(method, error.code)
            if method not in QUIET_METHODS:
                raise failure_of(method, error) from error
        except Exception as error:
            # Arguments of a shape that nobody foresaw. Only the kind of error is told: its text
            # may quote them.
            self._log_failure(method, type(error).__name__)
            if method not in QUIET_METHODS:
                raise unexpected_failure_of(method, error) from error

    def _log_failure(self, method: str, code: str) -> None:
        self._log.write(LogLevel.ERROR, "method_failed", {"method": method, "code": code})

    async def signed_in(self) -> None:
        """The login page says that the agent signed in."""
        await self._vendor.signed_in()

    def network_is_back(self) -> None:
        """The browser says that the network is back."""
        self._link.reconnect_now()


def _methods(vendor: VendorConnector) -> Mapping[str, Method]:
    telephony = vendor.telephony
    return MappingProxyType(
        {
            "init": vendor.init,
            "getTelephonyConnector": vendor.get_telephony_connector,
            "getSharedCapabilities": vendor.get_shared_capabilities,
            "setAgentStatus": vendor.set_agent_status,
            "getAgentStatus": vendor.get_agent_status,
            "logout": vendor.logout,
            "handleMessage": vendor.handle_message,
            "wrapUpCall": vendor.wrap_up_call,
            "onAgentWorkEvent": vendor.on_agent_work_event,
            "getContacts": vendor.get_contacts,
            "getAudioDevices": vendor.get_audio_devices,
            "downloadLogs": vendor.download_logs,
            "logMessageToVendor": vendor.log_message_to_vendor,
            "getAgentConfig": telephony.get_agent_config,
            "setAgentConfig": telephony.set_agent_config,
            "getVoiceCapabilities": telephony.get_voice_capabilities,
            "getActiveCalls": telephony.get_active_calls,
            "acceptCall": telephony.accept_call,
            "declineCall": telephony.decline_call,
            "endCall": telephony.end_call,
            "mute": telephony.mute,
            "unmute": telephony.unmute,
            "hold": telephony.hold,
            "resume": telephony.resume,
            "dial": telephony.dial,
            "sendDigits": telephony.send_digits,
            "getPhoneContacts": telephony.get_phone_contacts,
            "pauseRecording": telephony.pause_recording,
            "resumeRecording": telephony.resume_recording,
            "swap": telephony.swap,
            "conference": telephony.conference,
            "addParticipant": telephony.add_participant,
            "getSignedRecordingUrl": telephony.get_signed_recording_url,
            "superviseCall": telephony.supervise_call,
            "supervisorDisconnect": telephony.supervisor_disconnect,
            "supervisorBargeIn": telephony.supervisor_barge_in,
        }
    )
