"""The setting `pbx` names the adapter of a switch."""

import pytest

from docs.examples.example_adapter import ExamplePbx
from server.app.switches import make_pbx, pbx_factory
from server.settings import SettingsError

HERE = __name__


def make_half_a_switch() -> object:
    class Half:
        def listen(self) -> None: ...

    return Half()


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("no_such_package.adapter:make_pbx", "cannot be imported: No module named"),
        (f"{HERE}:no_such_name", "expected a class or a function"),
        (f"{HERE}:HERE", "expected a class or a function"),
    ],
)
def test_a_name_that_leads_nowhere_is_said(setting: str, expected: str) -> None:
    with pytest.raises(SettingsError) as refused:
        pbx_factory(setting)
    assert str(refused.value).startswith(f"SCV_PBX={setting}: ")
    assert expected in str(refused.value)


def test_what_is_no_switch_is_said() -> None:
    with pytest.raises(SettingsError, match=r"lacks start, stop, active_calls, .*take_message"):
        make_pbx(f"{HERE}:make_half_a_switch")


def test_an_adapter_is_made() -> None:
    assert isinstance(make_pbx("tests.support.example_switch:make_pbx"), ExamplePbx)
