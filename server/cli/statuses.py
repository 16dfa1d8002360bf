"""`scv status`: what the telephony system calls an org's presence statuses."""

from typing import Annotated

from cyclopts import Parameter

from server.cli.administer import administer
from server.cli.options import ConfigFile, DataDir, Tenant


def list_statuses(
    *, tenant: Tenant, data_dir: DataDir = None, config_file: ConfigFile = None
) -> None:
    """List an org's presence statuses: id, name, routing, and name in the telephony system.

    Salesforce names them when a connector starts.
    """
    found = administer(
        "status list", {"tenant": tenant}, data_dir=data_dir, config_file=config_file
    )
    for status in found:
        kind = "calls" if status["hasChannels"] else "no calls"
        kind = "offline" if status["isOffline"] else kind
        print(f"{status['statusId']}  {status['statusName']}  {kind}  {status['telephonyStatus']}")
    if not found:
        print("No status yet. Salesforce names them when an agent opens the connector.")


def set_status(
    *,
    tenant: Tenant,
    status: Annotated[str, Parameter(help="The presence status's id.")],
    telephony_status: Annotated[str, Parameter(help="Its name in the telephony system.")],
    data_dir: DataDir = None,
    config_file: ConfigFile = None,
) -> None:
    """Change what the telephony system calls a presence status; connectors never undo it."""
    arguments = {"tenant": tenant, "status": status, "telephony_status": telephony_status}
    named = administer("status set", arguments, data_dir=data_dir, config_file=config_file)
    print(f"{named['statusId']} is {named['telephonyStatus']}.")
