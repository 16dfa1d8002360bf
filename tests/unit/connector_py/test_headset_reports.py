"""Reports of headsets: what they mean, and what lights which lamp."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_py.api.headset_reports import (
    ConnectedHeadset,
    InputReader,
    lamps_of,
    reader_of,
)
from connector_py.entities.headsets import HEADSET_MODELS, HeadsetLamp, HeadsetSignal
from tests.support.headsets import (
    collection,
    generic_collections,
    generic_headset,
    item,
    jabra,
    plantronics,
)

HOOK, MUTE, DROP = 0x0B0020, 0x0B002F, 0x0B0026


def reader(headset: ConnectedHeadset) -> InputReader:
    found = reader_of(headset)
    assert found is not None
    return found


def heard(headset: ConnectedHeadset, *reports: int, report_id: int = 8) -> list[str]:
    reads = reader(headset)
    return [signal for one in reports for signal in reads.read(report_id, bytes([one]))]


# ---------------------------------------------------------------------------- known models


@pytest.mark.parametrize(
    ("reports", "signals"),
    [
        ([1, 0], ["mute_toggle"]),
        ([3, 2], ["mute_toggle"]),
        ([2], ["off_hook"]),
        ([0], ["on_hook"]),
        ([2, 3, 2, 0], ["off_hook", "mute_toggle", "on_hook"]),
        ([1], []),
        ([1, 3, 2], ["mute_toggle"]),
        ([1, 2], ["off_hook"]),
        ([7, 2], ["off_hook"]),
    ],
)
def test_the_plantronics(reports: list[int], signals: list[str]) -> None:
    assert heard(plantronics(), *reports) == signals


@pytest.mark.parametrize(
    ("reports", "signals"),
    [
        ([1, 0, 1, 0], ["hook"]),
        ([1, 0], []),
        ([1, 1, 0, 1, 0], ["hook"]),
        ([0, 0, 1, 0, 1, 0], ["hook"]),
        ([1, 0, 1, 0, 1, 0, 1, 0], ["hook", "hook"]),
        ([1, 0, 2, 1, 0], []),
    ],
)
def test_the_jabra(reports: list[int], signals: list[str]) -> None:
    assert heard(jabra(), *reports) == signals


def test_models_are_known_by_vendor_and_name_in_any_case() -> None:
    assert [(model.vendor_id, model.product_name) for model in HEADSET_MODELS] == [
        (0x047F, "Plantronics Blackwire 5220 Series"),
        (0x0B0E, "Jabra EVOLVE LINK MS"),
    ]
    shouting = ConnectedHeadset(
        vendor_id=0x0B0E, product_id=1, product_name="JABRA EVOLVE link MS "
    )
    assert heard(shouting, 1, 0, 1, 0) == ["hook"]
    other = ConnectedHeadset(vendor_id=0x047F, product_id=1, product_name="Jabra EVOLVE LINK MS")
    assert reader_of(other) is None


def test_other_reports_of_a_known_model_are_not_its_buttons() -> None:
    assert heard(plantronics(), 2, report_id=1) == []
    assert reader(plantronics()).read(8, b"") == ()


# --------------------------------------------------------------------------- any headset


def test_a_headset_without_telephony_has_no_reader() -> None:
    assert reader_of(generic_headset([])) is None
    assert reader_of(generic_headset(generic_collections()[:1])) is None


@pytest.mark.parametrize(
    ("reports", "signals"),
    [
        ([0b001, 0b000], ["off_hook", "on_hook"]),
        ([0b001, 0b001], ["off_hook"]),
        ([0b010, 0b000, 0b010, 0b000], ["mute_toggle", "mute_toggle"]),
        ([0b100, 0b000], ["drop"]),
        ([0b011, 0b001], ["off_hook", "mute_toggle"]),
        ([0b1111_1000], []),
    ],
)
def test_a_usual_headset(reports: list[int], signals: list[str]) -> None:
    assert heard(generic_headset(), *reports) == signals


def test_reports_with_another_id_are_not_looked_at() -> None:
    assert heard(generic_headset(), 0xFF, report_id=1) == []


def test_a_hook_that_is_an_event_and_a_mute_that_is_a_switch() -> None:
    layout = [collection({8: [item(MUTE), item(HOOK, isAbsolute=False)]})]
    assert heard(generic_headset(layout), 0b10, 0, 0b10, 0) == ["hook", "hook"]
    assert heard(generic_headset(layout), 1, 0) == ["muted", "unmuted"]


def test_bits_are_found_behind_padding_and_wide_items() -> None:
    items = [item(0x0B0050, size=4), item(count=3), item(DROP), item(HOOK, size=2), item(MUTE)]
    reads = reader(generic_headset([collection({3: items})]))
    assert reads.read(3, bytes([0b1000_0000, 0b000])) == (HeadsetSignal.DROP,)
    assert reads.read(3, bytes([0b0000_1111, 0b010])) == (HeadsetSignal.OFF_HOOK,)
    assert reads.read(3, bytes([0, 0b110])) == (HeadsetSignal.MUTED,)


def test_usages_in_a_range() -> None:
    items = [item(isConstant=False, isRange=True, usageMinimum=0x0B0020, usageMaximum=0x0B0026)]
    items[0]["reportCount"] = 7
    reads = reader(generic_headset([collection({8: items})]))
    assert reads.read(8, bytes([0b100_0000])) == (HeadsetSignal.DROP,)
    assert reads.read(8, bytes([0b000_0001])) == (HeadsetSignal.OFF_HOOK,)


def test_usages_that_an_array_names() -> None:
    keys = item(0x0B00B0, HOOK, MUTE, size=4, count=2, isArray=True, logicalMinimum=1)
    reads = reader(generic_headset([collection({8: [keys]})]))
    assert reads.read(8, bytes([0x02])) == (HeadsetSignal.HOOK,)
    assert reads.read(8, bytes([0x00])) == ()
    assert reads.read(8, bytes([0x30])) == (HeadsetSignal.MUTE_TOGGLE,)
    assert reads.read(8, bytes([0x11])) == ()


def test_nested_collections_count_once() -> None:
    inner = collection({8: [item(HOOK)]})
    outer = collection({8: [item(count=1), item(HOOK)]}, children=[inner])
    assert heard(generic_headset([outer]), 0b01) == []
    assert heard(generic_headset([outer]), 0b10) == ["off_hook"]
    only_inside = collection({}, children=[collection({}, children=[inner])])
    assert heard(generic_headset([only_inside]), 1) == ["off_hook"]


# -------------------------------------------------------------------------------- lamps


@pytest.mark.parametrize(
    ("on", "data"),
    [
        (set(), "0000"),
        ({HeadsetLamp.OFF_HOOK}, "0100"),
        ({HeadsetLamp.MUTE}, "0200"),
        ({HeadsetLamp.RING}, "0400"),
        ({HeadsetLamp.OFF_HOOK, HeadsetLamp.MUTE}, "0300"),
    ],
)
def test_lamps_of_one_report(on: set[HeadsetLamp], data: str) -> None:
    assert {
        id_: bytes_.hex() for id_, bytes_ in lamps_of(generic_headset()).reports(on).items()
    } == {9: data}


def test_lamps_in_several_reports_and_a_ringer() -> None:
    outputs: dict[int, list[dict[str, Any]]] = {
        2: [item(count=8), item(0x080017)],
        3: [item(0x0B009E), item(count=7)],
    }
    lamps = lamps_of(generic_headset([collection({}, outputs)]))
    assert lamps.has_off_hook
    assert lamps.reports({HeadsetLamp.RING}) == {2: b"\0\0", 3: b"\1"}
    assert lamps.reports({HeadsetLamp.OFF_HOOK, HeadsetLamp.MUTE}) == {2: b"\0\1", 3: b"\0"}


def test_a_headset_without_lamps_gets_no_reports() -> None:
    lamps = lamps_of(jabra())
    assert not lamps.has_off_hook
    assert lamps.reports(set(HeadsetLamp)) == {}


def test_the_jabra_is_not_told_its_hook() -> None:
    outputs = {9: [item(0x080017, 0x080009, 0x080018), item(count=5)]}
    headset = ConnectedHeadset(
        vendor_id=0x0B0E,
        product_id=0x0305,
        product_name="Jabra EVOLVE LINK MS",
        collections=[collection({}, outputs)],
    )
    assert not lamps_of(headset).has_off_hook
    assert lamps_of(headset).reports(set(HeadsetLamp)) == {9: b"\x06"}


# ------------------------------------------------------------------------------ nonsense

_KEYS = (
    "inputReports",
    "outputReports",
    "children",
    "items",
    "usages",
    "reportSize",
    "reportCount",
    "reportId",
    "isArray",
    "isRange",
    "usageMaximum",
    "logicalMinimum",
)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(_KEYS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.lists(junk, max_size=3), st.binary(max_size=8))
def test_odd_layouts_break_nothing(collections: list[Any], data: bytes) -> None:
    headset = generic_headset(collections)
    found = reader_of(headset)
    if found is not None:
        found.read(0, data)
    lamps_of(headset).reports(set(HeadsetLamp))


@given(st.lists(st.binary(max_size=3), max_size=30))
def test_odd_reports_break_nothing(reports: list[bytes]) -> None:
    for headset in (plantronics(), jabra(), generic_headset()):
        reads = reader(headset)
        for report in reports:
            reads.read(8, report)


def test_a_layout_that_is_too_large_is_not_believed() -> None:
    huge = [collection({8: [item(HOOK, size=1, count=10**9)]}, {9: [item(0x080017, count=10**9)]})]
    assert reader_of(generic_headset(huge)) is None
    assert lamps_of(generic_headset(huge)).reports({HeadsetLamp.OFF_HOOK}) == {}
