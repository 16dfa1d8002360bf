"""`scv agent`: agents and their sign-in."""

import sys
from typing import Annotated

from cyclopts import Parameter

from server.cli.administer import administer
from server.cli.options import ConfigFile, DataDir, Tenant, User


def add(
    *,
    tenant: Tenant,
    user: User,
    full_name: Annotated[str, Parameter(help="The agent's name, as colleagues see it.")],
    agent_id: Annotated[str | None, Parameter(help="The Salesforce user id, when known.")] = None,
    data_dir: DataDir = None,
    config_file: ConfigFile = None,
) -> None:
    """Add an agent, or change the name of one."""
    arguments = {"tenant": tenant, "user": user, "full_name": full_name}
    if agent_id:
        arguments["agent_id"] = agent_id
    added = administer("agent add", arguments, data_dir=data_dir, config_file=config_file)
    print(f"{added['userName']} is agent {added['agentId']}.")


def sign_in_code(
    *,
    tenant: Tenant,
    user: User,
    data_dir: DataDir = None,
    config_file: ConfigFile = None,
) -> None:
    """Make a code with which an agent signs in once, within ten minutes.

    An agent who is not known yet is added; 'scv agent add' can give the full name later.
    """
    arguments = {"tenant": tenant, "user": user}
    made = administer("agent sign-in-code", arguments, data_dir=data_dir, config_file=config_file)
    if made["isNew"]:
        print(f"{user} is a new agent.", file=sys.stderr)
    print(made["code"])
