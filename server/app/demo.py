"""The demo: one org that does not exist, with its key, two agents and a phone book."""

from pathlib import Path

from connector_py.entities import Contact, ContactType
from server.api.demo_config import DEMO_STATUSES
from server.api.routes import SIMULATOR_PATH
from server.app.keys import KeyPair, generate_key_pair, key_pair_in
from server.entities import Agent, Clock, MappedStatus, Tenant, TenantSettings
from server.errors import ConflictError
from server.settings import Settings
from server.store import Store, Transaction

DEMO_ORGANIZATION = "00D000000000001AAA"
DEMO_CALL_CENTER = "DemoContactCenter"
DEMO_AGENTS = (
    ("005000000000001AAA", "ada@demo.example", "Ada Agent"),
    ("005000000000002AAA", "ben@demo.example", "Ben Agent"),
)

_FIRST_NAMES = (
    "Alice", "Bruno", "Chandra", "Daria", "Emeka", "Fatima", "Goran", "Hana", "Ivan", "Jun",
    "Katya", "Liam",
)  # fmt: skip
_LAST_NAMES = ("Andersen", "Baptiste", "Costa", "Dvorak", "Eriksen")
_SETTINGS = TenantSettings(
    labels=("c.cannotMuteLabel", "c.cannotTransferLabel"),
    queue_wait_seconds={"queue-support": 90, "queue-sales": 240},
)
"""Something to try custom labels and waiting times with."""
_QUEUES = (("queue-support", "Support", "+12025550190"), ("queue-sales", "Sales", "+12025550191"))


def demo_key_pair(data_dir: Path, clock: Clock) -> KeyPair:
    """Return the demo tenant's key and certificate; made the first time, renewed never.

    Raises:
        ConflictError: Only one of the two files exists.
        OSError: They cannot be written.
    """
    folder = data_dir / "demo-org"
    pair = key_pair_in(folder)
    found = [file.exists() for file in (pair.key_file, pair.certificate_file)]
    if all(found):
        return pair
    if any(found):
        raise ConflictError(f"{folder} holds half a key pair; delete the folder.")
    return generate_key_pair(folder, common_name="Demo org", clock=clock)


def demo_tenant(settings: Settings, pair: KeyPair) -> Tenant:
    """Return the demo's org; its telephony API is the simulator in this process."""
    host = settings.host if settings.listens_on_loopback else "127.0.0.1"
    host = f"[{host}]" if ":" in host else host
    return Tenant(
        tenant_id=DEMO_ORGANIZATION,
        name="Demo contact center",
        call_center_api_name=DEMO_CALL_CENTER,
        scrt_base_url=f"http://{host}:{settings.port}{SIMULATOR_PATH}",
        private_key_file=str(pair.key_file.absolute()),
        telephony_provider_name="DemoTelephony",
    )


async def seed_demo(store: Store, tenant: Tenant) -> None:
    """Write the org, its agents and its phone book; what exists stays as it is."""

    def seed(transaction: Transaction) -> None:
        transaction.save_tenant(tenant)
        for agent_id, user_name, full_name in DEMO_AGENTS:
            transaction.ensure_agent(
                Agent(
                    tenant_id=tenant.tenant_id,
                    agent_id=agent_id,
                    user_name=user_name,
                    full_name=full_name,
                )
            )
        transaction.save_contacts(tenant.tenant_id, demo_contacts())
        _save_statuses(transaction, tenant.tenant_id)
        if transaction.tenant_settings(tenant.tenant_id) == TenantSettings():
            transaction.save_tenant_settings(tenant.tenant_id, _SETTINGS)

    await store.run(seed)


def _save_statuses(transaction: Transaction, tenant_id: str) -> None:
    """Write the presence statuses that Salesforce would name with the first connector."""
    known = {status.status_id for status in transaction.presence_statuses(tenant_id)}
    for status in DEMO_STATUSES:
        if status.status_id not in known:
            transaction.save_presence_status(
                tenant_id,
                MappedStatus(
                    status_id=status.status_id,
                    status_name=status.status_name,
                    has_channels=status.has_channels,
                    is_offline=status.is_offline,
                    telephony_status=status.status_name.casefold(),
                ),
            )


def demo_contacts() -> list[Contact]:
    """Return the phone book: enough for more than one page, all numbers of the fictional range."""
    people = [f"{first} {last}" for last in _LAST_NAMES for first in _FIRST_NAMES]
    contacts = [
        Contact(
            id=f"contact-{index:03}",
            type=ContactType.PHONEBOOK,
            name=name,
            phone_number=f"+1202555{100 + index:04}",
        )
        for index, name in enumerate(people)
    ]
    queues = [
        Contact(id=contact_id, type=ContactType.QUEUE, name=name, phone_number=number)
        for contact_id, name, number in _QUEUES
    ]
    return [*contacts, *queues]
