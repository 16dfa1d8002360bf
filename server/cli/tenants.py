"""`scv tenant`: the orgs that the server works for."""

from server.cli.administer import administer
from server.cli.options import ConfigFile, DataDir


def list_tenants(*, data_dir: DataDir = None, config_file: ConfigFile = None) -> None:
    """List the orgs: id, name and address of the telephony API."""
    tenants = administer("tenant list", {}, data_dir=data_dir, config_file=config_file)
    for tenant in tenants:
        print(f"{tenant['organizationId']}  {tenant['name']}  {tenant['scrt']}")
    if not tenants:
        print("No tenant. Name them as [[tenants]] in the file of SCV_CONFIG_FILE.")
