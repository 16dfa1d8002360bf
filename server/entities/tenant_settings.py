"""What an org's administrators choose for all its agents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from connector_py.entities import (
    CallInfo,
    ContactType,
    SharedCapabilitiesResult,
    VoiceCapabilitiesResult,
)


def _shared_capabilities() -> SharedCapabilitiesResult:
    return SharedCapabilitiesResult(
        has_contact_search=True,
        has_agent_availability=True,
        has_queue_wait_time=True,
        has_transfer_to_omni_flow=True,
        has_pending_status_change=True,
    )


def _voice_capabilities() -> VoiceCapabilitiesResult:
    return VoiceCapabilitiesResult(
        has_blind_transfer=True,
        has_signed_recording_url=True,
        supports_mos=True,
        has_supervisor_listen_in=True,
        has_supervisor_barge_in=True,
        has_phone_book=True,
        has_get_external_speaker_device_setting=True,
        has_set_external_speaker_device_setting=True,
        has_get_external_microphone_device_setting=True,
        has_set_external_microphone_device_setting=True,
        can_consult=True,
        is_hid_supported=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedError:
    """Demo only: what every command of a connector is refused with.

    Without a label the method's own error constant is shown (guide chapter 8, "Test Custom Error
    Messages"). `code` may be one of the names of connector-api.md section 0 for DIAL, such as
    AGENT_NOT_INITIALIZED.
    """

    namespace: str | None = None
    label_name: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantSettings:
    """One org's settings; what was never chosen is as below."""

    shared_capabilities: SharedCapabilitiesResult = field(default_factory=_shared_capabilities)
    voice_capabilities: VoiceCapabilitiesResult = field(default_factory=_voice_capabilities)
    contact_types: tuple[ContactType, ...] = tuple(ContactType)
    """Which kinds of transfer destinations Salesforce lists (guide chapter 13)."""
    call_info: CallInfo = field(default_factory=CallInfo)
    """How a new call begins: which controls show and work, hold, mute, recording."""
    third_party_call_info: CallInfo = field(default_factory=CallInfo)
    """The same for a party that is added."""
    is_auto_merge_on: bool = False
    """Whoever is added talks with everybody at once."""
    supervisors: tuple[str, ...] | None = None
    """User names of those who may listen in and barge in; None is everybody whom Salesforce lets.

    The server cannot see who supervises whom in Salesforce: a page of an agent's can ask as well.
    """
    labels: tuple[str, ...] = ()
    """Custom labels for errors that the org has, as `namespace.label`."""
    queue_wait_seconds: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Estimated wait by queue id, when the telephony system says it (guide chapter 13)."""
    shows_login: bool = False
    """Every load of the connector's page asks for the telephony sign-in."""
    is_silent_login: bool = False
    """Salesforce shows no login page while the sign-in goes on unseen."""
    error: SimulatedError | None = None

    def may_supervise(self, user_name: str) -> bool:
        """Whether an agent may listen to others' calls, by the Salesforce user name."""
        if self.supervisors is None:
            return True
        return user_name.casefold() in {one.strip().casefold() for one in self.supervisors}
