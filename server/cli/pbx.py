"""`scv pbx`: what the simulated switch does while no server runs."""

import asyncio
from typing import Annotated

from cyclopts import Parameter

from server.cli.failures import RefusedError
from server.cli.options import DataDir


def hang_up(
    call_id: Annotated[str, Parameter(help="The call's id.")], *, data_dir: DataDir = None
) -> None:
    """End a call in the simulated switch, as a customer who hangs up.

    The server must not run; it learns of it when it starts again.
    """
    from server.app.clock import SystemIds
    from server.logs import configure_logs
    from server.settings import load_settings
    from server.store import open_store

    settings = load_settings(demo=False, data_dir=data_dir)
    configure_logs("error")

    async def forget() -> bool:
        store = await open_store(settings.store_url, ids=SystemIds())
        try:
            return await store.switch_memory.forget(call_id)
        finally:
            await store.close()

    if not asyncio.run(forget()):
        raise RefusedError(f"the switch has no call {call_id}")
    print(f"call {call_id} is over")
