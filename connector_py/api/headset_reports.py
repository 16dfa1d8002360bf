"""What the reports of a headset mean, and what to send for its lamps. No calls in here."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Protocol

from connector_py.api.headset_layout import Direction, Field, find_fields, report_lengths
from connector_py.entities.headsets import (
    DROP,
    HOOK_SWITCH,
    LAMP_USAGES,
    PHONE_MUTE,
    ByteRule,
    HeadsetLamp,
    HeadsetSignal,
    headset_model,
)

_BUTTONS = (HOOK_SWITCH, DROP, PHONE_MUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectedHeadset:
    """A headset that the page opened.

    Args:
        vendor_id: USB vendor.
        product_id: USB product.
        product_name: As it calls itself.
        collections: Its report layout: WebHID's `HIDDevice.collections` as JSON.
    """

    vendor_id: int
    product_id: int
    product_name: str
    collections: Sequence[Any] = ()


class InputReader(Protocol):
    """Makes signals of reports; remembers what it needs."""

    def read(self, report_id: int, data: bytes) -> tuple[HeadsetSignal, ...]:
        """Return what a report says that the one before did not."""
        ...


class ByteReader:
    """Reads a known model by the first bytes of its reports. Implements `InputReader`.

    Args:
        rules: Series of bytes with their meanings.
        report_ids: Which reports count, such as those of the buttons and not those of the volume;
            none for all.
    """

    def __init__(self, rules: Sequence[ByteRule], report_ids: AbstractSet[int]) -> None:
        self._rules = rules
        self._report_ids = report_ids
        self._seen: tuple[int, ...] = ()

    def read(self, report_id: int, data: bytes) -> tuple[HeadsetSignal, ...]:
        """Return the meaning of the series that this report completes."""
        if not data or (self._report_ids and report_id not in self._report_ids):
            return ()
        self._seen = (*self._seen, data[0])
        while self._seen and not any(self._may_become(rule) for rule in self._rules):
            self._seen = self._seen[1:]
        for rule in self._rules:
            if rule.first_bytes == self._seen:
                self._seen = ()
                return (rule.signal,)
        return ()

    def _may_become(self, rule: ByteRule) -> bool:
        return rule.first_bytes[: len(self._seen)] == self._seen


class UsageReader:
    """Reads any headset by the usages of telephony. Implements `InputReader`.

    Args:
        collections: Its report layout.
    """

    def __init__(self, collections: Sequence[Any]) -> None:
        self._fields = find_fields(collections, Direction.INPUT, _BUTTONS)
        self._were_on: dict[Field, bool] = {}

    @property
    def has_buttons(self) -> bool:
        """Whether the headset has anything to say about calls."""
        return bool(self._fields)

    def read(self, report_id: int, data: bytes) -> tuple[HeadsetSignal, ...]:
        """Return what changed: for a switch its position, for a button that it was pressed."""
        signals: list[HeadsetSignal] = []
        for field in self._fields:
            if field.report_id != report_id:
                continue
            is_on, was_on = field.is_on(data), self._were_on.get(field, False)
            self._were_on[field] = is_on
            signal = _signal(field, is_on=is_on) if is_on != was_on else None
            if signal is not None:
                signals.append(signal)
        return tuple(signals)


def _signal(field: Field, *, is_on: bool) -> HeadsetSignal | None:
    match field.usage:
        case code if code == HOOK_SWITCH and field.is_absolute:
            return HeadsetSignal.OFF_HOOK if is_on else HeadsetSignal.ON_HOOK
        case code if code == PHONE_MUTE and field.is_absolute:
            return HeadsetSignal.MUTED if is_on else HeadsetSignal.UNMUTED
        case code if not is_on:
            return None
        case code if code == HOOK_SWITCH:
            return HeadsetSignal.HOOK
        case code if code == PHONE_MUTE:
            return HeadsetSignal.MUTE_TOGGLE
        case _:
            return HeadsetSignal.DROP


class Lamps:
    """The output reports of a headset.

    Args:
        collections: Its report layout.
        allowed: Which lamps may be used.
    """

    def __init__(self, collections: Sequence[Any], allowed: AbstractSet[HeadsetLamp]) -> None:
        wanted = [usage for usage, lamp in LAMP_USAGES.items() if lamp in allowed]
        found = find_fields(collections, Direction.OUTPUT, wanted)
        self._fields = tuple(field for field in found if field.selected_by is None)
        self._lengths = report_lengths(collections, Direction.OUTPUT)

    @property
    def has_off_hook(self) -> bool:
        """Whether the headset can be told its hook; it then answers with its own."""
        return any(LAMP_USAGES[field.usage] is HeadsetLamp.OFF_HOOK for field in self._fields)

    def reports(self, on: AbstractSet[HeadsetLamp]) -> Mapping[int, bytes]:
        """Return what to send so that just these lamps are on: report id → data."""
        values = {field.report_id: 0 for field in self._fields}
        for field in self._fields:
            if LAMP_USAGES[field.usage] in on:
                values[field.report_id] |= 1 << field.start
        return {
            report_id: value.to_bytes(self._lengths[report_id], "little")
            for report_id, value in values.items()
        }


def reader_of(headset: ConnectedHeadset) -> InputReader | None:
    """Return who reads a headset's reports, or None for a headset without known buttons."""
    model = headset_model(headset.vendor_id, headset.product_name)
    if model is not None:
        buttons = find_fields(headset.collections, Direction.INPUT, _BUTTONS)
        return ByteReader(model.rules, frozenset(field.report_id for field in buttons))
    reader = UsageReader(headset.collections)
    return reader if reader.has_buttons else None


def lamps_of(headset: ConnectedHeadset) -> Lamps:
    """Return the lamps of a headset; a headset without any gets no reports."""
    model = headset_model(headset.vendor_id, headset.product_name)
    allowed = frozenset(HeadsetLamp) if model is None else model.lamps
    return Lamps(headset.collections, allowed)
