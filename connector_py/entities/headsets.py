"""Headsets with buttons and lamps, as data (guide chapter 16, demo-connector.md 5.20).

A headset that this file does not name is read by the HID usages of telephony, if it has them
(HID Usage Tables, pages 0x0B Telephony and 0x08 LED).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class HeadsetSignal(StrEnum):
    """What somebody did at the headset."""

    HOOK = "hook"
    """Pressed the call button: answers or ends."""
    OFF_HOOK = "off_hook"
    """The headset's own hook went up: answers."""
    ON_HOOK = "on_hook"
    """The headset's own hook went down: ends."""
    DROP = "drop"
    """Refused or ended the call by a button of its own."""
    MUTE_TOGGLE = "mute_toggle"
    """Pressed the mute button."""
    MUTED = "muted"
    """The headset's own mute switch went on."""
    UNMUTED = "unmuted"
    """The headset's own mute switch went off."""


class HeadsetLamp(StrEnum):
    """What a headset can be told to show, or to ring."""

    RING = "ring"
    OFF_HOOK = "off_hook"
    MUTE = "mute"


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteRule:
    """A series of reports, by the first data byte of each, and what it means."""

    first_bytes: tuple[int, ...]
    signal: HeadsetSignal


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadsetModel:
    """A headset whose reports are known by their first byte.

    Args:
        vendor_id: USB vendor.
        product_name: As the headset calls itself.
        rules: What its reports mean.
        lamps: What it may be told. A headset that is told its hook answers with a report, which
            must then be among its rules.
    """

    vendor_id: int
    product_name: str
    rules: tuple[ByteRule, ...]
    lamps: frozenset[HeadsetLamp]


HEADSET_MODELS: tuple[HeadsetModel, ...] = (
    HeadsetModel(
        vendor_id=0x047F,
        product_name="Plantronics Blackwire 5220 Series",
        # Bit 0 is the mute button, bit 1 the hook.
        rules=(
            ByteRule(first_bytes=(1, 0), signal=HeadsetSignal.MUTE_TOGGLE),
            ByteRule(first_bytes=(3, 2), signal=HeadsetSignal.MUTE_TOGGLE),
            ByteRule(first_bytes=(2,), signal=HeadsetSignal.OFF_HOOK),
            ByteRule(first_bytes=(0,), signal=HeadsetSignal.ON_HOOK),
        ),
        lamps=frozenset(HeadsetLamp),
    ),
    HeadsetModel(
        vendor_id=0x0B0E,
        product_name="Jabra EVOLVE LINK MS",
        rules=(ByteRule(first_bytes=(1, 0, 1, 0), signal=HeadsetSignal.HOOK),),
        # Its answers to the off-hook lamp would look like half of a press.
        lamps=frozenset({HeadsetLamp.RING, HeadsetLamp.MUTE}),
    ),
)

TELEPHONY_PAGE = 0x0B
HOOK_SWITCH, DROP, PHONE_MUTE = 0x0B0020, 0x0B0026, 0x0B002F
"""Usages of buttons: page and number."""

LAMP_USAGES: Mapping[int, HeadsetLamp] = MappingProxyType(
    {
        0x080009: HeadsetLamp.MUTE,
        0x080017: HeadsetLamp.OFF_HOOK,
        0x080018: HeadsetLamp.RING,
        0x0B009E: HeadsetLamp.RING,
    }
)
"""Usages of lamps, and of the ringer."""


def headset_model(vendor_id: int, product_name: str) -> HeadsetModel | None:
    """Return the model of a headset, or None when it is none of those above."""
    for model in HEADSET_MODELS:
        is_name = model.product_name.casefold() == product_name.strip().casefold()
        if is_name and model.vendor_id == vendor_id:
            return model
    return None
