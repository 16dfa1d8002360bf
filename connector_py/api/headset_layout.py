"""Where in a headset's reports its buttons and lamps are.

A HID report is a row of bits. Which bits are what, the headset itself says: its `collections`
(WebHID) list the items of every report, in order, with their sizes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

_LONGEST_REPORT = 1024 * 8
"""Bits. Headsets send a few bytes; what is much longer is no headset's."""


class Direction(StrEnum):
    """Which way reports go, by WebHID's names."""

    INPUT = "inputReports"
    OUTPUT = "outputReports"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Bits of a report that are one usage.

    Args:
        usage: Page and number of the usage.
        report_id: Of which report.
        start: First bit, behind the report's id.
        size: How many bits.
        is_absolute: Whether the bits are a state; else a 1 is an event.
        selected_by: In an array the value that names this usage; None for a field of its own.
    """

    usage: int
    report_id: int
    start: int
    size: int
    is_absolute: bool
    selected_by: int | None = None

    def is_on(self, data: bytes) -> bool:
        """Tell whether a report says yes."""
        value = (int.from_bytes(data, "little") >> self.start) & ((1 << self.size) - 1)
        return value != 0 if self.selected_by is None else value == self.selected_by


@dataclass(frozen=True, slots=True)
class _Report:
    report_id: int
    items: Sequence[Mapping[str, Any]]

    @property
    def bits(self) -> int:
        return sum(_size(item) * _count(item) for item in self.items)


def find_fields(
    collections: Sequence[Any], direction: Direction, usages: Iterable[int]
) -> tuple[Field, ...]:
    """Return where some usages are in the reports of one direction.

    Args:
        collections: WebHID's `HIDDevice.collections` as JSON.
        direction: Which reports.
        usages: Page and number of each.
    """
    wanted = tuple(usages)
    return tuple(
        field for report in _reports(collections, direction) for field in _fields(report, wanted)
    )


def report_lengths(collections: Sequence[Any], direction: Direction) -> Mapping[int, int]:
    """Return how many bytes each report has, without its id."""
    return {report.report_id: -(-report.bits // 8) for report in _reports(collections, direction)}


def _fields(report: _Report, wanted: Sequence[int]) -> Iterator[Field]:
    start = 0
    for item in report.items:
        if item.get("isConstant") is not True:
            yield from _item_fields(item, report.report_id, start, wanted)
        start += _size(item) * _count(item)


def _item_fields(
    item: Mapping[str, Any], report_id: int, start: int, wanted: Sequence[int]
) -> Iterator[Field]:
    usages, size = _usages(item), _size(item)
    is_array = item.get("isArray") is True
    for usage in wanted:
        if usage not in usages or size == 0:
            continue
        number = usages.index(usage)
        # An array has one slot for each thing that may be pressed at the same time.
        slots = range(_count(item)) if is_array else range(number, min(number + 1, _count(item)))
        for slot in slots:
            yield Field(
                usage=usage,
                report_id=report_id,
                start=start + slot * size,
                size=size,
                is_absolute=item.get("isAbsolute") is not False and not is_array,
                selected_by=_whole(item.get("logicalMinimum")) + number if is_array else None,
            )


def _reports(collections: Sequence[Any], direction: Direction) -> Sequence[_Report]:
    """Return every report once; nested collections may repeat what the outer one says."""
    found: dict[int, _Report] = {}
    for collection in _flat(collections):
        for given in _maps(collection.get(direction.value)):
            report = _Report(_whole(given.get("reportId")), _maps(given.get("items")))
            if report.bits <= _LONGEST_REPORT:
                found.setdefault(report.report_id, report)
    return tuple(found.values())


def _flat(collections: object) -> Iterator[Mapping[str, Any]]:
    """Walk collections from the outside to the inside."""
    waiting = _maps(collections)
    while waiting:
        yield from waiting
        waiting = [child for outer in waiting for child in _maps(outer.get("children"))]


def _maps(value: object) -> list[Mapping[str, Any]]:
    items = cast("list[object]", value) if isinstance(value, (list, tuple)) else []
    return [cast("Mapping[str, Any]", item) for item in items if isinstance(item, Mapping)]


def _usages(item: Mapping[str, Any]) -> Sequence[int]:
    if item.get("isRange") is True:
        return range(_whole(item.get("usageMinimum")), _whole(item.get("usageMaximum")) + 1)
    listed = item.get("usages")
    usages = cast("list[object]", listed) if isinstance(listed, list) else []
    return [_whole(usage) for usage in usages]


def _size(item: Mapping[str, Any]) -> int:
    return _whole(item.get("reportSize"))


def _count(item: Mapping[str, Any]) -> int:
    return _whole(item.get("reportCount"))


def _whole(value: object) -> int:
    """Read a size or an id; what is none counts as 0."""
    if isinstance(value, bool) or not isinstance(value, int):
        return 0
    return value if 0 <= value <= 0xFFFFFFFF else 0
