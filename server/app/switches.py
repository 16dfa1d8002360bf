"""Which switch the server works with: the simulated one, or that of a vendor's adapter."""

from collections.abc import Callable
from importlib import import_module
from typing import cast

from server.pbx import Pbx
from server.settings import SettingsError

_COMMANDS = tuple(name for name in vars(Pbx) if not name.startswith("_"))


def pbx_factory(setting: str) -> Callable[[], object]:
    """Return what makes the adapter that the setting `pbx` names.

    Args:
        setting: `module:factory`.

    Raises:
        SettingsError: There is no such module, or nothing in it that can be called.
    """
    module_name, _, name = setting.partition(":")
    try:
        module = import_module(module_name)
    except ImportError as error:
        raise SettingsError(f"SCV_PBX={setting}: it cannot be imported: {error}") from error
    factory = getattr(module, name, None)
    if not callable(factory):
        raise SettingsError(
            f"SCV_PBX={setting}: expected a class or a function without arguments in {module_name}"
        )
    return cast("Callable[[], object]", factory)


def make_pbx(setting: str) -> Pbx:
    """Make the adapter that the setting `pbx` names.

    Args:
        setting: `module:factory`.

    Raises:
        SettingsError: What it makes is no adapter.
    """
    made = pbx_factory(setting)()
    lacking = [name for name in _COMMANDS if not callable(getattr(made, name, None))]
    if lacking:
        raise SettingsError(f"SCV_PBX={setting}: what it makes lacks {', '.join(lacking)}")
    return cast("Pbx", made)
