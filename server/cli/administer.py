"""Runs a command of the administration, in the running server or on its database."""

import asyncio
from pathlib import Path
from typing import Any


def administer(
    command: str,
    arguments: dict[str, str],
    *,
    data_dir: Path | None,
    config_file: Path | None = None,
) -> Any:  # noqa: ANN401 - JSON
    """Run it and return its result.

    Raises:
        SettingsError: The settings are wrong.
        ServerError: It cannot be done.
    """
    from server.app.clock import SystemClock, SystemIds
    from server.app.control import administer as run
    from server.logs import configure_logs
    from server.settings import load_settings

    settings = load_settings(demo=False, data_dir=data_dir, config_file=config_file)
    configure_logs("error")
    return asyncio.run(run(settings, command, arguments, clock=SystemClock(), ids=SystemIds()))
