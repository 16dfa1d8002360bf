"""What an org, or a call, does not allow: refused before anything changes.

Capabilities are the org's (`TenantSettings`), the `…Enabled` flags a call's (`CallInfo`, guide
chapters 10, 14 and 15). Flags disable controls of the softphone: at the desk phone they do not
count.
"""

from typing import Any

from connector_py.entities import LinkError, RefusalCode
from server.contact_center import capability_checks, control_checks, supervisor_checks
from server.contact_center.permission_facts import Check, Facts
from server.contact_center.requests import Request
from server.contact_center.simulated_errors import simulated_error
from server.store import Transaction

_CHECKS: tuple[Check, ...] = (
    *capability_checks.CHECKS,
    supervisor_checks.check_supervisor,
    *control_checks.CHECKS,
)


def refusal_of(tx: Transaction, request: Request[Any]) -> LinkError | None:
    """Return why a command must not be done, or None.

    Whether it fits the call's state is for its handler to see.
    """
    tenant_id, command = request.agent.tenant_id, request.command
    settings = tx.tenant_settings(tenant_id)
    error = simulated_error(settings, command)
    if error is not None:
        return error
    call_id = getattr(command, "call_id", None)
    record = tx.call(tenant_id, call_id) if isinstance(call_id, str) else None
    active = None if record is None or record.is_over else record
    facts = Facts(request, settings, tx.agent(request.agent), active)
    for check in _CHECKS:
        reason = check(facts)
        if reason is not None:
            return LinkError(code=RefusalCode.NOT_SUPPORTED, message=reason)
    return None
