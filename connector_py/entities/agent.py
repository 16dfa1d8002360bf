"""The agent: phones, devices, status and work (connector-api.md 2.6, 2.7)."""

from dataclasses import dataclass

from connector_py.entities.constants import PhoneType, WorkEvent
from connector_py.entities.contact import Phone
from connector_py.entities.validation import VendorClass
from connector_py.errors import ValidationError

_SOFT_PHONE = Phone(type=PhoneType.SOFT_PHONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HidDevice(VendorClass):
    """A headset with buttons."""

    product_id: int | None = None
    vendor_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentConfig(VendorClass):
    """The phone and devices that the agent chose."""

    selected_phone: Phone
    speaker_device_id: str | None = None
    microphone_device_id: str | None = None
    hid_device_info: HidDevice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentConfigResult(VendorClass):
    """The phones that the agent may choose from, and what is chosen."""

    phones: tuple[str | Phone, ...] = (PhoneType.SOFT_PHONE.value,)
    """Types of phones, or phones with their numbers."""
    selected_phone: Phone = _SOFT_PHONE
    speaker_device_id: str = ""
    microphone_device_id: str = ""
    hid_device_info: HidDevice | None = None
    """Ours: the base connector's class does not have it, and does not pass it on (B3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStatusInfo(VendorClass):
    """A Salesforce presence status."""

    status_id: str
    status_api_name: str | None = None
    status_name: str | None = None

    def _check(self) -> None:
        if not self.status_id:
            raise ValidationError("status_id", self.status_id, "the id of a presence status")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentVendorStatusInfo(VendorClass):
    """The agent's status as the telephony system names it."""

    status_id: str | None = None
    status_type: str | None = None
    status_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentWork(VendorClass):
    """An item of the agent's work, and what happened to it."""

    work_event: WorkEvent
    work_item_id: str | None = None
    work_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ACWInfo(VendorClass):
    """Which work the after-conversation work belongs to; at least one of the two ids."""

    agent_work_id: str | None = None
    work_item_id: str | None = None

    def _check(self) -> None:
        if not self.agent_work_id and not self.work_item_id:
            raise ValidationError("agent_work_id", None, "agent_work_id or work_item_id")
