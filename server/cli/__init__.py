"""The command `scv`. What a command needs is imported when it runs, so that help is quick."""

import os
import sys

from cyclopts import App

from server.api.version import product_version
from server.cli import agents, contacts, demo, keys, pbx, serve, settings, statuses, tenants
from server.cli.failures import told_failures

USAGE_ERROR = 2


def make_app() -> App:
    """Return the command line."""
    app = App(
        name="scv",
        help="Connects a telephony system to Salesforce Service Cloud Voice.",
        version=product_version,
        exit_on_error=False,
        print_error=True,
    )
    app.command(demo.demo)
    app.command(serve.serve)
    keys_app = App(name="keys", help="The key pair of an org.")
    keys_app.command(keys.generate)
    agents_app = App(name="agent", help="Agents: who they are and how they sign in.")
    agents_app.command(agents.add)
    agents_app.command(agents.sign_in_code)
    contacts_app = App(name="contacts", help="The phone book of an org.")
    contacts_app.command(contacts.import_contacts, name="import")
    settings_app = App(name="settings", help="What an org chooses for all its agents.")
    settings_app.command(settings.show)
    settings_app.command(settings.set_settings, name="set")
    statuses_app = App(name="status", help="Presence statuses, by their telephony names.")
    statuses_app.command(statuses.list_statuses, name="list")
    statuses_app.command(statuses.set_status, name="set")
    tenants_app = App(name="tenant", help="Salesforce orgs that this server works for.")
    tenants_app.command(tenants.list_tenants, name="list")
    pbx_app = App(name="pbx", help="The simulated switch, while no server runs.")
    pbx_app.command(pbx.hang_up)
    groups = (keys_app, agents_app, contacts_app, settings_app, statuses_app, tenants_app, pbx_app)
    for group in groups:
        app.command(group)
    return app


def main() -> None:
    """Run the command of this process and end it with 0, 1 (failed) or 2 (wrong usage).

    What it writes is for this user only: databases hold numbers and names, keys are secrets.
    """
    os.umask(0o077)
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run a command and return its exit code.

    Args:
        arguments: What follows `scv`.
    """
    from cyclopts import CycloptsError

    try:
        with told_failures() as failures:
            make_app()(arguments, result_action="return_value")
    except CycloptsError:
        return USAGE_ERROR
    return failures.exit_code
