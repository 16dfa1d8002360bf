"""A simulated org for the tests: its key pair, its server on a free port, a client of it."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette
from starlette.routing import Mount

from server.entities import Tenant
from server.salesforce import CreateVoiceCallRequest, EndUser, InitiationMethod
from server.salesforce_simulator import SimulatedOrganization, Simulator, create_simulator
from tests.support.patience import PATIENCE

ORGANIZATION_ID = "00DHs00000KmpyrMAB"
CALL_CENTER = "demoCenter"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class ManualClock:
    """Time that moves only when told; sleeping moves it at once."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(max(0.0, seconds))
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class RealClock:
    """The time of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class CountingIds:
    """Ids that count up: "id1", "id2", ..."""

    def __init__(self, prefix: str = "id") -> None:
        self._ids = (f"{prefix}{number}" for number in itertools.count(1))

    def new_id(self) -> str:
        return next(self._ids)

    def token(self) -> str:
        return next(self._ids)


@dataclass(frozen=True)
class KeyPair:
    """A private key and its certificate, both also as PEM text."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    @property
    def certificate_pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()


@cache
def key_pair(name: str = "first") -> KeyPair:
    """Return a key pair that is valid for ten years around NOON; one for each name."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOON - timedelta(days=1825))
        .not_valid_after(NOON + timedelta(days=1825))
        .sign(key, hashes.SHA256())
    )
    return KeyPair(key, certificate)


def simulated_organization(**changes: Any) -> SimulatedOrganization:
    """Return the org of the tests."""
    values: dict[str, Any] = {
        "organization_id": ORGANIZATION_ID,
        "call_center_api_name": CALL_CENTER,
        "certificate": key_pair().certificate_pem,
    }
    return SimulatedOrganization(**{**values, **changes})


def tenant(folder: Path, base_url: str, **changes: Any) -> Tenant:
    """Return the org as our server knows it; its key file is written to the folder."""
    key_file = folder / "tenant-key.txt"
    key_file.write_bytes(key_pair().key_pem)
    values: dict[str, Any] = {
        "tenant_id": ORGANIZATION_ID,
        "name": "Demo",
        "call_center_api_name": CALL_CENTER,
        "scrt_base_url": base_url,
        "private_key_file": str(key_file),
        "telephony_provider_name": "Demo_Telephony",
    }
    return Tenant(**{**values, **changes})


def create_request(key: str = "call1", **changes: Any) -> CreateVoiceCallRequest:
    """Return the request of an inbound call."""
    values: dict[str, Any] = {
        "vendor_call_key": key,
        "to_number": "+18005550100",
        "from_number": "+14155550123",
        "initiation_method": InitiationMethod.INBOUND,
        "start_time": NOON,
        "participants": (EndUser(participant_key="customer1"),),
    }
    return CreateVoiceCallRequest(**{**values, **changes})


@dataclass(frozen=True)
class RunningSimulator:
    """A simulator that listens; `base_url` is the tenant's SCRT base URL."""

    base_url: str
    simulator: Simulator
    server: uvicorn.Server


@asynccontextmanager
async def running_simulator(database: Path, **changes: Any) -> AsyncIterator[RunningSimulator]:
    """Run the simulator below a path, as the demo does, on a free port of this machine."""
    values: dict[str, Any] = {
        "database": database,
        "organizations": [simulated_organization()],
        "clock": RealClock(),
        "ids": CountingIds("record"),
    }
    app = create_simulator(**{**values, **changes})
    outer = Starlette(routes=[Mount("/salesforce-simulator", app)])
    async with serve(outer) as (port, server):
        try:
            yield RunningSimulator(
                base_url=f"http://127.0.0.1:{port}/salesforce-simulator",
                simulator=app.state.simulator,
                server=server,
            )
        finally:
            app.state.simulator.close()


async def until(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait for something to become true."""
    for _ in range(int(seconds / 0.005)):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it did not become true in time")


@asynccontextmanager
async def serve(app: Any) -> AsyncIterator[tuple[int, uvicorn.Server]]:
    """Serve an ASGI application on a free port; gives the port."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, lifespan="off", ws="none", log_config=None, access_log=False
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    await until(lambda: server.started or task.done(), seconds=10)
    if task.done():
        await task
    try:
        yield server.servers[0].sockets[0].getsockname()[1], server
    finally:
        server.should_exit = True
        await task
